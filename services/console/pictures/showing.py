"""Where do people look rather than read: the plan, the flow chart, load and days to come, the map?"""

import asyncio
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.console.backend import Caller, Refusal
from services.console.entering import Me, Outside
from services.console.geometry import Geometry, placed
from services.console.naming import Names
from services.console.pictures.drawing import Bar, Tile, bars, heat, outlines, tiles
from services.console.pictures.figures import by_department, days_ahead, forecast
from services.console.pictures.flow import chart, stages_of
from services.console.rendering import render
from shared.clock import LEGAL_ZONE

router = APIRouter()

PAGES, PAGE = 25, 200
"""Items that a picture of an area is made of: so many pages of so many. More are said to be more."""
IMAGE = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}
SVG = "image/svg+xml; charset=utf-8"

type Quarter = Annotated[str, Query(pattern=r"^([0-9]{4}-Q[1-4])?$")]


@router.get("/pictures/plan/{id}.svg")
async def plan(me: Me, id: UUID) -> Response:
    """The plan of a matter with what really happened."""
    sent = await me.bytes("supervision", f"/matters/{id}/plan.svg", language=me.language)
    return Response(sent.content, media_type=SVG, headers=IMAGE)


@router.get("/pictures/map")
async def areas(request: Request, me: Me) -> Response:
    """Open matters by area."""
    found = (await me.get("archive", "/areas"))["areas"]
    names: Names = request.app.state.names.in_(me.language)
    tiled = [
        Tile(
            one["area"],
            names.place(one["area"]),
            one["open"],
            one["closed"],
            f"/pictures/{one['area']}",
        )
        for one in found
    ]
    title = "各地在办件数" if me.language == "zh" else "Open matters by area"
    known: Geometry = request.app.state.geometry
    by_code = {one.code: one for one in tiled}
    shapes, height = await asyncio.to_thread(placed, known, by_code)
    drawn = outlines(title, shapes, height, by_code) if shapes else tiles(title, tiled)
    return await render(
        request, "pictures/map.html", drawn=drawn, areas=tiled, title=title, lie=bool(shapes),
        without=[one for one in tiled if one.code not in known] if shapes else (),
    )  # fmt: skip


@router.get("/pictures/flow/{area}")
async def flow(request: Request, me: Me, area: str, matter: UUID | None = None) -> Response:
    """The flow chart of a place, and where one matter is on it."""
    pack = _pack(request, area)
    stages, number = [], ""
    if matter is not None:
        asked, told = await me.together(
            me.get("intake", f"/matters/{matter}"),
            me.get("archive", f"/matters/{matter}/story"),
        )
        stages, number = stages_of(pack, asked["mode"], told["lines"]), asked["number"] or ""
    else:
        await me.get("archive", "/log/position")
    return await render(
        request,
        "pictures/flow.html",
        area=area,
        matter=matter,
        stages=stages,
        number=number,
    )


@router.get("/pictures/flow/{area}/chart.svg")
async def flow_chart(
    request: Request, me: Me, area: str, matter: UUID | None = None
) -> Response:
    """The chart itself."""
    pack = _pack(request, area)
    stages = []
    if matter is not None:
        asked, told = await me.together(
            me.get("intake", f"/matters/{matter}"),
            me.get("archive", f"/matters/{matter}/story"),
        )
        stages = stages_of(pack, asked["mode"], told["lines"])
    made = chart(pack, "en" if me.language == "en" else "zh", stages)
    return Response(made, media_type=SVG, headers=IMAGE)


@router.get("/pictures/{area}")
async def dashboard(request: Request, me: Me, area: str, quarter: Quarter = "") -> Response:
    """Load, the days to come, the heat of departments, the figures of a quarter."""
    now = request.app.state.clock().astimezone(LEGAL_ZONE).date()
    asked = quarter or f"{now.year}-Q{(now.month + 2) // 3}"
    load, morning, (items, more), figures = await me.together(
        me.maybe("assignment", "/load", area=area),
        me.maybe("supervision", "/morning", area=area),
        _items(me, area),
        me.maybe("evaluation", "/public/figures", area=area, quarter=asked),
    )
    since, until = bounds(asked)
    counted = await me.maybe("evaluation", "/figures", area=area, since=since, until=until)
    if load is None and morning is None and items is None:
        raise Refusal("supervision", 403, {"type": "urn:onefile:problem:forbidden"})
    today = date.fromisoformat(morning["on"]) if morning else now
    names: Names = request.app.state.names.in_(me.language)
    return await render(
        request,
        "pictures/dashboard.html",
        area=area,
        quarter=asked,
        quarters=_quarters(now),
        more=more,
        **_drawn(me, names, area, today, (load, morning, items)),
        figures=figures,
        counted=counted,
    )


def _drawn(
    me: Caller, names: Names, area: str, today: date, told: tuple[Any, Any, Any]
) -> dict[str, Any]:
    """The pictures, each with the rows it was made of: the same as a table."""
    load, morning, items = told
    english = me.language == "en"
    rows = (load or {}).get("load", ())
    hands = [
        Bar(f"{names.person(r['agent'])} {names.body(area, r['body'])}", 0, r["items"])
        for r in rows
    ]
    coming: list[Bar] = []
    rules = names.rules(area)
    if items is not None and rules is not None:
        days = days_ahead(rules.calendar, today)
        coming = [
            one if one.name else one._replace(name="overdue" if english else "已超期")
            for one in forecast(days, items, (morning or {}).get("foreseen", ()))
        ]
    columns = (
        ("at work", "urged once", "twice", "3 or more", "overdue")
        if english
        else ("在办", "催一次", "两次", "三次以上", "超期")
    )
    warm = [
        (names.body(area, body), values) for body, values in by_department(items or [], today)
    ]
    return {
        "hands": hands,
        "load": bars("Open items by person" if english else "在办事项，按人", hands),
        "coming": coming,
        "forecast": bars(
            "Due in the working days to come" if english else "今后十个工作日到期", coming
        ),
        "warm": warm,
        "columns": columns,
        "heat": heat("Urging by department" if english else "各部门督办热度", columns, warm),
        "foreseen": (morning or {}).get("foreseen", ()),
        "left_out": (morning or {}).get("counts", {}).get("foreseen", {}).get("left_out", 0),
    }


def bounds(quarter: str) -> tuple[str, str]:
    """The first and the last day of `2026-Q4`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    after = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, number * 3 - 2, 1).isoformat(), (after - timedelta(days=1)).isoformat()


def _quarters(now: date) -> list[str]:
    found, year, quarter = [], now.year, (now.month + 2) // 3
    for _ in range(6):
        found.append(f"{year}-Q{quarter}")
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    return found


def _pack(request: Request, area: str) -> Any:
    rules = request.app.state.names.rules(area)
    if rules is None:
        raise Outside("not_found", 404)
    return rules.pack


async def _items(me: Caller, area: str) -> tuple[list[dict[str, Any]] | None, bool]:
    """The items of an area, page by page; whether there are more than were read."""
    found: list[dict[str, Any]] = []
    after = ""
    for _ in range(PAGES):
        page = await me.maybe("supervision", "/items", area=area, limit=PAGE, after=after)
        if page is None:
            return None, False
        found += page["rows"]
        after = page["after"]
        if not after:
            return found, False
    return found, True
