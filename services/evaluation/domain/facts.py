"""What does a decision of evaluation look at that is not in its stream?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from uuid import UUID

from contracts.calendar import Calendar
from contracts.evaluation import LeagueRow, Measure
from contracts.pack import Pack
from contracts.pack.sections import Days
from contracts.vocabulary import Reliance, Respondent


@dataclass(frozen=True, slots=True)
class Served:
    """Who served the matter, as assignment says: the leading agent, his body, and all agents."""

    lead: str
    body: str
    agents: tuple[str, ...]
    items: int | None = None


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """The facts of a decision about a matter.

    `tokens` are unguessable ids for new invitations, one per instrument; `made` names whatever
    else the command makes. `respondent` is how the caller stands to the unit, `bodies` those he
    acts for, `from_device` how many ratings came from his `device` today, `sent_on` when each
    instrument's last invitation went out.
    """

    pack: Pack
    calendar: Calendar
    today: date
    actor: str
    made: UUID
    bodies: frozenset[str] = frozenset()
    respondent: Respondent | None = None
    invitation: UUID | None = None
    device: UUID | None = None
    from_device: int = 0
    tokens: Mapping[str, UUID] = MappingProxyType({})
    served: Served | None = None
    complete: bool = False
    sent_on: Mapping[str, date] = MappingProxyType({})

    def due(self, days: Days) -> date:
        """The last day of `days` from today; the day of start is not counted."""
        if days.unit == "cd":
            return self.today + timedelta(days=days.days)
        return self.calendar.add_working_days(self.today, days.days).date


@dataclass(frozen=True, slots=True)
class Appealed:
    """The appraisal an appeal is about: whose it is and what it measured."""

    agent: str | None
    body: str
    measures: frozenset[str]


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """The facts of a decision in an area's office stream. The measures are already counted.

    `concerns` is the matter of a complaint that is kept out of its file, `agents` who served it;
    `due_on` the day that whoever sent the complaint has set.
    """

    pack: Pack
    calendar: Calendar
    today: date
    actor: str
    made: UUID
    bodies: frozenset[str] = frozenset()
    body: str | None = None
    concerns: UUID | None = None
    due_on: date | None = None
    appealed: Appealed | None = None
    agents: frozenset[str] = frozenset()
    measures: tuple[Measure, ...] = ()
    unrated: int = 0
    rows: tuple[LeagueRow, ...] = ()
    cut: tuple[Reliance, ...] = ()


def ours(pack: Pack, *used: str) -> tuple[str, ...]:
    """Of the leaves under the paths `used`, those that no source gives (默认值, X-06)."""
    paths = (default.path for default in pack.defaults())
    return tuple(p for p in paths if any(p == u or p.startswith(f"{u}.") for u in used))
