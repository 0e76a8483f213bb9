"""Roots and proofs of trees: the vectors of RFC 6962, and every small tree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.tlog.merkle import (
    SHA256,
    Frontier,
    ProofInvalid,
    Suite,
    check_consistency,
    check_inclusion,
    complete,
    consistency_ranges,
    hashes_of,
    inclusion_ranges,
    nodes_of,
    peaks_of,
    root_of,
    sm3,
)

# The eight leaves and the roots of the Certificate Transparency reference implementation.
INPUTS = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                 "606162636465666768696a6b6c6d6e6f")
]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SUITES = [SHA256, *([found] if (found := sm3()) else [])]


def leaves(size: int, suite: Suite = SHA256) -> list[bytes]:
    return [suite.leaf(b"leaf %d" % n) for n in range(size)]


def nodes(
    ranges: list[tuple[int, int]], known: list[bytes], suite: Suite = SHA256
) -> list[bytes]:
    found = {
        (level, index): complete(level, index, lambda low, high: known[low:high], suite)
        for level, index in nodes_of(ranges)
    }
    return hashes_of(ranges, found, suite)


def by_definition(known: list[bytes], suite: Suite) -> bytes:
    """MTH of RFC 6962 §2.1, word for word."""
    if not known:
        return hashlib.new(suite.algorithm, b"").digest()
    if len(known) == 1:
        return known[0]
    k = 1
    while k * 2 < len(known):
        k *= 2
    return suite.node(by_definition(known[:k], suite), by_definition(known[k:], suite))


def test_the_roots_of_the_reference_are_found() -> None:
    hashes = [SHA256.leaf(body) for body in INPUTS]
    assert [root_of(hashes[: n + 1]).hex() for n in range(8)] == ROOTS
    assert root_of([]).hex() == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_leaf_of_every_small_tree_is_proved(suite: Suite) -> None:
    known = leaves(40, suite)
    for size in range(1, 41):
        root = by_definition(known[:size], suite)
        assert root_of(known[:size], suite) == root
        for index in range(size):
            proof = nodes(inclusion_ranges(index, size), known, suite)
            check_inclusion(known[index], index, size, proof, root, suite)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_small_tree_is_proved_to_begin_with_every_smaller_one(suite: Suite) -> None:
    known = leaves(40, suite)
    roots = [root_of(known[:size], suite) for size in range(41)]
    for new in range(41):
        for old in range(new + 1):
            proof = nodes(consistency_ranges(old, new), known, suite)
            check_consistency(old, new, roots[old], roots[new], proof, suite)


@pytest.mark.attack(
    what="小树穷举：以此证彼: every small tree, a proof of something else",
    by="梅克尔证明 Merkle proofs (RFC 6962/9162 vectors)",
)
def test_a_proof_of_something_else_is_refused_everywhere() -> None:
    known = leaves(24)
    root = root_of(known)
    for index in range(24):
        proof = nodes(inclusion_ranges(index, 24), known)
        for wrong in (
            proof[:-1],
            [*proof, proof[0]],
            [proof[0][:-1], *proof[1:]],
            [bytes(32), *proof[1:]],
        ):
            with pytest.raises(ProofInvalid):
                check_inclusion(known[index], index, 24, wrong, root)
        with pytest.raises(ProofInvalid):
            check_inclusion(known[index], (index + 1) % 24, 24, proof, root)
        with pytest.raises(ProofInvalid):
            check_inclusion(known[index], 24, 24, proof, root)


@pytest.mark.attack(
    what="改一叶再称连续: one leaf changed, said to follow",
    by="一致性证明 consistency proof",
)
@given(st.integers(1, 70), st.integers(0, 70), st.integers(0, 69))
def test_a_tree_with_one_leaf_changed_does_not_follow(new: int, old: int, changed: int) -> None:
    known = leaves(70)
    old, forged = min(old, new), list(known)
    forged[changed] = bytes(32)
    proof = nodes(consistency_ranges(old, new), forged)
    roots = root_of(known[:old]), root_of(forged[:new])
    if changed < old:
        with pytest.raises(ProofInvalid):
            check_consistency(old, new, *roots, proof)
    else:
        check_consistency(old, new, *roots, proof)


@pytest.mark.attack(
    what="一致性证明长短不一: a consistency proof of the wrong length",
    by="一致性证明 consistency proof",
)
def test_a_consistency_proof_of_the_wrong_length_is_refused() -> None:
    known = leaves(20)
    roots = root_of(known[:6]), root_of(known)
    proof = nodes(consistency_ranges(6, 20), known)
    for wrong in ([], proof[:-1], [*proof, bytes(32)], [b"short", *proof[1:]]):
        with pytest.raises(ProofInvalid):
            check_consistency(6, 20, *roots, wrong)
    with pytest.raises(ProofInvalid):
        check_consistency(20, 6, *roots, proof)
    with pytest.raises(ProofInvalid):
        check_consistency(0, 20, bytes(32), roots[1], [])


@given(st.integers(0, 300))
def test_a_frontier_goes_on_where_its_peaks_were_kept(size: int) -> None:
    known = leaves(size + 3)
    found = {n: complete(*n, lambda low, high: known[low:high]) for n in peaks_of(size)}
    frontier = Frontier(SHA256, size, [found[n] for n in peaks_of(size)])
    for leaf in known[size:]:
        frontier.append(leaf)
    assert frontier.root() == root_of(known)


@given(st.lists(st.integers(0, 70), max_size=9))
def test_many_leaves_at_once_close_what_they_close_one_by_one(parts: list[int]) -> None:
    once, each = Frontier(), Frontier()
    for size in parts:
        more = leaves(once.size + size)[once.size :]
        closed = {}
        for leaf in more:
            for level, node in enumerate(each.append(leaf), 1):
                closed[level, (each.size >> level) - 1] = node
        together = {
            (level, first + n): node
            for level, (first, row) in enumerate(once.extend(more), 1)
            for n, node in enumerate(row)
        }
        assert together == closed
        assert (once.size, once.peaks) == (each.size, each.peaks)


def test_a_frontier_needs_the_peaks_of_its_size() -> None:
    with pytest.raises(ValueError, match="peaks"):
        Frontier(SHA256, 3, [bytes(32)])


def test_there_is_no_proof_of_what_is_not_in_the_tree() -> None:
    for index, size in ((-1, 3), (3, 3)):
        with pytest.raises(ValueError, match="not in a tree"):
            inclusion_ranges(index, size)
    with pytest.raises(ValueError, match="earlier"):
        consistency_ranges(4, 3)
