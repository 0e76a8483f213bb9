"""The embedded PostgreSQL and NATS: they start, keep, refuse, and leave nothing behind."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncpg
import nats
import pytest
from nats.aio.client import Client
from nats.errors import Error as NatsError

from services.onebox.binaries import find_nats, find_postgres
from services.onebox.child import BEAT
from services.onebox.errors import ForeignData, HomeInUse, ServerFailed, ServerMissing
from services.onebox.platform import Platform
from services.onebox.ports import free_port
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE


@pytest.fixture
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="onefile-", ignore_cleanup_errors=True) as place:
        yield Path(place) / "home"


def quick(home: Path) -> Platform:
    return Platform(home, durable=False, pg_port=0, nats_port=0)


async def ask(platform: Platform, sql: str) -> object:
    connection = await asyncpg.connect(platform.pg_dsn())
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def on_the_bus(platform: Platform) -> Client:
    return await nats.connect(
        platform.nats_url, token=platform.nats_token, allow_reconnect=False,
        connect_timeout=int(PATIENCE),
    )  # fmt: skip


async def until(true: Callable[[], bool]) -> None:
    for _ in range(int(PATIENCE / BEAT)):
        if true():
            return
        await asyncio.sleep(BEAT)
    raise AssertionError("it did not come true in time")


def runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


async def test_postgres_answers_sql_as_the_version_we_ship(platform: Platform) -> None:
    version = await ask(platform, "SELECT current_setting('server_version_num')::int")
    assert isinstance(version, int)
    assert version >= find_postgres().version[0] * 10_000 >= 150_000


async def test_the_wheels_bring_postgres_18(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ONEFILE_PG_BIN", raising=False)
    assert find_postgres().version >= (18, 0)


async def test_postgres_is_set_up_for_one_box(platform: Platform) -> None:
    shown = {
        name: await ask(platform, f"SHOW {name}")
        for name in ("jit", "timezone", "synchronous_commit", "password_encryption")
    }
    assert shown == {
        "jit": "off",
        "timezone": "UTC",
        "synchronous_commit": "on",
        "password_encryption": "scram-sha-256",
    }
    assert await ask(platform, "SHOW server_encoding") == "UTF8"


async def test_jetstream_stores_a_message(platform: Platform) -> None:
    bus = await on_the_bus(platform)
    stream = bus.jetstream(timeout=PATIENCE)
    await stream.add_stream(name="PLATFORM", subjects=["platform.>"])
    assert (await stream.publish("platform.one", b"x")).seq == 1
    await stream.delete_stream("PLATFORM")
    await bus.close()


async def test_each_test_has_an_empty_database(database: str) -> None:
    connection = await asyncpg.connect(database)
    tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    assert await connection.fetchval(tables) == 0
    await connection.close()


async def test_neither_server_lets_anybody_in_without_the_secret(platform: Platform) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host="127.0.0.1", port=platform.pg_port, user="postgres", password="guess"
        )
    stranger = Client()
    with pytest.raises(NatsError, match=r"(?i)authorization"):
        await stranger.connect(
            platform.nats_url, token="guess", allow_reconnect=False,
            connect_timeout=int(PATIENCE),
        )  # fmt: skip
    await stranger.close()


async def test_the_secrets_are_closed_to_other_users(platform: Platform) -> None:
    modes = {
        place.name: place.stat().st_mode & 0o777
        for place in (
            platform.home / "postgres.password",
            platform.home / "nats.token",
            platform.home / "nats.conf",
            platform.home / "tmp",
        )
    }
    assert modes == {
        "postgres.password": 0o600,
        "nats.token": 0o600,
        "nats.conf": 0o600,
        "tmp": 0o700,
    }
    assert not list((platform.home / "tmp").glob("*password*"))


async def test_a_durable_box_syncs_every_write(home: Path) -> None:
    async with Platform(home, pg_port=0, nats_port=0) as box:
        assert await ask(box, "SHOW fsync") == "on"
        assert await ask(box, "SHOW full_page_writes") == "on"
        assert '"sync_interval": "always"' in (home / "nats.conf").read_text()


async def test_a_stopped_box_starts_again_with_its_data(home: Path) -> None:
    async with quick(home) as box:
        await ask(box, "CREATE TABLE kept AS SELECT 42 AS answer")
        bus = await on_the_bus(box)
        await bus.jetstream(timeout=PATIENCE).add_stream(name="KEPT", subjects=["kept"])
        await bus.jetstream(timeout=PATIENCE).publish("kept", b"42")
        await bus.close()

    async with quick(home) as box:
        assert await ask(box, "SELECT answer FROM kept") == 42
        bus = await on_the_bus(box)
        assert (await bus.jetstream(timeout=PATIENCE).get_msg("KEPT", 1)).data == b"42"
        await bus.close()


async def test_killed_servers_start_again_on_their_ports_with_what_they_acknowledged(
    home: Path,
) -> None:
    async with quick(home) as box:
        ports = (box.pg_port, box.nats_port)
        await ask(box, "CREATE TABLE kept (n int)")
        bus = await on_the_bus(box)
        await bus.jetstream(timeout=PATIENCE).add_stream(name="KEPT", subjects=["kept"])
        for n in range(50):
            await ask(box, f"INSERT INTO kept VALUES ({n})")
            await bus.jetstream(timeout=PATIENCE).publish("kept", b"%d" % n)
        idle = await asyncpg.connect(box.pg_dsn())  # a backend that outlives its postmaster
        await asyncio.gather(box.kill_postgres(), box.kill_nats())
        await asyncio.gather(box.start_postgres(), box.start_nats())
        idle.terminate()
        await bus.close()

        assert (box.pg_port, box.nats_port) == ports
        assert await ask(box, "SELECT count(*) FROM kept") == 50
        bus = await on_the_bus(box)
        assert (await bus.jetstream(timeout=PATIENCE).stream_info("KEPT")).state.messages == 50
        await bus.close()


async def test_a_paused_server_is_silent_and_goes_on_when_resumed(home: Path) -> None:
    async with quick(home) as box:
        connection = await asyncpg.connect(box.pg_dsn())
        box.pause("postgres")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(question := ping(connection)), 0.3)
        box.resume("postgres")
        assert await question == 1
        await connection.close()


def ping(connection: "asyncpg.Connection[asyncpg.Record]") -> asyncio.Task[object]:
    async def answer() -> object:
        return await connection.fetchval("SELECT 1")

    return asyncio.create_task(answer())


async def test_a_box_closed_while_a_server_is_paused_still_ends(home: Path) -> None:
    async with quick(home) as box:
        pid = box.pid("nats")
        box.pause("nats")
    assert not runs(pid)


async def test_a_server_that_ends_by_itself_is_reported(home: Path) -> None:
    async with quick(home) as box:
        os.kill(box.pid("nats"), signal.SIGKILL)
        sentence = await asyncio.wait_for(box.failure(), PATIENCE)
        assert "nats ended unexpectedly (exit code -9)" in sentence


async def test_a_second_box_on_the_same_home_is_refused(platform: Platform) -> None:
    with pytest.raises(HomeInUse, match=f"in use by process {os.getpid()}"):
        await quick(platform.home).__aenter__()


async def test_a_taken_port_moves_on_and_says_so(home: Path) -> None:
    said: list[str] = []
    with socket.socket() as squatter:
        taken = free_port(0)
        squatter.bind(("127.0.0.1", taken))
        squatter.listen()
        async with Platform(
            home, durable=False, pg_port=taken, nats_port=0, say=said.append
        ) as box:
            assert box.pg_port > taken
            assert await ask(box, "SELECT 1") == 1
    assert f"Port {taken} is taken: postgres uses {box.pg_port}" in said


async def test_data_of_another_major_version_is_refused_and_untouched(home: Path) -> None:
    data = home / "pg"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("9\n")
    (data / "precious").write_text("kept")
    with pytest.raises(ForeignData, match="made by PostgreSQL 9"):
        await quick(home).__aenter__()
    assert (data / "precious").read_text() == "kept"


async def test_data_without_its_password_is_refused(home: Path) -> None:
    async with quick(home):
        pass
    (home / "postgres.password").rename(home / "elsewhere")
    with pytest.raises(ForeignData, match="put the file back"):
        await quick(home).__aenter__()


async def test_an_initdb_cut_short_is_made_afresh(home: Path) -> None:
    half_made = home / "pg.new"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n")
    async with quick(home) as box:
        assert await ask(box, "SELECT 1") == 1


async def test_a_server_that_cannot_start_shows_its_own_last_words(home: Path) -> None:
    async with quick(home):
        pass
    with (home / "pg" / "postgresql.conf").open("a") as settings:
        settings.write("shared_buffers = 'nonsense'\n")
    with pytest.raises(ServerFailed, match="nonsense"):
        await quick(home).__aenter__()


@pytest.mark.parametrize(
    ("variable", "program", "answer"),
    [
        ("ONEFILE_PG_BIN", "postgres", "postgres (PostgreSQL) 14.9"),
        ("ONEFILE_NATS_BIN", "nats-server", "nats-server: v2.9.10"),
    ],
)
def test_servers_too_old_are_refused_with_the_remedy(
    home: Path, monkeypatch: pytest.MonkeyPatch, variable: str, program: str, answer: str
) -> None:
    home.mkdir()
    for name in ("initdb", program):
        (home / name).write_text(f"#!/bin/sh\necho '{answer}'\n")
        (home / name).chmod(0o755)
    named = home if program == "postgres" else home / program
    monkeypatch.setenv(variable, str(named))
    find = find_postgres if program == "postgres" else find_nats
    with pytest.raises(ServerMissing, match=f"or newer.*is needed.*{variable}="):
        find()


SUPERVISOR = """
import asyncio, sys
from pathlib import Path
from services.onebox.platform import Platform

async def main():
    async with Platform(Path(sys.argv[1]), durable=False, pg_port=0, nats_port=0) as box:
        print(box.pid("postgres"), box.pid("nats"), flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_killing_the_supervisor_leaves_no_server_and_the_next_start_succeeds(
    home: Path,
) -> None:
    supervisor = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", SUPERVISOR, str(home)), cwd=REPOSITORY, stdout=subprocess.PIPE
    )
    assert supervisor.stdout is not None
    line = await asyncio.wait_for(supervisor.stdout.readline(), PATIENCE)
    servers = [int(pid) for pid in line.split()]
    assert len(servers) == 2
    assert all(map(runs, servers))
    supervisor.kill()
    async with quick(home) as box:  # at once, while the old servers may still be ending
        assert await ask(box, "SELECT 1") == 1
    await until(lambda: not any(map(runs, servers)))
    await supervisor.wait()
