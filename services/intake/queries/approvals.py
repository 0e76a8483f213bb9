"""What waits for another person's word?"""

from typing import Any
from uuid import UUID

from services.intake.queries.paging import Page
from shared.eventstore.postgres import Reads


async def approvals(
    over: Reads, page: Page, matter: UUID | None = None
) -> list[dict[str, Any]]:
    """A page of what was asked for, of some areas or of one matter."""
    rows = await over.fetch(
        "SELECT event, matter, decision, area, project, cause, asked_by, asked_on "
        "FROM view_approvals WHERE ($1::text[] IS NULL OR area = ANY ($1)) "
        "AND ($2::uuid IS NULL OR event > $2) AND ($4::uuid IS NULL OR matter = $4) "
        "ORDER BY event LIMIT $3",
        page.areas, page.after, page.limit, matter,
    )  # fmt: skip
    return [dict(row) for row in rows]
