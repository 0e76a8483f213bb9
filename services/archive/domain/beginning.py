"""How is a long file cut without reading all of it: from what its beginning told?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import batched

from services.archive.domain.discretion import rated
from services.archive.domain.file import LEGAL_ZONE, Filed, facts_of
from services.archive.domain.matter import Matter
from services.archive.domain.replay import Replayed, counted, own_of
from services.archive.domain.state import UNOPENED, File
from services.archive.domain.telling import fold, fold_leaves
from services.archive.domain.timetravel import Cut, History, Point, copies_of, within

EVERY = 500
"""A file is folded anew after so many entries; a shorter one is read as a whole."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the first `version` entries of a file tell, and whom they rate.

    `matter` is folded as things happened, the last of them on `last_day`; `today` in the file's
    order, by which rights are judged.
    """

    version: int
    position: int
    last_day: date
    leafhash: str
    matter: Matter
    today: Matter
    file: File
    rated: frozenset[str]

    def lies_in(self, cut: Cut) -> bool:
        """Whether all of it is in the cut, to the last day's end."""
        if cut.known is not None and cut.known < self.position:
            return False
        match cut.effective:
            case None:
                return True
            case datetime() as by:
                return self.last_day < by.astimezone(LEGAL_ZONE).date()
            case by:
                return self.last_day <= by


def beginnings_of(history: History) -> Iterator[Beginning]:
    """A file's beginnings, each `EVERY` entries longer; none goes past a copy that is missing."""
    filed = history.filed
    today, file = fold(facts_of(filed.project)), UNOPENED
    found, last = rated(Filed(filed.matter, (), filed.project)), date.min
    for turn, part in enumerate(batched(history.points, EVERY), 1):
        if len(part) < EVERY or any(p.files and p.entry.copy is None for p in part):
            return
        today = fold_leaves(copies_of(part), today)
        file = counted(own_of(part), file)
        found |= rated(Filed(filed.matter, tuple(p.entry for p in part)))
        last = max(last, *(p.day for p in part))
        at = part[-1].position
        matter = history.told(Cut(at))
        hash = part[-1].entry.own.leafhash
        yield Beginning(turn * EVERY, at, last, hash, matter, today, file, found)


def today_after(beginning: Beginning, rest: Sequence[Point]) -> Matter:
    """The matter as it is with what came after, in the file's order."""
    return fold_leaves(copies_of(rest), beginning.today)


def stood_after(beginning: Beginning, rest: Sequence[Point], cut: Cut) -> Replayed | None:
    """How the matter stood at a cut; `rest` is everything after the beginning that was known.

    None when something in it happened before the beginning's last day: then only the whole file
    tells.
    """
    seen = [point for point in rest if within(point, cut)]
    if not beginning.lies_in(cut) or any(p.day < beginning.last_day for p in seen):
        return None
    known = (p.position for p in rest if cut.known is None or p.position <= cut.known)
    happened = sorted(seen, key=lambda point: (point.day, point.position))
    return Replayed(
        position=max(known, default=beginning.position),
        matter=fold_leaves(copies_of(happened), beginning.matter),
        file=counted(own_of(seen), beginning.file),
    )
