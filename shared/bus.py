"""The bus: connection, provisioning, and a pull that takes what is there and else waits."""

import asyncio
from collections.abc import Sequence
from typing import Any

import nats
import structlog
from faststream.nats import JStream, NatsBroker
from faststream.nats.security import NatsToken
from nats.aio.client import Client
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout
from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StreamConfig,
)
from nats.js.errors import APIError, NotFoundError

from contracts.subjects import durable_of, everything_from, stream_of

log = structlog.get_logger()

OLDEST_SERVER = (2, 10, 0)
ATOMIC_BATCHES_SINCE = (2, 14, 0)
"""From here a server takes many messages, with their ids, in one step and one sync."""
ACK_WAIT = 60.0
BATCH = 200


class BusRefused(Exception):
    """The bus cannot be used as it is; the message says what to do."""


async def connect_bus(url: str, *, name: str, token: str | None = None) -> Client:
    """A connection that reconnects for ever; a server older than 2.10 is refused."""
    client = await nats.connect(
        url,
        name=name,
        token=token,
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=5,
        ping_interval=5,
        max_outstanding_pings=3,
        error_cb=_noted,
    )
    refuse_old_server(client)
    return client


async def _noted(error: Exception) -> None:
    log.warning("bus_error", error=repr(error))


def server_version(client: Client) -> tuple[int, int, int]:
    version = client.connected_server_version
    return version.major, version.minor, version.patch


def refuse_old_server(client: Client) -> None:
    """Raise `BusRefused` for a server that silently ignores what we ask of it."""
    found = server_version(client)
    if found < OLDEST_SERVER:
        asked = ".".join(map(str, OLDEST_SERVER))
        raise BusRefused(
            f"nats-server {'.'.join(map(str, found))} 过旧，保证不了流的完整：请装 {asked} 或更新的 · "
            f"nats-server {'.'.join(map(str, found))} is too old: it ignores settings that keep "
            f"the streams whole. Install nats-server {asked} or later (2.12 is recommended)."
        )


def broker_on(url: str, *, name: str, token: str | None = None) -> NatsBroker:
    """A FastStream broker for hearing. Streams and consumers are provisioned, never declared."""
    return NatsBroker(
        url,
        name=name,
        security=NatsToken(token) if token else None,
        max_reconnect_attempts=-1,
        reconnect_time_wait=1,
        graceful_timeout=15,
        logger=structlog.get_logger(),
    )


def spoken_by(service: str) -> JStream:
    """The stream of `service` for a subscriber: already there, never re-declared."""
    return JStream(name=stream_of(service), declare=False)


async def provision(
    js: JetStreamContext,
    speakers: Sequence[str],
    hearers: Sequence[tuple[str, str]],
    *,
    replicas: int = 1,
) -> None:
    """Create or update streams and (hearer, speaker) consumers: the one place that touches them.

    A stream keeps everything, refuses deletion and never discards the old for the new.
    """
    for speaker in speakers:
        atomic = server_version(js._nc) >= ATOMIC_BATCHES_SINCE
        await _ensure_stream(js, speaker, atomic=atomic, replicas=replicas)
    for hearer, speaker in hearers:
        await js.add_consumer(
            stream_of(speaker),
            ConsumerConfig(
                durable_name=durable_of(hearer, speaker),
                deliver_policy=DeliverPolicy.ALL,
                ack_policy=AckPolicy.EXPLICIT,
                ack_wait=ACK_WAIT,
                max_deliver=-1,
                max_ack_pending=2 * BATCH,
            ),
        )


async def _ensure_stream(
    js: JetStreamContext, speaker: str, *, atomic: bool, replicas: int
) -> None:
    config = StreamConfig(
        name=stream_of(speaker),
        subjects=[everything_from(speaker)],
        retention=RetentionPolicy.LIMITS,
        discard=DiscardPolicy.NEW,
        duplicate_window=120,
        max_msg_size=256 * 1024,
        num_replicas=replicas,
        deny_delete=True,
        deny_purge=True,
        allow_atomic=True if atomic else None,
    )
    try:
        await js.stream_info(config.name or "")
    except NotFoundError:
        await js.add_stream(config)
        log.info("stream_created", stream=config.name)


def take_what_is_there(subscriber: Any, deaf: asyncio.Event, *, wait: float = 10.0) -> None:
    """Make a batch subscriber hand over what the server has, and block only for a first message.

    FastStream's own loop collects until the batch is full or its timeout ends, so a lone message
    waits for the whole timeout, and a short timeout means hundreds of idle requests a second.
    When the consumer or the stream is gone, `deaf` is set: the subscriber would wait for ever.
    """

    async def consume() -> None:
        while subscriber.running:
            try:
                messages = await _fetch(subscriber.subscription, wait)
            except (NotFoundError, APIError) as gone:
                log.critical("consumer_vanished", error=repr(gone))
                deaf.set()
                return
            except (NatsError, OSError) as error:
                log.warning("bus_unreachable", error=repr(error))
                await asyncio.sleep(0.2)
                continue
            if messages:
                await subscriber.consume(messages)

    subscriber._consume_pull = consume


async def _fetch(subscription: Any, wait: float) -> list[Any]:
    """What is there, or [] after `wait` seconds; raises NotFoundError when the consumer is gone."""
    try:
        first = await subscription.fetch(1, timeout=wait)
    except (NatsTimeout, TimeoutError):
        await subscription.consumer_info()
        return []
    try:
        return [*first, *await subscription.fetch(BATCH - 1, timeout=0.002)]
    except (NatsTimeout, TimeoutError):
        return list(first)
