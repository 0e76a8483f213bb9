"""How a service hears another: in order, once, effects and position in one transaction."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import structlog
from faststream import AckPolicy
from faststream.exceptions import NackMessage
from faststream.nats import NatsBroker, NatsMessage, PullSub
from prometheus_client import Counter, Gauge

from contracts.subjects import durable_of, everything_from
from shared.bus import BATCH, spoken_by, take_what_is_there
from shared.decider import Refused
from shared.envelope import Heard, Malformed, heard
from shared.eventstore.log import Log
from shared.eventstore.postgres import lost
from shared.eventstore.units import Hearing, StoreUnavailable
from shared.handling import Contended, Handling, HearingMoved, Step
from shared.problems import Problem
from shared.tracing import hearing

log = structlog.get_logger()

type React = Callable[[Heard], Awaitable[Sequence[Step[Any, Any, Any, Any]]]]
"""What a service asks of itself when it hears an event. An event it does not care for: nothing."""
type Refill = Callable[[int, int], Awaitable[list[bytes]]]
"""Reads (after, limit) messages from the speaker's own API: for what the bus did not bring."""

HEARD = Counter("onefile_heard_total", "events heard", ["hearer", "speaker", "outcome"])
REACHED = Gauge(
    "onefile_heard_position", "position of the speaker that was heard", ["hearer", "speaker"]
)
PARKED = Gauge("onefile_parked_matters", "matters held after a refused message", ["hearer"])

_PARK = """
    INSERT INTO parked (speaker, position, stream, message, reason) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT DO NOTHING
"""


_HELD = """
    SELECT position FROM parked WHERE speaker = $1 AND stream = $2 AND released IS NULL
    ORDER BY position
"""
_RELEASE = """
    UPDATE parked SET released = clock_timestamp() WHERE speaker = $1 AND position = $2
"""


class StreamDiffers(Exception):
    """The bus brought something else than the speaker's log holds: an alarm, not a retry."""


class Ear:
    """`hearer` hears `speaker`. `deaf` is set when the consumer is gone: end the process then.

    Position at or below the seen one: dropped; the next: applied;
    beyond: the gap is read from the speaker. A message that fails parks its stream alone.
    """

    def __init__(
        self,
        hearer: str,
        speaker: str,
        log: Log,
        handling: Handling,
        react: React,
        refill: Refill,
    ) -> None:
        self.hearer, self.speaker = hearer, speaker
        self._log, self._handling, self._react, self._refill = log, handling, react, refill
        self._reader = f"hears:{speaker}"
        self._held: set[UUID] = set()
        self._turn = asyncio.Lock()
        self.deaf = asyncio.Event()

    def listen_on(self, broker: NatsBroker) -> None:
        """Register the subscriber. The consumer exists already: provisioning made it."""
        subscriber = broker.subscriber(
            everything_from(self.speaker),
            stream=spoken_by(self.speaker),
            durable=durable_of(self.hearer, self.speaker),
            pull_sub=PullSub(batch_size=BATCH, batch=True, timeout=5.0),
            ack_policy=AckPolicy.NACK_ON_ERROR,
            no_reply=True,
        )
        take_what_is_there(subscriber, self.deaf)

        @subscriber
        async def on_batch(message: NatsMessage) -> None:
            try:
                raw = list(message.raw_message)  # type: ignore[call-overload]
                with hearing(self.hearer, self.speaker, (one.headers for one in raw)):
                    await self.take([one.data for one in raw])
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("hearing_waits", hearer=self.hearer, error=repr(error))
                raise NackMessage(delay=1.0) from error

    async def position(self) -> int:
        """How far `speaker` was heard."""
        found = await self._log.pool.fetchval(
            "SELECT position FROM cursors WHERE reader = $1", self._reader
        )
        return found or 0

    async def load(self, *, patience: float | None = None) -> None:
        """Read which streams are held; once, before listening.

        `patience`: seconds, where they are not the pool's own.
        """
        rows = await self._log.pool.fetch(
            "SELECT stream FROM parked WHERE released IS NULL", timeout=patience
        )
        self._held = {row["stream"] for row in rows}
        PARKED.labels(self.hearer).set(len(self._held))

    async def take(self, messages: Sequence[bytes]) -> None:
        """Apply what is new in `messages`, in order of position."""
        async with self._turn:
            await self._take(messages)

    async def release(self, stream: UUID) -> int:
        """Take up what is held of `stream`, in order; returns how many messages.

        The first that still fails is raised, and the stream stays held from there on.
        """
        async with self._turn:
            rows = await self._log.pool.fetch(_HELD, self.speaker, stream)
            for row in rows:
                message, *_ = await self._refill(row["position"] - 1, 1)
                steps = await self._react(heard(message))
                if steps:
                    await self._handling.handle(*steps)
                await self._log.pool.execute(_RELEASE, self.speaker, row["position"])
            await self.load()
        return len(rows)

    async def _take(self, messages: Sequence[bytes]) -> None:
        seen = await self.position()
        checked = [await self._checked(message, seen) for message in messages]
        todo = sorted((h for h in checked if h and h.position > seen), key=lambda h: h.position)
        if None in checked or not _consecutive(todo, seen):
            todo = await self._from_the_speaker(todo, seen)
        while todo:
            try:
                await self._apply(todo, seen)
                return
            except HearingMoved as moved:
                seen = moved.position
                todo = [h for h in todo if h.position > seen]

    async def _checked(self, message: bytes, seen: int) -> Heard | None:
        """A well-formed message; what is not, is read again from the speaker as a gap."""
        try:
            told = heard(message)
            if told.about.store != self.speaker:
                raise Malformed(
                    f"an event of {told.about.store} in the stream of {self.speaker}"
                )
            return told
        except Malformed as error:
            log.error("message_malformed", hearer=self.hearer, speaker=self.speaker,
                      reason=str(error))  # fmt: skip
            HEARD.labels(self.hearer, self.speaker, "malformed").inc()
            return None

    async def _from_the_speaker(self, todo: list[Heard], seen: int) -> list[Heard]:
        """What the log says from `seen` to at least the last of `todo`."""
        upto = todo[-1].position if todo else seen
        filled = [heard(m) for m in await self._refill(seen, BATCH)]
        while seen + len(filled) < upto:
            page = [heard(m) for m in await self._refill(seen + len(filled), BATCH)]
            if not page:
                raise StreamDiffers(f"{self.speaker} does not hold what the bus brought")
            filled += page
        self._compare(todo, filled)
        return filled

    def _compare(self, brought: list[Heard], stored: list[Heard]) -> None:
        hashes = {h.position: h.leafhash for h in stored}
        for h in brought:
            if hashes.get(h.position) != h.leafhash:
                log.critical(
                    "stream_differs_from_log", speaker=self.speaker, position=h.position
                )
                HEARD.labels(self.hearer, self.speaker, "differs").inc()

    async def _apply(self, todo: Sequence[Heard], seen: int) -> None:
        """One unit for all; when it is refused, one by one, and park what is refused."""
        try:
            steps = [step for h in todo for step in await self._steps(h)]
            await self._commit(steps, seen, todo[-1].position)
            HEARD.labels(self.hearer, self.speaker, "applied").inc(len(todo))
            REACHED.labels(self.hearer, self.speaker).set(todo[-1].position)
        except HearingMoved:
            raise
        except Exception as error:
            if passes(error):
                raise
            if len(todo) > 1:
                for h in todo:
                    await self._apply([h], h.position - 1)
                return
            await self._park(todo[0], error)
            await self._commit([], seen, todo[0].position)

    async def _steps(self, h: Heard) -> Sequence[Step[Any, Any, Any, Any]]:
        stream = h.about.matter or h.about.stream
        if stream in self._held:
            raise Refused("matter_is_held", stream=str(stream))
        return await self._react(h)

    async def _commit(
        self, steps: Sequence[Step[Any, Any, Any, Any]], seen: int, upto: int
    ) -> None:
        await self._handling.handle(*steps, hearing=Hearing(self._reader, seen, upto))

    async def _park(self, h: Heard, error: Exception) -> None:
        stream = h.about.matter or h.about.stream
        reason = error.code if isinstance(error, Refused) else repr(error)
        await self._log.pool.execute(
            _PARK, self.speaker, h.position, stream, h.body, reason[:500]
        )
        self._held.add(stream)
        PARKED.labels(self.hearer).set(len(self._held))
        HEARD.labels(self.hearer, self.speaker, "parked").inc()
        log.error(
            "message_parked",
            hearer=self.hearer,
            speaker=self.speaker,
            position=h.position,
            type=h.type,
            reason=reason,
        )


def _consecutive(todo: Sequence[Heard], seen: int) -> bool:
    return [h.position for h in todo] == list(range(seen + 1, seen + 1 + len(todo)))


def passes(error: Exception) -> bool:
    """Whether waiting helps: the store or a peer is away, a view not there yet. Then nothing is
    parked, and nothing ends."""
    if isinstance(error, Problem):
        return error.code in ("unavailable", "behind")
    return isinstance(error, StoreUnavailable | Contended) or lost(error)
