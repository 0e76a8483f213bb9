"""One of each, to vary: the people, matters and facts of every assignment test."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.assignment import (
    AgentAssigned,
    ItemDispatched,
    MatterRouted,
    PostFilled,
    StaffAdded,
)
from contracts.event import Event, Personal
from contracts.project import ProjectFacts
from services.assignment.domain import MATTER, ROSTER
from services.assignment.domain.commands import AddStaff, FillPost
from services.assignment.domain.facts import MatterFacts, Request, RosterFacts
from shared.packs import Packs
from shared.testing.spec import Spec

RULES = Packs.load(None).for_area("500242")
PACK, CATALOGUE = RULES.pack, RULES.catalogue
AREA = PACK.jurisdiction.code
TODAY = date(2026, 3, 2)
MATTER_ID = UUID("01990000-0000-7000-8000-0000000000aa")
NEW = UUID("01990000-0000-7000-8000-0000000000bb")


def person(n: int) -> str:
    return f"p:01990000-0000-7000-8000-{n:012d}"


ADA, BEN, CAI, DAN, EVE = (person(n) for n in range(1, 6))
CLERK = person(99)
"""ADA and BEN serve the industrial park, CAI the departments, DAN a township; EVE approves too."""


def staff(who: str, body: str, kind: str = "park", **more: Any) -> StaffAdded:
    members = {"roles": ("agent", "helper"), "name": Personal("测试员"), **more}
    return StaffAdded.model_validate(
        {"person": who, "body": body, "body_kind": kind, **members}
    )


ada, ben = staff(ADA, "park_i"), staff(BEN, "park_i")
cai = staff(CAI, "depts", "department")
dan = staff(DAN, "town", "township")
eve = staff(EVE, "depts", "department", roles=("agent", "approver"), items=("S2-02",))
PARK_STAFF: tuple[Event, ...] = (ada, ben, cai, dan)

PARK = ProjectFacts(site="park-industrial")
ELSEWHERE = ProjectFacts(site="elsewhere")
ITEMS = ("S1-01", "S2-02")


def request(project: ProjectFacts = PARK, **more: Any) -> Request:
    given: dict[str, Any] = {
        "accepted": True,
        "site": project.site,
        "mode": "agent",
        "items": ITEMS,
        "body": "zone",
        "project": project,
    }
    return Request(**(given | more))


def facts(*roster: Event, **more: Any) -> MatterFacts:
    given: dict[str, Any] = {
        "actor": CLERK,
        "request": request(),
        "roster": ROSTER.fold(roster or PARK_STAFF),
    }
    return MatterFacts(PACK, TODAY, **(given | more))


FACTS = facts()
OUTSIDE = replace(FACTS, request=request(ELSEWHERE))
ASSIST = replace(FACTS, request=request(mode="assist"))


def busy(**load: int) -> MatterFacts:
    """ADA and BEN with so many open items."""
    named = {"ada": ADA, "ben": BEN, "cai": CAI, "dan": DAN}
    return replace(FACTS, load=MappingProxyType({named[k]: n for k, n in load.items()}))


def of_kind[E: Event](kind: type[E], decided: Any) -> list[E]:
    """The events of one kind."""
    return [event for event in decided if isinstance(event, kind)]


def plainly(events: Any) -> list[Event]:
    """The events without how the ranking came about."""
    bare = {"ranking": (), "points": 1, "defaults": (), "jump_reason": Personal(None)}
    return [e.model_copy(update=bare) if isinstance(e, ItemDispatched) else e for e in events]


def decided(
    history: tuple[Event, ...], command: Any, given: MatterFacts = FACTS
) -> list[Event]:
    return list(MATTER.decide(command, MATTER.fold(history), given))


routed = MatterRouted(
    site="park-industrial",
    to=("park_i",),
    lead="park_i",
    assisted_by=("depts",),
    rule="routing.park_industrial",
    rules=("routing.park_industrial", "routing.by_item"),
    known={"site": "park-industrial", "site_kind": "park"},
    defaults=("team.lead",),
)
routed_jointly = MatterRouted(
    site="elsewhere",
    to=("depts", "town"),
    lead="depts",
    jointly=True,
    rule="routing.outside_parks",
    rules=("routing.outside_parks", "routing.by_item"),
    known={"site": "elsewhere", "site_kind": "elsewhere"},
    defaults=("team.lead",),
)


def dispatched(item: str, agent: str = ADA, body: str = "park_i") -> ItemDispatched:
    return ItemDispatched(
        item=item, body=body, agent=agent, assisted_by=("depts",), rule="routing.by_item"
    )


leading = AgentAssigned(
    agent=ADA, body="park_i", lead=True, rule="team.lead", defaults=("team.lead",)
)
SERVED: tuple[Event, ...] = (routed, dispatched("S1-01"), dispatched("S2-02"), leading)

spec = Spec(MATTER, FACTS)
given = spec.given

ROSTER_FACTS = RosterFacts(PACK, CATALOGUE, TODAY, NEW)
roster_spec = Spec(ROSTER, ROSTER_FACTS)
given_roster = roster_spec.given


def add(who: str = ADA, body: str = "park_i", **more: Any) -> AddStaff:
    members = {"roles": ("agent",), "name": Personal("测试员"), **more}
    return AddStaff.model_validate({"area": AREA, "person": who, "body": body, **members})


def fill(who: str = ADA, **more: Any) -> FillPost:
    members = {"post": "lead_agent", "role": "agent", "begins_on": TODAY, **more}
    return FillPost.model_validate({"area": AREA, "person": who, **members})


def filled(who: str = ADA, **more: Any) -> PostFilled:
    members = {"post": "lead_agent", "role": "agent", "body": "park_i", "begins_on": TODAY}
    return PostFilled.model_validate({**members, "person": who, **more})
