"""What has the unit authorised, and what of it is over?"""

from datetime import date
from typing import Any
from uuid import UUID

from shared.eventstore.postgres import Pool


async def over(pool: Pool, day: date, limit: int = 50) -> list[dict[str, Any]]:
    """Open commissions whose period was over before `day`."""
    rows = await pool.fetch(
        "SELECT commission, matter, area FROM view_commissions "
        "WHERE ended IS NULL AND ends_on < $1 ORDER BY ends_on, commission LIMIT $2",
        day,
        limit,
    )
    return [dict(row) for row in rows]


async def entrusted_is_open(pool: Pool, id: UUID) -> bool:
    """Whether that commission or agreement was filed and has not ended."""
    found = await pool.fetchval(
        "SELECT true FROM view_commissions WHERE commission = $1 AND ended IS NULL "
        "UNION SELECT true FROM view_agreements WHERE agreement = $1 AND ended IS NULL",
        id,
    )
    return bool(found)


async def agreements_due(pool: Pool, day: date, limit: int = 50) -> list[dict[str, Any]]:
    """Open agreements whose term is over before `day`, or whose notice has run out by it."""
    rows = await pool.fetch(
        "SELECT agreement, matter, area, takes_effect_on FROM view_agreements "
        "WHERE ended IS NULL AND ((state IS NOT NULL AND ends_on < $1) OR takes_effect_on <= $1) "
        "ORDER BY coalesce(takes_effect_on, ends_on), agreement LIMIT $2",
        day,
        limit,
    )
    return [dict(row) for row in rows]


async def agreements(
    pool: Pool, area: str, state: str | None, after: UUID | None, limit: int
) -> list[dict[str, Any]]:
    """A page of the agreements of a place (协议台账), by id."""
    rows = await pool.fetch(
        "SELECT agreement, matter, kind, number, label, state, in_force, awaits, begins_on, "
        "ends_on, ended FROM view_agreements WHERE area = $1 "
        "AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR agreement > $3) "
        "ORDER BY agreement LIMIT $4",
        area,
        state,
        after,
        limit,
    )
    return [dict(row) for row in rows]


async def pieces(pool: Pool, matter: UUID) -> list[dict[str, Any]]:
    """The papers of a matter by when they were handed in, each with when it was entered (X-01)."""
    rows = await pool.fetch(
        "SELECT piece, material, originals, copies, sheets, replaced_by, effective, recorded "
        "FROM view_pieces WHERE matter = $1 ORDER BY happened, recorded, piece",
        matter,
    )
    return [dict(row) for row in rows]
