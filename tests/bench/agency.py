"""How fast does an agency live: rebuild and proof, fan-out over NATS, webhooks, commit to subscriber?

python -m tests.bench.agency [--events 1000000]
"""

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import uvloop
from fastapi import FastAPI, Response
from onefile_client.bus import BusFeed, connect
from onefile_client.keys import Key

from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.bus import connect_bus, provision
from shared.effects import monotonic
from shared.envelope import message_of
from shared.relay import Relay, said_after
from tests.integration.feeds_scene import Door, Member, agency, door, event
from tests.sample import sample_on

TYPE = "supervision.fee_due.v1"
EVENTS = [{"types": [TYPE], "fields": "all"}]
CHILD = """
import sys, time, httpx, json
from pathlib import Path
from onefile_client import *
url, seed, file = sys.argv[1:]
handlers = Handlers()
@handlers.on("supervision.fee_due.v1")
def due(db, event):
    db.execute("INSERT OR REPLACE INTO fees VALUES (?, ?)", (event.id, event.fact["amount"]))
store = Store(file)
store.db.execute("CREATE TABLE fees (fee TEXT PRIMARY KEY, amount TEXT)")
source = Source(url, "tax", Key.load(Path(seed)), client=httpx.Client(timeout=60, trust_env=False))
reader = Reader(source, store, handlers, vkey=source.vkey())
began = time.monotonic(); reader.rebuild(); live = time.monotonic()
proof = reader.prove(); done = time.monotonic()
print(json.dumps({"size": proof.size, "live": live - began, "proof": done - live}))
"""


async def rebuilt(at: Door, member: Member, folder: Path, count: int) -> dict[str, float]:
    """A new agency with `count` events behind it: filtered, live by snapshot and tail, proved."""
    began = monotonic()
    await _arrived(at, count)
    print(f"  {count} events laid in in {monotonic() - began:.0f} s", flush=True)
    began = monotonic()
    at.write(agency(member, events=EVENTS, generation=2))
    await _filled(at, member, count)
    filled = monotonic() - began
    seed = folder / "seed"
    Key(member.private.private_bytes_raw()).save(seed)
    client = str(Path("contracts/client/src").absolute())
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, at.address, str(seed), str(folder / "tax.db"),
        stdout=subprocess.PIPE, env={"PYTHONPATH": client, "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    said, _ = await process.communicate()
    told = json.loads(said)
    assert told["size"] == count
    return {
        "filter into the feed, events/s": count / filled,
        "filter into the feed, s": filled,
        "client: snapshot and tail, events/s": count / told["live"],
        "client: live after, s": told["live"],
        "client: proof, s": told["proof"],
    }


async def _arrived(at: Door, count: int) -> None:
    """Rows as the listener writes them, laid in at once."""
    connection = await asyncpg.connect(at.database)
    first = event(TYPE, "990102", 1)
    told = json.loads(first)
    old, position = told["id"].encode(), b'"position":1,'
    recorded = datetime(2026, 4, 13, tzinfo=UTC)

    def rows(low: int, high: int) -> Any:
        for n in range(low, high):
            message = first.replace(position, b'"position":%d,' % n, 1).replace(
                old, str(uuid4()).encode(), 1
            )
            yield n, "supervision", n, recorded, "990102", TYPE, message

    columns = ["arrival", "store", "position", "recorded", "area", "type", "message"]
    for low in range(1, count + 1, 50_000):
        high = min(low + 50_000, count + 1)
        await connection.copy_records_to_table(
            "arrivals", records=rows(low, high), columns=columns
        )
    await connection.execute("ANALYZE arrivals")
    await connection.close()


async def _filled(at: Door, member: Member, count: int) -> None:
    async with at.client(member) as client:
        while True:
            answer = await client.get("/feed")
            if answer.status_code == 200 and answer.json()["size"] >= count:
                return
            await asyncio.sleep(0.25)


async def fanned_out(at: Door, member: Member, count: int) -> dict[str, float]:
    """From the stream to one NATS subscriber, acknowledged."""
    client = await connect(at.bus.url, "tax", Key(member.private.private_bytes_raw()))
    async with BusFeed(client, "tax") as feed:
        while not (found := await feed.fetch(500, wait=2)):
            pass
        await feed.took(found)
        began, taken = monotonic(), 0
        while taken < count and monotonic() - began < 60:
            found = await feed.fetch(500, wait=2)
            await feed.took(found)
            taken += len(found)
    await client.close()
    return {"NATS to one subscriber, events/s": taken / (monotonic() - began)}


async def posted(at: Door, member: Member, seconds: float = 10.0) -> dict[str, float]:
    """Webhooks to a receiver in a process of its own."""
    code = (
        "import asyncio,sys\nfrom fastapi import FastAPI,Request,Response\nimport uvicorn\n"
        "app=FastAPI()\n@app.post('/in')\nasync def take(r:Request):\n await r.body()\n"
        " return Response(status_code=204)\n"
        "uvicorn.run(app,port=int(sys.argv[1]),log_level='error')"
    )
    sock = listening(0)
    port = sock.getsockname()[1]
    sock.close()
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(port))
    try:
        await asyncio.sleep(3)
        hook = {"url": f"http://127.0.0.1:{port}/in", "reach": "loopback"}
        at.write(agency(member, events=EVENTS, generation=2, webhook=hook))
        async with at.client(member) as client:
            while not (first := await _hook(client)):
                await asyncio.sleep(0.1)
            began = monotonic()
            await asyncio.sleep(seconds)
            return {"webhooks, events/s": (await _hook(client) - first) / (monotonic() - began)}
    finally:
        process.terminate()
        await process.wait()


async def _hook(client: Any) -> int:
    told = (await client.get("/feed")).json()["webhook"]
    return int(told["position"]) if told else 0


@asynccontextmanager
async def spoken(platform: Platform, database: str) -> AsyncIterator[Any]:
    """A real log with its relay, and its messages over HTTP."""
    bus = await connect_bus(platform.nats_url, name="bench", token=platform.nats_token)
    await provision(bus.jetstream(), ["intake"], [])
    async with sample_on(database) as sample:
        app = FastAPI()

        @app.get("/log/messages")
        async def messages(after: int, limit: int) -> Response:
            said = await said_after(sample.log.pool, after, limit)
            return Response(b"\n".join(message_of("intake", s)[1] for s in said))

        relay = asyncio.create_task(Relay("intake", database, bus).run())
        sock = listening(0)
        async with answering(app, sock):
            yield sample, address_of(sock)
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
    await bus.close()


async def heard(platform: Platform, count: int = 400) -> dict[str, float]:
    """From a commit in a service to the agency's NATS client, one after the other."""
    admin = await asyncpg.connect(platform.pg_dsn())
    await admin.execute("CREATE DATABASE bench_agency")
    await admin.close()
    database, tax = platform.pg_dsn("bench_agency"), Member("tax")
    given = [{"types": ["intake.publicity_logged.v1"], "fields": "all"}]
    waits: list[float] = []
    async with spoken(platform, database) as (sample, address):
        areas = ["99", "00"]
        async with door(
            platform, agency(tax, areas=areas, events=given), at={"intake": address}
        ) as at:
            client = await connect(at.bus.url, "tax", Key(tax.private.private_bytes_raw()))
            async with BusFeed(client, "tax") as feed:
                for n in range(count):
                    await sample.handling.handle(sample.step(f"b{n}"))
                    began = monotonic()
                    while not (found := await feed.fetch(1, wait=5)):
                        pass
                    waits.append(monotonic() - began)
                    await feed.took(found)
            await client.close()
    waits = sorted(waits[20:])
    return {
        "commit to subscriber, p50 ms": 1000 * waits[len(waits) // 2],
        "commit to subscriber, p99 ms": 1000 * waits[int(len(waits) * 0.99)],
    }


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory(prefix="onefile-bench-") as folder:
        home = Path(folder)
        async with Platform(home / "p", durable=True, pg_port=0, nats_port=0) as platform:
            for name, value in (await heard(platform)).items():
                print(f"{name:<42} {value:10.1f}", flush=True)
            member = Member("tax")
            async with door(platform, agency(member, events=EVENTS)) as at:
                for measured in (
                    rebuilt(at, member, home, count),
                    fanned_out(at, member, min(count // 2, 100_000)),
                    posted(at, member),
                ):
                    for name, value in (await measured).items():
                        print(f"{name:<42} {value:10.1f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    uvloop.run(main(parser.parse_args().events))
