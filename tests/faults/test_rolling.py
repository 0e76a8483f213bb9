"""A new version takes over while clerks work: no request fails, no acknowledged event is lost."""

import asyncio
import subprocess
import tarfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from contracts.subjects import SERVICES, stream_of
from services.onebox.box import load_specs
from services.onebox.issuer import development_issuer, issuer_app
from services.onebox.keyring import Keyring
from services.onebox.own_servers import dsn_on
from services.onebox.people import demos
from services.onebox.platform import Platform
from services.onebox.ports import HOST
from services.onebox.provision import provision_bus, provision_databases
from services.onebox.serving import address_of, answering, listening
from shared.bus import connect_bus
from shared.effects import new_id
from shared.eventstore.migrate import FLOOR, migrate
from tests.conftest import REPOSITORY
from tests.faults.replicas import Replicas, replicas
from tests.patience import PATIENCE, START

IDLE_LIMIT = 120_000_000
CLERKS = 3
BREATH = 0.05
"""Seconds between a clerk's answer and the next request: the machine is shared."""
NEXT_VERSION = """
-- What the next version needs is added; nothing that this one uses is taken away.
ALTER TABLE cursors ADD COLUMN remark text;
ALTER TABLE receipts ADD COLUMN remark text;
CREATE TABLE of_the_next_version (id bigint PRIMARY KEY);
"""


@pytest.fixture
async def told(tmp_path: Path) -> AsyncIterator[tuple[Platform, dict[str, str], Any]]:
    """Servers of this test alone, databases, an issuer: all that `onefile serve` is told of."""
    keyring = Keyring(tmp_path / "keys")
    keyring.open(first_time=True)
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(
            Platform(tmp_path / "servers", durable=False, pg_port=0, nats_port=0)
        )
        specs = [one for one in load_specs() if one.name == "intake"]
        await provision_databases(platform.pg_dsn(), specs, lambda role: f"password-of-{role}")
        await provision_bus(platform.nats_url, platform.nats_token, specs)
        sock = listening(0)
        issuer = development_issuer(
            address_of(sock), keyring, SERVICES, mode="development",
            clock_file=tmp_path / "clock.json", packs=None,
        )  # fmt: skip
        await stack.enter_async_context(answering(issuer_app(issuer), sock))
        server = f"{HOST}:{platform.pg_port}"
        memory = tmp_path / "signed"
        memory.mkdir()
        yield platform, {
            "ONEFILE_DATABASE": "postgresql://onefile_{service}:password-of-onefile_{service}"
            f"@{server}/onefile_{{service}}",
            "ONEFILE_KEYS_DATABASE": "postgresql://onefile_keys:password-of-onefile_keys"
            f"@{server}/onefile_keys",
            "ONEFILE_NATS_URL": platform.nats_url,
            "ONEFILE_NATS_TOKEN": platform.nats_token,
            "ONEFILE_DEPLOYMENT_KEY_FILE": str(keyring.deployment_key_file),
            "ONEFILE_LOG_KEY_FILE": str(keyring.log_key_file),
            "ONEFILE_LOG_ORIGIN": "log.rolling.test",
            "ONEFILE_LOG_MEMORY": str(memory),
            "ONEFILE_ISSUER": issuer.url,
            "ONEFILE_JWKS_URL": f"{issuer.url}/jwks.json",
            "ONEFILE_DRAIN": "8",  # who follows the probes on a loaded machine sees it leave
        }, issuer  # fmt: skip


class Clerks:
    """People who register projects without pause; a request is asked once and never again."""

    def __init__(self, doors: Replicas, issuer: Any) -> None:
        self._doors, self._issuer = doors, issuer
        self._unit = issuer.person("unit")
        self.acknowledged: list[str] = []
        self.failed: list[str] = []
        self.over = asyncio.Event()

    async def work(self) -> None:
        await asyncio.gather(*(self._one(n) for n in range(CLERKS)))

    async def _one(self, number: int) -> None:
        n = 0
        while not self.over.is_set():
            n += 1
            await asyncio.sleep(BREATH)
            try:
                answer = await self._doors.client.post(
                    f"{self._doors.next()}/projects",
                    json={
                        "area": demos()[0].area,
                        "name": f"测试项目{number}-{n}",
                        "unit": "测试公司",
                    },
                    headers={
                        "Authorization": f"Bearer {self._issuer.token_of(self._unit)}",
                        "Idempotency-Key": str(new_id()),
                    },
                )
            except Exception as error:
                self.failed.append(repr(error))
                continue
            if answer.status_code == 201:
                self.acknowledged.append(answer.json()["id"])
            else:
                self.failed.append(f"{answer.status_code} {answer.text[:200]}")

    async def some_more(self, count: int = 15) -> None:
        """Until so many more were acknowledged."""
        wanted = len(self.acknowledged) + count
        async with asyncio.timeout(START):
            while len(self.acknowledged) < wanted:
                assert len(self.failed) < 5, self.failed
                await asyncio.sleep(0.05)


BACK = 12
"""So many steps of the history lie between the two versions, where there are as many."""
DRAINS = "shared/leaving.py"
"""Since then a replica leaves as a cluster wants it."""


def git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout


def version_before(folder: Path) -> Path:
    """The code of an earlier version, as it was committed; of the last commit in a shallow copy."""
    known = git("rev-list", "--first-parent", f"--max-count={BACK}", "HEAD").split()
    commit = next(one for one in reversed(known) if git("ls-tree", one, DRAINS))
    archive = folder / "before.tar"
    git("archive", f"--output={archive}", commit, "contracts", "services", "shared")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "before", filter="data")
    print(f"the version before is {commit[:9]}, {known.index(commit)} steps back")
    return folder / "before"


async def expanded(platform: Platform, folder: Path) -> None:
    """The tables of the next version, made under the feet of this one."""
    folder.mkdir()
    (folder / "0999_next.sql").write_text(NEXT_VERSION)
    (spec,) = (one for one in load_specs() if one.name == "intake")
    connection = await asyncpg.connect(dsn_on(platform.pg_dsn(), "onefile_intake"))
    await migrate(connection, "intake", (FLOOR, *spec.migrations, folder))
    await connection.close()


async def stored(platform: Platform) -> tuple[int, set[str]]:
    connection = await asyncpg.connect(dsn_on(platform.pg_dsn(), "onefile_intake"))
    rows = await connection.fetch("SELECT position, stream FROM events ORDER BY position")
    await connection.close()
    assert [row["position"] for row in rows] == list(range(1, len(rows) + 1))
    return len(rows), {str(row["stream"]) for row in rows}


async def published(told: Mapping[str, str]) -> int:
    bus = await connect_bus(
        told["ONEFILE_NATS_URL"], name="count", token=told["ONEFILE_NATS_TOKEN"]
    )
    try:
        state = (await bus.jetstream().stream_info(stream_of("intake"))).state
    finally:
        await bus.close()
    return state.messages if state.messages == state.last_seq else -1


async def test_a_rolling_restart_under_load_fails_nobody_and_loses_nothing(
    told: tuple[Platform, dict[str, str], Any], tmp_path: Path
) -> None:
    platform, settings, issuer = told
    async with replicas("intake", settings) as doors:
        before = await asyncio.to_thread(version_before, tmp_path)
        old = [await doors.start(before), await doors.start(before)]
        clerks = Clerks(doors, issuer)
        working = asyncio.create_task(clerks.work())
        await clerks.some_more()
        await expanded(platform, tmp_path / "next")
        await clerks.some_more()  # both versions on the tables of the next
        idle = 0
        for one in old:
            new = await doors.start()  # two versions of the code are mixed
            idle = max(idle, new.idle())
            await clerks.some_more()
            assert await one.ends() == 0
            assert 503 in one.said[one.said.index(200) :]  # it said so while it still answered
            await clerks.some_more()
        clerks.over.set()
        await working
        assert idle < IDLE_LIMIT
        print(f"{len(clerks.acknowledged)} acknowledged; idle replica {idle / 1e6:.0f} MB PSS")
        assert clerks.failed == []
        count, streams = await stored(platform)
        assert set(clerks.acknowledged) <= streams
        assert len(set(clerks.acknowledged)) == len(clerks.acknowledged)
        async with asyncio.timeout(PATIENCE):
            while await published(settings) != count:
                await asyncio.sleep(0.1)
