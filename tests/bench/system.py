"""The whole road on embedded servers, durable: a stream rebuilt, and commit to another handler."""

import asyncio
import json
import signal
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import httpx
import uvloop

from contracts.subjects import stream_of
from services.onebox.platform import Platform
from shared.bus import broker_on, connect_bus, provision
from shared.effects import monotonic
from shared.envelope import Heard
from shared.hearing import Ear
from shared.relay import Relay, said_after
from tests.bench.ours import unit
from tests.bench.packs import decided
from tests.bench.people import imported
from tests.sample import Sample, sample_on

EVENTS = 20_000
TOLD = 1_000


async def database(platform: Platform, name: str) -> str:
    admin = await asyncpg.connect(platform.pg_dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    return platform.pg_dsn(name)


async def reached(js: object, last: int) -> None:
    while True:
        info = await js.stream_info(stream_of("intake"))  # type: ignore[attr-defined]
        if info.state.last_seq >= last:
            return
        await asyncio.sleep(0.01)


async def rebuilt(sample: Sample, platform: Platform) -> dict[str, float]:
    """Fill a stream that was deleted: events a second, and whether it is the log again."""
    for begin in range(0, EVENTS, 500):
        await asyncio.gather(
            *(sample.log.submit(unit(str(n))) for n in range(begin, begin + 500))
        )
    bus = await connect_bus(platform.nats_url, name="bench", token=platform.nats_token)
    js = bus.jetstream()
    rates = []
    for _ in range(5):
        await provision(js, ["intake"], [])
        began = monotonic()
        relay = asyncio.create_task(Relay("intake", sample.dsn, bus).run())
        await reached(js, EVENTS)
        rates.append(EVENTS / (monotonic() - began))
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)
        said = (await said_after(sample.log.pool, EVENTS - 1))[0].entry
        stored = await js.get_msg(stream_of("intake"), seq=EVENTS)
        assert stored.data is not None and said.body in stored.data
        await js.delete_stream(stream_of("intake"))
    await bus.close()
    return {"rebuild_events_per_s": round(sorted(rates)[2], 1)}


async def told(speaker: Sample, hearer: Sample, platform: Platform) -> dict[str, float]:
    """From the answer to a commit to another service's handler, one at a time: milliseconds."""
    bus = await connect_bus(platform.nats_url, name="bench", token=platform.nats_token)
    await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
    heard_at: dict[str, float] = {}
    arrived = asyncio.Event()

    async def react(h: Heard) -> list[object]:
        heard_at[str(h.about.stream)] = monotonic()
        arrived.set()
        return []

    async def refill(after: int, limit: int) -> list[bytes]:
        raise AssertionError("no gap expected")

    position = await speaker.log.position()
    await hearer.log.pool.execute(
        "INSERT INTO cursors (reader, position) VALUES ('hears:intake', $1)", position
    )
    ear = Ear("archive", "intake", hearer.log, hearer.handling, react, refill)  # type: ignore[arg-type]
    relay = asyncio.create_task(Relay("intake", speaker.dsn, bus).run())
    await reached(bus.jetstream(), position)
    broker = broker_on(platform.nats_url, name="bench-hears", token=platform.nats_token)
    ear.listen_on(broker)
    await broker.start()
    latencies = []
    for n in range(TOLD + 50):
        arrived.clear()
        u = unit(f"told-{n}")
        stream = u.appends[0].stream
        await speaker.log.submit(u)
        committed = monotonic()
        async with asyncio.timeout(10):
            while str(stream) not in heard_at:
                await arrived.wait()
                arrived.clear()
        latencies.append((heard_at[str(stream)] - committed) * 1000)
    await broker.stop()
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    await bus.close()
    ordered = sorted(latencies[50:])
    return {
        "told_p50_ms": round(ordered[TOLD // 2], 2),
        "told_p99_ms": round(ordered[int(TOLD * 0.99)], 2),
    }


async def cold_start() -> dict[str, float]:
    """A box from nothing: seconds to every service ready, and the memory of all its processes."""
    home = Path(tempfile.mkdtemp(prefix="onefile-box-"))
    began = monotonic()
    box = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.cli", "up", "--home", str(home),
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(60):
        while not await _ready(client, home / "box.json"):
            await asyncio.sleep(0.02)
        seconds = monotonic() - began
        pss = sum(map(_pss, _family(box.pid)))
    box.send_signal(signal.SIGTERM)
    await box.wait()
    return {"cold_start_s": round(seconds, 2), "box_pss_mb": round(pss / 1024, 1)}


async def _ready(client: httpx.AsyncClient, state: Path) -> bool:
    try:
        addresses = json.loads(state.read_text())["addresses"]
        answers = [await client.get(f"{address}/readyz") for address in addresses.values()]
    except (OSError, ValueError, httpx.HTTPError):
        return False
    return all(a.status_code == 200 for a in answers)


def _family(pid: int) -> list[int]:
    """`pid` and everything it started."""
    found = [pid]
    for parent in found:
        for task in Path(f"/proc/{parent}/task").iterdir():
            found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _pss(pid: int) -> int:
    """Proportional set size in kB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))


async def main() -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with AsyncExitStack() as stack:
        platform = await stack.enter_async_context(
            Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None)
        )
        speaker = await stack.enter_async_context(
            sample_on(await database(platform, "speaker"))
        )
        hearer = await stack.enter_async_context(
            sample_on(await database(platform, "hearer"), "archive")
        )
        figures = await rebuilt(speaker, platform)
        await speaker.log.pool.execute("SELECT 1")
        figures |= await told(speaker, hearer, platform)
        figures |= await imported(platform)
    figures |= decided()
    figures |= await cold_start()
    print(json.dumps(figures))


if __name__ == "__main__":
    uvloop.run(main())
    sys.exit(0)
