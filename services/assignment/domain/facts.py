"""What does a decision of assignment look at that is not in its stream?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.project import ProjectFacts
from services.assignment.domain.roster import EMPTY, Roster


@dataclass(frozen=True, slots=True)
class Request:
    """What intake says of the matter (受理情况); `body` is the one that accepted it."""

    accepted: bool
    site: str | None
    mode: str | None
    items: tuple[str, ...]
    body: str | None
    project: ProjectFacts


@dataclass(frozen=True, slots=True)
class MatterFacts:
    """The facts of a decision about a matter.

    `load` is the number of open items per person and `waiting` the number of earlier requests
    still without an agent: both from a read model, so a soft limit.
    """

    pack: Pack
    today: date
    actor: str
    request: Request | None = None
    roster: Roster = EMPTY
    load: Mapping[str, int] = MappingProxyType({})
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class RosterFacts:
    """The facts of a decision about a roster. `new` is the id of what is made."""

    pack: Pack
    catalogue: Catalogue
    today: date
    new: UUID


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
