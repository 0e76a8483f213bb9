"""Every event has a sentence in both languages, and every sentence can be said."""

import re
from datetime import date
from typing import Any

import pytest

from contracts.documents import examples_of
from contracts.event import Event
from contracts.registry import BY_TYPE
from contracts.supervision import InterviewHeld, ReportedUp, RungWaived
from contracts.vocabulary import CLOSED_LISTS
from services.archive.domain.matter import Matter
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import CHINESE, ENGLISH, Tongue, phrase, sentence
from services.archive.domain.sentences import SENTENCES
from services.archive.domain.story import Line, in_matter
from shared.packs import Packs, Rules

EXAMPLES = [
    pytest.param(type, fact, id=f"{type}.{case}")
    for type in sorted(BY_TYPE)
    for case, fact in examples_of(type).items()
]
EXAMPLE_OF = {
    kind: next(iter(examples_of(kind.model_fields["type"].default).values()))
    for kind in (InterviewHeld, ReportedUp, RungWaived)
}
MEMBER = re.compile(r"\{(\w+)(?::(\w+))?")
CODES = re.compile(r"\b(BodyId|SiteCode|ActorId)\b")
SOMEBODY = "p:00000000-0000-7000-8000-000000000309"
PLACES = [pytest.param(rules, id=rules.pack.id) for rules in Packs.load(None).all()]


def told(event: Event, tongue: Tongue, matter: Matter | None = None) -> str:
    """The sentence as people read it, in a line of the file."""
    text = sentence(event, tongue)
    line = Line(1, "supervision", event.type, date(2026, 4, 14), "", "", text, None)
    return in_matter(line, SOMEBODY, None, matter or Matter(), tongue).text


def codes_in(event: Event) -> set[str]:
    """Every body, site and person that the fact tells."""
    found = set[str]()
    for name, value in event.public().items():
        field = type(event).model_fields.get(name)
        if field and value and CODES.search(str(field.annotation)):
            found |= {value} if isinstance(value, str) else set(value)
    return found


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


@pytest.mark.parametrize(("type", "fact"), EXAMPLES)
def test_no_body_and_nobody_is_told_by_a_code(type: str, fact: dict[str, Any]) -> None:
    event = BY_TYPE[type].model_validate(fact)
    codes = codes_in(event)
    names = {code: f"〔{number}〕" for number, code in enumerate(sorted(codes))}
    for english in (False, True):
        said = told(event, Tongue(english, names))
        bare = [code for code in codes if re.search(rf"(?<!\w){re.escape(code)}(?!\w)", said)]
        assert not bare and "p:" not in said, said


@pytest.mark.parametrize("place", PLACES)
def test_every_rung_of_every_place_is_told_by_names(place: Rules) -> None:
    chinese = Tongue(names=names_of(place.pack, place.catalogue))
    english = Tongue(True, names_of(place.pack, place.catalogue, english=True))
    for ladder in place.pack.ladders:
        path = f"ladders.{ladder.id}"
        for rung in ladder.rungs:
            given = {"ladder": path, "rung": rung.rung, "rung_id": rung.id, "rule": path}
            waived = RungWaived.model_validate(EXAMPLE_OF[RungWaived] | given)
            assert rung.zh in told(waived, chinese) and rung.zh in told(waived, english)
            for to in {*rung.by, *rung.to}:
                up = ReportedUp.model_validate(EXAMPLE_OF[ReportedUp] | given | {"to": to})
                assert not re.search("[a-z]", told(up, chinese)), told(up, chinese)
                assert f"to {chinese.code(to)} (" in told(up, english)


def test_who_was_interviewed_is_told_as_the_matter_knows_him() -> None:
    held = InterviewHeld.model_validate(EXAMPLE_OF[InterviewHeld] | {"person": SOMEBODY})
    knows = Matter(deciders=frozenset({SOMEBODY}))
    assert "约谈审批人员·000309" in told(held, CHINESE, knows)
    assert "interview with approver 000309" in told(held, ENGLISH, knows)
    assert "约谈工作人员·000309" in told(held, CHINESE)


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
