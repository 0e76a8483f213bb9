"""How long do the check of a file of 500 facts, its book and its closing take, over HTTP, and how
much memory does an upload of 20 MiB take?"""

import asyncio
import json
import tempfile
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path
from statistics import median
from time import process_time

import uvloop

from contracts.event import Personal
from contracts.supervision import WorkLogged
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.documents.store import CHUNK
from shared.effects import monotonic
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.document_samples import pdf
from tests.world import world

FACTS = 500
UPLOAD_MIB = 20
ROUNDS = 9
ARCHIVIST = "500242/archivist"


async def closed(platform: Platform) -> dict[str, float]:
    """Milliseconds of a check, seconds of the first book and of closing with its test."""
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        s = Scene(w, speakers, 0)
        entries = await s.serve_to_the_end()
        more = FACTS - entries
        await s.say(
            "supervision",
            *(WorkLogged(kind="errand", entry=Personal("跑办")) for _ in range(more)),
        )
        listed = 0
        while listed < FACTS:
            await asyncio.sleep(0.2)
            rows = await w.get("archive", "/matters", "auditor", number=s.number)
            listed = rows["files"][0]["entries"]
        checks, busy = [], process_time()
        for _ in range(ROUNDS):
            began = monotonic()
            await w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
            checks.append((monotonic() - began) * 1000)
        check_cpu = (process_time() - busy) * 1000 / ROUNDS
        client = w.client("archive", ARCHIVIST)
        began, busy = monotonic(), process_time()
        answer = await client.get(f"{s.path}/book", timeout=60)
        assert answer.status_code == 200, answer.text
        book, book_cpu = monotonic() - began, process_time() - busy
        began = monotonic()
        await client.post(
            f"{s.path}/closing", json={}, headers={"Idempotency-Key": "bench"}, timeout=60
        )
        closing = monotonic() - began
        return {
            "check_ms": round(median(checks), 1),
            "check_cpu_ms": round(check_cpu, 1),
            "book_s": round(book, 2),
            "book_cpu_s": round(book_cpu, 2),
            "closing_s": round(closing, 2),
            **await uploaded(s.another()),
        }


async def uploaded(s: Scene) -> dict[str, float]:
    """Seconds of an upload of 20 MiB, and how much memory it took above one of 1 MiB."""
    await s.register()
    await s.request()
    await s.file()
    peaks: list[int] = []
    seconds = 0.0
    for size in (1, 1, UPLOAD_MIB):
        content = paper(size * 2**20)
        tracemalloc.start()
        before, _ = tracemalloc.get_traced_memory()
        began = monotonic()
        answer = await s.w.client("archive", ARCHIVIST).post(
            f"{s.path}/uploads",
            content=_parts(content),
            headers={
                "Idempotency-Key": f"upload-{len(peaks)}",
                "Content-Type": "application/pdf",
                "Content-Length": str(len(content)),
            },
            timeout=60,
        )
        seconds = monotonic() - began
        assert answer.status_code in (201, 202), answer.text
        peaks.append(tracemalloc.get_traced_memory()[1] - before)
        tracemalloc.stop()
    return {
        "upload_s": round(seconds, 2),
        "upload_memory_mib": round((peaks[-1] - peaks[-2]) / 2**20, 2),
    }


def paper(size: int) -> bytes:
    """A PDF of at least so many bytes."""
    padding = b"%" + b"0" * 1022 + b"\n"
    return pdf("大文件").replace(b"startxref", padding * (size // len(padding)) + b"startxref")


async def _parts(content: bytes) -> AsyncIterator[bytes]:
    for at in range(0, len(content), CHUNK):
        yield content[at : at + CHUNK]


async def main() -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None) as platform:
        print(json.dumps(await closed(platform)))


if __name__ == "__main__":
    uvloop.run(main())
