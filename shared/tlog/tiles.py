"""Which tile of a log holds a subtree, and how is it called (C2SP tlog-tiles)?"""

import re
from collections.abc import Mapping

from shared.tlog.merkle import SHA256, Node, Suite, complete

HEIGHT = 8
WIDTH = 1 << HEIGHT

type Tile = tuple[int, int]
"""Level and index: 256 hashes, each the root of a complete tile of the level below."""

_PATH = re.compile(r"(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?")


def tile_of(node: Node) -> Tile:
    """The tile in which a complete subtree stands or from which it is hashed."""
    level, index = node
    return level // HEIGHT, (index << level % HEIGHT) // WIDTH


def width_of(tile: Tile, size: int) -> int:
    """How many hashes a tile has in a tree of `size`: 0 when it is not there at all."""
    level, index = tile
    hashes = size >> (HEIGHT * level)
    return max(0, min(WIDTH, hashes - index * WIDTH))


def node_from(node: Node, tiles: Mapping[Tile, bytes], suite: Suite = SHA256) -> bytes:
    """The hash of a complete subtree, out of its tile."""
    level, index = node
    row = tiles[tile_of(node)]
    first = (index << level % HEIGHT) % WIDTH

    def hashes(low: int, high: int) -> list[bytes]:
        return [row[(first + n) * 32 : (first + n + 1) * 32] for n in range(high - low)]

    return complete(level % HEIGHT, 0, hashes, suite)


def path_of(tile: Tile, width: int = WIDTH) -> str:
    """`<level>/<index>[.p/<width>]`, the index in groups of three digits."""
    level, index = tile
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03}")
    partial = "" if width == WIDTH else f".p/{width}"
    return f"{level}/{'/'.join(groups)}{partial}"


def read_index(text: str) -> tuple[int, int] | None:
    """Index and width of the second part of a tile's path; None for what is none."""
    found = _PATH.fullmatch(text)
    if found is None:
        return None
    digits = found["index"].replace("x", "").replace("/", "")
    width = int(found["width"] or WIDTH)
    canonical = digits == f"{int(digits):03}" or (
        len(digits) > 3 and not digits.startswith("000")
    )
    if not canonical or (found["width"] and width >= WIDTH) or len(digits) > 15:
        return None
    return int(digits), width
