"""Working days agree with the notices, and due dates with the vectors everyone checks."""

import itertools
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from contracts.calendar import NATIONAL, Due, load_calendar, load_overlay
from contracts.edition import DataRefused
from contracts.vocabulary import CalendarEdition

CALENDAR = load_calendar()
KNOWN_DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
OVERLAY = """
schema: onefile.calendar-overlay/v1
id: cn-999999-festivals
zh: 某自治县节日放假安排
over: {over}
area: "999999"
years:
  - year: {year}
    notice: {{title: 关于节日放假的通知, number: 某府发〔2026〕1号, issued_on: 2026-01-05}}
    festivals:
      - {{zh: 某节, from: {day}, to: {day}, work: []}}
"""


def overlay(day: str, over: str = "cn-national") -> bytes:
    return OVERLAY.format(day=day, year=day[:4], over=over).encode()


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-02-12", 5, "2026-02-26"),
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-13", 7, "2026-03-02"),
        ("2026-04-30", 3, "2026-05-08"),
        ("2026-09-18", 5, "2026-09-24"),
        ("2026-09-24", 20, "2026-10-29"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-12-24", 5, "2026-12-31"),
    ],
)
def test_a_due_date_counts_working_days_from_the_day_after(
    start: str, n: int, due: str
) -> None:
    found = CALENDAR.add_working_days(date.fromisoformat(start), n)

    assert found == Due(date.fromisoformat(due), estimated=False)


def test_an_expert_review_moves_the_due_date_by_the_days_it_took() -> None:
    accepted = date(2026, 3, 2)
    review = (date(2026, 3, 9), date(2026, 3, 20))

    assert CALENDAR.add_working_days(accepted, 20).date == date(2026, 3, 30)
    assert CALENDAR.add_working_days(accepted, 20, [review]).date == date(2026, 4, 13)


def test_a_date_in_a_year_not_announced_is_estimated() -> None:
    due = CALENDAR.add_working_days(date(2026, 12, 25), 10)

    assert due.estimated
    assert due.date == date(2027, 1, 11)
    assert not CALENDAR.is_working(date(2027, 10, 1))
    assert CALENDAR.add_working_days(date(2027, 3, 1), 0).estimated


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_year_agrees_with_chinesecalendar(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(n) for n in range(365)]

    ours = {day: CALENDAR.is_working(day) for day in days}

    assert ours == {day: chinese_calendar.is_workday(day) for day in days}
    assert days[-1] == date(year, 12, 31)


def test_2026_has_248_working_days() -> None:
    firsts = [date(2026, month, 1) for month in range(1, 13)] + [date(2027, 1, 1)]
    eves = [first - timedelta(1) for first in firsts]

    months = [CALENDAR.working_days_between(a, b) for a, b in itertools.pairwise(eves)]

    assert months == [21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23]
    assert sum(months) == 248


@given(KNOWN_DAYS, st.integers(0, 400))
def test_adding_and_then_counting_gives_the_same_number(start: date, n: int) -> None:
    due = CALENDAR.add_working_days(start, n).date

    assert CALENDAR.working_days_between(start, due) == n
    assert CALENDAR.working_days_between(due, start) == -n


@given(KNOWN_DAYS, st.integers(0, 60), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_another_holiday_never_makes_a_due_date_earlier(
    start: date, n: int, holiday: date
) -> None:
    local = CALENDAR.overlaid(load_overlay(overlay(holiday.isoformat())))

    assert local.add_working_days(start, n).date >= CALENDAR.add_working_days(start, n).date


def test_a_suspension_without_working_days_moves_nothing() -> None:
    weekend = (date(2026, 3, 6), date(2026, 3, 8))

    assert CALENDAR.add_working_days(date(2026, 3, 2), 8, [weekend]).date == date(2026, 3, 12)


def test_each_day_says_why_it_counts_or_not() -> None:
    assert CALENDAR.kind_of(date(2026, 2, 14)).why == "春节调休上班"
    assert CALENDAR.kind_of(date(2026, 2, 16)).why == "春节放假"
    assert CALENDAR.kind_of(date(2026, 3, 7)).why == "周末"
    assert CALENDAR.kind_of(date(2026, 3, 9)).why == "工作日"


def test_the_next_working_day_may_be_a_saturday() -> None:
    assert CALENDAR.next_working_day(date(2026, 2, 13)) == date(2026, 2, 14)
    assert CALENDAR.working_day_from(date(2026, 2, 15)) == date(2026, 2, 24)
    assert CALENDAR.working_day_from(date(2026, 2, 24)) == date(2026, 2, 24)


@pytest.mark.parametrize("n", [-1, 10_001, 10**9])
def test_an_absurd_number_of_days_is_refused(n: int) -> None:
    with pytest.raises(ValueError, match="working days must be"):
        CALENDAR.add_working_days(date(2026, 3, 2), n)


def test_an_overlay_names_itself_in_the_edition() -> None:
    local = CALENDAR.overlaid(load_overlay(overlay("2026-11-02")))

    assert CALENDAR.is_working(date(2026, 11, 2))
    assert not local.is_working(date(2026, 11, 2))
    assert local.edition.startswith("cn-national.cn-999999-festivals@")
    assert TypeAdapter(CalendarEdition).validate_python(local.edition)


@pytest.mark.parametrize(
    ("made", "where"),
    [(overlay("2026-11-02", "cn-elsewhere"), "over"), (overlay("2027-11-02"), "years")],
)
def test_an_overlay_for_another_calendar_or_year_is_refused(made: bytes, where: str) -> None:
    with pytest.raises(DataRefused) as refused:
        CALENDAR.overlaid(load_overlay(made))

    assert refused.value.problems[0].path == where


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("zh: 全国工作日历", "zh: 全国工作日历\ncolour: red", "colour"),
        ("  - year: 2026", "  - year: 2027", "years"),
        ("published_until: 2026-12-31", "published_until: 2027-12-31", "最后一年"),
        ("to: 2026-01-03", "to: 2027-01-03", "不在本年度"),
        ("to: 2026-01-03", "to: 2025-12-31", "起日晚于止日"),
        ("work: [2026-01-04]", "work: [2026-01-05]", "周末"),
        ("work: [2026-01-04]", "work: [2026-01-03]", "两次"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_refused(
    old: str, new: str, sentence: str
) -> None:
    text = NATIONAL.read_text()
    assert old in text

    with pytest.raises(DataRefused, match=sentence):
        load_calendar(text.replace(old, new).encode())


def test_another_day_makes_another_edition() -> None:
    text = NATIONAL.read_text()

    changed = load_calendar(text.replace("2026-06-21", "2026-06-22").encode())

    assert changed.edition != CALENDAR.edition
    assert load_calendar(f"# a remark\n{text}".encode()).edition == CALENDAR.edition
