"""The client as an agency gets it: a wheel, in a fresh environment, with nothing of ours beside it."""

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest

from services.onebox.platform import Platform
from tests.integration.feeds_scene import Member, agency, door
from tests.integration.test_agency_client import EVENTS, fee

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "contracts" / "client"
TYPED = """\
from onefile_client import Event, Reader, Store
def position(store: Store) -> int:
    return store.position
def wrong(event: Event) -> int:
    return event.type
"""


def run(*command: str | Path, at: Path = ROOT, check: bool = True) -> str:
    """What a program says, run without anything of this repository on its path."""
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=at,
        env=kept,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout + ("" if check else done.stderr)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: list[Path] = []
    for name in ("one", "two"):
        folder = tmp_path_factory.mktemp(name)
        run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, at=CLIENT)
        made += folder.glob("*.whl")
    assert made[0].read_bytes() == made[1].read_bytes(), "built twice, the same bytes"
    return made[0]


@pytest.fixture(scope="module")
def fresh(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it asks for, nothing else."""
    home = tmp_path_factory.mktemp("agency") / "venv"
    run(sys.executable, "-m", "venv", home)
    python = home / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    return home / "bin"


def test_the_wheel_says_what_it_is_and_holds_the_client_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as content:
        names = content.namelist()
        (metadata,) = (n for n in names if n.endswith(".dist-info/METADATA"))
        told = message_from_bytes(content.read(metadata))
    assert {n.split("/")[0] for n in names} == {"onefile_client", metadata.split("/")[0]}
    assert "onefile_client/py.typed" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)
    assert told["Name"] == "onefile-client" and told["License-Expression"] == "Apache-2.0"
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    assert str(told.get_payload()).startswith("# onefile-client")
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_its_types_are_seen_by_whoever_uses_it(fresh: Path, tmp_path: Path) -> None:
    (tmp_path / "ours.py").write_text(TYPED)
    mypy: list[str | Path] = [
        sys.executable,
        "-m",
        "mypy",
        "--strict",
        "--cache-dir",
        tmp_path / "cache",
    ]
    told = run(
        *mypy, "--python-executable", fresh / "python", "ours.py", at=tmp_path, check=False
    )
    assert "ours.py:5" in told and "Found 1 error" in told, told


def test_its_command_makes_a_key_and_teaches(fresh: Path, tmp_path: Path) -> None:
    assert "kit" in run(fresh / "onefile-client", "--help", at=tmp_path)
    public = run(fresh / "onefile-client", "key", "tax.seed", at=tmp_path).strip()
    assert public.startswith("U") and len(public) == 56
    assert (tmp_path / "tax.seed").stat().st_mode & 0o777 == 0o600
    again = run(fresh / "onefile-client", "key", "tax.seed", at=tmp_path, check=False)
    assert "exists already" in again


async def test_the_worked_agency_lives_on_it(
    platform: Platform, fresh: Path, tmp_path: Path
) -> None:
    """Rebuilds, proves under the operator's signature, loses its disk, rebuilds the same."""
    member = Member("tax")
    public = await asyncio.to_thread(
        run, fresh / "onefile-client", "key", "tax.seed", at=tmp_path
    )
    keys = [member.key(nkey=public.strip()), member.key()]
    async with door(platform, agency(member, events=EVENTS, keys=keys)) as at:
        for n in range(40):
            at.speakers.say("supervision.fee_due.v1", fact=fee(n))
        await at.until(member, 40)
        program: list[str | Path] = [
            fresh / "python",
            ROOT / "contracts/examples/agency/tax.py",
        ]

        async def tax(verb: str, store: str) -> str:
            where = ["--url", at.address, "--seed", "tax.seed", "--store", store]
            return await asyncio.to_thread(run, *program, verb, *where, at=tmp_path)

        vkey: list[str | Path] = [fresh / "python", "-c", _VKEY, at.address]
        assert "complete: 40" in await tax("prove", "a.db")
        pinned = json.loads(await asyncio.to_thread(run, *vkey, at=tmp_path))
        assert pinned["vkey"].startswith("onefile.box")
        first = await tax("fees", "a.db")
        assert "40 fees, 780" in first
        assert (await tax("rebuild", "b.db")).strip() == "位置 position 40"
        proofs = [await tax("prove", store) for store in ("a.db", "b.db")]
        assert proofs[0] == proofs[1] and "complete: 40" in proofs[0]
        assert await tax("fees", "b.db") == first


_VKEY = """
import json, sys
from pathlib import Path
from onefile_client import Key, Source
with Source(sys.argv[1], "tax", Key.load(Path("tax.seed"))) as source:
    print(json.dumps({"vkey": source.vkey()}))
"""
