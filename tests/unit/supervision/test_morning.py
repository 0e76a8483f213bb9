"""The supervisor's morning: crossed lines with their sums, standstills, whose turn it is."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event
from contracts.supervision import (
    CorrectionRequested,
    ItemDecided,
    ProgressReported,
    ReminderMissed,
    SpecialProcedureStarted,
)
from services.supervision.domain.morning import KEYS, Seen, Shown, morning, turn
from tests.unit.supervision.examples import (
    LAND_PERMIT,
    MATTER,
    MONDAY,
    NOTICE,
    RULES,
    given,
    licence_accepted,
    licence_received,
    planned,
    text,
)

FRIDAY = date(2026, 3, 6)


def sheet(*history: Event, today: date, since: date = MONDAY) -> dict[str, Any]:
    state = given(planned, *history).state()
    return morning([Seen(MATTER, state, RULES)], since, today)


def test_a_line_crossed_since_then_stands_under_its_department_with_its_sum() -> None:
    (row,) = sheet(*licence_accepted(), today=FRIDAY)["crossed"]["depts"]

    assert (row["item"], row["used"], row["allowed"], row["remaining"]) == (
        LAND_PERMIT,
        4,
        3,
        -1,
    )
    assert row["sum_zh"].endswith("超期1个工作日。")
    assert row["sum_en"].endswith("1 too many.")


def test_what_was_crossed_before_is_not_new() -> None:
    later = sheet(*licence_accepted(), today=FRIDAY, since=FRIDAY)
    assert later["crossed"] == {}


def test_what_is_near_is_listed_before_it_is_late() -> None:
    soon = sheet(*licence_accepted(), today=date(2026, 3, 5))["due_soon"]
    assert [row["item"] for row in soon] == [LAND_PERMIT]
    assert sheet(*licence_accepted(), today=date(2026, 3, 3))["due_soon"] == []


def test_a_decided_item_is_on_no_list() -> None:
    decided = ItemDecided(item=LAND_PERMIT, outcome="approved", decided_on=FRIDAY, body="depts")
    found = sheet(*licence_accepted(), decided, today=date(2026, 3, 9))
    assert found["crossed"] == {}
    assert found["stalled"] == []


def test_what_does_not_move_stands_still() -> None:
    found = sheet(*licence_received(), today=date(2026, 3, 10))
    assert [row["item"] for row in found["stalled"]] == [LAND_PERMIT]
    assert sheet(*licence_received(), today=date(2026, 3, 9))["stalled"] == []


def test_everybody_can_have_the_ball() -> None:
    def holder(*history: Event) -> tuple[str, str | None]:
        return turn(given(planned, *history).state().items[LAND_PERMIT])

    asked = CorrectionRequested(
        item=LAND_PERMIT, round=1, requested_on=MONDAY, materials=(), demands=text("补")
    )
    review = SpecialProcedureStarted(
        item=LAND_PERMIT, procedure="expert_review", started_on=MONDAY, notice=NOTICE
    )
    assert holder(*licence_received()) == ("body", "depts")
    assert holder(*licence_received(), asked) == ("unit", "applicant")
    assert holder(*licence_accepted(), review) == ("third_party", "expert_review")


def test_missed_reminders_are_counted_for_the_department_they_concern() -> None:
    missed = ReminderMissed(
        item=LAND_PERMIT,
        to="depts",
        due_on=date(2026, 3, 5),
        missed_on=FRIDAY,
        rule="clocks.warn_at_percent",
    )
    found = sheet(*licence_accepted(), missed, today=FRIDAY)
    assert found["missed_reminders"] == {"depts": 1}


def test_silence_towards_the_unit_is_shown_until_somebody_speaks() -> None:
    late = date(2026, 3, 10)
    (row,) = sheet(*licence_received(), today=late)["silent"]
    assert row["working_days"] == 6

    talk = ProgressReported(items=(LAND_PERMIT,), reported_on=FRIDAY, wording=text("已沟通"))
    by_itself = talk.model_copy(update={"automatic": True})
    assert sheet(*licence_received(), by_itself, today=late)["silent"]
    assert sheet(*licence_received(), talk, today=late)["silent"] == []


LATE = date(2026, 3, 10)


def many(shown: Shown) -> dict[str, Any]:
    """Five matters, each accepted and late, of which nobody spoke."""
    state = given(planned, *licence_accepted()).state()
    seen = [Seen(UUID(int=n), state, RULES) for n in (4, 1, 5, 3, 2)]
    return morning(seen, MONDAY, LATE, shown)


def rows_of(sheet: dict[str, Any], kind: Any) -> list[dict[str, Any]]:
    found = sheet[kind]
    return [row for rows in found.values() for row in rows] if kind == "crossed" else found


def test_every_list_says_how_many_there_are_and_how_many_are_left_out() -> None:
    found = many(Shown(most=2))
    assert set(found["counts"]) == set(KEYS)
    for kind in ("crossed", "stalled", "silent"):
        assert found["counts"][kind] == {"all": 5, "shown": 2, "left_out": 3}
        assert len(rows_of(found, kind)) == 2
    assert found["crossed_count"] == 5
    assert set(found["after"]) == {k for k, n in found["counts"].items() if n["left_out"]}


def test_a_list_that_is_whole_leads_nowhere() -> None:
    found = many(Shown())
    assert found["after"] == {}
    assert all(n["all"] == n["shown"] and not n["left_out"] for n in found["counts"].values())


@pytest.mark.parametrize("kind", ["crossed", "stalled", "silent"])
def test_the_pages_of_a_list_are_the_whole_of_it_in_order(kind: Any) -> None:
    whole, read, shown = rows_of(many(Shown()), kind), [], Shown(2, kind)
    left = []
    while True:
        page = many(shown)
        assert set(page["counts"]) == {kind}
        read += rows_of(page, kind)
        left.append(page["counts"][kind]["left_out"])
        if kind not in page["after"]:
            break
        shown = replace(shown, after=page["after"][kind])
    assert read == whole and [row["matter"] for row in whole] == [
        str(UUID(int=n)) for n in range(1, 6)
    ]
    assert left == [3, 1, 0]


def test_what_is_longest_overdue_comes_first_and_is_not_cut_for_another_department() -> None:
    state, later = given(planned, *licence_accepted()).state(), date(2026, 3, 5)
    newer = given(planned, *licence_accepted(later)).state()
    seen = [Seen(UUID(int=1), newer, RULES), Seen(UUID(int=2), state, RULES)]
    (row,) = rows_of(morning(seen, MONDAY, date(2026, 3, 20), Shown(1)), "crossed")
    assert row["matter"] == str(UUID(int=2))


def test_a_key_that_is_none_of_the_list_is_an_error() -> None:
    with pytest.raises(TypeError):
        many(Shown(2, "crossed", (7,)))
