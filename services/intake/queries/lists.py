"""Which matters and projects are there?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.intake.queries.paging import asked
from shared.eventstore.postgres import Pool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a list are asked for.

    `person` limits to what is the unit's own, `serving` to what a person is assigned to, `open` to
    what was neither declined nor filed, `ids` to these. `latest`: what was asked for last stands
    first.
    """

    areas: Sequence[str] | None
    person: str | None
    after: UUID | None
    limit: int
    state: str | None = None
    project: UUID | None = None
    code: str | None = None
    serving: str | None = None
    open: bool = False
    latest: bool = False
    ids: Sequence[UUID] | None = None


async def matters(pool: Pool, wanted: Wanted) -> list[dict[str, Any]]:
    """A page of matters, by the day on which each was asked for, not entered (X-01)."""
    beyond, way = ("<", "DESC") if wanted.latest else (">", "ASC")
    which, values = asked(
        ("area = ANY ({})", wanted.areas),
        ("{} = ANY (people)", wanted.person),
        (f"(requested_on, id) {beyond} (SELECT m.requested_on, m.id FROM view_matters m"
         " WHERE m.id = {})", wanted.after),
        ("state = {}", wanted.state),
        ("project = {}", wanted.project),
        ("id = ANY ({})", wanted.ids),
        ("EXISTS (SELECT FROM heard_assigned a WHERE a.matter = view_matters.id AND a.person = {})",
         wanted.serving),
        ("state <> 'declined' AND NOT EXISTS"
         " (SELECT FROM heard_filed f WHERE f.matter = view_matters.id)", wanted.open),
    )  # fmt: skip
    rows = await pool.fetch(
        f"""
        SELECT id, number, area, project, pack, state, mode, wanted, eligibility, channel,
               body, requested_on, accepted_on, items, complete_items
        FROM view_matters WHERE {which}
        ORDER BY requested_on {way}, id {way} LIMIT ${len(values) + 1}
        """,
        *values, wanted.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def projects(pool: Pool, wanted: Wanted) -> list[dict[str, Any]]:
    """A page of projects, by id."""
    which, values = asked(
        ("area = ANY ({})", wanted.areas),
        ("applicant = {}", wanted.person),
        ("id > {}", wanted.after),
        ("code = {}", wanted.code),
        ("EXISTS (SELECT FROM heard_assigned a JOIN view_matters m ON m.id = a.matter"
         " WHERE m.project = view_projects.id AND a.person = {})", wanted.serving),
    )  # fmt: skip
    rows = await pool.fetch(
        "SELECT id, area, code, works, registered_on FROM view_projects "
        f"WHERE {which} ORDER BY id LIMIT ${len(values) + 1}",
        *values, wanted.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def matters_of_unit(pool: Pool, people: Sequence[str], limit: int = 50) -> list[UUID]:
    """The latest matters of a unit, by its accounts."""
    rows = await pool.fetch(
        "SELECT id FROM view_matters WHERE people && $1::text[] "
        "ORDER BY requested_on DESC, id DESC LIMIT $2",
        list(people),
        limit,
    )
    return [row["id"] for row in rows]


async def matters_of(pool: Pool, project: UUID) -> list[UUID]:
    """The matters of a project, as far as the view has come."""
    rows = await pool.fetch("SELECT id FROM view_matters WHERE project = $1", project)
    return [row["id"] for row in rows]
