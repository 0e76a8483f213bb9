"""What archive (归档) tells the world: one file per matter, what it holds, when it closed."""

from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field

from contracts.checked import Checked
from contracts.event import Event, Personal, SafeText
from contracts.vocabulary import (
    ActorId,
    Count,
    Defaults,
    Digest,
    Document,
    EventId,
    Hash,
    Holder,
    LegalGround,
    MatterNumber,
    MediaCheck,
    PackPath,
    Part,
    Protection,
    Reliance,
    Store,
    Subject,
    TestResult,
    Word,
)


class Waiver(Part):
    """A content kind the file may lack, and who allowed it (免归档)."""

    content: Word
    approver: ActorId


class Lack(Part):
    """Something that keeps the file from being complete (欠缺).

    `condition` is one of items_closed, results_delivered, originals_returned,
    evaluation_invited, content, document_bytes; `what` names the item, piece, content kind or
    document (open).
    """

    condition: Word
    what: SafeText


class FileOpened(Event):
    """The file of a matter was opened: one matter, one file (建档; X-10, X-11)."""

    type: Literal["archive.file_opened.v1"] = "archive.file_opened.v1"

    number: MatterNumber


class EntryFiled(Event):
    """A fact of a service took its place in the file, by its position and hash (事实入档; X-01,
    X-09).

    Archive's own position is the order across services: a caused fact comes after its cause.
    """

    type: Literal["archive.entry_filed.v1"] = "archive.entry_filed.v1"

    store: Store
    position: Count
    leafhash: Hash
    entry_type: SafeText


class DocumentFiled(Event):
    """A document took its place in the file (文件归档; X-10, X-12).

    `content` is a content kind of the pack's archive list (open); `source` is the fact that
    brought the document; `replaces` the version before it. Where its bytes are kept,
    `commitment` is SHA-256(salt ‖ SHA-256 of them): who has salt and bytes can prove that they
    are these, nobody else can tell what they are.
    """

    type: Literal["archive.document_filed.v1"] = "archive.document_filed.v1"

    document: UUID
    content: Word
    sheets: Count | None = None
    paper: bool = False
    source: EventId | None = None
    replaces: UUID | None = None
    commitment: Hash | None = None
    media_check: MediaCheck | None = None
    title: Personal[str]
    scan: Personal[Document] | None = None
    salt: Personal[str] | None = None


class FileChecked(Event):
    """The file was checked against the list, and what is lacking was named (档案检查; X-10)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["archive.file_checked.v1"] = "archive.file_checked.v1"

    complete: bool
    lacking: tuple[Lack, ...] = ()
    waived: tuple[Waiver, ...] = ()
    relied_on: tuple[Reliance, ...]
    rule: PackPath
    defaults: Defaults = ()
    waiver_reasons: Personal[str] | None = None


class ArchiveTested(Event):
    """The file was put to the test of four properties before it closed (四性检测; X-10).

    Authentic 真实性, complete 完整性, usable 可用性, safe 安全性; `findings` names what did not
    pass (open), `report` is the document that tells all of it.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["archive.archive_tested.v1"] = "archive.archive_tested.v1"

    authentic: TestResult
    complete: TestResult
    usable: TestResult
    safe: TestResult
    findings: tuple[Word, ...] = ()
    report: UUID


class FileClosed(Event):
    """The file was closed: all items struck off, delivered, returned, rated, checked (结档;
    X-10).

    `checked_by` is the check it rests on; the counts are what the file holds.
    """

    type: Literal["archive.file_closed.v1"] = "archive.file_closed.v1"

    checked_by: EventId
    entries: Count
    documents: Count
    relied_on: tuple[Reliance, ...]


class FileHandedOver(Event):
    """Papers of the file were handed over against a signed list; copies stay (档案移交; X-10,
    YO-10).

    `on_paper`: the signed list itself is kept on paper.
    """

    type: Literal["archive.file_handed_over.v1"] = "archive.file_handed_over.v1"

    holder: Holder
    documents: tuple[UUID, ...]
    on_paper: bool = False
    recipient: Personal[str]
    list_signed: Personal[Document] | None = None


class HeadsSealed(Event):
    """The last event of every stream of a store was sealed at one size of its log (封存; X-13).

    `root` is over the leaves `SHA-256(stream) ‖ version ‖ leaf hash`, sorted by the first: who is
    given all but the last event of a matter can tell.
    """

    type: Literal["archive.heads_sealed.v1"] = "archive.heads_sealed.v1"

    store: Store
    log_size: Count
    count: Count
    root: Hash


class ProtectionProposed(Event):
    """Somebody proposed to restrict, erase or correct personal data (个人信息处置申请; X-13).

    `of` says whose data, `person` which one where the facts name him; `whole_project` takes in
    what the project's own stream holds. `reference` is the number of the request or order.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["archive.protection_proposed.v1"] = "archive.protection_proposed.v1"

    decision: UUID
    protection: Protection
    of: Subject
    person: ActorId | None = None
    whole_project: bool = False
    ground: LegalGround
    reference: SafeText | None = None
    proposed_by: ActorId
    reason: Personal[str]


class CorrectionWorded(Event):
    """What a personal field should say was worded, to be approved (更正内容; X-13).

    The new wording is sealed here with a digest of its own; the old digest stays in its event.
    """

    type: Literal["archive.correction_worded.v1"] = "archive.correction_worded.v1"

    decision: UUID
    event: EventId
    member: Word
    of: Subject
    person: ActorId | None = None
    value: Personal[str]

    def sealed_for(self) -> str:
        return f"{self.of}/{self.person}" if self.person else self.of


class ProtectionRejected(Event):
    """A second person did not approve what was proposed (不予处置; X-13)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["archive.protection_rejected.v1"] = "archive.protection_rejected.v1"

    decision: UUID
    rejected_by: ActorId
    reason: Personal[str] | None = None


class ProcessingRestricted(Event):
    """Personal data are only kept from now on: they are read with a reason alone (限制处理; X-13).

    `keys` are the data keys that are concerned, which say nothing by themselves.
    """

    type: Literal["archive.processing_restricted.v1"] = "archive.processing_restricted.v1"

    decision: UUID
    of: Subject
    person: ActorId | None = None
    ground: LegalGround
    approved_by: tuple[ActorId, ActorId]
    keys: tuple[UUID, ...]


class RestrictionLifted(Event):
    """Personal data that were only kept may be used again (解除限制; X-13)."""

    type: Literal["archive.restriction_lifted.v1"] = "archive.restriction_lifted.v1"

    decision: UUID
    of: Subject
    person: ActorId | None = None
    ground: LegalGround
    approved_by: tuple[ActorId, ActorId]
    keys: tuple[UUID, ...]


class DisclosuresErased(Event):
    """Personal data were destroyed; who was given them must destroy them too (个人信息删除; X-13).

    `digests` are what stands in the facts: they stay and every proof holds, and nobody can say
    any more what they stood for. `keys` are the data keys that were destroyed. A long list is
    told in several events, `part` of `parts`.
    """

    type: Literal["archive.disclosures_erased.v1"] = "archive.disclosures_erased.v1"

    decision: UUID
    of: Subject
    person: ActorId | None = None
    ground: LegalGround
    approved_by: tuple[ActorId, ActorId]
    keys: tuple[UUID, ...]
    digests: tuple[Digest, ...]
    part: Count = 1
    parts: Count = 1


class DisclosureCorrected(Event):
    """A personal field says something else from now on (个人信息更正; X-13).

    What it said before stays proved by its digest; the new wording is in `worded`.
    """

    type: Literal["archive.disclosure_corrected.v1"] = "archive.disclosure_corrected.v1"

    decision: UUID
    event: EventId
    member: Word
    worded: EventId
    ground: LegalGround
    approved_by: tuple[ActorId, ActorId]


class HistoryChecked(Checked, Event):
    type: Literal["archive.history_checked.v1"] = "archive.history_checked.v1"


type ArchiveEvent = Annotated[
    FileOpened
    | EntryFiled
    | DocumentFiled
    | FileChecked
    | ArchiveTested
    | FileClosed
    | FileHandedOver
    | HeadsSealed
    | ProtectionProposed
    | CorrectionWorded
    | ProtectionRejected
    | ProcessingRestricted
    | RestrictionLifted
    | DisclosuresErased
    | DisclosureCorrected
    | HistoryChecked,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(ArchiveEvent.__value__)[0])
