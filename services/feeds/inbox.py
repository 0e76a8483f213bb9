"""What does feeds hear: everything everybody says, kept in one order before anybody is given it."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Mapping, Sequence

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from prometheus_client import Gauge

from contracts.subjects import everything_from
from shared.envelope import Heard, Malformed, heard
from shared.eventstore.postgres import Pool
from shared.hearing import passes
from shared.peers import Peers
from shared.tracing import hearing

log = structlog.get_logger()

PAGE = 500
POLL = 1.0
"""Seconds between two looks at a speaker's log: the bus is a hint, the log is the truth."""
AGAIN = 1.0

ARRIVED = Gauge("onefile_feeds_heard_position", "position heard of a service", ["speaker"])

_SEEN = "SELECT coalesce(max(position), 0) FROM arrivals WHERE store = $1"
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('onefile.arrivals'))"
_KEEP = """
    INSERT INTO arrivals (arrival, store, position, recorded, area, type, message)
    SELECT (SELECT coalesce(max(arrival), 0) FROM arrivals) + n, $1, p, r, a, t, m
    FROM unnest($2::bigint[], $3::timestamptz[], $4::text[], $5::text[], $6::bytea[])
        WITH ORDINALITY AS u (p, r, a, t, m, n)
"""


class Listener:
    """Follows one speaker's log; told by the bus when to look, and looking anyway now and then."""

    def __init__(self, speaker: str, pool: Pool, peers: Peers, bus: Client) -> None:
        self.speaker, self._pool, self._peers, self._bus = speaker, pool, peers, bus
        self._wake = asyncio.Event()
        self._told: deque[Mapping[str, str] | None] = deque(maxlen=PAGE)

    async def run(self) -> None:
        """Listen until cancelled; a log or a store that is away is asked again."""

        async def woken(message: Msg) -> None:
            self._told.append(message.headers)
            self._wake.set()

        await self._bus.subscribe(everything_from(self.speaker), cb=woken)
        while True:
            self._wake.clear()
            try:
                if await self.take() == PAGE:
                    continue
            except Malformed as error:
                log.critical("log_malformed", speaker=self.speaker, reason=str(error))
                await asyncio.sleep(AGAIN)
            except Exception as error:
                if not passes(error):
                    raise
                log.warning("listening_waits", speaker=self.speaker, error=repr(error))
                await asyncio.sleep(AGAIN)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL)

    async def take(self) -> int:
        """Keep the next page of the speaker's log; how many there were."""
        seen = await self._pool.fetchval(_SEEN, self.speaker)
        messages = await self._peers.refill(self.speaker, seen, PAGE)
        told = checked(self.speaker, messages, seen)
        if told:
            headers = [self._told.popleft() for _ in range(len(self._told))]
            with hearing("feeds", self.speaker, headers):
                await self._keep(told, messages, seen)
            ARRIVED.labels(self.speaker).set(told[-1].position)
        return len(told)

    async def _keep(self, told: Sequence[Heard], messages: Sequence[bytes], seen: int) -> None:
        async with self._pool.acquire() as connection, connection.transaction():
            # What is placed in a feed is synced, and with it all that came before in the log of
            # PostgreSQL: an arrival that is lost before it was given to anybody is heard again.
            await connection.execute("SET LOCAL synchronous_commit = off")
            await connection.execute(_ONE_AT_A_TIME)
            if await connection.fetchval(_SEEN, self.speaker) != seen:
                return  # another replica was quicker
            await connection.execute(
                _KEEP,
                self.speaker,
                [h.position for h in told],
                [h.about.recorded for h in told],
                [h.about.area for h in told],
                [h.type for h in told],
                messages,
            )
            await connection.execute("NOTIFY arrivals")


def checked(speaker: str, messages: Sequence[bytes], seen: int) -> list[Heard]:
    """What the messages say; raises `Malformed` unless they are the speaker's next, each whole."""
    told = [heard(message) for message in messages]
    for position, one in enumerate(told, seen + 1):
        if one.position != position or one.about.store != speaker:
            raise Malformed(f"position {position} of {speaker} was expected")
    return told
