"""What can archive be asked, and which facts does an answer need?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.pack.rules import Archive
from contracts.vocabulary import (
    ActorId,
    Count,
    Defaults,
    Document,
    EventId,
    Hash,
    Holder,
    MatterNumber,
    MediaCheck,
    Reliance,
    Store,
    TestResult,
    Word,
)
from services.archive.domain.matter import Matter
from services.archive.domain.protecting import AskingProtection, ExtendRestriction, Looked
from shared.command import Command

type Line = Annotated[str, Field(min_length=1, max_length=200)]
type Wording = Annotated[str, Field(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class Brought:
    """A document that a heard fact brought along: its id, content kind and a plain title."""

    document: UUID
    content: Word
    title: str
    source: EventId
    sheets: Count | None = None


@dataclass(frozen=True, slots=True)
class FileEntry:
    """Put a heard fact on file (事实入档; X-01). Asked by the inbox alone, never over HTTP."""

    store: Store
    position: Count
    leafhash: Hash
    entry_type: str
    number: MatterNumber | None = None
    brings: tuple[Brought, ...] = ()


class FileDocument(Command):
    """Put a document on file: a photo, a sign-in sheet, minutes (文件归档; X-10, AS-88).

    `upload` is the id that the upload of its bytes answered, and becomes the document's;
    `replaces` is the version that it takes the place of.
    """

    content: Word
    title: Personal[Line]
    sheets: Count | None = None
    paper: bool = False
    source: EventId | None = None
    replaces: UUID | None = None
    upload: UUID | None = None
    scan: Personal[Document] | None = None


class AttachPaper(Command):
    """Keep the bytes of a paper that one's own act spoke of: a signature, a decision (附件归档; X-10).

    It is filed as an attachment: no content kind of the list, and no document's place, is taken.
    """

    title: Personal[Line]
    upload: UUID


class CheckFile(Command):
    """Hold the file against the list and name what is lacking (档案检查; X-10, AS-88, AS-89).

    `waive` names content kinds the file may lack; an approver says so, with reasons.
    """

    waive: tuple[Word, ...] = Field((), max_length=50)
    waiver_reasons: Personal[Wording] | None = None


class CloseFile(Command):
    """Close the file when nothing is lacking (结档; X-10)."""


class HandOverFile(Command):
    """Hand papers of the file over against a signed list; copies stay (档案移交; AS-90, YO-10).

    The unit signs for what it gets: the list comes as an `upload`, is told of in `list_signed`, or
    is kept `on_paper`.
    """

    holder: Holder
    documents: tuple[UUID, ...] = Field(min_length=1, max_length=500)
    recipient: Personal[Line]
    upload: UUID | None = None
    on_paper: bool = False
    list_signed: Personal[Document] | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes that were taken in: what they are, under which commitment, whether looked at."""

    commitment: Hash
    salt: str
    media_check: MediaCheck
    document: Document


@dataclass(frozen=True, slots=True)
class Report:
    """The test of four properties that was just made, and the kept bytes of its report."""

    results: Mapping[str, TestResult]
    findings: tuple[Word, ...]
    document: UUID
    kept: Kept


type Asking = (
    FileEntry
    | FileDocument
    | AttachPaper
    | CheckFile
    | CloseFile
    | HandOverFile
    | AskingProtection
    | ExtendRestriction
)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision may look at that is not in the file's stream.

    `matter` is what archive has heard of the matter, up to the positions in `relied_on`;
    `rules` the pack's section `archive`, `defaults` its leaves that are ours (默认值).
    `may_waive`: the asking person holds a post that may. `check` is the id of the last
    FileChecked, `document` an id for a new document, `kept` its bytes. `unsound` are documents
    whose bytes are gone, changed or infected; `report` is the test made for closing;
    `protection` is what was looked up about personal data.
    """

    actor: ActorId = "s:archive"
    matter: Matter | None = None
    rules: Archive | None = None
    relied_on: tuple[Reliance, ...] = ()
    defaults: Defaults = ()
    may_waive: bool = False
    check: EventId | None = None
    document: UUID | None = None
    kept: Kept | None = None
    unsound: tuple[UUID, ...] = ()
    report: Report | None = None
    protection: Looked | None = None


NOTHING = Facts()
