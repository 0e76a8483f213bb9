"""Every place asks in its own way: by the instruments of its pack, and by no others (评价方式)."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.evaluation import EvaluationInvited
from contracts.pack import Pack, load_pack, shipped_packs
from services.evaluation.api.matters import conflict_of
from services.evaluation.domain import MATTER
from services.evaluation.domain.commands import InviteRating, RecordRating
from tests.unit.evaluation.examples import LINK, OVER, UNIT

PACKS = [load_pack(file) for file in shipped_packs()]


class Tokens(dict):  # type: ignore[type-arg]
    """The same link for whatever instrument a pack has."""

    def __missing__(self, name: str) -> object:
        return LINK


def asked_of(pack: Pack) -> dict[str, Any]:
    """The invitations of a place, by instrument."""
    facts = replace(OVER, pack=pack, tokens=Tokens())
    said = MATTER.decide(InviteRating(), MATTER.initial, facts)
    return {e.instrument: e for e in said if isinstance(e, EvaluationInvited)}


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_the_unit_is_asked_by_the_instruments_of_the_place(pack: Pack) -> None:
    asked = asked_of(pack)
    assert set(asked) == {i.id for i in pack.evaluation.instruments}
    assert all(event.agent == OVER.served.lead for event in asked.values() if OVER.served)


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.id)
def test_five_levels_are_collected_everywhere(pack: Pack) -> None:
    for instrument in pack.evaluation.instruments:
        scale = next(s for s in pack.evaluation.scales if s.id == instrument.scale)
        assert [level.bad for level in scale.levels] == [False, False, False, True, True]


def five_indicators() -> Pack:
    return next(p for p in PACKS if any(i.id == "form4" for i in p.evaluation.instruments))


def test_a_named_person_is_rated_by_five_explained_indicators() -> None:
    pack = five_indicators()
    (instrument,) = pack.evaluation.instruments
    assert [i.id for i in instrument.indicators] == [
        "attitude",
        "ability",
        "quality",
        "efficiency",
        "discipline",
    ]
    assert all(i.explains for i in instrument.indicators)
    facts = replace(OVER, pack=pack, tokens=Tokens())
    state = MATTER.fold(MATTER.decide(InviteRating(), MATTER.initial, facts))
    scores = {i.id: "satisfied" for i in instrument.indicators} | {"quality": "dissatisfied"}
    command = RecordRating.model_validate({"level": "dissatisfied", "scores": scores})
    unit = replace(facts, actor=UNIT, respondent="applicant_lead", invitation=LINK)
    recorded, opened = MATTER.decide(command, state, unit)
    assert recorded.model_dump()["agent"] == opened.model_dump()["agent"]
    assert len(recorded.model_dump()["scores"]) == 5


def test_three_levels_are_printed_and_the_conflict_is_said() -> None:
    pack = five_indicators()
    (instrument,) = pack.evaluation.instruments
    assert instrument.printed == ("very_satisfied", "satisfied", "basically_satisfied")
    said = conflict_of(instrument, pack.evaluation.scales[0])
    assert said is not None and "3" in said and "5" in said


def test_where_nothing_conflicts_nothing_is_said() -> None:
    for pack in PACKS:
        for instrument in pack.evaluation.instruments:
            scale = next(s for s in pack.evaluation.scales if s.id == instrument.scale)
            assert bool(conflict_of(instrument, scale)) is bool(instrument.printed)
