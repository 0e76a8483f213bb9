"""What supervision says of reminders, urging and problems (催办与问题)."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Count,
    Day,
    Defaults,
    Document,
    Hash,
    IssueKind,
    IssueOutcome,
    IssueSeverity,
    ItemCode,
    LetterKind,
    Ordinal,
    PackPath,
    Signal,
    Word,
)

type Percent = Annotated[
    int, Field(ge=0, le=1000, description="Part of the time gone (用时百分比).")
]


class ReminderSent(Event):
    """A planned day comes near, and one side was reminded of it (节点提醒; YO-33).

    `to` is the body, `applicant` for the unit; `person` the one addressed, if known. `concerns`
    is the whistle, action, letter, fee or follow-up that is owed, when it is no item.
    `by_hand`: someone on the staff did it. `reckoning` is the digest of the day-by-day ledger
    that the day was counted by.
    """

    type: Literal["supervision.reminder_sent.v1"] = "supervision.reminder_sent.v1"

    items: tuple[ItemCode, ...]
    to: BodyId
    person: ActorId | None = None
    signal: Signal
    due_on: Day | None = None
    percent: Percent | None = None
    rule: PackPath | None = None
    defaults: Defaults = ()
    wording: Personal[str] | None = None
    sent_on: Day | None = None
    concerns: UUID | None = None
    by_hand: bool | None = None
    reckoning: Hash | None = None
    ladder: PackPath | None = None
    rung: Ordinal | None = None
    rung_id: Word | None = None


class UrgeSent(Event):
    """Someone who is slow was urged to go on, by a rung of the ladder (催办; YO-42, YO-63).

    `used_days` of `allowed_days` had gone by on the clock that was at risk.
    """

    type: Literal["supervision.urge_sent.v1"] = "supervision.urge_sent.v1"

    item: ItemCode
    to: BodyId
    person: ActorId | None = None
    signal: Signal
    ladder: PackPath
    rung: Ordinal
    sent_on: Day | None = None
    used_days: Count | None = None
    allowed_days: Count | None = None
    defaults: Defaults = ()
    wording: Personal[str] | None = None
    rung_id: Word | None = None
    by_hand: bool | None = None


class LetterSent(Event):
    """A paper slip or letter went to a department that does not log in (协办单; X-12, YO-22)."""

    type: Literal["supervision.letter_sent.v1"] = "supervision.letter_sent.v1"

    letter: UUID
    kind: LetterKind
    to: BodyId
    items: tuple[ItemCode, ...] = ()
    issue: UUID | None = None
    reply_by_on: Day | None = None
    defaults: Defaults = ()
    wording: Personal[str]
    paper: Personal[Document] | None = None


class LetterAnswered(Event):
    """The reply slip came back and was entered (协办回复; X-12, YO-22)."""

    type: Literal["supervision.letter_answered.v1"] = "supervision.letter_answered.v1"

    letter: UUID
    body: BodyId
    answer: Personal[str]
    paper: Personal[Document] | None = None


class IssueOpened(Event):
    """A problem has an owner and a day (问题登记; YO-35, YO-43, YO-62, YO-75).

    `no_rule` goes to the owner of the pack; `listed` came as a line of an `issue_list` and
    `follows` the problem that had been raised. `unreached` is whom no message could reach.
    `body` is the department that handled an item outside the approval system, or turned away
    who filed under a commission (YY-28, YY-53).
    """

    type: Literal["supervision.issue_opened.v1"] = "supervision.issue_opened.v1"

    issue: UUID
    kind: IssueKind
    severity: IssueSeverity
    opened_on: Day | None = None
    items: tuple[ItemCode, ...] = ()
    owner: BodyId
    person: ActorId | None = None
    due_on: Day | None = None
    issue_list: UUID | None = None
    follows: UUID | None = None
    defaults: Defaults = ()
    description: Personal[str]
    ladder: PackPath | None = None
    rung: Ordinal | None = None
    rung_id: Word | None = None
    unreached: BodyId | None = None
    body: BodyId | None = None


class IssueClassed(Event):
    """A problem was classed anew: general, complex or major (问题分级; AS-80, AS-83).

    `ladder` is the one it entered by that, coming from another.
    """

    type: Literal["supervision.issue_classed.v1"] = "supervision.issue_classed.v1"

    issue: UUID
    before: IssueSeverity
    severity: IssueSeverity
    classed_on: Day
    signal: Signal | None = None
    ladder: PackPath | None = None
    defaults: Defaults = ()
    reason: Personal[str] | None = None


class IssueRaised(Event):
    """A problem was taken to a higher body (问题提级; YO-60, YO-62, AS-83, YY-25, YY-27)."""

    type: Literal["supervision.issue_raised.v1"] = "supervision.issue_raised.v1"

    issue: UUID
    severity: IssueSeverity
    to: BodyId
    signal: Signal
    ladder: PackPath
    rung: Ordinal
    raised_on: Day | None = None
    defaults: Defaults = ()
    reason: Personal[str] | None = None
    rung_id: Word | None = None


class IssueResolved(Event):
    """A problem was settled, and how (问题销号; YO-43, YO-75)."""

    type: Literal["supervision.issue_resolved.v1"] = "supervision.issue_resolved.v1"

    issue: UUID
    outcome: IssueOutcome
    resolution: Personal[str]
    resolved_on: Day | None = None
