"""How many take part, how did they hear of it, and what was made known?"""

from typing import Any
from uuid import UUID

from shared.eventstore.postgres import Pool


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
