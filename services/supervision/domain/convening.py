"""Who is called over a problem, who came, what was agreed, who does it (吹哨、会议、攻关; AS-80…84)?"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from contracts.event import Event
from contracts.pack.rules import Ladder, Meeting, Rung
from contracts.supervision import (
    ActionAssigned,
    ActionDone,
    AttendanceSigned,
    DepartmentReported,
    JointAttackBegun,
    MeetingCalled,
    MinutesIssued,
    RungWaived,
    WhistleBlown,
)
from services.supervision.domain.clocks import within
from services.supervision.domain.commands.meeting import (
    AssignAction,
    BeginJointAttack,
    BlowWhistle,
    CallMeeting,
    FinishAction,
    IssueMinutes,
    ReportToWhistle,
    SignIn,
)
from services.supervision.domain.coordination import Gathering
from services.supervision.domain.escalating import next_rung, open_issue_of, problem
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import (
    acting_for,
    climbed,
    climbing,
    ladder_for,
    leaning,
    path_of,
)
from services.supervision.domain.state import Matter
from shared.decider import Refused


def blow_whistle(command: BlowWhistle, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The departments named must report by the day; who does not is shown (AS-80)."""
    issue = open_issue_of(matter, command.issue)
    subject = problem(command.issue, issue, matter)
    ladder = ladder_for(facts.pack, "problem", issue.severity)
    rung = next_rung(ladder, ("whistle",), subject, command)
    if rung.every is None and climbed(rung, ladder, subject.climbs):
        return []
    waived = climbing(ladder, rung, subject, command, facts)
    to = command.to or rung.to
    strangers = [body for body in to if not _under(body, rung.to, facts)]
    if strangers:
        raise Refused(
            "not_called_by_this_rung",
            bodies=strangers,
            rule=f"{path_of(ladder, rung)}.to",
        )
    by_on, leans = _answer_day(command, ladder, rung, facts)
    blown = WhistleBlown(
        whistle=facts.new,
        issue=command.issue,
        to=to,
        report_by_on=by_on,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
        blown_on=facts.on,
        defaults=tuple(dict.fromkeys((*leaning(ladder, rung, facts), *leans))),
        wording=command.wording,
        notice=command.notice,
    )
    return [*waived, blown]


def report_to_whistle(
    command: ReportToWhistle, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """A department reports; a second time says nothing new."""
    whistle = matter.beyond.whistles.get(command.whistle)
    if whistle is None:
        raise Refused("whistle_unknown", whistle=str(command.whistle))
    if not _under(command.body, whistle.to, facts):
        raise Refused("not_whistled_for", body=command.body, called=list(whistle.to))
    if command.body in whistle.reported:
        return []
    return [
        DepartmentReported(
            whistle=command.whistle,
            issue=whistle.issue,
            body=command.body,
            reported_on=facts.on,
            late=facts.on > whistle.report_by_on,
            answer=command.answer,
        )
    ]


def call_meeting(command: CallMeeting, matter: Matter, facts: Facts) -> Sequence[Event]:
    """By the body that the pack lets convene; over a problem it is a rung of the ladder."""
    for item in command.items:
        course_of(matter, item)
    kind = meeting_of(command, facts)
    at, waived = _as_rung(command, matter, facts)
    if at is None and kind is not None and kind.convened_by not in acting_for(facts):
        raise Refused(
            "not_the_convenor",
            convened_by=kind.convened_by,
            rule=f"meetings.{kind.id}.convened_by",
        )
    ladder, rung = at or (None, None)
    convenor = kind.convened_by if kind else rung.by[0] if rung else None
    called = MeetingCalled(
        meeting=facts.new,
        kind=kind.id if kind else "coordination",
        issue=command.issue,
        items=command.items,
        convened_by=convenor or facts.team.lead_body or "office",
        bodies=command.bodies,
        starts_at=command.starts_at,
        binding=kind.binding if kind else bool(rung and rung.binding),
        papers=kind.papers if kind else rung.record if rung else (),
        signal=command.signal,
        ladder=f"ladders.{ladder.id}" if ladder else None,
        rung=rung.rung if rung else None,
        rung_id=rung.id if rung else None,
        called_on=facts.on,
        defaults=leaning(ladder, rung, facts) if ladder and rung else (),
        topic=command.topic,
        place=command.place,
        notice=command.notice,
    )
    return [*waived, called]


def sign_in(command: SignIn, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Somebody came for a body; who was not called may come too."""
    meeting = _meeting(matter, command.meeting)
    if meeting.minutes_on is not None:
        raise Refused("minutes_are_out", meeting=str(command.meeting))
    if command.body in meeting.came and command.name is None and command.person is None:
        return []
    return [
        AttendanceSigned(
            meeting=command.meeting,
            body=command.body,
            person=command.person,
            name=command.name,
            sheet=command.sheet,
        )
    ]


def issue_minutes(command: IssueMinutes, matter: Matter, facts: Facts) -> Sequence[Event]:
    """With the papers that the pack asks for; who was called and did not come is named."""
    meeting = _meeting(matter, command.meeting)
    if meeting.minutes_on is not None:
        return []
    missing = []
    if "sign_in" in meeting.papers and not meeting.came:
        missing.append("sign_in")
    if "photo" in meeting.papers and command.photos is None:
        missing.append("photo")
    if missing:
        raise Refused(
            "meeting_papers_missing",
            missing=missing,
            rule=f"meetings.{meeting.kind}.papers",
            remedy=(
                "请先办理签到、补充会议照片，再印发纪要 / "
                "record attendance and add a photograph, then issue the minutes"
            ),
        )
    absent = tuple(b for b in meeting.bodies if not _somebody_of(b, meeting.came, facts))
    return [
        MinutesIssued(
            meeting=command.meeting,
            issue=meeting.issue,
            binding=meeting.binding,
            absent=absent,
            issued_on=facts.on,
            agreed=command.agreed,
            decisions=command.decisions,
            minutes=command.minutes,
            photos=command.photos,
        )
    ]


def assign_action(command: AssignAction, matter: Matter, facts: Facts) -> Sequence[Event]:
    """What the minutes ask of one body by one day."""
    meeting = _meeting(matter, command.meeting)
    if meeting.minutes_on is None:
        raise Refused(
            "no_minutes_yet",
            remedy=(
                "请先印发会议纪要，再分解议定事项 / "
                "issue the minutes first, then assign what was agreed"
            ),
        )
    if command.due_on < facts.on:
        raise Refused("due_in_the_past", due_on=command.due_on.isoformat())
    return [
        ActionAssigned(
            action=facts.new,
            meeting=command.meeting,
            issue=meeting.issue,
            owner=command.owner,
            person=command.person,
            due_on=command.due_on,
            binding=meeting.binding,
            wording=command.wording,
        )
    ]


def finish_action(command: FinishAction, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Done, and how."""
    action = matter.beyond.actions.get(command.action)
    if action is None:
        raise Refused("action_unknown", action=str(command.action))
    if action.done_on is not None:
        return []
    return [
        ActionDone(
            action=command.action,
            issue=action.issue,
            done_on=facts.on,
            late=facts.on > action.due_on,
            outcome=command.outcome,
            paper=command.paper,
        )
    ]


def begin_joint_attack(
    command: BeginJointAttack, matter: Matter, facts: Facts
) -> Sequence[Event]:
    """The problem becomes the government's own, with a plan to solve it (AS-84)."""
    issue = open_issue_of(matter, command.issue)
    subject = problem(command.issue, issue, matter)
    ladder = ladder_for(facts.pack, "problem", issue.severity)
    rung = next_rung(ladder, ("joint_attack",), subject, command)
    if rung.every is None and climbed(rung, ladder, subject.climbs):
        return []
    waived = climbing(ladder, rung, subject, command, facts)
    begun = JointAttackBegun(
        issue=command.issue,
        owner=rung.by[0],
        bodies=command.bodies or rung.to,
        due_on=command.due_on,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        rung_id=rung.id,
        begun_on=facts.on,
        defaults=leaning(ladder, rung, facts),
        solution=command.solution,
        record=command.record,
    )
    return [*waived, begun]


# -- what they share --------------------------------------------------------------------------


def meeting_of(command: CallMeeting, facts: Facts) -> Meeting | None:
    """The pack's meeting of that name, or its first; None where it knows none."""
    known = facts.pack.meetings
    if command.kind is None:
        return known[0] if known else None
    for one in known:
        if one.id == command.kind:
            return one
    raise Refused(
        "no_such_meeting", kind=command.kind, known=[m.id for m in known], rule="meetings"
    )


def _as_rung(
    command: CallMeeting, matter: Matter, facts: Facts
) -> tuple[tuple[Ladder, Rung] | None, list[RungWaived]]:
    """The rung that a meeting over a problem climbs, where the ladder has one and it is new."""
    if command.issue is None:
        return None, []
    issue = open_issue_of(matter, command.issue)
    subject = problem(command.issue, issue, matter)
    ladder = ladder_for(facts.pack, "problem", issue.severity)
    if not any(rung.do == "meet" for rung in ladder.rungs):
        return None, []
    rung = next_rung(ladder, ("meet",), subject, command)
    if climbed(rung, ladder, subject.climbs) and rung.every is None:
        return None, []
    return (ladder, rung), climbing(ladder, rung, subject, command, facts)


def _answer_day(
    command: BlowWhistle, ladder: Ladder, rung: Rung, facts: Facts
) -> tuple[date, tuple[str, ...]]:
    """By when to report: as said, else the wait of the rung above, else of silence."""
    if command.report_by_on is not None:
        if command.report_by_on < facts.on:
            raise Refused("due_in_the_past", due_on=command.report_by_on.isoformat())
        return command.report_by_on, ()
    above = next((r for r in ladder.rungs if r.rung > rung.rung and r.wait), None)
    if above is not None and above.wait is not None:
        rule = f"{path_of(ladder, above)}.wait"
        return within(facts.calendar, facts.on, above.wait), facts.ours(rule)
    silence = facts.pack.clocks.silence
    return within(facts.calendar, facts.on, silence), facts.ours("clocks.silence")


def _meeting(matter: Matter, id: UUID) -> Gathering:
    meeting = matter.beyond.meetings.get(id)
    if meeting is None:
        raise Refused("meeting_unknown", meeting=str(id))
    return meeting


def _somebody_of(body: str, came: frozenset[str], facts: Facts) -> bool:
    return any(_under(one, (body,), facts) for one in came)


def _under(body: str, called: Sequence[str], facts: Facts) -> bool:
    """Whether a body is among those called, or belongs to one of them."""
    parents = {one.id: one.parent for one in facts.pack.bodies}
    step: str | None = body
    seen: set[str] = set()
    while step is not None and step not in seen:
        if step in called:
            return True
        seen.add(step)
        step = parents.get(step)
    return False
