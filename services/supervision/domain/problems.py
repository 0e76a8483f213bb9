"""Who is reminded, urged, written to, and who settles problems (催办与问题, YO-33, YO-42, YO-43)?"""

from collections.abc import Sequence
from datetime import date

from contracts.event import Event, Personal
from contracts.pack import Pack
from contracts.pack_rules import Ladder, Rung
from contracts.supervision import (
    IssueOpened,
    IssueRaised,
    IssueResolved,
    LetterAnswered,
    LetterSent,
    ReminderSent,
    UrgeSent,
)
from contracts.vocabulary import IssueSeverity
from services.supervision.domain.clocks import used, within
from services.supervision.domain.commands.problem import (
    AnswerLetter,
    OpenIssue,
    RaiseIssue,
    RemindNode,
    ResolveIssue,
    SendLetter,
    TakeListedIssue,
    UrgeByItself,
    UrgeItem,
)
from services.supervision.domain.course import Course, Reminded
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.powers import AGENTS, require
from services.supervision.domain.state import Issue, Matter
from shared.decider import Refused

WITH_THE_BODY = ("submitted", "received", "accepted")
"""States in which the approving body is at work."""

WARN = "clocks.warn_at_percent"
URGE = "clocks.urge_after_percent"
SILENCE = "clocks.silence"


def ladder_for(pack: Pack, concerns: str) -> Ladder:
    """The pack's ladder for slow items or for problems; refused when it has none."""
    for ladder in pack.ladders:
        if ladder.concerns == concerns:
            return ladder
    raise Refused("no_ladder", concerns=concerns, rule="ladders")


def remind(command: RemindNode, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A node comes near; each side is reminded once per threshold."""
    course = matter.items.get(command.item)
    seen = Reminded(command.to, command.signal, command.due_on, command.percent)
    if course is None or not course.in_scope or seen in course.reminded:
        return []
    name, day = facts.item(command.item).zh, command.due_on.isoformat()
    overdue = command.signal == "overdue"
    said = (
        f"已超过计划时限 {day}"
        if overdue
        else f"计划 {day} 前办结，用时已达 {command.percent}%"
    )
    return [
        ReminderSent(
            items=(command.item,),
            to=command.to,
            person=_person_for(command, facts),
            signal=command.signal,
            due_on=command.due_on,
            percent=command.percent,
            rule=command.rule,
            defaults=facts.ours(command.rule, "catalogue"),
            wording=Personal(f"{name}：{said}。"),
        )
    ]


def urge(command: UrgeItem, matter: Matter, facts: Facts) -> Sequence[Event]:
    """By hand, on a rung whose signals fit; an agent only where the mode lets him."""
    course = course_of(matter, command.item)
    if course.state not in WITH_THE_BODY:
        raise Refused("nothing_to_urge", item=command.item, state=course.state)
    ladder = ladder_for(facts.pack, "slow_item")
    rung = _rung(ladder, command.rung)
    _require_signal(ladder, rung, command.signal)
    if rung.do != "urge":
        raise Refused(
            "not_an_urging_rung",
            rule=f"ladders.{ladder.id}.rungs.{rung.id}",
            remedy="该层级应登记问题并提级上报。",
        )
    _require_rung_of(rung, ladder, facts)
    require(facts, "urge")
    if any(u.sent_on == facts.on and u.rung == rung.rung for u in course.urged):
        return []
    return [_urged(command, course, rung, ladder, facts)]


def urge_by_itself(command: UrgeByItself, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The first rung alone climbs by itself, and only where an agent acts for the unit."""
    course = matter.items.get(command.item)
    if course is None or not course.in_scope or course.state not in WITH_THE_BODY:
        return []
    chosen = facts.engagement.mode if facts.engagement else None
    modes = {mode.id: mode for mode in facts.pack.modes}
    if chosen not in modes or not modes[chosen].allows("urge"):
        return []
    ladder = ladder_for(facts.pack, "slow_item")
    rung = _rung(ladder, 1)
    if command.signal not in rung.fires:
        return []
    asked = UrgeItem(item=command.item, signal=command.signal)
    return [_urged(asked, course, rung, ladder, facts)]


def send_letter(command: SendLetter, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A slip to a department that does not log in (X-12)."""
    for item in command.items:
        course_of(matter, item)
    if command.issue is not None:
        _issue(matter, command.issue)
    return [
        LetterSent(
            letter=facts.new,
            kind=command.kind,
            to=command.to,
            items=command.items,
            issue=command.issue,
            reply_by_on=command.reply_by_on,
            wording=command.wording,
            paper=command.paper,
        )
    ]


def answer_letter(command: AnswerLetter, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The reply slip came back."""
    letter = matter.letters.get(command.letter)
    if letter is None:
        raise Refused("letter_unknown", letter=str(command.letter))
    if letter.answered:
        return []
    return [
        LetterAnswered(
            letter=command.letter,
            body=letter.to,
            answer=command.answer,
            paper=command.paper,
        )
    ]


def open_issue(command: OpenIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Every problem has an owner and a day; what no rule covers goes to the rules' owner."""
    for item in command.items:
        course_of(matter, item)
    ladder = ladder_for(facts.pack, "problem")
    owner = command.owner or facts.team.lead_body
    if command.kind == "no_rule":
        owner = rules_owner(facts.pack)
    if owner is None:
        raise Refused("owner_missing", remedy="请写明责任单位：本办件尚未分办。")
    first_wait = next((rung for rung in ladder.rungs if rung.wait), None)
    due_on, leans = command.due_on, facts.ours()
    if due_on is None and first_wait is not None and first_wait.wait is not None:
        due_on = within(facts.calendar, facts.on, first_wait.wait)
        leans = facts.ours(f"ladders.{ladder.id}.rungs.{first_wait.id}.wait")
    return [
        IssueOpened(
            issue=facts.new,
            kind=command.kind,
            severity=command.severity,
            opened_on=facts.on,
            items=command.items,
            owner=owner,
            person=command.person,
            due_on=due_on,
            defaults=leans,
            description=command.description,
        )
    ]


def take_listed(command: TakeListedIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A line of the issue list becomes a problem with a person and a day (YO-62)."""
    if command.issue in matter.issues:
        return []
    return [
        IssueOpened(
            issue=command.issue,
            kind="listed",
            severity=command.severity,
            opened_on=facts.on,
            items=command.items,
            owner=command.owner,
            person=command.person,
            due_on=command.due_on,
            issue_list=command.issue_list,
            follows=command.raised,
            description=Personal(f"需协办事项问题清单转办，原问题编号 {command.raised}。"),
        )
    ]


def raise_issue(command: RaiseIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """To the next rung of the ladder, none skipped, on a signal that the rung names."""
    issue = _issue(matter, command.issue)
    if issue.outcome is not None:
        raise Refused("issue_settled", issue=str(command.issue), outcome=issue.outcome)
    ladder = ladder_for(facts.pack, "problem")
    higher = [r for r in ladder.rungs if r.rung > issue.rung and r.do in ("raise", "report_up")]
    if not higher:
        if issue.raised_to is not None:
            return []
        raise Refused("no_higher_rung", rule=f"ladders.{ladder.id}")
    rung = higher[0]
    _require_signal(ladder, rung, command.signal)
    _require_wait(issue, rung, command.signal, ladder, facts)
    path = f"ladders.{ladder.id}.rungs.{rung.id}"
    return [
        IssueRaised(
            issue=command.issue,
            severity=command.severity or _at_least_complex(issue),
            to=rung.to[0],
            signal=command.signal,
            ladder=f"ladders.{ladder.id}",
            rung=rung.rung,
            raised_on=facts.on,
            defaults=facts.ours(f"{path}.fires", f"{path}.wait"),
            reason=command.reason,
        )
    ]


def resolve_issue(command: ResolveIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Settled, and how."""
    issue = _issue(matter, command.issue)
    if issue.outcome is not None:
        return []
    settled = [command.issue]
    if issue.follows in matter.open_issues():
        settled.append(issue.follows)
    return [
        IssueResolved(issue=one, outcome=command.outcome, resolution=command.resolution)
        for one in settled
    ]


def rules_owner(pack: Pack) -> str | None:
    """The body that owns the rules: the reform office of the pack, else its first body."""
    offices = [body.id for body in pack.bodies if body.kind == "reform_office"]
    return next(iter([*offices, *(body.id for body in pack.bodies)]), None)


def _urged(
    command: UrgeItem, course: Course, rung: Rung, ladder: Ladder, facts: Facts
) -> UrgeSent:
    item = facts.item(command.item)
    start, due_on = course.accepted_on, course.commitment_due_on
    gone = used(facts.calendar, start, facts.on, course.spans()) if start else None
    path = f"ladders.{ladder.id}.rungs.{rung.id}"
    leans = {"at_risk": URGE, "stalled": SILENCE}.get(command.signal, path)
    by_day = f"，承诺 {due_on.isoformat()} 前办结" if due_on else ""
    return UrgeSent(
        item=command.item,
        to=course.body or "departments",
        person=command.person,
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        sent_on=facts.on,
        used_days=gone,
        allowed_days=item.limit.commit_wd if start else None,
        defaults=facts.ours(leans, f"{path}.fires"),
        wording=command.wording or Personal(f"{item.zh}：请抓紧办理{by_day}。"),
    )


def _person_for(command: RemindNode, facts: Facts) -> str | None:
    return (
        facts.engagement.applicant if command.to == "applicant" and facts.engagement else None
    )


def _rung(ladder: Ladder, number: int) -> Rung:
    for rung in ladder.rungs:
        if rung.rung == number:
            return rung
    raise Refused(
        "no_such_rung",
        rule=f"ladders.{ladder.id}",
        rungs=[rung.rung for rung in ladder.rungs],
    )


def _require_signal(ladder: Ladder, rung: Rung, signal: str) -> None:
    if rung.fires and signal not in rung.fires:
        raise Refused(
            "signal_not_on_this_rung",
            signal=signal,
            fires=list(rung.fires),
            rule=f"ladders.{ladder.id}.rungs.{rung.id}.fires",
        )


def _require_rung_of(rung: Rung, ladder: Ladder, facts: Facts) -> None:
    """Only those whom the rung names climb it (by)."""
    posts = {role.id: role.canonical for role in facts.pack.roles}
    named = {posts.get(by, by) for by in rung.by}
    agents_too = AGENTS if named & AGENTS else frozenset()
    if facts.roles & (named | agents_too | {"supervisor"}):
        return
    raise Refused(
        "not_your_rung",
        by=list(rung.by),
        rule=f"ladders.{ladder.id}.rungs.{rung.id}.by",
    )


def _require_wait(issue: Issue, rung: Rung, signal: str, ladder: Ladder, facts: Facts) -> None:
    """`no_effect_after` counts once the wait of the rung is over."""
    if signal != "no_effect_after" or rung.wait is None:
        return
    since: date | None = issue.raised_on or issue.opened_on
    if since is not None and facts.on <= within(facts.calendar, since, rung.wait):
        raise Refused(
            "wait_not_over",
            until=within(facts.calendar, since, rung.wait).isoformat(),
            rule=f"ladders.{ladder.id}.rungs.{rung.id}.wait",
        )


def _at_least_complex(issue: Issue) -> IssueSeverity:
    return "complex" if issue.severity == "general" else issue.severity


def _issue(matter: Matter, id: object) -> Issue:
    for known, issue in matter.issues.items():
        if known == id:
            return issue
    raise Refused("issue_unknown", issue=str(id))
