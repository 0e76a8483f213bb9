"""What can be listed of the front door: contacts, questions, notices, orders, bookings?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.eventstore.postgres import Pool, Reads


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows: of which areas (None: any), after which id, at most how many."""

    areas: Sequence[str] | None
    after: UUID | None
    limit: int


async def contacts(
    over: Reads,
    page: Page,
    *,
    owner: str | None = None,
    open_only: bool = False,
    before: date | None = None,
    project: UUID | None = None,
) -> list[dict[str, Any]]:
    """A page of contacts, by id; `before` keeps those received on an earlier day."""
    rows = await over.fetch(
        """
        SELECT id, area, owner, channel, received_on, topic, items, mode, project, matter, phase,
               outcome, offered_person, offered_role, offered_body, waiting, nights, closed_on
        FROM view_contacts
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::uuid IS NULL OR id > $2)
          AND ($4::text IS NULL OR owner = $4) AND (NOT $5 OR phase = 'open')
          AND ($6::date IS NULL OR received_on < $6) AND ($7::uuid IS NULL OR project = $7)
        ORDER BY id LIMIT $3
        """,
        page.areas, page.after, page.limit, owner, open_only, before, project,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def offered(
    over: Reads, page: Page, person: str, roles: Sequence[str], bodies: Sequence[str]
) -> list[dict[str, Any]]:
    """Open contacts that `person` is asked to take over, by id or by his posts and bodies."""
    rows = await over.fetch(
        """
        SELECT id, area, owner, received_on, topic, items, project, matter, nights
        FROM view_contacts
        WHERE phase = 'open' AND ($1::text[] IS NULL OR area = ANY ($1))
          AND ($2::uuid IS NULL OR id > $2) AND owner <> $4
          AND (offered_person = $4
               OR (offered_person IS NULL
                   AND (offered_role IS NOT NULL OR offered_body IS NOT NULL)
                   AND (offered_role IS NULL OR offered_role = ANY ($5))
                   AND (offered_body IS NULL OR offered_body = ANY ($6))))
        ORDER BY id LIMIT $3
        """,
        page.areas, page.after, page.limit, person, roles, bodies,
    )  # fmt: skip
    return [dict(row) for row in rows]


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
    """Questions that were referred, for the bodies that must answer them."""
    rows = await over.fetch(
        """
        SELECT consultation, contact, area, items, to_body, to_role, to_person, asked_at,
               answered, waited_minutes
        FROM view_questions
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::uuid IS NULL OR consultation > $2)
          AND ($4::text[] IS NULL OR to_body = ANY ($4)) AND (NOT $5 OR NOT answered)
        ORDER BY consultation LIMIT $3
        """,
        page.areas, page.after, page.limit, bodies, open_only,
    )  # fmt: skip
    return [dict(row) for row in rows]


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
    rows = await over.fetch(
        """
        SELECT notice, stream, area, project, matter, actor, items, again, ordinal, issued_on
        FROM view_told
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::uuid IS NULL OR notice > $2)
          AND (NOT $4 OR ordinal > 1) AND ($5::uuid IS NULL OR matter = $5)
        ORDER BY notice LIMIT $3
        """,
        page.areas, page.after, page.limit, second_only, matter,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def orders(
    over: Reads, page: Page, person: str, roles: Sequence[str], *, open_only: bool = True
) -> list[dict[str, Any]]:
    """Hotline orders, without those about staff that `person` may not see."""
    rows = await over.fetch(
        """
        SELECT id, order_number AS "order", area, called_at, counts_from_on, due_on, estimated,
               phase, topic, code, items, about_staff, to_role, to_body, owner, result,
               answered_on, late_days, leads_to
        FROM view_orders
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::uuid IS NULL OR id > $2)
          AND (NOT about_staff OR (to_role = ANY ($5) AND concerns IS DISTINCT FROM $4)
               OR 'auditor' = ANY ($5))
          AND (NOT $6 OR phase = 'open')
        ORDER BY id LIMIT $3
        """,
        page.areas, page.after, page.limit, person, roles, open_only,
    )  # fmt: skip
    return [dict(row) for row in rows]


async def bookings(
    over: Reads, page: Page, *, day: date | None = None, holder: str | None = None
) -> list[dict[str, Any]]:
    """Booked visits of a day, or one's own."""
    rows = await over.fetch(
        """
        SELECT id, area, begins_at, day, minutes, body, topic, items, holder, moved, ending
        FROM view_bookings
        WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::uuid IS NULL OR id > $2)
          AND ($4::date IS NULL OR day = $4) AND ($5::text IS NULL OR holder = $5)
        ORDER BY id LIMIT $3
        """,
        page.areas, page.after, page.limit, day, holder,
    )  # fmt: skip
    return [dict(row) for row in rows]


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
    """Requests that nobody has taken on or declined yet (YY-08)."""
    rows = await over.fetch(
        """
        SELECT id, number, area, project, pack, wanted, mode, channel, requested_on
        FROM view_matters
        WHERE state = 'requested' AND ($1::text[] IS NULL OR area = ANY ($1))
          AND ($2::uuid IS NULL OR id > $2)
        ORDER BY id LIMIT $3
        """,
        page.areas, page.after, page.limit,
    )  # fmt: skip
    return [dict(row) for row in rows]
