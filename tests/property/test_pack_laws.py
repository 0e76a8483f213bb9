"""Laws of packs: what a child cannot touch stays, and a condition ready-made says the same."""

import copy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.edition import DataRefused, leaves
from contracts.pack.indexing import index_of
from contracts.pack.inherit import OWN, inherit, may_change, merged
from contracts.pack.sources import CODING, sources_of
from contracts.predicate import (
    All,
    Compare,
    Contains,
    Not,
    OneOf,
    Predicate,
    compiled,
    holds,
    unknown,
)  # fmt: skip
from contracts.predicate import (
    Any as AnyOf,
)
from contracts.project import NUMBERS, MatterFacts, ProjectFacts, read_condition

NAMES = st.sampled_from(["a", "b", "c", "d"])
VALUES = (
    st.integers(0, 3) | st.sampled_from(["x", "y"]) | st.lists(st.integers(0, 2), max_size=2)
)


def members(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A list whose members have ids, none of them twice."""
    named = st.dictionaries(NAMES, st.dictionaries(NAMES, inner, max_size=2), max_size=3)
    return named.map(lambda found: [{"id": id, **block} for id, block in found.items()])


TREES = st.recursive(
    VALUES, lambda t: st.dictionaries(NAMES, t, max_size=3) | members(t), max_leaves=12
)
SECTIONS = st.dictionaries(st.sampled_from(["one", "two", "three"]), TREES, max_size=3)
PATHS = st.lists(
    st.lists(
        st.sampled_from(["one", "two", "three", "a", "b", "*"]), min_size=1, max_size=3
    ).map(".".join),
    max_size=4,
)


def head(**more: Any) -> dict[str, Any]:
    place = {"code": "990124", "zh": "县", "level": "county", "inherits": "up", "src": "x"}
    return {"pack": "p", "id": "down", "version": "1", "jurisdiction": place | more}


def parent(sections: dict[str, Any], allowed: list[str]) -> dict[str, Any]:
    place = {"applies_to_children": True, "children_may_change": allowed, "code": "990100"}
    text = {"title": "t", "src": "x"}
    sourced = {name: {"src": "x", "inner": tree} for name, tree in sections.items()}
    return (
        head()
        | {"id": "up", "instrument": text, "open": [], **sourced}
        | {"jurisdiction": head()["jurisdiction"] | place}
    )


def said(sections: dict[str, Any]) -> dict[str, Any]:
    return head() | {name: {"src": "y", "inner": tree} for name, tree in sections.items()}


def rules(data: dict[str, Any]) -> dict[str, Any]:
    """The leaves below the sections, without what only codes them."""
    kept = {name: value for name, value in data.items() if name not in OWN}
    return {p: v for p, v in leaves(kept) if p.rsplit(".", 1)[-1] not in CODING} if kept else {}


@given(SECTIONS, SECTIONS, PATHS)
@settings(max_examples=300, deadline=None)
def test_only_allowed_leaves_ever_differ_from_the_parent(
    above: dict[str, Any], below: dict[str, Any], allowed: list[str]
) -> None:
    data = parent(above, allowed)
    before = copy.deepcopy(data)
    try:
        found = inherit(data, sources_of(data), said(below))
    except DataRefused:
        return
    assert data == before
    old, new = rules(data), rules(found.data)
    for path in old.keys() | new.keys():
        if old.get(path, data) != new.get(path, data):
            assert any(_touch(path, pattern) for pattern in allowed), path


def _touch(path: str, pattern: str) -> bool:
    return may_change(path, [pattern]) or may_change(path, [f"{pattern}.*"])


@given(SECTIONS, SECTIONS)
@settings(max_examples=200, deadline=None)
def test_with_everything_allowed_the_child_always_has_its_say(
    above: dict[str, Any], below: dict[str, Any]
) -> None:
    data, child = parent(above, ["one", "two", "three"]), said(below)
    found = inherit(data, sources_of(data), child)
    new = rules(found.data)
    for path, value in rules(child).items():
        assert new.get(path) == value or value in ({}, [])
    for path in new:
        source = found.sources[path]
        assert source.text in ("x", "y")
        assert (source.text == "y") == (path in sources_of({"open": [], **child}))


@given(SECTIONS)
@settings(max_examples=100, deadline=None)
def test_a_child_that_says_nothing_or_the_same_has_its_parents_rules(
    above: dict[str, Any],
) -> None:
    data = parent(above, [])
    assert rules(inherit(data, sources_of(data), head()).data) == rules(data)
    again = head() | {name: data[name] for name in above}
    assert rules(merged(data, again)) == rules(data)


@dataclass(frozen=True, slots=True)
class Asking:
    """A rule with nothing but its condition, and its place."""

    when: Predicate
    place: int


AMOUNTS = st.decimals(0, 10**12, places=2) | st.none()
FACTS = st.builds(
    MatterFacts,
    investment=st.sampled_from(["government", "social", "mixed", None]),
    in_jurisdiction=st.booleans() | st.none(),
    investment_amount=AMOUNTS,
    building_area=st.decimals(0, 10**6, places=2) | st.none(),
    item_count=st.integers(0, 50) | st.none(),
    flags=st.frozensets(st.sampled_from(["major", "newly_settled"])),
)
ATOMS: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(OneOf, st.just("investment"), st.just(("government", "social"))),
    st.builds(OneOf, st.just("in_jurisdiction"), st.just((True,))),
    st.builds(Contains, st.just("flags"), st.sampled_from(["major", "newly_settled"])),
    st.builds(
        Compare,
        st.sampled_from(sorted(NUMBERS)),
        st.sampled_from(["eq", "gt", "ge", "lt", "le"]),
        st.integers(0, 10**12),
    ),
)
PREDICATES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=8,
)


@given(PREDICATES, FACTS)
@settings(max_examples=500, deadline=None)
def test_a_condition_made_ready_says_what_the_condition_says(
    predicate: Predicate, facts: MatterFacts
) -> None:
    known = dict(facts)
    verdict = holds(predicate, known)
    assert compiled(predicate)(known) is verdict
    assert (verdict is None) == bool(unknown(predicate, known))


@given(st.lists(PREDICATES, max_size=12), FACTS)
@settings(max_examples=300, deadline=None)
def test_a_rule_that_is_passed_over_could_not_have_held(
    conditions: list[Predicate], facts: MatterFacts
) -> None:
    rules = [(Asking(when, n), compiled(when)) for n, when in enumerate(conditions)]
    known = dict(facts)
    possible = [rule.place for rule, _ in index_of(rules).possible(known)]
    assert possible == sorted(possible)
    asked = {n for n, when in enumerate(conditions) if holds(when, known) is not False}
    assert asked <= {*possible}


@given(st.decimals(0, 10**12, places=2), st.integers(0, 10**12))
def test_numbers_compare_as_numbers_to_the_last_fen(amount: Decimal, bound: int) -> None:
    known = dict(ProjectFacts(investment_amount=amount))
    expected = {
        "eq": amount == bound,
        "gt": amount > bound,
        "ge": amount >= bound,
        "lt": amount < bound,
        "le": amount <= bound,
    }
    for operator, wanted in expected.items():
        condition = read_condition({"investment_amount": {operator: bound}})
        assert holds(condition, known) is wanted
    assert holds(read_condition({"investment_amount": bound}), known) is (amount == bound)


@given(FACTS)
def test_figures_go_beside_the_facts_of_an_event_and_come_back_the_same(
    facts: MatterFacts,
) -> None:
    plain = ProjectFacts.model_validate(
        {name: value for name, value in facts if name in ProjectFacts.model_fields}
    )
    figures = {name: str(value) for name, value in plain.figures().items()}
    assert ProjectFacts.model_validate({**plain.known(), **figures}) == plain
    assert not figures.keys() & plain.known().keys()
