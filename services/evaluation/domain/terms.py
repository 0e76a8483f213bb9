"""What holds for links, seals and complaints, and is it the pack's word or ours (默认值)?"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from contracts.calendar import Calendar
from contracts.pack import Pack
from contracts.pack.rules import Complaints, RatingLink
from contracts.pack.sections import Days
from services.evaluation.domain.facts import ours
from shared.zone import LEGAL_ZONE

DISCIPLINE = "discipline"
"""纪检监察机关: no body of the hall, and so no body of a pack (默认值)."""
PROBITY = "probity"
_LINK = RatingLink(
    expires=Days(days=60, unit="cd"),
    sendings=2,
    release_at=5,
    release_after=Days(days=90, unit="cd"),
)
_COMPLAINTS = Complaints(within=Days(days=15, unit="wd"), probity_to=DISCIPLINE)


@dataclass(frozen=True, slots=True)
class Term[T]:
    """A rule's value and, if no source gives it, the leaf to name as our default."""

    value: T
    path: str
    ours: tuple[str, ...]


def expires(pack: Pack) -> Term[Days]:
    """How long a link can be used after each sending (评价链接有效期)."""
    return _term(pack, "link", "expires", _LINK.expires)


def sendings(pack: Pack) -> Term[int]:
    """How often an invitation is sent in all."""
    return _term(pack, "link", "sendings", _LINK.sendings)


def release_at(pack: Pack) -> Term[int]:
    """How many ratings are unsealed at once, at least (封存份数)."""
    return _term(pack, "link", "release_at", _LINK.release_at)


def release_after(pack: Pack) -> Term[Days]:
    """After how many days a rating is unsealed, however few there are (封存期)."""
    return _term(pack, "link", "release_after", _LINK.release_after)


def complaint_within(pack: Pack) -> Term[Days]:
    """By when a complaint is answered (投诉办理时限)."""
    return _term(pack, "complaints", "within", _COMPLAINTS.within)


def probity_to(pack: Pack) -> Term[str]:
    """The body of discipline inspection (吃拿卡要转纪检监察机关; HS-18)."""
    return _term(pack, "complaints", "probity_to", _COMPLAINTS.probity_to)


def _term[T](pack: Pack, block: str, leaf: str, default: T | None) -> Term[T]:
    said = getattr(pack.evaluation, block)
    value = getattr(said, leaf) if said is not None else None
    path = f"evaluation.{block}.{leaf}"
    if value is not None:
        return Term(value, path, ours(pack, path))
    assert default is not None
    return Term(default, path, (path,))


def due(days: Days, today: date, calendar: Calendar) -> date:
    """The last day of `days` from today; the day of start is not counted."""
    if days.unit == "cd":
        return today + timedelta(days=days.days)
    return calendar.add_working_days(today, days.days).date


def end_of(day: date) -> datetime:
    """The instant at which a legal day is over."""
    return datetime.combine(day + timedelta(days=1), time.min, LEGAL_ZONE)
