"""What does provable history cost: checking a store again, keeping its tree, sealing its matters?"""

import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from statistics import median

import asyncpg
import uvloop

from contracts.canonical import canonical
from services.archive.domain.heads import Head, Seal
from services.onebox.platform import Platform
from shared.checking import check_log
from shared.effects import monotonic, new_id
from shared.eventstore.postgres import Connection
from shared.eventstore.tree import BATCH, Tree
from shared.eventstore.units import Unit
from tests.integration.store import SERVICE, append, connected, login, migrated, offer

processor_time: Callable[[], float] = time.process_time
EVENTS = 200_000
MATTERS = 100_000
STREAM = 50
TEXT = "x" * 120


async def filled(dsn: str, events: int) -> None:
    """A log of so many events, fifty to a matter, through the one door."""
    facts = [canonical({"text": TEXT, "n": n}) for n in range(STREAM)]
    async with connected(dsn) as connection:
        for _ in range(events // (STREAM * 10)):
            await offer(connection, *(Unit((append(new_id(), 0, *facts),)) for _ in range(10)))


async def verified(over: Connection) -> tuple[float, float]:
    """Events checked a second, everything: bytes, chain, columns, tree, tiles; and a second of
    our own processor, which is what a machine with nothing else to do would show.
    """
    began, used = monotonic(), processor_time()
    part = await check_log(over)
    assert not part.found, part.faults
    return part.compared / (monotonic() - began), part.compared / (processor_time() - used)


async def grown(over: Connection) -> float:
    """Events taken into the tree a second."""
    tree, began = await Tree.load(over), monotonic()
    while await tree.grow(over) == BATCH:
        pass
    return tree.size / (monotonic() - began)


async def _tree_seconds(over: Connection) -> float:
    """Seconds that one event takes to come into the tree."""
    tree, began = await Tree.load(over), monotonic()
    before = tree.size
    while await tree.grow(over) == BATCH:
        pass
    return (monotonic() - began) / (tree.size - before)


async def appended(dsn: str, seconds: float = 4.0) -> float:
    """Events appended a second by one busy writer, in batches of fifty units."""
    done, fact = 0, canonical({"text": TEXT})
    async with connected(dsn) as writer:
        began = monotonic()
        while monotonic() - began < seconds:
            await offer(writer, *(Unit((append(new_id(), 0, fact),)) for _ in range(50)))
            done += 50
        return done / (monotonic() - began)


def sealed() -> dict[str, float]:
    """Seconds of one seal of 100 000 matters, and milliseconds of the place of one in it."""
    heads = [
        Head(f"{n:032x}", n % 40 + 1, sha256(n.to_bytes(8)).digest()) for n in range(MATTERS)
    ]
    began = monotonic()
    seal = Seal(heads)
    took, began = monotonic() - began, monotonic()
    assert seal.place_of(f"{4711:032x}")
    return {
        "seal_100k_s": round(took, 2),
        "place_in_seal_ms": round((monotonic() - began) * 1000, 1),
    }


async def measured(platform: Platform) -> dict[str, float]:
    admin = await asyncpg.connect(platform.pg_dsn())
    for name in ("history", "busy"):
        await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    found: dict[str, float] = {}
    dsn = platform.pg_dsn("history")
    await migrated(dsn)
    writer = await login(dsn, f"{SERVICE}_writer")
    await filled(writer, EVENTS)
    async with connected(writer) as connection:
        found["tree_events_per_s"] = round(await grown(connection))
        wall, own = await verified(connection)
        found |= {"check_events_per_s": round(wall), "check_events_per_cpu_s": round(own)}
    busy = platform.pg_dsn("busy")
    await migrated(busy)
    door = await login(busy, f"{SERVICE}_writer")
    await appended(door, 1.0)
    # One after the other on the same data: how much longer an event takes with its tree.
    shares, each = [], 1.0
    async with connected(door) as connection:
        await grown(connection)
        for _ in range(5):
            each = 1 / await appended(door)
            shares.append(await _tree_seconds(connection) / each)
    found["append_events_per_s"] = round(1 / each)
    found["upkeep_percent_of_append"] = round(100 * median(shares), 1)
    return found | sealed()


def history() -> dict[str, float]:
    """On servers of its own, with syncs on, as in production."""

    async def run() -> dict[str, float]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
            async with Platform(Path(home), durable=True, pg_port=0, nats_port=0) as platform:
                return await measured(platform)

    return uvloop.run(run())


if __name__ == "__main__":
    print(history())
