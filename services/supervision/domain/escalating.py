"""How is slow work taken up: reported, interviewed over, dealt with, closed (AS-75…78)?"""

from collections.abc import Sequence
from typing import Any

from contracts.event import Event, Personal
from contracts.pack.rules import Ladder, Rung
from contracts.supervision import (
    InterviewHeld,
    IssueOpened,
    IssueRaised,
    ReportedUp,
    RungClosed,
    RungWaived,
    SanctionRecorded,
)
from services.supervision.domain.commands.ladder import (
    CloseRung,
    HoldInterview,
    RecordSanction,
    ReportUp,
)
from services.supervision.domain.coordination import Climb
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import (
    RAISING,
    Subject,
    climbed,
    climbing,
    ladder_for,
    leaning,
    may_climb,
    no_such_rung,
    offered,
    path_of,
)
from services.supervision.domain.state import Issue, Matter
from shared.decider import Refused

OVER = frozenset({"decided", "collected", "delivered", "closed", "not_accepted", "withdrawn"})
"""States in which nobody is slow any more."""


def report_up(command: ReportUp, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Upward, with the cause; where the rung is a list of problems, the item becomes one."""
    course = course_of(matter, command.item)
    if course.state in OVER:
        raise Refused("nothing_to_report", item=command.item, state=course.state)
    ladder = ladder_for(facts.pack, "slow_item")
    subject = slow(course, matter)
    rung = next_rung(ladder, RAISING, subject, command)
    if rung.every is None and climbed(rung, ladder, subject.climbs):
        return []
    waived = climbing(ladder, rung, subject, command, facts)
    listed = facts.new if rung.via is not None else None
    reported = ReportedUp(
        item=command.item,
        to=rung.to[0],
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
        reported_on=facts.on,
        issue=listed,
        defaults=leaning(ladder, rung, facts),
        reason=command.reason,
        evidence=command.evidence,
        report=command.report,
    )
    on_list = _listed(command, course, rung, ladder, facts) if listed else ()
    return [*waived, reported, *on_list]


def hold_interview(command: HoldInterview, matter: Matter, facts: Facts) -> Sequence[Event]:
    """On record; it counts once the head has closed it, at once when he records it himself."""
    subject, ladder = about(command, matter, facts)
    rung = next_rung(ladder, ("interview",), subject, command)
    if _open(rung, ladder, subject):
        return []
    waived = against(ladder, rung, subject, command, facts)
    held = InterviewHeld(
        act=facts.new,
        item=command.item,
        issue=command.issue,
        person=command.person,
        body=command.body,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
        held_on=facts.on,
        defaults=leaning(ladder, rung, facts),
        reason=command.reason,
        account=command.account,
        record=command.record,
    )
    return [*waived, held, *_closed_by_the_head(held, rung, facts)]


def record_sanction(command: RecordSanction, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A measure, with its reason and evidence; it counts once the head has closed it."""
    subject, ladder = about(command, matter, facts)
    acts = ("discipline", "notice_of_criticism")
    rung = next_rung(ladder, acts, subject, command)
    if command.person is None and command.body is None:
        raise Refused(
            "whom",
            remedy="请写明处理对象（人员或单位） / say whom it concerns: a person or a body",
        )
    if _open(rung, ladder, subject):
        return []
    waived = against(ladder, rung, subject, command, facts)
    recorded = SanctionRecorded(
        act=facts.new,
        kind=command.kind,
        item=command.item,
        issue=command.issue,
        person=command.person,
        body=command.body,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
        decided_on=facts.on,
        defaults=leaning(ladder, rung, facts),
        reason=command.reason,
        evidence=command.evidence,
        record=command.record,
    )
    return [*waived, recorded, *_closed_by_the_head(recorded, rung, facts)]


def close_rung(command: CloseRung, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Only who the rung names: the head, never who recorded it for him (AS-77)."""
    climb = next((c for c in matter.beyond.climbs if c.act == command.act), None)
    if climb is None:
        raise Refused("act_unknown", act=str(command.act))
    if climb.closed:
        return []
    ladder, rung = _rung_of(climb, facts)
    _require_head(ladder, rung, facts)
    item, issue = (climb.about, None) if climb.about in matter.items else (None, climb.about)
    return [
        RungClosed.model_validate(
            {
                "act": command.act,
                "item": item,
                "issue": issue,
                "closed_on": facts.on,
                "conclusion": command.conclusion,
            }
        )
    ]


# -- what they share --------------------------------------------------------------------------


def slow(course: Course, matter: Matter) -> Subject:
    """An item on the ladder for slow work. What was climbed before it last moved is over."""
    climbs = [c for c in matter.beyond.climbs_of(course.item) if c.effect_on is None]
    return Subject(course.item, course.item, None, tuple(climbs), course.moved_on)


def problem(id: Any, issue: Issue, matter: Matter, severity: str | None = None) -> Subject:
    """A problem on its ladder."""
    climbs = matter.beyond.climbs_of(str(id))
    return Subject(str(id), None, id, climbs, issue.opened_on, severity or issue.severity)


def about(command: Any, matter: Matter, facts: Facts) -> tuple[Subject, Ladder]:
    """What a rung is climbed about: an item or a problem, exactly one of them."""
    if (command.item is None) == (command.issue is None):
        raise Refused(
            "item_or_issue", remedy="请写明事项或问题之一 / name either an item or an issue"
        )
    if command.item is not None:
        course = course_of(matter, command.item)
        return slow(course, matter), ladder_for(facts.pack, "slow_item")
    issue = open_issue_of(matter, command.issue)
    subject = problem(command.issue, issue, matter)
    return subject, ladder_for(facts.pack, "problem", issue.severity)


def open_issue_of(matter: Matter, id: Any) -> Issue:
    """The problem; refused when nobody opened it or it is settled."""
    issue = matter.issues.get(id)
    if issue is None:
        raise Refused("issue_unknown", issue=str(id))
    if issue.outcome is not None:
        raise Refused("issue_settled", issue=str(id), outcome=issue.outcome)
    return issue


def next_rung(ladder: Ladder, acts: Any, subject: Subject, command: Any) -> Rung:
    """The rung asked for, else the lowest that does it, fits the signal and was not climbed."""
    found = offered(ladder, acts, subject, command.rung_id)
    if not found:
        raise no_such_rung(ladder)
    signal = command.signal
    fresh = [rung for rung in found if not climbed(rung, ladder, subject.climbs)]
    fitting = [r for r in fresh or found if signal is None or signal in r.fires]
    return next(iter([*fitting, *fresh, *found]))


def against(
    ladder: Ladder, rung: Rung, subject: Subject, command: Any, facts: Facts
) -> list[RungWaived]:
    """Who keeps the books may record it, but a person of the service it must be."""
    if facts.roles & {"office", "supervisor"} and not may_climb(rung, facts):
        canonical = {role.id: role.canonical for role in facts.pack.roles}
        posts = frozenset(canonical.get(by, by) for by in rung.by)
        return climbing(ladder, rung, subject, command, facts.standing_in(posts))
    return climbing(ladder, rung, subject, command, facts)


def _closed_by_the_head(
    held: InterviewHeld | SanctionRecorded, rung: Rung, facts: Facts
) -> list[RungClosed]:
    if not may_climb(rung, facts):
        return []
    return [RungClosed(act=held.act, item=held.item, issue=held.issue, closed_on=facts.on)]


def _open(rung: Rung, ladder: Ladder, subject: Subject) -> bool:
    """Whether it was done and may not be repeated, or still waits for the head."""
    times = climbed(rung, ladder, subject.climbs)
    return bool(times) and (rung.every is None or not times[-1].closed)


def _require_head(ladder: Ladder, rung: Rung, facts: Facts) -> None:
    if not may_climb(rung, facts):
        raise Refused(
            "only_the_head_closes_it",
            by=list(rung.by),
            rule=f"{path_of(ladder, rung)}.by",
            remedy=(
                "本级须由方案所列负责人本人确认办结 / "
                "the person whom the rules name for this rung closes it"
            ),
        )


def _rung_of(climb: Climb, facts: Facts) -> tuple[Ladder, Rung]:
    for ladder in facts.pack.ladders:
        for rung in ladder.rungs:
            if f"ladders.{ladder.id}" == climb.ladder and rung.id == climb.rung_id:
                return ladder, rung
    raise Refused("no_such_rung", rule=climb.ladder)


def _listed(
    command: ReportUp, course: Course, rung: Rung, ladder: Ladder, facts: Facts
) -> list[Event]:
    """The slow item goes on the list of problems, as one that was raised (via)."""
    owner = facts.team.body_for(course.item) or course.served_by or course.body or "agent"
    name = facts.item(course.item).zh
    opened = IssueOpened(
        issue=facts.new,
        kind="approval",
        severity="complex",
        opened_on=facts.on,
        items=(course.item,),
        owner=owner,
        defaults=leaning(ladder, rung, facts),
        description=command.reason or Personal(f"{name}：催办后仍无进展，列入问题清单。"),
    )
    at, on = _same_list(ladder, rung, facts)
    raised = IssueRaised(
        issue=facts.new,
        severity="complex",
        to=on.to[0],
        signal=command.signal,
        ladder=f"ladders.{at.id}",
        rung=on.rung,
        raised_on=facts.on,
        defaults=leaning(at, on, facts),
        rung_id=on.id,
    )
    return [opened, raised]


def _same_list(ladder: Ladder, rung: Rung, facts: Facts) -> tuple[Ladder, Rung]:
    """The rung of the ladder for problems that leads to the same list."""
    for other in facts.pack.ladders:
        for one in other.rungs:
            if other.concerns == "problem" and one.via == rung.via and one.do in RAISING:
                return other, one
    return ladder, rung
