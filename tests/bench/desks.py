"""How quick are the desks of a box that holds 100,000 matters, with fifty people at work on it?

    python -m tests.bench.desks [--matters 100000] [--people 50] [--home FOLDER]

A few matters are lived through over HTTP, each as far as another point; the stores are filled with
copies of them, and the views with copies of the rows that the projections made of them. Then people
sign in at the console and play their desks: first one at a time, then all at once. What is timed is
the whole answer, as a browser waits for it, on the machine that serves it. A folder that was filled
is used again.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Iterator, Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles
from typing import Any

import asyncpg
import httpx
import uvloop

from contracts.subjects import SERVICES
from services.onebox.box import Wishes, box
from services.onebox.demo.approvals import file_ready
from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from services.onebox.people import Demo, demos
from services.onebox.platform import Platform
from shared.effects import monotonic
from shared.packs import Packs
from tests.bench.box import Box
from tests.bench.filling import Lived, filled, lived
from tests.desk import Desk

AREA = "500242"
LIMITS = {"alone": 300, "together": 500}
"""Milliseconds that nineteen in twenty answers of a desk may take."""
ALONE, TOGETHER = 12, 60.0
"""Times that each page is opened alone; seconds for which everybody works together."""
AT_REST = 0.2
"""Of one core, what a box that nobody asks anything uses at most."""
NEVER = 60_000.0
"""Milliseconds that a page counts which was refused: it is over every limit."""
LOOKS = 8.0
"""Seconds that somebody looks at a page before the next, on the average."""
STAGES = {"requested": 2, "accepted": 3, "at work": 4, "declined": 0, "late": 5}
"""How many acts of the demonstration each kind of matter has behind it; the late one has items with
departments, of which the first is two days over what was promised.
"""
SHARES = {"requested": 0.04, "accepted": 0.03, "at work": 0.01, "late": 0.01}
"""The rest was declined: open is one in eleven, as where a place has worked for years."""
DESKS = {
    "clerk": (20, ("/desk/clerk", "/search?q={number}", "/search?q=测试", "/matter/{matter}")),
    "agent": (10, ("/desk/agent", "/matter/{listed}")),
    "agent2": (5, ("/desk/agent",)),
    "approver": (5, ("/desk/department", "/matter/{listed}")),
    "office": (4, ("/desk/supervisor", "/desk/chief", "/matter/{listed}")),
    "unit": (2, ("/desk/unit",)),
    "admin": (2, ("/desk/admin",)),
    "auditor": (2, ("/desk/audit", "/matter/{matter}")),
}
"""Of every fifty, how many sit at whose desk, and what they open from it: `listed` is a matter that
their desk shows them, `matter` any."""
_LISTED = re.compile(r'href="/matter/([0-9a-f-]{36})"')
VISITOR = "/do/intake/ReceiveVisitor"
_BEHIND = """
    SELECT max((SELECT coalesce(max(position), 0) FROM events) - position) AS behind FROM cursors
    WHERE reader LIKE 'view:%'
"""
_SOME = "SELECT id::text AS matter, number FROM view_matters ORDER BY random() LIMIT 300"

type Times = dict[str, list[float]]
"""Of each page, how many milliseconds its answers took."""


# -- filling ---------------------------------------------------------------------------------------


def another(demo: Demo, name: str) -> Demo:
    """The same place with projects that nobody knows yet."""
    works = {key: dict(one) for key, one in demo.projects.items()}
    for one in works.values():
        one.pop("code", None)
        one["name"] += name
        one["unit"] += name
    return demo.model_copy(update={"projects": works})


async def live(home: Path) -> dict[str, tuple[str, str, str]]:
    """A matter of each kind, really lived: its id, its project's and its number."""
    demo = next(one for one in demos() if one.area == AREA)
    found: dict[str, tuple[str, str, str]] = {}
    async with box(Wishes(home, any_port=True), print) as (state, platform):
        for kind, acts in STAGES.items():
            place = another(demo, kind)
            async with Walk(state.addresses, {p.key: p for p in place.people}) as walk:
                scene = Scene(walk, place, Packs.load(None).for_area(AREA), lambda _: None)
                await scene.next_working_day()
                for act in ACTS[:acts] if acts else (ACTS[8],):
                    await act(scene)
                if kind == "late":
                    promised = await file_ready(scene)
                    await scene.walk.until_day(min(promised.values()) + timedelta(days=2))
                known = {matter for matter, _, _ in found.values()}
                new = partial(_new, known)
                page = await walk.until(
                    "auditor", "intake", "/matters", new, "its row", area=AREA
                )
                (row,) = new(page)
                found[kind] = row["id"], row["project"], row["number"]
        await _quiet(platform)
    return found


def _new(known: set[str], page: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for row in page["items"] if row["id"] not in known]


async def _quiet(platform: Platform) -> None:
    """Until nobody has had anything to say for a while about what was lived."""
    before, same = None, 0
    while same < 10:
        now = [await _ask(platform.pg_dsn(f"onefile_{name}"), "SELECT count(*) FROM events")
               for name in SERVICES]  # fmt: skip
        same = same + 1 if now == before else 0
        before = now
        await asyncio.sleep(0.3)


async def _ask(dsn: str, question: str) -> int:
    connection = await asyncpg.connect(dsn)
    try:
        return int(await connection.fetchval(question) or 0)
    finally:
        await connection.close()


async def fill(home: Path, count: int, *, views: bool) -> None:
    """A box's home with so many matters in its logs."""
    kinds = await live(home)
    async with Platform(home, pg_port=0, nats_port=0) as platform:
        people = next(one for one in demos() if one.area == AREA).people
        unit = [p.id for p in people if p.key in ("unit", "handler", "other")]
        found = await lived(platform, list(kinds.values()), unit, views=views)
        lives = dict(zip(kinds, found, strict=True))
        print("  events of a matter:", {kind: one.events for kind, one in lives.items()})
        began = monotonic()
        events = await filled(platform, copies(lives, count), views=views)
        took = monotonic() - began
    print(f"  {count:,} matters, {events:,} events laid in: {events / took:,.0f} events/s")
    (home / "filled").write_text(str(count))


def copies(lives: dict[str, Lived], count: int) -> Iterator[tuple[Lived, int]]:
    """So many, of every kind its share, mixed as they would have come."""
    chance = random.Random(1)
    kinds = [*SHARES, "declined"]
    weights = [*SHARES.values(), 1 - sum(SHARES.values())]
    for serial in range(100, 100 + count):
        yield lives[chance.choices(kinds, weights)[0]], serial


async def caught_up(running: Box) -> None:
    """Until every view has read what was filled, the streams hold it, and the box is at rest."""
    began = said = monotonic()
    while (
        any(behind := [rows[0]["behind"] for rows in await running.ask(_BEHIND)])
        or (busy := await running.busy()) > AT_REST
    ):
        if monotonic() - said > 20:
            said = monotonic()
            left = (
                dict(zip(SERVICES, behind, strict=True)) if any(behind) else f"busy {busy:.0%}"
            )
            print(f"  behind: {left}", flush=True)
        await asyncio.sleep(1)
    print(f"  everything has caught up after {monotonic() - began:.1f} s", flush=True)


# -- playing ---------------------------------------------------------------------------------------


class Seat:
    """One person at work: the desk, its pages, and the matters it showed last."""

    def __init__(self, key: str, pages: Sequence[str], desk: Desk) -> None:
        self.key, self._pages, self._desk = key, pages, desk
        self._listed: list[str] = []

    async def each(self, some: Sequence[dict[str, str]], times: Times) -> None:
        """Every page in turn, with nobody else there."""
        for page in self._pages:
            for _ in range(ALONE):
                await self._open(page, some, times)
        for _ in range(ALONE if self.key == "clerk" else 0):
            await self._receive(times)

    async def work(self, ends: float, some: Sequence[dict[str, str]], times: Times) -> None:
        """One page after another, each looked at for a while."""
        while True:
            await asyncio.sleep(random.expovariate(1 / LOOKS))
            if monotonic() > ends:
                return
            if self.key == "clerk" and random.random() < 0.2:
                await self._receive(times)
            else:
                await self._open(random.choice(self._pages), some, times)

    async def _open(self, page: str, some: Sequence[dict[str, str]], times: Times) -> None:
        """One page, timed to its last byte."""
        if "{listed}" in page and not self._listed:
            return
        listed = {"listed": random.choice(self._listed or [""])}
        address = page.format(**random.choice(some), **listed)
        answer = await self._timed(page, self._desk.look(address), times)
        if page.startswith("/desk/") and answer:
            self._listed = _LISTED.findall(answer.text) or self._listed

    async def _receive(self, times: Times) -> None:
        """Somebody came, and was entered: the form sent, and the desk shown again."""
        sent = self._desk.send(f"{VISITOR}?next=/desk/clerk", area=AREA, unit="测试公司")
        await self._timed(f"POST {VISITOR}", sent, times)

    async def _timed(
        self, page: str, answer: Awaitable[httpx.Response], times: Times
    ) -> httpx.Response | None:
        """To the last byte; a page that was refused counts as over every limit."""
        began = monotonic()
        try:
            shown = await answer
        except (AssertionError, httpx.HTTPError) as failed:
            print(f"  {page} failed: {failed!r:.90}", flush=True)
            times[page].append(NEVER)
            return None
        times[page].append((monotonic() - began) * 1000)
        return shown


async def played(console: str, people: int, some: Sequence[dict[str, str]]) -> dict[str, Times]:
    """Every page alone, then everybody together."""
    demo = next(one for one in demos() if one.area == AREA)
    alone: Times = defaultdict(list)
    together: Times = defaultdict(list)
    async with AsyncExitStack() as stack:
        seats = [
            Seat(
                key, pages, await stack.enter_async_context(Desk(console, demo.person(key).id))
            )
            for key, (share, pages) in DESKS.items()
            for _ in range(max(1, round(share * people / 50)))
        ]
        for seat in {seat.key: seat for seat in seats}.values():
            await seat.each(some, alone)
        ends = monotonic() + TOGETHER
        await asyncio.gather(*(seat.work(ends, some, together) for seat in seats))
    return {"alone": alone, "together": together}


def shown(what: str, times: Times) -> int:
    """The table of one part; how many pages are over their limit."""
    print(f"\n{what}: p95 at most {LIMITS[what]} ms")
    print(f"{'page':<34} {'n':>4} {'p50':>6} {'p95':>6} {'max':>6}  ms")
    over = 0
    for page, ms in sorted(times.items()):
        p50, p95 = (quantiles(ms, n=100)[at - 1] if len(ms) > 1 else ms[0] for at in (50, 95))
        over += p95 > LIMITS[what]
        sign = "  over" if p95 > LIMITS[what] else ""
        print(f"{page:<34} {len(ms):>4} {p50:>6.0f} {p95:>6.0f} {max(ms):>6.0f}{sign}")
    return over


async def main(home: Path, matters: int, people: int, *, views: bool) -> int:
    if not (home / "filled").exists():
        await fill(home, matters, views=views)
    running = Box(home)
    try:
        await running.start()
        await caught_up(running)
        (some,) = await running.ask(_SOME, ["intake"])
        found = await played(running.addresses["console"], people, some)
    finally:
        await running.stop()
    return sum(shown(what, times) for what, times in found.items())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--matters", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--home", type=Path)
    parser.add_argument(
        "--project", action="store_true", help="let every view read the logs: hours for 100,000"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="onefile-desks-") as place:
        where = asked.home or Path(place) / "box"
        sys.exit(
            1
            if uvloop.run(main(where, asked.matters, asked.people, views=not asked.project))
            else 0
        )
