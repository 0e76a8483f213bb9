"""A lost connection leaves no doubt: what it carried is in the log exactly once, and is answered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from urllib.parse import urlsplit
from uuid import UUID

import pytest

from shared.effects import monotonic, new_id
from shared.eventstore import writer as writers
from shared.eventstore.identity import cause_of
from shared.eventstore.postgres import Connection, connect
from shared.eventstore.units import (
    Appended,
    Conflicting,
    Repeated,
    StoreUnavailable,
    Unit,
    Verdict,
)
from shared.eventstore.writer import Writer
from tests.integration.store import (
    SERVICE,
    proven,
    receipt,
    unit,
)
from tests.patience import PATIENCE

pytestmark = pytest.mark.store

LOCK = "SELECT pg_advisory_lock('events'::regclass::oid::bigint)"
UNLOCK = "SELECT pg_advisory_unlock('events'::regclass::oid::bigint)"
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


async def until(true: Callable[[], Awaitable[object]]) -> None:
    deadline = monotonic() + PATIENCE
    while not await true():
        assert monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


async def test_a_killed_backend_is_settled_to_exactly_once(
    writer: Writer, connection: Connection, admin: Connection
) -> None:
    """The statement waits for the lock when its connection dies."""
    await admin.execute(LOCK)
    stream = new_id()
    waiting = [asyncio.create_task(writer.submit(unit(stream, 0, "{}", "{}")))]

    async def blocked() -> object:
        return await admin.fetchval(WAITING)

    await until(blocked)
    waiting += [asyncio.create_task(writer.submit(unit(new_id(), 0))) for _ in range(5)]
    await admin.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks "
        "WHERE locktype = 'advisory' AND NOT granted"
    )
    await admin.execute(UNLOCK)
    verdicts = await asyncio.gather(*waiting)
    assert all(isinstance(v, Appended) for v in verdicts)
    entries = await proven(connection)
    assert len(entries) == 7
    assert [e.stream for e in entries if e.position <= verdicts[0].position].count(stream) == 2  # type: ignore[union-attr]


class Cable:
    """A TCP line to PostgreSQL; what the server answers can be cut off or held back."""

    def __init__(self, dsn: str) -> None:
        self._parts = urlsplit(dsn)
        self.cuts = self.silences = 0
        self.lost = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> str:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        user = f"{self._parts.username}:{self._parts.password}"
        return self._parts._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        up_reader, up_writer = await asyncio.open_connection(
            self._parts.hostname, self._parts.port
        )
        try:
            async with asyncio.TaskGroup() as pipes:
                pipes.create_task(self._pipe(reader, up_writer, answers=False))
                pipes.create_task(self._pipe(up_reader, writer, answers=True))
        except* (OSError, EOFError):
            pass
        finally:
            writer.transport.abort()
            up_writer.transport.abort()

    async def _pipe(
        self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, answers: bool
    ) -> None:
        while data := await source.read(1 << 16):
            if answers and self.cuts:
                self.cuts -= 1
                self.lost += 1
                break
            if answers and self.silences:
                self.silences -= 1
                self.lost += 1
                continue
            target.write(data)
            await target.drain()
        raise EOFError


def with_receipt(stream: UUID, expected: int, *facts: str) -> Unit:
    cause = cause_of(new_id(), stream)
    given = receipt(cause, stream, expected + len(facts), len(facts), cause.bytes)
    return unit(stream, expected, *facts, cause=cause)._replace(receipts=(given,))


@contextlib.asynccontextmanager
async def through(dsn: str) -> AsyncIterator[tuple[Writer, Cable]]:
    """A writer behind a cable, with both its connections open and their statements known."""
    cable = Cable(dsn)
    async with cable as far, Writer(SERVICE, lambda: connect(far)) as writer:
        await asyncio.gather(*(writer.submit(unit(new_id(), 0)) for _ in range(20)))
        yield writer, cable


@pytest.mark.parametrize("make", [unit, with_receipt])
@pytest.mark.parametrize("times", [1, 3])
async def test_an_answer_lost_after_the_commit_is_settled_to_exactly_once(
    dsn: str, connection: Connection, make: Callable[..., Unit], times: int
) -> None:
    async with through(dsn) as (writer, cable):
        cable.cuts = times
        stream = new_id()
        wishes = [make(stream, 0, "{}", "{}"), make(stream, 2, "{}")]
        verdicts: list[Verdict] = [await writer.submit(wish) for wish in wishes]
        assert cable.lost == times
        assert verdicts == [Appended(22), Appended(23)]
        assert [e.position for e in await proven(connection) if e.stream == stream] == [
            21,
            22,
            23,
        ]


async def test_after_a_lost_answer_a_true_conflict_is_still_a_conflict(
    dsn: str, connection: Connection
) -> None:
    async with through(dsn) as (writer, cable):
        stream = new_id()
        await writer.submit(unit(stream, 0, "{}", "{}"))
        cable.cuts = 1
        verdicts = await asyncio.gather(
            writer.submit(unit(stream, 1)), writer.submit(unit(new_id(), 0))
        )
        assert cable.lost == 1
        assert verdicts[0] == Conflicting((2,))
        assert isinstance(verdicts[1], Appended)
        assert len(await proven(connection)) == 23


async def test_after_a_lost_answer_another_content_is_not_taken_for_our_own(
    dsn: str, connection: Connection
) -> None:
    async with through(dsn) as (writer, cable):
        wish = with_receipt(new_id(), 0, "{}")
        await writer.submit(wish)
        cable.cuts = 1
        other = wish._replace(receipts=(wish.receipts[0]._replace(digest=b"other"),))
        verdict = await writer.submit(other)
        assert cable.lost == 1
        assert isinstance(verdict, Repeated)
        assert verdict.receipts[0].digest == wish.receipts[0].digest
        assert len(await proven(connection)) == 21


async def test_a_silent_line_is_given_up_and_settled(
    dsn: str, connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with through(dsn) as (writer, cable):
        cable.silences = 1
        monkeypatch.setattr(writers, "DEADLINE", 0.3)
        answer = asyncio.create_task(writer.submit(unit(new_id(), 0)))

        async def silent() -> object:
            return cable.lost

        await until(silent)
        monkeypatch.undo()  # to connect anew may take longer
        assert await answer == Appended(21)
        assert cable.lost == 1
        assert len(await proven(connection)) == 21


async def test_a_database_that_stays_away_is_reported(
    dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "PATIENCE", 0.3)
    async with through(dsn) as (writer, cable):
        cable.cuts = 1_000
        with pytest.raises(StoreUnavailable):
            await writer.submit(unit(new_id(), 0))
        cable.cuts = 0
        assert isinstance(await writer.submit(unit(new_id(), 0)), Appended)


async def test_a_stopped_writer_tells_its_callers(dsn: str, admin: Connection) -> None:
    await admin.execute(LOCK)
    async with Writer(SERVICE, lambda: connect(dsn)) as writer:
        waiting = [asyncio.create_task(writer.submit(unit(new_id(), 0))) for _ in range(3)]

        async def blocked() -> object:
            return await admin.fetchval(WAITING)

        await until(blocked)
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(o) for o in outcomes] == [StoreUnavailable] * 3
