"""What may people and other services ask of supervision?"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Request, Response

from contracts.calendar import Calendar
from contracts.vocabulary import ItemCode
from services.supervision import queries
from services.supervision.domain import commands
from services.supervision.domain.clocks import clocks_of, ledger
from services.supervision.domain.course import Course
from services.supervision.domain.facts import Facts
from services.supervision.domain.picture import clock_of, picture, plan_of
from services.supervision.service import OFFICE, Supervision, legal_day, office_of
from shared.asking import Ask, By, takes
from shared.eventstore.identity import origin_of
from shared.http import expected_version, principal_of, receipt, underway
from shared.http import idempotency_key as key_of
from shared.problems import Problem
from shared.rights import Standing
from shared.strict_json import strict_loads

type Limit = Annotated[int, Query(ge=1, le=200)]
type Key = Annotated[str | None, Header(alias="Idempotency-Key")]
type Match = Annotated[str | None, Header(alias="If-Match")]
type Min = Annotated[int | None, Query(ge=0)]

MATTERS = (
    Ask("/matters/{id}/milestones", commands.DateMilestone),
    Ask("/matters/{id}/plan", commands.RevisePlan),
    Ask("/matters/{id}/visits", commands.AppointVisit, versioned=False),
    Ask("/matters/{id}/visits/made", commands.RecordVisit, versioned=False),
    Ask("/matters/{id}/progress", commands.ReportProgress, versioned=False),
    Ask("/matters/{id}/log", commands.LogWork, versioned=False),
    Ask("/matters/{id}/fees", commands.RecordFee, versioned=False),
    Ask("/matters/{id}/fees/paid", commands.PayFee, versioned=False),
    Ask("/matters/{id}/sending", commands.SendResult),
    Ask("/matters/{id}/delivery", commands.DeliverResult),
    Ask("/matters/{id}/originals", commands.ReturnOriginals),
    Ask("/matters/{id}/letters", commands.SendLetter, versioned=False),
    Ask("/matters/{id}/letters/answer", commands.AnswerLetter, versioned=False),
    Ask("/matters/{id}/issues", commands.OpenIssue, versioned=False),
    Ask("/matters/{id}/issues/raised", commands.RaiseIssue),
    Ask("/matters/{id}/issues/resolved", commands.ResolveIssue),
)
"""Commands about a matter as a whole."""

ITEMS = (
    Ask("/matters/{id}/items/{item}/submission", commands.SubmitItem),
    Ask("/matters/{id}/items/{item}/receipt", commands.ReceiveItem),
    Ask("/matters/{id}/items/{item}/correction", commands.RequestCorrection),
    Ask("/matters/{id}/items/{item}/correction/supplied", commands.SupplyCorrection),
    Ask("/matters/{id}/items/{item}/acceptance", commands.AcceptItem),
    Ask("/matters/{id}/items/{item}/refusal", commands.RefuseItem),
    Ask("/matters/{id}/items/{item}/special-procedure", commands.StartSpecialProcedure),
    Ask("/matters/{id}/items/{item}/special-procedure/end", commands.EndSpecialProcedure),
    Ask("/matters/{id}/items/{item}/decision", commands.DecideItem),
    Ask("/matters/{id}/items/{item}/collection", commands.CollectResult),
    Ask("/matters/{id}/items/{item}/closing", commands.CloseItem),
    Ask("/matters/{id}/items/{item}/urges", commands.UrgeItem, versioned=False),
)
"""Commands about one item of a matter, which the path names."""

_OTHER_ITEM = {"at": ["item"], "code": "differs", "message": "item 应与地址中的事项一致"}

OFFICES = (
    Ask("/returns", commands.FileReturn),
    Ask("/issue-lists", commands.DispatchIssueList),
    Ask("/inspections", commands.RecordInspection),
)


def routers_of(service: Supervision) -> list[APIRouter]:
    """Every route of the service."""
    return [_matters(service), _lists(service), _offices(service)]


def _matters(service: Supervision) -> APIRouter:
    router = APIRouter(tags=["matters"])
    takes(router, *MATTERS)
    for ask in ITEMS:
        _takes_item(router, service, ask)

    @router.get("/matters/{id}", summary="办件督办情况：工期、事项进度、问题、待办")
    async def read(request: Request, id: UUID) -> Response:
        version, matter, facts = await service.look(id, await principal_of(request))
        return await _answer(
            service,
            {
                "id": str(id),
                "version": version,
                "area": facts.known.area,
                "mode": facts.known.mode,
                **picture(matter, facts),
            },
            version,
        )

    @router.get("/matters/{id}/plan", summary="预排工期：计划与实际对照、并联节省的工作日")
    async def plan(request: Request, id: UUID) -> Response:
        version, matter, _ = await service.look(id, await principal_of(request))
        shown = plan_of(matter)
        if shown is None:
            raise Problem("not_found")
        return await _answer(service, shown, version)

    @router.get("/matters/{id}/items/{item}/clocks", summary="逐日计时：四种时限如何算出")
    async def clocks(request: Request, id: UUID, item: str) -> Response:
        version, matter, facts = await service.look(id, await principal_of(request))
        course = matter.items.get(item)
        if course is None:
            raise Problem("not_found")
        return await _answer(service, _clocks(course, facts), version)

    return router


def _takes_item(router: APIRouter, service: Supervision, ask: Ask) -> None:
    """A POST route whose path names the item: the body holds everything else."""

    async def change(
        request: Request,
        id: UUID,
        item: ItemCode,
        idempotency_key: Key = None,
        if_match: Match = None,
    ) -> Response:
        principal = await principal_of(request)
        key = key_of(request)
        expected = expected_version(request, required=ask.versioned)
        members = strict_loads(await request.body())
        if not isinstance(members, dict) or members.get("item", item) != item:
            raise Problem("invalid", errors=[_OTHER_ITEM])
        text = orjson.dumps({**members, "item": item})
        command = ask.command.model_validate_json(text, strict=True)
        origin = origin_of(service.name, principal.id, f"POST {ask.path}", key)
        async with underway(request, origin):
            by = By(principal, origin, expected, service.floor.clock())
            done = await service.do(command, id, by)
        return receipt(request, id, done)

    schema = ask.command.model_json_schema(ref_template="#/components/schemas/{model}")
    content = {"application/json": {"schema": schema}}
    router.add_api_route(
        ask.path,
        change,
        methods=["POST"],
        summary=(ask.command.__doc__ or ask.command.__name__).split("\n")[0],
        name=ask.command.__name__,
        openapi_extra={"requestBody": {"required": True, "content": content}},
    )


def _lists(service: Supervision) -> APIRouter:
    router = APIRouter(tags=["lists"])

    @router.get("/items", summary="事项清单：按状态、单位、超期筛选")
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
    ) -> Response:
        await _may_read(service, request, area, min_position)
        today = legal_day(service.floor.clock()) if overdue else None
        wanted = queries.Wanted(area, state, body, today, second_notice)
        key = _cursor(after)
        place = (UUID(key[0]), key[1]) if key else None
        rows = await queries.items(service.floor.log.pool, wanted, place, limit + 1)
        return _page(rows, limit, ("matter", "item"))

    @router.get("/issues", summary="问题清单")
    async def issues(
        request: Request,
        area: str,
        owner: str | None = None,
        open_only: bool = True,
        after: str | None = None,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await _may_read(service, request, area, min_position)
        key = _cursor(after)
        place = UUID(key[0]) if key else None
        pool = service.floor.log.pool
        rows = await queries.issues(pool, area, owner, place, limit + 1, open_only=open_only)
        return _page(rows, limit, ("issue",))

    return router


def _offices(service: Supervision) -> APIRouter:
    router = APIRouter(tags=["office"])
    takes(router, *OFFICES)

    @router.get("/returns", summary="应报与已报")
    async def returns(
        request: Request, area: str, quarter: str | None = None, min_position: Min = None
    ) -> Response:
        await _may_read(service, request, area, min_position)
        found = await queries.returns(service.floor.log.pool, area, quarter)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return await _answer(service, {"returns": found}, version)

    @router.get("/returns/draft", summary="报表底稿：同一截点得到同样的字节")
    async def draft(
        request: Request,
        area: str,
        form: str,
        quarter: Annotated[str, Query(pattern=r"^[0-9]{4}-Q[1-4]$")],
        body: str,
        cut: Min = None,
    ) -> Response:
        await _may_read(service, request, area, cut)
        pool = service.floor.log.pool
        at = await queries.ledger_position(pool) if cut is None else cut
        made = await queries.drafted(
            pool, area=area, form=form, quarter=quarter, body=body, cut=at
        )
        headers = {"Onefile-Cut": str(at), "Onefile-Rows": str(made.rows)}
        return Response(made.text, media_type="application/json", headers=headers)

    @router.get("/inspections", summary="督促检查记录")
    async def inspections(request: Request, area: str, min_position: Min = None) -> Response:
        await _may_read(service, request, area, min_position)
        found = await queries.inspections(service.floor.log.pool, area)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return await _answer(service, {"inspections": found}, version)

    return router


async def _may_read(
    service: Supervision, request: Request, area: str, position: int | None
) -> None:
    service.may(await principal_of(request), "ReadOffice", Standing(area))
    if position is not None and not await service.floor.views.reached(position):
        raise Problem("behind")


def _clocks(course: Course, facts: Facts) -> dict[str, Any]:
    item = facts.item(course.item)
    shown = clocks_of(course, item, facts.today, facts.pack, facts.calendar)
    return {
        "item": course.item,
        "calendar": facts.calendar.edition,
        "clocks": [clock_of(clock) for clock in shown],
        "days": _days(course, facts.today, facts.calendar),
        "suspended": [
            {"procedure": one.procedure, "from": one.started_on, "to": one.ended_on}
            for one in course.specials
        ],
        "defaults": list(facts.ours("catalogue", "clocks.calendar", "clocks.count_from")),
    }


def _days(course: Course, today: date, calendar: Calendar) -> list[dict[str, Any]]:
    if course.accepted_on is None:
        return []
    upto = course.decided_on or today
    return [
        {"day": line.day, "counts": line.counts, "why": line.why}
        for line in ledger(calendar, course.accepted_on, upto, course.spans())
    ]


async def _answer(service: Supervision, body: dict[str, Any], version: int) -> Response:
    position = await service.floor.log.position()
    return Response(
        orjson.dumps({**body, "position": position}, default=str),
        media_type="application/json",
        headers={"ETag": f'"{version}"', "Onefile-Position": str(position)},
    )


def _page(rows: list[dict[str, Any]], limit: int, key: tuple[str, ...]) -> Response:
    shown = rows[:limit]
    more = [str(shown[-1][name]) for name in key] if len(rows) > limit else None
    after = urlsafe_b64encode(orjson.dumps(more)).decode() if more else None
    return Response(
        orjson.dumps({"rows": shown, "after": after}, default=str),
        media_type="application/json",
    )


def _cursor(after: str | None) -> list[str] | None:
    if after is None:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(after.encode()))
        UUID(key[0])
    except (ValueError, TypeError, IndexError):
        raise Problem("bad_cursor") from None
    return [str(part) for part in key]
