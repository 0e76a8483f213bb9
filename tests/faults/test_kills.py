"""What is killed comes back: acknowledged commands stand once, stream = log, view = fresh replay."""

import asyncio
import contextlib
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from nats.aio.client import Client

from contracts.canonical import leaf_hash
from contracts.event import Personal
from contracts.subjects import stream_of
from services.onebox.platform import Platform
from shared.asking import asked_by_event
from shared.bus import broker_on, connect_bus, provision
from shared.effects import new_id, system_clock
from shared.envelope import Heard, message_of
from shared.eventstore.postgres import Connection
from shared.handling import Step
from shared.hearing import Ear, passes
from shared.projecting import Told, Views
from shared.relay import Relay, said_after
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START
from tests.sample import SAMPLE, LogPublicity, Sample, sample_on


async def eventually(true: Callable[[], Awaitable[bool]], what: str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await _quietly(true):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"never came true: {what}") from None


async def _quietly(true: Callable[[], Awaitable[bool]]) -> bool:
    try:
        return await true()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, Exception):
        return False


@pytest.fixture
async def own(tmp_path: Path) -> AsyncIterator[Platform]:
    """Servers of this test alone, with every sync on: they will be killed."""
    async with Platform(
        tmp_path / "own", pg_port=0, nats_port=0, say=lambda _: None
    ) as platform:
        yield platform


async def made(platform: Platform, name: str) -> str:
    admin = await asyncpg.connect(platform.pg_dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    await admin.close()
    return platform.pg_dsn(name)


async def run_child(*arguments: str) -> int:
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.child", *arguments, cwd=REPOSITORY
    )
    async with asyncio.timeout(START):
        return await child.wait()


async def restarted_for_ever(part: Callable[[], Awaitable[None]]) -> None:
    """What an operator's supervisor does: start the part again when it ended with an error."""
    while True:
        with contextlib.suppress(Exception):
            await part()
        await asyncio.sleep(0.1)


async def noted(connection: Connection, told: Told) -> None:
    """A view: how many events each stream has."""
    await connection.execute(
        "INSERT INTO view_notes (stream, events) VALUES ($1, 1) "
        "ON CONFLICT (stream) DO UPDATE SET events = view_notes.events + 1",
        told.entry.stream,
    )


class Town:
    """A speaker with relay and view, a hearer, and a crowd that writes down what was acknowledged."""

    def __init__(
        self, platform: Platform, speaker: Sample, hearer: Sample, bus: Client
    ) -> None:
        self.platform, self.speaker, self.hearer, self.bus = platform, speaker, hearer, bus
        self.acknowledged: list[tuple[str, UUID, UUID]] = []
        self.unknown = 0
        self._stop = asyncio.Event()

    async def crowd(self, people: int = 8) -> None:
        await asyncio.gather(*(self._person(n) for n in range(people)))

    async def _person(self, number: int) -> None:
        """Every command is repeated with its own key until it is acknowledged."""
        n = 0
        streams = [new_id() for _ in range(5)]
        while not self._stop.is_set():
            n += 1
            key, stream = f"{number}-{n}", random.choice(streams)
            while True:
                try:
                    done = await self.speaker.handling.handle(
                        self.speaker.step(key, stream=stream)
                    )
                except Exception as error:
                    if not passes(error):
                        raise
                    self.unknown += 1
                    await asyncio.sleep(0.05)
                    continue
                self.acknowledged.append((key, stream, done.events[0][0]))
                break
            await asyncio.sleep(0.002)

    async def under_load(self, fault: Callable[[], Awaitable[None]]) -> None:
        crowd = asyncio.create_task(self.crowd())
        await eventually(self._busy(50), "the crowd is at work")
        await fault()
        await eventually(
            self._busy(len(self.acknowledged) + 100), "work goes on after the fault"
        )
        self._stop.set()
        await crowd

    def _busy(self, count: int) -> Callable[[], Awaitable[bool]]:
        async def busy() -> bool:
            return len(self.acknowledged) >= count

        return busy

    async def whole(self) -> None:
        """The promises, checked after a quiet moment."""
        entries = await self.speaker.log.after(0, 1_000_000)
        ids = [e.id for e in entries]
        assert [e.position for e in entries] == list(range(1, len(entries) + 1))
        assert len(set(ids)) == len(ids)
        assert {id for _, _, id in self.acknowledged} <= set(ids), (
            "an acknowledged event is gone"
        )
        assert len(entries) == len({key for key, _, _ in self.acknowledged})
        assert all(leaf_hash(e.body) == e.leafhash for e in entries)
        await eventually(self._stream_is_log, "stream = log")
        await eventually(self._heard_everything, "everything is heard once")
        await eventually(self._view_is_replay, "view = fresh replay")

    async def _stream_is_log(self) -> bool:
        js = self.bus.jetstream(timeout=PATIENCE)
        said = await said_after(self.speaker.log.pool, 0, 1_000_000)
        state = (await js.stream_info(stream_of("intake"))).state
        if (state.messages, state.last_seq) != (len(said), len(said)):
            return False
        for s in said[:: max(1, len(said) // 50)] + said[-1:]:
            stored = await js.get_msg(stream_of("intake"), seq=s.entry.position)
            if (stored.subject, stored.data) != message_of("intake", s):
                return False
        return True

    async def _heard_everything(self) -> bool:
        said = Counter(e.stream for e in await self.speaker.log.after(0, 1_000_000))
        told = Counter(e.stream for e in await self.hearer.log.after(0, 1_000_000))
        assert not await self.hearer.log.pool.fetch("SELECT * FROM parked")
        return said == told

    async def _view_is_replay(self) -> bool:
        rows = await self.speaker.log.pool.fetch("SELECT stream, events FROM view_notes")
        fresh: dict[UUID, int] = {}
        for e in await self.speaker.log.after(0, 1_000_000):
            fresh[e.stream] = fresh.get(e.stream, 0) + 1
        return {r["stream"]: r["events"] for r in rows} == fresh


@asynccontextmanager
async def town(platform: Platform) -> AsyncIterator[Town]:
    async with AsyncExitStack() as stack:
        speaker = await stack.enter_async_context(sample_on(await made(platform, "speaker")))
        hearer = await stack.enter_async_context(
            sample_on(await made(platform, "hearer"), "archive")
        )
        await speaker.log.pool.execute(
            "CREATE TABLE view_notes (stream uuid PRIMARY KEY, events integer NOT NULL)"
        )
        bus = await connect_bus(platform.nats_url, name="town", token=platform.nats_token)
        stack.push_async_callback(bus.close)
        await provision(bus.jetstream(timeout=PATIENCE), ["intake"], [("archive", "intake")])

        async def react(h: Heard) -> list[Step[Any, Any, Any, Any]]:
            asked = asked_by_event("archive", h, system_clock())
            return [
                Step(asked, SAMPLE, h.about.stream, LogPublicity(title=Personal("听")), None)
            ]

        async def refill(after: int, limit: int) -> list[bytes]:
            said = await said_after(speaker.log.pool, after, limit)
            return [message_of("intake", s)[1] for s in said]

        ear = Ear("archive", "intake", hearer.log, hearer.handling, react, refill)
        broker = broker_on(platform.nats_url, name="town-hears", token=platform.nats_token)
        ear.listen_on(broker)
        await broker.start()
        stack.push_async_callback(broker.stop)

        async def view() -> None:
            await Views(speaker.log, speaker.dsn, {"notes": noted}).run()

        async def relay() -> None:
            await Relay("intake", speaker.dsn, bus).run()

        parts = [asyncio.create_task(restarted_for_ever(part)) for part in (view, relay)]
        try:
            yield Town(platform, speaker, hearer, bus)
        finally:
            for part in parts:
                part.cancel()
            await asyncio.gather(*parts, return_exceptions=True)


async def test_a_service_killed_between_commit_and_answer_answers_the_repetition(
    database: str,
) -> None:
    async with sample_on(database) as sample:
        stream = new_id()
        code = await run_child("command_that_dies_after_its_commit", database, str(stream))
        assert code == -9
        assert await sample.log.position() == 1

        again = await sample.handling.handle(sample.step("the key", stream=stream))
        assert again.replayed and again.version == 1
        assert await sample.log.position() == 1


@pytest.mark.parametrize("after", [1, 7, 40])
async def test_a_relay_killed_in_a_batch_leaves_a_stream_that_heals(
    database: str, platform: Platform, after: int
) -> None:
    async with AsyncExitStack() as stack:
        sample = await stack.enter_async_context(sample_on(database))
        bus = await connect_bus(platform.nats_url, name="x", token=platform.nats_token)
        stack.push_async_callback(bus.close)
        js = bus.jetstream(timeout=PATIENCE)
        await provision(js, ["intake"], [])
        stack.push_async_callback(js.delete_stream, stream_of("intake"))
        for n in range(40):
            await sample.handling.handle(sample.step(f"k{n}"))
        code = await run_child(
            "relay_that_dies_in_a_batch",
            database, platform.nats_url, platform.nats_token, str(after),
        )  # fmt: skip
        assert code == -9
        relay = asyncio.create_task(Relay("intake", database, bus).run())
        said = await said_after(sample.log.pool, 0)

        async def same() -> bool:
            state = (await js.stream_info(stream_of("intake"))).state
            return state.last_seq == state.messages == 40

        await eventually(same, "the stream is whole")
        for s in said:
            stored = await js.get_msg(stream_of("intake"), seq=s.entry.position)
            assert (stored.subject, stored.data) == message_of("intake", s)
        relay.cancel()
        await asyncio.gather(relay, return_exceptions=True)


async def test_nats_killed_under_load_loses_nothing(own: Platform) -> None:
    async with town(own) as here:

        async def fault() -> None:
            await own.kill_nats()
            await asyncio.sleep(0.5)  # the outage itself, not a wait for something
            await own.start_nats()

        await here.under_load(fault)
        await here.whole()


async def test_postgres_killed_under_load_loses_nothing(own: Platform) -> None:
    async with town(own) as here:

        async def fault() -> None:
            await own.kill_postgres()
            await asyncio.sleep(0.5)  # the outage itself, not a wait for something
            await own.start_postgres()

        await here.under_load(fault)
        await here.whole()


async def test_a_stream_deleted_under_load_is_made_again(own: Platform) -> None:
    async with town(own) as here:

        async def fault() -> None:
            js = here.bus.jetstream(timeout=PATIENCE)
            await js.delete_stream(stream_of("intake"))
            await provision(js, ["intake"], [("archive", "intake")])

        await here.under_load(fault)
        entries = await here.speaker.log.after(0, 1_000_000)
        assert {id for _, _, id in here.acknowledged} == {e.id for e in entries}
        await eventually(here._stream_is_log, "stream = log")
