"""What does the supervisor read first in the morning (今日督办)?"""

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.supervision import queries
from services.supervision.api.answering import (
    Limit,
    Min,
    answer,
    cursor,
    may_read,
    page,
)
from services.supervision.domain.due import Rulebook
from services.supervision.domain.morning import Part, Seen, part_of, together
from services.supervision.service import MATTER, OFFICE, Supervision, legal_day, office_of
from shared.problems import Problem

LONGEST = timedelta(days=366)
A_WHILE = 50
"""Matters that are looked at in one go."""
type Stands = tuple[int, str, str, date, date]
"""What a part was reckoned from: version, rules, calendar, since when, and the day."""
type Kept = dict[str, dict[UUID, tuple[Stands, Part]]]
"""Of each area, the parts of its open matters."""


def mornings(service: Supervision) -> APIRouter:
    """Lines crossed since yesterday, what stands still, who has the ball."""
    router = APIRouter(tags=["lists"])
    kept: Kept = {}

    @router.get("/morning", summary="今日督办：新逾期、临期、停滞、预计逾期、该谁办")
    async def read(
        request: Request, area: str, since: date | None = None, min_position: Min = None
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        body = await _sheet(service, kept, area, since)
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return answer(body, version, position)

    @router.get("/changes", summary="周变化：期间内各事项的进展")
    async def changes(
        request: Request,
        area: str,
        since: date,
        until: date,
        after: str | None = None,
        limit: Limit = 200,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        if not since <= until <= since + LONGEST:
            raise Problem("invalid", errors=[{"at": ["query", "until"], "code": "bad_span"}])
        key = cursor(after)
        place = (UUID(key[0]), key[1]) if key and len(key) > 1 else None
        pool = service.floor.log.pool
        rows = await queries.changes(pool, area, since, until, place, limit + 1)
        return page(rows, limit, ("matter", "item"))

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


async def _sheet(
    service: Supervision, kept: Kept, area: str, since: date | None
) -> dict[str, Any]:
    """The matters are in memory already: the agenda looks at each of them. What one of them adds
    is reckoned again only when it moved, or the day did.
    """
    floor, today = service.floor, legal_day(service.floor.clock())
    first = since if since is not None else _working_day_before(service, area, today)
    first = max(first, today - LONGEST)
    before, now = kept.get(area, {}), dict[UUID, tuple[Stands, Part]]()
    for number, one in enumerate(await queries.unfinished(floor.log.pool, area), 1):
        if number % A_WHILE == 0:
            await asyncio.sleep(0)  # others are answered meanwhile
        rules = service.look.rules_for(one.area, one.pack)
        version, matter = await floor.handling.state_of(MATTER, one.matter, fresh=False)
        stands = version, rules.edition, rules.calendar.edition, first, today
        known = before.get(one.matter)
        if known is None or known[0] != stands:
            book = Rulebook(rules.pack, rules.catalogue, rules.calendar)
            known = stands, part_of(Seen(one.matter, matter, book), first, today)
        now[one.matter] = known
    kept[area] = now
    return together((part for _, part in now.values()), first, today)


def _working_day_before(service: Supervision, area: str, today: date) -> date:
    calendar = service.look.rules_for(area, None).calendar
    day = today - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
