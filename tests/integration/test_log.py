"""The store keeps what it promises: order, chain, exact bytes, units, verdicts, exactly once."""

import asyncio
import random
from typing import Any

import asyncpg
import pytest

from contracts.canonical import canonical
from contracts.event import About
from shared.effects import new_id
from shared.eventstore.log import open_log
from shared.eventstore.postgres import Connection, connect
from shared.eventstore.units import (
    Appended,
    Conflicting,
    Disclosure,
    Hearing,
    Moved,
    Repeated,
    Unit,
)
from shared.eventstore.writer import Writer
from tests.integration.store import (
    ACT,
    SERVICE,
    VOCABULARY,
    Noted,
    Opened,
    append,
    ids_of,
    offer,
    proven,
    receipt,
    unit,
)
from tests.patience import PATIENCE

pytestmark = pytest.mark.store


async def test_an_empty_log_stands_at_zero_and_a_first_append_at_one(dsn: str) -> None:
    async with open_log(SERVICE, dsn) as log:
        assert await log.position() == 0
        stream = new_id()
        assert await log.submit(unit(stream, 0, "{}")) == Appended(1)
        assert await log.position() == 1
        assert await log.after(1) == []


async def test_every_acknowledged_append_is_in_the_log_exactly_once(
    dsn: str, connection: Connection
) -> None:
    """32 clients on two writers, with conflicts and cancellations."""
    streams = [new_id() for _ in range(20)]
    chance = random.Random(7)
    acknowledged: list[tuple[Unit, int]] = []
    outcomes = {"conflict": 0, "cancelled": 0}

    async def client(number: int, writer: Writer) -> None:
        standing = dict.fromkeys(streams, 0)
        for turn in range(30):
            stream = chance.choice(streams)
            facts = [canonical({"text": f"{number}-{turn}-{n}"}) for n in range(1 + turn % 3)]
            wish = unit(stream, standing[stream], *facts)
            task = asyncio.create_task(writer.submit(wish))
            if chance.random() < 0.1:
                await asyncio.sleep(0)
                task.cancel()
            try:
                verdict = await task
            except asyncio.CancelledError:
                outcomes["cancelled"] += 1
                continue
            if isinstance(verdict, Appended):
                standing[stream] += len(facts)
                acknowledged.append((wish, verdict.position))
            else:
                assert isinstance(verdict, Conflicting)
                outcomes["conflict"] += 1
                standing[stream] = verdict.versions[0]

    connecting = lambda: connect(dsn)  # noqa: E731
    async with Writer(SERVICE, connecting) as one, Writer(SERVICE, connecting) as other:
        await asyncio.gather(*(client(n, (one, other)[n % 2]) for n in range(32)))
        await one.submit(unit(new_id(), 0))
    place = {entry.id: entry.position for entry in await proven(connection)}
    for wish, position in acknowledged:
        ids = ids_of([wish])
        assert [place[i] for i in ids] == list(range(position - len(ids) + 1, position + 1))
    assert len(acknowledged) > 100
    assert min(outcomes.values()) > 0


async def test_units_of_one_call_are_chained_across_and_inside(connection: Connection) -> None:
    one, other = new_id(), new_id()
    fact = canonical({"text": "两行\n“引号”\\ 𠀀"})
    verdicts = await offer(
        connection, unit(one, 0, fact, "{}", fact), unit(other, 0, "{}", fact)
    )
    assert verdicts == [Appended(3), Appended(5)]
    await offer(connection, unit(other, 2, fact), unit(one, 3, fact))
    entries = await proven(connection)
    assert [e.stream for e in entries] == [one, one, one, other, other, other, one]
    assert entries[0].members() == {"text": "两行\n“引号”\\ 𠀀"}


async def test_what_an_event_is_about_is_written_as_it_was_given(
    connection: Connection,
) -> None:
    act = ACT._replace(
        authority=new_id(), behalf="p:1", channel="window", matter=new_id(), pack="a@1",
        project=new_id(), effective="2026-11-21T03:48:54.123456+08:00",
    )  # fmt: skip
    wish = unit(new_id(), 0, act=act)
    await offer(connection, wish)
    [entry] = await proven(connection)
    about: About = entry.circumstances()
    assert about.model_dump(include=set(act._fields)) == act._asdict()
    assert (about.store, about.cause) == (SERVICE, wish.appends[0].drafts[0].cause)


async def test_a_unit_of_several_streams_is_all_or_nothing(connection: Connection) -> None:
    one, other = new_id(), new_id()
    await offer(connection, unit(one, 0, "{}", "{}"))
    both = (append(other, 0, "{}"), append(one, 0, "{}"))
    cause = both[0].drafts[0].cause
    refused = Unit(
        appends=both,
        receipts=(receipt(cause, other, 1, 1, b"d"),),
        hearing=Hearing("r", None, 5),
    )
    assert await offer(connection, refused) == [Conflicting((0, 2))]
    assert len(await proven(connection)) == 2
    for table in ("receipts", "cursors"):
        assert await connection.fetchval(f"SELECT count(*) FROM {table}") == 0
    fitting = refused._replace(appends=(both[0], both[1]._replace(expected=2)))
    assert await offer(connection, fitting) == [Appended(4)]


async def test_refused_units_do_not_disturb_the_rest_of_the_batch(
    connection: Connection,
) -> None:
    known, fresh, last, cause = new_id(), new_id(), new_id(), new_id()
    first = unit(known, 0, "{}", "{}", cause=cause)
    first = first._replace(
        receipts=(receipt(cause, known, 2, 2, b"first"),), hearing=Hearing("r", 0, 7)
    )
    assert await offer(connection, first) == [Appended(2)]
    other = receipt(cause, known, 4, 2, b"other")
    new_cause = new_id()
    verdicts = await offer(
        connection,
        unit(known, 0, "{}", "{}", "{}"),
        unit(fresh, 0, "{}"),
        unit(new_id(), 0, "{}", "{}", cause=cause)._replace(receipts=(other,)),
        unit(new_id(), 0, "{}")._replace(hearing=Hearing("r", 6, 8)),
        unit(last, 0, "{}", "{}", cause=new_cause)._replace(
            receipts=(receipt(new_cause, last, 2, 2, b"d"),), hearing=Hearing("s", None, 1)
        ),
    )
    conflicting, appended, repeated, moved, final = verdicts
    assert conflicting == Conflicting((2,))
    assert (appended, final) == (Appended(3), Appended(5))
    assert moved == Moved(7)
    assert isinstance(repeated, Repeated)
    [answer] = repeated.receipts
    # The caller sees that the same cause came with other content.
    assert (answer.digest, answer.version, answer.events) == (b"first", 2, 2)
    assert answer.position == 2
    assert len(await proven(connection)) == 5
    place = "SELECT position FROM receipts WHERE cause = $1"
    assert await connection.fetchval(place, new_cause) == 5


async def test_a_receipt_is_kept_where_nothing_followed(dsn: str) -> None:
    async with open_log(SERVICE, dsn) as log:
        stream, cause = new_id(), new_id()
        await log.submit(unit(stream, 0, "{}"))
        silent = Unit(receipts=(receipt(cause, stream, 1, 0, b"d" * 32),))
        assert await log.submit(silent) == Appended(1)
        await log.submit(unit(stream, 1, "{}"))
        kept = silent.receipts[0]._replace(position=1)
        assert await log.submit(silent) == Repeated((kept,))
        assert await log.receipt(cause) == kept
        assert await log.receipt(new_id()) is None


async def test_a_reader_moves_forward_from_where_it_stands(connection: Connection) -> None:
    def heard(after: int | None, upto: int) -> Unit:
        return Unit(hearing=Hearing("supervision--intake", after, upto))

    assert await offer(connection, heard(3, 4)) == [Moved(0)]
    assert await offer(connection, heard(0, 4)) == [Appended(0)]
    assert await offer(connection, heard(0, 5)) == [Moved(4)]
    assert await offer(connection, heard(4, 4)) == [Moved(4)]
    assert await offer(connection, heard(None, 3)) == [Moved(4)]
    assert await offer(connection, heard(None, 9)) == [Appended(0)]
    assert await offer(connection, heard(9, 10)) == [Appended(0)]


async def test_disclosures_are_stored_with_their_events_or_not_at_all(
    connection: Connection, admin: Connection
) -> None:
    secret = Disclosure("digest", "p:1", new_id(), b"\x00cipher")
    stream = new_id()
    kept = unit(stream, 0, '{"_sd":["digest"]}', disclosures=(secret,))
    lost = unit(new_id(), 3, disclosures=(secret,))
    assert await offer(connection, lost, kept) == [Conflicting((0,)), Appended(1)]
    [row] = await admin.fetch("SELECT * FROM disclosures")
    assert tuple(row) == (kept.appends[0].drafts[0].id, *secret)


async def test_facts_are_read_back_through_the_vocabulary(dsn: str) -> None:
    async with open_log(SERVICE, dsn) as log:
        stream, other = new_id(), new_id()
        await log.submit(unit(stream, 0, '{"title":"甲"}', type="intake.opened.v1"))
        await log.submit(unit(stream, 1, "{}", '{"text":"b"}'))
        page = await log.read(VOCABULARY, stream)
        assert page.facts == [Opened(title="甲"), Noted(), Noted(text="b")]
        assert (await log.read(VOCABULARY, stream, 2)).facts == [Noted(text="b")]
        assert await log.read(VOCABULARY, other) == ([], 0)
        assert await log.read_many(VOCABULARY, [stream, other]) == {stream: page}
        history = await log.history(stream)
        assert [e.version for e in history] == [1, 2, 3]
        assert await log.after(0, 2) == history[:2]


@pytest.mark.parametrize(
    "wrong",
    [
        {"actor": 'p:1","actor":"p:2'},
        {"actor": "甲"},
        {"area": "a\nb"},
        {"behalf": "p 1"},
        {"channel": "win\\dow"},
        {"effective": "2026-11-21\x7f"},
        {"pack": "'"},
        {"actor": "a\x00b"},
        {"channel": "\ud800"},
        {"actor": None},
        {"effective": None},
        {"actor": ""},
        {"actor": "p:1\x1fp:2"},
        {"pack": "a\x1f"},
    ],
    ids=str,
)
async def test_unsafe_text_about_an_event_is_refused_and_the_writer_goes_on(
    writer: Writer, connection: Connection, wrong: dict[str, Any]
) -> None:
    verdicts = await asyncio.gather(
        writer.submit(unit(new_id(), 0)),
        *(writer.submit(unit(new_id(), 0)) for _ in range(4)),
        writer.submit(unit(new_id(), 0, act=ACT._replace(**wrong))),
        *(writer.submit(unit(new_id(), 0)) for _ in range(4)),
        return_exceptions=True,
    )
    [refusal] = [v for v in verdicts if not isinstance(v, Appended)]
    assert isinstance(refusal, asyncpg.PostgresError | ValueError)
    assert len(await proven(connection)) == 9


async def test_no_value_slips_into_the_event_of_another(connection: Connection) -> None:
    """Beside a refused unit, too, where a row too many would be dropped unseen."""
    known = new_id()
    await offer(connection, unit(known, 0))
    act = ACT._replace(actor="p:mine\x1fp:not-yours")
    with pytest.raises(ValueError, match="separator"):
        await offer(connection, unit(known, 0), unit(new_id(), 0, act=act), unit(new_id(), 0))
    given = receipt(new_id(), known, 1, 0, b"d")._replace(heard="a\x1fb")
    with pytest.raises(ValueError, match="separator"):
        await offer(connection, Unit(receipts=(given,)))
    assert len(await proven(connection)) == 1


@pytest.mark.parametrize(
    "fact",
    [
        '{},"fact":{}',
        '{}}{"fact":{}',
        "[]",
        "{}{}",
        "",
        "null",
        '"{}"',
        " {}",
        '{"a":"\x00"}',
        '{"a":"\x1f"}',
        "{}\x1f{}",
        '{"a":"\ud800"}',
        '{"a":"' + "x" * 65_530 + '"}',
    ],
    ids=lambda fact: f"{fact[:12]!r}-{len(fact)}",
)
async def test_a_payload_that_is_not_one_json_object_is_refused(
    writer: Writer, connection: Connection, fact: str
) -> None:
    good, bad = unit(new_id(), 0, "{}"), unit(new_id(), 0, "{}", fact, "{}")
    verdicts = await asyncio.gather(
        writer.submit(good), writer.submit(bad), return_exceptions=True
    )
    assert isinstance(verdicts[0], Appended)
    assert isinstance(verdicts[1], asyncpg.PostgresError | ValueError)
    assert len(await proven(connection)) == 1


async def test_a_payload_of_64_kib_is_accepted(connection: Connection) -> None:
    fact = '{"a":"' + "x" * (65_536 - 8) + '"}'
    assert await offer(connection, unit(new_id(), 0, fact)) == [Appended(1)]
    await proven(connection)


async def test_a_version_no_integer_holds_is_refused(writer: Writer) -> None:
    with pytest.raises((asyncpg.PostgresError, ValueError)):
        await writer.submit(unit(new_id(), 1 << 40))
    assert isinstance(await writer.submit(unit(new_id(), 0)), Appended)


@pytest.mark.parametrize("isolation", ["repeatable_read", "serializable"])
async def test_an_older_snapshot_is_refused(connection: Connection, isolation: str) -> None:
    with pytest.raises(asyncpg.FeatureNotSupportedError):
        async with connection.transaction(isolation=isolation):  # type: ignore[arg-type]
            await offer(connection, unit(new_id(), 0))


async def test_a_stream_may_not_begin_above_one(connection: Connection) -> None:
    assert await offer(connection, unit(new_id(), 1)) == [Conflicting((0,))]
    with pytest.raises(asyncpg.CheckViolationError):
        await offer(connection, unit(new_id(), -1))


async def test_readers_see_positions_in_the_order_of_commits(dsn: str) -> None:
    """A cursor that reads on while many write never finds a position below it later."""
    async with open_log(SERVICE, dsn) as log, open_log(SERVICE, dsn) as other:
        seen: list[int] = []

        async def read() -> None:
            while len(seen) < 200:
                seen.extend(e.position for e in await log.after(len(seen), 17))

        async def write(n: int) -> None:
            stream = new_id()
            for version in range(10):
                await (log, other)[n % 2].submit(unit(stream, version))

        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(read(), *(write(n) for n in range(20)))
        assert seen == list(range(1, 201))
