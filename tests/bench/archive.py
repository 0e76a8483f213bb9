"""How long do the check of a file of 500 facts and its case book take, over HTTP?"""

import asyncio
import json
import tempfile
from pathlib import Path
from statistics import median

import uvloop

from contracts.event import Personal
from contracts.supervision import WorkLogged
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.effects import monotonic
from tests.integration.archive_scene import Scene, Speaker
from tests.world import world

FACTS = 500
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
        checks = []
        for _ in range(ROUNDS):
            began = monotonic()
            await w.post("archive", f"{s.path}/check", person=ARCHIVIST, expect=200)
            checks.append((monotonic() - began) * 1000)
        client = w.client("archive", ARCHIVIST)
        began = monotonic()
        answer = await client.get(f"{s.path}/book", timeout=60)
        assert answer.status_code == 200, answer.text
        book = monotonic() - began
        began = monotonic()
        await client.post(
            f"{s.path}/closing", json={}, headers={"Idempotency-Key": "bench"}, timeout=60
        )
        return {
            "check_ms": round(median(checks), 1),
            "book_s": round(book, 2),
            "closing_s": round(monotonic() - began, 2),
        }


async def main() -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None) as platform:
        print(json.dumps(await closed(platform)))


if __name__ == "__main__":
    uvloop.run(main())
