"""What does one node do, and do two cells by area code share nothing? Two boxes, one generator.

    python -m tests.bench.cells [--seconds 20] [--write]

Every request goes to the cell whose prefix its area code has, as an ingress would send it. Both
cells work at once; then one is looked at by itself: what an event takes on its disks, how quickly
its streams are filled again when they were lost, how quickly one process appends, decides and folds.
`--write` keeps the figures in deploy/scale.measured.json, from which `make scale` computes the page.
"""

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

import asyncpg
import httpx
import uvloop

from services.onebox.backup import superuser
from services.onebox.own_servers import dsn_on
from services.onebox.people import Demo, demos
from shared.effects import monotonic, new_id
from tests.bench.box import Box

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "scale.measured.json"
CELLS = {"21": "north", "34": "north", "43": "south", "50": "south"}
"""The table at the way in: the first digits of an area code, and the cell that has it."""
CLERKS = 8
"""People who ask a cell without pause."""
_EVENTS = "SELECT count(*) FROM events"
_AREAS = """
    SELECT DISTINCT left(about::json ->> 'area', 2) AS prefix
    FROM events WHERE about::json ->> 'actor' LIKE 'p:%'
"""
_SIZE = "SELECT pg_database_size(current_database())"


def cell_of(area: str) -> str:
    """Where an area code leads; raises KeyError for one that no cell has."""
    return next(cell for prefix, cell in CELLS.items() if area.startswith(prefix))


class Cell(Box):
    """One installation: a box of its own, with everything in it."""

    def __init__(self, name: str, home: Path) -> None:
        super().__init__(home)
        self.name = name
        self.took: list[float] = []

    async def total(self, question: str) -> int:
        return sum(next(iter(rows[0].values())) for rows in await self.ask(question))

    def streamed(self) -> int:
        """Bytes of the streams on the disk."""
        return sum(f.stat().st_size for f in (self.home / "nats").rglob("*.blk"))

    async def published(self) -> int:
        """How far the streams are, all together."""
        async with httpx.AsyncClient(trust_env=False) as client:
            text = (await client.get(f"{self.addresses['intake']}/metrics")).text
        lines = [
            line for line in text.splitlines() if line.startswith("onefile_published_position{")
        ]
        return int(sum(float(line.split()[-1]) for line in lines))

    async def settled(self) -> int:
        """Until every event is on its stream and nobody has more to say; how many there are."""
        before = -1
        while True:
            events = await self.total(_EVENTS)
            if events == before and await self.published() == events:
                return events
            before = events
            await asyncio.sleep(1)


async def played(cells: Mapping[str, Cell], seconds: float) -> None:
    """Clerks of every place, each asking the cell that has its area code."""
    ends = monotonic() + seconds

    async def clerk(place: Demo, client: httpx.AsyncClient) -> None:
        cell = cells[cell_of(place.area)]
        person = next(p for p in place.people if "window_clerk" in p.roles)
        token = await client.post(f"{cell.issuer}/token", json={"person": person.id})
        bearer = {"Authorization": f"Bearer {token.json()['access_token']}"}
        while monotonic() < ends:
            began = monotonic()
            answer = await client.post(
                f"{cell.addresses['intake']}/contacts",
                json={"area": place.area, "unit": "测试公司", "wish": "想办开工前的手续"},
                headers={**bearer, "Idempotency-Key": str(new_id())},
            )
            assert answer.status_code == 201, answer.text
            cell.took.append(monotonic() - began)

    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        places = [d for d in demos() if any("window_clerk" in p.roles for p in d.people)]
        by_cell = {name: [d for d in places if cell_of(d.area) == name] for name in cells}
        assert all(by_cell.values()), "every cell needs a place with a window"
        await asyncio.gather(
            *(
                clerk(random.choice(mine), client)
                for mine in by_cell.values()
                for _ in range(CLERKS)
            )
        )


def alone(mode: str, clients: int, seconds: float, dsn: str) -> float:
    """One process on the cell's own server, as tests.bench.ours measures it: a second."""
    said = subprocess.run(
        [sys.executable, "-m", "tests.bench.ours", mode, str(clients), str(seconds), dsn],
        capture_output=True, text=True, check=True, cwd=ROOT,
    ).stdout  # fmt: skip
    told: dict[str, float] = json.loads(said.splitlines()[-1])
    return told["events_per_s" if mode == "rebuild" else "operations_per_s"]


async def one_process(cell: Cell, seconds: float) -> dict[str, float]:
    """Appends, decisions and folds a second of one process."""
    found = {}
    async with superuser(cell.home, lambda _: None) as (admin, _):
        connection = await asyncpg.connect(admin)
        for name, clients in (("append", 32), ("command", 8), ("rebuild", 1)):
            await connection.execute(f"CREATE DATABASE bench_{name}")
            dsn = dsn_on(admin, f"bench_{name}")
            found[name] = await asyncio.to_thread(alone, name, clients, seconds, dsn)
            await connection.execute(f"DROP DATABASE bench_{name} WITH (FORCE)")
        await connection.close()
    return found


async def refilled(cell: Cell, events: int) -> float:
    """The streams are lost; events a second from the start of the box until they are back."""
    await cell.stop()
    shutil.rmtree(cell.home / "nats")
    await cell.start()
    began = monotonic()
    while await cell.published() < events:
        await asyncio.sleep(0.05)
    return events / (monotonic() - began)


async def measured(home: Path, seconds: float) -> dict[str, Any]:
    """Everything, in one run."""
    cells = {name: Cell(name, home / name) for name in dict.fromkeys(CELLS.values())}
    async with AsyncExitStack() as stack:
        for cell in cells.values():
            stack.push_async_callback(cell.stop)
            await cell.start()
        empty = {name: await cell.settled() for name, cell in cells.items()}
        sizes = {name: await cell.total(_SIZE) for name, cell in cells.items()}
        streams = {name: cell.streamed() for name, cell in cells.items()}
        await played(cells, seconds)
        told = {}
        for name, cell in cells.items():
            events = await cell.settled()
            (rows,) = await cell.ask(_AREAS, ["intake"])
            prefixes = {row["prefix"] for row in rows}
            theirs = {prefix for prefix, who in CELLS.items() if who == name}
            assert prefixes and prefixes <= theirs, f"{name} holds {prefixes}"
            told[name] = {
                "prefixes": sorted(theirs),
                "commands": len(cell.took),
                "commands_per_s": round(len(cell.took) / seconds, 1),
                "p99_ms": round(quantiles(cell.took, n=100)[98] * 1000, 1),
                "events": events - empty[name],
                "bytes_an_event": round(
                    (await cell.total(_SIZE) - sizes[name]) / (events - empty[name])
                ),
                "streamed_bytes_an_event": round(
                    (cell.streamed() - streams[name]) / (events - empty[name])
                ),
            }
        one, *others = cells.values()
        for other in others:
            await other.stop()
        rates = await one_process(one, max(2.0, seconds / 10))
        rates["refill"] = await refilled(one, await one.settled())
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores for both cells and the generator",
        "load": round(os.getloadavg()[0], 1),
        "seconds": seconds,
        "cells": told,
        "one_process_per_s": {name: round(rate) for name, rate in rates.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--write", action="store_true", help=f"keep the figures in {FILE.name}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onefile-cells-") as home:
        text = json.dumps(uvloop.run(measured(Path(home), asked.seconds)), indent=2) + "\n"
    print(text)
    if asked.write:
        FILE.write_text(text)


if __name__ == "__main__":
    main()
