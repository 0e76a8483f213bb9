"""The supervisor's desk: which lines were crossed, with the arithmetic, and which rung is next."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller
from services.console.entering import Me
from services.console.listing import PREFIX, ROWS, Listed, listed, paged
from services.console.rendering import render, today_of

router = APIRouter()

TASKS = ("return_visits", "bad_ratings", "complaints")


@router.get("/desk/supervisor")
async def desk(
    request: Request, me: Me, since: Annotated[str | None, Query(max_length=10)] = None
) -> Response:
    """The morning of an area, unfolded; then what is owed, ledgers to sign, and decisions asked."""
    area = me.area
    rows = partial(listed, request, me)
    (
        morning,
        owed,
        returns,
        issues,
        digest,
        effects,
        shifts,
        tasks,
        approvals,
    ) = await me.together(
        me.maybe("supervision", "/morning", area=area, since=since),
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
        request, "supervisor.html", morning=morning or {}, owed=owed,
        returns=(returns or {}).get("returns", ()), issues=issues, digest=digest or {},
        effects=(effects or {}).get("rungs", ()), shifts=shifts, tasks=tasks,
        approvals=approvals, quarter=quarter,
    )  # fmt: skip


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
