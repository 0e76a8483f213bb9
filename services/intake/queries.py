"""What can be read of intake's log and views."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.event import About
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Pool


@dataclass(frozen=True, slots=True)
class Opening:
    """How a stream began: its place, project and edition never change afterwards (X-08)."""

    area: str
    project: UUID | None
    edition: str | None
    day: date


async def opening_of(pool: Pool, stream: UUID) -> Opening | None:
    """The circumstances of the first event of `stream`, None when it does not exist."""
    text = await pool.fetchval(
        "SELECT about FROM events WHERE stream = $1 AND version = 1", stream
    )
    if text is None:
        return None
    about = About.model_validate_json(text)
    return Opening(about.area, about.project, about.pack, legal_day(about.effective))


def legal_day(effective: str) -> date:
    """The legal day of an `effective`: a date, or an instant with offset."""
    if len(effective) == 10:
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()


async def matters_of(pool: Pool, project: UUID) -> list[UUID]:
    """The matters of a project, as far as the view has come."""
    rows = await pool.fetch("SELECT id FROM view_matters WHERE project = $1", project)
    return [row["id"] for row in rows]


async def over(pool: Pool, day: date, limit: int = 50) -> list[dict[str, Any]]:
    """Open commissions whose period was over before `day`."""
    rows = await pool.fetch(
        "SELECT commission, matter, area FROM view_commissions "
        "WHERE ended IS NULL AND ends_on < $1 ORDER BY ends_on, commission LIMIT $2",
        day,
        limit,
    )
    return [dict(row) for row in rows]


async def commission_is_open(pool: Pool, commission: UUID) -> bool:
    """Whether that commission was filed and has not ended."""
    found = await pool.fetchval(
        "SELECT true FROM view_commissions WHERE commission = $1 AND ended IS NULL", commission
    )
    return bool(found)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows of a list are asked for; `applicant` limits to what is the unit's own."""

    areas: Sequence[str] | None
    person: str | None
    after: UUID | None
    limit: int
    state: str | None = None
    project: UUID | None = None
    code: str | None = None


async def matters(pool: Pool, wanted: Wanted) -> list[dict[str, Any]]:
    """A page of matters, by id."""
    rows = await pool.fetch(
        """
        SELECT id, number, area, project, pack, state, mode, wanted, eligibility, channel,
               body, requested_on, accepted_on, items, complete_items
        FROM view_matters
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::text IS NULL OR $2 = ANY (people))
          AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR state = $4)
          AND ($5::uuid IS NULL OR project = $5)
        ORDER BY id LIMIT $6
        """,
        wanted.areas, wanted.person, wanted.after, wanted.state, wanted.project, wanted.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def projects(pool: Pool, wanted: Wanted) -> list[dict[str, Any]]:
    """A page of projects, by id."""
    rows = await pool.fetch(
        """
        SELECT id, area, code, works, registered_on FROM view_projects
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::text IS NULL OR applicant = $2)
          AND ($3::uuid IS NULL OR id > $3) AND ($4::text IS NULL OR code = $4)
        ORDER BY id LIMIT $5
        """,
        wanted.areas, wanted.person, wanted.after, wanted.code, wanted.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def participation(pool: Pool, area: str) -> dict[str, Any]:
    """Eligible projects that chose a mode, all eligible ones, and how units heard (YO-76)."""
    counts = await pool.fetchrow(
        """
        SELECT count(DISTINCT project) FILTER (WHERE eligibility = 'eligible') AS eligible,
               count(DISTINCT project) FILTER (WHERE eligibility = 'eligible'
                   AND mode IN ('assist', 'agent', 'lead')) AS chose
        FROM view_matters WHERE area = $1
        """,
        area,
    )
    heard = await pool.fetch(
        "SELECT medium, sum(times)::bigint AS times FROM view_awareness "
        "WHERE area = $1 GROUP BY medium ORDER BY medium",
        area,
    )
    publicity = await pool.fetch(
        "SELECT medium, count(*) AS times FROM view_publicity "
        "WHERE area = $1 GROUP BY medium ORDER BY medium",
        area,
    )
    assert counts is not None
    return {
        **dict(counts),
        "learned_through": {row["medium"]: row["times"] for row in heard},
        "publicity": {row["medium"]: row["times"] for row in publicity},
    }


async def publicity(
    pool: Pool, area: str, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """Notices and publicity of a place, by event id."""
    rows = await pool.fetch(
        "SELECT event, kind, body, medium, edition, said_on FROM view_publicity "
        "WHERE area = $1 AND ($2::uuid IS NULL OR event > $2) ORDER BY event LIMIT $3",
        area,
        after,
        limit,
    )
    return [dict(row) for row in rows]
