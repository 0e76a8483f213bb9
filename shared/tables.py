"""Which calendars, overlays and catalogues does a place rest on: its own before those we ship?

The folder of the packs may carry `calendars/`, `calendars/overlays/`, `calendars/editions/` and
`catalogues/` of its own, so that an operator follows a notice without a new installation.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.calendar import older_editions
from contracts.catalogue import load_catalogue
from contracts.edition import DataRefused, Problem
from contracts.pack import Pack

CONTRACTS = Path(__file__).parent.parent / "contracts"


@dataclass(frozen=True, slots=True)
class Tables:
    """The files that a pack names: `older` are calendars that were in force before."""

    calendar: Path
    overlays: tuple[Path, ...]
    older: tuple[Path, ...]
    catalogue: Path


def tables_of(pack: Pack, folder: Path) -> Tables:
    """The files of a pack in `folder`; refused where one of them is nowhere."""
    clocks = pack.clocks
    calendar = _file(folder, "calendars", clocks.calendar)
    return Tables(
        calendar,
        tuple(_file(folder, "calendars/overlays", one) for one in clocks.overlays),
        tuple(_older(folder, clocks.calendar, calendar)),
        _catalogue(folder, pack.catalogue),
    )


def around(folder: Path) -> tuple[Path, ...]:
    """The tables that lie in the folder of the packs itself."""
    return (*folder.glob("calendars/**/*.yaml"), *folder.glob("catalogues/*.yaml"))


def _file(folder: Path, kind: str, id: str) -> Path:
    for home in (folder, CONTRACTS):
        if (file := home / kind / f"{id}.yaml").is_file():
            return file
    raise DataRefused(
        Problem(
            kind,
            f"没有 {id}：请将 {id}.yaml 放入政策包文件夹的 {kind}/",
            f"there is no {id}: put {id}.yaml into {kind}/ of the folder of the packs",
        )
    )


def _older(folder: Path, id: str, current: Path) -> Iterator[Path]:
    """What was in force before; where a place has its own, what we ship is among it."""
    for home in (folder, CONTRACTS):
        yield from older_editions(id, home / "calendars")
    shipped = CONTRACTS / "calendars" / f"{id}.yaml"
    if shipped != current and shipped.is_file():
        yield shipped


def _catalogue(folder: Path, id: str) -> Path:
    for home in (folder, CONTRACTS):
        for file in sorted((home / "catalogues").glob("*.yaml")):
            if load_catalogue(file).id == id:
                return file
    raise DataRefused(
        Problem(
            "catalogue",
            f"没有事项目录 {id}：请将其放入政策包文件夹的 catalogues/",
            f"there is no catalogue {id}: put it into catalogues/ of the folder of the packs",
        )
    )
