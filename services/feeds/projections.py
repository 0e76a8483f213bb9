"""How does a feed grow: what arrived and is admitted, placed densely, chained, hashed into its tree."""

from collections.abc import Sequence
from typing import NamedTuple

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from services.feeds.domain.agencies import Agency
from services.feeds.domain.filtering import Arrival, Place, admits, delivered, leaf_of
from shared.eventstore.postgres import Pool
from shared.tlog.merkle import SHA256, Frontier
from shared.tlog.tiles import HEIGHT

BATCH = 1_000

type Pooled = PoolConnectionProxy[asyncpg.Record]

_BEGIN = """
    INSERT INTO feeds (feed, agency, edition) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
"""
_HELD = "SELECT arrival, size, last, peaks FROM feeds WHERE feed = $1 FOR UPDATE"
_ARRIVED = """
    SELECT arrival, area, type, message FROM arrivals
    WHERE arrival > $1 AND arrival <= $3 AND type = ANY ($2) ORDER BY arrival LIMIT $4
"""
_MOVE = "UPDATE feeds SET arrival = $2, size = $3, last = $4, peaks = $5 WHERE feed = $1"


class Entry(NamedTuple):
    """One message at its place in the feed."""

    position: int
    arrival: int
    leaf: bytes
    message: bytes


async def fill(pool: Pool, agency: Agency) -> int:
    """Place the next arrivals in the agency's feed; how many arrivals were looked at.

    Two processes at once wait for each other.
    """
    async with pool.acquire() as connection, connection.transaction():
        feed = await _held(connection, agency)
        head = await connection.fetchval("SELECT coalesce(max(arrival), 0) FROM arrivals")
        rows = [
            Arrival(*row)
            for row in await connection.fetch(
                _ARRIVED, feed["arrival"], list(agency.views), head, BATCH
            )
        ]
        upto = rows[-1].arrival if len(rows) == BATCH else head
        if upto == feed["arrival"]:
            return 0
        frontier = Frontier(SHA256, feed["size"], feed["peaks"])
        placed, nodes = _placed(agency, rows, frontier, feed["last"])
        await _keep(connection, agency.feed, placed, nodes)
        last = placed[-1].leaf if placed else feed["last"]
        await connection.execute(_MOVE, agency.feed, upto, frontier.size, last, frontier.peaks)
        if placed:
            await connection.execute("NOTIFY entries")
        return int(upto - feed["arrival"])


async def begin(pool: Pool, agency: Agency) -> None:
    """The agency's feed exists from now on, be it empty."""
    await pool.execute(_BEGIN, agency.feed, agency.id, agency.edition)


async def _held(connection: Pooled, agency: Agency) -> asyncpg.Record:
    """The feed's row, locked; begun when it is new."""
    feed = await connection.fetchrow(_HELD, agency.feed)
    if feed is None:
        await connection.execute(_BEGIN, agency.feed, agency.id, agency.edition)
        feed = await connection.fetchrow(_HELD, agency.feed)
    assert feed is not None
    return feed


def _placed(
    agency: Agency, rows: Sequence[Arrival], frontier: Frontier, before: bytes | None
) -> tuple[list[Entry], list[tuple[int, int, bytes]]]:
    placed: list[Entry] = []
    nodes: list[tuple[int, int, bytes]] = []
    for row in rows:
        if not admits(agency, row.type, row.area):
            continue
        message = delivered(agency, row, Place(frontier.size + 1, before))
        before = leaf_of(message)
        closed = frontier.append(before)
        placed.append(Entry(frontier.size, row.arrival, before, message))
        nodes += [
            (level, (frontier.size >> HEIGHT * level) - 1, node)
            for level, node in enumerate(closed[HEIGHT - 1 :: HEIGHT], 1)
        ]
    return placed, nodes


async def _keep(
    connection: Pooled,
    feed: str,
    placed: Sequence[Entry],
    nodes: Sequence[tuple[int, int, bytes]],
) -> None:
    if not placed:
        return
    await connection.copy_records_to_table(
        "entries",
        records=[(feed, *entry) for entry in placed],
        columns=("feed", *Entry._fields),
    )
    await connection.copy_records_to_table(
        "feed_nodes",
        records=[(feed, *node) for node in nodes],
        columns=("feed", "level", "index", "hash"),
    )
