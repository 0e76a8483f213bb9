"""Who may read which file, in which language, and how is it answered?"""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from services.archive.domain.discretion import kept_from, without_ratings
from services.archive.domain.file import Filed, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import Tongue
from services.archive.domain.rights import RIGHTS
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
    """The file and its matter, for a caller who may read it; that he did is on record (HS-17).

    Whom the file rates, and who is near him, reads it without how he was rated (X-05).
    """
    service, principal, filed, matter = await _opened(request, id)
    if kept_from(principal.id, principal.roles, filed):
        filed = without_ratings(filed)
        matter = fold(facts_in(filed))
    return service, filed, matter


async def whole_file_for(request: Request, id: UUID) -> tuple[Archive, Filed, Matter]:
    """The same, of which nothing may be missing: refused to whom something is kept from."""
    service, principal, filed, matter = await _opened(request, id)
    if kept_from(principal.id, principal.roles, filed):
        raise Problem(
            "forbidden",
            reason="sealed_from_the_rated",
            remedy="评价对被评价人封存，完整档案请由档案管理员导出 / "
            "ratings are sealed from the rated: ask the archivist for the whole file",
        )
    return service, filed, matter


async def _opened(request: Request, id: UUID) -> tuple[Archive, Principal, Filed, Matter]:
    service, principal = await asking(request)
    filed, matter = await service.memory.of(id)
    if matter.number is None:
        raise Problem("not_found")
    may_read(service, principal, standing_of(matter))
    await service.queries.note_read(id, principal.id, _purpose(request))
    return service, principal, filed, matter


async def is_sealed_for(request: Request, id: UUID) -> bool:
    """Whether the caller reads a file without how it was rated."""
    service, principal = await asking(request)
    filed, _ = await service.memory.of(id)
    return kept_from(principal.id, principal.roles, filed)


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
