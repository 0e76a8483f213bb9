"""What may the rated see of how they were rated, and when (封存)? Never whose rating it was.

A rating by itself names its rater, since a matter has one unit. So the rated see counts only,
of so many ratings at once that none can be told from another, or of those long past.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.calendar import Calendar
from contracts.evaluation import Measure
from contracts.pack import Pack
from contracts.vocabulary import SATISFACTION, SatisfactionLevel
from services.evaluation.domain.terms import due, release_after, release_at

FEW = 5
"""Below so many, counts are shown instead of percentages (standards of 好差评)."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """One rating as far as its seal is concerned."""

    instrument: str
    level: SatisfactionLevel
    rated_on: date


@dataclass(frozen=True, slots=True)
class Released:
    """Of one instrument: how many of each level are unsealed, and how many are still sealed."""

    instrument: str
    levels: Mapping[SatisfactionLevel, int]
    sealed: int


def released(
    ratings: Sequence[Sealed], pack: Pack, today: date, calendar: Calendar
) -> tuple[Released, ...]:
    """What the rated may see today: whole batches in the order given, and what is long past.

    Batches are of a fixed size, so that the next rating alone never shows by a difference.
    """
    size, wait = release_at(pack).value, release_after(pack).value
    found = []
    for instrument in sorted({r.instrument for r in ratings}):
        own = [r for r in ratings if r.instrument == instrument]
        past = sum(due(wait, r.rated_on, calendar) < today for r in own)
        whole = len(own) // size * size
        open_ones = own[: max(whole, past)]
        counts = Counter(r.level for r in open_ones)
        levels = {level: counts[level] for level in SATISFACTION}
        found.append(Released(instrument, levels, len(own) - len(open_ones)))
    return tuple(found)


NOT_OF_RATINGS = frozenset(
    {"matters", "load", "complaints_upheld", "trips_mean", "papers_mean", "days_mean",
     "decided", "decided_in_time", "decision_days_mean", "corrections_mean", "missed_reminders"}
)  # fmt: skip
"""What an appraisal tells that no rating moves. Whatever else it has, a rating does."""
_AFTER = ("participation", "bad_ratings", "bad_ratings_rectified", "bad_ratings_late",
          "return_visits_reached")  # fmt: skip


def of_ratings(measure: str) -> bool:
    """Whether a single rating can move this figure."""
    return measure not in NOT_OF_RATINGS


def kept_back(measures: Sequence[Measure], pack: Pack) -> list[str]:
    """The measures of ratings that are too few for the rated to see.

    How many matters were rated counts for what follows from ratings: a bad one of a few is told
    by none of them.
    """
    least = release_at(pack).value
    rated = next((m.value for m in measures if m.measure == "participation"), 0)
    return [
        m.measure
        for m in measures
        if of_ratings(m.measure) and (rated if m.measure in _AFTER else m.facts) < least
    ]


def shown(part: int, whole: int) -> str:
    """`3/4` for a few, `92.5%` for more: a percentage of a few says more than is known."""
    if whole < FEW:
        return f"{part}/{whole}"
    return f"{100 * part / whole:.1f}%"
