"""What does the film room show: the film, the state at an instant, two instants, one event?"""

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller, Refusal, seg
from services.console.entering import Me
from services.console.film.comparing import compared
from services.console.film.model import People, film_of
from services.console.film.proving import evidence
from services.console.naming import Names
from services.console.rendering import language_of, render, sentences
from shared.clock import LEGAL_ZONE

router = APIRouter()

LONGEST = 200
"""Lines of the table on one page; the story page has them all."""
MOST_DAYS = 20_000

type Position = Annotated[int, Query(ge=1, le=2**53)]
type Cut = Annotated[str, Query(max_length=80)]


@router.get("/film/{id}")
async def film(request: Request, me: Me, id: UUID) -> Response:
    """The film room of a matter. The address holds everything that is set in it."""
    await me.get("archive", "/log/position")
    return await render(request, "film/film.html", id=id)


@router.get("/film/{id}/film.json")
async def film_data(request: Request, me: Me, id: UUID) -> Response:
    """The film as the browser draws it: lanes, events on both rulers, bars, kinds of days."""
    try:
        made = await _film(request, me, id)
    except Refusal as refusal:
        return _refused(request, refusal)
    return _json(made)


@router.get("/film/{id}/story")
async def story(request: Request, me: Me, id: UUID, at: Position | None = None) -> Response:
    """The whole story, one sentence for an event, to be read, printed, or heard."""
    told = await me.get("archive", f"/matters/{id}/story", at=at)
    return await render(
        request, "film/story.html", id=id, number=told["number"], lines=told["lines"], at=at
    )


@router.get("/film/{id}/compare")
async def compare(request: Request, me: Me, id: UUID) -> Response:
    """What the events say beside what the services say now: equal, or which of both is wrong."""
    state, running, asked, rated = await me.together(
        me.get("archive", f"/matters/{id}/state"),
        me.maybe("supervision", f"/matters/{id}"),
        me.maybe("intake", f"/matters/{id}"),
        me.maybe("evaluation", f"/matters/{id}"),
    )
    rows = compared(state["state"], running, asked, rated)
    return await render(
        request,
        "film/compare.html",
        id=id,
        state=state,
        rows=rows,
        silent=[
            name
            for name, told in (
                ("supervision", running),
                ("intake", asked),
                ("evaluation", rated),
            )
            if told is None
        ],
    )


@router.get("/film/{id}/state.json")
async def state(
    request: Request, me: Me, id: UUID, at: Position | None = None, effective: Cut = ""
) -> Response:
    """How the matter stood at an instant."""
    path = f"/matters/{id}/state"
    return await _passed(request, me, "archive", path, at=at, effective=effective)


@router.get("/film/{id}/difference.json")
async def difference(
    request: Request,
    me: Me,
    id: UUID,
    first: Annotated[Cut, Query(alias="from")] = "",
    to: Cut = "now",
) -> Response:
    """What leads from one instant to another, in words."""
    path = f"/matters/{id}/difference"
    return await _passed(request, me, "archive", path, **{"from": first, "to": to})


@router.get("/film/{id}/clocks.json")
async def clocks(request: Request, me: Me, id: UUID, item: Cut) -> Response:
    """The clocks of an item, day by day."""
    path = f"/matters/{id}/items/{seg(item)}/why"
    return await _passed(request, me, "supervision", path)


@router.get("/film/{id}/looked.json")
async def looked(request: Request, me: Me, id: UUID) -> Response:
    """Who looked at the file, the newest five hundred looks."""
    return await _passed(request, me, "archive", f"/matters/{id}/looked", limit=500)


@router.get("/film/{id}/entry.json")
async def entry(request: Request, me: Me, id: UUID, at: Position) -> Response:
    """One entry with its exact bytes, and all that is needed to check it in the browser."""
    try:
        return _json(await evidence(me, id, at))
    except Refusal as refusal:
        return _refused(request, refusal)


@router.get("/film/{id}/entry.tlog-proof")
async def proof(request: Request, me: Me, id: UUID, at: Position) -> Response:
    """The proof of one event as a file that other software reads (C2SP tlog-proof)."""
    found = await evidence(me, id, at)
    if found["proof"] is None:
        raise Refusal(
            found["store"],
            503,
            {
                "type": "urn:onefile:problem:unavailable",
                "remedy": "该库尚未签到此处，请过几秒再试 / "
                "The store has not signed this far yet: try again in a few seconds",
            },
        )
    name = f"{found['store']}-{found['at']}.tlog-proof"
    return Response(
        found["proof"],
        media_type="text/plain; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


@router.get("/film/{id}/dossier.zip")
async def dossier(me: Me, id: UUID) -> Response:
    """The evidence bundle: everything a stranger needs to verify the file offline."""
    return await _file(me, f"/matters/{id}/dossier")


@router.get("/film/{id}/book.pdf")
async def book(me: Me, id: UUID, at: Position | None = None) -> Response:
    """The whole file as a book."""
    return await _file(me, f"/matters/{id}/book", at=at)


async def _file(me: Caller, path: str, **parameters: Any) -> Response:
    sent = await me.bytes("archive", path, **parameters)
    kept = {
        name: sent.headers[name]
        for name in ("content-type", "content-disposition")
        if name in sent.headers
    }
    return Response(sent.content, headers={**kept, "Cache-Control": "no-store"})


async def _film(request: Request, me: Caller, id: UUID) -> dict[str, Any]:
    told, stood = await me.together(
        me.get("archive", f"/matters/{id}/frames"),
        me.get("archive", f"/matters/{id}/state"),
    )
    matter = stood["state"]
    english = language_of(request) == "en"
    names: Names = request.app.state.names.in_("en" if english else "zh")
    area = matter["area"] or ""
    people = People(
        frozenset(one for one in (matter["applicant"],) if one), frozenset(matter["agents"])
    )
    made = await asyncio.to_thread(
        film_of, told, people, lambda code: names.body(area, code), english=english
    )
    now = request.app.state.clock().astimezone(LEGAL_ZONE)
    items = names.items(area)
    return {
        **made,
        "area": area,
        "state": matter["state"],
        "read_at": now.isoformat(timespec="seconds"),
        "item_names": [items.get(code, "") for code in made["items"]],
        "days": kinds_of_days(names, area, made["events"]),
    }


def kinds_of_days(names: Names, area: str, events: list[Any]) -> list[list[str]]:
    """Every day from the first event to the last: [day, kind, why]; empty without a calendar.

    Kinds are `w` working, `m` make-up working day, `e` weekend, `h` holiday.
    """
    rules = names.rules(area)
    if rules is None or not events:
        return []
    days = [one[4] for one in events]
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    if (last - first).days > MOST_DAYS:
        return []
    found = []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        kind = rules.calendar.kind_of(day)
        weekend = day.weekday() >= 5
        letter = ("m" if weekend else "w") if kind.working else ("e" if weekend else "h")
        found.append([day.isoformat(), letter, kind.why])
    return found


async def _passed(
    request: Request, me: Caller, service: str, path: str, **parameters: Any
) -> Response:
    try:
        return _json(await me.get(service, path, **parameters))
    except Refusal as refusal:
        return _refused(request, refusal)


def _refused(request: Request, refusal: Refusal) -> Response:
    """A refusal for the script of a page: the same words as on a page."""
    return _json(sentences(refusal, language_of(request)), refusal.status)


def _json(document: Mapping[str, Any], status: int = 200) -> Response:
    return Response(
        orjson.dumps(document),
        status,
        {"Cache-Control": "no-store"},
        "application/json",
    )
