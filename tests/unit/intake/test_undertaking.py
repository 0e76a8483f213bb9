"""The unit warrants its materials on five points, with each submission (材料承诺)."""

from typing import Any

from contracts.event import Event
from contracts.intake import MaterialReceived, UndertakingGiven
from services.intake.domain import MATTER
from services.intake.domain.commands import GiveUndertaking, PrecheckItem
from services.intake.domain.facts import Facts
from services.intake.domain.undertaking import POINTS
from shared.testing.spec import Spec
from tests.unit.intake.examples import (
    BY_UNIT,
    ENTRUSTED,
    ID,
    OTHER,
    PAPER,
    THIRD,
    completed,
    kinds,
    piece,
    receive,
)
from tests.unit.intake.places import (
    MUTING,
    accepted,
    by_agent,
    by_unit,
    entrusted,
    facts_of,
    signed,
)

THERE = facts_of(MUTING)
UNITS, AGENTS = by_unit(THERE), by_agent(THERE)
spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, THERE)
given = spec.given
AGENCY = (*accepted(MUTING), entrusted(), signed(MUTING))
given_for_m41 = UndertakingGiven(points=POINTS, pieces=(OTHER,))


def test_the_unit_hands_nothing_in_without_its_word_for_it() -> None:
    details = given(*AGENCY).when(receive("M41"), UNITS).then_refused("undertaking_incomplete")
    assert details["lacking"] == list(POINTS)
    whole = receive("M41", undertaking=POINTS)
    decided = MATTER.decide(whole, MATTER.fold(AGENCY), UNITS)
    assert kinds(decided)[:2] == ["MaterialReceived", "UndertakingGiven"]
    four = receive("M41", undertaking=POINTS[:4])
    given(*AGENCY).when(four, UNITS).then_refused("undertaking_incomplete")


def test_elsewhere_it_may_be_given_and_is_kept() -> None:
    decided = MATTER.decide(receive("M41", undertaking=POINTS), MATTER.fold(ENTRUSTED), BY_UNIT)
    assert "UndertakingGiven" in kinds(decided)
    assert isinstance(
        MATTER.decide(receive("M01"), MATTER.fold(ENTRUSTED), BY_UNIT)[0], MaterialReceived
    )


def test_one_word_may_speak_for_all_that_is_there() -> None:
    give = GiveUndertaking(points=POINTS)
    held = (*AGENCY, piece("M41"), piece("M01", THIRD))
    given(*held).when(give, UNITS).then(UndertakingGiven(points=POINTS, pieces=(OTHER, THIRD)))
    given(*held, given_for_m41).when(give, UNITS).then(
        UndertakingGiven(points=POINTS, pieces=(THIRD,))
    )
    both = UndertakingGiven(points=POINTS, pieces=(OTHER, THIRD))
    given(*held, both).when(give, UNITS).then_nothing()
    given(*held).when(give).then_refused("paper_required")
    on_paper = give.model_copy(update={"paper": PAPER})
    assert kinds(MATTER.decide(on_paper, MATTER.fold(held), THERE)) == ["UndertakingGiven"]
    strange = give.model_copy(update={"pieces": (ID,)})
    given(*held).when(strange, UNITS).then_refused("pieces_unknown")


def test_papers_without_the_units_word_do_not_pass() -> None:
    whole = (
        *AGENCY, piece("M41"), piece("M01", THIRD),
        completed("S1-01", "M41", "M01", "M03"),
    )  # fmt: skip
    check = PrecheckItem(item="S1-01", in_order=True)
    details = given(*whole).when(check, AGENTS).then_refused("undertaking_not_given")
    assert details["pieces"] == sorted([str(OTHER), str(THIRD)])
    both = UndertakingGiven(points=POINTS, pieces=(OTHER, THIRD))
    assert kinds(MATTER.decide(check, MATTER.fold([*whole, both]), AGENTS)) == [
        "PrecheckPassed"
    ]


def test_a_newer_version_needs_its_own_word() -> None:
    held = (*AGENCY, piece("M41"), given_for_m41, piece("M41", THIRD, replaces=OTHER))
    (again,) = MATTER.decide(GiveUndertaking(points=POINTS), MATTER.fold(held), UNITS)
    assert isinstance(again, UndertakingGiven) and again.pieces == (THIRD,)
