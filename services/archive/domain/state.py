"""Where can a file stand, and how does each event move it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from contracts.archive import (
    ArchiveTested,
    DocumentFiled,
    EntryFiled,
    FileChecked,
    FileClosed,
    FileHandedOver,
    FileOpened,
    Lack,
    Waiver,
)
from contracts.event import Event
from contracts.vocabulary import Hash, MatterNumber, TestResult, Word
from services.archive.domain import protecting

SEALED = "evaluation"
"""The store whose facts are kept from the rated."""


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of the file, and how much was on it then.

    What evaluation said is left out of the count, since whether a check says anything new is seen
    by whoever may check: even that a rating came in is none of his business (X-05).
    """

    complete: bool
    lacking: tuple[Lack, ...]
    waived: tuple[Waiver, ...]
    entries: int
    documents: int


@dataclass(frozen=True, slots=True)
class Tested:
    """The test of four properties, and the document that reports it."""

    results: Mapping[str, TestResult]
    report: UUID


@dataclass(frozen=True, slots=True)
class File:
    """The file of a matter (档): `filed` is the last position filed of each store.

    `replaced` maps a version to the one after it; `commitments` are those of the documents whose
    bytes are kept; `unsealed` are the entries that are not evaluation's. A stream without
    `number` collects what belongs to no matter, and is never closed.
    """

    number: MatterNumber | None = None
    filed: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    entries: int = 0
    unsealed: int = 0
    documents: Mapping[UUID, Word] = field(default_factory=lambda: MappingProxyType({}))
    replaced: Mapping[UUID, UUID] = field(default_factory=lambda: MappingProxyType({}))
    commitments: Mapping[UUID, Hash] = field(default_factory=lambda: MappingProxyType({}))
    tested: Tested | None = None
    checked: Check | None = None
    waived: tuple[Waiver, ...] = ()
    closed: bool = False
    handed_over: frozenset[UUID] = frozenset()
    protections: protecting.Decisions = protecting.NO_DECISIONS

    def holds(self, store: str, position: int) -> bool:
        """Whether this fact is on file: within a stream each store is filed in its own order."""
        return position <= self.filed.get(store, 0)

    def is_current(self, document: UUID) -> bool:
        """Whether no later version took its place."""
        return document not in self.replaced

    def version_of(self, document: UUID) -> int:
        """From 1."""
        before = {new: old for old, new in self.replaced.items()}
        version = 1
        while document in before:
            document, version = before[document], version + 1
        return version

    @property
    def condition(self) -> str:
        if self.closed:
            return "closed"
        return "open" if self.number else "unopened"


UNOPENED = File()


def evolve(file: File, event: Event) -> File:
    match event:
        case FileOpened(number=number):
            return replace(file, number=number)
        case EntryFiled(store=store, position=position):
            filed = MappingProxyType({**file.filed, store: position})
            unsealed = file.unsealed + (store != SEALED)
            return replace(file, filed=filed, entries=file.entries + 1, unsealed=unsealed)
        case DocumentFiled():
            return _with_document(file, event)
        case ArchiveTested(authentic=a, complete=c, usable=u, safe=s, report=report):
            results = {"authentic": a, "complete": c, "usable": u, "safe": s}
            return replace(file, tested=Tested(MappingProxyType(results), report))
        case FileChecked(complete=complete, lacking=lacking, waived=waived):
            check = Check(complete, lacking, waived, file.unsealed, len(file.documents))
            return replace(file, checked=check, waived=waived)
        case FileClosed():
            return replace(file, closed=True)
        case FileHandedOver(documents=documents):
            return replace(file, handed_over=file.handed_over | {*documents})
    decisions = protecting.evolve(file.protections, event)
    return file if decisions is file.protections else replace(file, protections=decisions)


def _with_document(file: File, event: DocumentFiled) -> File:
    document = event.document
    changed = replace(
        file, documents=MappingProxyType({**file.documents, document: event.content})
    )
    if event.replaces is not None:
        replaced = {**file.replaced, event.replaces: document}
        changed = replace(changed, replaced=MappingProxyType(replaced))
    if event.commitment is not None:
        commitments = {**file.commitments, document: event.commitment}
        changed = replace(changed, commitments=MappingProxyType(commitments))
    return changed
