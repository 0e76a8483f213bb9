"""How does anybody complain without an account, and follow what became of it?"""

from hashlib import sha256
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response

from services.evaluation.api import answers as shapes
from services.evaluation.api.matters import QUIET
from services.evaluation.domain.commands import ComplainOpenly
from services.evaluation.domain.complaints import by_anybody
from services.evaluation.domain.receipts import complaint_of
from services.evaluation.service import Evaluation
from shared.answering import answers, json_answer
from shared.asking import Ask, By, described
from shared.eventstore.identity import NAMESPACE, derived, origin_of
from shared.eventstore.reading import read_personal
from shared.http import body_of, idempotency_key, underway
from shared.problems import Problem
from shared.rights import Principal
from shared.turnstile import where_from

complaining = APIRouter(tags=["public"])

PATH = "/public/complaints"
type Receipt = Annotated[str, Path(max_length=40)]


@complaining.post(
    PATH,
    summary="投诉：任何人无需登录 Anybody complains, without an account",
    openapi_extra=dict(described(Ask("/complaints", ComplainOpenly, versioned=False))),
    **answers(shapes.Complained, status=201),
)
async def complained(request: Request) -> Response:
    """Answers the receipt by which it is followed; the same sent again is the same complaint
    (社会监督; HS-18, HS-19)."""
    service: Evaluation = request.app.state.service
    key = idempotency_key(request)
    said = await body_of(request, ComplainOpenly)
    # Of what is sent, not of the key alone: a stranger's like key would be told the receipt.
    once = sha256(await request.body()).hexdigest()
    origin = origin_of(service.name, "p:anybody", f"POST {PATH}", f"{key}/{once}")
    receipt = service.receipts.of(origin)
    made = service.receipts.made(receipt)
    assert made is not None
    _knocked(request, service)
    command = by_anybody(said, service.floor.packs.for_area(said.area).pack)
    who = Principal(f"p:{derived(NAMESPACE, f'complainant/{made}')}", frozenset())
    async with underway(request, origin):
        done = await service.complained(
            command, By(who, origin, None, service.floor.clock()), made
        )
    again = {"Idempotency-Replayed": "true"} if done.replayed else {}
    answer = json_answer({"receipt": receipt, "position": done.position}, QUIET | again)
    answer.status_code = 201
    return answer


@complaining.get(
    f"{PATH}/{{receipt}}",
    summary="凭回执编号查询投诉 What became of a complaint",
    **answers(shapes.Followed),
)
async def followed(request: Request, receipt: Receipt) -> Response:
    """Who looks into it, by when, and what was answered, for whoever holds the receipt."""
    service: Evaluation = request.app.state.service
    made = service.receipts.made(receipt)
    _knocked(request, service)
    if made is None:
        raise Problem("not_found")
    row = await service.queries.complaint(complaint_of(made))
    if row is None:
        if not await service.floor.views.reached(await service.floor.log.position()):
            raise Problem("behind")  # the receipt may be good: nobody is told that it is not
        row = await service.queries.complaint(complaint_of(made))
    if row is None:
        raise Problem("not_found")
    told: dict[str, Any] = {
        name: row[name]
        for name in ("area", "kind", "received_on", "due_on", "answered_on", "verdict")
    }
    told["to"] = row["to_body"]
    told["answer"] = await _answer(service, row["stream"], row["answer"])
    return json_answer(told, headers=QUIET)


async def _answer(service: Evaluation, stream: UUID, event: UUID | None) -> str | None:
    """The words of the answer; None as long as there is none, or when they were erased."""
    if event is None:
        return None
    opened = await read_personal(
        service.floor.log, service.floor.keeper, stream, actor="s:evaluation",
        purpose=f"complaint: GET {PATH}/{{receipt}}", only=frozenset({event}),
    )  # fmt: skip
    said = opened.get(event, {}).get("answer")
    return None if said is None else str(said)


def _knocked(request: Request, service: Evaluation) -> None:
    if seconds := service.turnstile.wait(where_from(request)):
        raise Problem("too_many", headers={"Retry-After": str(seconds)})
