"""What can be answered from the read models: lists, returns, what an agenda looks at?"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.supervision.domain.ledger import Draft, Line, draft
from shared.eventstore.postgres import Pool

_ITEMS = """
    SELECT * FROM view_items
    WHERE area = $1 AND in_scope AND (matter, item) > ($2, $3)
        AND ($4::text IS NULL OR state = $4)
        AND ($5::text IS NULL OR $5 IN (owner, body, served_by))
        AND ($6::date IS NULL OR (due_on < $6 AND outcome IS NULL AND state <> 'closed'))
        AND ($7::boolean IS FALSE OR rounds > 1)
    ORDER BY matter, item LIMIT $8
"""
_ISSUES = """
    SELECT * FROM view_issues
    WHERE area = $1 AND issue > $2 AND ($3::text IS NULL OR owner = $3)
        AND ($4::boolean IS FALSE OR outcome IS NULL)
    ORDER BY issue LIMIT $5
"""
_RAISED = """
    SELECT * FROM view_issues
    WHERE area = $1 AND outcome IS NULL AND raised_to IS NOT NULL AND NOT listed
        AND (cardinality($2::uuid[]) = 0 OR issue = ANY ($2))
    ORDER BY issue LIMIT 200
"""
_LINES = """
    SELECT position, matter, item, issue, what, detail, body, served_by, happened
    FROM view_ledger WHERE area = $1 AND position <= $2 ORDER BY position, n
"""
_OPEN = "matter, area, project, pack, position"
FIRST = UUID(int=0)


class Raised(NamedTuple):
    """A problem that was taken to the office and is still open."""

    issue: UUID
    matter: UUID
    items: tuple[str, ...]
    severity: str


class Open(NamedTuple):
    """A matter for the agenda: where it is, and where its row was last changed."""

    matter: UUID
    area: str
    project: UUID | None
    pack: str | None
    position: int


class Wanted(NamedTuple):
    """What a list of items is to show."""

    area: str
    state: str | None = None
    body: str | None = None
    overdue_on: date | None = None
    second_notice: bool = False


async def items(
    pool: Pool, wanted: Wanted, after: tuple[UUID, str] | None, limit: int
) -> list[dict[str, Any]]:
    """Items of an area after a key, in order of matter and item."""
    matter, item = after or (FIRST, "")
    rows = await pool.fetch(
        _ITEMS,
        wanted.area,
        matter,
        item,
        wanted.state,
        wanted.body,
        wanted.overdue_on,
        wanted.second_notice,
        limit,
    )
    return [dict(row) for row in rows]


async def issues(
    pool: Pool, area: str, owner: str | None, after: UUID | None, limit: int, *, open_only: bool
) -> list[dict[str, Any]]:
    """Problems of an area after a key."""
    rows = await pool.fetch(_ISSUES, area, after or FIRST, owner, open_only, limit)
    return [dict(row) for row in rows]


async def raised(pool: Pool, area: str, chosen: Sequence[UUID]) -> list[Raised]:
    """Problems raised to the office, open, and not yet sent back by territory."""
    rows = await pool.fetch(_RAISED, area, list(chosen))
    return [
        Raised(row["issue"], row["matter"], tuple(row["items"]), row["severity"])
        for row in rows
    ]


async def returns(pool: Pool, area: str, quarter: str | None) -> list[dict[str, Any]]:
    """What is owed and what was filed."""
    rows = await pool.fetch(
        "SELECT * FROM view_returns WHERE area = $1 AND ($2::text IS NULL OR quarter = $2)"
        " ORDER BY quarter, form, body",
        area,
        quarter,
    )
    return [dict(row) for row in rows]


async def inspections(pool: Pool, area: str) -> list[dict[str, Any]]:
    """What the office inspected, the latest first, at most 200."""
    rows = await pool.fetch(
        "SELECT * FROM view_inspections WHERE area = $1 ORDER BY position DESC LIMIT 200", area
    )
    return [dict(row) for row in rows]


async def drafted(
    pool: Pool, *, area: str, form: str, quarter: str, body: str, cut: int
) -> Draft:
    """The return as it stands at position `cut` of our log."""
    rows = await pool.fetch(_LINES, area, cut)
    lines = [Line(*row) for row in rows]
    return draft(lines, area=area, form=form, quarter=quarter, body=body, cut=cut)


async def ledger_position(pool: Pool) -> int:
    """How far the ledger follows the log."""
    found = await pool.fetchval("SELECT position FROM cursors WHERE reader = 'view:ledger'")
    return found or 0


async def moved_since(pool: Pool, position: int) -> list[Open]:
    """The matters that something happened to after `position`, in that order."""
    rows = await pool.fetch(
        f"SELECT {_OPEN} FROM view_matters m WHERE position > $1 ORDER BY position", position
    )
    return [Open(*row) for row in rows]


async def unfinished(pool: Pool) -> list[Open]:
    """The matters with an item that is not struck off, the one that moved last at the end."""
    rows = await pool.fetch(
        f"SELECT {_OPEN} FROM view_matters m WHERE EXISTS (SELECT 1 FROM view_items i WHERE"
        " i.matter = m.matter AND i.in_scope AND i.state <> 'closed') ORDER BY position"
    )
    return [Open(*row) for row in rows]


async def areas(pool: Pool) -> dict[str, date]:
    """The areas with matters, and the legal day of the first fact of each."""
    rows = await pool.fetch(
        "SELECT area, min(first_on) AS first FROM view_matters GROUP BY area"
    )
    return {row["area"]: row["first"] for row in rows}
