"""Who owns a problem, how high is it taken, who writes to whom (问题与协办, YO-35, YO-43, X-12)?"""

from collections.abc import Sequence
from datetime import date

from contracts.event import Event, Personal
from contracts.pack.rules import Ladder, Rung
from contracts.supervision import (
    IssueOpened,
    IssueRaised,
    IssueResolved,
    LetterAnswered,
    LetterSent,
)
from contracts.vocabulary import IssueSeverity
from services.supervision.domain.clocks import within
from services.supervision.domain.commands.problem import (
    AnswerLetter,
    OpenIssue,
    RaiseIssue,
    ResolveIssue,
    SendLetter,
    TakeListedIssue,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.ladders import ladder_for, require_signal, rules_owner
from services.supervision.domain.state import Issue, Matter
from shared.decider import Refused


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
    require_signal(ladder, rung, command.signal)
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
