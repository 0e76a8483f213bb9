"""What supervision says of slow work taken up the rungs of a ladder (升级处置)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Day,
    Defaults,
    Document,
    ItemCode,
    Ordinal,
    PackPath,
    SanctionKind,
    Signal,
    Subject,
    Word,
)


class ReportedUp(Event):
    """A slow item was reported to who stands above (向上报告; AS-76).

    `signal` is the cause: no effect, refusal or shirking; the last two carry `evidence`.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.reported_up.v1"] = "supervision.reported_up.v1"

    item: ItemCode
    to: BodyId
    signal: Signal
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    reported_on: Day
    issue: UUID | None = None
    defaults: Defaults = ()
    reason: Personal[str] | None = None
    evidence: Personal[tuple[Document, ...]] | None = None
    report: Personal[Document] | None = None


class InterviewHeld(Event):
    """The head talked to the person who is slow, and it is on record (约谈; AS-77).

    It counts once the head has closed it (`RungClosed` with this `act`).
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["supervision.interview_held.v1"] = "supervision.interview_held.v1"

    act: UUID
    item: ItemCode | None = None
    issue: UUID | None = None
    person: ActorId
    body: BodyId | None = None
    signal: Signal | None = None
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    held_on: Day
    defaults: Defaults = ()
    reason: Personal[str] | None = None
    account: Personal[str]
    record: Personal[Document] | None = None


class SanctionRecorded(Event):
    """A person or body was dealt with for delay or refusal (作出相应处理; AS-78).

    It counts once the head has closed it (`RungClosed` with this `act`).
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["supervision.sanction_recorded.v1"] = "supervision.sanction_recorded.v1"

    act: UUID
    kind: SanctionKind
    item: ItemCode | None = None
    issue: UUID | None = None
    person: ActorId | None = None
    body: BodyId | None = None
    signal: Signal | None = None
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    decided_on: Day
    defaults: Defaults = ()
    reason: Personal[str] | None = None
    evidence: Personal[tuple[Document, ...]] | None = None
    record: Personal[Document] | None = None


class RungClosed(Event):
    """The head closed a rung that was climbed against a person (办结本级; AS-77)."""

    subject: ClassVar[Subject] = "staff"

    type: Literal["supervision.rung_closed.v1"] = "supervision.rung_closed.v1"

    act: UUID
    item: ItemCode | None = None
    issue: UUID | None = None
    closed_on: Day
    conclusion: Personal[str] | None = None


class RungWaived(Event):
    """A rung was passed over, by whom the next one allows and with a reason (越级说明; AS-76).

    No rung is skipped silently.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.rung_waived.v1"] = "supervision.rung_waived.v1"

    item: ItemCode | None = None
    issue: UUID | None = None
    ladder: PackPath
    rung: Ordinal
    rung_id: Word
    waived_on: Day
    reason: Personal[str]
