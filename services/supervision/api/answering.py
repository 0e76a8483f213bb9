"""How does supervision answer a reader: position, version, pages with a cursor?"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response

from services.supervision.service import Supervision
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Standing

type Limit = Annotated[int, Query(ge=1, le=200)]
type Min = Annotated[int | None, Query(ge=0)]


async def may_read(
    service: Supervision, request: Request, area: str, position: int | None
) -> None:
    """Raise `Problem` unless the caller may read the lists of `area`, and they are far enough."""
    service.look.may(await principal_of(request), "ReadOffice", Standing(area))
    if position is not None and not await service.floor.views.reached(position):
        raise Problem("behind")


async def may_read_of(
    service: Supervision, request: Request, area: str, body: str | None, position: int | None
) -> None:
    """The same for what concerns one body: whoever works there may read it too."""
    who = await principal_of(request)
    mine = frozenset(one for one in who.bodies if one == body and area in who.areas)
    service.look.may(who, "ReadOfBody", Standing(area, bodies=mine))
    if position is not None and not await service.floor.views.reached(position):
        raise Problem("behind")


def answer(body: dict[str, Any], version: int, position: int) -> Response:
    """The body with the position it was read at; the version as ETag."""
    return Response(
        orjson.dumps({**body, "position": position}, default=str),
        media_type="application/json",
        headers={"ETag": f'"{version}"', "Onefile-Position": str(position)},
    )


def page(rows: list[dict[str, Any]], limit: int, key: tuple[str, ...]) -> Response:
    """The first `limit` rows, and the cursor to go on with when there are more."""
    shown = rows[:limit]
    more = [str(shown[-1][name]) for name in key] if len(rows) > limit else None
    after = urlsafe_b64encode(orjson.dumps(more)).decode() if more else None
    return Response(
        orjson.dumps({"rows": shown, "after": after}, default=str),
        media_type="application/json",
    )


def cursor(after: str | None) -> list[str] | None:
    """The key a cursor stands for; raises `Problem("bad_cursor")`."""
    if after is None:
        return None
    try:
        key = orjson.loads(urlsafe_b64decode(after.encode()))
        UUID(key[0])
    except (ValueError, TypeError, IndexError, KeyError):
        raise Problem("bad_cursor") from None
    return [str(part) for part in key]
