"""How does each message go out once, again when it must, and to whom is it said when it cannot?

The ledger is the table `messages`. A row is claimed for a while before it is sent, so that
replicas do not send it twice. When the answer is lost and the channel knows no keys, the row is
parked: a person decides, since a second letter may be worse than none.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import structlog

from shared.eventstore.postgres import Pool
from shared.messages.book import AddressBook
from shared.messages.outgoing import Channel, Message, TryAgain, Uncertain, Undeliverable

log = structlog.get_logger()

BACKOFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60))
"""How long before it is tried again (默认值); after the last the message is parked."""
CLAIM = timedelta(minutes=2)
TOO_OLD = timedelta(days=3)
"""A message so late helps nobody: what an old log would send when the room is first opened."""
BATCH = 20

_CLAIM = """
    UPDATE messages m SET state = 'sending', attempts = attempts + 1,
        next_at = clock_timestamp() + $1::interval
    FROM (SELECT event, effect, state AS was FROM messages
        WHERE state IN ('waiting', 'sending') AND next_at <= clock_timestamp()
        ORDER BY next_at LIMIT $2 FOR UPDATE SKIP LOCKED) due
    WHERE m.event = due.event AND m.effect = due.effect
    RETURNING m.*, due.was
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A message of the ledger, claimed to be sent."""

    event: UUID
    effect: str
    type: str
    area: str
    matter: UUID | None
    stream: UUID
    sent_to: str
    person: str | None
    attempts: int
    was: str
    old: bool


type Worded = Callable[[Row], Awaitable[tuple[str, str] | tuple[str, str, str]]]
"""Subject and text of a message, and the address where the event itself names one; what is
personal in it is read on record."""


class Room:
    """The room of one service."""

    def __init__(
        self,
        pool: Pool,
        book: AddressBook,
        worded: Worded,
        *,
        channels: Mapping[str, Channel] | None = None,
        backoff: Sequence[timedelta] = BACKOFF,
    ) -> None:
        self._pool, self._book, self._worded = pool, book, worded
        self._channels = book.channels() if channels is None else channels
        self._backoff = tuple(backoff)

    async def send_due(self) -> int:
        """Send what is due; returns how many were claimed."""
        found = await self._pool.fetch(_CLAIM, CLAIM, BATCH)
        for record in found:
            await self._one(_row(dict(record)))
        return len(found)

    async def _one(self, row: Row) -> None:
        entry = self._book.find(row.area, row.sent_to, row.person)
        channel = self._channels.get(entry.channel) if entry else None
        if row.old:
            return await self._end(row, "expired", None, "recorded too long ago")
        if entry is None or channel is None:
            why = "no address in the book" if entry is None else f"no {entry.channel} channel"
            return await self._end(row, "unreached", None, why)
        if row.was == "sending" and not channel.takes_once:
            why = "it may have gone out: the sender ended in the middle"
            return await self._end(row, "parked", entry.channel, why)
        try:
            subject, text, *to = await self._worded(row)
            address = to[0] if to else entry.address
            message = Message(row.event, row.effect, address, subject, text)
            receipt = await channel.send(message)
        except TryAgain as error:
            return await self._later(row, entry.channel, str(error))
        except (Undeliverable, Uncertain) as error:
            state = "parked" if isinstance(error, Uncertain) else "unreached"
            return await self._end(row, state, entry.channel, str(error))
        await self._pool.execute(
            "UPDATE messages SET state = 'sent', channel = $3, receipt = $4, problem = NULL,"
            " sent_at = clock_timestamp() WHERE event = $1 AND effect = $2",
            row.event, row.effect, entry.channel, receipt,
        )  # fmt: skip

    async def _later(self, row: Row, channel: str, why: str) -> None:
        if row.attempts > len(self._backoff):
            return await self._end(row, "parked", channel, f"given up: {why}")
        await self._pool.execute(
            "UPDATE messages SET state = 'waiting', channel = $3, problem = $4,"
            " next_at = clock_timestamp() + $5::interval WHERE event = $1 AND effect = $2",
            row.event, row.effect, channel, why[:300], self._backoff[row.attempts - 1],
        )  # fmt: skip

    async def _end(self, row: Row, state: str, channel: str | None, why: str) -> None:
        log.warning("message_not_sent", state=state, why=why, of=str(row.event))
        await self._pool.execute(
            "UPDATE messages SET state = $3, channel = $4, problem = $5"
            " WHERE event = $1 AND effect = $2",
            row.event, row.effect, state, channel, why[:300],
        )  # fmt: skip


async def ledger(
    pool: Pool, area: str, state: str | None, after: int, limit: int
) -> list[dict[str, Any]]:
    """What went out or did not, in the order of the log; never an address, never the words."""
    rows = await pool.fetch(
        "SELECT event, effect, type, matter, sent_to, state, channel, attempts, recorded,"
        " sent_at, problem, position FROM messages WHERE area = $1"
        " AND ($2::text IS NULL OR state = $2) AND position > $3"
        " ORDER BY position, effect LIMIT $4",
        area, state, after, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def untold(pool: Pool) -> list[dict[str, Any]]:
    """The messages that reached nobody, and that no problem was made of yet."""
    rows = await pool.fetch(
        "SELECT * FROM messages WHERE state IN ('parked', 'unreached') AND NOT told"
        " AND matter IS NOT NULL ORDER BY position LIMIT 50"
    )
    return [dict(row) for row in rows]


async def mark_told(pool: Pool, event: UUID, effect: str) -> None:
    """A problem was made of it."""
    await pool.execute(
        "UPDATE messages SET told = true WHERE event = $1 AND effect = $2", event, effect
    )


def _row(record: Mapping[str, Any]) -> Row:
    known = {name: record[name] for name in Row.__dataclass_fields__ if name != "old"}
    claimed_at = record["next_at"] - CLAIM
    return Row(**known, old=claimed_at - record["recorded"] > TOO_OLD)
