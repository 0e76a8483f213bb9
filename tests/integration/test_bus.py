"""The bus: what the log says arrives once, in order, whatever happens to stream, consumer or relay."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import orjson
import pytest
from nats.aio.client import Client
from structlog.testing import CapturedCall, CapturingLogger

from contracts.event import Personal
from contracts.subjects import durable_of, stream_of
from services.onebox.platform import Platform
from shared.asking import asked_by_event
from shared.bus import BusRefused, broker_on, connect_bus, provision, refuse_old_server
from shared.effects import new_id, system_clock
from shared.envelope import Heard, heard, message_of
from shared.handling import Step
from shared.hearing import Ear
from shared.relay import Relay, StreamAhead, said_after
from tests.integration.store import connected
from tests.patience import PATIENCE
from tests.sample import SAMPLE, LogPublicity, Sample, sample_on


async def eventually(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await true():
            await asyncio.sleep(0.02)


@pytest.fixture
async def bus(platform: Platform) -> AsyncIterator[Client]:
    client = await connect_bus(platform.nats_url, name="test", token=platform.nats_token)
    js = client.jetstream()
    yield client
    for info in await js.streams_info():
        await js.delete_stream(str(info.config.name))
    await client.close()


@asynccontextmanager
async def relaying(sample: Sample, bus: Client) -> AsyncIterator[Relay]:
    relay = Relay(sample.service, sample.dsn, bus)
    task = asyncio.create_task(relay.run())
    try:
        yield relay
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def same_as_log(sample: Sample, bus: Client) -> bool:
    """Whether the stream is the log: sequence, id, subject and body of every event."""
    js = bus.jetstream(timeout=PATIENCE)
    last = await sample.log.position()
    info = await js.stream_info(stream_of(sample.service))
    if info.state.last_seq != last or info.state.messages != last:
        return False
    said = await said_after(sample.log.pool, 0, 10_000)
    for s in said:
        stored = await js.get_msg(stream_of(sample.service), seq=s.entry.position)
        subject, message = message_of(sample.service, s)
        if stored.subject != subject or stored.data != message:
            return False
        assert stored.headers is not None
        if stored.headers["Nats-Msg-Id"] != str(s.entry.id):
            return False
    return True


async def record(sample: Sample, count: int, prefix: str = "k") -> None:
    await asyncio.gather(
        *(sample.handling.handle(sample.step(f"{prefix}{n}")) for n in range(count))
    )


async def test_the_stream_is_the_log(database: str, bus: Client) -> None:
    async with sample_on(database) as sample:
        await provision(bus.jetstream(), ["intake"], [])
        await record(sample, 50)
        async with relaying(sample, bus):
            await record(sample, 50, "later")
            await eventually(lambda: same_as_log(sample, bus))


async def test_a_message_is_its_event_verbatim(database: str, bus: Client) -> None:
    async with sample_on(database) as sample:
        await record(sample, 1)
        (said,) = await said_after(sample.log.pool, 0)
        subject, message = message_of("intake", said)
        told = heard(message)
        assert subject == "onefile.99.01.00.intake.publicity_logged.v1"
        assert told.body == said.entry.body
        assert told.leafhash == said.entry.leafhash.hex() and told.position == 1
        assert told.origin is not None and told.origin_store is None


async def test_a_deleted_stream_is_filled_again_with_the_same(
    database: str, bus: Client
) -> None:
    async with sample_on(database) as sample:
        await provision(bus.jetstream(), ["intake"], [])
        async with relaying(sample, bus):
            await record(sample, 200)
            await eventually(lambda: same_as_log(sample, bus))
            await bus.jetstream().delete_stream(stream_of("intake"))
            await record(sample, 5, "after")
            await eventually(lambda: _filled(sample, bus))
            assert await same_as_log(sample, bus)


async def _filled(sample: Sample, bus: Client) -> bool:
    try:
        return await same_as_log(sample, bus)
    except Exception:
        return False


async def test_two_relays_at_once_neither_repeat_nor_reorder(
    database: str, bus: Client
) -> None:
    class Rogue(Relay):
        async def _lead(self, connection: object) -> None:
            self.leading = True

    async with sample_on(database) as sample:
        await provision(bus.jetstream(), ["intake"], [])
        rogue = asyncio.create_task(Rogue("intake", database, bus).run())
        async with relaying(sample, bus):
            for n in range(20):
                await record(sample, 20, f"r{n}-")
            await eventually(lambda: same_as_log(sample, bus))
        rogue.cancel()
        await asyncio.gather(rogue, return_exceptions=True)


async def test_a_relay_that_begins_while_the_bus_is_silent_waits_for_it(
    database: str, bus: Client, platform: Platform
) -> None:
    silent = asyncio.Event()

    class Patient(Relay):
        async def _tail(self, connection: Any) -> int:
            try:
                return await super()._tail(connection)
            except TimeoutError:
                silent.set()
                raise

    async with sample_on(database) as sample:
        await provision(bus.jetstream(), ["intake"], [])
        await record(sample, 3)
        relay = Patient("intake", database, bus)
        relay._js = bus.jetstream(timeout=0.2)
        platform.pause("nats")
        task = asyncio.create_task(relay.run())
        try:
            await asyncio.wait_for(silent.wait(), PATIENCE)
            platform.resume("nats")
            await eventually(lambda: same_as_log(sample, bus))
        finally:
            platform.resume("nats")
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


async def test_a_stream_longer_than_its_log_stops_the_relay(database: str, bus: Client) -> None:
    async with sample_on(database) as sample:
        await provision(bus.jetstream(), ["intake"], [])
        await record(sample, 3)
        for n in range(5):
            await bus.jetstream().publish(f"onefile.99.01.00.intake.x.v{n}", b"{}")
        with pytest.raises(StreamAhead, match="restored to an earlier point"):
            await asyncio.wait_for(Relay("intake", database, bus).run(), PATIENCE)
        assert (await bus.jetstream().stream_info(stream_of("intake"))).state.messages == 5


@pytest.mark.attack(
    what="发布前改动一行: a row altered before it is published",
    by="发布者重算叶摘要 the relay hashes what it reads, and publishes nothing that does not fit",
)
async def test_a_row_that_was_altered_is_not_published_and_nothing_after_it(
    database: str, bus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = CapturingLogger()  # what is said to it is kept, however logging was set up before
    monkeypatch.setattr("shared.relay.log", log)
    alter = "UPDATE events SET fact = $2 WHERE position = $1"
    async with sample_on(database) as sample, connected(database) as owner:
        await provision(bus.jetstream(), ["intake"], [])
        await record(sample, 30)
        await owner.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
        await owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        true = await owner.fetchval("SELECT fact FROM events WHERE position = 21")
        await owner.execute(alter, 21, true.replace("{", "{ ", 1))
        async with relaying(sample, bus):
            await eventually(lambda: _refused(log.calls))
            await record(sample, 1, "after")
            info = await bus.jetstream().stream_info(stream_of("intake"))
            assert info.state.messages == 20
            await owner.execute(alter, 21, true)
            await eventually(lambda: same_as_log(sample, bus))
        told = [one.kwargs for one in log.calls if one.args == ("relay_refuses",)]
        assert [one["position"] for one in told] == [21]


async def _refused(calls: Collection[CapturedCall]) -> bool:
    return any(one.args == ("relay_refuses",) for one in calls)


async def test_an_old_server_is_refused_with_the_remedy() -> None:
    class Old:
        class connected_server_version:
            major, minor, patch = 2, 9, 10

    with pytest.raises(BusRefused, match=r"Install nats-server 2\.10\.0 or later"):
        refuse_old_server(Old())  # type: ignore[arg-type]


# hearing


@asynccontextmanager
async def hearing(
    sample: Sample,
    speaker: Sample,
    platform: Platform,
    *,
    poison: Collection[UUID] = (),
) -> AsyncIterator[Ear]:
    """`sample` hears `speaker` and says in the same stream what it heard."""

    async def react(h: Heard) -> list[Step[Any, Any, Any, Any]]:
        if h.about.stream in poison:
            raise ValueError("a fault in our own code")
        asked = asked_by_event(sample.service, h, system_clock())
        command = LogPublicity(title=Personal("听到"))
        return [Step(asked, SAMPLE, h.about.stream, command, None)]

    async def refill(after: int, limit: int) -> list[bytes]:
        said = await said_after(speaker.log.pool, after, limit)
        return [message_of(speaker.service, s)[1] for s in said]

    ear = Ear(sample.service, speaker.service, sample.log, sample.handling, react, refill)
    await ear.load()
    broker = broker_on(platform.nats_url, name="test-hears", token=platform.nats_token)
    ear.listen_on(broker)
    await broker.start()
    try:
        yield ear
    finally:
        await broker.stop()


@pytest.fixture
async def second_database(platform: Platform) -> AsyncIterator[str]:
    import asyncpg

    name = f"second_{new_id().hex}"
    admin = await asyncpg.connect(platform.pg_dsn("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    yield platform.pg_dsn(name)
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


async def test_what_is_said_is_heard_once_and_in_order(
    database: str, second_database: str, bus: Client, platform: Platform
) -> None:
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        async with relaying(speaker, bus), hearing(hearer, speaker, platform) as ear:
            await record(speaker, 300)
            await eventually(lambda: _reached(ear, 300))
            told = await hearer.log.after(0, 1000)
            said = await speaker.log.after(0, 1000)
            assert [t.stream for t in told] == [s.stream for s in said]

            # the whole stream again, then shuffled: nothing new
            messages = [
                message_of("intake", s)[1] for s in await said_after(speaker.log.pool, 0, 300)
            ]
            await ear.take(messages)
            await ear.take(list(reversed(messages)))
            assert await hearer.log.position() == 300


async def _reached(ear: Ear, position: int) -> bool:
    return await ear.position() >= position


async def test_a_gap_is_read_from_the_speaker(
    database: str, second_database: str, platform: Platform, bus: Client
) -> None:
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        await record(speaker, 30)
        async with hearing(hearer, speaker, platform) as ear:
            said = await said_after(speaker.log.pool, 19, 5)
            await ear.take([message_of("intake", s)[1] for s in said])
            assert await ear.position() >= 24
            told, said_all = await hearer.log.after(0), await speaker.log.after(0)
            assert [t.stream for t in told] == [s.stream for s in said_all[: len(told)]]


async def test_a_poison_event_parks_its_matter_and_the_rest_flows(
    database: str, second_database: str, platform: Platform, bus: Client
) -> None:
    bad = new_id()
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        async with (
            relaying(speaker, bus),
            hearing(hearer, speaker, platform, poison=frozenset({bad})) as ear,
        ):
            await record(speaker, 3)
            await speaker.handling.handle(speaker.step("bad1", stream=bad))
            await record(speaker, 3, "b")
            await speaker.handling.handle(speaker.step("bad2", stream=bad))
            await eventually(lambda: _reached(ear, 8))

            assert await hearer.log.position() == 6
            parked = await hearer.log.pool.fetch("SELECT * FROM parked ORDER BY position")
            assert [(p["position"], p["stream"]) for p in parked] == [(4, bad), (8, bad)]
            assert "a fault in our own code" in parked[0]["reason"]
            assert parked[1]["reason"] == "matter_is_held"


async def test_a_held_matter_is_taken_up_in_order_once_its_cause_is_mended(
    database: str, second_database: str, platform: Platform, bus: Client
) -> None:
    bad = new_id()
    poison = {bad}
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        async with (
            relaying(speaker, bus),
            hearing(hearer, speaker, platform, poison=poison) as ear,
        ):
            for n in range(3):
                await speaker.handling.handle(speaker.step(f"bad{n}", stream=bad))
            await eventually(lambda: _reached(ear, 3))
            with pytest.raises(ValueError, match="a fault in our own code"):
                await ear.release(bad)
            assert await hearer.log.position() == 0

            poison.clear()
            assert await ear.release(bad) == 3
            await speaker.handling.handle(speaker.step("bad3", stream=bad))
            await eventually(lambda: _reached(ear, 4))
            assert [e.stream for e in await hearer.log.after(0)] == [bad] * 4
            assert await ear.release(bad) == 0


@pytest.mark.parametrize(
    "spoil",
    [
        lambda m: b"not json",
        lambda m: b"",
        lambda m: m.replace("宣传".encode(), b"x") + b" ",
        lambda m: m.replace(b'"medium":"web"', b'"medium":"tv0"'),
        lambda m: m.replace(b'"leafhash":"', b'"leafhash":"0', 1),
        lambda m: m.replace(b'"fact"', b'"fakt"'),
        lambda m: orjson.dumps({**orjson.loads(m), "position": 1.5}),
    ],
)
async def test_a_forged_message_is_replaced_by_what_the_log_says(
    spoil: Callable[[bytes], bytes],
    database: str,
    second_database: str,
    platform: Platform,
    bus: Client,
) -> None:
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        await record(speaker, 3)
        async with hearing(hearer, speaker, platform) as ear:
            messages = [
                message_of("intake", s)[1] for s in await said_after(speaker.log.pool, 0)
            ]
            messages[1] = spoil(messages[1])
            await ear.take(messages)
            assert await ear.position() == 3
            told, said = await hearer.log.after(0), await speaker.log.after(0)
            assert [t.stream for t in told] == [s.stream for s in said]


async def test_a_consumer_that_vanishes_ends_the_hearing(
    database: str, second_database: str, platform: Platform, bus: Client
) -> None:
    async with sample_on(database) as speaker, sample_on(second_database, "archive") as hearer:
        await provision(bus.jetstream(), ["intake"], [("archive", "intake")])
        async with hearing(hearer, speaker, platform) as ear:
            await bus.jetstream().delete_consumer(
                stream_of("intake"), durable_of("archive", "intake")
            )
            async with asyncio.timeout(PATIENCE):
                await ear.deaf.wait()
