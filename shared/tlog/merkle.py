"""What is the root of a tree of leaves, and what proves that a leaf or an older tree is in it?

RFC 6962 §2.1 trees over leaf hashes; verification after RFC 9162 §2.1.3.2 and §2.1.4.2. A node
is addressed by (level, index): the complete subtree over leaves [index·2^level, (index+1)·2^level).
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

type Node = tuple[int, int]
type Nodes = Mapping[Node, bytes]


class ProofInvalid(ValueError):
    """A proof that does not prove what it claims; the message says where it fails."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A hash suite: named in the log's origin, the same for a whole tree."""

    name: str
    algorithm: str

    def digest(self, data: bytes) -> bytes:
        return self.hasher(data).digest()

    @property
    def hasher(self) -> Callable[[bytes], "hashlib._Hash"]:
        """What makes a hash; one that is named is found at once, `new` asks OpenSSL every time."""
        return (
            hashlib.sha256
            if self.algorithm == "sha256"
            else partial(hashlib.new, self.algorithm)
        )

    def leaf(self, body: bytes) -> bytes:
        """The hash of a leaf: `0x00 ‖ body`."""
        return self.digest(b"\x00" + body)

    def node(self, left: bytes, right: bytes) -> bytes:
        """The hash of an inner node: `0x01 ‖ left ‖ right`."""
        return self.digest(b"\x01" + left + right)

    @property
    def empty(self) -> bytes:
        """The root of the tree without leaves."""
        return self.digest(b"")


SHA256 = Suite("sha256", "sha256")


SM3 = Suite("sm3", "sm3")
"""GB/T 32905, by this machine's OpenSSL."""


def sm3() -> Suite | None:
    """The suite of GB/T 32905 where this machine has it; None otherwise."""
    return SM3 if "sm3" in hashlib.algorithms_available else None


def suite_of(origin: str) -> Suite:
    """The suite that a log's name says: `…/sm3` is a tree by SM3, every other one by SHA-256."""
    return SM3 if origin.endswith("/sm3") else SHA256


class Frontier:
    """The complete subtrees at the right edge of a growing tree, largest first."""

    def __init__(self, suite: Suite = SHA256, size: int = 0, peaks: Sequence[bytes] = ()):
        if size.bit_count() != len(peaks):
            raise ValueError(f"a tree of {size} has {size.bit_count()} peaks")
        self.suite, self.size, self.peaks = suite, size, list(peaks)

    def append(self, leaf: bytes) -> list[bytes]:
        """Add one leaf hash; the complete subtrees it closes, from level 1 up."""
        peaks, carry, closed = self.peaks, self.size, []
        while carry & 1:
            leaf = self.suite.node(peaks.pop(), leaf)
            closed.append(leaf)
            carry >>= 1
        peaks.append(leaf)
        self.size += 1
        return closed

    def extend(self, leaves: Sequence[bytes]) -> list[tuple[int, tuple[bytes, ...]]]:
        """As `append` of each; what was closed, by level from 1: its first index and the hashes.

        Level by level, so that a leaf costs little more than one hash.
        """
        carry, row, closed = self.size, list(leaves), list[tuple[int, tuple[bytes, ...]]]()
        peaks, hasher = self.peaks, self.suite.hasher
        lower: list[bytes] = []
        self.size += len(row)
        while row:
            if carry & 1:
                row.insert(0, peaks.pop())
            if len(row) & 1:
                lower.append(row.pop())
            carry >>= 1
            pairs = zip(row[::2], row[1::2], strict=True)
            row = [hasher(b"\x01" + left + right).digest() for left, right in pairs]
            if row:
                closed.append((carry, tuple(row)))
        peaks.extend(reversed(lower))
        return closed

    def root(self) -> bytes:
        """The root at this size."""
        return _folded(self.peaks, self.suite)


def root_of(leaves: Sequence[bytes], suite: Suite = SHA256) -> bytes:
    """The root over these leaf hashes."""
    frontier = Frontier(suite)
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def peaks_of(size: int) -> list[Node]:
    """The complete subtrees that make a tree of `size`, from the left."""
    return list(_cover(0, size))


def inclusion_ranges(index: int, size: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots prove leaf `index` in a tree of `size`, sibling first."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    return _path(index, 0, size)


def consistency_ranges(old: int, new: int) -> list[tuple[int, int]]:
    """The leaf ranges whose roots prove that a tree of `new` begins with that of `old`."""
    if not 0 <= old <= new:
        raise ValueError(f"{old} is no earlier size than {new}")
    return [] if old in (0, new) else _subproof(old, 0, new, whole=True)


def nodes_of(ranges: Sequence[tuple[int, int]]) -> list[Node]:
    """Every complete subtree that the roots of these ranges are made of."""
    return [node for low, high in ranges for node in _cover(low, high)]


def hashes_of(
    ranges: Sequence[tuple[int, int]], nodes: Nodes, suite: Suite = SHA256
) -> list[bytes]:
    """The root of each range, from its complete subtrees."""
    return [_folded([nodes[n] for n in _cover(low, high)], suite) for low, high in ranges]


def root_by_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], suite: Suite = SHA256
) -> bytes:
    """The root that `proof` leads to from `leaf`; raises `ProofInvalid` for a malformed one."""
    if not 0 <= index < size:
        raise ProofInvalid(f"leaf {index} is not in a tree of {size}")
    position, last, found = index, size - 1, leaf
    for sibling in proof:
        if len(sibling) != len(leaf):
            raise ProofInvalid("a hash of the proof has the wrong length")
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if position & 1 or position == last:
            found = suite.node(sibling, found)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            found = suite.node(found, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofInvalid("the proof is too short")
    return found


def check_inclusion(
    leaf: bytes,
    index: int,
    size: int,
    proof: Sequence[bytes],
    root: bytes,
    suite: Suite = SHA256,
) -> None:
    """Raise `ProofInvalid` unless `proof` shows `leaf` at `index` of the tree with `root`."""
    if root_by_inclusion(leaf, index, size, proof, suite) != root:
        raise ProofInvalid("the proof leads to another root")


def check_consistency(
    old: int,
    new: int,
    old_root: bytes,
    new_root: bytes,
    proof: Sequence[bytes],
    suite: Suite = SHA256,
) -> None:
    """Raise `ProofInvalid` unless the tree of `new` begins with the tree of `old`."""
    if not 0 <= old <= new:
        raise ProofInvalid(f"{old} is no earlier size than {new}")
    if old == new or old == 0:
        agreed = old_root == (new_root if old == new else suite.empty)
        if proof or not agreed:
            raise ProofInvalid("the roots of the same tree differ, or the proof is not empty")
        return
    first = _climbed(old, new, old_root, list(proof), suite)
    if first != (old_root, new_root):
        raise ProofInvalid("the proof leads to other roots")


def _climbed(
    old: int, new: int, old_root: bytes, proof: list[bytes], suite: Suite
) -> tuple[bytes, bytes]:
    if old & (old - 1) == 0:
        proof = [old_root, *proof]
    if not proof or any(len(one) != len(old_root) for one in proof):
        raise ProofInvalid("the proof is empty, or a hash of it has the wrong length")
    position, last = old - 1, new - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    first = second = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            raise ProofInvalid("the proof is too long")
        if position & 1 or position == last:
            first, second = suite.node(sibling, first), suite.node(sibling, second)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            second = suite.node(second, sibling)
        position, last = position >> 1, last >> 1
    if last:
        raise ProofInvalid("the proof is too short")
    return first, second


def complete(level: int, index: int, leaves: Callable[[int, int], Sequence[bytes]],
             suite: Suite = SHA256) -> bytes:  # fmt: skip
    """The root of one complete subtree, from its leaf hashes `leaves(low, high)`."""
    row = list(leaves(index << level, (index + 1) << level))
    while len(row) > 1:
        row = [suite.node(a, b) for a, b in zip(row[::2], row[1::2], strict=True)]
    return row[0]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1


def _path(index: int, low: int, high: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            found.append((middle, high))
            high = middle
        else:
            found.append((low, middle))
            low = middle
    return found[::-1]


def _subproof(old: int, low: int, high: int, *, whole: bool) -> list[tuple[int, int]]:
    if old == high:
        return [] if whole else [(low, high)]
    middle = low + _split(high - low)
    if old <= middle:
        return [*_subproof(old, low, middle, whole=whole), (middle, high)]
    return [*_subproof(old, middle, high, whole=False), (low, middle)]


def _cover(low: int, high: int) -> Iterator[Node]:
    """The complete subtrees that the tree over [low, high) is made of, from the left.

    `low` is a multiple of the largest one, as it is for every range of a proof.
    """
    while low < high:
        level = (high - low).bit_length() - 1
        yield level, low >> level
        low += 1 << level


def _folded(peaks: Sequence[bytes], suite: Suite) -> bytes:
    if not peaks:
        return suite.empty
    found = peaks[-1]
    for peak in reversed(peaks[:-1]):
        found = suite.node(peak, found)
    return found
