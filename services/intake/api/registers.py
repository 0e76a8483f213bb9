"""What can be read of projects, places, number series and publicity?"""

from dataclasses import replace
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.vocabulary import Series
from services.intake import queries
from services.intake.api.reading import (
    Cursor,
    Limit,
    Position,
    answer,
    cursor_of,
    may_read,
    page_of,
    service_of,
    wanted_rows,
)
from services.intake.service.streams import NUMBERS, PLACE, numbers_stream, place_stream
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Standing, accounts

router = APIRouter(tags=["registers"])


@router.get("/projects", summary="项目列表 Projects, a page at a time")
async def projects(
    request: Request,
    area: str | None = None,
    code: str | None = None,
    after: Cursor = None,
    limit: Limit = 50,
    min_position: Position = None,
) -> Response:
    wanted = await wanted_rows(request, area, after, limit, min_position)
    wanted = replace(wanted, code=code)
    return page_of(await queries.projects(service_of(request).floor.log.pool, wanted), limit)


@router.get("/projects/{id}", summary="项目 One project as it stands")
async def project(request: Request, id: UUID) -> Response:
    who, service = await principal_of(request), service_of(request)
    position = await service.floor.log.position()
    version, known, opening = await service.look.project_of(id)
    may_read(request, who, Standing(opening.area, accounts(known.applicant)))
    body = {
        "id": id,
        "version": version,
        "position": position,
        "area": opening.area,
        "code": known.code,
        "works": known.works,
        "applicant": known.applicant,
        "facts": dict(known.facts),
        "investment_amount": known.investment_amount and str(known.investment_amount),
        "land_area": known.land_area and str(known.land_area),
        "building_area": known.building_area and str(known.building_area),
        "registered_on": opening.day,
    }
    return answer(body, version)


@router.get("/places", summary="地方 The places this deployment serves")
async def places(request: Request) -> Response:
    await principal_of(request)
    packs = service_of(request).floor.packs.all()
    areas = {p.pack.jurisdiction.code: p.pack.jurisdiction.zh for p in packs}
    return answer(
        [{"id": place_stream(area), "area": area, "zh": zh} for area, zh in areas.items()]
    )


@router.get("/places/{id}", summary="政策包 The rules of a place, and which are 默认值")
async def place(request: Request, id: UUID) -> Response:
    """Editions, doors with their other names, modes, bodies, and every default of ours (X-06)."""
    await principal_of(request)
    service = service_of(request)
    version, known = await service.floor.handling.state_of(PLACE, id)
    opening = await queries.opening_of(service.floor.log.pool, id)
    if opening is None or not known.registered:
        raise Problem("not_found")
    pack = service.floor.packs.for_area(opening.area).pack
    body = {
        "id": id,
        "version": version,
        "area": opening.area,
        "active": known.active,
        "since": known.since,
        "registered": known.registered,
        "amended": dict(known.amended),
        "decided": sorted(question for _, question in known.decided),
        "instrument": pack.instrument.model_dump(mode="json"),
        "terms": pack.terms.words,
        "bodies": [b.model_dump(mode="json", exclude_none=True) for b in pack.bodies],
        "channels": [c.model_dump(mode="json", exclude_none=True) for c in pack.channels],
        "modes": [
            m.model_dump(mode="json", exclude_none=True, exclude={"papers"}) for m in pack.modes
        ],
        "defaults": [
            {"question": d.question, "path": d.path, "text": d.text, "label": "默认值"}
            for d in pack.defaults()
        ],
    }
    return answer(body, version)


@router.get("/numbers", summary="编号 A number series of a place and year")
async def numbers(
    request: Request, area: str, year: int, series: Series = "matter"
) -> Response:
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area))
    id = numbers_stream(area, year, series)
    version, known = await service.floor.handling.state_of(NUMBERS, id)
    if not version:
        raise Problem("not_found")
    body = {
        "id": id,
        "version": version,
        "series": series,
        "last": known.serial,
        "numbers": list(known.holders),
        "voided": sorted(known.voided),
    }
    return answer(body, version)


@router.get("/publicity", summary="宣传与公告 Notices and publicity of a place")
async def publicity(
    request: Request, area: str, after: Cursor = None, limit: Limit = 50
) -> Response:
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area))
    rows = await queries.publicity(service.floor.log.pool, area, cursor_of(after), limit)
    return page_of(rows, limit, "event")


@router.get("/figures/participation", summary="参与度与知晓度 Participation and awareness")
async def participation(request: Request, area: str) -> Response:
    """Eligible projects that chose a mode out of all eligible ones, and how units heard (YO-76)."""
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area))
    return answer(await queries.participation(service.floor.log.pool, area))
