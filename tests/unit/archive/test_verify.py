"""What was changed is found, and what cannot be known is said."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from contracts.canonical import leaf_hash
from services.archive.domain.file import Entry, Filed, Leaf
from services.archive.domain.verify import places_of, report, runs, verify
from tests.unit.archive.examples import COURSE, accepted, requested, scoped, told

type Change = Callable[[Leaf], Leaf]


def rehashed(leaf: Leaf, body: bytes) -> Leaf:
    return replace(leaf, body=body, leafhash=leaf_hash(body).hex())


def changed(filed: Filed, place: int, change: Change) -> Filed:
    """The file with the copy of one entry changed."""
    entries = list(filed.entries)
    copy = entries[place].copy
    assert copy is not None
    entries[place] = Entry(entries[place].own, change(copy))
    return replace(filed, entries=tuple(entries))


def codes(filed: Filed) -> set[str]:
    return {fault.code for fault in verify(filed).faults}


def test_a_true_file_is_valid_when_it_equals_the_stores() -> None:
    telling = told(*COURSE)
    found = verify(telling.filed(), telling.bodies())
    assert (found.verdict, found.exit, found.faults) == ("valid", 0, ())


def test_without_the_stores_nothing_is_decided() -> None:
    found = verify(told(*COURSE).filed())
    assert (found.verdict, found.exit, found.compared) == ("undecided", 2, False)


def test_an_empty_file_proves_nothing() -> None:
    filed = replace(told(requested).filed(), entries=())
    assert verify(filed, {}).verdict == "undecided"


def test_a_body_the_store_does_not_have_leaves_it_undecided() -> None:
    telling = told(*COURSE)
    bodies = telling.bodies()
    del bodies["intake", 2]
    found = verify(telling.filed(), bodies)
    assert (found.verdict, found.missing) == ("undecided", (("intake", 2),))


def test_other_bytes_in_the_store_are_found() -> None:
    telling = told(*COURSE)
    bodies = telling.bodies() | {("supervision", 1): b"{}"}
    found = verify(telling.filed(), bodies)
    assert (found.verdict, found.exit) == ("invalid", 1)
    assert {fault.code for fault in found.faults} == {"differs"}


def test_a_changed_body_is_found_by_its_hash() -> None:
    filed = told(*COURSE).filed()
    forged = changed(
        filed, 2, lambda leaf: replace(leaf, body=leaf.body.replace(b"hall", b"park"))
    )
    assert "hash" in codes(forged)


def test_a_changed_and_rehashed_body_is_found_by_entry_and_chain() -> None:
    filed = told(*COURSE).filed()
    forged = changed(filed, 2, lambda leaf: rehashed(leaf, leaf.body.replace(b"hall", b"park")))
    assert codes(forged) == {"entry", "chain"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body.replace(b'":"', b'": "', 1),
        lambda body: body + b" ",
        lambda body: body[:-1],
        lambda body: b"[1]",
        lambda body: b'{"about":{},"fact":{}}',
    ],
)
def test_a_body_that_is_not_canonical_is_found(spoil: Callable[[bytes], bytes]) -> None:
    filed = told(requested, accepted).filed()
    forged = changed(filed, 2, lambda leaf: rehashed(leaf, spoil(leaf.body)))
    assert "canonical" in codes(forged)


def test_a_fact_left_out_of_the_middle_is_found() -> None:
    filed = told(requested, accepted, scoped).filed()
    kept = tuple(entry for n, entry in enumerate(filed.entries) if n != 2)
    assert codes(replace(filed, entries=kept)) == {"gap"}


def test_entries_out_of_order_are_found() -> None:
    filed = told(requested, accepted).filed()
    swapped = (filed.entries[0], filed.entries[2], filed.entries[1])
    assert "order" in codes(replace(filed, entries=swapped))


def test_a_back_dated_fact_is_found() -> None:
    telling = told(requested)
    telling.say(accepted, recorded="2026-01-01T00:00:00.000000Z")
    assert codes(telling.filed()) == {"time"}


def test_an_entry_whose_copy_is_gone_leaves_it_undecided() -> None:
    telling = told(requested, accepted)
    entries = (*telling.entries[:-1], Entry(telling.entries[-1].own, None))
    found = verify(replace(telling.filed(), entries=entries), telling.bodies())
    assert (found.verdict, found.missing) == ("undecided", (("intake", 3),))


def test_the_report_says_what_was_looked_at_and_what_is_not_proved() -> None:
    telling = told(*COURSE)
    zh = "\n".join(report(verify(telling.filed(), telling.bodies())))
    assert "有效" in zh and "本结果不能证明" in zh and "见证" in zh
    en = "\n".join(report(verify(telling.filed()), english=True))
    assert "cannot decide" in en and "NOT compared" in en


def test_what_must_be_fetched_is_grouped_into_runs() -> None:
    assert runs([5, 1, 2, 400, 401], gap=10) == [(1, 5), (400, 401)]
    filed = told(requested, accepted).filed()
    assert set(places_of(filed)) == {("archive", 1, 3), ("intake", 1, 3)}
