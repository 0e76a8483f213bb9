"""Conditions say yes, no, or which fact is still missing."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.edition import DataRefused
from contracts.pack import POLICIES
from contracts.predicate import Not, against, holds, mentioned, unknown
from contracts.project import MatterFacts, ProjectFacts, label, read_condition, say

CONDITIONS = st.recursive(
    st.sampled_from(
        [
            {"investment": "social"},
            {"nature": ["new", "extension"]},
            {"gas": True},
            {"flag": "major"},
            {"item_count": {"gt": 1}},
            {},
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: {"all": parts}),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
        inner.map(lambda part: {"not": part}),
    ),
    max_leaves=8,
)
SOME_FACTS = st.builds(
    MatterFacts,
    investment=st.sampled_from([None, "social", "government"]),
    nature=st.sampled_from([None, "new", "relocation"]),
    gas=st.sampled_from([None, True, False]),
    item_count=st.sampled_from([None, 0, 1, 2]),
    flags=st.sampled_from([frozenset(), frozenset({"major"})]),
)


def asked(condition: dict[str, Any], **facts: Any) -> bool | None:
    return holds(read_condition(condition), dict(MatterFacts(**facts)))


def test_several_facts_together_must_all_hold() -> None:
    condition = {"investment": "social", "nature": ["new", "extension"]}

    assert asked(condition, investment="social", nature="extension")
    assert asked(condition, investment="social", nature="relocation") is False
    assert asked(condition, investment="social") is None


def test_one_false_part_decides_even_when_others_are_unknown() -> None:
    assert asked({"investment": "social", "gas": True}, gas=False) is False
    assert asked({"any": [{"investment": "social"}, {"gas": True}]}, gas=True) is True


def test_flags_and_numbers_can_be_asked() -> None:
    assert asked({"flag": ["major", "newly_settled"]}, flags=frozenset({"major"}))
    assert asked({"not": {"flag": "major"}})
    assert asked({"item_count": {"gt": 1, "le": 3}}, item_count=3)
    assert asked({"item_count": {"gt": 1, "le": 3}}, item_count=4) is False
    assert asked({"item_count": 2}, item_count=2)


@pytest.mark.parametrize(
    "condition",
    [
        {"investment": "private"},
        {"colour": "red"},
        {"gas": "yes"},
        {"gas": 1},
        {"land": []},
        {"land": [None]},
        {"item_count": {"gt": "1"}},
        {"item_count": {"near": 1}},
        {"site": {"gt": 1}},
        {"all": {"gas": True}},
        {"any": []},
        {"not": [{"gas": True}]},
        {"flags": ["major"]},
        {"flag": "Not A Word"},
        {"flag": []},
        ["gas"],
        "gas",
    ],
)
def test_a_condition_outside_the_vocabulary_is_refused(condition: object) -> None:
    with pytest.raises(DataRefused):
        read_condition(condition)


@given(CONDITIONS, SOME_FACTS)
def test_a_condition_is_undecided_exactly_while_it_asks_for_a_fact(
    condition: dict[str, Any], facts: MatterFacts
) -> None:
    predicate, known = read_condition(condition), dict(facts)

    assert (holds(predicate, known) is None) == bool(unknown(predicate, known))
    assert unknown(predicate, known) <= mentioned(predicate)


@given(CONDITIONS, SOME_FACTS)
def test_learning_a_fact_never_turns_a_decision_round(
    condition: dict[str, Any], facts: MatterFacts
) -> None:
    predicate = read_condition(condition)
    later = {"investment": "social", "nature": "new", "gas": True, "item_count": 1}
    more = {**dict(facts), **{k: v for k, v in later.items() if dict(facts)[k] is None}}

    before = holds(predicate, dict(facts))
    assert before is None or holds(predicate, more) is before
    assert holds(predicate, more) is not None


@given(CONDITIONS, SOME_FACTS)
def test_a_failed_condition_names_what_speaks_against_it(
    condition: dict[str, Any], facts: MatterFacts
) -> None:
    predicate, known = read_condition(condition), dict(facts)

    if holds(predicate, known) is False:
        false_whatever_the_facts = holds(predicate, {}) is False
        assert against(predicate, known) or false_whatever_the_facts


@given(CONDITIONS, SOME_FACTS)
def test_not_turns_a_decision_and_leaves_doubt(
    condition: dict[str, Any], facts: MatterFacts
) -> None:
    predicate, known = read_condition(condition), dict(facts)

    verdict = holds(predicate, known)
    assert holds(Not(predicate), known) is (None if verdict is None else not verdict)


@pytest.mark.parametrize(
    "file", sorted(POLICIES.glob("*/pack.yaml")), ids=lambda f: f.parent.name
)
def test_every_word_that_a_shipped_rule_asks_about_is_said_in_chinese(file: Path) -> None:
    conditions = re.findall(
        r"when: (\{.*?\})(?:, |\}|$)", file.read_text("utf-8"), re.MULTILINE
    )
    asked = {
        word
        for text in conditions
        for word in re.findall(r"(?::\s*\[?|,\s)([a-z][a-z_]+)(?=[\],}])", text)
        if word not in ("true", "false")
    }
    assert asked or "when: {" not in file.read_text("utf-8").replace("when: {}", "")
    for word in asked:
        assert not say(word).isascii(), word


def test_facts_and_values_have_chinese_names() -> None:
    assert label("investment") == "投资类型"
    assert say("social") == "社会投资"
    assert (say(None), say(True), say(1), say("park-industrial")) == (
        "未知",
        "是",
        "1",
        "park-industrial",
    )
    assert say(frozenset({"b", "a"})) == "a、b"
    assert all(field.title for field in MatterFacts.model_fields.values())


def test_known_facts_go_into_an_event_and_come_back() -> None:
    facts = ProjectFacts(investment="social", gas=False, flags=frozenset({"b", "a"}))

    assert facts.known() == {"investment": "social", "gas": False, "flags": ("a", "b")}
    assert ProjectFacts.model_validate(facts.known()) == facts


def test_facts_are_frozen_and_closed() -> None:
    with pytest.raises(ValidationError):
        ProjectFacts(colour="red")  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        ProjectFacts(site="Some Where")
    with pytest.raises(ValidationError):
        ProjectFacts().gas = True  # type: ignore[misc]
