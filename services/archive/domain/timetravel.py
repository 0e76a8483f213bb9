"""Which entries of a file are in a cut: known by one position, happened by one time?"""

import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import accumulate, takewhile
from uuid import UUID

from contracts.archive import EntryFiled
from contracts.event import About, Event
from services.archive.domain.file import LEGAL_ZONE, Entry, Filed, Leaf, facts_of
from services.archive.domain.matter import Matter
from services.archive.domain.telling import fold, fold_leaves

type Moment = date | datetime
"""A legal day, meant to its end, or an instant."""

NOW = ("", "now")
_LOST_PLUS = re.compile(r" (?=\d\d:\d\d$)")
_LENGTH_OF_A_DAY = 10
FILES: str = EntryFiled.model_fields["type"].default
STRIDE = 250
"""After so many points a state is kept, so that the next cut need not begin at the beginning."""


class Unclear(ValueError):
    """What should name a cut or a moment names none."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What was known at a position of archive's order, of what had happened by a moment.

    None is no bound. The two axes are independent: the position is when we learned of it (known),
    the moment is when it was so (effective).
    """

    known: int | None = None
    effective: Moment | None = None

    def written(self) -> str:
        """As `History.cut` reads it."""
        known = "now" if self.known is None else str(self.known)
        return known if self.effective is None else f"{known}@{self.effective.isoformat()}"


@dataclass(frozen=True, slots=True)
class Point:
    """An entry, put into its place: what archive recorded and when, and the day it was so.

    What it tells is opened when somebody asks.
    """

    entry: Entry
    files: bool
    recorded: datetime
    day: date
    instant: datetime | None

    @property
    def about(self) -> About:
        """Who did what the entry tells, when, and what for."""
        return self.entry.leaf.parts()[0]

    @property
    def event(self) -> Event | None:
        """What the entry tells; None for what only another version understands."""
        return self.entry.leaf.told()[1]

    @property
    def own_id(self) -> UUID:
        """The id of archive's own event."""
        return self.entry.own.parts()[0].id

    @property
    def own(self) -> Event | None:
        """What archive itself recorded."""
        return self.entry.own.told()[1]

    @property
    def position(self) -> int:
        return self.entry.own.position

    def had_happened(self, by: Moment) -> bool:
        """Whether it was so by `by`; a fact that knows only its day was so on that day."""
        if isinstance(by, datetime):
            if self.instant is not None:
                return self.instant <= by
            return self.day <= by.astimezone(LEGAL_ZONE).date()
        return self.day <= by

    def was_recorded(self, by: Moment) -> bool:
        if isinstance(by, datetime):
            return self.recorded <= by
        return self.recorded.astimezone(LEGAL_ZONE).date() <= by


@dataclass(frozen=True, slots=True)
class History:
    """A file whose every entry is opened once, to be cut often.

    `days` are the points as things happened: by legal day, and within a day in archive's order,
    where no effect is before its cause. `reached` is the highest position up to each.
    """

    filed: Filed
    points: tuple[Point, ...]
    project: tuple[tuple[About, Event], ...]
    days: tuple[Point, ...]
    reached: tuple[int, ...]
    _kept: dict[int, Matter] = field(default_factory=dict, compare=False, repr=False)

    @property
    def matter(self) -> UUID:
        return self.filed.matter

    def seen(self, cut: Cut) -> tuple[Point, ...]:
        """What is in the cut, in archive's order."""
        return tuple(point for point in self.points if within(point, cut))

    def holds(self, point: Point, cut: Cut) -> bool:
        """Whether a point is in the cut."""
        return within(point, cut)

    def told(self, cut: Cut) -> Matter:
        """The matter of the cut, folded as things happened.

        Begins at the longest beginning that was folded before and lies in the cut whole.
        """
        whole = self._whole(cut) // STRIDE * STRIDE
        start = max((n for n in self._kept if n <= whole), default=0)
        matter = self._kept.get(start) or fold(self.project)
        for upto in range(start + STRIDE, whole + 1, STRIDE):
            matter = fold_leaves(copies_of(self.days[upto - STRIDE : upto]), matter)
            self._kept[upto] = matter
        rest = (point for point in self.days[whole:] if within(point, cut))
        return fold_leaves(copies_of(rest), matter)

    def _whole(self, cut: Cut) -> int:
        """How many of the first points, as things happened, are all in the cut."""
        size = len(self.days)
        known = size if cut.known is None else bisect(self.reached, cut.known)
        if cut.effective is None:
            return known
        by = cut.effective
        day = by.astimezone(LEGAL_ZONE).date() if isinstance(by, datetime) else by
        before = bisect(self.days, day, key=lambda point: point.day)
        if isinstance(by, datetime):
            while before and self.days[before - 1].day == day:
                before -= 1
        return min(known, before)

    def position(self, known: int | None) -> int:
        """The last position of the file that was known, 0 for none."""
        places = (p.position for p in reversed(self.points))
        return next((at for at in places if known is None or at <= known), 0)

    def position_at(self, by: Moment) -> int:
        """The last position that archive had recorded by a time of the clock, 0 for none.

        Archive's own time counts: what another service knew and archive had not heard was not
        in the file.
        """
        kept = (p.position for p in reversed(self.points) if p.was_recorded(by))
        return next(kept, 0)

    def hindsight(self, on: Moment) -> tuple[Cut, Cut]:
        """Of one time: as known then, as known now."""
        return Cut(self.position_at(on), on), Cut(None, on)

    def cut(self, text: str) -> Cut:
        """The cut that `KNOWN[@EFFECTIVE]` names; raises `Unclear`.

        KNOWN is a position, a day or an instant of the clock, or `now`; EFFECTIVE a day or an
        instant.
        """
        known, at, effective = text.strip().partition("@")
        return Cut(self.known(known), moment_of(effective) if at else None)

    def known(self, text: str) -> int | None:
        """The position that a position, a time of the clock or `now` names; raises `Unclear`."""
        text = text.strip()
        if text in NOW:
            return None
        if text.isascii() and text.isdigit() and len(text) < _LENGTH_OF_A_DAY:
            return int(text)
        return self.position_at(moment_of(text))


def history_of(filed: Filed, before: History | None = None) -> History:
    """`filed`, opened; what `before` had opened of the same file is not opened again."""
    known = _still_so(before, filed) if before else ()
    new = (point_of(entry) for entry in filed.entries[len(known) :])
    points = (*known, *new)
    days = sorted(points, key=lambda point: (point.day, point.position))
    reached = accumulate((point.position for point in days), max)
    return History(filed, points, tuple(facts_of(filed.project)), tuple(days), tuple(reached))


def moment_of(text: str) -> Moment:
    """A day, or an instant, in the legal time zone if it names none; raises `Unclear`."""
    text = text.strip()
    try:
        if len(text) == _LENGTH_OF_A_DAY:
            return date.fromisoformat(text)
        found = datetime.fromisoformat(_LOST_PLUS.sub("+", text) if "T" in text else text)
    except ValueError:
        raise Unclear(text) from None
    return found if found.tzinfo else found.replace(tzinfo=LEGAL_ZONE)


def _still_so(before: History, filed: Filed) -> tuple[Point, ...]:
    """The points that a file begins with as well; another file, or a copy that came since, ends it."""
    pairs = zip(before.points, filed.entries, strict=False)
    return tuple(p for p, _ in takewhile(lambda one: one[0].entry == one[1], pairs))


def within(point: Point, cut: Cut) -> bool:
    """Whether a point is in a cut."""
    known = cut.known is None or point.position <= cut.known
    return known and (cut.effective is None or point.had_happened(cut.effective))


def copies_of(points: Iterable[Point]) -> Iterator[Leaf]:
    """What the services tell; archive's own acts are no facts of the matter."""
    return (point.entry.copy for point in points if point.entry.copy is not None)


def point_of(entry: Entry) -> Point:
    """An entry in its place."""
    effective, instant = entry.leaf.glance("effective"), None
    if len(effective) == _LENGTH_OF_A_DAY:
        day = date.fromisoformat(effective)
    else:
        instant = datetime.fromisoformat(effective)
        day = instant.astimezone(LEGAL_ZONE).date()
    recorded = datetime.fromisoformat(entry.own.glance("recorded"))
    return Point(entry, entry.own.glance("type") == FILES, recorded, day, instant)
