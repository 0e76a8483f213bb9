"""What did somebody ask another person to approve, in his own words, and what can be said to it?"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.console.entering import Me
from services.console.rendering import render

router = APIRouter()


@router.get("/desk/approvals/{id}")
async def one(request: Request, me: Me, id: UUID) -> Response:
    """Everything that waits for another person's word in one matter; the reading is on record."""
    matter, asked = await me.together(
        me.get("intake", f"/matters/{id}"), me.get("intake", f"/matters/{id}/approvals")
    )
    return await render(request, "approval.html", matter=matter, asked=asked["items"])
