"""How are names and telephones of the roster opened? First the fact that somebody looks."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from services.assignment.domain.commands import ExportRegister, ViewRoster
from services.assignment.domain.staffing import registered
from services.assignment.service import ROSTER, Assignment, roster_of
from shared.asking import By
from shared.eventstore.reading import read_personal
from shared.handling import Done

COLUMNS = ("name", "phone", "title")


async def view(
    service: Assignment, command: ViewRoster, new: UUID, by: By
) -> tuple[Done, list[dict[str, Any]]]:
    """The people asked for, with their personal columns (查阅花名册; HS-72)."""
    done = await service.do(command, new, by)
    opened = await _open(service, command.area, command.persons, by, command.purpose)
    return done, [{"person": p, **opened.get(p, {})} for p in dict.fromkeys(command.persons)]


async def register(
    service: Assignment, command: ExportRegister, new: UUID, by: By
) -> tuple[Done, list[dict[str, Any]]]:
    """The register of a place or of bodies (人员登记表; HS-65), one row a person."""
    step_command, done = await service.exported(command, new, by)
    stream = roster_of(command.area)
    _, roster = await service.floor.handling.state_of(ROSTER, stream)
    chosen = registered(step_command, roster)
    people = [member.person for member in chosen]
    opened = await _open(service, command.area, people, by, "register")
    rows = [
        {
            "person": m.person,
            "body": m.body,
            "home_body": m.home_body,
            "staff_kind": m.kind,
            "roles": sorted(m.roles),
            "duty_phones": [
                post.duty_phone for post in roster.terms_of(m.person) if post.duty_phone
            ],
            **opened.get(m.person, {}),
        }
        for m in sorted(chosen, key=lambda m: (m.body, m.person))
    ]
    return done, rows


async def _open(
    service: Assignment, area: str, persons: Iterable[str], by: By, purpose: str
) -> dict[str, dict[str, Any]]:
    """Person to the latest personal columns; who reads and why is on record before they leave."""
    stream = roster_of(area)
    told = await service.queries.told_of(stream, list(persons))
    found = await read_personal(
        service.floor.log,
        service.floor.keeper,
        stream,
        actor=by.principal.id,
        purpose=f"roster/{purpose}",
        only=frozenset(event for _, event in told),
    )
    opened: dict[str, dict[str, Any]] = {}
    for person, event in told:
        values = {k: v for k, v in found.get(event, {}).items() if k in COLUMNS}
        opened[person] = opened.get(person, {}) | values
    return opened


async def names_of(
    service: Assignment, area: str, persons: Iterable[str], by: By, purpose: str
) -> dict[str, dict[str, Any]]:
    """Name, telephone and title of people who serve a matter; the reading is on record."""
    return await _open(service, area, persons, by, purpose)
