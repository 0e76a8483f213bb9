"""Every event has a sentence in both languages, and every sentence can be said."""

import re
from typing import Any

import pytest

from contracts.documents import examples_of
from contracts.registry import BY_TYPE
from contracts.vocabulary import CLOSED_LISTS
from services.archive.domain.phrasing import CHINESE, ENGLISH, Tongue, phrase, sentence
from services.archive.domain.sentences import SENTENCES

EXAMPLES = [
    pytest.param(type, fact, id=f"{type}.{case}")
    for type in sorted(BY_TYPE)
    for case, fact in examples_of(type).items()
]
MEMBER = re.compile(r"\{(\w+)(?::(\w+))?")


def test_every_event_type_has_a_sentence_and_no_other() -> None:
    assert SENTENCES.keys() == BY_TYPE.keys()


@pytest.mark.parametrize("type", sorted(SENTENCES))
def test_a_sentence_puts_public_members_only(type: str) -> None:
    event = BY_TYPE[type]
    for template in SENTENCES[type]:
        for name, words in MEMBER.findall(template):
            assert name in event.model_fields and name not in event.personal_fields
            assert words in ("", "facts") or words in CLOSED_LISTS


@pytest.mark.parametrize(("type", "fact"), EXAMPLES)
def test_a_sentence_can_be_said_of_every_example(type: str, fact: dict[str, Any]) -> None:
    event = BY_TYPE[type].model_validate(fact)
    for tongue in (CHINESE, ENGLISH):
        said = sentence(event, tongue)
        assert said and not re.search(r"[\[\]{}—]|None|True|False", said), said


def test_a_routing_names_the_facts_that_decided_it() -> None:
    fact = {
        "to": ["wg_soc"], "lead": "wg_soc", "rule": "routing.social",
        "known": {"investment": "social", "flags": ["utility_connection"]},
    }  # fmt: skip
    event = BY_TYPE["assignment.matter_routed.v1"].model_validate(fact)
    said = sentence(event, CHINESE)
    assert said.startswith("因投资类型社会投资，标记水电气等报装接入，分办给"), said
    assert "选址" not in said and "because of investment social" in sentence(event, ENGLISH)


def test_a_part_is_left_out_when_its_member_is_absent() -> None:
    assert phrase("甲[，{a}]", {"a": "1"}, CHINESE) == "甲，1"
    assert phrase("甲[，{a}]", {"a": None}, CHINESE) == "甲"
    assert phrase("甲[，{a}]", {"a": []}, CHINESE) == "甲"


def test_words_depend_on_whether_a_member_is_true() -> None:
    assert phrase("{a?是}{a!否}", {"a": True}, CHINESE) == "是"
    assert phrase("{a?是}{a!否}", {"a": False}, CHINESE) == "否"
    assert phrase("{a!{n}行}", {"a": False, "n": 3}, CHINESE) == "3行"


def test_names_of_the_place_stand_beside_items_and_instead_of_bodies() -> None:
    tongue = Tongue(names={"S1-01": "备案", "depts": "职能部门"})
    assert (
        phrase("{a}由{b}办", {"a": "S1-01", "b": "depts"}, tongue)
        == "S1-01（备案）由职能部门办"
    )


def test_a_word_nobody_knows_yet_stands_as_it_is() -> None:
    assert phrase("{m:mode}", {"m": "by_drone"}, CHINESE) == "by_drone"
    assert phrase("{m:mode}", {"m": "by_drone"}, ENGLISH) == "by drone"
