"""Who serves a matter, as assignment said (HS-17, YY-43), and is it over, as archive said?"""

from collections.abc import Sequence
from uuid import UUID

from shared.eventstore.postgres import Pool

_INTO = "INSERT INTO heard_assigned VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
WHOLE = ""
"""The item that stands for the matter as a whole."""


async def serving(pool: Pool, matter: UUID) -> frozenset[str]:
    """Everybody assigned to `matter`, its steward among them."""
    rows = await pool.fetch(
        "SELECT DISTINCT person FROM heard_assigned WHERE matter = $1", matter
    )
    return frozenset(row["person"] for row in rows)


async def serving_project(pool: Pool, project: UUID) -> frozenset[str]:
    """Everybody assigned to a matter of `project`."""
    rows = await pool.fetch(
        "SELECT DISTINCT a.person FROM heard_assigned a "
        "JOIN view_matters m ON m.id = a.matter WHERE m.project = $1",
        project,
    )
    return frozenset(row["person"] for row in rows)


async def hear_filed(pool: Pool, matter: UUID) -> None:
    """The file of `matter` is closed: nobody works on it any more; heard twice is once."""
    await pool.execute(
        "INSERT INTO heard_filed (matter) VALUES ($1) ON CONFLICT DO NOTHING", matter
    )


async def hear_assigned(
    pool: Pool, matter: UUID, person: str, items: Sequence[str] = (WHOLE,)
) -> None:
    """`person` serves these items, or the matter; heard twice is once."""
    async with pool.acquire() as connection, connection.transaction():
        for item in items:
            if item != WHOLE:
                await connection.execute(
                    "DELETE FROM heard_assigned WHERE matter = $1 AND item = $2", matter, item
                )
            await connection.execute(_INTO, matter, item, person)


async def hear_handed_over(
    pool: Pool, matter: UUID, left: str, person: str, items: Sequence[str]
) -> None:
    """What `left` had, or only these items, is with `person` now."""
    async with pool.acquire() as connection, connection.transaction():
        moved = await connection.fetch(
            "DELETE FROM heard_assigned WHERE matter = $1 AND person = $2 "
            "AND (cardinality($3::text[]) = 0 OR item = ANY ($3)) RETURNING item",
            matter,
            left,
            list(items),
        )
        for item in {WHOLE, *(row["item"] for row in moved)}:
            await connection.execute(_INTO, matter, item, person)
        await connection.execute(
            "DELETE FROM heard_assigned h WHERE matter = $1 AND person = $2 AND item = '' "
            "AND NOT EXISTS (SELECT FROM heard_assigned o WHERE o.matter = $1 "
            "AND o.person = $2 AND o.item <> '')",
            matter,
            left,
        )


async def hear_steward(pool: Pool, matter: UUID, steward: str, replaces: str | None) -> None:
    """The steward of the unit is this one, and nobody before him."""
    async with pool.acquire() as connection, connection.transaction():
        if replaces:
            await connection.execute(
                "DELETE FROM heard_assigned WHERE matter = $1 AND person = $2", matter, replaces
            )
        await connection.execute(_INTO, matter, WHOLE, steward)
