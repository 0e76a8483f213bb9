"""What may people ask about notices, transfers, acknowledgements and owners?"""

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.pack.promising import is_ours, last_day, path_of, promise_of
from contracts.pack.rules import Promise
from contracts.vocabulary import AreaCode
from services.assignment.api.answers import matters as shapes
from services.assignment.api.reading import Limit, Seen, may_read, views_then
from services.assignment.domain.rights import RIGHTS
from services.assignment.service import Assignment
from shared.answering import (
    Rows,
    answers,
    cursor_number,
    cursor_text,
    following,
    json_answer,
    passing,
)
from shared.asking import By, permit
from shared.http import principal_of
from shared.packs import Rules
from shared.past import At
from shared.problems import Problem

telling = APIRouter(tags=["lists"])

WITHIN = 1
"""Working days to take over what was assigned, where the pack promises nothing (默认值)."""


@telling.get("/notices", **answers(Rows[shapes.UnitTold]))
async def notices(
    request: Request,
    matter: UUID | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Who serves the unit and what changed: from whom to whom, when (更换告知; HS-58).

    The unit reads its own; staff and auditors read those of a matter they may read.
    """
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    by = By(principal, UUID(int=0), None, service.floor.clock())
    if min_position and not await service.floor.views.reached(min_position):
        raise Problem("behind")
    passed, own = cursor_number(after), bool(principal.roles & RIGHTS["ReadNotices"].keys())
    if not own:
        if matter is None:
            raise Problem("forbidden")
        found, state, _ = await service.matter(matter)
        permit(RIGHTS, by, "Read", await service.standing(found, state, matter, principal))
    async with views_then(service, at, "notices") as (then, queries):
        if own or matter is None:
            rows = await queries.notices(principal.id, matter, passed, limit)
        else:
            rows = await queries.notices_of(matter, passed, limit)
    told = [row | {"zh": SAID[row["kind"]]} for row in rows]
    return then.told(json_answer({"rows": told, "after": following(rows, limit, "position")}))


SAID = {
    "lead_named": "确定牵头专员",
    "agent_named": "确定专员",
    "agent_changed": "更换专员",
    "transferred": "事项转办",
    "transfer_confirmed": "转办已接收",
    "steward_paired": "管家与专员结对",
}


@telling.get("/unacknowledged", **answers(shapes.UnacknowledgedRows))
async def unacknowledged(
    request: Request,
    area: AreaCode,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Who was named and has not taken over yet, and by when he had to (未确认接办)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    rules = service.floor.packs.for_area(area)
    promise = promise_of(rules.pack, "AssignmentAcknowledged")
    passed = cursor_number(after)
    async with views_then(service, at, "load") as (then, queries):
        found = await queries.unacknowledged(area, passed, limit + 1)
    rows, goes_on = passing(found, limit, passed)
    for row in rows:
        row |= _due(row, promise, rules)
        row["overdue"] = row["due_on"] is not None and row["due_on"] < then.today
    path = path_of(promise) if promise else "assignment.acknowledgement"
    ours = [path] if promise is None or is_ours(rules.pack, promise) else []
    return then.told(
        json_answer({"rows": rows, "rule": path, "defaults": ours, "after": goes_on})
    )


def _due(row: dict[str, Any], promise: Promise | None, rules: Rules) -> dict[str, Any]:
    if row["since"] is None:
        return {"due_on": None}
    if promise:
        due = last_day(rules.calendar, row["since"], promise.within)
    else:
        due = rules.calendar.add_working_days(row["since"], WITHIN)
    return {"due_on": due.date, "estimated": due.estimated}


@telling.get("/transfers", **answers(Rows[shapes.Transferred]))
async def transfers(
    request: Request,
    area: AreaCode,
    unconfirmed: bool = False,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """What went to another level, confirmed or not, and who follows it here (转办清单; AS-66)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    passed = cursor_number(after)
    async with views_then(service, at, "beside", "load") as (then, queries):
        found = await queries.transfers(area, passed, limit + 1, unconfirmed=unconfirmed)
    rows, goes_on = passing(found, limit, passed)
    for row in rows:
        last = row["confirm_by_on"]
        row["overdue"] = row["confirmed_on"] is None and last is not None and last < then.today
    return then.told(json_answer({"rows": rows, "after": goes_on}))


def _item(after: str) -> tuple[date, UUID, str]:
    """Since when an item waits, and which; raises `Problem("bad_cursor")`."""
    if not after:
        return date.min, UUID(int=0), ""
    try:
        since, matter, item = cursor_text(after).split("/", 2)
        return date.fromisoformat(since), UUID(matter), item
    except ValueError:
        raise Problem("bad_cursor") from None


@telling.get("/unowned", **answers(Rows[shapes.Unowned]))
async def unowned(
    request: Request,
    area: AreaCode,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Items for which the department named nobody yet (未落实到人; AS-94)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    async with views_then(service, at, "beside", "load") as (then, queries):
        rows = await queries.unowned(area, _item(after), limit)
    return then.told(json_answer({"rows": rows, "after": following(rows, limit, "key")}))


@telling.get("/centre-notices", **answers(Rows[shapes.CentreNotice]))
async def centre_notices(
    request: Request,
    area: AreaCode,
    unconfirmed: bool = False,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Which centre was told at first receipt, how late, and who took note (YY-52, AS-53)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    passed = cursor_number(after)
    async with views_then(service, at, "beside") as (then, queries):
        found = await queries.told(area, passed, limit + 1, unconfirmed=unconfirmed)
    rows, goes_on = passing(found, limit, passed)
    return then.told(json_answer({"rows": rows, "after": goes_on}))
