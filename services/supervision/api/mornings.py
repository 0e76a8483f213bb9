"""What does the supervisor read first in the morning (今日督办)?"""

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response

from services.supervision import queries
from services.supervision.api.answering import Limit, Min, answer, may_read
from services.supervision.domain.due import Rulebook
from services.supervision.domain.morning import Seen, morning
from services.supervision.service import MATTER, OFFICE, Supervision, legal_day, office_of
from shared.problems import Problem

LONGEST = timedelta(days=366)


def mornings(service: Supervision) -> APIRouter:
    """Lines crossed since yesterday, what stands still, who has the ball."""
    router = APIRouter(tags=["lists"])

    @router.get("/morning", summary="今日督办：新逾期、临期、停滞、预计逾期、该谁办")
    async def read(
        request: Request, area: str, since: date | None = None, min_position: Min = None
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        body = await _sheet(service, area, since)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return answer(body, version, position)

    @router.get("/changes", summary="周变化：期间内各事项的进展")
    async def changes(
        request: Request, area: str, since: date, until: date, min_position: Min = None
    ) -> Response:
        await may_read(service, request, area, min_position)
        if not since <= until <= since + LONGEST:
            raise Problem("invalid", errors=[{"at": ["query", "until"], "code": "bad_span"}])
        position = await service.floor.log.position()
        rows = await queries.changes(service.floor.log.pool, area, since, until)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return answer({"rows": rows}, version, position)

    @router.get("/due-shifts", summary="时限变动清单：日历更新后改变的期限")
    async def due_shifts(
        request: Request,
        area: str,
        calendar: str | None = None,
        after: Min = None,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        pool = service.floor.log.pool
        rows = await queries.shifts(pool, area, calendar, after or 0, limit)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return answer({"rows": rows}, version, position)

    return router


async def _sheet(service: Supervision, area: str, since: date | None) -> dict[str, Any]:
    """The matters are in memory already: the agenda looks at each of them."""
    floor, today = service.floor, legal_day(service.floor.clock())
    seen = []
    for one in await queries.unfinished(floor.log.pool, area):
        rules = service.look.rules_for(one.area, one.pack)
        _, matter = await floor.handling.state_of(MATTER, one.matter, fresh=False)
        seen.append(
            Seen(one.matter, matter, Rulebook(rules.pack, rules.catalogue, rules.calendar))
        )
    first = since if since is not None else _working_day_before(service, area, today)
    return morning(seen, max(first, today - LONGEST), today)


def _working_day_before(service: Supervision, area: str, today: date) -> date:
    calendar = service.look.rules_for(area, None).calendar
    day = today - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
