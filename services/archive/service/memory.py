"""What is known of a matter, without reading its whole file again for every question?"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from uuid import UUID
from weakref import WeakValueDictionary

from services.archive.domain.file import Entry, Filed, Leaf, facts_of
from services.archive.domain.matter import Matter
from services.archive.domain.telling import fold, fold_leaves
from services.archive.queries import Queries

MOST = 64
"""How many files are remembered."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A file as far as it was read, and the matter it tells. A log only grows: what was read stays."""

    entries: tuple[Entry, ...]
    project: tuple[Leaf, ...]
    matter: Matter


class Memory:
    """Reads on from where it stopped, file by file."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._known: OrderedDict[UUID, Remembered] = OrderedDict()
        self._turns: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()

    async def of(self, file: UUID) -> tuple[Filed, Matter]:
        """The whole file as it is now, and its matter; who asks meanwhile waits for the first."""
        async with self._turns.setdefault(file, asyncio.Lock()):
            return await self._read_on(file)

    async def _read_on(self, file: UUID) -> tuple[Filed, Matter]:
        known = self._known.get(file)
        entries = known.entries if known else ()
        more = tuple(await self._queries.entries_after(file, len(entries)))
        project = await self._beside(known, more)
        if known is None or project != known.project:
            matter = fold_leaves(_copies((*entries, *more)), fold(facts_of(project)))
        else:
            matter = fold_leaves(_copies(more), known.matter)
        # An entry whose copy is not there yet is read again: it is not remembered.
        if all(one.copy is not None or not _files(one) for one in more):
            self._known[file] = Remembered((*entries, *more), project, matter)
            self._known.move_to_end(file)
            if len(self._known) > MOST:
                self._known.popitem(last=False)
        return Filed(file, (*entries, *more), project), matter

    async def _beside(
        self, known: Remembered | None, more: tuple[Entry, ...]
    ) -> tuple[Leaf, ...]:
        project = known.matter.project if known else None
        for entry in more:
            project = project or entry.own.parts()[0].project
        if project is None:
            return ()
        return tuple(await self._queries.told_of_project(project))


def _copies(entries: tuple[Entry, ...]) -> list[Leaf]:
    return [entry.copy for entry in entries if entry.copy is not None]


def _files(entry: Entry) -> bool:
    return b'"type":"archive.entry_filed' in entry.own.body
