"""What supervision says of one item on its way through the approving body (事项办理).

A day `…_on` is the legal day that the clocks count, where `about.effective` may be an instant.
"""

from typing import Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    CalendarEdition,
    Count,
    Day,
    DayKind,
    Defaults,
    Document,
    EventId,
    Filer,
    HeadOf,
    Instant,
    ItemCode,
    MaterialCode,
    NotAccepted,
    Ordinal,
    Outcome,
    PackPath,
    Reliance,
    SystemRef,
    SystemState,
    SystemVerdict,
    WaitingOn,
    Withdrawal,
    Word,
    WorksCode,
)


class ItemSubmitted(Event):
    """An item was filed with the approving body, by the unit or in its name (申报; YO-41,
    YO-70, X-02, X-03).

    When the agent files, `about` names the unit and the commission; `confirmed_draft` is the
    form draft the unit had confirmed, and `relied_on` the logs that had been read. `served_by`
    is the responsible body whose agent serves the item.
    """

    type: Literal["supervision.item_submitted.v1"] = "supervision.item_submitted.v1"

    item: ItemCode
    body: BodyId
    filed_by: Filer
    submitted_on: Day | None = None
    served_by: BodyId | None = None
    pieces: tuple[UUID, ...] = ()
    confirmed_draft: Ordinal | None = None
    system_ref: SystemRef | None = None
    relied_on: tuple[Reliance, ...] = ()


class ItemReceived(Event):
    """The approving body has the papers; the five days for a notice begin (接件; X-07, YO-42)."""

    type: Literal["supervision.item_received.v1"] = "supervision.item_received.v1"

    item: ItemCode
    body: BodyId
    received_on: Day | None = None
    system_ref: SystemRef | None = None
    system_state: SystemState | None = None


class CorrectionRequested(Event):
    """The approving body told at once everything that must be supplied (一次性告知补正; X-07,
    YO-10).

    A `round` above 1 is a second notice for the same item, which the supervisor is shown.
    `waiting_on` is the third party when a design or other firm must correct its own work (YY-47).
    """

    type: Literal["supervision.correction_requested.v1"] = "supervision.correction_requested.v1"

    item: ItemCode
    round: Ordinal
    requested_on: Day | None = None
    waiting_on: WaitingOn | None = None
    materials: tuple[MaterialCode, ...]
    due_on: Day | None = None
    system_state: SystemState | None = None
    defaults: Defaults = ()
    demands: Personal[str]
    notice: Personal[Document] | None = None


class CorrectionSupplied(Event):
    """What the notice asked for was handed in (补正完成; X-07, YO-10)."""

    type: Literal["supervision.correction_supplied.v1"] = "supervision.correction_supplied.v1"

    item: ItemCode
    round: Ordinal
    supplied_on: Day | None = None
    pieces: tuple[UUID, ...] = ()
    system_state: SystemState | None = None


class ItemAccepted(Event):
    """The approving body accepted the item, or counts as having done so (受理; X-07, YO-42).

    `deemed`: five days passed without a notice, so it counts as accepted from the day the
    papers came (行政许可法第三十二条). The due days are those of the statutory and the
    commitment clock.
    """

    type: Literal["supervision.item_accepted.v1"] = "supervision.item_accepted.v1"

    item: ItemCode
    deemed: bool = False
    accepted_on: Day | None = None
    calendar: CalendarEdition
    statutory_due_on: Day | None = None
    commitment_due_on: Day | None = None
    estimated: bool = False
    system_state: SystemState | None = None
    rule: PackPath | None = None
    defaults: Defaults = ()
    voucher: Personal[Document] | None = None


class ItemRefused(Event):
    """The approving body did not accept the item (不予受理; X-07, YO-42)."""

    type: Literal["supervision.item_refused.v1"] = "supervision.item_refused.v1"

    item: ItemCode
    kind: NotAccepted
    refused_on: Day | None = None
    system_state: SystemState | None = None
    reason: Personal[str]
    voucher: Personal[Document] | None = None


class SpecialProcedureStarted(Event):
    """A step that the legal limit does not count began, with written notice (特别程序开始;
    X-07).

    `procedure` is open: hearing, tender, expert_review, testing, public_notice and others.
    """

    type: Literal["supervision.special_procedure_started.v1"] = (
        "supervision.special_procedure_started.v1"
    )

    item: ItemCode
    procedure: Word
    started_on: Day | None = None
    expected_days: Count | None = None
    day_kind: DayKind = "working"
    system_state: SystemState | None = None
    notice: Personal[Document] | None = None


class SpecialProcedureEnded(Event):
    """The uncounted step ended and the due days moved (特别程序结束; X-07)."""

    type: Literal["supervision.special_procedure_ended.v1"] = (
        "supervision.special_procedure_ended.v1"
    )

    item: ItemCode
    procedure: Word
    ended_on: Day | None = None
    statutory_due_on: Day | None = None
    commitment_due_on: Day | None = None
    estimated: bool = False
    system_state: SystemState | None = None


class SpecialProcedureSupplemented(Event):
    """An uncounted step that was over already was entered afterwards, with its notice
    (补录特别程序; X-01, X-07).

    The steps after it stay; `DueRecomputed` lists the due days that it moved, and why it is
    entered so late stands beside the act.
    """

    type: Literal["supervision.special_procedure_supplemented.v1"] = (
        "supervision.special_procedure_supplemented.v1"
    )

    item: ItemCode
    procedure: Word
    started_on: Day
    ended_on: Day
    system_state: SystemState | None = None
    notice: Personal[Document]


class ItemDecided(Event):
    """The approving body decided the item (审批办结; X-04, X-07, YO-44).

    `decider` is never the agent of the item; `relied_on` says how far that was checked.
    `early_review` is the early opinion after which it was decided at once (即报即审; AS-73).
    """

    type: Literal["supervision.item_decided.v1"] = "supervision.item_decided.v1"

    item: ItemCode
    outcome: Outcome
    decided_on: Day | None = None
    body: BodyId
    decider: ActorId | None = None
    e_certificate: bool = False
    valid_until_on: Day | None = None
    system_state: SystemState | None = None
    relied_on: tuple[Reliance, ...] = ()
    early_review: UUID | None = None
    result_number: Personal[str] | None = None
    reason: Personal[str] | None = None
    document: Personal[Document] | None = None


class ItemWithdrawn(Event):
    """A filing was taken back, or what was granted was undone (撤件、撤回、撤销; X-07, HS-12).

    `withdrawn` is before acceptance, `recalled` after it, `revoked` undoes a decision. `by` is
    the unit, its agent, or the body. The item may be filed again.
    """

    type: Literal["supervision.item_withdrawn.v1"] = "supervision.item_withdrawn.v1"

    item: ItemCode
    kind: Withdrawal
    by: BodyId
    withdrawn_on: Day | None = None
    system_state: SystemState | None = None
    reason: Personal[str]
    paper: Personal[Document] | None = None


class ItemExtended(Event):
    """The legal limit was extended by the head whom the law names, with reasons told to the
    unit (延长期限; X-07).

    At most in two steps (`step`) that together stay within what the law allows (行政许可法
    第四十二条); the promised day does not move, and where none was promised, the day of the
    law is it (`commitment_due_on`).
    """

    type: Literal["supervision.item_extended.v1"] = "supervision.item_extended.v1"

    item: ItemCode
    step: Ordinal
    days: Count
    approved_by: HeadOf
    extended_on: Day | None = None
    statutory_due_on: Day | None = None
    commitment_due_on: Day | None = None
    estimated: bool = False
    system_state: SystemState | None = None
    reason: Personal[str]
    notice: Personal[Document] | None = None


class SystemStateNoted(Event):
    """What the approval system says of an item, with its source and time (审批系统状态; HS-12,
    YY-48, AS-67).

    `system_state` is the raw code. `verdict`: it was `followed`, it `agreed` with what was known,
    or it is shown and nothing else: a `conflict`, an `older` record, an unknown code. `because`
    says which rule stood in the way, `field` and `ours_on` what is known here instead.
    """

    type: Literal["supervision.system_state_noted.v1"] = "supervision.system_state_noted.v1"

    item: ItemCode
    source: Word
    system_ref: SystemRef | None = None
    works: WorksCode | None = None
    system_state: SystemState
    stated_at: Instant
    stated_on: Day
    observed_at: Instant
    verdict: SystemVerdict
    field: Word | None = None
    ours_on: Day | None = None
    because: Word | None = None
    opinion: Personal[str] | None = None


class ItemClosed(Event):
    """The item was struck off the list against evidence (销号; X-10, YO-25).

    `evidence` are the facts that show it is done.
    """

    type: Literal["supervision.item_closed.v1"] = "supervision.item_closed.v1"

    item: ItemCode
    evidence: tuple[EventId, ...]
