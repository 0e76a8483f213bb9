"""The consumer's page: how a subscribing agency's feed stands, what is parked, and how it goes on."""

from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from services.console.backend import Caller, Refusal
from services.console.entering import Form, Me, Outside
from services.console.rendering import render, sentences
from shared.zone import LEGAL_ZONE

router = APIRouter()

PAGE = 50
WEEK = 7
SOON = 14
"""Days before a key or an agreement ends at which it is marked (默认值)."""

type Agency = Annotated[str, Path(pattern=r"^[a-z][a-z0-9]{1,19}$")]


@router.get("/desk/agencies")
async def desk(request: Request, me: Me) -> Response:
    """Everybody who receives our events; an agency's own contact sees that agency alone."""
    door = _has_door(request)
    told: dict[str, Any] = {"readable": True, "agencies": []}
    if door:
        told = await me.get("feeds", "/agencies")
    cards = [_card(request, one) for one in told["agencies"]]
    if len(cards) == 1 and not me.has("admin", "auditor"):
        return RedirectResponse(f"/desk/agencies/{cards[0]['agency']}", 303)
    return await render(request, "agencies.html", told=told, cards=cards, door=door)


@router.get("/desk/agencies/{agency}")
async def one(
    request: Request, me: Me, agency: Agency,
    after: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Response:  # fmt: skip
    """One agency: position, lag, what is parked and why, schema changes, when its keys end."""
    return await _page(request, me, agency, after)


@router.post("/desk/agencies/{agency}/replay/{position}")
async def replay(
    request: Request, me: Me, form: Form, agency: Agency,
    position: Annotated[int, Path(ge=1, le=2**53)],
) -> Response:  # fmt: skip
    """Post what is parked of one matter again, in order."""
    return await _set_going(request, me, agency, f"parked/{position}/replay")


@router.post("/desk/agencies/{agency}/resume")
async def resume(request: Request, me: Me, form: Form, agency: Agency) -> Response:
    """Post again after the receiver said that it is gone."""
    return await _set_going(request, me, agency, "resume")


@router.post("/desk/agencies/{agency}/test")
async def test(request: Request, me: Me, form: Form, agency: Agency) -> Response:
    """What this agency's filter let through in the days before today, counted over all areas."""
    if not _has_door(request):
        raise Outside("not_found", 404)
    stands = await me.get("feeds", f"/agencies/{agency}")
    days = str(form.get("days", ""))
    asked = {
        "areas": stands["areas"],
        "about_without": stands["about_without"],
        "events": [{"types": [t], "fields": f} for t, f in stands["events"].items()],
        "days": min(int(days), 366) if days.isdecimal() and len(days) < 5 else WEEK,
    }
    try:
        tried = (await me.post("feeds", "/agencies/test", asked)).body
    except Refusal as refusal:
        return await _page(request, me, agency, 0, refusal=refusal)
    return await _page(request, me, agency, 0, tried=tried)


async def _set_going(request: Request, me: Caller, agency: str, what: str) -> Response:
    try:
        await me.post("feeds", f"/agencies/{agency}/{what}")
    except Refusal as refusal:
        return await _page(request, me, agency, 0, refusal=refusal)
    return RedirectResponse(f"/desk/agencies/{agency}?done=ReplayParked", 303)


async def _page(
    request: Request, me: Caller, agency: str, after: int, *,
    refusal: Refusal | None = None, tried: Any = None,
) -> Response:  # fmt: skip
    if not _has_door(request):
        raise Outside("not_found", 404)
    stands, parked = await me.together(
        me.get("feeds", f"/agencies/{agency}"),
        me.get("feeds", f"/agencies/{agency}/parked", after=after, limit=PAGE),
    )
    return await render(
        request, "agency.html", one=_card(request, stands), parked=parked, tried=tried,
        after=parked[-1]["position"] if len(parked) == PAGE else None, from_start=not after,
        problem=sentences(refusal, me.language) if refusal else None,
        status=refusal.status if refusal else 200,
    )  # fmt: skip


def _has_door(request: Request) -> bool:
    return "feeds" in request.app.state.settings.peers


def _card(request: Request, told: dict[str, Any]) -> dict[str, Any]:
    """With the days that are left of its agreement and of its last good key."""
    now: datetime = request.app.state.clock()
    good = [key for key in told["keys"] if key["good"]]
    ends = max((datetime.fromisoformat(key["until"]) for key in good), default=None)
    left = (date.fromisoformat(told["until"]) - now.astimezone(LEGAL_ZONE).date()).days
    return {
        **told,
        "agreement_left": left,
        "key_ends": ends,
        "key_left": (ends - now).days if ends else None,
        "soon": SOON,
    }
