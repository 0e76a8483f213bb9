"""The window clerk's desk: who came, what waits, what was booked; and one search box for all."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller
from services.console.entering import Me
from services.console.rendering import render
from shared.effects import new_id

router = APIRouter()

ROWS = 50


@router.get("/desk/clerk")
async def desk(request: Request, me: Me) -> Response:
    """Reception first; then everything that is this clerk's before the day ends."""
    area = me.area
    mine, offered, left, due, booked, orders, asked, outreach = await me.together(
        _rows(me, "/contacts", mine=True, open=True),
        _rows(me, "/contacts", offered=True, open=True),
        _rows(me, "/contacts", left_over=True, area=area),
        _rows(me, "/acceptances-due", area=area),
        _rows(me, "/bookings", area=area),
        _rows(me, "/hotline-orders", area=area),
        _rows(me, "/questions", mine=True),
        _rows(me, "/outreach", open=True, area=area),
    )
    notices = await me.maybe("assignment", "/centre-notices", area=area, unconfirmed=True)
    queue = await me.maybe("assignment", f"/matters/queue/{area}") if area else None
    return await render(
        request, "clerk.html", mine=mine, offered=offered, left=left, waiting=due,
        booked=booked,
        orders=orders, asked=asked, outreach=outreach, key=str(new_id()), rows=ROWS,
        notices=(notices or {}).get("rows", ()), queue=(queue or {}).get("waiting", ()),
    )  # fmt: skip


@router.get("/search")
async def search(
    request: Request, me: Me, q: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """One box: a code, a number, or how the name of a unit begins."""
    typed = q.strip()
    found: dict[str, Any] = {"items": [], "more": False}
    refused = len(typed) < 2
    if not refused:
        found = await me.maybe("intake", "/search", q=typed) or await _files(me, typed)
    return await render(request, "search.html", q=typed, found=found, too_short=refused)


@router.get("/project/{id}")
async def project(request: Request, me: Me, id: str) -> Response:
    """A project: what is known of it, its matters, and what it need not hand in again."""
    one, matters, reusable = await me.together(
        me.get("intake", f"/projects/{id}"),
        me.get("intake", "/matters", project=id, limit=ROWS),
        me.maybe("intake", f"/projects/{id}/reusable"),
    )
    return await render(
        request, "project.html", one=one, matters=matters["items"],
        reusable=(reusable or {}).get("items", ()),
    )  # fmt: skip


@router.get("/contact/{id}")
async def contact(request: Request, me: Me, id: str, words: bool = False) -> Response:
    """One visit: whose it is, what is owed; the visitor's words are opened on record."""
    one = await me.get("intake", f"/contacts/{id}")
    said = await me.maybe("intake", f"/contacts/{id}/words") if words else None
    return await render(request, "contact.html", one=one, said=said)


async def _rows(me: Caller, path: str, **wanted: Any) -> list[dict[str, Any]]:
    found = await me.maybe("intake", path, limit=ROWS, **wanted)
    return list((found or {}).get("items", ()))


async def _files(me: Caller, typed: str) -> dict[str, Any]:
    """For those who may not search at the window: the file of a number."""
    page = await me.maybe("archive", "/matters", number=typed)
    rows = (page or {}).get("rows") or (page or {}).get("items") or []
    items = [
        {"project": None, "matter": row.get("matter") or row.get("id"),
         "number": row.get("number"), "code": None, "name": "", "unit": "",
         "last_contact": None, "warnings": []}
        for row in rows
    ]  # fmt: skip
    return {"items": items, "more": False}
