"""How are the log's Merkle trees kept beside it: grown in batches, proved from tiles of 256?"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shared.eventstore.postgres import Connection, Pool
from shared.tlog.merkle import (
    SHA256,
    SM3,
    Frontier,
    Node,
    Suite,
    consistency_ranges,
    hashes_of,
    inclusion_ranges,
    nodes_of,
    peaks_of,
)
from shared.tlog.tiles import HEIGHT, WIDTH, Tile, node_from, tile_of, width_of

BATCH = 4_000

_SIZE = "SELECT position FROM cursors WHERE reader = $1"
_KEEP = """
    WITH kept AS (
        INSERT INTO {nodes}
        SELECT * FROM unnest($3::smallint[], $4::bigint[], $5::bytea[])
    )
    INSERT INTO cursors (reader, position) VALUES ($1, $2)
    ON CONFLICT (reader) DO UPDATE SET position = $2, moved = clock_timestamp()
"""
_LEAVES_ON = """
    SELECT count(*) AS size, max(position) AS last, bool_and(length(leafhash) = $3) AS sound,
           string_agg(leafhash, ''::bytea ORDER BY position) AS leaves
    FROM (SELECT position, leafhash FROM events WHERE position > $1 ORDER BY position LIMIT $2) e
"""
_BODIES_ON = r"""
    SELECT position, leafhash,
           '\x00'::bytea || convert_to('{"about":' || about || ',"fact":' || fact || '}', 'UTF8')
    FROM events WHERE position > $1 ORDER BY position LIMIT $2
"""
_LEAVES = """
    SELECT leafhash FROM events WHERE position > $1 AND position <= $2 ORDER BY position
"""
_NODES = """
    SELECT hash FROM {nodes} WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index
"""


@dataclass(frozen=True, slots=True)
class Kind:
    """Which tree: by which hashes, and where its nodes and its place are kept.

    `lowest` is the lowest level that it keeps itself: the leaves by SHA-256 stand in the log.
    """

    suite: Suite
    nodes: str
    reader: str
    lowest: int


FIRST = Kind(SHA256, "tree_nodes", "tree", 1)
SECOND = Kind(SM3, "sm3_nodes", "tree:sm3", 0)
"""The tree of GB/T 32905 over the same bodies, where a deployment asks for it."""


_TELL = (
    "{} of the log does not fit what was appended: nothing after row {} is signed until a person "
    "has looked at it"
)


class LogAltered(Exception):
    """A row of the log is not what was appended: its hash does not fit its bytes."""


class Tree:
    """The tree as far as this process has grown it."""

    def __init__(self, frontier: Frontier, kind: Kind = FIRST) -> None:
        self.frontier, self.kind = frontier, kind

    @property
    def size(self) -> int:
        return self.frontier.size

    @classmethod
    async def load(cls, over: Connection | Pool, kind: Kind = FIRST) -> "Tree":
        """Where the tree was left; the empty one for a new log."""
        size = await over.fetchval(_SIZE, kind.reader) or 0
        peaks = await hashes(over, peaks_of(size), size, kind)
        return cls(Frontier(kind.suite, size, peaks), kind)

    async def grow(self, over: Connection) -> int:
        """Take in the next rows of the log; how many there were.

        A leaf is the hash that the append made of the bytes it wrote, in the same transaction. Who
        alters the row after that has a row that fits no leaf: the relay, which reads every body
        next, does not publish it, and every check finds it. A tree of another suite has no hash to
        take, so it hashes the body here, by both. Raises `LogAltered`, with nothing taken in.
        """
        found = await (
            self._as_appended(over) if self.kind.suite is SHA256 else self._hashed_here(over)
        )
        if not found:
            return 0
        frontier = Frontier(self.kind.suite, self.size, self.frontier.peaks)
        levels = [(self.size, found), *frontier.extend(found)]
        kept = [
            (level, first + n, node)
            for level, (first, nodes) in enumerate(levels[::HEIGHT])
            if level >= self.kind.lowest
            for n, node in enumerate(nodes)
        ]
        columns = [[one[n] for one in kept] for n in range(3)]
        keep = _KEEP.format(nodes=self.kind.nodes)
        await over.execute(keep, self.kind.reader, frontier.size, *columns)
        self.frontier = frontier
        return len(found)

    async def _as_appended(self, over: Connection) -> list[bytes]:
        """In one row: a record for each leaf would cost more than the leaf."""
        width = len(SHA256.empty)
        row = await over.fetchrow(_LEAVES_ON, self.size, BATCH, width)
        assert row is not None
        if row["size"] == 0:
            return []
        if not row["sound"] or row["last"] != self.size + row["size"]:
            raise LogAltered(_TELL.format(f"a row after {self.size}", self.size))
        leaves = row["leaves"]
        return [leaves[at : at + width] for at in range(0, len(leaves), width)]

    async def _hashed_here(self, over: Connection) -> list[bytes]:
        """OpenSSL hashes a body with its way in a third of the time that the server needs."""
        rows = await over.fetch(_BODIES_ON, self.size, BATCH)
        found = [sha256(body).digest() for _, _, body in rows]
        if rows and (
            rows[-1][0] != self.size + len(rows) or found != [leaf for _, leaf, _ in rows]
        ):
            raise _altered(self.size, rows, found)
        return [self.kind.suite.digest(body) for _, _, body in rows]


async def inclusion(
    over: Connection | Pool, index: int, size: int, kind: Kind = FIRST
) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size`; raises ValueError when it is not."""
    return await _proof(over, inclusion_ranges(index, size), size, kind)


async def inclusions(
    over: Connection | Pool, indexes: Sequence[int], size: int, kind: Kind = FIRST
) -> dict[int, list[bytes]]:
    """The proofs of many leaves at once: every tile is read once."""
    ranges = {index: inclusion_ranges(index, size) for index in indexes}
    nodes = list(dict.fromkeys(n for one in ranges.values() for n in nodes_of(one)))
    found = dict(zip(nodes, await hashes(over, nodes, size, kind), strict=True))
    return {index: hashes_of(one, found, kind.suite) for index, one in ranges.items()}


async def consistency(
    over: Connection | Pool, old: int, new: int, kind: Kind = FIRST
) -> list[bytes]:
    """The proof that the tree of `new` begins with that of `old`."""
    return await _proof(over, consistency_ranges(old, new), new, kind)


async def root_at(over: Connection | Pool, size: int, kind: Kind = FIRST) -> bytes:
    """The root at an earlier size."""
    return Frontier(kind.suite, size, await hashes(over, peaks_of(size), size, kind)).root()


async def hashes(
    over: Connection | Pool, nodes: Sequence[Node], size: int, kind: Kind = FIRST
) -> list[bytes]:
    """The complete subtrees asked for, in a tree of `size`."""
    wanted = dict.fromkeys(map(tile_of, nodes))
    tiles = {tile: await tile_at(over, tile, width_of(tile, size), kind) for tile in wanted}
    return [node_from(node, tiles, kind.suite) for node in nodes]


async def tile_at(over: Connection | Pool, tile: Tile, width: int, kind: Kind = FIRST) -> bytes:
    """The first `width` hashes of a tile, one after the other."""
    level, index = tile
    low, high = index * WIDTH, index * WIDTH + width
    kept = _NODES.format(nodes=kind.nodes)
    rows = await (
        over.fetch(_LEAVES, low, high)
        if level < kind.lowest
        else over.fetch(kept, level, low, high)
    )
    return b"".join(row[0] for row in rows)


async def _proof(
    over: Connection | Pool, ranges: list[tuple[int, int]], size: int, kind: Kind
) -> list[bytes]:
    nodes = nodes_of(ranges)
    found = dict(zip(nodes, await hashes(over, nodes, size, kind), strict=True))
    return hashes_of(ranges, found, kind.suite)


def _altered(size: int, rows: Sequence[Any], found: Sequence[bytes]) -> LogAltered:
    wrong = (
        row[0]
        for place, (row, leaf) in enumerate(zip(rows, found, strict=True), size + 1)
        if row[1] != leaf or row[0] != place
    )
    return LogAltered(_TELL.format(f"row {next(wrong)}", size))
