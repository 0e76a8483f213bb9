"""Laws of the clocks: holidays only lengthen, a pause of no length is nothing, ledgers add up."""

from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal

from hypothesis import given
from hypothesis import strategies as st

from contracts.calendar import load_calendar
from services.supervision.domain.daybyday import Run, Span, account

CALENDAR = load_calendar()
DAYS = st.dates(date(2025, 1, 1), date(2027, 6, 30))
UNITS: st.SearchStrategy[Literal["wd", "cd"]] = st.sampled_from(["wd", "cd"])


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A run of some days with up to three interruptions that end, one after another."""
    start = draw(DAYS)
    cuts = sorted(draw(st.lists(st.integers(0, 90), min_size=0, max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    spans = [
        Span(start + timedelta(days=a), start + timedelta(days=b), n)
        for n, (a, b) in enumerate(pairs)
    ]
    upto = start + timedelta(days=draw(st.integers(0, 60)))
    return Run(start, draw(UNITS), draw(st.integers(1, 60)), upto, spans, draw(st.booleans()))


@given(runs(), st.lists(st.integers(0, 400), max_size=20))
def test_adding_a_holiday_never_shortens(run: Run, offsets: list[int]) -> None:
    more = {run.start + timedelta(days=n): "某节" for n in offsets}
    work = {day: name for day, name in CALENDAR.work.items() if day not in more}
    longer = replace(
        CALENDAR, off=MappingProxyType({**CALENDAR.off, **more}), work=MappingProxyType(work)
    )
    before, after = account(run, CALENDAR).due_on, account(run, longer).due_on

    assert before is not None
    assert after is not None
    assert after >= before


@given(runs(), st.integers(0, 80))
def test_pausing_and_resuming_in_the_same_instant_is_neutral(run: Run, offset: int) -> None:
    day = run.start + timedelta(days=offset)
    paused = replace(run, spans=(*run.spans, Span(day, day, len(run.spans))))
    plain, neutral = account(run, CALENDAR), account(paused, CALENDAR)

    assert plain.lines == neutral.lines
    assert plain.due_on == neutral.due_on


@given(runs())
def test_the_ledger_adds_up_to_the_date(run: Run) -> None:
    found = account(run, CALENDAR)
    until = found.until_due()

    assert sum(line.counts for line in until) == run.allowed
    assert until[-1].day == found.due_on
    assert until[-1].remaining == 0
    assert [line.day for line in found.lines] == [
        run.start + timedelta(days=n) for n in range(len(found.lines))
    ]


@given(runs())
def test_the_ledger_agrees_with_the_calendar(run: Run) -> None:
    start = run.start - timedelta(days=1) if run.same_day else run.start
    spans = [(span.first, span.last) for span in run.spans if span.last is not None]
    found = account(run, CALENDAR)
    if run.unit == "wd":
        expected = CALENDAR.add_working_days(start, run.allowed or 0, spans)
        assert found.due_on == expected.date


@given(DAYS, DAYS)
def test_counting_by_the_year_is_counting_day_by_day(a: date, b: date) -> None:
    first, last = min(a, b), max(a, b)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    expected = sum(CALENDAR.kind_of(day).working for day in days)

    assert CALENDAR.working_days_between(first, last) == expected
    assert CALENDAR.working_days_between(last, first) == -expected


@given(DAYS, st.integers(0, 300))
def test_adding_working_days_is_walking_them(start: date, n: int) -> None:
    day, left = start, n
    while left:
        day += timedelta(days=1)
        left -= CALENDAR.kind_of(day).working
    assert CALENDAR.add_working_days(start, n).date == day
