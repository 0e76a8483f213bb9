"""A department's desk: the items that lie with it, the questions put to it, and its letters."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.acting import item_offers
from services.console.backend import Caller, seg
from services.console.entering import Me
from services.console.listing import everything, listed
from services.console.matters import AT_WORK, matters_of
from services.console.rendering import render, today_of

router = APIRouter()

type After = Annotated[str | None, Query(max_length=64)]


@router.get("/desk/department")
async def desk(request: Request, me: Me, after: After = None) -> Response:
    """What lies with this body, the nearest due day first."""
    found = await matters_of(me, after, area=me.area)
    today = today_of(request)
    rows = [row for row in found.items(today) if row.state in AT_WORK]
    mine = [row for row in rows if row.item.get("body") in me.session.bodies]
    asked, owed, transfers = await me.together(
        listed(request, me, "asked", "intake", "/questions", mine=True),
        listed(request, me, "owed", "supervision", "/owed", area=me.area, to=me.body),
        _transfers(me),
    )
    offers: dict[str, list[tuple[str, str]]] = {
        row.state: item_offers(row.state, me.session.roles) for row in mine
    }
    return await render(
        request, "department.html", rows=mine, elsewhere=len(rows) - len(mine),
        after=found.after, offers=offers, asked=asked, owed=owed,
        transfers=transfers,
    )  # fmt: skip


@router.get("/why/{id}/{item}")
async def why(request: Request, me: Me, id: UUID, item: str, at: int | None = None) -> Response:
    """Why an item is due when it is due: day by day, each with its ground."""
    found = await me.get("supervision", f"/matters/{id}/items/{seg(item)}/why", at=at)
    return await render(request, "why.html", why=found, id=id, day_of=date.fromisoformat)


async def _transfers(me: Caller) -> list[dict[str, Any]]:
    """What was transferred to this person's bodies and nobody confirmed, of every page."""
    rows = await everything(me, "assignment", "/transfers", area=me.area, unconfirmed=True)
    return [row for row in rows if row["to_body"] in me.session.bodies]
