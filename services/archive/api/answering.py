"""Who may read which file, in which language, and how is it answered?"""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.archive.domain.file import Filed, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import Tongue
from services.archive.domain.rights import RIGHTS
from services.archive.domain.story import names_of
from services.archive.domain.telling import fold
from services.archive.service import Archive, standing_of
from shared.asking import By, permit
from shared.http import language_of, principal_of
from shared.problems import Problem
from shared.rights import Principal, Standing

type At = Annotated[int | None, Query(ge=1, description="archive position: as it stood then")]
type MinPosition = Annotated[int, Query(ge=0)]


class Streamed(StreamingResponse):
    """Sends, and does not listen meanwhile: the boundary has read the request already, and its
    `receive` gives the same message for ever.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.stream_response(send)
        if self.background is not None:
            await self.background()


async def asking(request: Request) -> tuple[Archive, Principal]:
    service: Archive = request.app.state.service
    return service, await principal_of(request)


async def file_for(request: Request, id: UUID) -> tuple[Archive, Filed, Matter]:
    """The file and its matter, for a caller who may read it; that he did is on record (HS-17)."""
    service, principal = await asking(request)
    filed = await service.queries.filed(id)
    matter = fold(facts_in(filed))
    if matter.number is None:
        raise Problem("not_found")
    may_read(service, principal, standing_of(matter))
    await service.queries.note_read(id, principal.id, _purpose(request))
    return service, filed, matter


def _purpose(request: Request) -> str:
    """What was looked at: the route, never what stood in it."""
    return f"{request.method} {request.scope['route'].path}"[:200]


def may_read(service: Archive, principal: Principal, standing: Standing) -> None:
    permit(RIGHTS, By(principal, UUID(int=0), None, service.now()), "Read", standing)


async def reached(service: Archive, position: int) -> None:
    if position and not await service.reached(position):
        raise Problem("behind")


def tongue_for(request: Request, service: Archive, matter: Matter) -> Tongue:
    """The caller's language with the names of the matter's place, if its pack is carried."""
    english = language_of(request) == "en"
    rules = service.rules_of(matter)
    if rules is None:
        return Tongue(english)
    return Tongue(english, names_of(rules.pack, rules.catalogue, english=english))


def answered(document: dict[str, Any], version: int | None = None) -> Response:
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(orjson.dumps(document), media_type="application/json", headers=headers)
