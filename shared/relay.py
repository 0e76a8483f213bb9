"""The cursor that publishes the log: its place is the stream's own last sequence."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import takewhile

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError
from prometheus_client import Counter, Gauge

from contracts.canonical import leaf_hash
from contracts.subjects import stream_of
from shared.bus import ATOMIC_BATCHES_SINCE, provision, server_version
from shared.effects import new_id
from shared.envelope import Said, message_of
from shared.eventstore.log import AFTER, Entry
from shared.eventstore.postgres import FIRST_LINK, Connection, Pool, connect
from shared.tracing import carried, publishing

log = structlog.get_logger()

BATCH = 500
POLL = 1.0
"""Seconds between two looks at the log: NOTIFY is a hint, the log is the truth."""

PUBLISHED = Counter("onefile_relay_published_total", "events published", ["service"])
PUBLISHED_TO = Gauge(
    "onefile_published_position", "position up to which events are on the stream", ["speaker"]
)
LAG = Gauge(
    "onefile_relay_lag_events", "events recorded but not yet on the stream", ["service"]
)

_TRY_TO_LEAD = "SELECT pg_try_advisory_lock(hashtext('onefile.relay'))"
_ORIGINS = "SELECT cause, origin, heard FROM receipts WHERE cause = ANY ($1)"


class StreamAhead(Exception):
    """The stream holds more than the log: the database was restored to an earlier point.

    Nothing is truncated and nothing is published: a person has to decide.
    """


async def said_after(over: Connection | Pool, position: int, limit: int = BATCH) -> list[Said]:
    """The rows after `position`, each with the request or event that caused it."""
    entries = [Entry(*row) for row in await over.fetch(AFTER, position, limit)]
    causes = [orjson.loads(entry.about)["cause"] for entry in entries]
    origins = {str(row["cause"]): row for row in await over.fetch(_ORIGINS, causes)}
    found = [origins.get(cause) for cause in causes]
    return [
        Said(entry, row["origin"] if row else None, row["heard"] if row else None, entry.body)
        for entry, row in zip(entries, found, strict=True)
    ]


def _as_appended(said: Said) -> bool:
    return leaf_hash(said.body) == said.entry.leafhash


class Relay:
    """One leader per service by a session lock, fenced by the expected last sequence.

    Correctness rests on the fence alone: two leaders cannot duplicate or reorder. A stream that
    lost its tail, or was deleted, is filled again with identical content. A row that does not fit
    the hash it was appended with is not published, nor anything after it: a person has to look.
    """

    def __init__(self, service: str, dsn: str, bus: Client) -> None:
        self.service, self._dsn, self._bus = service, dsn, bus
        self._js = bus.jetstream(timeout=5)
        self._wake = asyncio.Event()
        self._refused = 0
        self.leading = False

    async def run(self) -> None:
        """Publish until cancelled; raises `StreamAhead`, or what made the database unreachable."""
        connection = await connect(self._dsn, patience=FIRST_LINK)
        try:
            await self._lead(connection)
            await connection.add_listener("events", lambda *_: self._wake.set())
            position = await self._resumed(connection, ())
            PUBLISHED_TO.labels(self.service).set(position)
            while True:
                self._wake.clear()
                read = await said_after(connection, position)
                batch = list(takewhile(_as_appended, read))
                if batch:
                    with publishing(self.service, len(batch)):
                        position = await self._publish(connection, batch)
                    PUBLISHED_TO.labels(self.service).set(position)
                if len(batch) < len(read):
                    self._refuse(read[len(batch)].entry)
                if len(batch) < BATCH:
                    LAG.labels(self.service).set(len(read) - len(batch))
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL)
        finally:
            connection.terminate()

    def _refuse(self, entry: Entry) -> None:
        if self._refused != entry.position:
            log.critical("relay_refuses", service=self.service, position=entry.position)
        self._refused = entry.position

    async def _lead(self, connection: Connection) -> None:
        """Wait for the session lock in short turns, so that a cancelled relay lets go at once."""
        while not await connection.fetchval(_TRY_TO_LEAD):  # noqa: ASYNC110 - held elsewhere
            await asyncio.sleep(POLL)
        self.leading = True
        log.info("relay_leading", service=self.service)

    async def _tail(self, connection: Connection) -> int:
        """The stream's last sequence, which is the position published last."""
        try:
            info = await self._js.stream_info(stream_of(self.service))
        except NotFoundError:
            log.error("stream_missing", service=self.service)
            await provision(self._js, [self.service], [])
            return 0
        tail = info.state.last_seq
        last = await connection.fetchval("SELECT coalesce(max(position), 0) FROM events")
        if tail > last:
            raise StreamAhead(
                f"{stream_of(self.service)} holds {tail} events, the log of {self.service} "
                f"only {last}: the database was restored to an earlier point. Restore the later "
                "one, or move the stream away and start a new one; nothing was changed."
            )
        return tail

    async def _publish(self, connection: Connection, batch: Sequence[Said]) -> int:
        """Publish `batch` in order and return the position reached."""
        try:
            if len(batch) > 1 and server_version(self._bus) >= ATOMIC_BATCHES_SINCE:
                await self._say_at_once(batch)
            else:
                answers = await asyncio.gather(*map(self._say, batch), return_exceptions=True)
                for error in filter(None, answers):
                    raise error
        except (APIError, NatsError, TimeoutError, OSError) as error:
            log.warning("relay_publish_failed", service=self.service, error=str(error))
            await asyncio.sleep(0.1)
            return await self._resumed(connection, batch)
        PUBLISHED.labels(self.service).inc(len(batch))
        return batch[-1].entry.position

    async def _resumed(self, connection: Connection, batch: Sequence[Said]) -> int:
        while True:
            try:
                return await self._tail(connection)
            except (APIError, NatsError, TimeoutError, OSError) as error:
                LAG.labels(self.service).set(len(batch))
                log.warning("relay_waits_for_bus", service=self.service, error=repr(error))
                await asyncio.sleep(0.5)

    async def _say(self, said: Said) -> None:
        subject, message = message_of(self.service, said)
        headers = {**_headers(said), **_after(said)}
        ack = await self._js.publish(
            subject, message, stream=stream_of(self.service), timeout=5, headers=headers
        )
        self._must_be(said, ack.seq)

    async def _say_at_once(self, batch: Sequence[Said]) -> None:
        """All of `batch` or nothing, with one sync: the server checks the fence for the first."""
        name = str(new_id())
        *before, last = enumerate(batch, 1)
        for number, said in before:
            headers = _headers(said) | _member(name, number)
            if number == 1:
                headers |= _after(said)
            await self._bus.publish(*message_of(self.service, said), headers=headers)
        headers = _headers(last[1]) | _member(name, last[0]) | {"Nats-Batch-Commit": "1"}
        reply = await self._bus.request(
            *message_of(self.service, last[1]), timeout=5, headers=headers
        )
        answer = orjson.loads(reply.data)
        if "error" in answer:
            raise APIError(**answer["error"])
        self._must_be(batch[-1], answer["seq"])

    def _must_be(self, said: Said, sequence: int) -> None:
        if sequence != said.entry.position:
            raise StreamAhead(
                f"{stream_of(self.service)} gave sequence {sequence} to position "
                f"{said.entry.position}: something else publishes on its subjects"
            )


def _headers(said: Said) -> dict[str, str]:
    return {"Nats-Msg-Id": str(said.entry.id), **carried(said.entry.id)}


def _member(name: str, number: int) -> dict[str, str]:
    return {"Nats-Batch-Id": name, "Nats-Batch-Sequence": str(number)}


def _after(said: Said) -> dict[str, str]:
    return {"Nats-Expected-Last-Sequence": str(said.entry.position - 1)}
