"""What does the supervisor read first in the morning (今日督办)?"""

import asyncio
from base64 import urlsafe_b64encode
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

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
from services.supervision.domain.morning import Key, Kind, Part, Seen, Shown, part_of, together
from services.supervision.service import MATTER, OFFICE, Supervision, legal_day, office_of
from shared.answering import cursor_text
from shared.problems import Problem

LONGEST = timedelta(days=366)
A_WHILE = 50
"""Matters that are looked at in one go."""
type Shift = Annotated[str, Query(pattern=r"^[0-9]{1,18}(\.[0-9]{1,9})?$")]
"""Where a list of moved days goes on: a position of the log, and how many of it are known."""
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
        request: Request,
        area: str,
        since: date | None = None,
        kind: Kind | None = None,
        after: str | None = None,
        limit: Limit = 200,
        min_position: Min = None,
    ) -> Response:
        """`counts` says of each list how many there are in all, are shown, and are left out;
        `after` names, of each that goes on, the cursor of its next page. With `kind` that list
        alone is read on.
        """
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        first, today, parts = await _sheet(service, kept, area, since)
        shown = Shown(limit, kind, _place(after) if kind else None)
        try:
            body = together(parts, first, today, shown)
        except TypeError:  # a cursor of another list
            raise Problem("bad_cursor") from None
        body["after"] = {name: _cursor(key) for name, key in body["after"].items()}
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
        after: Annotated[int, Query(ge=0)] | Shift | None = None,
        limit: Limit = 50,
        min_position: Min = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        pool = service.floor.log.pool
        at, _, n = str(after or "0.0").partition(".")
        place = int(at), int(n) if n else 2**31 - 1  # a position alone: after all of it
        found = await queries.shifts(pool, area, calendar, place, limit + 1)
        rows = found[:limit]
        goes_on = f"{rows[-1]['position']}.{rows[-1]['n']}" if len(found) > limit else None
        version, _ = await service.floor.handling.state_of(OFFICE, office_of(area))
        return answer({"rows": rows, "after": goes_on}, version, position)

    return router


async def _sheet(
    service: Supervision, kept: Kept, area: str, since: date | None
) -> tuple[date, date, list[Part]]:
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
    return first, today, [part for _, part in now.values()]


def _place(after: str | None) -> Key | None:
    """The place in a list that a cursor stands for; raises `Problem("bad_cursor")`."""
    if not after:
        return None
    try:
        return tuple(orjson.loads(cursor_text(after)))
    except (ValueError, TypeError):
        raise Problem("bad_cursor") from None


def _cursor(key: Key) -> str:
    return urlsafe_b64encode(orjson.dumps(key)).decode()


def _working_day_before(service: Supervision, area: str, today: date) -> date:
    calendar = service.look.rules_for(area, None).calendar
    day = today - timedelta(days=1)
    while not calendar.is_working(day):
        day -= timedelta(days=1)
    return day
