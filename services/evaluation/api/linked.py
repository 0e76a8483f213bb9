"""What may whoever holds a rating link see and say, without an account?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.evaluation.api import answers as shapes
from services.evaluation.api.matters import QUIET, asked_by
from services.evaluation.domain.commands import RecordRating
from services.evaluation.domain.links import bearer
from services.evaluation.service import Evaluation
from shared.answering import answers, json_answer
from shared.asking import Ask, By, described
from shared.eventstore.identity import origin_of
from shared.http import Receipt, body_of, idempotency_key, principal_of, receipt, underway
from shared.problems import Problem
from shared.rights import Principal

linked = APIRouter(tags=["public"])

PATH = "/public/invitations/{id}/{word}"
type Word = Annotated[str, Path(max_length=64)]


@linked.get(PATH, **answers(shapes.OpenedByLink))
async def opened(request: Request, id: UUID, word: Word) -> Response:
    """What the unit is asked, for whoever holds its link (评价表). Looking uses nothing up."""
    service, who = await _holder(request, id, word)
    matter, state = await service.invited(id, who)
    content = await asked_by(service, id, matter, state)
    ends = content["expires_at"]
    content["expired"] = ends is not None and service.floor.clock() > ends
    del content["matter"]
    return json_answer(content, headers=QUIET)


@linked.post(
    f"{PATH}/rating",
    summary="评价：凭链接评价一次 The unit's rating over its link, once",
    openapi_extra=dict(described(Ask("/{id}", RecordRating, versioned=False))),
    **answers(Receipt),
)
async def rated(request: Request, id: UUID, word: Word) -> Response:
    """Whoever holds the link rates; the rated himself, if he is signed in, finds nothing."""
    key = idempotency_key(request)
    command = await body_of(request, RecordRating)
    service, who = await _holder(request, id, word)
    origin = origin_of(service.name, who.id, f"POST {PATH}/rating", key)
    async with underway(request, origin):
        done = await service.do(command, id, By(who, origin, None, service.floor.clock()))
    return receipt(request, id, done)


async def _holder(request: Request, id: UUID, word: str) -> tuple[Evaluation, Principal]:
    service: Evaluation = request.app.state.service
    if not service.links.fits(id, word):
        raise Problem("not_found")
    if request.headers.get("authorization"):
        # Forwarded to one of the rated, it opens nothing: he is known by his own sign-in.
        _, state = await service.invited(id, bearer(id))
        if (await principal_of(request)).id in state.served_by:
            raise Problem("not_found")
    return service, bearer(id)
