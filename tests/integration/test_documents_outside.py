"""Documents against real programs of others: ClamAV's daemon, and servers that speak S3.

S3 is asked of moto always, and besides of servers written apart from it: npm's `s3rver` where it is
there (`npm install --prefix .onefile/s3 s3rver`), and any that ONEFILE_TEST_S3 names as JSON:
{"bucket": "…", "endpoint": "…", "access_key_id": "…", "secret_access_key": "…"}.
Where ClamAV is not installed its test says so and proves nothing: Debian has `clamav-daemon`.
"""

import asyncio
import json
import os
import shutil
import sys
import tracemalloc
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.onebox.ports import free_port
from shared.documents.scanning import Clamd
from shared.documents.store import Absent, Bucket
from shared.effects import monotonic
from tests.conftest import REPOSITORY
from tests.integration.document_samples import EICAR, pdf
from tests.patience import PATIENCE

BUCKET = "papers"
TOLD = os.environ.get("ONEFILE_TEST_S3", "")
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
S3RVER = REPOSITORY / ".onefile" / "s3" / "node_modules" / ".bin" / "s3rver"


@asynccontextmanager
async def running(*words: str | Path) -> AsyncIterator[None]:
    started = await asyncio.create_subprocess_exec(
        *map(str, words), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        started.terminate()
        await started.wait()


async def until(true: Any) -> None:
    deadline = monotonic() + PATIENCE
    while not await true():
        assert monotonic() < deadline, "the server did not answer in time"
        await asyncio.sleep(0.05)


async def test_clamd_itself_finds_the_test_virus_and_passes_a_paper(tmp_path: Path) -> None:
    """With one signature, that of the EICAR test file, in place of ClamAV's whole database."""
    if CLAMD is None:
        pytest.skip("clamd is not installed: nothing was proved about it here")
    signatures, socket = tmp_path / "signatures", tmp_path / "clamd.sock"
    signatures.mkdir()
    (signatures / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    config = tmp_path / "clamd.conf"
    config.write_text(
        f"LocalSocket {socket}\nDatabaseDirectory {signatures}\nForeground yes\n"
        f"TemporaryDirectory {tmp_path}\nStreamMaxLength 64M\n"
    )
    clean, virus, inside = tmp_path / "a.pdf", tmp_path / "b.bin", tmp_path / "c.bin"
    clean.write_bytes(pdf())
    virus.write_bytes(EICAR)
    inside.write_bytes(b"x" * 2**20 + EICAR + b"y" * 2**20)
    scanner = Clamd(None, path=str(socket))
    async with running(CLAMD, "--foreground", "--config-file", config):

        async def answers() -> bool:
            return (await scanner.scan(clean)).look == "clean"

        await until(answers)
        found = await scanner.scan(virus)
        assert found.look == "infected" and "Eicar-Test-Signature" in found.found
        assert (await scanner.scan(inside)).look == "infected"
    assert (await scanner.scan(clean)).look == "pending"


@asynccontextmanager
async def s3rver(tmp_path: Path) -> AsyncIterator[Bucket]:
    port = free_port(0)
    words = (S3RVER, "-d", tmp_path / "s3", "-a", "127.0.0.1", "-p", str(port))
    async with running(*words, "--configure-bucket", BUCKET):
        yield await answering(port)


@asynccontextmanager
async def moto(_: Path) -> AsyncIterator[Bucket]:
    port = free_port(0)
    async with running(sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)):

        async def made() -> bool:
            async with httpx.AsyncClient(trust_env=False) as web:
                try:
                    answer = await web.put(f"http://127.0.0.1:{port}/{BUCKET}")
                except httpx.TransportError:
                    return False
                return answer.status_code == 200

        await until(made)
        yield await answering(port)


@asynccontextmanager
async def another(_: Path) -> AsyncIterator[Bucket]:
    settings = json.loads(TOLD)
    yield Bucket(f"s3://{settings.pop('bucket')}/onefile-test", **settings)


async def answering(port: int) -> Bucket:
    made = Bucket(
        f"s3://{BUCKET}/kept",
        endpoint=f"http://127.0.0.1:{port}",
        region="us-east-1",
        access_key_id="S3RVER",
        secret_access_key="S3RVER",
        client_options={"allow_http": True},
    )

    async def there() -> bool:
        try:
            await anext(made.read("0" * 64))
        except Absent:
            return True
        except Exception:
            return False
        return True

    await until(there)
    return made


type Peer = Callable[[Path], AbstractAsyncContextManager[Bucket]]
PEERS: list[Peer] = [moto, *([s3rver] if S3RVER.exists() else ()), *([another] if TOLD else ())]


@pytest.mark.parametrize("peer", PEERS)
async def test_a_server_that_speaks_s3_keeps_gives_and_forgets_documents(
    tmp_path: Path, peer: Peer
) -> None:
    """A small one in one request, 20 MiB in parts, with memory for some parts and not for it."""
    async with peer(tmp_path) as papers:
        for size in (3_000, 20 * 2**20):
            file = tmp_path / "waiting"
            content = os.urandom(1_000) * (size // 1_000 + 1)
            file.write_bytes(content)
            name = sha256(content).hexdigest()
            del content
            tracemalloc.start()
            await papers.keep(name, file)
            assert not file.exists()
            digest = sha256()
            async for chunk in papers.read(name):
                digest.update(chunk)
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
            assert digest.hexdigest() == name
            assert peak < 8 * 2**20, peak
            await papers.forget(name)
            await papers.forget(name)
            with pytest.raises(Absent):
                await anext(papers.read(name))


@pytest.mark.parametrize("peer", PEERS)
async def test_a_bucket_that_is_gone_or_refuses_loses_no_document(
    tmp_path: Path, peer: Peer
) -> None:
    """What could not be kept still waits where it was, and is kept when it is tried again."""
    file = tmp_path / "waiting"
    file.write_bytes(b"content")
    nobody = Bucket(
        f"s3://{BUCKET}/kept",
        endpoint=f"http://127.0.0.1:{free_port(0)}",
        region="us-east-1",
        access_key_id="x",
        secret_access_key="y",
        client_options={"allow_http": True, "timeout": "2s"},
        retry_config={"max_retries": 0},
    )
    with pytest.raises(Exception, match=r"(?i)error"):
        await nobody.keep("ab" * 32, file)
    assert file.read_bytes() == b"content"
    async with peer(tmp_path) as papers:
        await papers.keep("ab" * 32, file)
        assert b"".join([part async for part in papers.read("ab" * 32)]) == b"content"
        await papers.forget("ab" * 32)
