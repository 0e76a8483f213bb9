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


def kept_back(measures: Sequence[Measure], instruments: Sequence[str], pack: Pack) -> list[str]:
    """The measures of ratings that are too few for the rated to see."""
    least = release_at(pack).value
    return [
        m.measure
        for m in measures
        if m.facts < least and any(m.measure.startswith(f"{i}_") for i in instruments)
    ]


def shown(part: int, whole: int) -> str:
    """`3/4` for a few, `92.5%` for more: a percentage of a few says more than is known."""
    if whole < FEW:
        return f"{part}/{whole}"
    return f"{100 * part / whole:.1f}%"
