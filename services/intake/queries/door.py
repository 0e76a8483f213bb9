"""What can be listed of the front door: contacts, questions, notices, orders, bookings?"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from services.intake.queries.paging import Page, paged
from shared.eventstore.postgres import Pool, Reads


async def contacts(
    over: Reads,
    page: Page,
    *,
    owner: str | None = None,
    open_only: bool = False,
    before: date | None = None,
    project: UUID | None = None,
) -> list[dict[str, Any]]:
    """A page of contacts, the earliest first; `before` keeps those received on an earlier day."""
    return await paged(
        over,
        "id, area, owner, channel, received_on, topic, items, mode, project, matter, phase, "
        "outcome, offered_person, offered_role, offered_body, waiting, nights, closed_on",
        "view_contacts", "received_on, id", page,
        ("owner = {}", owner), ("phase = 'open'", open_only), ("received_on < {}", before),
        ("project = {}", project),
    )  # fmt: skip


async def offered(
    over: Reads, page: Page, person: str, roles: Sequence[str], bodies: Sequence[str]
) -> list[dict[str, Any]]:
    """Open contacts that `person` is asked to take over, in person or by his posts and bodies."""
    return await paged(
        over,
        "id, area, owner, received_on, topic, items, project, matter, nights",
        "view_contacts", "received_on, id", page,
        ("phase = 'open' AND owner <> {}", person),
        ("(offered_person = {} OR (offered_person IS NULL"
         " AND (offered_role IS NOT NULL OR offered_body IS NOT NULL)"
         " AND (offered_role IS NULL OR offered_role = ANY ({}))"
         " AND (offered_body IS NULL OR offered_body = ANY ({}))))", person, roles, bodies),
    )  # fmt: skip


async def left_over(pool: Pool, day: date, limit: int = 50) -> list[dict[str, Any]]:
    """Contacts open since before `day`, of which nobody was reminded on `day`."""
    rows = await pool.fetch(
        "SELECT id, area FROM view_contacts WHERE phase = 'open' AND received_on < $1 "
        "AND (reminded_on IS NULL OR reminded_on < $1) ORDER BY received_on, id LIMIT $2",
        day,
        limit,
    )
    return [dict(row) for row in rows]


async def last_contact(pool: Pool, project: UUID) -> dict[str, Any] | None:
    """The latest contact about a project, for whoever opens it at the desk."""
    row = await pool.fetchrow(
        "SELECT id, owner, received_on, topic, phase, outcome FROM view_contacts "
        "WHERE project = $1 ORDER BY received_on DESC, id DESC LIMIT 1",
        project,
    )
    return dict(row) if row else None


async def questions(
    over: Reads, page: Page, *, bodies: Sequence[str] | None = None, open_only: bool = True
) -> list[dict[str, Any]]:
    """Questions that were referred, for the bodies that must answer them; the oldest first."""
    return await paged(
        over,
        "consultation, contact, area, items, to_body, to_role, to_person, asked_at, answered, "
        "waited_minutes",
        "view_questions", "asked_at, consultation", page,
        ("to_body = ANY ({})", bodies), ("NOT answered", open_only),
    )  # fmt: skip


async def told_before(pool: Pool, project: UUID | None, matter: UUID | None) -> dict[str, int]:
    """How often each item was noticed already, in whatever stream, for a project or matter."""
    if project is None and matter is None:
        return {}
    rows = await pool.fetch(
        "SELECT item, max(ordinal) AS times FROM view_told, unnest(items) AS item "
        "WHERE project = $1 OR matter = $2 GROUP BY item",
        project,
        matter,
    )
    return {row["item"]: row["times"] for row in rows}


async def notices(
    over: Reads, page: Page, *, second_only: bool = False, matter: UUID | None = None
) -> list[dict[str, Any]]:
    """One-time notices; the second ones are a list of their own for the supervisor (AS-42)."""
    return await paged(
        over,
        "notice, stream, area, project, matter, actor, items, again, ordinal, issued_on",
        "view_told", "issued_on, notice", page,
        ("ordinal > 1", second_only), ("matter = {}", matter),
    )  # fmt: skip


async def orders(
    over: Reads, page: Page, person: str, roles: Sequence[str], *, open_only: bool = True
) -> list[dict[str, Any]]:
    """Hotline orders by due day, without those about staff that `person` may not see."""
    return await paged(
        over,
        'id, order_number AS "order", area, called_at, counts_from_on, due_on, estimated, '
        "phase, topic, code, items, about_staff, to_role, to_body, owner, result, answered_on, "
        "late_days, leads_to",
        "view_orders", "due_on, id", page,
        ("(NOT about_staff OR (to_role = ANY ({}) AND concerns IS DISTINCT FROM {})"
         " OR 'auditor' = ANY ({}))", roles, person, roles),
        ("phase = 'open'", open_only),
    )  # fmt: skip


async def bookings(
    over: Reads, page: Page, *, day: date | None = None, holder: str | None = None
) -> list[dict[str, Any]]:
    """Booked visits of a day, or one's own; the earliest first."""
    return await paged(
        over,
        "id, area, begins_at, day, minutes, body, topic, items, holder, moved, ending",
        "view_bookings", "begins_at, id", page,
        ("day = {}", day), ("holder = {}", holder),
    )  # fmt: skip


async def missed(pool: Pool, day: date, limit: int = 50) -> list[dict[str, Any]]:
    """Bookings whose day was over before `day` and of which nobody said how they ended."""
    rows = await pool.fetch(
        "SELECT id, area FROM view_bookings WHERE ending IS NULL AND day < $1 "
        "ORDER BY day, id LIMIT $2",
        day,
        limit,
    )
    return [dict(row) for row in rows]


async def waiting_for_acceptance(over: Reads, page: Page) -> list[dict[str, Any]]:
    """Requests that nobody has taken on or declined yet, the oldest first (YY-08)."""
    return await paged(
        over,
        "id, number, area, project, pack, wanted, mode, channel, requested_on",
        "view_matters", "requested_on, id", page,
        ("state = 'requested'", True),
    )  # fmt: skip
