"""How is it shown that nothing was left out: a tree over the last event of every stream (封存)?"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from shared.tlog.merkle import SHA256, complete, hashes_of, inclusion_ranges, nodes_of, root_of


@dataclass(frozen=True, slots=True)
class Head:
    """A stream of a store, its last version, and the leaf hash there."""

    stream: str
    version: int
    leafhash: bytes

    @property
    def key(self) -> bytes:
        return sha256(self.stream.encode()).digest()

    def leaf(self) -> bytes:
        """`leaf(SHA-256(stream) ‖ version as 8 bytes ‖ leaf hash)`."""
        return SHA256.leaf(self.key + self.version.to_bytes(8) + self.leafhash)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a head stands in a seal, and the path from there to its root."""

    index: int
    path: tuple[bytes, ...]


class Seal:
    """The heads of all streams of a store at one size of its log, sorted by key."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self._heads = sorted(heads, key=lambda head: head.key)
        self._leaves = [head.leaf() for head in self._heads]
        self.root = root_of(self._leaves)

    @property
    def count(self) -> int:
        return len(self._heads)

    def place_of(self, stream: str) -> Place | None:
        """None for a stream that the store does not have at this size."""
        for index, head in enumerate(self._heads):
            if head.stream == stream:
                return Place(index, tuple(self._path(index)))
        return None

    def _path(self, index: int) -> list[bytes]:
        ranges = inclusion_ranges(index, self.count)
        found = {
            (level, at): complete(level, at, lambda low, high: self._leaves[low:high])
            for level, at in nodes_of(ranges)
        }
        return hashes_of(ranges, found)
