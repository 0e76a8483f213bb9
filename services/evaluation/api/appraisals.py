"""What may be asked of an appraisal: its figures, their formulas, the matters behind them?"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.evaluation import Measure
from contracts.vocabulary import ActorId, AreaCode, BodyId, Quarter
from services.evaluation.api.entering import JUDGES, Seen, may
from services.evaluation.domain.formulas import explained
from services.evaluation.domain.quarters import bounds
from services.evaluation.domain.sealing import kept_back
from services.evaluation.service import Evaluation, Found
from shared.answering import json_answer
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Principal

type Position = Annotated[int | None, Query(ge=0)]

appraisals = APIRouter(tags=["appraisal"])


@appraisals.get("/appraisals")
async def results(
    request: Request,
    area: AreaCode,
    quarter: Quarter | None = None,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    min_position: Seen = 0,
) -> Response:
    """Results per quarter; an agent reads his own (考核结果; YO-50, YO-64)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    principal = await principal_of(request)
    rows = await service.queries.appraisals(area, quarter, agent, body)
    return json_answer({"rows": [_for(principal, service, row) for row in rows]})


def _sealed(
    who: Principal, service: Evaluation, area: str, measures: tuple[Measure, ...]
) -> list[str]:
    """The measures that the caller may not see: of too few ratings, unless he judges (X-05)."""
    if who.roles & JUDGES:
        return []
    pack = service.floor.packs.for_area(area).pack
    return kept_back(measures, [i.id for i in pack.evaluation.instruments], pack)


def _for(who: Principal, service: Evaluation, row: Mapping[str, Any]) -> dict[str, Any]:
    found = tuple(Measure.model_validate(m) for m in row["measures"])
    sealed = _sealed(who, service, row["area"], found)
    shown = [m for m in row["measures"] if m["measure"] not in sealed]
    return {**row, "measures": shown, "sealed": sealed}


@appraisals.get("/appraisals/count")
async def count(
    request: Request,
    area: AreaCode,
    quarter: Quarter,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    position: Position = None,
    min_position: Seen = 0,
) -> Response:
    """The figures as they stood at any place in the log, each with its formula (考核重放; YO-50)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    last = await service.floor.log.position()
    if not await service.floor.views.reached(last):
        raise Problem("behind")
    cut = last if position is None else min(position, last)
    found = await service.counted_at(area, quarter, agent, body, cut)
    sealed = _sealed(await principal_of(request), service, area, found.measures)
    return json_answer(
        {
            "area": area,
            "quarter": quarter,
            "agent": agent,
            "body": body,
            "position": cut,
            "excluded": found.whose.excluded,
            "unrated": found.unrated,
            "measures": [explained(m) for m in found.measures if m.measure not in sealed],
            "sealed": sealed,
        }
    )


_OF_DEPARTMENTS = (
    "bad_ratings",
    "bad_ratings_rectified",
    "bad_ratings_late",
    "complaints_upheld",
)
"""A department approves and does not serve: what it is measured by is its faults put right."""


@appraisals.get("/appraisals/table")
async def table(
    request: Request, area: AreaCode, quarter: Quarter, min_position: Seen = 0
) -> Response:
    """Two tables, of centres and of departments, by different measures, and the assessments
    that the place counts them in (考核报表; YY-38, YY-45, YY-56, YY-57, YY-58)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    pack = service.floor.packs.for_area(area).pack
    position = await service.floor.log.position()
    centres, departments = [], []
    for body in pack.bodies:
        found = await service.counted_at(area, quarter, None, body.id, position)
        told = [explained(m) for m in found.measures]
        row: dict[str, Any] = {"body": body.id, "zh": body.zh, "unrated": found.unrated}
        if body.kind == "department":
            few = [m for m in told if m["measure"] in _OF_DEPARTMENTS]
            departments.append({**row, "measures": few})
        elif body.kind in ("centre", "hall", "park", "township"):
            centres.append({**row, "measures": told})
    return json_answer(
        {
            "quarter": quarter,
            "position": position,
            "counts_in": pack.appraisal.counts_in,
            "by": pack.appraisal.by,
            "centres": centres,
            "departments": departments,
        }
    )


@appraisals.get("/appraisals/{id}")
async def one(request: Request, id: UUID, min_position: Seen = 0) -> Response:
    """One result, explained, and counted again at its own place in the log (考核说明; YO-50)."""
    service, row = await _appraisal(request, id, min_position)
    found = await _again(service, row)
    kept = tuple(Measure.model_validate(m) for m in row["measures"])
    sealed = _sealed(await principal_of(request), service, row["area"], kept)
    return json_answer(
        {
            **row,
            "measures": [explained(m) for m in kept if m.measure not in sealed],
            "sealed": sealed,
            "recomputed": found.measures == kept and found.unrated == row["unrated"],
        }
    )


@appraisals.get("/appraisals/{id}/matters")
async def behind(
    request: Request, id: UUID, measure: str = Query(max_length=200), min_position: Seen = 0
) -> Response:
    """The matters behind one figure; what a unit thought is not told to the rated (X-05)."""
    service, row = await _appraisal(request, id, min_position)
    if measure not in {m["measure"] for m in row["measures"]}:
        raise Problem("not_found")
    principal = await principal_of(request)
    if not principal.roles & JUDGES and measure not in ("matters", "load"):
        raise Problem("forbidden")
    found = await _again(service, row)
    return json_answer({"rows": await service.queries.behind(found.whose, measure)})


@appraisals.get("/appeals")
async def appeals(
    request: Request,
    area: AreaCode,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    min_position: Seen = 0,
) -> Response:
    """Appeals and what came of them; who appealed reads his own (考核申诉)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    return json_answer({"rows": await service.queries.appeals(area, agent, body)})


async def _appraisal(
    request: Request, id: UUID, seen: int
) -> tuple[Evaluation, dict[str, Any]]:
    """An appraisal that the caller may read; for anybody else there is none."""
    service: Evaluation = request.app.state.service
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    row = await service.queries.appraisal(id)
    if row is None:
        raise Problem("not_found")
    body = None if row["agent"] else row["body"]
    await may(request, "ReadAppraisals", row["area"], agent=row["agent"], body=body)
    return service, row


async def _again(service: Evaluation, row: Mapping[str, Any]) -> Found:
    cut = next(c["position"] for c in row["cut"] if c["store"] == "evaluation")
    return await service.counted_at(row["area"], row["quarter"], row["agent"], row["body"], cut)


def open_figures(found: Found) -> list[dict[str, object]]:
    """The figures that are for everybody: of an area, and of no rating when there are few."""
    return [explained(m) for m in found.measures if m.facts == 0 or m.facts >= 5]


everybody = APIRouter(tags=["public"])


@everybody.get("/public/figures")
async def status(request: Request, area: AreaCode, quarter: Quarter) -> Response:
    """How the service of an area was rated in a quarter, in sums alone (公开统计; HS-19)."""
    service: Evaluation = request.app.state.service
    position = await service.floor.log.position()
    found = await service.counted_at(area, quarter, None, None, position)
    first, last = bounds(quarter)
    return json_answer(
        {
            "area": area,
            "quarter": quarter,
            "from": first,
            "to": last,
            "measures": open_figures(found),
            "few": "少于5件的指标不公开 / figures of fewer than five are not published",
        }
    )
