"""How is a long file cut often without opening every entry anew?"""

from collections import OrderedDict
from typing import NamedTuple
from uuid import UUID

from services.archive.domain.matter import Matter
from services.archive.domain.timetravel import History, history_of
from services.archive.service.memory import Memory

ENTRIES = 40_000
"""So many entries are kept open, of the files looked at last; one file is always kept."""


class Opened(NamedTuple):
    """An opened file, and the matter as it is today in archive's order: whose rights hold."""

    history: History
    today: Matter


class Histories:
    """Opened files: what was opened stays so, and a file that grew is opened from there on."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._kept: OrderedDict[UUID, History] = OrderedDict()

    async def of(self, matter: UUID) -> Opened:
        """The file as it is now."""
        filed, today = await self._memory.of(matter)
        known = self._kept.get(matter)
        if known is None or known.filed != filed:
            known = self._kept[matter] = history_of(filed, known)
        self._kept.move_to_end(matter)
        while len(self._kept) > 1 and self._entries() > ENTRIES:
            self._kept.popitem(last=False)
        return Opened(known, today)

    def knows(self, matter: UUID) -> bool:
        """Whether the file was opened already: then every cut of it is near."""
        return matter in self._kept

    def _entries(self) -> int:
        return sum(len(history.points) for history in self._kept.values())
