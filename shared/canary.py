"""Can this replica do its work now: is a row written, and does the stream's keeper answer?"""

import asyncio

from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import Error as StreamError

from contracts.subjects import stream_of
from shared.effects import monotonic
from shared.eventstore.log import Log

PATIENCE = 2.0
FRESH = 2.0
"""Seconds that an answer is good for: probes of many askers write one row."""

_SING = """
    INSERT INTO cursors (reader, position) VALUES ('canary', 0)
    ON CONFLICT (reader) DO UPDATE SET moved = clock_timestamp()
"""


class Canary:
    """A real write to the database and a question to JetStream, no oftener than every 2 s.

    A standby that was promoted under us, a full disk, a stream without a leader: a connection
    that is merely open shows none of them.
    """

    def __init__(self, service: str, store: Log, bus: Client) -> None:
        self._stream, self._store, self._bus = stream_of(service), store, bus
        self._turn = asyncio.Lock()
        self._sang = -FRESH
        self._last: dict[str, bool] = {}

    async def sings(self) -> dict[str, bool]:
        """`database` and `bus`: which of them works."""
        async with self._turn:
            if monotonic() - self._sang >= FRESH or not all(self._last.values()):
                database, bus = await asyncio.gather(self._database(), self._answers())
                self._last, self._sang = {"database": database, "bus": bus}, monotonic()
            return self._last

    async def _database(self) -> bool:
        try:
            await self._store.pool.execute(_SING, timeout=PATIENCE)
        except Exception:
            return False
        return True

    async def _answers(self) -> bool:
        try:
            await self._bus.jetstream(timeout=PATIENCE).stream_info(self._stream)
        except (NatsError, StreamError, TimeoutError, OSError):
            return False
        return True
