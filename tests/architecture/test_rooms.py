"""The tree tells the story: same rooms, honest names, small files, no place in the code."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import contracts
import services
import shared
from contracts.edition import read_data
from contracts.pack import POLICIES
from tests.conftest import REPOSITORY

ROOTS = ("contracts", "shared", "services", "tests", "deploy")
ROOMS = {
    "__init__",
    "__main__",
    "agenda",
    "api",
    "app",
    "domain",
    "inbox",
    "migrations",
    "projections",
    "queries",
    "README",
    "service",
    "settings",
}
# What one service has beyond the common rooms.
ROOMS_OF = {
    "archive": {"cli", "verifier"},
    "evaluation": {"cli", "posting"},
    "feeds": {"cli"},
    "supervision": {"cli"},
    "console": set(
        "acting backend choosing entering filing film forms geometry listing matter matters "
        "naming oidc pages pictures rendering road schemas session static templates tokens "
        "wording words".split()
    ),
}
# The composition root is no service: it has no decisions, hence no rooms.
NOT_SERVICES = {"onebox"}
VAGUE = {"utils", "helpers", "common", "base", "misc", "core", "manager", "types"}
LONG, TOO_LONG = 300, 500
# One file that an auditor reads whole and takes away.
IN_ONE_PIECE = {"services/archive/verifier/verify.py": 600}

# The places we know live in policy packs, examples and tests, never in code: their codes, their
# names step by step (province, city, county), and what only one of them calls its bodies.
PACKS = [read_data(path) for path in sorted(POLICIES.glob("*/pack.yaml"))]
STEP = re.compile(r"(..+?)(?:省|市|县|区|[^省市县区]*族自治县)")
LONG_NAME = 8


def local_names() -> Iterator[str]:
    bodies = Counter(body["zh"] for pack in PACKS for body in pack.get("bodies", ()))
    for pack in PACKS:
        yield str(pack["jurisdiction"]["code"])
        yield from STEP.findall(pack["jurisdiction"]["zh"])
    yield from (name for name, packs in bodies.items() if packs == 1 and len(name) >= LONG_NAME)


EXEMPT = ("contracts/policies/", "contracts/examples/", "contracts/generated/", "tests/")
CODE = {".py", ".sql", ".sh", ".yaml", ".yml", ".json", ".toml", ".html", ".js", ".mjs", ".css"}
PLACE = re.compile(
    "|".join(
        rf"(?<!\d){name}(?!\d)" if name.isdigit() else re.escape(name)
        for name in sorted(set(local_names()))
    )
)


def files(*suffixes: str) -> Iterator[Path]:
    for root in ROOTS:
        for path in sorted((REPOSITORY / root).rglob("*")):
            if path.is_file() and path.suffix in suffixes and "__pycache__" not in path.parts:
                yield path


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def service_directories() -> list[Path]:
    return [
        path
        for path in sorted((REPOSITORY / "services").iterdir())
        if path.is_dir() and path.name not in NOT_SERVICES and not path.name.startswith("__")
    ]


@pytest.mark.parametrize("service", service_directories(), ids=lambda path: path.name)
def test_a_service_has_only_the_known_rooms(service: Path) -> None:
    rooms = {path.stem for path in service.iterdir() if path.name != "__pycache__"}
    assert rooms <= ROOMS | ROOMS_OF.get(service.name, set())


def test_no_module_hides_behind_a_vague_name() -> None:
    named = (part for path in files(".py") for part in (path.stem, path.parent.name))
    assert not VAGUE & set(named)


def test_no_module_is_too_long_and_long_ones_are_named() -> None:
    lengths = {name_of(path): path.read_text().count("\n") for path in files(".py")}
    if long := {name: n for name, n in lengths.items() if LONG < n <= TOO_LONG}:
        warnings.warn(f"long modules: {long}", stacklevel=1)
    assert not {n: k for n, k in lengths.items() if k > IN_ONE_PIECE.get(n, TOO_LONG)}


def test_every_module_opens_with_one_sentence() -> None:
    def opening(path: Path) -> str:
        first = re.match(r'\s*(?:#[^\n]*\n)*"""(.+?)(?:"""|\n\n)', path.read_text(), re.DOTALL)
        return first[1].strip() if first else ""

    silent = [name_of(path) for path in files(".py") if not opening(path)]
    assert not silent


def test_the_places_are_read_from_their_packs() -> None:
    names = set(local_names())
    assert {"酉阳", "霍山", "岳阳", "鞍山", "500242", "341525", "430600", "210300"} <= names
    assert {pack["jurisdiction"]["code"] for pack in PACKS} <= names
    assert [name for name in names if len(name) >= LONG_NAME]


def test_no_place_is_named_in_code() -> None:
    rooted = [REPOSITORY / name for name in ("Makefile", "pyproject.toml")]
    named = [
        f"{name_of(path)}:{number}: {found[0]}"
        for path in [*files(*CODE), *rooted]
        if not name_of(path).startswith(EXEMPT)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if (found := PLACE.search(line))
    ]
    assert not named


def test_every_verb_of_the_makefile_says_what_it_does() -> None:
    targets = re.findall(
        r"^([a-z][\w-]*):(?!=)(.*)$", (REPOSITORY / "Makefile").read_text(), re.M
    )
    assert targets
    assert not [name for name, rest in targets if "## " not in rest]


@pytest.mark.parametrize("root", [contracts, shared, services], ids=lambda root: root.__name__)
def test_the_roots_are_ours_and_not_another_distribution(root: object) -> None:
    place = getattr(root, "__file__", None)
    assert place is not None
    assert Path(place).is_relative_to(REPOSITORY)
