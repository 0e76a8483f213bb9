"""Which streams does assignment keep, and how does intake's answer name a matter?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from contracts.project import ProjectFacts
from services.assignment.domain import MATTER as MATTER_DECIDER
from services.assignment.domain import MATTER_EVENTS, ROSTER_EVENTS
from services.assignment.domain import ROSTER as ROSTER_DECIDER
from services.assignment.domain.facts import Request
from services.assignment.domain.state import Assigned
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate
from shared.rights import Standing, accounts

MATTER = Aggregate("matter", MATTER_DECIDER, Vocabulary(MATTER_EVENTS))
ROSTER = Aggregate("roster", ROSTER_DECIDER, Vocabulary(ROSTER_EVENTS))


def roster_of(area: str) -> UUID:
    """The stream of an area's roster."""
    return derived(NAMESPACE, f"roster/{area}")


@dataclass(frozen=True, slots=True)
class Matter:
    """Where a matter belongs, for good, and what intake says of it now (None: not asked)."""

    area: str
    project: UUID | None
    pack: str
    unit: frozenset[str] = frozenset()
    opened: date | None = None
    request: Request | None = None


def standing(matter: Matter, state: Assigned, unit: frozenset[str]) -> Standing:
    """Who belongs to the matter: agents and the steward, and every body that takes part."""
    people = frozenset(filter(None, (*state.agents, state.steward)))
    groups = (body for group in state.groups for body in group.to)
    sent = (transfer.to for transfer in state.transfers.values())
    bodies = frozenset((*state.to, *state.assisted_by, *groups, *sent))
    return Standing(matter.area, unit, people, bodies)


def matter_of(answer: Mapping[str, Any]) -> Matter:
    """Intake's answer about a matter; unknown members are left alone."""
    given = {k: v for k, v in answer["facts"].items() if k in ProjectFacts.model_fields}
    site = answer.get("site") or given.get("site")
    project = ProjectFacts.model_validate({**given, "site": site})
    opened, owner = answer.get("opened_on"), answer.get("project")
    return Matter(
        answer["area"],
        UUID(owner) if owner else None,
        answer["pack"],
        accounts(answer.get("applicant"), answer.get("handler")),
        date.fromisoformat(opened) if opened else None,
        Request(
            answer["state"] == "accepted",
            site,
            answer.get("mode"),
            tuple(answer.get("items") or ()),
            answer.get("body"),
            project,
            answer.get("wanted"),
        ),
    )
