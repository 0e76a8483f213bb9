"""What left by message, what was held back, and what does a person do about it (对外消息)?"""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.supervision import queries
from services.supervision.api.answering import Limit, Min, cursor, may_read, page
from services.supervision.api.answers import lists as shapes
from services.supervision.domain import commands
from services.supervision.service import Supervision
from shared.answering import Rows, answers, cursor_number, json_answer, passing
from shared.answers import Messages
from shared.asking import Ask, takes
from shared.field_errors import wrong
from shared.messages.room import ledger
from shared.problems import Problem

SETTLING = (
    Ask("/messages/{id}/release", commands.ReleaseMessage, versioned=False),
    Ask("/messages/{id}/skip", commands.SkipMessage, versioned=False),
)


def messages(service: Supervision) -> APIRouter:
    """The book of messages, and the two lists that the centre watches departments by."""
    router = APIRouter(tags=["messages"])
    takes(router, *SETTLING)
    pool = service.floor.log.pool

    @router.get(
        "/messages",
        summary="对外消息：已发、待发、滞留、未送达、不再发送",
        **answers(Messages),
    )
    async def book(
        request: Request,
        area: str,
        state: Annotated[str | None, Query(max_length=20)] = None,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        rows = await ledger(pool, area, state, after, limit)
        goes_on = rows[-1]["position"] if len(rows) == limit else None
        return json_answer({"rows": rows, "after": goes_on})

    @router.get(
        "/reminders/missed",
        summary="漏提醒：期限到前无人提醒审批部门的事项",
        **answers(shapes.MissedRows),
    )
    async def missed(
        request: Request,
        area: str,
        since: date,
        until: date,
        after: Min = None,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        _span(since, until)
        rows = await queries.missed(pool, area, since, until, after or 0, limit + 1)
        goes_on = rows[limit - 1]["position"] if len(rows) > limit else None
        return json_answer({"rows": rows[:limit], "after": goes_on})

    @router.get(
        "/outside-system",
        summary="体外循环：按部门统计未经审批系统办理的事项",
        **answers(shapes.SystemUses),
    )
    async def outside_system(
        request: Request,
        area: str,
        since: date,
        until: date,
        after: str = "",
        limit: Limit = 200,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        _span(since, until)
        passed = cursor_number(after)
        found = await queries.system_use(pool, area, since, until, passed, limit + 1)
        rows, goes_on = passing(found, limit, passed)
        feeds = len(await queries.imports(pool, area))
        return json_answer({"rows": rows, "feeds": feeds, "after": goes_on})

    @router.get(
        "/outside-system/items", summary="体外循环：逐项清单", **answers(Rows[shapes.Outside])
    )
    async def outside_items(
        request: Request,
        area: str,
        since: date,
        until: date,
        after: str | None = None,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        _span(since, until)
        key = cursor(after)
        place = (UUID(key[0]), key[1]) if key and len(key) > 1 else None
        rows = await queries.outside(pool, area, since, until, place, limit + 1)
        return page(rows, limit, ("matter", "item"))

    return router


def _span(since: date, until: date) -> None:
    if since > until:
        raise Problem("invalid", errors=[wrong("bad_span", "query", "until")])
