"""How is a long file told often without opening every entry anew?"""

from collections import OrderedDict
from uuid import UUID

from services.archive.domain.file import Filed
from services.archive.domain.frames import Frame, Told, frames
from services.archive.domain.phrasing import Tongue

FRAMES = 40_000
"""So many frames are kept, of the files told last; one file is always kept."""

type _Key = tuple[UUID, bool, str | None]


class Stories:
    """Told files, by language and by the edition that names things; one that grew is told on."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, Told] = OrderedDict()

    def of(self, filed: Filed, edition: str | None, tongue: Tongue) -> tuple[Frame, ...]:
        """Every frame of the file, in archive's order."""
        key = filed.matter, tongue.english, edition
        told = self._kept.setdefault(key, {})
        self._kept.move_to_end(key)
        made = tuple(frames(filed, told, tongue))
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > FRAMES:
            self._kept.popitem(last=False)
        return made
