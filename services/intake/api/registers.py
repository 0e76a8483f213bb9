"""What can be read of projects, places, number series and publicity?"""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.pack.capability import shown_only
from contracts.vocabulary import Series
from services.intake import queries
from services.intake.api.answers import registers as shapes
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
from services.intake.domain.project import advice
from services.intake.service.lookup import legal_today
from services.intake.service.streams import NUMBERS, PLACE, numbers_stream, place_stream
from shared.answering import Page, answers
from shared.http import principal_of
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Standing

router = APIRouter(tags=["registers"])


@router.get(
    "/projects",
    summary="项目列表 Projects, a page at a time",
    **answers(Page[shapes.ProjectRow]),
)
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


@router.get(
    "/projects/{id}",
    summary="项目 One project as it stands",
    **answers(shapes.Project),
)
async def project(request: Request, id: UUID) -> Response:
    who, service = await principal_of(request), service_of(request)
    position = await service.floor.log.position()
    version, known, opening = await service.look.project_of(id)
    may_read(request, who, await service.look.standing_of_project(id, opening.area, known))
    body = {
        "id": id,
        "version": version,
        "position": position,
        "area": opening.area,
        "code": known.code,
        "works": known.works,
        "parent": known.parent,
        "warnings": advice(known.warnings),
        "told_by": {
            name: {"source": told.source, "observed_at": told.observed_at}
            for name, told in known.told.items()
        },
        "applicant": known.applicant,
        "facts": dict(known.facts),
        "investment_amount": known.investment_amount and str(known.investment_amount),
        "land_area": known.land_area and str(known.land_area),
        "building_area": known.building_area and str(known.building_area),
        "registered_on": opening.day,
    }
    return answer(body, version)


@router.get(
    "/projects/{id}/reusable",
    summary="可共享材料 What is held already and need not be asked",
    **answers(shapes.Reusable),
)
async def reusable(request: Request, id: UUID) -> Response:
    """Papers of the project's own matters and of the project it extends (X-14, HS-83)."""
    who, service = await principal_of(request), service_of(request)
    _, known, opening = await service.look.project_of(id)
    may_read(request, who, await service.look.standing_of_project(id, opening.area, known))
    return answer({"id": id, "items": await service.look.reusable(id)})


@router.get(
    "/places",
    summary="地方 The places this deployment serves",
    **answers(list[shapes.PlaceRow]),
)
async def places(request: Request) -> Response:
    await principal_of(request)
    packs = service_of(request).floor.packs.all()
    areas = {p.pack.jurisdiction.code: p.pack.jurisdiction.zh for p in packs}
    return answer(
        [{"id": place_stream(area), "area": area, "zh": zh} for area, zh in areas.items()]
    )


@router.get(
    "/places/{id}",
    summary="政策包 The rules of a place, and which are 默认值",
    **answers(shapes.Place),
)
async def place(request: Request, id: UUID) -> Response:
    """Editions, doors and other names, modes, bodies, our defaults (X-06), what is only shown.

    `shown_only` lists the entries that nothing acts on (只展示，不自动执行).
    """
    await principal_of(request)
    service = service_of(request)
    version, known = await service.floor.handling.state_of(PLACE, id)
    opening = await queries.opening_of(service.floor.log.pool, id)
    if opening is None or not known.registered:
        raise Problem("not_found")
    today = legal_today(service.floor.clock())
    active = await service.look.in_force(opening.area, today)
    packs = service.floor.packs
    pack = (packs.edition(active) if active else packs.for_area(opening.area)).pack
    body = {
        "id": id,
        "version": version,
        "area": opening.area,
        "active": known.active,
        "since": known.since,
        "in_force": active,
        "activations": [
            {"edition": a.edition, "begins_on": a.begins_on, "override": a.override}
            for a in known.editions.activations
        ],
        "activations_asked": [
            {"edition": edition, "begins_on": day, "override": draft, "asked_by": list(by)}
            for (edition, day, draft), by in known.asked.items()
        ],
        "retired": dict(known.editions.retired),
        "registered": known.registered,
        "editions": [_edition(rules, today) for rules in packs.editions_of(opening.area)],
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
        "shown_only": [
            {"path": one.path, "zh": one.zh, "en": one.en} for one in shown_only(pack)
        ],
    }
    return answer(body, version)


def _edition(rules: Rules, today: date) -> dict[str, Any]:
    """An edition this deployment carries, and whether its text is in effect today (HS-01)."""
    pack, text = rules.pack, rules.pack.instrument
    return {
        "edition": rules.edition,
        "version": pack.version,
        "status": text.status,
        "validity": text.validity(today),
        "inherits": pack.jurisdiction.inherits,
        "consultees": text.consultees,
    }


@router.get(
    "/numbers",
    summary="编号 A number series of a place and year",
    **answers(shapes.Numbers),
)
async def numbers(
    request: Request, area: str, year: int, series: Series = "matter"
) -> Response:
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area), "ReadPlace")
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
        "preprinted": list(known.unused),
    }
    return answer(body, version)


@router.get(
    "/publicity",
    summary="宣传与公告 Notices and publicity of a place",
    **answers(Page[shapes.Publicity]),
)
async def publicity(
    request: Request, area: str, after: Cursor = None, limit: Limit = 50
) -> Response:
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area), "ReadPlace")
    rows = await queries.publicity(service.floor.log.pool, area, cursor_of(after), limit)
    return page_of(rows, limit, "event")


@router.get(
    "/figures/participation",
    summary="参与度与知晓度 Participation and awareness",
    **answers(shapes.Participation),
)
async def participation(request: Request, area: str) -> Response:
    """Eligible projects that chose a mode out of all eligible ones, and how units heard (YO-76)."""
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area), "ReadPlace")
    return answer(await queries.participation(service.floor.log.pool, area))
