"""Three checks of the office: what went past the system, reminders nobody gave, inspections."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from services.console.entering import Me
from services.console.listing import listed
from services.console.matters import numbers_of
from services.console.rendering import render, today_of

router = APIRouter()

BACK = timedelta(days=30)
"""Days that are looked at when nobody says which (默认值)."""

type Day = Annotated[date | None, Query()]


@router.get("/desk/supervisor/checks")
async def sheet(request: Request, me: Me, since: Day = None, until: Day = None) -> Response:
    """What was decided outside the approval system, reminders missed, inspections; to be printed."""
    last = until or today_of(request)
    first = since or last - BACK
    asked = {"area": me.area, "since": first.isoformat(), "until": last.isoformat()}
    told = await me.get("supervision", "/outside-system", **asked, limit=1)  # or says why not
    rows = partial(listed, request, me)
    bodies, outside, missed, inspections = await me.together(
        rows("bodies", "supervision", "/outside-system", **asked),
        rows("outside", "supervision", "/outside-system/items", **asked),
        rows("missed", "supervision", "/reminders/missed", **asked),
        rows("inspections", "supervision", "/inspections", area=me.area),
    )
    matters = {str(row["matter"]) for row in (*outside, *missed)}
    matters |= {str(one) for row in inspections for one in row["matters"]}
    return await render(
        request, "checks.html", since=first, until=last, feeds=told["feeds"], bodies=bodies,
        outside=outside, missed=missed, inspections=inspections,
        numbers=await numbers_of(me, matters),
    )  # fmt: skip
