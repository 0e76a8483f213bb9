"""What does somebody complain of, in his own words, for the body that looks into it (投诉核查)?"""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.console.entering import Me
from services.console.rendering import render

router = APIRouter()


@router.get("/desk/complaints/{id}")
async def one(request: Request, me: Me, id: UUID) -> Response:
    """The complaint; whoever has no part in looking into it finds nothing (HS-18)."""
    told = await me.get("evaluation", f"/complaints/{id}", area=me.area)
    return await render(request, "complaint.html", one=told, area=me.area)
