"""Where can a file stand, and how does each event move it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from uuid import UUID

from contracts.archive import (
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
from contracts.vocabulary import MatterNumber, Word


@dataclass(frozen=True, slots=True)
class Check:
    """The last check of the file, and how much was on it then."""

    complete: bool
    lacking: tuple[Lack, ...]
    waived: tuple[Waiver, ...]
    entries: int
    documents: int


@dataclass(frozen=True, slots=True)
class File:
    """The file of a matter (档): `filed` is the last position filed of each store.

    A stream without `number` collects what belongs to no matter, and is never closed.
    """

    number: MatterNumber | None = None
    filed: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    entries: int = 0
    documents: Mapping[UUID, Word] = field(default_factory=lambda: MappingProxyType({}))
    checked: Check | None = None
    waived: tuple[Waiver, ...] = ()
    closed: bool = False
    handed_over: frozenset[UUID] = frozenset()

    def holds(self, store: str, position: int) -> bool:
        """Whether this fact is on file: within a stream each store is filed in its own order."""
        return position <= self.filed.get(store, 0)

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
            return replace(file, filed=filed, entries=file.entries + 1)
        case DocumentFiled(document=document, content=content):
            documents = MappingProxyType({**file.documents, document: content})
            return replace(file, documents=documents)
        case FileChecked(complete=complete, lacking=lacking, waived=waived):
            check = Check(complete, lacking, waived, file.entries, len(file.documents))
            return replace(file, checked=check, waived=waived)
        case FileClosed():
            return replace(file, closed=True)
        case FileHandedOver(documents=documents):
            return replace(file, handed_over=file.handed_over | {*documents})
    return file
