"""Which days are working days (工作日), and when is something due?"""

import datetime
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from contracts.edition import Data, DataRefused, Problem, build, edition_of, read_data

CALENDARS = Path(__file__).with_name("calendars")
NATIONAL = CALENDARS / "cn-national.yaml"
MAX_WORKING_DAYS = 10_000

type Day = datetime.date
type Text = Annotated[str, Field(min_length=1, max_length=200)]
type CalendarId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,38}$")]

_ONE_DAY = datetime.timedelta(days=1)
_SATURDAY = 5


class Notice(Data):
    """The document that fixes a year (放假通知)."""

    title: Text
    number: Text
    issued_on: datetime.date


class Festival(Data):
    """One festival of a notice: days off from–to inclusive, and make-up working days (调休)."""

    zh: Text
    first: datetime.date = Field(alias="from")
    last: datetime.date = Field(alias="to")
    work: tuple[datetime.date, ...]


class AnnouncedYear(Data):
    """What one notice says about one year."""

    year: int = Field(ge=1990, le=2200)
    notice: Notice
    festivals: tuple[Festival, ...]

    @model_validator(mode="after")
    def _stays_in_its_year(self) -> Self:
        off = [day for festival in self.festivals for day in _span(festival)]
        work = [day for festival in self.festivals for day in festival.work]
        if any(festival.first > festival.last for festival in self.festivals):
            raise _wrong("起日晚于止日", "a festival ends before it begins")
        if any(day.year != self.year for day in (*off, *work)):
            raise _wrong("日期不在本年度内", "a day lies in another year")
        if len({*off, *work}) != len(off) + len(work):
            raise _wrong("同一天出现两次", "a day is named twice")
        if any(day.weekday() < _SATURDAY for day in work):
            raise _wrong("调休上班日应为周末", "a make-up working day must be at a weekend")
        return self


class FixedDay(Data):
    """A statutory day off that has the same date every year (固定日期的法定假日)."""

    zh: Text
    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


class Statutory(Data):
    """The days the law itself names, used for years that are not announced."""

    law: Text
    every_year: tuple[FixedDay, ...]


class CalendarTable(Data):
    """The file of a national calendar."""

    format: Literal["onefile.calendar/v1"] = Field(alias="schema")
    id: CalendarId
    zh: Text
    tz: Literal["Asia/Shanghai"]
    published_until: datetime.date
    statutory: Statutory
    years: tuple[AnnouncedYear, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_no_gap(self) -> Self:
        years = [announced.year for announced in self.years]
        if years != list(range(years[0], years[0] + len(years))):
            raise _wrong("年度应连续且不重复", "years must follow one another")
        if self.published_until != datetime.date(years[-1], 12, 31):
            raise _wrong("published_until 应为最后一年的12月31日", "not the last day listed")
        return self


class OverlayTable(Data):
    """The file of a local overlay (地方放假安排): days added to a calendar."""

    format: Literal["onefile.calendar-overlay/v1"] = Field(alias="schema")
    id: CalendarId
    zh: Text
    over: CalendarId
    area: Annotated[str, Field(pattern=r"^\d{6}$")]
    years: tuple[AnnouncedYear, ...]


@dataclass(frozen=True, slots=True)
class Overlay:
    """A loaded overlay and its edition."""

    edition: str
    table: OverlayTable


@dataclass(frozen=True, slots=True)
class Due:
    """A day something is due; `estimated` (预估) when a year on the way is not announced."""

    date: datetime.date
    estimated: bool


@dataclass(frozen=True, slots=True)
class DayKind:
    """One line of a day-by-day ledger: the day, whether it counts, and why."""

    day: datetime.date
    working: bool
    why: str
    estimated: bool


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar in force: the national table, perhaps with local overlays."""

    id: str
    edition: str
    published_until: datetime.date
    announced: frozenset[int]
    off: Mapping[Day, str]
    work: Mapping[Day, str]
    every_year: Mapping[tuple[int, int], str]
    _sums: dict[int, array[int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def is_working(self, day: Day) -> bool:
        """Whether `day` is a working day."""
        sums, n = self._sums_of(day.year), day.toordinal() - _before(day.year)
        return sums[n] > sums[n - 1]

    def kind_of(self, day: Day) -> DayKind:
        """Say of `day` whether it is a working day, why, and whether that is announced."""
        estimated = day.year not in self.announced
        if day in self.work:
            return DayKind(day, True, f"{self.work[day]}调休上班", estimated)
        fixed = self.every_year.get((day.month, day.day)) if estimated else None
        if name := self.off.get(day, fixed):
            return DayKind(day, False, f"{name}放假", estimated)
        if day.weekday() >= _SATURDAY:
            return DayKind(day, False, "周末", estimated)
        return DayKind(day, True, "工作日", estimated)

    def add_working_days(
        self, start: Day, n: int, suspended: Sequence[tuple[Day, Day]] = ()
    ) -> Due:
        """The day on which `n` working days after `start` are full; `start` is not counted.

        `suspended` are special procedures (特别程序) as (start, end): the days after the first
        up to and including the second do not count. Raises ValueError unless 0 ≤ n ≤ 10 000.
        """
        if not 0 <= n <= MAX_WORKING_DAYS:
            raise ValueError(f"working days must be from 0 to {MAX_WORKING_DAYS}, not {n}")
        day = self._full(start, n)
        if suspended:
            day, left = start, n
            while left:
                day += _ONE_DAY
                if self.is_working(day) and not any(a < day <= b for a, b in suspended):
                    left -= 1
        announced = self.announced.issuperset(range(start.year, day.year + 1))
        return Due(day, not announced)

    def _full(self, start: Day, n: int) -> Day:
        """The day on which `n` working days after `start` are full."""
        if n == 0:
            return start
        year, wanted = start.year, self._until(start) + n
        while (sums := self._sums_of(year))[-1] < wanted:
            wanted, year = wanted - sums[-1], year + 1
        return datetime.date.fromordinal(_before(year) + bisect_left(sums, wanted))

    def working_days_between(self, a: Day, b: Day) -> int:
        """How many working days lie after `a` up to and including `b`; negative when b < a."""
        if b < a:
            return -self.working_days_between(b, a)
        return self._until(b) - self._until(a) + self._whole_years(a.year, b.year)

    def _until(self, day: Day) -> int:
        return self._sums_of(day.year)[day.toordinal() - _before(day.year)]

    def _whole_years(self, first: int, last: int) -> int:
        return sum(self._sums_of(year)[-1] for year in range(first, last))

    def _sums_of(self, year: int) -> array[int]:
        """How many working days of `year` there are up to its n-th day, for each n from 0."""
        if (known := self._sums.get(year)) is None:
            days = _days(datetime.date(year, 1, 1), datetime.date(year, 12, 31))
            working = (int(self.kind_of(day).working) for day in days)
            known = self._sums[year] = array("H", accumulate(working, initial=0))
        return known

    def next_working_day(self, day: Day) -> Day:
        """The first working day after `day`."""
        return self.add_working_days(day, 1).date

    def working_day_from(self, day: Day) -> Day:
        """`day` itself when it is a working day, else the next one."""
        return day if self.is_working(day) else self.next_working_day(day)

    def overlaid(self, overlay: Overlay) -> Self:
        """This calendar with a place's own days; raises `DataRefused` when made for another."""
        table = overlay.table
        if table.over != self.id:
            en = f"made for {table.over!r}, not for {self.id!r}"
            raise DataRefused(Problem("over", f"该安排针对“{table.over}”", en))
        strange = {announced.year for announced in table.years} - self.announced
        if strange:
            en = f"the calendar has no notice for {sorted(strange)} yet: import that first"
            raise DataRefused(Problem("years", "全国安排尚未公布的年度不能叠加", en))
        off, work = _days_of(table.years)
        both = {"calendar": self.edition, "overlay": overlay.edition}
        return replace(
            self,
            edition=edition_of(f"{self.id}.{table.id}", both),
            off=_without(self.off, work) | off,
            work=_without(self.work, off) | work,
        )


def load_calendar(source: bytes | Path = NATIONAL) -> Calendar:
    """Load a national calendar; raises `DataRefused` with everything that is wrong with it."""
    data = read_data(source)
    table = build(CalendarTable, data)
    off, work = _days_of(table.years)
    fixed = {(fixed.month, fixed.day): fixed.zh for fixed in table.statutory.every_year}
    return Calendar(
        id=table.id,
        edition=edition_of(table.id, data),
        published_until=table.published_until,
        announced=frozenset(announced.year for announced in table.years),
        off=MappingProxyType(off),
        work=MappingProxyType(work),
        every_year=MappingProxyType(fixed),
    )


def older_editions(id: str, folder: Path = CALENDARS) -> tuple[Path, ...]:
    """What was in force before (旧版日历), kept so that an old due day can still be explained."""
    files = sorted((folder / "editions").glob("*.yaml"))
    return tuple(file for file in files if load_calendar(file).id == id)


def load_overlay(source: bytes | Path) -> Overlay:
    """Load a local overlay (地方放假安排); raises `DataRefused`."""
    data = read_data(source)
    table = build(OverlayTable, data)
    return Overlay(edition_of(table.id, data), table)


def _before(year: int) -> int:
    """The ordinal of the last day before `year`."""
    return datetime.date(year, 1, 1).toordinal() - 1


def _days_of(years: Sequence[AnnouncedYear]) -> tuple[dict[Day, str], dict[Day, str]]:
    festivals = [festival for announced in years for festival in announced.festivals]
    off = {day: festival.zh for festival in festivals for day in _span(festival)}
    return off, {day: festival.zh for festival in festivals for day in festival.work}


def _without(days: Mapping[Day, str], others: Mapping[Day, str]) -> dict[Day, str]:
    return {day: name for day, name in days.items() if day not in others}


def _span(festival: Festival) -> list[Day]:
    return list(_days(festival.first, festival.last))


def _days(first: Day, last: Day) -> Iterator[Day]:
    return (first + n * _ONE_DAY for n in range((last - first).days + 1))


def _wrong(zh: str, en: str) -> DataRefused:
    return DataRefused(Problem("", zh, en))
