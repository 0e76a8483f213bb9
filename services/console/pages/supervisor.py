"""The supervisor's desk: which lines were crossed, with the arithmetic, and which rung is next."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.console.entering import Me
from services.console.rendering import render, today_of

router = APIRouter()

ROWS = 50


@router.get("/desk/supervisor")
async def desk(
    request: Request, me: Me, since: Annotated[str | None, Query(max_length=10)] = None
) -> Response:
    """The morning of an area, unfolded; then what is owed, ledgers to sign, and decisions asked."""
    area = me.area
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
        _rows(me, "supervision", "/owed", area=area),
        me.maybe("supervision", "/returns", area=area),
        _rows(me, "supervision", "/issues", area=area),
        me.maybe("supervision", "/issues/digest", area=area),
        me.maybe("supervision", "/ladders/effects", area=area),
        _rows(me, "supervision", "/due-shifts", area=area),
        me.maybe("evaluation", "/tasks", area=area),
        me.maybe("intake", "/approvals", area=area),
    )
    on = today_of(request)
    quarter = f"{on.year}-Q{(on.month + 2) // 3}"
    return await render(
        request, "supervisor.html", morning=morning or {}, owed=owed,
        returns=(returns or {}).get("returns", ()), issues=issues, digest=digest or {},
        effects=(effects or {}).get("rungs", ()), shifts=shifts, tasks=tasks or {},
        approvals=(approvals or {}).get("items", ()), quarter=quarter, rows=ROWS,
    )  # fmt: skip


async def _rows(me: Any, service: str, path: str, **wanted: Any) -> list[dict[str, Any]]:
    found = await me.maybe(service, path, limit=ROWS, **wanted)
    return list((found or {}).get("rows", ()))
