"""How do facts become figures of an appraisal (考核指标)? No instrument is added to another."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from contracts.evaluation import Measure
from contracts.vocabulary import SATISFACTION, SatisfactionLevel

_PLACES = Decimal("0.0001")
MISSED = "missed_reminders"
"""Counted where reminding the departments is a duty of whoever serves (YY-54)."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating: its instrument, its level, and the level of each indicator."""

    instrument: str
    level: SatisfactionLevel
    scores: tuple[tuple[str, SatisfactionLevel], ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """What else counts: matters ended, visits, bad ratings and complaints of the quarter.

    `load` weighs each matter by the items served in it, so that a hard project does not count
    for as little as an easy one. `missed` is None where reminding is nobody's duty.
    """

    matters: int = 0
    visits: int = 0
    reached: int = 0
    bad_ratings: int = 0
    bad_ratings_late: int = 0
    complaints: int = 0
    complaints_upheld: int = 0
    bad_ratings_rectified: int = 0
    rated_matters: int = 0
    load: int = 0
    missed: int | None = None


def measures(ratings: Sequence[Rated], counted: Counted) -> tuple[Measure, ...]:
    """The figures in a fixed order; a mean is of the levels 5 to 1, to four places."""
    return (*_rated(ratings), *_plain(counted))


def _rated(ratings: Sequence[Rated]) -> Iterator[Measure]:
    for instrument in sorted({r.instrument for r in ratings}):
        own = [r for r in ratings if r.instrument == instrument]
        satisfied = sum(
            SATISFACTION[r.level] >= SATISFACTION["basically_satisfied"] for r in own
        )
        yield _mean(f"{instrument}_mean", [r.level for r in own])
        yield _measure(f"{instrument}_satisfied", Decimal(satisfied), len(own))
        for indicator in sorted({name for r in own for name, _ in r.scores}):
            levels = [level for r in own for name, level in r.scores if name == indicator]
            yield _mean(f"{instrument}_{indicator}_mean", levels)


def _plain(counted: Counted) -> Iterator[Measure]:
    yield _measure("matters", Decimal(counted.matters), counted.matters)
    yield _measure("load", Decimal(counted.load), counted.matters)
    yield _measure("participation", Decimal(counted.rated_matters), counted.matters)
    yield _measure("return_visits_reached", Decimal(counted.reached), counted.visits)
    yield _measure("bad_ratings", Decimal(counted.bad_ratings), counted.bad_ratings)
    rectified = Decimal(counted.bad_ratings_rectified)
    yield _measure("bad_ratings_rectified", rectified, counted.bad_ratings)
    yield _measure("bad_ratings_late", Decimal(counted.bad_ratings_late), counted.bad_ratings)
    yield _measure("complaints_upheld", Decimal(counted.complaints_upheld), counted.complaints)
    if counted.missed is not None:
        yield _measure(MISSED, Decimal(counted.missed), counted.missed)


def _mean(name: str, levels: Iterable[SatisfactionLevel]) -> Measure:
    values = [SATISFACTION[level] for level in levels]
    mean = Decimal(sum(values)) / len(values)
    return _measure(name, mean.quantize(_PLACES, ROUND_HALF_EVEN), len(values))


def _measure(name: str, value: Decimal, facts: int) -> Measure:
    return Measure(measure=name, value=value, facts=facts)
