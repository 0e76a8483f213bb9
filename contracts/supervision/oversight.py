"""What supervision says of returns, issue lists and inspections (报送与督查)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Count,
    Day,
    Defaults,
    Document,
    Instant,
    PackPath,
    Quarter,
    Reliance,
    SiteCode,
    Subject,
    Word,
)


class ReturnDue(Event):
    """A body owes a return for the quarter (应报; YO-59, YO-60).

    `form` is `ledger` or `issues`, or another return of the pack (open). `due_at` is the hour
    where one is set, `media` the forms in which it must come (`electronic`, `sealed`; HS-03).
    """

    type: Literal["supervision.return_due.v1"] = "supervision.return_due.v1"

    form: Word
    quarter: Quarter
    body: BodyId
    to: BodyId
    due_on: Day
    rule: PackPath
    defaults: Defaults = ()
    due_at: Instant | None = None
    media: tuple[Word, ...] | None = None


class ReturnFiled(Event):
    """A person confirmed and sent a return; a nil return is one too (报送; YO-59, YO-60, X-09).

    `nil` is said, never inferred. `cut` are the log positions the return was computed from: the
    same cut gives the same bytes again. `late_days` are calendar days after the due day.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.return_filed.v1"] = "supervision.return_filed.v1"

    form: Word
    quarter: Quarter
    body: BodyId
    to: BodyId
    nil: bool
    rows: Count
    late_days: Count = 0
    cut: tuple[Reliance, ...]
    document: Personal[Document] | None = None
    remark: Personal[str] | None = None
    media: tuple[Word, ...] | None = None
    sealed: Personal[Document] | None = None


class StatesImported(Event):
    """A file or feed of the approval system was taken in, row by row (审批状态导入; HS-12).

    `left` are the rows that could not be placed, word for word: nothing is lost.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.states_imported.v1"] = "supervision.states_imported.v1"

    source: Word
    observed_at: Instant
    rows: Count
    followed: Count = 0
    agreed: Count = 0
    known: Count = 0
    conflicts: Count = 0
    older: Count = 0
    unknown_codes: Count = 0
    refused: Count = 0
    left: Personal[str] | None = None


class FeedSilent(Event):
    """A feed of the approval system did not come for longer than it may (导入中断; HS-12).

    Said once for each silence; `observed_at` is when it was last taken in.
    """

    type: Literal["supervision.feed_silent.v1"] = "supervision.feed_silent.v1"

    source: Word
    observed_at: Instant
    noted_at: Instant
    minutes: Count


class IssueListDispatched(Event):
    """The reform office sent the listed problems to the agents of their territory (按属地交办;
    YO-61).
    """

    type: Literal["supervision.issue_list_dispatched.v1"] = (
        "supervision.issue_list_dispatched.v1"
    )

    issue_list: UUID
    quarter: Quarter
    site: SiteCode
    to: BodyId
    persons: tuple[ActorId, ...] = ()
    issues: tuple[UUID, ...]
    due_on: Day | None = None
    rule: PackPath
    defaults: Defaults = ()


class InspectionMade(Event):
    """The reform office inspected a body's work, with its findings (督促检查; YO-63)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.inspection_made.v1"] = "supervision.inspection_made.v1"

    inspection: UUID
    body: BodyId
    matters: tuple[UUID, ...] = ()
    shortcomings: Count
    rectify_by_on: Day | None = None
    defaults: Defaults = ()
    findings: Personal[str]
