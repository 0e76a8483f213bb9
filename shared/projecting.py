"""How read models follow the log: batch and position in one transaction, and rebuilding."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import NamedTuple

import structlog
from prometheus_client import Gauge

from contracts.event import About, Event
from contracts.upcasting import event_in
from shared.eventstore.log import Entry, Log
from shared.eventstore.postgres import FIRST_LINK, Connection, connect
from shared.eventstore.vocabulary import UnknownEvent

log = structlog.get_logger()

BATCH = 500
POLL = 1.0
LAG = Gauge("onefile_view_position", "position that a view has reached", ["service", "view"])


class Told(NamedTuple):
    """A row of the log, decoded: what a projection reads."""

    entry: Entry
    about: About
    event: Event


type Project = Callable[[Connection, Told], Awaitable[None]]

type Read = dict[int, list[Told]]
"""What follows a position: views that stand at the same one read and decode it once."""


def told_of(entry: Entry) -> Told:
    """A row of the log, decoded; raises `UnknownEvent`."""
    event = event_in(entry.type, entry.fact)
    if event is None:
        raise UnknownEvent(entry.type)
    return Told(entry, entry.circumstances(), event)


class Views:
    """The read models of one service: each a function over the log, each droppable."""

    def __init__(self, log: Log, dsn: str, projections: Mapping[str, Project]) -> None:
        self._log, self._dsn, self._projections = log, dsn, projections
        self._reached: dict[str, int] = {}
        self._moved = asyncio.Condition()

    async def run(self) -> None:
        """Follow until cancelled. An error ends it: a view that skips is worse than one that stops."""
        wake = asyncio.Event()
        connection = await connect(self._dsn, patience=FIRST_LINK)
        try:
            await connection.add_listener("events", lambda *_: wake.set())
            while True:
                wake.clear()
                if await self.advance(connection) < BATCH:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(wake.wait(), POLL)
        finally:
            connection.terminate()

    async def advance(self, connection: Connection) -> int:
        """Feed the next batch to every view; returns the largest number of rows one view took."""
        read: Read = {}
        taken = [await self._one(connection, n, p, read) for n, p in self._projections.items()]
        async with self._moved:
            self._moved.notify_all()
        return max(taken, default=0)

    async def _one(
        self, connection: Connection, name: str, project: Project, read: Read
    ) -> int:
        reader = f"view:{name}"
        async with connection.transaction():
            await connection.execute(
                "INSERT INTO cursors (reader, position) VALUES ($1, 0) ON CONFLICT DO NOTHING",
                reader,
            )
            after = await connection.fetchval(
                "SELECT position FROM cursors WHERE reader = $1 FOR UPDATE", reader
            )
            if after not in read:
                entries = await self._log.after(after, BATCH, over=connection)
                read[after] = [told_of(entry) for entry in entries]
            batch = read[after]
            for told in batch:
                await project(connection, told)
            if batch:
                await connection.execute(
                    "UPDATE cursors SET position = $2, moved = clock_timestamp() WHERE reader = $1",
                    reader,
                    batch[-1].entry.position,
                )
        self._reached[name] = batch[-1].entry.position if batch else after
        LAG.labels(self._log.service, name).set(self._reached[name])
        return len(batch)

    @property
    def position(self) -> int:
        """The position that every view of this process has reached."""
        return min((self._reached.get(name, 0) for name in self._projections), default=0)

    async def reached(self, position: int, *, patience: float = 2.0) -> bool:
        """Wait until every view has reached `position`; False when that takes too long."""

        def there() -> bool:
            return all(self._reached.get(name, 0) >= position for name in self._projections)

        async with self._moved:
            try:
                await asyncio.wait_for(self._moved.wait_for(there), patience)
            except TimeoutError:
                return False
        return True
