"""The rules in force: packs, their catalogues and calendars, found by area or by edition."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from contracts.calendar import Calendar, load_calendar, load_overlay
from contracts.catalogue import Catalogue, load_catalogue
from contracts.pack import Pack, load_pack, shipped_packs
from shared.decider import Refused

CONTRACTS = Path(__file__).parent.parent / "contracts"


@dataclass(frozen=True, slots=True)
class Rules:
    """A pack with the catalogue and the calendar it names."""

    pack: Pack
    catalogue: Catalogue
    calendar: Calendar

    @property
    def edition(self) -> str:
        return self.pack.edition


class Packs:
    """Every edition this deployment carries. An open matter keeps its edition (X-08)."""

    def __init__(self, rules: list[Rules]) -> None:
        self._by_edition = {r.edition: r for r in rules}
        self._by_area = {r.pack.jurisdiction.code: r for r in rules}

    @classmethod
    def load(cls, folder: Path | None) -> "Packs":
        """Packs of `folder` (`*/pack.yaml`), or the shipped ones."""
        files = sorted(folder.glob("*/pack.yaml")) if folder else shipped_packs()
        return cls([_rules(file, file.stat().st_mtime_ns) for file in files])

    def all(self) -> tuple[Rules, ...]:
        return tuple(self._by_edition.values())

    def for_area(self, area: str) -> Rules:
        """The rules of a place; refused when there are none."""
        rules = self._by_area.get(area)
        if rules is None:
            raise Refused("no_pack_for_area", area=area)
        return rules

    def edition(self, edition: str) -> Rules:
        """The rules a matter follows; refused when this deployment does not carry them."""
        rules = self._by_edition.get(edition)
        if rules is None:
            raise Refused("pack_edition_unknown", edition=edition)
        return rules


@cache
def _rules(file: Path, _changed: int) -> Rules:
    """Read once per process: in one box, five services follow the same rules."""
    pack = load_pack(file)
    calendar = load_calendar(_file("calendars", pack.clocks.calendar))
    for overlay in pack.clocks.overlays:
        calendar = calendar.overlaid(load_overlay(_file("calendars/overlays", overlay)))
    return Rules(pack, load_catalogue(_catalogue(pack.catalogue)), calendar)


def _file(folder: str, name: str) -> Path:
    return CONTRACTS / folder / f"{name}.yaml"


def _catalogue(id: str) -> Path:
    for file in sorted((CONTRACTS / "catalogues").glob("*.yaml")):
        if load_catalogue(file).id == id:
            return file
    raise Refused("catalogue_unknown", catalogue=id)
