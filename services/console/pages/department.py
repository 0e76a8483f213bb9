"""A department's desk: the items that lie with it, the questions put to it, and its letters."""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.console.acting import item_offers
from services.console.backend import Caller, seg
from services.console.entering import Me
from services.console.listing import Listed, everything, listed
from services.console.matters import AT_WORK, Matters, Row, courses_of, numbers_of
from services.console.rendering import render, today_of

router = APIRouter()


@router.get("/desk/department")
async def desk(request: Request, me: Me) -> Response:
    """What lies with this body, the nearest due day first."""
    mine = {"area": me.area, "body": me.body}
    lying, asked, owed, transfers = await me.together(
        listed(request, me, "items", "supervision", "/items/lying", **mine),
        listed(request, me, "asked", "intake", "/questions", mine=True),
        listed(request, me, "owed", "supervision", "/owed", area=me.area, to=me.body),
        _transfers(me),
    )
    rows = await _rows(me, lying, today_of(request))
    offers = {row.state: item_offers(row.state, me.session.roles) for row in rows}
    return await render(
        request, "department.html", rows=rows, lying=lying, offers=offers, asked=asked,
        owed=owed, transfers=transfers,
    )  # fmt: skip


@router.get("/why/{id}/{item}")
async def why(request: Request, me: Me, id: UUID, item: str, at: int | None = None) -> Response:
    """Why an item is due when it is due: day by day, each with its ground."""
    found = await me.get("supervision", f"/matters/{id}/items/{seg(item)}/why", at=at)
    return await render(request, "why.html", why=found, id=id, day_of=date.fromisoformat)


async def _rows(me: Caller, lying: Listed, today: date) -> list[Row]:
    """The items of a page of what lies here, each as its matter has it now."""
    there = list(dict.fromkeys(row["matter"] for row in lying))
    numbers, courses = await me.together(numbers_of(me, there), courses_of(me, there))
    rows = [
        {"id": id, "number": numbers[id], "area": me.area, "course": courses.get(id)}
        for id in there
    ]
    shown = {(row["matter"], row["item"]) for row in lying}
    return [
        row
        for row in Matters(rows).items(today)
        if row.state in AT_WORK and (row.matter["id"], row.code) in shown
    ]


async def _transfers(me: Caller) -> list[dict[str, Any]]:
    """What was transferred to this person's bodies and nobody confirmed, of every page."""
    rows = await everything(me, "assignment", "/transfers", area=me.area, unconfirmed=True)
    return [row for row in rows if row["to_body"] in me.session.bodies]
