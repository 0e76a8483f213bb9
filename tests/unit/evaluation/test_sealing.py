"""The rated see counts in batches or after a long time, never whose rating it was (封存)."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import Measure
from contracts.vocabulary import SATISFACTION
from services.evaluation.domain.sealing import Sealed, kept_back, released, shown
from tests.unit.evaluation.examples import PACK, RULES

DAY = date(2026, 3, 2)


def ratings(*levels: str) -> list[Sealed]:
    return [Sealed("overall", level, DAY) for level in levels]  # type: ignore[arg-type]


def test_fewer_than_a_batch_stay_sealed() -> None:
    (found,) = released(ratings(*["satisfied"] * 4), PACK, DAY, RULES.calendar)
    assert (sum(found.levels.values()), found.sealed) == (0, 4)


def test_a_whole_batch_is_unsealed_and_the_next_one_waits() -> None:
    levels = ["satisfied"] * 4 + ["dissatisfied", "very_dissatisfied"]
    (found,) = released(ratings(*levels), PACK, DAY, RULES.calendar)
    assert found.levels["dissatisfied"] == 1 and found.levels["very_dissatisfied"] == 0
    assert found.sealed == 1


def test_after_a_long_time_even_one_is_unsealed() -> None:
    late = DAY + timedelta(days=91)
    (found,) = released(ratings("dissatisfied"), PACK, late, RULES.calendar)
    assert (found.levels["dissatisfied"], found.sealed) == (1, 0)
    (found,) = released(ratings("dissatisfied"), PACK, DAY + timedelta(days=90), RULES.calendar)
    assert found.sealed == 1


def test_instruments_are_unsealed_apart() -> None:
    mixed = [*ratings(*["satisfied"] * 4), Sealed("revisit", "satisfied", DAY)]
    assert [f.sealed for f in released(mixed, PACK, DAY, RULES.calendar)] == [4, 1]


@given(st.lists(st.sampled_from(list(SATISFACTION)), max_size=40))
def test_one_more_rating_never_shows_by_itself(levels: list[str]) -> None:
    before = released(ratings(*levels), PACK, DAY, RULES.calendar)
    after = released(ratings(*levels, "dissatisfied"), PACK, DAY, RULES.calendar)
    open_before = sum(sum(f.levels.values()) for f in before)
    open_after = sum(sum(f.levels.values()) for f in after)
    assert open_after - open_before in (0, 5)


def test_measures_of_a_few_ratings_are_kept_back_from_the_rated() -> None:
    few = Measure.model_validate({"measure": "overall_mean", "value": "4", "facts": 4})
    many = Measure.model_validate({"measure": "revisit_mean", "value": "4", "facts": 5})
    plain = Measure.model_validate({"measure": "matters", "value": "1", "facts": 1})
    assert kept_back([few, many, plain], PACK) == ["overall_mean"]


def test_a_bad_rating_of_a_few_is_told_by_no_other_figure() -> None:
    """Neither by the count of bad ratings, nor by those put right, nor by who took part."""
    names = ["participation", "bad_ratings", "bad_ratings_rectified", "bad_ratings_late"]
    few = [
        Measure.model_validate({"measure": name, "value": "1", "facts": 9}) for name in names
    ]
    assert kept_back(few, PACK) == names
    many = [m.model_copy(update={"value": Decimal(5)}) for m in few]
    assert kept_back(many, PACK) == []


def test_below_five_counts_are_shown_and_no_percentage() -> None:
    assert shown(3, 4) == "3/4"
    assert shown(4, 5) == "80.0%"
