"""What may be asked of the two tables, and of what was given to an assessment?"""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.evaluation import LeagueRow
from contracts.glossary import GLOSSARY
from contracts.pack import Pack
from contracts.vocabulary import AreaCode, AssessmentForm, BodyId, Ordinal, Quarter
from services.evaluation.api import answers as shapes
from services.evaluation.api.entering import Limit, Seen, may, views_then
from services.evaluation.domain.commands import PublishAppraisal, WithdrawPublication
from services.evaluation.domain.formulas import explained, formula_of
from services.evaluation.domain.league import changed, exported, ranks
from services.evaluation.domain.quarters import bounds
from services.evaluation.service import Evaluation
from shared.answering import Rows, answers, cursor_number, files, json_answer, passing
from shared.asking import Ask, By, takes
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem
from shared.sheets.writing import text_table, workbook_of

leagues = APIRouter(tags=["appraisal"])
takes(
    leagues,
    Ask("/appraisals/publications", PublishAppraisal),
    Ask("/appraisals/publications/withdrawals", WithdrawPublication),
)

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@leagues.get("/appraisals/table", **answers(shapes.Table))
async def table(
    request: Request, area: AreaCode, quarter: Quarter, min_position: Seen = 0
) -> Response:
    """Two tables, of centres and of departments, by different measures, and the assessments
    that the place counts them in (考核报表; YY-38, YY-45, YY-58, AS-105)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    rules, cuts = service.floor.packs.for_area(area), await service.cuts()
    first, last = bounds(quarter)
    rows = await service.league(rules, area, first, last, cuts, quarter)
    return json_answer(
        {
            "quarter": quarter,
            "position": cuts["evaluation"],
            "cut": cuts,
            "counts_in": rules.pack.appraisal.counts_in,
            "by": rules.pack.appraisal.by,
            "centres": _told(rows, "centres", rules.pack),
            "departments": _told(rows, "departments", rules.pack),
        }
    )


@leagues.get("/appraisals/publications", **answers(Rows[shapes.Publication]))
async def publications(
    request: Request,
    area: AreaCode,
    quarter: Quarter | None = None,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """What was given to assessments, the newest first; `state` is in_force, replaced by a later
    one, or withdrawn (考核结果报送)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    passed = cursor_number(after)
    async with views_then(service, at, "publications") as (then, queries):
        found = await queries.publications(area, quarter, passed, limit + 1)
    rows, goes_on = passing(found, limit, passed)
    pack = service.floor.packs.for_area(area).pack
    shown = [_named(row, pack) for row in rows]
    return then.told(json_answer({"rows": shown, "after": goes_on}))


@leagues.get("/appraisals/publications/preview", **answers(shapes.Preview))
async def preview(
    request: Request,
    area: AreaCode,
    quarter: Quarter,
    assessment: Annotated[Ordinal, Query()] = 1,
    form: AssessmentForm = "performance",
    min_position: Seen = 0,
) -> Response:
    """What would be given if it were given now: both tables, whether the rules allow it (`refusal`
    says why not), and what differs from what is in force (报送预览; YY-56, YY-57, YY-58).

    Nothing is recorded. `same` says that it would be given in vain: it is in force already.
    """
    service = await may(request, "ReadOffice", area, seen=min_position)
    principal, now = await principal_of(request), service.floor.clock()
    command = PublishAppraisal(area=area, quarter=quarter, assessment=assessment, form=form)
    found = await service.previewed(command, By(principal, UUID(int=0), None, now))
    rules = service.floor.packs.for_area(area)
    refused, before = found.refused, found.in_force
    row = {"quarter": quarter, "assessment": assessment, "form": form, "area": area}
    return json_answer(
        {
            **_named(row, rules.pack),
            "cut": [one.model_dump() for one in found.cut],
            "refusal": refused and {"reason": refused.code, "details": refused.details},
            "in_force": before.publication if before else None,
            "same": before is not None and before.rows == found.rows,
            "changed": changed(before.rows, found.rows) if before else [],
            "centres": _told(found.rows, "centres", rules.pack),
            "departments": _told(found.rows, "departments", rules.pack),
        }
    )


@leagues.get("/appraisals/publications/{id}", **answers(shapes.PublicationExplained))
async def publication(request: Request, id: UUID, min_position: Seen = 0) -> Response:
    """One publication with ranks and formulas, and counted again from its own places in the logs
    (考核结果报送; YY-56, YY-57, YY-58)."""
    service, row = await _publication(request, id, min_position)
    rows = tuple(LeagueRow.model_validate(one) for one in row["rows"])
    rules = service.floor.packs.for_area(row["area"])
    cuts = {one["store"]: one["position"] for one in row["cut"]}
    quarter = row["quarter"]
    again = await service.league(rules, row["area"], *bounds(quarter), cuts, quarter)
    return json_answer(
        {
            **_named(row, rules.pack),
            "rows": None,
            "centres": _told(rows, "centres", rules.pack),
            "departments": _told(rows, "departments", rules.pack),
            "recomputed": tuple(exported(row["form"], rules.pack, again)) == rows,
        }
    )


@leagues.get("/appraisals/publications/{id}/matters", **answers(shapes.BehindFigure))
async def behind(
    request: Request,
    id: UUID,
    body: BodyId,
    measure: str = Query(max_length=200),
    min_position: Seen = 0,
) -> Response:
    """The matters behind one figure that was given, as of its own places in the logs (考核说明)."""
    service, row = await _publication(request, id, min_position)
    rows = (LeagueRow.model_validate(one) for one in row["rows"])
    own = next((one for one in rows if one.body == body), None)
    if own is None or measure not in {m.measure for m in own.measures}:
        raise Problem("not_found")
    cuts = {one["store"]: one["position"] for one in row["cut"]}
    at, area, quarter = cuts["evaluation"], row["area"], row["quarter"]
    found = await service.counted_at(area, quarter, None, body, at)
    return json_answer(await service.behind(measure, found.whose, cuts))


@leagues.get("/appraisals/publications/{id}/export", **files(_XLSX, "text/csv"))
async def export(
    request: Request, id: UUID, form: Literal["xlsx", "csv"] = "xlsx", min_position: Seen = 0
) -> Response:
    """The same as a table for the assessment office, every figure with its rank and its formula
    (绩效考核导出、改革考核导出; YY-56, YY-57, YY-58)."""
    service, row = await _publication(request, id, min_position)
    pack = service.floor.packs.for_area(row["area"]).pack
    rows = tuple(LeagueRow.model_validate(one) for one in row["rows"])
    lines = list(_lines(rows, pack))
    header = ("表", "单位", "指标", "数值", "涉及件数", "名次", "公式")
    title = GLOSSARY[f"assessment_form.{row['form']}"]
    if form == "csv":
        content, media = text_table(header, lines), "text/csv; charset=utf-8"
    else:
        content, media = workbook_of(f"{title}{row['quarter']}", header, lines), _XLSX
    name = quote(f"{title}.{row['quarter']}.{form}")
    saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(content, media_type=media, headers=saved)


async def _publication(
    request: Request, id: UUID, seen: int
) -> tuple[Evaluation, dict[str, Any]]:
    service: Evaluation = request.app.state.service
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    row = await service.queries.publication(id)
    if row is None:
        raise Problem("not_found")
    await may(request, "ReadOffice", row["area"])
    return service, row


def _named(row: dict[str, Any], pack: Pack) -> dict[str, Any]:
    """With the name of the assessment, as the rules of today have it."""
    named, place = pack.appraisal.counts_in, row["assessment"]
    return {**row, "assessment_zh": named[place - 1] if place <= len(named) else None}


def _told(rows: Sequence[LeagueRow], which: str, pack: Pack) -> list[dict[str, Any]]:
    placed, names = ranks(rows), {body.id: body.zh for body in pack.bodies}
    return [
        {
            "body": row.body,
            "zh": names.get(row.body, row.body),
            "measures": [
                {**explained(m), "rank": placed.get((row.body, m.measure))}
                for m in row.measures
            ],
        }
        for row in rows
        if row.table == which
    ]


def _lines(rows: Sequence[LeagueRow], pack: Pack) -> Iterator[tuple[str, ...]]:
    placed, names = ranks(rows), {body.id: body.zh for body in pack.bodies}
    for row in rows:
        for measure in row.measures:
            rank = placed.get((row.body, measure.measure))
            yield (
                GLOSSARY[f"league.{row.table}"],
                names.get(row.body, row.body),
                measure.measure,
                str(explained(measure)["shown"]),
                str(measure.facts),
                str(rank or "—"),
                formula_of(measure.measure).zh,
            )
