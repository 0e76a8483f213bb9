"""The administrator's desk: open questions with our defaults, staff from a table, what is parked."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from services.console.backend import Caller, Refusal, seg
from services.console.entering import Form, Me, Outside
from services.console.listing import everything
from services.console.pages.stores import last_checks
from services.console.rendering import render, sentences
from services.console.settings import SERVICES

router = APIRouter()

WRITERS = ("supervision", "evaluation")
UNDELIVERED = ("waiting", "sending", "parked", "unreached", "expired")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/desk/admin")
async def desk(request: Request, me: Me) -> Response:
    """What the source left open and we filled in; who serves; whether anything is stuck."""
    area = me.area
    rules = request.app.state.names.rules(area)
    if rules is None:
        return await render(request, "no_pack.html", area=area)
    places = await me.maybe("intake", "/places") or []
    place = next((one for one in places if one["area"] == area), None)
    told, imports, messages, staff, stores, *parked = await me.together(
        me.maybe("intake", f"/places/{place['id']}") if place else _none(),
        me.maybe("supervision", "/imports", area=area),
        _undelivered(me),
        everything(me, "assignment", "/staff", area=area),
        last_checks(me),
        *(me.maybe(service, "/log/parked") for service in SERVICES),
    )
    return await render(
        request, "admin.html", place=place, told=told or {},
        questions=rules.pack.open if rules else (),
        defaults=rules.pack.defaults() if rules else (),
        edition=rules.edition if rules else "",
        imports=(imports or {}).get("imports", ()),
        messages=messages, staff=staff, stores=stores,
        parked=[(s, one) for s, rows in zip(SERVICES, parked, strict=True) for one in rows or ()],
    )  # fmt: skip


@router.post("/desk/admin/roster")
async def roster(request: Request, me: Me, form: Form) -> Response:
    """A table of people: first every row is checked; only a whole and sound table is taken."""
    table = form.get("table")
    if not isinstance(table, UploadFile) or not table.filename:
        raise Outside("bad_parameter", 400)
    content = await table.read()
    media = XLSX if table.filename.lower().endswith(".xlsx") else "text/csv"
    really = form.get("really") == "yes"
    path = "/roster-imports" if really else "/roster-imports/preview"
    problem, found = None, None
    try:
        found = (await me.send_file("assignment", path, content, media, area=me.area)).body
    except Refusal as refusal:
        problem = sentences(refusal, me.language)
        found = refusal.problem
    return await render(
        request, "roster.html", found=found, problem=problem, really=really,
        status=problem["status"] if problem else 200,
    )  # fmt: skip


@router.post("/desk/admin/release")
async def release(me: Me, form: Form) -> Response:
    """Take up what is held of a matter, after its cause was mended."""
    service = str(form.get("service", ""))
    if service not in SERVICES:
        raise Outside("bad_parameter", 400)
    await me.post(service, f"/log/parked/{seg(form.get('stream', ''))}/release")
    return RedirectResponse("/desk/admin#stuck", 303)


async def _undelivered(me: Caller) -> list[dict[str, Any]]:
    """The messages to people outside that have not gone out, of every page."""
    asked = [(service, state) for service in WRITERS for state in UNDELIVERED]
    found = await me.together(
        *(everything(me, one, "/messages", area=me.area, state=state) for one, state in asked)
    )
    return [
        {**message, "service": service}
        for (service, _), rows in zip(asked, found, strict=True)
        for message in rows
    ]


async def _none() -> Any:
    return None
