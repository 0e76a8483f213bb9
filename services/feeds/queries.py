"""What can be read of a feed: its entries, its length and root at any size, what is parked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from shared.eventstore.postgres import Pool
from shared.tlog.merkle import SHA256, Frontier
from shared.tlog.tiles import HEIGHT, WIDTH

_AFTER = """
    SELECT position, message FROM entries WHERE feed = $1 AND position > $2
    ORDER BY position LIMIT $3
"""
_LEAVES = """
    SELECT leaf FROM entries WHERE feed = $1 AND position > $2 AND position <= $3
    ORDER BY position
"""
_NODES = """
    SELECT hash FROM feed_nodes WHERE feed = $1 AND level = $2 AND index >= $3 AND index < $4
    ORDER BY index
"""
_PROVEN = """
    UPDATE feeds SET proven = greatest(proven, $2), proven_at = clock_timestamp()
    WHERE feed = $1
"""
_STANDING = """
    SELECT f.feed, f.agency, f.edition, f.size, f.proven, f.proven_at, f.begun,
           (SELECT coalesce(max(arrival), 0) FROM arrivals) - f.arrival AS unfiltered,
           h.position AS hook_position, h.paused AS hook_paused, h.retry_at AS hook_retry_at,
           (SELECT count(*) FROM hook_parked p WHERE p.feed = f.feed AND taken IS NULL) AS parked
    FROM feeds f LEFT JOIN hooks h USING (feed) WHERE f.feed = $1
"""
_BEHIND = """
    SELECT coalesce(max(arrival), 0) - coalesce((SELECT arrival FROM feeds WHERE feed = $1), 0)
    FROM arrivals
"""
_PARKED = """
    SELECT position, subject, reason, parked FROM hook_parked
    WHERE feed = $1 AND taken IS NULL AND position > $2 ORDER BY position LIMIT $3
"""
_SINCE = """
    SELECT arrival, store, position, recorded, area, type, message FROM arrivals
    WHERE arrival > $1 AND recorded >= $2 ORDER BY arrival LIMIT $3
"""


class Message(NamedTuple):
    """A message at its place in a feed."""

    position: int
    message: bytes


async def after(pool: Pool, feed: str, position: int, limit: int) -> list[Message]:
    """The next messages of a feed."""
    return [Message(*row) for row in await pool.fetch(_AFTER, feed, position, limit)]


async def behind(pool: Pool, feed: str) -> int:
    """How many events that were heard the feed has not looked at yet."""
    return await pool.fetchval(_BEHIND, feed) or 0


async def size_of(pool: Pool, feed: str) -> int:
    return await pool.fetchval("SELECT size FROM feeds WHERE feed = $1", feed) or 0


async def leaves(pool: Pool, feed: str, low: int, high: int) -> list[bytes]:
    """The leaf hashes of positions low+1 to high."""
    return [row["leaf"] for row in await pool.fetch(_LEAVES, feed, low, high)]


async def nodes(pool: Pool, feed: str, level: int, low: int, high: int) -> list[bytes]:
    """Hashes of complete subtrees of 256^level leaves; level 0 are the leaves."""
    if level == 0:
        return await leaves(pool, feed, low, high)
    return [row["hash"] for row in await pool.fetch(_NODES, feed, level, low, high)]


async def root_at(pool: Pool, feed: str, size: int) -> bytes:
    """The root of the feed's first `size` messages, from whole subtrees and a few leaves."""
    frontier = Frontier(SHA256)
    peaks: list[bytes] = []
    begun = 0
    for level in range(7, -1, -1):
        width = WIDTH**level
        low, high = begun // width, size // width
        hashes = await nodes(pool, feed, level, low, high) if high > low else []
        frontier = Frontier(SHA256)
        for one in hashes:
            frontier.append(one)
        peaks += frontier.peaks
        begun = high * width
    return Frontier(SHA256, size, peaks).root()


assert WIDTH == 1 << HEIGHT


async def proven(pool: Pool, feed: str, size: int) -> None:
    """Remember that the agency showed the right root at `size`."""
    await pool.execute(_PROVEN, feed, size)


async def standing(pool: Pool, feed: str) -> dict[str, Any] | None:
    """How a feed stands, for its agency and for the office."""
    row = await pool.fetchrow(_STANDING, feed)
    return dict(row) if row else None


async def parked(pool: Pool, feed: str, after: int, limit: int) -> list[dict[str, Any]]:
    return [dict(row) for row in await pool.fetch(_PARKED, feed, after, limit)]


async def since(pool: Pool, arrival: int, instant: datetime, limit: int) -> Sequence[Any]:
    """What arrived after `arrival` and was recorded since `instant`."""
    rows: Sequence[Any] = await pool.fetch(_SINCE, arrival, instant, limit)
    return rows
