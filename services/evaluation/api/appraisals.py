"""What may be asked of an appraisal: its figures, their formulas, the matters behind them?"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.evaluation import Measure
from contracts.vocabulary import ActorId, AreaCode, BodyId, Quarter
from services.evaluation.api import answers as shapes
from services.evaluation.api.entering import JUDGES, Limit, Seen, may, views_then
from services.evaluation.domain.appraising import MISSED
from services.evaluation.domain.formulas import explained
from services.evaluation.domain.quarters import bounds
from services.evaluation.domain.sealing import kept_back, of_ratings
from services.evaluation.service import Evaluation, Found
from shared.answering import Rows, answers, cursor_number, json_answer, passing
from shared.clock import LEGAL_ZONE
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem
from shared.rights import Principal

_ASK = (
    "评价按季度汇总公开，过去某一时点的数字由考核机构查看 / "
    "the rated read whole quarters; figures at a past position are for the appraising office"
)

_OF_SERVICE = ("matters", "load", MISSED)
"""Figures that no rating moves: whose they are may open the matters behind them."""

type Position = Annotated[int | None, Query(ge=0)]

appraisals = APIRouter(tags=["appraisal"])


@appraisals.get("/appraisals", **answers(Rows[shapes.Appraisal]))
async def results(  # noqa: PLR0913
    request: Request,
    area: AreaCode,
    quarter: Quarter | None = None,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Results per quarter; an agent reads his own (考核结果; YO-50, YO-64)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    principal = await principal_of(request)
    passed = cursor_number(after)
    async with views_then(service, at, "appraisals") as (then, queries):
        found = await queries.appraisals(area, quarter, agent, body, passed, limit + 1)
    rows, goes_on = passing(found, limit, passed)
    told = [_for(principal, service, row) for row in rows]
    return then.told(json_answer({"rows": told, "after": goes_on}))


def _sealed(
    who: Principal,
    service: Evaluation,
    area: str,
    agent: str | None,
    measures: tuple[Measure, ...],
    *,
    over: bool = True,
) -> list[str]:
    """The measures that the caller may not see, unless he judges: of too few ratings, or of a
    quarter that is not over, where each rating would show by itself (X-05)."""
    if who.roles & JUDGES and who.id != agent:
        return []
    if not over:
        return [m.measure for m in measures if of_ratings(m.measure)]
    return kept_back(measures, service.floor.packs.for_area(area).pack)


def _for(who: Principal, service: Evaluation, row: Mapping[str, Any]) -> dict[str, Any]:
    found = tuple(Measure.model_validate(m) for m in row["measures"])
    sealed = _sealed(who, service, row["area"], row["agent"], found)
    shown = [m for m in row["measures"] if m["measure"] not in sealed]
    unrated = None if sealed else row["unrated"]
    return {**row, "measures": shown, "sealed": sealed, "unrated": unrated}


@appraisals.get("/appraisals/count", **answers(shapes.Counted))
async def count(
    request: Request,
    area: AreaCode,
    quarter: Quarter,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    position: Position = None,
    heard: Position = None,
    min_position: Seen = 0,
) -> Response:
    """The figures as they stood at any place in the log, each with its formula (考核重放; YO-50).

    `heard` is the place in supervision's log up to which reminders not given are counted; now
    without `position`, and left out with it.
    """
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    cuts = await service.cuts()
    who, last = await principal_of(request), cuts["evaluation"]
    judges = bool(who.roles & JUDGES) and who.id != agent
    if position is not None and not judges:
        raise Problem("forbidden", reason="sealed_from_the_rated", remedy=_ASK)
    cut = last if position is None else min(position, last)
    if position is None and service.reminds(area):
        heard = cuts["supervision"]
    heard = None if heard is None else min(heard, cuts["supervision"])
    found = await service.counted_at(area, quarter, agent, body, cut, heard)
    today = service.floor.clock().astimezone(LEGAL_ZONE).date()
    over = today > bounds(quarter)[1]
    sealed = _sealed(who, service, area, agent, found.measures, over=over)
    return json_answer(
        {
            "area": area,
            "quarter": quarter,
            "agent": agent,
            "body": body,
            "position": cut if judges else None,
            "heard": heard if judges else None,
            "excluded": found.whose.excluded,
            "unrated": None if sealed else found.unrated,
            "measures": [explained(m) for m in found.measures if m.measure not in sealed],
            "sealed": sealed,
        }
    )


@appraisals.get("/appraisals/count/matters", **answers(shapes.BehindFigure))
async def behind_count(
    request: Request,
    area: AreaCode,
    quarter: Quarter,
    measure: str = Query(max_length=200),
    agent: ActorId | None = None,
    body: BodyId | None = None,
    position: Position = None,
    min_position: Seen = 0,
) -> Response:
    """The matters behind a figure of such a count (考核说明); as of an appraisal's own, what a
    unit thought is not told to the rated (X-05)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    who, cuts = await principal_of(request), await service.cuts()
    judges = bool(who.roles & JUDGES) and who.id != agent
    if not judges and (position is not None or measure not in _OF_SERVICE):
        raise Problem("forbidden")
    if position is not None:
        cuts["evaluation"] = min(position, cuts["evaluation"])
    found = await service.counted_at(area, quarter, agent, body, cuts["evaluation"])
    if measure not in (MISSED, *(m.measure for m in found.measures)):
        raise Problem("not_found")
    return json_answer(await service.behind(measure, found.whose, cuts))


@appraisals.get("/appraisals/{id}", **answers(shapes.AppraisalExplained))
async def one(request: Request, id: UUID, min_position: Seen = 0) -> Response:
    """One result, explained, and counted again at its own place in the log (考核说明; YO-50)."""
    service, row = await _appraisal(request, id, min_position)
    found = await _again(service, row)
    kept = tuple(Measure.model_validate(m) for m in row["measures"])
    who = await principal_of(request)
    sealed = _sealed(who, service, row["area"], row["agent"], kept)
    return json_answer(
        {
            **row,
            "measures": [explained(m) for m in kept if m.measure not in sealed],
            "sealed": sealed,
            "unrated": None if sealed else row["unrated"],
            "recomputed": found.measures == kept and found.unrated == row["unrated"],
        }
    )


@appraisals.get("/appraisals/{id}/matters", **answers(shapes.BehindFigure))
async def behind(
    request: Request, id: UUID, measure: str = Query(max_length=200), min_position: Seen = 0
) -> Response:
    """The matters behind one figure; what a unit thought is not told to the rated (X-05)."""
    service, row = await _appraisal(request, id, min_position)
    if measure not in {m["measure"] for m in row["measures"]}:
        raise Problem("not_found")
    principal = await principal_of(request)
    judges = bool(principal.roles & JUDGES) and principal.id != row["agent"]
    if not judges and measure not in _OF_SERVICE:
        raise Problem("forbidden")
    found = await _again(service, row)
    cuts = {one["store"]: one["position"] for one in row["cut"]}
    return json_answer(await service.behind(measure, found.whose, cuts))


@appraisals.get("/appeals", **answers(Rows[shapes.Appeal]))
async def appeals(
    request: Request,
    area: AreaCode,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Appeals and what came of them; who appealed reads his own (考核申诉)."""
    service = await may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    passed = cursor_number(after)
    async with views_then(service, at, "appeals") as (then, queries):
        found = await queries.appeals(area, agent, body, passed, limit + 1)
    rows, goes_on = passing(found, limit, passed)
    return then.told(json_answer({"rows": rows, "after": goes_on}))


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
    cuts = {one["store"]: one["position"] for one in row["cut"]}
    return await service.counted_at(
        row["area"],
        row["quarter"],
        row["agent"],
        row["body"],
        cuts["evaluation"],
        cuts.get("supervision"),
    )
