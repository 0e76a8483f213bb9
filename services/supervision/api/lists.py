"""What may the office and the bodies read and ask across matters?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.vocabulary import BodyId
from services.supervision import queries
from services.supervision.api.answering import (
    Limit,
    Min,
    answer,
    cursor,
    may_read,
    may_read_of,
    page,
)
from services.supervision.api.answers import lists as shapes
from services.supervision.domain import commands
from services.supervision.domain.rights import RIGHTS
from services.supervision.service import OFFICE, Supervision, office_of
from shared.answering import Rows, answers, cursor_number, json_answer, passing
from shared.asking import Ask, takes
from shared.http import principal_of
from shared.past import At
from shared.rights import Standing, can

OFFICES = (
    Ask("/returns", commands.FileReturn),
    Ask("/returns/calls", commands.CallForReturn),
    Ask("/issue-lists", commands.DispatchIssueList),
    Ask("/inspections", commands.RecordInspection),
)


def lists(service: Supervision) -> APIRouter:
    """Items and problems of an area."""
    router = APIRouter(tags=["lists"])

    @router.get(
        "/items", summary="事项清单：按状态、单位、超期筛选", **answers(Rows[shapes.Item])
    )
    async def items(  # noqa: PLR0913
        request: Request,
        area: str,
        state: str | None = None,
        body: str | None = None,
        overdue: bool = False,
        second_notice: bool = False,
        after: str | None = None,
        limit: Limit = 50,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        key = cursor(after)
        place = (UUID(key[0]), key[1]) if key else None
        async with service.floor.past.views(at, "items") as seen:
            today = seen.today if overdue else None
            wanted = queries.Wanted(area, state, body, today, second_notice)
            rows = await queries.items(seen.over, wanted, place, limit + 1)
        return seen.told(page(rows, limit, ("matter", "item")))

    @router.get(
        "/items/lying",
        summary="在办事项：这些单位手上的，先到期的在前",
        **answers(Rows[shapes.Item]),
    )
    async def lying(
        request: Request,
        area: str,
        body: Annotated[list[BodyId], Query(min_length=1, max_length=20)],
        after: str = "",
        limit: Limit = 50,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        for one in body:
            await may_read_of(service, request, area, one, min_position)
        passed = cursor_number(after)
        async with service.floor.past.views(at, "items") as seen:
            found = await queries.lying(seen.over, area, body, passed, limit + 1)
        rows, goes_on = passing(found, limit, passed)
        return seen.told(json_answer({"rows": rows, "after": goes_on}))

    @router.get(
        "/projects/{id}/matters", summary="一个项目的办件", **answers(shapes.MattersOfProject)
    )
    async def of_project(request: Request, id: UUID) -> Response:
        who = await principal_of(request)
        found = await queries.matters_of(service.floor.log.pool, id)
        now = service.floor.clock()
        mine = [
            matter
            for matter, area in found
            if can(RIGHTS, who, "ReadOffice", Standing(area), now).allowed
        ]
        return json_answer({"matters": [{"matter": str(one)} for one in mine]})

    @router.get("/issues", summary="问题清单", **answers(Rows[shapes.Issue]))
    async def issues(
        request: Request,
        area: str,
        owner: str | None = None,
        open_only: bool = True,
        after: str | None = None,
        limit: Limit = 50,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        key = cursor(after)
        place = UUID(key[0]) if key else None
        async with service.floor.past.views(at, "issues") as seen:
            rows = await queries.issues(
                seen.over, area, owner, place, limit + 1, open_only=open_only
            )
        return seen.told(page(rows, limit, ("issue",)))

    return router


def offices(service: Supervision) -> APIRouter:
    """Returns, issue lists and inspections of an area."""
    router = APIRouter(tags=["office"])
    takes(router, *OFFICES)

    async def office_version(area: str, upto: int | None) -> int:
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area), upto=upto)
        return version

    @router.get("/returns", summary="应报与已报", **answers(shapes.Returns))
    async def returns(
        request: Request,
        area: str,
        quarter: str | None = None,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        async with service.floor.past.views(at, "returns") as seen:
            found = await queries.returns(seen.over, area, quarter)
        version = await office_version(area, seen.position)
        return answer({"returns": found}, version, seen.of(position))

    @router.get(
        "/returns/draft", summary="报表底稿：同一截点得到同样的字节", **answers(shapes.Draft)
    )
    async def draft(
        request: Request,
        area: str,
        form: str,
        quarter: Annotated[str, Query(pattern=r"^[0-9]{4}-Q[1-4]$")],
        body: str,
        cut: Min = None,
    ) -> Response:
        await may_read(service, request, area, cut)
        pool = service.floor.log.pool
        at = await queries.ledger_position(pool) if cut is None else cut
        made = await queries.drafted(
            pool, area=area, form=form, quarter=quarter, body=body, cut=at
        )
        headers = {"Onefile-Cut": str(at), "Onefile-Rows": str(made.rows)}
        return Response(made.text, media_type="application/json", headers=headers)

    @router.get("/areas", summary="有办件的地区", **answers(shapes.Areas))
    async def areas(request: Request) -> Response:
        who = await principal_of(request)
        now = service.floor.clock()
        known = sorted(await queries.areas(service.floor.log.pool))
        mine = [a for a in known if can(RIGHTS, who, "ReadOffice", Standing(a), now).allowed]
        return json_answer({"areas": mine})

    @router.get(
        "/ladders/effects",
        summary="各级处置的效果：多少次、是否奏效、用了几天",
        **answers(shapes.Effects),
    )
    async def effects(
        request: Request, area: str, min_position: Min = None, at: At = None
    ) -> Response:
        await may_read(service, request, area, min_position)
        async with service.floor.past.views(at, "climbs") as seen:
            found = await queries.effects(seen.over, area)
        return seen.told(json_answer({"rungs": found}))

    @router.get(
        "/owed",
        summary="应办未办：报到、议定事项、回函、问题、缴费、后续联系",
        **answers(Rows[shapes.OwedRow]),
    )
    async def owed(
        request: Request,
        area: str,
        to: Annotated[str | None, Query(max_length=64)] = None,
        late: bool = False,
        after: str = "",
        limit: Limit = 50,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read_of(service, request, area, to, min_position)
        passed = cursor_number(after)
        async with service.floor.past.views(at, "owed") as seen:
            day = seen.today if late else None
            found = await queries.owed(seen.over, area, to, day, passed, limit + 1)
        rows, goes_on = passing(found, limit, passed)
        return seen.told(json_answer({"rows": rows, "after": goes_on}))

    @router.get(
        "/issues/digest", summary="问题汇总：分级、销号、清零", **answers(shapes.Digest)
    )
    async def digest(
        request: Request, area: str, min_position: Min = None, at: At = None
    ) -> Response:
        await may_read(service, request, area, min_position)
        async with service.floor.past.views(at, "issues") as seen:
            found = await queries.digest(seen.over, area)
        left = sum(row["open"] for row in found)
        body = {"rows": found, "open": left, "all_clear": bool(found) and not left}
        return seen.told(json_answer(body))

    @router.get("/inspections", summary="督促检查记录", **answers(shapes.Inspections))
    async def inspections(
        request: Request,
        area: str,
        after: Annotated[int | None, Query(ge=1, lt=2**63)] = None,
        limit: Limit = 200,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        async with service.floor.past.views(at, "returns") as seen:
            found = await queries.inspections(seen.over, area, after, limit + 1)
        rows = found[:limit]
        goes_on = rows[-1]["position"] if len(found) > limit else None
        version = await office_version(area, seen.position)
        return answer({"inspections": rows, "after": goes_on}, version, seen.of(position))

    return router
