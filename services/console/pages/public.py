"""How was an area served, in sums alone? A page for everybody, without signing in (公开统计; HS-19)."""

from fastapi import APIRouter, Request, Response

from services.console.backend import Caller
from services.console.rendering import language_of, render

router = APIRouter()


@router.get("/public")
async def figures(request: Request, area: str = "", quarter: str = "") -> Response:
    """What evaluation tells anybody: of the last quarter that is over, unless another is asked."""
    asker: Caller = request.app.state.backend.as_(request.state.session, language_of(request))
    known = await asker.get("evaluation", "/public/places")
    places = [place["area"] for place in known["places"]]
    area = area or next(iter(places), "")
    told = None
    if area:
        asked = {"area": area, "quarter": quarter or known["last"]}
        told = await asker.get("evaluation", "/public/figures", **asked)
    return await render(
        request, "public.html", told=told, area=area, places=places, known=known
    )
