"""Gap-free numbers, and the matter a second request joins (编号与并案)."""

from dataclasses import replace

from contracts.intake import NumberReserved, NumberTaken, NumberVoided
from services.intake.domain import NUMBERS
from services.intake.domain.numbers import (
    NumberFloor,
    PreprintNumbers,
    ReserveNumber,
    Rival,
    TakeNumber,
    VoidNumber,
)
from shared.testing.spec import Spec
from tests.unit.intake.examples import AREA, ID, OTHER, THIRD

PROJECT = THIRD
FLOOR = NumberFloor(digits=5)
spec = Spec(NUMBERS, FLOOR)
reserve = ReserveNumber(area=AREA, series="matter", year=2026, holder=ID, project=PROJECT)
first = NumberReserved(
    series="matter", year=2026, serial=1, number=f"{AREA}-2026-00001", holder=ID, within=PROJECT
)


def rival(open: bool = True, items: tuple[str, ...] = ()) -> NumberFloor:
    return replace(FLOOR, rivals={ID: Rival(first.number, open, items)})


def test_the_first_number_of_a_year_is_one() -> None:
    spec.given().when(reserve).then(first)


def test_the_next_number_follows_without_a_gap() -> None:
    other = reserve.model_copy(update={"holder": OTHER, "project": OTHER})
    spec.given(first).when(other).then(
        first.model_copy(
            update={
                "serial": 2, "number": f"{AREA}-2026-00002", "holder": OTHER, "within": OTHER,
            }
        )
    )  # fmt: skip


def test_a_second_request_for_the_same_joins_the_open_matter() -> None:
    again = reserve.model_copy(update={"holder": OTHER})
    details = spec.given(first).when(again, rival()).then_refused("joins_open_matter")
    assert details == {
        "matter": str(ID), "number": first.number, "remedy": details["remedy"],
    }  # fmt: skip


def test_a_request_that_another_door_made_a_moment_ago_counts_as_open() -> None:
    again = reserve.model_copy(update={"holder": OTHER})
    spec.given(first).when(again).then_refused("joins_open_matter")


def test_a_closed_matter_or_other_items_are_another_request() -> None:
    again = reserve.model_copy(update={"holder": OTHER, "items": ("S1-05",)})
    second = first.model_copy(
        update={"serial": 2, "number": f"{AREA}-2026-00002", "holder": OTHER}
    )
    spec.given(first).when(again, rival(open=False)).then(second)
    spec.given(first).when(again, rival(items=("S1-01",))).then(second)
    spec.given(first).when(again, rival(items=("S1-05",))).then_refused("joins_open_matter")


def test_an_open_matter_of_an_earlier_year_is_joined_too() -> None:
    spec.given().when(reserve.model_copy(update={"holder": OTHER}), rival()).then_refused(
        "joins_open_matter"
    )


def test_an_agreement_takes_its_number_without_asking_for_rivals() -> None:
    agreement = reserve.model_copy(update={"series": "agreement"})
    spec.given().when(agreement, rival()).then(first.model_copy(update={"series": "agreement"}))


def test_a_voided_number_stays_in_the_series() -> None:
    void = VoidNumber(number=first.number, cause="entered_twice")
    voided = NumberVoided(series="matter", number=first.number, cause="entered_twice")
    spec.given(first).when(void, rival(open=False)).then(voided)
    spec.given(first, voided).when(void).then_nothing()
    assert spec.given(first, voided).state().serial == 1


def test_the_number_of_an_open_matter_is_not_voided() -> None:
    void = VoidNumber(number=first.number, cause="entered_twice")
    spec.given(first).when(void, rival()).then_refused("number_in_use")
    other = VoidNumber(number=f"{AREA}-2026-00009", cause="spoilt_paper")
    spec.given(first).when(other).then_refused("number_not_in_series")


# -- numbers printed on empty forms beforehand --------------------------------------------------

preprint = PreprintNumbers(area=AREA, series="agreement", year=2026, count=2)
printed = tuple(
    NumberReserved(series="agreement", year=2026, serial=n, number=f"{AREA}-2026-0000{n}")
    for n in (1, 2)
)
take = TakeNumber(number=f"{AREA}-2026-00001", holder=ID, project=PROJECT)
taken = NumberTaken(series="agreement", number=f"{AREA}-2026-00001", holder=ID, within=PROJECT)


def test_numbers_for_empty_forms_follow_one_another_and_wait_for_their_paper() -> None:
    spec.given().when(preprint).then(*printed)
    assert NUMBERS.fold(printed).unused == (f"{AREA}-2026-00001", f"{AREA}-2026-00002")
    following = reserve.model_copy(update={"series": "agreement"})
    (third,) = NUMBERS.decide(following, NUMBERS.fold(printed), FLOOR)
    assert isinstance(third, NumberReserved) and third.serial == 3


def test_a_printed_number_is_taken_once_by_the_paper_that_bears_it() -> None:
    spec.given(*printed).when(take).then(taken)
    assert NUMBERS.fold((*printed, taken)).unused == (f"{AREA}-2026-00002",)
    again = take.model_copy(update={"holder": OTHER})
    details = spec.given(*printed, taken).when(again).then_refused("number_not_preprinted")
    assert details["unused"] == [f"{AREA}-2026-00002"]
    spec.given().when(take).then_refused("number_not_preprinted")


def test_a_spoilt_form_is_voided_and_its_number_stays() -> None:
    void = VoidNumber(number=f"{AREA}-2026-00002", cause="spoilt_paper")
    voided = NumberVoided(series="agreement", number=f"{AREA}-2026-00002", cause="spoilt_paper")
    spec.given(*printed).when(void).then(voided)
    spec.given(*printed, voided).when(void).then_nothing()
    gone = take.model_copy(update={"number": f"{AREA}-2026-00002"})
    spec.given(*printed, voided).when(gone).then_refused("number_not_preprinted")
