"""What is known of projects before anyone applies, and under which names are they found?"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.intake.queries.paging import Page, paged
from shared.eventstore.postgres import Pool, Reads


async def seen_after(pool: Pool, position: int, limit: int = 50) -> list[dict[str, Any]]:
    """Projects last told of after `position`, in that order."""
    rows = await pool.fetch(
        "SELECT project, area, position, source, has_matter, led FROM view_sights "
        "WHERE position > $1 ORDER BY position LIMIT $2",
        position,
        limit,
    )
    return [dict(row) for row in rows]


async def policies_due(pool: Pool) -> list[dict[str, Any]]:
    """Published policies that were not yet brought to every project of their place."""
    rows = await pool.fetch(
        "SELECT notice, area, reached FROM view_policies WHERE NOT done ORDER BY position LIMIT 5"
    )
    return [dict(row) for row in rows]


async def projects_of(pool: Pool, area: str, after: UUID | None, limit: int = 50) -> list[UUID]:
    """The projects of a place, by id."""
    rows = await pool.fetch(
        "SELECT project FROM view_sights WHERE area = $1 AND ($2::uuid IS NULL OR project > $2) "
        "ORDER BY project LIMIT $3",
        area,
        after,
        limit,
    )
    return [row["project"] for row in rows]


async def policy_reached(pool: Pool, notice: UUID, project: UUID | None) -> None:
    """How far a policy was brought; None: to every project."""
    await pool.execute(
        "UPDATE view_policies SET reached = coalesce($2, reached), done = $2 IS NULL "
        "WHERE notice = $1",
        notice,
        project,
    )


async def pushed_after(pool: Pool, position: int, limit: int = 50) -> list[dict[str, Any]]:
    """Policies brought to projects after `position`, in that order."""
    rows = await pool.fetch(
        "SELECT project, notice, position FROM view_pushes WHERE position > $1 "
        "ORDER BY position LIMIT $2",
        position,
        limit,
    )
    return [dict(row) for row in rows]


async def outreach(
    over: Reads,
    page: Page,
    *,
    open_only: bool = False,
    project: UUID | None = None,
) -> list[dict[str, Any]]:
    """Outreach, the oldest first: what is still to be brought, and by which way."""
    return await paged(
        over,
        "id, area, project, rule, what, via, brought, edition, digest, visits, policies, phase, "
        "outcome, opened_on, closed_on",
        "view_outreach", "opened_on, id", page,
        ("phase = 'open'", open_only), ("project = {}", project),
    )  # fmt: skip


async def prompts(over: Reads, page: Page) -> list[dict[str, Any]]:
    """Units that filed by themselves and to whom help is offered (YY-11)."""
    return await paged(
        over,
        "event, matter, area, project, items, seen_by, prompted_on",
        "view_prompts", "prompted_on, event", page,
    )  # fmt: skip


async def unnamed(pool: Pool, limit: int = 50) -> list[dict[str, Any]]:
    """Projects whose names were told after they were indexed last."""
    rows = await pool.fetch(
        "SELECT project, area, told FROM view_naming WHERE indexed < told ORDER BY told LIMIT $1",
        limit,
    )
    return [dict(row) for row in rows]


async def name(
    pool: Pool, project: UUID, area: str, told: int, tokens: Sequence[bytes]
) -> None:
    """Put the tokens of a project's names in the place of those it had."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM view_names WHERE project = $1", project)
        await connection.executemany(
            "INSERT INTO view_names (area, token, project) VALUES ($1, $2, $3) "
            "ON CONFLICT DO NOTHING",
            [(area, token, project) for token in tokens],
        )
        await connection.execute(
            "UPDATE view_naming SET indexed = greatest(indexed, $2) WHERE project = $1",
            project,
            told,
        )


async def named(
    pool: Pool, areas: Sequence[str], tokens: Sequence[bytes], limit: int
) -> list[UUID]:
    """Projects of `areas` that have one of `tokens`."""
    rows = await pool.fetch(
        "SELECT DISTINCT project FROM view_names WHERE area = ANY ($1) AND token = ANY ($2) "
        "ORDER BY project LIMIT $3",
        areas,
        tokens,
        limit,
    )
    return [row["project"] for row in rows]


async def read_again(pool: Pool, streams: Sequence[UUID]) -> None:
    """Something personal of these streams was erased: their tokens go and are made anew."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("DELETE FROM view_names WHERE project = ANY ($1)", streams)
        await connection.execute(
            "UPDATE view_naming SET indexed = 0 WHERE project = ANY ($1)", streams
        )


async def forget(pool: Pool, projects: Sequence[UUID]) -> None:
    """Take the tokens of erased names out of the index."""
    await pool.execute("DELETE FROM view_names WHERE project = ANY ($1)", projects)


async def coded(
    pool: Pool, areas: Sequence[str], begins: str, limit: int
) -> list[dict[str, Any]]:
    """Projects whose code, and matters whose number, begins so; `begins` is digits and hyphens."""
    rows = await pool.fetch(
        """
        (SELECT id AS project, NULL::uuid AS matter, NULL AS number FROM view_projects
         WHERE area = ANY ($1) AND code COLLATE "C" >= $2 AND code COLLATE "C" < $2 || '~'
         ORDER BY code COLLATE "C" LIMIT $3)
        UNION ALL
        (SELECT project, id, number FROM view_matters
         WHERE area = ANY ($1) AND number COLLATE "C" >= $2 AND number COLLATE "C" < $2 || '~'
         ORDER BY number COLLATE "C" LIMIT $3)
        LIMIT $3
        """,
        areas,
        begins,
        limit,
    )
    return [dict(row) for row in rows]
