"""A department's desk: the items that lie with it, the questions put to it, and its letters."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.console.acting import item_offers
from services.console.backend import Caller, seg
from services.console.entering import Me
from services.console.listing import Listed, everything, listed
from services.console.matters import Row, numbers_of, weight
from services.console.rendering import render, today_of

router = APIRouter()


@router.get("/desk/department")
async def desk(request: Request, me: Me) -> Response:
    """What lies with this person's bodies, the nearest due day first."""
    lying, owed, returns, asked, transfers = await me.together(
        _ours(request, me, "items", "/items/lying", body=list(me.session.bodies)),
        _ours(request, me, "owed", "/owed", to=me.body),
        _returns(me),
        listed(request, me, "asked", "intake", "/questions", mine=True),
        _transfers(me),
    )
    rows = await _rows(me, lying, today_of(request))
    offers = {row.state: item_offers(row.state, me.session.roles) for row in rows}
    return await render(
        request, "department.html", rows=rows, lying=lying, offers=offers, asked=asked,
        owed=owed, returns=returns, transfers=transfers,
    )  # fmt: skip


@router.get("/why/{id}/{item}")
async def why(request: Request, me: Me, id: UUID, item: str, at: int | None = None) -> Response:
    """Why an item is due when it is due: day by day, each with its ground."""
    found = await me.get("supervision", f"/matters/{id}/items/{seg(item)}/why", at=at)
    return await render(request, "why.html", why=found, id=id, day_of=date.fromisoformat)


async def _ours(request: Request, me: Caller, name: str, path: str, **ours: Any) -> Listed:
    """A list of what concerns this person's bodies; nothing for somebody of no body."""
    if not me.body:
        return Listed()
    return await listed(request, me, name, "supervision", path, area=me.area, **ours)


async def _returns(me: Caller) -> list[dict[str, Any]]:
    """What this person's bodies must report, for whoever files it: what is owed first, by day."""
    if not me.has("liaison"):
        return []
    found = await me.maybe("supervision", "/returns", area=me.area) or {}
    mine = [row for row in found.get("returns", ()) if row["body"] in me.session.bodies]
    return sorted(mine, key=lambda row: (row["filed_on"] is not None, row["due_on"]))


async def _rows(me: Caller, lying: Listed, today: date) -> list[Row]:
    """The items of a page of what lies here, each with the number of its matter."""
    numbers = await numbers_of(me, [row["matter"] for row in lying])
    matters = {id: {"id": id, "number": n, "area": me.area} for id, n in numbers.items()}
    return [Row(matters[one["matter"]], one["item"], one, *weight(one, today)) for one in lying]


async def _transfers(me: Caller) -> list[dict[str, Any]]:
    """What was transferred to this person's bodies and nobody confirmed, of every page."""
    rows = await everything(me, "assignment", "/transfers", area=me.area, unconfirmed=True)
    return [row for row in rows if row["to_body"] in me.session.bodies]
