"""The rules in force: packs, their catalogues and calendars, found by area or by edition."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path

from contracts.calendar import Calendar, load_calendar, load_overlay
from contracts.catalogue import Catalogue, load_catalogue
from contracts.edition import DataRefused
from contracts.pack import POLICIES, Pack, home_of, load_pack
from contracts.pack.inherit import above
from shared.decider import Refused
from shared.tables import Tables, around, tables_of


@dataclass(frozen=True, slots=True)
class Rules:
    """A pack with the catalogue and the calendar it names; `older` are calendars once in force,
    `tables` the files that all of them were read from."""

    pack: Pack
    catalogue: Catalogue
    calendar: Calendar
    older: tuple[Calendar, ...] = ()
    tables: Tables | None = None

    @property
    def edition(self) -> str:
        return self.pack.edition

    def calendar_in(self, edition: str | None) -> Calendar | None:
        """The calendar of an edition a fact names; None when this deployment does not carry it."""
        known = (self.calendar, *self.older)
        return next((one for one in known if one.edition == edition), None)


NO_PACK = (
    "本地还没有政策包：请系统管理员在本机执行 onefile pack new --from 相近地方的包 --id 新包 "
    "--code {area} --zh 地名，改好后 onefile pack check 检查，再以 onefile up --packs 文件夹 启动；"
    "账号的区划填错了就用 onefile account move 改。 / "
    "No rules for this place yet: at the machine, onefile pack new --from A_NEAR_ONE --id NEW "
    "--code {area} --zh NAME, change it, onefile pack check, then onefile up --packs FOLDER. "
    "If the account has a wrong area: onefile account move."
)
"""What to do where an area has no pack."""


class Packs:
    """Every edition this deployment carries. An open matter keeps its edition (X-08).

    The *current* edition of a place is its `pack.yaml`; those in `editions/` beside it are
    carried for the matters that follow them, and to be activated again.
    """

    def __init__(self, current: Sequence[Rules], others: Sequence[Rules] = ()) -> None:
        self._by_edition = {r.edition: r for r in (*others, *current)}
        self._by_area = {r.pack.jurisdiction.code: r for r in current}

    @classmethod
    def load(cls, folder: Path | None) -> "Packs":
        """Packs of `folder` (`*/pack.yaml`, `*/editions/*.yaml`), or the shipped ones; `folder`
        may carry calendars and catalogues of its own (`shared.tables`)."""
        files = sorted((folder or POLICIES).glob("*/pack.yaml"))
        current = [_rules(file, None, _stamp(file)) for file in files]
        editions = [older for file in files for older in _older(file)]
        return cls(current, editions)

    def all(self) -> tuple[Rules, ...]:
        """The current rules of every place that has some of its own."""
        return tuple(self._by_area.values())

    def editions_of(self, area: str) -> tuple[Rules, ...]:
        """Every edition carried that a place may follow, its own or one from above."""
        code = self.for_area(area).pack.jurisdiction.code
        every = self._by_edition.values()
        return tuple(r for r in every if r.pack.jurisdiction.code == code)

    def carried(self) -> tuple[Rules, ...]:
        """Every edition carried, of every place."""
        return tuple(self._by_edition.values())

    def for_area(self, area: str) -> Rules:
        """The current rules of a place; refused when there are none.

        A place without a pack follows the nearest place above it whose pack says that it
        `applies_to_children` (GB/T 2260: city 990100 contains county 990124).
        """
        if (own := self._by_area.get(area)) is not None:
            return own
        for code in above(area):
            rules = self._by_area.get(code)
            if rules is not None and rules.pack.jurisdiction.applies_to_children:
                return rules
        raise Refused("no_pack_for_area", area=area, remedy=NO_PACK.format(area=area))

    def edition(self, edition: str) -> Rules:
        """The rules a matter follows; refused when this deployment does not carry them."""
        rules = self._by_edition.get(edition)
        if rules is None:
            raise Refused("pack_edition_unknown", edition=edition)
        return rules


def _older(file: Path) -> Iterator[Rules]:
    """The other editions of one pack: its older files, and each with its parent's older ones."""
    files = [file, *sorted((file.parent / "editions").glob("*.yaml"))]
    for one in files:
        rules = _rules(one, None, _stamp(one))
        parent = rules.pack.jurisdiction.inherits
        beside = home_of(one).parent / parent if parent else None
        olds = sorted((beside / "editions").glob("*.yaml")) if beside else []
        if one != file:
            yield rules
        for old in olds:
            try:
                yield _rules(one, old, _stamp(one, old))
            except DataRefused:
                continue  # never in force together: the older parent did not allow it


def rules_in(file: Path, parent: Path | None = None) -> Rules:
    """The rules of one pack file, whether in force anywhere or not."""
    return _rules(file, parent, _stamp(file))


def _stamp(*files: Path) -> int:
    """When the rules in `files`, or those they inherit from, were last changed."""
    homes = {home_of(file).parent for file in files}
    beside = [path for home in homes for path in (*home.glob("*/pack.yaml"), *around(home))]
    return max(path.stat().st_mtime_ns for path in [*files, *beside])


@cache
def _rules(file: Path, parent: Path | None, _changed: int) -> Rules:
    """Read once per process: in one box, five services follow the same rules."""
    pack = load_pack(file, load_pack(parent) if parent else None)
    tables = tables_of(pack, home_of(file).parent)
    calendar, *older = _calendars(tables)
    return Rules(pack, load_catalogue(tables.catalogue), calendar, tuple(older), tables)


def _calendars(tables: Tables) -> Iterator[Calendar]:
    """The calendar in force, with what the place adds; then the editions before it.

    Each stands with the overlays and without: a place may have added its own later.
    """
    added = [load_overlay(file) for file in tables.overlays]
    plain = load_calendar(tables.calendar)
    yield reduce(Calendar.overlaid, added, plain)
    if added:
        yield plain
    for older in map(load_calendar, tables.older):
        yield older
        if added:
            with suppress(DataRefused):  # the place's days of a year that was not announced
                yield reduce(Calendar.overlaid, added, older)
