"""The same examples under the rules of the other places: who serves there, and how."""

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from contracts.assignment import AbsenceRecorded, ReserveActivated, StaffAdded
from contracts.catalogue import Catalogue
from contracts.event import Event, Personal
from contracts.project import ProjectFacts
from services.assignment.domain import MATTER, ROSTER
from services.assignment.domain.commands import RouteMatter
from services.assignment.domain.facts import MatterFacts, Request
from services.assignment.domain.state import Assigned
from shared.packs import Packs, Rules
from tests.unit.assignment.examples import CLERK, TODAY, person

HUOSHAN, YUEYANG, YOUYANG, ANSHAN = "341525", "430600", "500242", "210300"
FAY, GIL, HAL, IDA, JON = (person(n) for n in range(11, 16))


@cache
def rules(area: str) -> Rules:
    return Packs.load(None).for_area(area)


def catalogue_with(area: str, **levels: str) -> Catalogue:
    """The place's catalogue, in which these items (`S1_01`) are of another level."""
    known = rules(area).catalogue
    wanted = {name.replace("_", "-"): level for name, level in levels.items()}
    items = [
        item.model_copy(update={"level": wanted[item.id]}) if item.id in wanted else item
        for item in known.items
    ]
    return known.model_copy(update={"items": tuple(items)})


def utility_of(area: str) -> str:
    """An item by which a unit is connected to water, power or gas."""
    return next(item.id for item in rules(area).catalogue.items if item.kind == "utility")


def member(who: str, body: str, *roles: str, **more: Any) -> StaffAdded:
    known = {"body_kind": "centre", "name": Personal("测试员"), **more}
    return StaffAdded.model_validate({"person": who, "body": body, "roles": roles, **known})


def asked(*items: str, mode: str | None = "agent", **project: Any) -> Request:
    facts = ProjectFacts.model_validate(project)
    return Request(True, facts.site, mode, items or ("S1-01",), None, facts)


def at(area: str, request: Request, *roster: Event, **more: Any) -> MatterFacts:
    """The facts of a decision in that place."""
    known = rules(area)
    base = MatterFacts(
        known.pack,
        TODAY,
        CLERK,
        request,
        catalogue=known.catalogue,
        calendar=known.calendar,
        roster=ROSTER.fold(roster),
    )
    return replace(base, **more)


def routed_at(facts: MatterFacts) -> Assigned:
    """Where a matter stands once it is routed."""
    return MATTER.fold(MATTER.decide(RouteMatter(), MATTER.initial, facts))


def standing_on(facts: MatterFacts, *commands: Any) -> tuple[Assigned, list[Event]]:
    """The state and the events after these commands."""
    state, events = MATTER.initial, list[Event]()
    for command in commands:
        new = MATTER.decide(command, state, facts)
        events += new
        state = MATTER.fold(new, state)
    return state, events


def away(who: str, until: date = TODAY) -> AbsenceRecorded:
    """On leave from today on."""
    return AbsenceRecorded(
        absence=UUID(int=int(who[-4:])),
        person=who,
        begins_on=TODAY,
        ends_on=until,
        kind=Personal("leave"),
    )


def in_reserve(who: str, covers: str) -> ReserveActivated:
    """A reserve who acts from today on."""
    return ReserveActivated(
        activation=UUID(int=int(who[-4:])),
        person=who,
        body="team",
        covers=covers,
        cause="absence",
        begins_on=TODAY,
        ends_on=TODAY,
    )
