"""How is the log's Merkle tree kept beside it: grown row by row, proved from tiles of 256?"""

from collections.abc import Sequence

from shared.eventstore.postgres import Connection, Pool
from shared.tlog.merkle import (
    Frontier,
    Node,
    consistency_ranges,
    hashes_of,
    inclusion_ranges,
    nodes_of,
    peaks_of,
)
from shared.tlog.tiles import HEIGHT, WIDTH, Tile, node_from, tile_of, width_of

READER = "tree"
BATCH = 2_000

_SIZE = "SELECT position FROM cursors WHERE reader = $1"
_MOVE = """
    INSERT INTO cursors (reader, position) VALUES ($1, $2)
    ON CONFLICT (reader) DO UPDATE SET position = $2, moved = clock_timestamp()
"""
_NEXT = r"""
    SELECT position, leafhash, leafhash = sha256('\x00'::bytea
        || convert_to('{"about":' || about || ',"fact":' || fact || '}', 'UTF8')) AS fits
    FROM events WHERE position > $1 ORDER BY position LIMIT $2
"""
_LEAVES = """
    SELECT leafhash FROM events WHERE position > $1 AND position <= $2 ORDER BY position
"""
_NODES = """
    SELECT hash FROM tree_nodes WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index
"""


class LogAltered(Exception):
    """A row of the log is not what was appended: its hash does not fit its bytes."""


class Tree:
    """The tree as far as this process has grown it."""

    def __init__(self, frontier: Frontier) -> None:
        self.frontier = frontier

    @property
    def size(self) -> int:
        return self.frontier.size

    @classmethod
    async def load(cls, over: Connection | Pool) -> "Tree":
        """Where the tree was left; the empty one for a new log."""
        size = await over.fetchval(_SIZE, READER) or 0
        peaks = await hashes(over, peaks_of(size), size)
        return cls(Frontier(size=size, peaks=peaks))

    async def grow(self, over: Connection) -> int:
        """Take in the next rows of the log; how many there were.

        Every body is hashed again, where it lies: whoever rules the server could store another
        body with its own hash as well, so nothing is gained by carrying it here. Raises
        `LogAltered` at the first that differs, with nothing of the batch taken in.
        """
        rows = await over.fetch(_NEXT, self.size, BATCH)
        if not rows:
            return 0
        frontier = Frontier(size=self.size, peaks=self.frontier.peaks)
        kept: list[tuple[int, int, bytes]] = []
        for row in rows:
            position, leaf, fits = row
            if not fits or position != frontier.size + 1:
                raise _altered(position, self.size)
            closed = frontier.append(leaf)
            if len(closed) < HEIGHT:
                continue
            kept += [
                (level, (frontier.size >> HEIGHT * level) - 1, node)
                for level, node in enumerate(closed[HEIGHT - 1 :: HEIGHT], 1)
            ]
        async with over.transaction():
            await over.executemany("INSERT INTO tree_nodes VALUES ($1, $2, $3)", kept)
            await over.execute(_MOVE, READER, frontier.size)
        self.frontier = frontier
        return len(rows)


async def inclusion(over: Connection | Pool, index: int, size: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree of `size`; raises ValueError when it is not."""
    return await _proof(over, inclusion_ranges(index, size), size)


async def inclusions(
    over: Connection | Pool, indexes: Sequence[int], size: int
) -> dict[int, list[bytes]]:
    """The proofs of many leaves at once: every tile is read once."""
    ranges = {index: inclusion_ranges(index, size) for index in indexes}
    nodes = list(dict.fromkeys(n for one in ranges.values() for n in nodes_of(one)))
    found = dict(zip(nodes, await hashes(over, nodes, size), strict=True))
    return {index: hashes_of(one, found) for index, one in ranges.items()}


async def consistency(over: Connection | Pool, old: int, new: int) -> list[bytes]:
    """The proof that the tree of `new` begins with that of `old`."""
    return await _proof(over, consistency_ranges(old, new), new)


async def root_at(over: Connection | Pool, size: int) -> bytes:
    """The root at an earlier size."""
    return Frontier(size=size, peaks=await hashes(over, peaks_of(size), size)).root()


async def hashes(over: Connection | Pool, nodes: Sequence[Node], size: int) -> list[bytes]:
    """The complete subtrees asked for, in a tree of `size`."""
    wanted = dict.fromkeys(map(tile_of, nodes))
    tiles = {tile: await tile_at(over, tile, width_of(tile, size)) for tile in wanted}
    return [node_from(node, tiles) for node in nodes]


async def tile_at(over: Connection | Pool, tile: Tile, width: int) -> bytes:
    """The first `width` hashes of a tile, one after the other."""
    level, index = tile
    low, high = index * WIDTH, index * WIDTH + width
    rows = await (
        over.fetch(_LEAVES, low, high) if level == 0 else over.fetch(_NODES, level, low, high)
    )
    return b"".join(row[0] for row in rows)


async def _proof(
    over: Connection | Pool, ranges: list[tuple[int, int]], size: int
) -> list[bytes]:
    nodes = nodes_of(ranges)
    found = dict(zip(nodes, await hashes(over, nodes, size), strict=True))
    return hashes_of(ranges, found)


def _altered(position: int, size: int) -> LogAltered:
    return LogAltered(
        f"row {position} of the log does not fit what was appended: nothing after row "
        f"{size} is signed until a person has looked at it"
    )
