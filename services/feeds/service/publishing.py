"""How does a feed reach its NATS stream: dense, fenced, and filled again when it was lost."""

import asyncio
import contextlib
from collections.abc import Sequence

import orjson
import structlog
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy, DiscardPolicy, StreamConfig
from nats.js.errors import APIError, NotFoundError
from prometheus_client import Counter, Gauge

from services.feeds.domain.agencies import Agency
from services.feeds.queries import Message, after, behind, size_of
from shared.bus import ATOMIC_BATCHES_SINCE, server_version
from shared.effects import new_id
from shared.eventstore.postgres import Pool

log = structlog.get_logger()

BATCH = 500
POLL = 1.0
LOOK_AGAIN = 10
"""Quiet seconds after which the stream itself is asked how far it is."""
ACK_WAIT = 60.0
CATCHING_UP = 20_000
"""Events that a feed may be behind what was heard while it is published all the same."""
PUBLISHED = Counter("onefile_feed_published_total", "messages put on a feed's stream", ["feed"])
LAG = Gauge("onefile_feed_stream_lag", "messages placed but not on the stream", ["feed"])
_AWAY = (APIError, NatsError, TimeoutError, OSError)


class FeedStreamAhead(Exception):
    """The stream holds more than the feed: something else wrote, or our store was put back."""


def subject_of(feed: str) -> str:
    """One subject per feed: what an agency may have was decided before, message by message."""
    return f"feed.{feed}"


class Publisher:
    """Puts one feed on its stream, whose sequence is the position in the feed."""

    def __init__(self, agency: Agency, pool: Pool, bus: Client) -> None:
        self.agency, self._pool, self._bus = agency, pool, bus
        self._js = bus.jetstream(timeout=5)
        self.wake = asyncio.Event()
        self._position = 0
        """Up to here everything is known to be on the stream."""

    async def run(self, leaving: asyncio.Event) -> None:
        """Publish until cancelled or `leaving` is set; a server that is away is asked again.

        Who is new lives on the snapshot until its feed has caught up: the stream can wait for that.
        """
        while await behind(self._pool, self.agency.feed) > CATCHING_UP:
            if leaving.is_set():
                return
            await asyncio.sleep(POLL)
        try:
            while not leaving.is_set():
                try:
                    self._position = await self._tail()
                    await self._follow(leaving)
                except _AWAY as error:
                    log.warning("feed_waits_for_bus", feed=self.agency.feed, error=repr(error))
                    await self._lags()
                    await asyncio.sleep(0.5)
        finally:
            LAG.remove(self.agency.feed)

    async def _lags(self) -> None:
        size = await size_of(self._pool, self.agency.feed)
        LAG.labels(self.agency.feed).set(max(0, size - self._position))

    async def _follow(self, leaving: asyncio.Event) -> None:
        feed, quiet = self.agency.feed, 0
        while not leaving.is_set():
            self.wake.clear()
            batch = await after(self._pool, feed, self._position, BATCH)
            if batch:
                await self._publish(batch)
                self._position = batch[-1].position
                PUBLISHED.labels(feed).inc(len(batch))
                await self._lags()
            else:
                LAG.labels(feed).set(0)
            if len(batch) < BATCH:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), POLL)
                quiet = 0 if self.wake.is_set() else quiet + 1
                if quiet and quiet % LOOK_AGAIN == 0:
                    self._position = (
                        await self._tail()
                    )  # somebody may have taken the stream away

    async def _tail(self) -> int:
        """The position published last; makes the stream and the consumer where they are missing."""
        size = await size_of(self._pool, self.agency.feed)
        try:
            info = await self._js.stream_info(self.agency.stream)
        except NotFoundError:
            first = max(1, size - self.agency.quota.stream_messages + 1)
            await self._js.add_stream(_stream(self.agency, first))
            info = await self._js.stream_info(self.agency.stream)
        await self._js.add_consumer(self.agency.stream, _consumer(self.agency))
        tail = info.state.last_seq
        if tail > size:
            raise FeedStreamAhead(
                f"{self.agency.stream} holds {tail} messages, the feed only {size}: the store was "
                "put back to an earlier point. Write another generation for this agency: it "
                "rebuilds from zero (请将该机构的 generation 加一)"
            )
        return tail

    async def _publish(self, batch: Sequence[Message]) -> None:
        if len(batch) > 1 and server_version(self._bus) >= ATOMIC_BATCHES_SINCE:
            await self._all_at_once(batch)
            return
        for one in batch:
            await self._js.publish(
                subject_of(self.agency.feed), one.message, headers=_headers(one, fenced=True)
            )

    async def _all_at_once(self, batch: Sequence[Message]) -> None:
        """All of `batch` or nothing; the server checks the fence for the first."""
        name, subject = str(new_id()), subject_of(self.agency.feed)
        for number, one in enumerate(batch, 1):
            headers = _headers(one, fenced=number == 1) | {
                "Nats-Batch-Id": name, "Nats-Batch-Sequence": str(number),
            }  # fmt: skip
            if number < len(batch):
                await self._bus.publish(subject, one.message, headers=headers)
                continue
            headers["Nats-Batch-Commit"] = "1"
            reply = await self._bus.request(subject, one.message, timeout=5, headers=headers)
            if error := orjson.loads(reply.data).get("error"):
                raise APIError(**error)


def _headers(one: Message, *, fenced: bool) -> dict[str, str]:
    headers = {"Nats-Msg-Id": str(one.position)}
    if fenced:
        headers["Nats-Expected-Last-Sequence"] = str(one.position - 1)
    return headers


def _stream(agency: Agency, first: int) -> StreamConfig:
    """What is older than the quota is served from the store: here the old may make room."""
    return StreamConfig(
        name=agency.stream,
        subjects=[subject_of(agency.feed)],
        discard=DiscardPolicy.OLD,
        max_msgs=agency.quota.stream_messages,
        max_bytes=agency.quota.stream_bytes,
        first_seq=first,
        duplicate_window=120,
        deny_delete=True,
        deny_purge=True,
        allow_atomic=True,
    )


def _consumer(agency: Agency) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=agency.id,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=1_000,
        inactive_threshold=None,
    )
