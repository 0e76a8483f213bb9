"""The witness in one file, run by another agency: over HTTP, over NATS, and against forks."""

import ast
import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
import pytest
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from services.archive.verifier import witness as published
from services.onebox.platform import Platform
from shared.attesting import LogKey
from shared.bus import connect_bus
from shared.eventstore.postgres import Connection, Pool
from shared.proof_api import newest
from shared.tlog.checkpoint import Checkpoint, Submission, read_checkpoint
from shared.tlog.merkle import SHA256
from shared.tlog.note import read_note, read_vkey, signed
from shared.witnessing import OLD, Cosigning
from tests.integration.store import SERVICE
from tests.integration.test_witness import grown, key, pool
from tests.patience import PATIENCE

pytestmark = pytest.mark.store
FIXTURES = (key, pool)
SOURCE = Path(published.__file__)


@dataclass
class Agency:
    """A running witness of another agency."""

    vkey: str
    url: str
    folder: Path


@asynccontextmanager
async def running(tmp_path: Path, key: LogKey, *more: str) -> AsyncIterator[Agency]:
    """The file alone, copied away from everything of ours, in a process of its own."""
    file = Path(shutil.copy(SOURCE, tmp_path / "witness.py"))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(file), "--name", "w.example", "--folder", str(tmp_path / "w"),
        "--log", key.signer.verifier.vkey, "--listen", "127.0.0.1:0", *more,
        stdout=asyncio.subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    assert process.stdout
    said = ""
    try:
        async with asyncio.timeout(PATIENCE):
            while "HTTP" not in said:
                said += (line := (await process.stdout.readline()).decode())
                assert line, f"it ended: {said}"
        vkey, url = re.findall(r"key\s+(\S+)", said)[0], re.findall(r"http://\S+", said)[0]
        yield Agency(vkey, url, tmp_path / "w")
    finally:
        process.terminate()
        await process.wait()


async def asked(pool: Pool, agency: Agency, url: str | None = None, bus: object = None) -> None:
    cosigning = Cosigning(SERVICE, pool, {agency.vkey: url or agency.url}, bus)  # type: ignore[arg-type]
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        await cosigning.ask(client, read_vkey(agency.vkey), url or agency.url)


async def cosigned(pool: Pool) -> int:
    return await pool.fetchval("SELECT coalesce(max(size), 0) FROM cosignatures") or 0


def test_it_is_one_file_that_needs_nothing_of_ours() -> None:
    tree = ast.parse(SOURCE.read_text())
    names = [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    names += [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    ours = {n.split(".")[0] for n in names} - set(sys.stdlib_module_names)
    assert ours == {"cryptography"}
    assert SOURCE.read_text().count("\n") < 450


async def test_it_cosigns_what_follows_and_remembers_it_over_a_restart(
    connection: Connection, pool: Pool, key: LogKey, tmp_path: Path
) -> None:
    for events in (3, 300):
        size = await grown(connection, key, events)
        async with running(tmp_path, key) as agency:
            await asked(pool, agency)
            assert await cosigned(pool) == size
            async with httpx.AsyncClient(timeout=PATIENCE) as client:
                file = next(agency.folder.glob("*.checkpoint"))
                shown = await client.get(f"{agency.url}/{file.stem}/checkpoint")
            assert read_checkpoint(read_note(shown.text)).size == size


@pytest.mark.attack(
    what="分叉交外部单文件见证方: a fork is sent to the one-file witness of another agency",
    by="422，证据落盘 422, the fork is kept on its disk",
)
async def test_a_fork_is_refused_and_kept(
    connection: Connection, pool: Pool, key: LogKey, tmp_path: Path
) -> None:
    size = await grown(connection, key, 7)
    async with running(tmp_path, key) as agency:
        await asked(pool, agency)
        _, note = await newest(pool)
        forged = signed(str(Checkpoint(key.origin, size, SHA256.leaf(b"x"))), [key.signer])
        cases = {
            str(Submission(size, (), forged)): 422,
            str(Submission(0, (), note)): 409,
            str(Submission(size + 1, (), note)): 400,
            str(note): 400,
            "": 400,
            str(Submission(0, (), note)).replace("log.example", "other.example"): 404,
            str(Submission(size, (), note)).replace(f"\n{size}\n", f"\n{size + 1}\n"): 403,
        }
        async with httpx.AsyncClient(timeout=PATIENCE) as client:
            for sent, status in cases.items():
                answer = await client.post(
                    f"{agency.url}/add-checkpoint", content=sent.encode()
                )
                assert answer.status_code == status, (sent[:60], answer.text)
            big = await client.post(f"{agency.url}/add-checkpoint", content=b"x" * 70_000)
            assert big.status_code == 413
        [evidence] = (agency.folder / "evidence").iterdir()
        assert str(forged) in evidence.read_text()


async def test_it_answers_over_the_bus_as_well(
    connection: Connection, pool: Pool, key: LogKey, tmp_path: Path, platform: Platform
) -> None:
    size = await grown(connection, key, 9)
    at, token = urlsplit(platform.nats_url), platform.nats_token
    where = f"nats://{token}@{at.hostname}:{at.port}" if token else platform.nats_url
    bus = await connect_bus(platform.nats_url, name="test", token=token)
    try:
        async with running(tmp_path, key, "--nats", where, "--subject", "cosign.tax") as agency:
            async with asyncio.timeout(PATIENCE):
                while await cosigned(pool) != size:
                    try:
                        await asked(pool, agency, "nats:cosign.tax", bus)
                    except (NoRespondersError, NatsTimeout):  # it listens there in a moment
                        await asyncio.sleep(0.02)
    finally:
        await bus.close()


async def test_a_checkpoint_that_no_witness_has_seen_for_long_is_an_alarm(
    connection: Connection, pool: Pool, key: LogKey, database: str, tmp_path: Path
) -> None:
    await grown(connection, key, 4)
    cosigning = Cosigning(SERVICE, pool, {})
    assert 0 <= await cosigning.watch() < OLD
    owner = await asyncpg.connect(database)
    await owner.execute("UPDATE checkpoints SET at = at - interval '2 hours'")
    await owner.close()
    assert await cosigning.watch() > OLD
    async with running(tmp_path, key) as agency:
        await asked(pool, agency)
    assert await cosigning.watch() == 0
