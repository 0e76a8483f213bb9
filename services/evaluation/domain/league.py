"""What do a centre and a department put into an assessment, and where do they stand (考核排名)?

Centres serve and departments approve, so each table has its own measures. Measures are ranked one
by one: no source gives weights, so nothing is added up to one score.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from contracts.evaluation import LeagueRow, Measure
from contracts.pack import Pack
from contracts.vocabulary import AssessmentForm, League
from services.evaluation.domain.sealing import FEW

_PLACES = Decimal("0.0001")
CENTRES = ("centre", "hall", "park", "township")
COST: tuple[str, ...] = ("trips_mean", "papers_mean", "days_mean")
"""What a matter cost the unit: the institutional transaction cost (制度性交易成本; AS-105)."""
LOWER_IS_BETTER = frozenset(
    {*COST, "bad_ratings", "bad_ratings_late", "complaints_upheld", "decision_days_mean",
     "corrections_mean", "missed_reminders"}
)  # fmt: skip
UNRANKED = frozenset({"matters", "load", "decided"})
"""How much was done is told and not ranked: who has more work is not better for it."""
_OF_BOTH = ("bad_ratings_rectified", "bad_ratings_late", "complaints_upheld")
DECISIONS: tuple[str, ...] = (
    "decided",
    "decided_in_time",
    "decision_days_mean",
    "corrections_mean",
)
"""How a department decided what it was given (按期办结、用时、补正)."""
OF_DEPARTMENTS: tuple[str, ...] = (
    *DECISIONS,
    "bad_ratings",
    *_OF_BOTH,
)
_PERFORMANCE = ("matters", "load", "participation", "return_visits_reached", *_OF_BOTH)
_REFORM = ("matters", *COST, "participation")


@dataclass(frozen=True, slots=True)
class Cost:
    """What the matters ended in a period cost their units."""

    matters: int = 0
    trips: int = 0
    papers: int = 0
    timed: int = 0
    days: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """What a department decided in a period; `due` had a day, `timed` a beginning."""

    decided: int = 0
    due: int = 0
    in_time: int = 0
    timed: int = 0
    days: int = 0
    corrections: int = 0


def cost_measures(cost: Cost) -> tuple[Measure, ...]:
    """Trips, papers asked for and days of a matter, on average (AS-105)."""
    return (
        _mean("trips_mean", cost.trips, cost.matters),
        _mean("papers_mean", cost.papers, cost.matters),
        _mean("days_mean", cost.days, cost.timed),
    )


def decision_measures(decided: Decided) -> tuple[Measure, ...]:
    """How a department decided what it was given."""
    return (
        _count("decided", decided.decided, decided.decided),
        _count("decided_in_time", decided.in_time, decided.due),
        _mean("decision_days_mean", decided.days, decided.timed),
        _mean("corrections_mean", decided.corrections, decided.decided),
    )


def table_of(kind: str) -> League | None:
    """The table a kind of body stands in; None for who neither serves nor approves."""
    if kind == "department":
        return "departments"
    return "centres" if kind in CENTRES else None


def exported(form: AssessmentForm, pack: Pack, rows: Iterable[LeagueRow]) -> list[LeagueRow]:
    """What one form of assessment takes of the whole tables (绩效考核、改革考核)."""
    served = _PERFORMANCE if form == "performance" else _REFORM
    rated = tuple(
        f"{instrument.id}_{end}"
        for instrument in pack.evaluation.instruments
        for end in ("mean", "satisfied")
    )
    wanted = {"centres": (*served, *rated), "departments": OF_DEPARTMENTS}
    return [
        row.model_copy(
            update={
                "measures": tuple(m for m in row.measures if m.measure in wanted[row.table])
            }
        )
        for row in rows
    ]


def changed(was: Sequence[LeagueRow], now: Sequence[LeagueRow]) -> list[dict[str, str | None]]:
    """The figures that differ, each with both values; None where one side has no such figure."""
    before, after = _figures(was), _figures(now)
    return [
        {"table": table, "body": body, "measure": measure, "was": before.get(key),
         "now": after.get(key)}
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
        for table, body, measure in (key,)
    ]  # fmt: skip


def _figures(rows: Sequence[LeagueRow]) -> dict[tuple[str, str, str], str]:
    return {
        (row.table, row.body, m.measure): f"{m.value} / {m.facts}"
        for row in rows
        for m in row.measures
    }


def ranks(rows: Sequence[LeagueRow]) -> Mapping[tuple[str, str], int]:
    """The rank of a body in a measure of its table: equal values share one, few have none."""
    return dict(_ranked(rows))


def _ranked(rows: Sequence[LeagueRow]) -> Iterator[tuple[tuple[str, str], int]]:
    for table in ("centres", "departments"):
        own = [row for row in rows if row.table == table]
        for name in dict.fromkeys(m.measure for row in own for m in row.measures):
            if name in UNRANKED:
                continue
            worth = {
                row.body: _worth(m)
                for row in own
                for m in row.measures
                if m.measure == name and m.facts >= FEW
            }
            for body, value in worth.items():
                yield (body, name), 1 + sum(other > value for other in worth.values())


def _worth(measure: Measure) -> Decimal:
    """The more the better. A count is compared as a share of what it was counted of."""
    value = measure.value
    if not measure.measure.endswith("_mean") and measure.facts:
        value = value / measure.facts
    return -value if measure.measure in LOWER_IS_BETTER else value


def _mean(name: str, total: int, of: int) -> Measure:
    mean = (Decimal(total) / of).quantize(_PLACES, ROUND_HALF_EVEN) if of else Decimal(0)
    return Measure(measure=name, value=mean, facts=of)


def _count(name: str, part: int, of: int) -> Measure:
    return Measure(measure=name, value=Decimal(part), facts=of)
