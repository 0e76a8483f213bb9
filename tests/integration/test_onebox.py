"""One box as its owner meets it: it starts, answers, stops, goes on, and refuses with a remedy."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from services.onebox.child import BEAT
from services.onebox.people import demos
from services.onebox.platform import Platform
from services.onebox.ports import HOST
from shared.effects import monotonic
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START

NOTHING: Mapping[str, str] = MappingProxyType({})
turn = Event()
ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """One home for the whole module: a box that was up before is up again sooner."""
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        yield Path(place) / "box"


class Started:
    """`onefile up` as a process, with what it printed so far."""

    def __init__(self, home: Path, environment: Mapping[str, str]) -> None:
        self.home = home
        self._screen = home.parent / "screen"
        with self._screen.open("w") as screen:
            self.process = subprocess.Popen(
                [*ONEFILE, "up", "--home", str(home)],
                cwd=REPOSITORY,
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **environment},
            )

    def said(self) -> str:
        return self._screen.read_text()

    def state(self) -> dict[str, dict[str, str]]:
        """What the box tells tools, once it is up."""
        file = self.home / "box.json"
        deadline = monotonic() + START
        while not file.exists() or "启动" not in self.said():
            assert self.process.poll() is None, self.said()
            assert monotonic() < deadline, self.said()
            turn.wait(BEAT)
        state: dict[str, dict[str, str]] = json.loads(file.read_text())
        return state

    def end(self, number: signal.Signals = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE)


@contextmanager
def up(home: Path, environment: Mapping[str, str] = NOTHING) -> Iterator[Started]:
    started = Started(home, environment)
    try:
        yield started
    finally:
        if started.process.poll() is None:
            started.process.kill()
            started.process.wait()


def asked(address: str, **more: Any) -> httpx.Response:
    return httpx.get(address, timeout=PATIENCE, **more)


def ready(address: str) -> bool:
    """It says so: a disk that stalls for a moment makes it say no for that moment."""
    deadline = monotonic() + PATIENCE
    while (answer := asked(f"{address}/readyz")).status_code != 200:
        assert monotonic() < deadline, answer.text
        turn.wait(BEAT)
    return True


def servers_of(home: Path) -> list[str]:
    """Command lines of processes that still work on the data of `home`."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = place.read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it ended meanwhile
            continue
        if str(home) in line and f"up --home {home}" not in line:
            found.append(line)
    return found


def refused(home: Path, *more: str, environment: Mapping[str, str] = NOTHING) -> str:
    """What `onefile up` says when it refuses to start."""
    done = subprocess.run(
        [*ONEFILE, "up", "--home", str(home), *more],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=START,
        env={**os.environ, **environment},
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.startswith("onefile: ")
    assert "Traceback" not in done.stdout + done.stderr
    return done.stderr


def test_a_typo_in_any_variable_of_ours_is_told_before_anything_starts(home: Path) -> None:
    said = refused(home, environment={"ONEFILE_PACK": "/x", "ONEFILE_PUBLIC_ADRESS": "y"})
    assert "ONEFILE_PACK: 没有这个设置" in said
    assert "ONEFILE_PUBLIC_ADDRESS" in said
    assert not home.exists()


def test_a_box_comes_up_answers_stops_on_ctrl_c_and_resumes(home: Path) -> None:
    with up(home) as box:
        state = box.state()
        assert set(state["addresses"]) == {
            "intake", "assignment", "supervision", "evaluation", "archive", "issuer", "console",
            "feeds",
        }  # fmt: skip
        for name, address in state["addresses"].items():
            assert ready(address)
            shown = "sign-in" if name == "console" else "docs"
            assert asked(f"{address}/{shown}").status_code == 200
            assert address in box.said()
        secret_files = [
            home / "box.json",
            home / "deployment.key",
            *(home / "secrets").iterdir(),
        ]
        assert {oct(file.stat().st_mode & 0o777) for file in secret_files} == {"0o600"}
        bearer = {"Authorization": f"Bearer {state['tokens']['auditor']}"}
        log = asked(f"{state['addresses']['intake']}/log/messages", headers=bearer)
        assert log.status_code == 200

        second = refused(home)
        assert "is in use by process" in second
        assert "stop that Onefile first" in second

        assert box.end(signal.SIGINT) == 0
        assert "已停止 Stopped" in box.said()
    assert not (home / "box.json").exists()
    assert servers_of(home) == []

    key = (home / "deployment.key").read_bytes()
    with _taken(8601) as ours:
        with up(home) as box:
            state = box.state()
            moved = not state["addresses"]["intake"].endswith(":8601")
            assert moved or not ours, "it is ours"
            assert ("Port 8601 is taken: intake uses" in box.said()) is moved
            assert ready(state["addresses"]["intake"])
            assert (home / "deployment.key").read_bytes() == key
            assert box.end(signal.SIGTERM) == 0
    assert servers_of(home) == []
    lines = (home / "log" / "onefile.log").read_text().splitlines()
    assert lines
    assert all("event" in json.loads(line) for line in lines)


@contextmanager
def _taken(port: int) -> Iterator[bool]:
    """Whether it is ours meanwhile: another box, which may end at any time, may have it."""
    try:
        held = socket.create_server((HOST, port))
    except OSError:
        yield False
        return
    with held:
        yield True


def test_a_killed_box_leaves_no_server_and_starts_again(home: Path) -> None:
    with up(home) as box:
        box.state()
        assert box.end(signal.SIGKILL) == -signal.SIGKILL
        deadline = monotonic() + PATIENCE
        while servers_of(home):
            assert monotonic() < deadline, servers_of(home)
            turn.wait(BEAT)
    with up(home) as box:
        box.state()
        assert box.end() == 0


def test_a_server_that_dies_ends_the_box_with_a_sentence(home: Path) -> None:
    with up(home) as box:
        box.state()
        pid = int((home / "pg" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)
        assert box.process.wait(PATIENCE) == 1
        assert "postgres ended unexpectedly" in box.said()
        assert "Start it again" in box.said()
        assert "Traceback" not in box.said()
    assert servers_of(home) == []


def test_a_box_without_its_deployment_key_is_refused_when_it_holds_personal_data(
    home: Path,
) -> None:
    with up(home) as box:
        state = box.state()
        _register_something(state)
        assert box.end() == 0
    key = (home / "deployment.key").read_bytes()
    (home / "deployment.key").unlink()
    assert "deployment.key is missing" in refused(home)
    (home / "deployment.key").write_bytes(key[:-1])
    assert "does not hold 32 bytes" in refused(home)
    (home / "deployment.key").write_bytes(key)


def test_data_of_another_postgres_is_refused(home: Path) -> None:
    version = home / "pg" / "PG_VERSION"
    before = version.read_text()
    version.write_text("9\n")
    assert "was made by PostgreSQL 9" in refused(home)
    version.write_text(before)


def test_a_home_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "choose another home" in refused(tmp_path / "file" / "box")


async def test_servers_of_ones_own_are_used_and_left_running(tmp_path: Path) -> None:
    async with Platform(
        tmp_path / "servers", durable=False, pg_port=0, nats_port=0
    ) as platform:
        own = {
            "ONEFILE_PG_DSN": platform.pg_dsn(),
            "ONEFILE_NATS_URL": platform.nats_url,
            "ONEFILE_NATS_TOKEN": platform.nats_token,
        }
        with up(tmp_path / "box", environment=own) as box:
            state = await asyncio.to_thread(box.state)
            assert "of your own is used" in box.said()
            assert await asyncio.to_thread(ready, state["addresses"]["archive"])
            assert await asyncio.to_thread(box.end) == 0
        assert not (tmp_path / "box" / "pg").exists()
        assert platform.pid("postgres")
        dsn = platform.pg_dsn().replace("postgresql://postgres:", "postgresql://postgres:no")
        said = refused(tmp_path / "box", environment=own | {"ONEFILE_PG_DSN": dsn})
        assert "ONEFILE_PG_DSN" in said
        said = refused(tmp_path / "box", environment=own | {"ONEFILE_NATS_TOKEN": "no"})
        assert "ONEFILE_NATS_TOKEN" in said


AT_HELP = """
import atexit, json, sys
sys.argv = ["onefile", "--help"]
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
from services.cli import main
main()
"""
SLOW = {
    "asyncpg", "eventsourcing", "fastapi", "faststream", "fontTools", "httpx", "jinja2", "joserfc",
    "nats", "openpyxl", "starlette", "typst", "uvicorn",
}  # fmt: skip
"""What servers and papers need: whoever asks for help waits for none of it."""


def test_help_is_quick_and_teaches() -> None:
    program = [sys.executable, "-c", AT_HELP]
    done = subprocess.run(program, cwd=REPOSITORY, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    imported = set(json.loads(done.stderr))
    assert "services.cli" in imported and not SLOW & imported
    rooms = {name for name in imported if name.startswith("services.")}
    assert rooms == {"services.cli"}, "no service is loaded for a sentence about it"
    for word in ("onefile demo", "onefile up --demo", "replay", "verify", "tail", "--home"):
        assert word in done.stdout


def _register_something(state: dict[str, dict[str, str]]) -> None:
    issuer, intake = state["addresses"]["issuer"], state["addresses"]["intake"]
    signed_in = httpx.post(f"{issuer}/token", json={"person": "unit"}, timeout=PATIENCE)
    token = signed_in.json()["access_token"]
    made = httpx.post(
        f"{intake}/projects",
        timeout=PATIENCE,
        json={"area": demos()[0].area, "name": "测试项目", "unit": "测试公司"},
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "one"},
    )
    assert made.status_code == 201, made.text
