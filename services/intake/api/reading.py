"""How does intake answer a reader: who may, in which form, a page at a time?"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response

from services.intake import queries
from services.intake.domain.rights import RIGHTS
from services.intake.service import Intake
from services.intake.service.lookup import Case
from services.intake.service.streams import MATTER
from shared.http import principal_of
from shared.past import Then
from shared.problems import Problem
from shared.rights import Principal, Standing, can

type Limit = Annotated[int, Query(ge=1, le=200)]
type Position = Annotated[int | None, Query(ge=0)]
type Cursor = Annotated[str | None, Query(max_length=64)]


def service_of(request: Request) -> Intake:
    service: Intake = request.app.state.service
    return service


def may_read(
    request: Request, who: Principal, standing: Standing, action: str = "Read"
) -> None:
    """Raise `Problem` unless `who` may read what stands so."""
    decision = can(RIGHTS, who, action, standing, service_of(request).floor.clock())
    if not decision.allowed:
        raise Problem("forbidden" if decision.visible else "not_found")


def answer(body: Any, version: int | None = None) -> Response:
    """JSON, with the version that a later command names in If-Match."""
    headers = {} if version is None else {"ETag": f'"{version}"'}
    text = orjson.dumps(body, default=_plain)
    return Response(text, media_type="application/json", headers=headers)


def _plain(value: object) -> str:
    """The driver's own UUID, which orjson does not know."""
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


async def readable(request: Request, id: UUID, action: str = "Read") -> Case:
    """The matter, when the caller may read it."""
    who = await principal_of(request)
    case = await service_of(request).look.found(id, who)
    may_read(request, who, case.standing(), action)
    return case


async def readable_then(request: Request, id: UUID, at: str | None) -> tuple[Case, Then]:
    """The matter as it stood, when the caller may read it now; its rules are those of now."""
    case, floor = await readable(request, id), service_of(request).floor
    then = await floor.past.then(at)
    if then.position is not None:
        version, state = await floor.handling.state_of(MATTER, id, upto=then.position)
        if version == 0:
            raise Problem("not_found")
        case = replace(case, version=version, state=state)
    return case, then


async def wanted_rows(
    request: Request, area: str | None, after: str | None, limit: int, position: int | None
) -> queries.Wanted:
    """Staff see their areas, agents what they serve, the unit its own, a service everything."""
    who = await principal_of(request)
    if position is not None and not await service_of(request).floor.views.reached(position):
        raise Problem("behind")
    cursor = cursor_of(after)
    roles = RIGHTS["Read"]
    held = {roles[role] for role in who.roles & roles.keys()}
    if "any" in held:
        return queries.Wanted([area] if area else None, None, cursor, limit)
    if "area" in held:
        areas = [a for a in sorted(who.areas) if area in (None, a)]
        return queries.Wanted(areas, None, cursor, limit)
    if "assigned" in held:
        return queries.Wanted([area] if area else None, None, cursor, limit, serving=who.id)
    if "own" in held:
        return queries.Wanted([area] if area else None, who.id, cursor, limit)
    raise Problem("forbidden")


def cursor_of(cursor: str | None) -> UUID | None:
    if cursor is None:
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(cursor + "=="))
    except ValueError:
        raise Problem("bad_cursor") from None


def page_of(rows: Sequence[dict[str, Any]], limit: int, key: str = "id") -> Response:
    last = rows[-1][key] if len(rows) == limit else None
    cursor = urlsafe_b64encode(last.bytes).rstrip(b"=").decode() if last else None
    return answer({"items": rows, "after": cursor})
