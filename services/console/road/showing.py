"""What does a phone take along, so that a day can be worked without a network?"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Answer, Caller, Refusal
from services.console.entering import Me
from services.console.matters import Matters, is_over, matters_of
from services.console.rendering import HERE, render, today_of

router = APIRouter()

FILES = HERE / "road" / "static"
WORKER = ("queue.js", "worker.js")
OPEN = ("waiting", "ready", "correcting")

type After = Annotated[str | None, Query(max_length=64)]


@router.get("/road")
async def day(request: Request, me: Me, after: After = None) -> Response:
    """The matters of the day, each with a page to take along; and what waits on this phone."""
    found = await matters_of(me, after, open=True)
    rows = [row for row in found.rows if not is_over(row)]
    items = [row for row in Matters(rows).items(today_of(request)) if row.weight <= 3]
    urgent: dict[str, list[Any]] = {}
    for row in items:
        urgent.setdefault(row.matter["id"], []).append(row)
    rows.sort(key=lambda row: min((one.weight for one in urgent.get(row["id"], ())), default=9))
    return await render(
        request, "road/day.html", rows=rows, urgent=urgent, after=found.after, me_area=me.area
    )


@router.get("/road/{id}")
async def matter(request: Request, me: Me, id: UUID) -> Response:
    """One matter for a visit: its check lists, the visit itself, and a note of what was said."""
    asked, running, materials = await me.together(
        me.read("intake", f"/matters/{id}"),
        _maybe(me, "supervision", f"/matters/{id}"),
        me.maybe("intake", f"/matters/{id}/materials"),
    )
    course = running.body or {}
    items = course.get("items") or {}
    lists = [
        (one, [m for m in one["materials"] if m["missing"]])
        for one in (materials or {}).get("items", ())
        if (items.get(one["item"]) or {}).get("state", "waiting") in OPEN
    ]
    return await render(
        request, "road/matter.html", id=id, asked=asked.body, running=course, lists=lists,
        versions={"intake": asked.version, "supervision": running.version},
        visits=[one for one in course.get("visits") or () if not one.get("made_at")],
    )  # fmt: skip


@router.get("/worker.js")
async def worker() -> Response:
    """The service worker of this console: one small script, asked for anew each time."""
    text = "\n".join((FILES / name).read_text() for name in WORKER)
    return Response(text, headers={"Cache-Control": "no-cache"}, media_type="text/javascript")


async def _maybe(me: Caller, service: str, path: str) -> Answer:
    try:
        return await me.read(service, path)
    except Refusal as refusal:
        if refusal.status in (403, 404):
            return Answer(None)
        raise
