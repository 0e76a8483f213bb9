"""What does a decision of assignment look at that is not in its stream?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from contracts.calendar import Calendar
from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.project import ProjectFacts
from contracts.vocabulary import Reliance
from services.assignment.domain.roster import EMPTY, Roster


@dataclass(frozen=True, slots=True)
class Request:
    """What intake says of the matter (受理情况); `body` is the one that accepted it.

    `mode` is chosen, `wanted` only wished for.
    """

    accepted: bool
    site: str | None
    mode: str | None
    items: tuple[str, ...]
    body: str | None
    project: ProjectFacts
    wanted: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A hand-over sheet (交接单), and how far the others were read for it."""

    text: str
    digest: str
    relied_on: tuple[Reliance, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """The facts of a decision about a matter.

    `load` are the points of open items per person, `recent` how many items one got lately, and
    `waiting` the number of earlier requests still without an agent: all from a read model, so a
    soft limit. `roles` are the posts of who asks, None for the service itself; `minutes` have
    passed since the request came, at `received_at`.
    """

    pack: Pack
    today: date
    actor: str
    request: Request | None = None
    catalogue: Catalogue | None = None
    calendar: Calendar | None = None
    roles: frozenset[str] | None = None
    bodies: frozenset[str] = frozenset()
    roster: Roster = EMPTY
    load: Mapping[str, int] = MappingProxyType({})
    recent: Mapping[str, int] = MappingProxyType({})
    waiting: int = 0
    sheet: Sheet | None = None
    received_at: datetime | None = None
    minutes: int | None = None


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """The facts of a decision about a roster. `new` is the id of what is made.

    `acted_on` is the legal day of the act, where it is entered later than it was done.
    """

    pack: Pack
    catalogue: Catalogue
    today: date
    new: UUID
    acted_on: date | None = None

    @property
    def day(self) -> date:
        return self.acted_on or self.today


def ours(pack: Pack, *used: str) -> tuple[str, ...]:
    """Of the leaves under the paths `used`, those that no source gives (默认值, X-06)."""
    paths = (default.path for default in pack.defaults())
    return tuple(p for p in paths if any(p == u or p.startswith(f"{u}.") for u in used))


def chain(pack: Pack, body: str) -> Iterator[str]:
    """`body` and the bodies above it (机构层级)."""
    parents = {b.id: b.parent for b in pack.bodies}
    known: str | None = body
    while known is not None:
        yield known
        known = parents.get(known)
