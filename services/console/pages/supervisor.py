"""The supervisor's desk: which lines were crossed, with the arithmetic, and which rung is next."""

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller
from services.console.entering import Me
from services.console.listing import PREFIX, ROWS, Listed, listed, paged
from services.console.rendering import render, today_of

router = APIRouter()

MORNING: Mapping[str, str] = {
    "crossed": "crossed",
    "due_soon": "soon",
    "stalled": "still",
    "foreseen": "ahead",
    "silent": "silent",
}
"""The lists of a morning, and what the desk calls each."""
TASKS = ("return_visits", "bad_ratings", "complaints")


@router.get("/desk/supervisor")
async def desk(
    request: Request, me: Me, since: Annotated[str | None, Query(max_length=10)] = None
) -> Response:
    """The morning of an area, unfolded; then what is owed, ledgers to sign, and decisions asked."""
    area = me.area
    rows = partial(listed, request, me)
    (
        (morning, lists),
        owed,
        returns,
        issues,
        digest,
        effects,
        shifts,
        tasks,
        approvals,
    ) = await me.together(
        _morning(request, me, since),
        rows("owed", "supervision", "/owed", area=area),
        me.maybe("supervision", "/returns", area=area),
        rows("issues", "supervision", "/issues", area=area),
        me.maybe("supervision", "/issues/digest", area=area),
        me.maybe("supervision", "/ladders/effects", area=area),
        rows("shifts", "supervision", "/due-shifts", area=area),
        _tasks(request, me),
        rows("approvals", "intake", "/approvals", area=area),
    )
    on = today_of(request)
    quarter = f"{on.year}-Q{(on.month + 2) // 3}"
    return await render(
        request, "supervisor.html", morning=morning, lists=lists, owed=owed,
        returns=(returns or {}).get("returns", ()), issues=issues, digest=digest or {},
        effects=(effects or {}).get("rungs", ()), shifts=shifts, tasks=tasks,
        approvals=approvals, quarter=quarter,
    )  # fmt: skip


async def _morning(
    request: Request, me: Caller, since: str | None
) -> tuple[dict[str, Any], dict[str, Listed]]:
    """The morning, and each of its lists with its own pages and how many there are in all."""
    asked = {"area": me.area, "since": since, "limit": ROWS}
    first = await me.maybe("supervision", "/morning", **asked) or {}
    morning, lists = dict(first), {}
    for kind, name in MORNING.items():
        page, after = first, request.query_params.get(PREFIX + name)
        if after:
            more = await me.maybe("supervision", "/morning", **asked, kind=kind, after=after)
            page = more or {}
        morning[kind] = rows = page.get(kind) or ()
        if isinstance(rows, Mapping):
            rows = [row for of_body in rows.values() for row in of_body]
        goes_on, counts = (page.get("after") or {}).get(kind), page.get("counts") or {}
        lists[kind] = paged(request, name, rows, goes_on, counts.get(kind))
    return morning, lists


async def _tasks(request: Request, me: Caller) -> dict[str, Listed]:
    """What evaluation waits for, each kind with its own pages."""
    first = await me.maybe("evaluation", "/tasks", area=me.area, limit=ROWS) or {}
    goes_on = first.get("after") or {}
    found = {}
    for kind in TASKS:
        asked, rows, after = request.query_params.get(PREFIX + kind), first.get(kind, ()), None
        if asked:
            page = await me.maybe(
                "evaluation", "/tasks", area=me.area, kind=kind, after=asked, limit=ROWS
            )
            rows, goes_on = (page or {}).get(kind, ()), goes_on | {kind: None}
            after = ((page or {}).get("after") or {}).get(kind)
        found[kind] = paged(request, kind, rows, after or goes_on.get(kind))
    return found
