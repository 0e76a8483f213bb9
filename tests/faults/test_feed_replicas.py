"""Two replicas of the agencies' door share the work; when one dies, the other goes on with its part."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import httpx
import orjson
import pytest
from fastapi import FastAPI, Request, Response
from prometheus_client.parser import text_string_to_metric_families

from services.feeds.service.webhooks import WINDOW
from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.effects import monotonic
from tests.faults.replicas import replicas
from tests.integration.feeds_scene import Member, agency, door
from tests.patience import PATIENCE

pytestmark = pytest.mark.faults

TYPE = "intake.service_requested.v1"
MEMBERS = [Member(f"ag{n}") for n in range(6)]
_LEADERS = """
    SELECT l.pid, count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE l.locktype = 'advisory' AND l.granted AND d.datname = current_database()
      AND l.classid::bigint = hashtext('onefile.feed')::bigint & 4294967295
    GROUP BY l.pid ORDER BY l.pid
"""


@dataclass
class Receiver:
    """All the agencies' servers in one: what came, how often, and whether twice at the same time."""

    came: dict[str, Counter[int]] = field(default_factory=dict)
    open: Counter[str] = field(default_factory=Counter)
    at_once: set[str] = field(default_factory=set)

    async def take(self, request: Request, name: str) -> Response:
        id = request.headers["webhook-id"]
        self.open[id] += 1
        if self.open[id] > 1:
            self.at_once.add(id)
        try:
            told = orjson.loads(await request.body())
            self.came.setdefault(name, Counter())[told["feedposition"]] += 1
        finally:
            self.open[id] -= 1
        return Response(status_code=204)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[str]:
        app = FastAPI()
        app.post("/in/{name}")(self.take)
        sock = listening(0)
        async with answering(app, sock):
            yield f"{address_of(sock)}/in"

    async def have(self, count: int) -> None:
        """Wait until each agency was given all of `count`."""
        deadline = monotonic() + PATIENCE
        while any(set(self.came.get(m.id, ())) < set(range(1, count + 1)) for m in MEMBERS):
            assert monotonic() < deadline, {m.id: len(self.came.get(m.id, ())) for m in MEMBERS}
            await asyncio.sleep(0.05)

    def again(self) -> int:
        """How many messages came more than once."""
        return sum(times > 1 for came in self.came.values() for times in came.values())

    def none_twice(self, given_up: int) -> None:
        """Save what the doors gave up waiting for: a stalled machine answers too late, and then
        what was under way rightly comes again.
        """
        assert self.again() <= given_up * WINDOW, (self.again(), given_up)
        assert given_up or not self.at_once, self.at_once


async def given_up(*doors: str) -> int:
    """How often these doors, each a process, waited for a receiver in vain."""
    async with httpx.AsyncClient(timeout=PATIENCE, trust_env=False) as client:
        texts = [(await client.get(f"{one}/metrics")).text for one in doors]
    return sum(
        int(sample.value)
        for text in texts
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "onefile_webhook_messages_total"
        and sample.labels["outcome"] == "away"
    )


async def leaders(database: str, processes: int, least: int = 1) -> list[int]:
    """How many feeds each process leads, once all are led by so many, each with `least`."""
    connection = await asyncpg.connect(database)
    deadline = monotonic() + PATIENCE
    try:
        while True:
            rows = await connection.fetch(_LEADERS)
            led = [row["count"] for row in rows]
            if sum(led) == len(MEMBERS) and len(led) == processes and min(led) >= least:
                return led
            assert monotonic() < deadline, led
            await asyncio.sleep(0.05)
    finally:
        await connection.close()


async def test_two_replicas_share_the_feeds_and_neither_posts_what_the_other_does(
    platform: Platform,
) -> None:
    receiver = Receiver()
    async with receiver.up() as url, door(platform) as at, replicas("feeds", at.told) as more:
        before = await given_up(at.address)
        other = await more.start()
        at.write(*(
            agency(one, webhook={"url": f"{url}/{one.id}", "reach": "loopback"})
            for one in MEMBERS
        ))  # fmt: skip
        for _ in range(60):
            at.speakers.say(TYPE)
        await receiver.have(60)
        assert min(await leaders(at.database, 2)) >= 1
        receiver.none_twice(await given_up(at.address, other.address) - before)

        other.process.kill()
        await other.process.wait()
        for _ in range(60):
            at.speakers.say(TYPE)
        await receiver.have(120)
        assert await leaders(at.database, 1) == [len(MEMBERS)]
        late = await given_up(at.address) - before
        assert late or not receiver.at_once, "a dead replica's feeds are taken once it is dead"

        again = await more.start()
        connection = await asyncpg.connect(at.database)
        await connection.fetch(f"SELECT pg_terminate_backend(pid) FROM ({_LEADERS}) AS leaders")
        for _ in range(60):
            at.speakers.say(TYPE)
        await receiver.have(180)
        await leaders(at.database, 2)
        assert await again.ends() == 0, "told to end, it lets go of its feeds"
        await leaders(at.database, 1)
        for _ in range(10):
            at.speakers.say(TYPE)
        await receiver.have(190)
        await connection.close()
        late = await given_up(at.address) - before
    # A window that was under way with the dead may come again, under the same webhook-id.
    assert receiver.again() <= (2 + late) * WINDOW


async def test_a_replica_that_comes_later_gets_its_share_and_nobody_is_told_twice(
    platform: Platform,
) -> None:
    receiver = Receiver()
    async with receiver.up() as url, door(platform) as at, replicas("feeds", at.told) as more:
        before = await given_up(at.address)
        at.write(*(
            agency(one, webhook={"url": f"{url}/{one.id}", "reach": "loopback"})
            for one in MEMBERS
        ))  # fmt: skip
        for _ in range(60):
            at.speakers.say(TYPE)
        await receiver.have(60)
        assert await leaders(at.database, 1) == [len(MEMBERS)]

        talking, said = asyncio.Event(), 60

        async def talk() -> None:
            nonlocal said
            while not talking.is_set():
                at.speakers.say(TYPE)
                said += 1
                await asyncio.sleep(0.02)

        async with asyncio.TaskGroup() as group:
            group.create_task(talk())
            later = await more.start()
            assert await leaders(at.database, 2, least=3) == [3, 3]
            talking.set()
        await receiver.have(said)
        # Handed over between messages, not amid them.
        receiver.none_twice(await given_up(at.address, later.address) - before)
        assert await later.ends() == 0
        assert await leaders(at.database, 1) == [len(MEMBERS)]
