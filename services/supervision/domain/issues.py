"""Who owns a problem, how high is it taken, who writes to whom (问题与协办, YO-35, YO-43, X-12)?"""

from collections.abc import Sequence
from datetime import date

from contracts.event import Event, Personal
from contracts.pack.rules import Ladder, Rung
from contracts.predicate import holds
from contracts.supervision import (
    IssueClassed,
    IssueOpened,
    IssueRaised,
    IssueResolved,
    LetterAnswered,
    LetterSent,
)
from contracts.vocabulary import IssueSeverity
from services.supervision.domain.clocks import within
from services.supervision.domain.commands.ladder import ClassIssue
from services.supervision.domain.commands.problem import (
    AnswerLetter,
    OpenIssue,
    RaiseIssue,
    ResolveIssue,
    SendLetter,
    TakeListedIssue,
)
from services.supervision.domain.escalating import open_issue_of, problem
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import (
    RAISING,
    Subject,
    climbed,
    climbing,
    entered,
    ladder_for,
    ladder_or_none,
    offered,
    path_of,
    rules_owner,
    supervisor_of,
)
from services.supervision.domain.state import Issue, Matter
from shared.decider import Refused

INCIDENTS = frozenset({"outside_system", "window_refusal"})
"""What a department did against the rules of the service: the supervisor looks into it."""


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
    ladder = ladder_or_none(facts.pack, "problem", command.severity)
    owner = command.owner or facts.team.lead_body
    if command.kind == "no_rule":
        owner = rules_owner(facts.pack)
    if command.kind in INCIDENTS:
        owner = _of_incident(command, matter, facts)
    if owner is None:
        raise Refused(
            "owner_missing",
            remedy=(
                "请写明责任单位：本办件尚未分办 / "
                "name the responsible body: the matter is not routed yet"
            ),
        )
    due_on, leans = _due(command, ladder, facts)
    told = _told_on(ladder)
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
            ladder=f"ladders.{ladder.id}" if ladder and told else None,
            rung=told.rung if told else None,
            rung_id=told.id if told else None,
            body=command.body,
        )
    ]


def _of_incident(command: OpenIssue, matter: Matter, facts: Facts) -> str | None:
    """Never the department's own: the supervisor's, once for each day, item and department."""
    if command.body is None:
        raise Refused(
            "body_missing",
            kind=command.kind,
            remedy="请写明涉及的部门（body）。 / Say which department it is about.",
        )
    return supervisor_of(facts.pack)


def _due(
    command: OpenIssue, ladder: Ladder | None, facts: Facts
) -> tuple[date | None, tuple[str, ...]]:
    """By when it is to be solved: what was said, else the first wait of the ladder."""
    first = next((rung for rung in ladder.rungs if rung.wait), None) if ladder else None
    if command.due_on is not None or ladder is None or first is None or first.wait is None:
        return command.due_on, ()
    rule = f"{path_of(ladder, first)}.wait"
    return within(facts.calendar, facts.on, first.wait), facts.ours(rule)


def _told_on(ladder: Ladder | None) -> Rung | None:
    """The lowest rung, where that is to tell those concerned: opening a problem does it."""
    lowest = min(ladder.rungs, key=lambda rung: rung.rung) if ladder else None
    return lowest if lowest is not None and lowest.do == "inform" and lowest.rung else None


def take_listed(command: TakeListedIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A line of the issue list becomes a problem with a person and a day (YO-62)."""
    if command.issue in matter.issues:
        return []
    at = _list_comes_back(facts)
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
            ladder=f"ladders.{at[0].id}" if at else None,
            rung=at[1].rung if at else None,
            rung_id=at[1].id if at else None,
        )
    ]


def _list_comes_back(facts: Facts) -> tuple[Ladder, Rung] | None:
    """The rung on which what was raised is sent to who answers for the territory."""
    for ladder in facts.pack.ladders:
        for rung in ladder.rungs:
            if ladder.concerns == "problem" and rung.do == "inform" and "raise" in rung.fires:
                return ladder, rung
    return None


def raise_issue(command: RaiseIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """To the next rung of the ladder, none skipped, on a signal that the rung names.

    Where the pack says so, the signal takes the problem over to another ladder, into its class.
    """
    issue = open_issue_of(matter, command.issue)
    severity = command.severity or issue.severity
    ladder = ladder_for(facts.pack, "problem", severity)
    subject = problem(command.issue, issue, matter, severity)
    other = entered(facts.pack, ladder, command.signal)
    if other is not None and not _raises(ladder, subject, command):
        severity, ladder = _class_of(other, severity), other
        subject = problem(command.issue, issue, matter, severity)
    higher = _raises(ladder, subject, command)
    if not higher:
        if issue.raised_to is not None:
            return []
        raise Refused("no_higher_rung", rule=f"ladders.{ladder.id}")
    rung = next((one for one in higher if command.signal in one.fires), higher[0])
    waived = climbing(ladder, rung, subject, command, facts)
    if severity == issue.severity == "general":
        severity = "complex"
    path = path_of(ladder, rung)
    raised = IssueRaised(
        issue=command.issue,
        severity=severity,
        to=rung.to[0],
        signal=command.signal,
        ladder=f"ladders.{ladder.id}",
        rung=rung.rung,
        raised_on=facts.on,
        defaults=facts.ours(f"{path}.fires", f"{path}.wait"),
        reason=command.reason,
        rung_id=rung.id,
    )
    return [*waived, *_crossed(issue, severity, other, ladder, command, facts), raised]


def _raises(ladder: Ladder, subject: Subject, command: RaiseIssue) -> list[Rung]:
    """The rungs that take it higher and were not climbed yet, above those that were."""
    rungs = offered(ladder, RAISING, subject, command.rung_id)
    taken = [r.rung for r in ladder.rungs if climbed(r, ladder, subject.climbs)]
    top = max(taken, default=0)
    return [
        rung
        for rung in rungs
        if rung.rung >= top and (rung.every or not climbed(rung, ladder, subject.climbs))
    ]


def _crossed(
    issue: Issue,
    severity: IssueSeverity,
    other: Ladder | None,
    ladder: Ladder,
    command: RaiseIssue,
    facts: Facts,
) -> list[Event]:
    """Said by itself when the problem came over from another ladder."""
    if other is not ladder or issue.severity == severity:
        return []
    return [
        IssueClassed(
            issue=command.issue,
            before=issue.severity,
            severity=severity,
            classed_on=facts.on,
            signal=command.signal,
            ladder=f"ladders.{ladder.id}",
            defaults=facts.ours(f"ladders.{ladder.id}.enters_from.fires"),
        )
    ]


def _class_of(ladder: Ladder, severity: IssueSeverity) -> IssueSeverity:
    """The lowest class, from the present one up, that the ladder is for."""
    order: tuple[IssueSeverity, ...] = ("general", "complex", "major")
    higher = order[order.index(severity) :]
    fits = (one for one in higher if holds(ladder.when, {"severity": one}) is not False)
    return next(fits, severity)


def class_issue(command: ClassIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """General, complex or major: the class says which ladder the problem is on."""
    issue = open_issue_of(matter, command.issue)
    if issue.severity == command.severity:
        return []
    ladder = ladder_or_none(facts.pack, "problem", command.severity)
    return [
        IssueClassed(
            issue=command.issue,
            before=issue.severity,
            severity=command.severity,
            classed_on=facts.on,
            ladder=f"ladders.{ladder.id}" if ladder else None,
            reason=command.reason,
        )
    ]


def resolve_issue(command: ResolveIssue, matter: Matter, facts: Facts) -> Sequence[Event]:
    """Settled, and how."""
    issue = _issue(matter, command.issue)
    if issue.outcome is not None:
        return []
    left = matter.beyond.open_actions(command.issue)
    if left and command.outcome == "solved":
        raise Refused(
            "actions_open",
            actions=[str(id) for id in left],
            remedy=(
                "会议议定事项尚未落实，不能销号 / "
                "what the meeting agreed is not done yet: it cannot be closed"
            ),
        )
    settled = [command.issue]
    if issue.follows in matter.open_issues():
        settled.append(issue.follows)
    return [
        IssueResolved(
            issue=one,
            outcome=command.outcome,
            resolution=command.resolution,
            resolved_on=facts.on,
        )
        for one in settled
    ]


def _issue(matter: Matter, id: object) -> Issue:
    for known, issue in matter.issues.items():
        if known == id:
            return issue
    raise Refused("issue_unknown", issue=str(id))
