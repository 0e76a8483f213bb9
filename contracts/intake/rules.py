"""What intake says of a place's rules and of making them known (政策包与宣传)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    BodyId,
    CalendarEdition,
    CatalogueEdition,
    Day,
    Defaults,
    Document,
    Medium,
    PackEdition,
    PackPath,
    PackStatus,
    Subject,
    Word,
)


class PackRegistered(Event):
    """A place's rules were entered as an edition that can be used later (政策包登记; YO-02,
    HS-01).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_registered.v1"] = "intake.pack_registered.v1"

    edition: PackEdition
    status: PackStatus
    catalogue: CatalogueEdition
    calendar: CalendarEdition
    issued_on: Day | None = None
    defaults: Defaults = ()
    title: Personal[str]
    document_number: Personal[str] | None = None


class PackActivated(Event):
    """From this day new matters follow this edition of the rules (政策包启用; YO-01)."""

    type: Literal["intake.pack_activated.v1"] = "intake.pack_activated.v1"

    edition: PackEdition
    begins_on: Day
    replaces: PackEdition | None = None


class PackAmended(Event):
    """An edition of the rules was made out of an earlier one (政策包修订; YO-26).

    Open matters keep their edition until `MatterMigrated` says otherwise.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_amended.v1"] = "intake.pack_amended.v1"

    edition: PackEdition
    amends: PackEdition
    changed: tuple[PackPath, ...]
    reason: Personal[str]


class PackQuestionDecided(Event):
    """The owner of the rules settled a point the source leaves open (待定事项决定; YO-75,
    X-06).

    From the next edition the leaf is no longer a default of ours.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_question_decided.v1"] = "intake.pack_question_decided.v1"

    edition: PackEdition
    question: PackPath
    issue: UUID | None = None
    decision: Personal[str]
    document_number: Personal[str] | None = None


class MatterMigrated(Event):
    """An open matter was moved to another edition of the rules (办件改用新版; X-08, YO-26)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.matter_migrated.v1"] = "intake.matter_migrated.v1"

    left: PackEdition
    taken: PackEdition
    reason: Personal[str]


class NoticePublished(Event):
    """A notice about the service was made public (公告发布; YO-01)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.notice_published.v1"] = "intake.notice_published.v1"

    notice: UUID
    kind: Word
    edition: PackEdition | None = None
    medium: Medium
    title: Personal[str]
    document: Personal[Document] | None = None


class PublicityLogged(Event):
    """The service was made known to the public through some medium (宣传登记; YO-58, YO-76)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.publicity_logged.v1"] = "intake.publicity_logged.v1"

    body: BodyId
    medium: Medium
    title: Personal[str]
    proof: Personal[Document] | None = None
