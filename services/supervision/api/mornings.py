"""What does the supervisor read first in the morning (今日督办)?"""

import asyncio
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
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
from services.supervision.api.answers import lists as shapes
from services.supervision.domain.due import Rulebook
from services.supervision.domain.morning import Key, Kind, Part, Seen, Shown, part_of, together
from services.supervision.service import MATTER, OFFICE, Supervision, legal_day, office_of
from shared.answering import Rows, answers, cursor_text
from shared.field_errors import wrong
from shared.past import PATIENCE, At
from shared.problems import Problem

LONGEST = timedelta(days=366)
A_WHILE = 5
"""Matters that are looked at in one go."""
UNFINISHED = ("matters", "items", "owed")
"""The views that tell which matters are unfinished."""
OF_THEN = 2
"""Mornings of earlier positions that are kept: their lists are read one after another."""
type Shift = Annotated[str, Query(pattern=r"^[0-9]{1,18}(\.[0-9]{1,9})?$")]
"""Where a list of moved days goes on: a position of the log, and how many of it are known."""
type Kept = dict[str, "Sheet"]
"""Of each area, its sheet that was asked for last."""
type KeptThen = dict[tuple[str, int], "Sheet"]
"""The same of earlier positions, the one that was asked for last at the end."""


def mornings(service: Supervision) -> APIRouter:
    """Lines crossed since yesterday, what stands still, who has the ball."""
    router = APIRouter(tags=["lists"])
    kept: Kept = {}
    of_then: KeptThen = {}

    @router.get(
        "/morning",
        summary="今日督办：新逾期、临期、停滞、预计逾期、该谁办",
        **answers(shapes.Morning),
    )
    async def read(
        request: Request,
        area: str,
        since: date | None = None,
        kind: Kind | None = None,
        after: str | None = None,
        limit: Limit = 200,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        """`counts` says of each list how many there are in all, are shown, and are left out;
        `after` names, of each that goes on, the cursor of its next page. With `kind` that list
        alone is read on.
        """
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        if at is None:
            sheet = await _sheet(service, kept, area, since)
        else:
            sheet = await _sheet_then(service, of_then, area, since, at)
            position = sheet.upto
        shown = Shown(limit, kind, _place(after) if kind else None)
        try:
            body = together(sheet.parts.values(), sheet.first, sheet.today, shown)
        except TypeError:  # a cursor of another list
            raise Problem("bad_cursor") from None
        body["after"] = {name: _cursor(key) for name, key in body["after"].items()}
        version, _ = await service.floor.handling.state_of(
            OFFICE, office_of(area), upto=None if at is None else position
        )
        return answer(body, version, position)

    @router.get(
        "/changes", summary="周变化：期间内各事项的进展", **answers(Rows[shapes.Change])
    )
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
            raise Problem("invalid", errors=[wrong("bad_span", "query", "until")])
        key = cursor(after)
        place = (UUID(key[0]), key[1]) if key and len(key) > 1 else None
        pool = service.floor.log.pool
        rows = await queries.changes(pool, area, since, until, place, limit + 1)
        return page(rows, limit, ("matter", "item"))

    @router.get(
        "/due-shifts", summary="时限变动清单：日历更新后改变的期限", **answers(shapes.Shifts)
    )
    async def due_shifts(
        request: Request,
        area: str,
        calendar: str | None = None,
        after: Annotated[int, Query(ge=0)] | Shift | None = None,
        limit: Limit = 50,
        min_position: Min = None,
        at: At = None,
    ) -> Response:
        await may_read(service, request, area, min_position)
        position = await service.floor.log.position()
        moved_at, _, n = str(after or "0.0").partition(".")
        place = int(moved_at), int(n) if n else 2**31 - 1  # a position alone: after all of it
        async with service.floor.past.views(at, "shifts") as seen:
            found = await queries.shifts(seen.over, area, calendar, place, limit + 1)
        rows = found[:limit]
        goes_on = f"{rows[-1]['position']}.{rows[-1]['n']}" if len(found) > limit else None
        version, _ = await service.floor.handling.state_of(
            OFFICE, office_of(area), upto=seen.position
        )
        return answer({"rows": rows, "after": goes_on}, version, seen.of(position))

    return router


async def _sheet(service: Supervision, kept: Kept, area: str, since: date | None) -> "Sheet":
    """What each unfinished matter adds, reckoned again only for what moved, or on another day."""
    pool, today = service.floor.log.pool, legal_day(service.floor.clock())
    first = _first(service, area, since, today)
    upto = await queries.known_upto(pool)
    sheet = kept.get(area)
    if sheet is None or not sheet.holds(service, first, today):
        sheet, moved = Sheet(first, today), None
    else:
        moved = await queries.moved_in(pool, area, sheet.upto)
    if moved is None:
        moved = [(one, True) for one in await queries.unfinished(pool, area)]
    for number, (one, undone) in enumerate(moved, 1):
        if number % A_WHILE == 0:
            await asyncio.sleep(0)  # others are answered meanwhile
        await sheet.take(service, one, undone=undone)
    sheet.upto = max(sheet.upto, upto)
    kept[area] = sheet
    return sheet


async def _sheet_then(
    service: Supervision, kept: KeptThen, area: str, since: date | None, at: str
) -> "Sheet":
    """The same as of `at`: the views say what was unfinished then, and each is folded up to there.

    Reckoned for as long as a request has; raises `Problem("behind")`, and goes on there when it
    is asked again.
    """
    async with service.floor.past.views(at, *UNFINISHED) as seen:
        undone = await queries.unfinished(seen.over, area)
    now = asyncio.get_running_loop().time
    position, until = seen.of(0), now() + PATIENCE
    first = _first(service, area, since, seen.today)
    sheet = kept.pop((area, position), None)
    if sheet is None or not sheet.holds(service, first, seen.today):
        sheet = Sheet(first, seen.today, position)
    kept[area, position] = sheet
    for oldest in list(kept)[:-OF_THEN]:
        del kept[oldest]
    async with sheet.turn:
        for one in undone:
            if one.matter not in sheet.parts:
                if now() > until:
                    raise Problem("behind")
                await sheet.take(service, one, undone=True, then=position)
    return sheet


def _first(service: Supervision, area: str, since: date | None, today: date) -> date:
    """The day from which on crossed lines are told."""
    first = since if since is not None else _working_day_before(service, area, today)
    return max(first, today - LONGEST)


@dataclass(slots=True)
class Sheet:
    """The parts of an area's unfinished matters, up to a position of the views.

    The matters are in memory already: the agenda looks at each of them.
    """

    first: date
    today: date
    upto: int = 0
    parts: dict[UUID, Part] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Its lists are asked for together: they are reckoned once."""
    followed: dict[tuple[str, str | None], tuple[str, str]] = field(default_factory=dict)
    """The rules that were followed, by area and pack: their edition and their calendar's."""

    def holds(self, service: Supervision, first: date, today: date) -> bool:
        """Whether nothing but the matters themselves can have moved."""
        return (self.first, self.today) == (first, today) and all(
            editions == self._editions(service, *place)
            for place, editions in self.followed.items()
        )

    async def take(
        self,
        service: Supervision,
        one: queries.Open,
        *,
        undone: bool,
        then: int | None = None,
    ) -> None:
        """Reckon what a matter adds as it stands now, or stood then."""
        if not undone:
            self.parts.pop(one.matter, None)
            return
        rules = service.look.rules_for(one.area, one.pack)
        place = one.area, one.pack
        if place not in self.followed:
            self.followed[place] = self._editions(service, *place)
        known = one.matter in self.parts
        _, matter = await service.floor.handling.state_of(
            MATTER, one.matter, fresh=known, upto=then
        )
        book = Rulebook(rules.pack, rules.catalogue, rules.calendar)
        self.parts[one.matter] = part_of(Seen(one.matter, matter, book), self.first, self.today)

    @staticmethod
    def _editions(service: Supervision, area: str, pack: str | None) -> tuple[str, str]:
        rules = service.look.rules_for(area, pack)
        return rules.edition, rules.calendar.edition


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
