"""What can be answered from the read models: lists, returns, what an agenda looks at?"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from services.supervision.domain.ledger import Draft, Line, draft
from shared.eventstore.postgres import Pool, Reads

_ITEMS = """
    SELECT * FROM view_items
    WHERE area = $1 AND in_scope AND (matter, item) > ($2, $3)
        AND ($4::text IS NULL OR state = $4)
        AND ($5::text IS NULL OR $5 IN (owner, body, served_by))
        AND ($6::date IS NULL OR (due_on < $6 AND outcome IS NULL AND state <> 'closed'))
        AND ($7::boolean IS FALSE OR rounds > 1)
    ORDER BY matter, item LIMIT $8
"""
_LYING = """
    SELECT * FROM view_items
    WHERE area = $1 AND body = ANY ($2) AND in_scope
        AND state IN ('submitted', 'received', 'accepted', 'correcting', 'suspended')
    ORDER BY due_on NULLS LAST, matter, item LIMIT $3 OFFSET $4
"""
_ISSUES = """
    SELECT * FROM view_issues
    WHERE area = $1 AND ($3::text IS NULL OR owner = $3)
        AND ($4::boolean IS FALSE OR outcome IS NULL)
        AND ($2::uuid IS NULL OR (coalesce(due_on, 'infinity'), issue) > (
            SELECT coalesce(o.due_on, 'infinity'), o.issue FROM view_issues o WHERE o.issue = $2))
    ORDER BY coalesce(due_on, 'infinity'), issue LIMIT $5
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
    over: Reads, wanted: Wanted, after: tuple[UUID, str] | None, limit: int
) -> list[dict[str, Any]]:
    """Items of an area after a key, in order of matter and item."""
    matter, item = after or (FIRST, "")
    rows = await over.fetch(
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


async def lying(
    over: Reads, area: str, bodies: Sequence[str], passed: int, limit: int
) -> list[dict[str, Any]]:
    """Items that lie with these bodies now, the nearest due day first."""
    return [dict(row) for row in await over.fetch(_LYING, area, bodies, limit, passed)]


async def issues(
    over: Reads,
    area: str,
    owner: str | None,
    after: UUID | None,
    limit: int,
    *,
    open_only: bool,
) -> list[dict[str, Any]]:
    """Problems of an area by due day, those without one last."""
    rows = await over.fetch(_ISSUES, area, after, owner, open_only, limit)
    return [dict(row) for row in rows]


async def raised(pool: Pool, area: str, chosen: Sequence[UUID]) -> list[Raised]:
    """Problems raised to the office, open, and not yet sent back by territory."""
    rows = await pool.fetch(_RAISED, area, list(chosen))
    return [
        Raised(row["issue"], row["matter"], tuple(row["items"]), row["severity"])
        for row in rows
    ]


async def returns(over: Reads, area: str, quarter: str | None) -> list[dict[str, Any]]:
    """What is owed and what was filed."""
    rows = await over.fetch(
        "SELECT * FROM view_returns WHERE area = $1 AND ($2::text IS NULL OR quarter = $2)"
        " ORDER BY quarter, form, body",
        area,
        quarter,
    )
    return [dict(row) for row in rows]


async def inspections(
    over: Reads, area: str, before: int | None, limit: int
) -> list[dict[str, Any]]:
    """What the office inspected, the latest first, before a position."""
    rows = await over.fetch(
        "SELECT * FROM view_inspections WHERE area = $1"
        " AND ($2::bigint IS NULL OR position < $2) ORDER BY position DESC LIMIT $3",
        area, before, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def drafted(
    pool: Pool, *, area: str, form: str, quarter: str, body: str, cut: int
) -> Draft:
    """The return as it stands at position `cut` of our log."""
    rows = await pool.fetch(_LINES, area, cut)
    lines = [Line(*row) for row in rows]
    return draft(lines, area=area, form=form, quarter=quarter, body=body, cut=cut)


async def lines_of(pool: Pool, area: str, cut: int) -> list[Line]:
    """Every line of an area's ledger up to position `cut` of our log."""
    return [Line(*row) for row in await pool.fetch(_LINES, area, cut)]


async def effects(over: Reads, area: str) -> list[dict[str, Any]]:
    """For each rung of an area: how often it was climbed, how often it helped, how soon."""
    rows = await over.fetch(
        "SELECT ladder, rung, rung_id, did, count(*) FILTER (WHERE NOT waived) AS climbed,"
        " count(*) FILTER (WHERE waived) AS waived, count(effect_on) FILTER (WHERE NOT waived)"
        " AS moved, percentile_disc(0.5) WITHIN GROUP (ORDER BY effect_on - climbed_on)"
        " FILTER (WHERE NOT waived) AS median_days FROM view_climbs WHERE area = $1"
        " GROUP BY ladder, rung, rung_id, did ORDER BY ladder, rung, rung_id, did",
        area,
    )
    return [dict(row) for row in rows]


async def owed(
    over: Reads, area: str, to: str | None, late_on: date | None, passed: int, limit: int
) -> list[dict[str, Any]]:
    """What is owed in an area and not there, the oldest day first."""
    rows = await over.fetch(
        "SELECT kind, id, owed_by, matter, due_on FROM view_owed WHERE area = $1"
        " AND done_on IS NULL AND ($2::text IS NULL OR owed_by = $2)"
        " AND ($3::date IS NULL OR due_on < $3)"
        " ORDER BY due_on NULLS LAST, id, owed_by LIMIT $4 OFFSET $5",
        area, to, late_on, limit, passed,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def message(pool: Pool, event: UUID, to: str) -> dict[str, Any] | None:
    """One message of the ledger: where it belongs and how it stands."""
    row = await pool.fetchrow(
        "SELECT area, matter, state FROM messages WHERE event = $1 AND sent_to = $2", event, to
    )
    return dict(row) if row else None


async def missed(
    pool: Pool, area: str, first: date, last: date, after: int, limit: int
) -> list[dict[str, Any]]:
    """The days of which nobody had reminded the body, in the order in which they were noted.

    What has a `corrected_on` counts no longer: that day never was due, as is known now.
    """
    rows = await pool.fetch(
        "SELECT position, matter, item, body, person, due_on, missed_on, corrected_on"
        " FROM view_missed"
        " WHERE area = $1 AND missed_on BETWEEN $2 AND $3 AND position > $4"
        " ORDER BY position LIMIT $5",
        area, first, last, after, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def system_use(
    pool: Pool, area: str, first: date, last: date, passed: int, limit: int
) -> list[dict[str, Any]]:
    """By department: what was decided, and how much of it the approval system ever spoke of."""
    rows = await pool.fetch(
        "WITH used AS (SELECT coalesce(body, '') AS body, count(*) AS decided,"
        " count(*) FILTER (WHERE in_system) AS in_system FROM view_system_use"
        " WHERE area = $1 AND decided_on BETWEEN $2 AND $3 GROUP BY 1),"
        " told AS (SELECT coalesce(body, '') AS body, count(*) AS reported,"
        " count(*) FILTER (WHERE outcome IS NULL) AS open FROM view_issues"
        " WHERE area = $1 AND kind = 'outside_system' AND opened_on BETWEEN $2 AND $3 GROUP BY 1)"
        " SELECT body, coalesce(decided, 0) AS decided, coalesce(in_system, 0) AS in_system,"
        " coalesce(decided - in_system, 0) AS outside, coalesce(reported, 0) AS reported,"
        " coalesce(open, 0) AS open FROM used FULL JOIN told USING (body) ORDER BY body"
        " LIMIT $4 OFFSET $5",
        area, first, last, limit, passed,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def outside(
    pool: Pool, area: str, first: date, last: date, after: tuple[UUID, str] | None, limit: int
) -> list[dict[str, Any]]:
    """The items that were decided without a word of the approval system, after a key."""
    matter, item = after or (FIRST, "")
    rows = await pool.fetch(
        "SELECT matter, item, body, decided_on FROM view_system_use WHERE area = $1"
        " AND decided_on BETWEEN $2 AND $3 AND NOT in_system AND (matter, item) > ($4, $5)"
        " ORDER BY matter, item LIMIT $6",
        area, first, last, matter, item, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def silent_feeds(pool: Pool, before: datetime) -> list[tuple[str, str, datetime]]:
    """Area, name and last run of each feed that was not taken in since `before`."""
    rows = await pool.fetch(
        "SELECT area, source, observed_at FROM view_imports WHERE observed_at < $1", before
    )
    return [(row["area"], row["source"], row["observed_at"]) for row in rows]


async def digest(over: Reads, area: str) -> list[dict[str, Any]]:
    """Problems by class and owner: opened, struck off, open, overdue is for the reader to add."""
    rows = await over.fetch(
        "SELECT severity, kind, owner, count(*) AS opened, count(outcome) AS struck_off,"
        " count(*) - count(outcome) AS open, count(raised_to) FILTER (WHERE outcome IS NULL)"
        " AS raised FROM view_issues WHERE area = $1 GROUP BY severity, kind, owner"
        " ORDER BY severity, kind, owner",
        area,
    )
    return [dict(row) for row in rows]


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


_UNDONE = """
    (EXISTS (SELECT 1 FROM view_items i WHERE i.matter = m.matter AND i.in_scope
     AND i.state <> 'closed') OR EXISTS (SELECT 1 FROM view_owed o
     WHERE o.matter = m.matter AND o.done_on IS NULL))
"""


async def unfinished(over: Reads, area: str | None = None) -> list[Open]:
    """The matters with an item that is not struck off, the one that moved last at the end."""
    rows = await over.fetch(
        f"SELECT {_OPEN} FROM view_matters m WHERE ($1::text IS NULL OR area = $1) AND {_UNDONE}"
        " ORDER BY position",
        area,
    )
    return [Open(*row) for row in rows]


async def moved_in(pool: Pool, area: str, after: int) -> list[tuple[Open, bool]]:
    """The matters of an area that something happened to, each with whether it is unfinished."""
    rows = await pool.fetch(
        f"SELECT {_OPEN}, {_UNDONE} AS undone FROM view_matters m"
        " WHERE area = $1 AND position > $2 ORDER BY position",
        area, after,
    )  # fmt: skip
    return [(Open(*row[:-1]), row[-1]) for row in map(tuple, rows)]


async def known_upto(pool: Pool) -> int:
    """The position up to which every view that tells of unfinished matters has read."""
    readers = ["view:matters", "view:items", "view:owed"]
    found = await pool.fetchval(
        "SELECT min(position) FROM cursors WHERE reader = ANY ($1)", readers
    )
    return int(found or 0)


async def placed_at(pool: Pool, area: str, system_ref: str) -> tuple[UUID, str] | None:
    """The matter and item that the approval system's number leads to."""
    row = await pool.fetchrow(
        "SELECT matter, item FROM view_system_refs WHERE area = $1 AND system_ref = $2",
        area,
        system_ref,
    )
    return (row["matter"], row["item"]) if row else None


async def matters_with(
    pool: Pool, area: str, projects: Sequence[UUID], item: str
) -> list[UUID]:
    """The matters of these projects that serve `item`, those where it is open before the others."""
    rows = await pool.fetch(
        "SELECT m.matter, i.state = 'closed' AS done FROM view_matters m JOIN view_items i"
        " ON i.matter = m.matter AND i.item = $3 AND i.in_scope"
        " WHERE m.area = $1 AND m.project = ANY ($2) ORDER BY m.matter",
        area,
        list(projects),
        item,
    )
    still = [row["matter"] for row in rows if not row["done"]]
    return still or [row["matter"] for row in rows]


async def matters_of(pool: Pool, project: UUID) -> list[tuple[UUID, str]]:
    """The matters of a project and their areas, the first opened first."""
    rows = await pool.fetch(
        "SELECT matter, area FROM view_matters WHERE project = $1 ORDER BY first_on, matter",
        project,
    )
    return [(row["matter"], row["area"]) for row in rows]


async def imports(pool: Pool, area: str) -> list[dict[str, Any]]:
    """The feeds of an area: when each was last taken in, and what its last run brought."""
    rows = await pool.fetch(
        "SELECT source, observed_at, line_count AS rows, followed, conflicts, refused, runs,"
        " extract(epoch FROM longest_gap)::integer AS longest_gap_s"
        " FROM view_imports WHERE area = $1 ORDER BY source",
        area,
    )
    return [dict(row) for row in rows]


async def areas(pool: Pool) -> dict[str, date]:
    """The areas with matters, and the legal day of the first fact of each."""
    rows = await pool.fetch(
        "SELECT area, min(first_on) AS first FROM view_matters GROUP BY area"
    )
    return {row["area"]: row["first"] for row in rows}


async def shifts(
    over: Reads, area: str, calendar: str | None, after: tuple[int, int], limit: int
) -> list[dict[str, Any]]:
    """The due days of an area that moved, in the order in which they did."""
    rows = await over.fetch(
        "SELECT position, n, matter, item, clock, cause, calendar, was_on, now_on, estimated"
        " FROM view_shifts WHERE area = $1 AND ($2::text IS NULL OR calendar = $2)"
        " AND (position, n) > ($3, $4) ORDER BY position, n LIMIT $5",
        area, calendar, *after, limit,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def changes(
    pool: Pool, area: str, first: date, last: date, after: tuple[UUID, str] | None, limit: int
) -> list[dict[str, Any]]:
    """What happened to each item between two days, for the week's sheet."""
    rows = await pool.fetch(
        "SELECT matter, item, array_agg(what || coalesce(':' || detail, '') ORDER BY position, n)"
        " AS what, max(body) AS body, min(happened) AS first_on, max(happened) AS last_on"
        " FROM view_ledger WHERE area = $1 AND item IS NOT NULL AND happened BETWEEN $2 AND $3"
        " AND (matter, item) > ($4, $5)"
        " GROUP BY matter, item ORDER BY matter, item LIMIT $6",
        area, first, last, *(after or (FIRST, "")), limit,
    )  # fmt: skip
    return [dict(row) for row in rows]
