"""The window clerk's desk: who came, what waits, what was booked; and one search box for all."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller
from services.console.entering import Me
from services.console.listing import Listed, listed
from services.console.rendering import render
from shared.effects import new_id

router = APIRouter()


@router.get("/desk/clerk")
async def desk(request: Request, me: Me) -> Response:
    """Reception first; then everything that is this clerk's before the day ends."""
    area = me.area
    rows = partial(_rows, request, me)
    mine, offered, left, due, booked, orders, asked, outreach = await me.together(
        rows("mine", "/contacts", mine=True, open=True),
        rows("offered", "/contacts", offered=True, open=True),
        rows("left", "/contacts", left_over=True, area=area),
        rows("due", "/acceptances-due", area=area),
        rows("booked", "/bookings", area=area),
        rows("orders", "/hotline-orders", area=area),
        rows("asked", "/questions", mine=True),
        rows("outreach", "/outreach", open=True, area=area),
    )
    waits = f"/matters/queue/{area}"
    queue = await listed(request, me, "dispatch", "assignment", waits) if area else Listed()
    return await render(
        request, "clerk.html", mine=mine, offered=offered, left=left, waiting=due,
        booked=booked,
        orders=orders, asked=asked, outreach=outreach, key=str(new_id()),
        queue=queue,
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
        listed(request, me, "matters", "intake", "/matters", project=id),
        me.maybe("intake", f"/projects/{id}/reusable"),
    )
    return await render(
        request, "project.html", one=one, matters=matters,
        reusable=(reusable or {}).get("items", ()),
    )  # fmt: skip


@router.get("/contact/{id}")
async def contact(request: Request, me: Me, id: str, words: bool = False) -> Response:
    """One visit: whose it is, what is owed; the visitor's words are opened on record."""
    one = await me.get("intake", f"/contacts/{id}")
    said = await me.maybe("intake", f"/contacts/{id}/words") if words else None
    return await render(request, "contact.html", one=one, said=said)


async def _rows(request: Request, me: Caller, name: str, path: str, **wanted: Any) -> Listed:
    return await listed(request, me, name, "intake", path, **wanted)


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
