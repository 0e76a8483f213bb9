"""What intake says of a place's rules and of making them known (政策包与宣传)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    CalendarEdition,
    CatalogueEdition,
    Day,
    Defaults,
    Document,
    Medium,
    OutreachVia,
    PackEdition,
    PackPath,
    PackStatus,
    Subject,
    WebAddress,
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
    """From this day new matters follow this edition of the rules (政策包启用; YO-01, YY-01,
    HS-49).

    A `draft` is followed only where the deployment lets it, or by `override` of a person with
    a reason (HS-01). Two persons stand behind it, unless the deployment came with it.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_activated.v1"] = "intake.pack_activated.v1"

    edition: PackEdition
    begins_on: Day
    replaces: PackEdition | None = None
    draft: bool | None = None
    override: bool | None = None
    asked_by: ActorId | None = None
    approver: ActorId | None = None
    reason: Personal[str] | None = None


class PackRetired(Event):
    """From this day no new matter follows this edition of the rules (政策包停用; YO-26).

    Open matters keep it until they end or `MatterMigrated` moves them.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.pack_retired.v1"] = "intake.pack_retired.v1"

    edition: PackEdition
    ends_on: Day
    reason: Personal[str]


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


class PolicyPushed(Event):
    """A published policy was brought to a project whose profile it fits (政策找人; HS-77, HS-79).

    `notice` is what was published, `matched` the facts of the project that it fits.
    """

    type: Literal["intake.policy_pushed.v1"] = "intake.policy_pushed.v1"

    notice: UUID
    rule: PackPath | None = None
    matched: tuple[Word, ...] = ()
    via: OutreachVia
    pushed_on: Day
    proof: Personal[Document] | None = None


class StoryPublished(Event):
    """A case or a good practice was told in public, with the leave of the unit it is about
    (典型案例; AS-97, AS-104).

    A story about a matter needs that leave; good practice of our own does not.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.story_published.v1"] = "intake.story_published.v1"

    story: UUID
    kind: Word
    body: BodyId
    medium: Medium
    address: WebAddress | None = None
    of_matter: UUID | None = None
    consented: bool = False
    title: Personal[str]
    text: Personal[str] | None = None
    consent: Personal[Document] | None = None


class PublicityLogged(Event):
    """The service was made known to the public through some medium (宣传登记; YO-58, YO-76,
    HS-78).

    `address` is the public page where it stands.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["intake.publicity_logged.v1"] = "intake.publicity_logged.v1"

    body: BodyId
    medium: Medium
    address: WebAddress | None = None
    title: Personal[str]
    proof: Personal[Document] | None = None
