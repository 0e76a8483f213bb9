"""The log of one service: append units, read streams, read on from a position."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.canonical import body_of
from contracts.event import About, Event
from shared.eventstore.postgres import Connection, Pool, connect, open_pool
from shared.eventstore.units import Receipt, Unit, Verdict
from shared.eventstore.vocabulary import Vocabulary
from shared.eventstore.writer import Writer

_FACT = """'{"t":"' || type || '","f":' || fact || '}'"""
_STREAM = f"""
    SELECT coalesce(max(version), $2) AS version,
           '[' || coalesce(string_agg({_FACT}, ',' ORDER BY version), '') || ']' AS facts
    FROM events WHERE stream = $1 AND version > $2
"""
_STREAM_THEN = f"{_STREAM} AND position <= $3"
_STREAMS = f"""
    SELECT stream, max(version) AS version,
           '[' || string_agg({_FACT}, ',' ORDER BY version) || ']' AS facts
    FROM events WHERE stream = ANY ($1) GROUP BY stream
"""
_ENTRY = "position, stream, version, id, type, leafhash, about, fact"
AFTER = f"SELECT {_ENTRY} FROM events WHERE position > $1 ORDER BY position LIMIT $2"
_OF_TYPES = f"""
    SELECT {_ENTRY} FROM events WHERE position > $1 AND position <= $2 AND type = ANY ($3)
    ORDER BY position LIMIT $4
"""
_HISTORY = f"""
    SELECT {_ENTRY} FROM events
    WHERE stream = $1 AND version > $2 AND ($3::bigint IS NULL OR position <= $3) ORDER BY version
"""
_RECEIPT = """
    SELECT cause, origin, stream, version, events, digest, heard, position
    FROM receipts WHERE cause = $1
"""


class Page[E](NamedTuple):
    """What a stream holds after a version, oldest first, and the version it reaches."""

    facts: list[E]
    version: int


class Entry(NamedTuple):
    """One row of the log. `about` and `fact` are the exact texts; `body` is what was hashed."""

    position: int
    stream: UUID
    version: int
    id: UUID
    type: str
    leafhash: bytes
    about: str
    fact: str

    @property
    def body(self) -> bytes:
        return body_of(self.about, self.fact)

    def circumstances(self) -> About:
        return About.model_validate_json(self.about)

    def members(self) -> dict[str, Any]:
        members: dict[str, Any] = orjson.loads(self.fact)
        return members


class Log:
    """Reads over a pool, appends over the writer. One per service and process."""

    def __init__(self, service: str, pool: Pool, writer: Writer) -> None:
        self.service, self.pool, self._writer = service, pool, writer

    async def submit(self, unit: Unit) -> Verdict:
        """Append all of `unit` or nothing; raises `StoreUnavailable`, the outcome being unknown."""
        return await self._writer.submit(unit)

    async def read[E: Event](
        self, vocabulary: Vocabulary[E], stream: UUID, after: int = 0, upto: int | None = None
    ) -> Page[E]:
        """The facts of `stream` after version `after`, up to a position of the log."""
        if upto is None:
            row = await self.pool.fetchrow(_STREAM, stream, after)
        else:
            row = await self.pool.fetchrow(_STREAM_THEN, stream, after, upto)
        assert row is not None
        facts = vocabulary.decode_stream(row["facts"], whole=after == 0)
        return Page(facts, row["version"])

    async def read_many[E: Event](
        self, vocabulary: Vocabulary[E], streams: Sequence[UUID]
    ) -> dict[UUID, Page[E]]:
        """The facts of many streams in one round trip: for rebuilding."""
        rows = await self.pool.fetch(_STREAMS, streams)
        return {
            r["stream"]: Page(vocabulary.decode_stream(r["facts"]), r["version"]) for r in rows
        }

    async def history(
        self, stream: UUID, after: int = 0, upto: int | None = None
    ) -> list[Entry]:
        """The rows of `stream` after a version, up to a position; with who, when and hash."""
        return [Entry(*row) for row in await self.pool.fetch(_HISTORY, stream, after, upto)]

    async def after(
        self, position: int, limit: int = 500, *, over: Connection | None = None
    ) -> list[Entry]:
        """The rows after `position`, in commit order: none is ever skipped."""
        rows = await (over or self.pool).fetch(AFTER, position, limit)
        return [Entry(*row) for row in rows]

    async def of_types(
        self, types: Sequence[str], after: int, limit: int
    ) -> tuple[list[Entry], int]:
        """The rows of some types after a position, and the position up to which was looked: who
        goes on from there looks at no row twice, however rare its types are.
        """
        upto = await self.position()
        rows = await self.pool.fetch(_OF_TYPES, after, upto, types, limit)
        found = [Entry(*row) for row in rows]
        return found, found[-1].position if len(found) == limit else upto

    async def position(self) -> int:
        """The last position, 0 for an empty log."""
        return await self.pool.fetchval("SELECT coalesce(max(position), 0) FROM events") or 0

    async def receipt(self, cause: UUID) -> Receipt | None:
        """The first answer to `cause`, if there was one."""
        row = await self.pool.fetchrow(_RECEIPT, cause)
        return Receipt(**row) if row else None


@asynccontextmanager
async def open_log(service: str, dsn: str, *, pool_size: int = 8) -> AsyncIterator[Log]:
    """The log of `service` in the database `dsn`, migrated already."""
    pool = await open_pool(dsn, size=pool_size)
    try:
        async with Writer(service, lambda: connect(dsn)) as writer:
            yield Log(service, pool, writer)
    finally:
        pool.terminate()
