"""What may the offices of an area ask and be told?"""

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.vocabulary import ActorId, AreaCode
from services.evaluation.api import answers as shapes
from services.evaluation.api.entering import RATED, Limit, Seen, may, views_then
from services.evaluation.domain.appraising import Counted, measures
from services.evaluation.domain.commands import (
    AnswerAreaComplaint,
    AppealAppraisal,
    ComputeAppraisal,
    DecideAppeal,
    HoldHearing,
    NoteReview,
    ReceiveAreaComplaint,
)
from services.evaluation.domain.sealing import released
from services.evaluation.queries import TASKS, Whose
from services.evaluation.service import Evaluation
from shared.answering import Rows, answers, cursor_number, following, json_answer, passing
from shared.asking import Ask, takes
from shared.clock import LEGAL_ZONE
from shared.eventstore.reading import read_personal
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem

type Kind = Literal[
    "return_visits", "bad_ratings", "complaints", "orders_to_close", "to_review"
]

TOLD = (
    "complaint", "matter", "concerns", "kind", "against", "body", "to_body", "received_on",
    "due_on", "answered_on", "verdict",
)  # fmt: skip

offices = APIRouter(tags=["office"])

takes(
    offices,
    Ask("/complaints", ReceiveAreaComplaint),
    Ask("/complaints/answers", AnswerAreaComplaint),
    Ask("/hearings", HoldHearing),
    Ask("/appraisals", ComputeAppraisal),
    Ask("/appeals", AppealAppraisal),
    Ask("/appeals/decisions", DecideAppeal),
    Ask("/reviews", NoteReview),
)


@offices.get("/tasks", **answers(shapes.Tasks))
async def tasks(
    request: Request,
    area: AreaCode,
    kind: Kind | None = None,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Return visits to make, bad ratings to rectify, complaints to answer, what to review
    (待办; YO-48, YO-65). `after` names, of each list that goes on, the cursor of its next page;
    with `kind` that list alone is read on."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    principal = await principal_of(request)
    passed, rated = cursor_number(after) if kind else 0, ("agent", "against")
    answer: dict[str, Any] = {name: [] for name in TASKS}
    goes_on = {}
    async with views_then(service, at, *RATED) as (then, queries):
        for name in [kind] if kind else TASKS:
            found = await queries.tasks(name, area, sorted(principal.bodies), passed, limit + 1)
            rows, goes_on[name] = passing(found, limit, passed)
            answer[name] = [r for r in rows if all(r.get(one) != principal.id for one in rated)]
    return then.told(json_answer(answer | {"after": {k: v for k, v in goes_on.items() if v}}))


@offices.get("/complaints/{id}", **answers(shapes.Complaint))
async def complaint(
    request: Request, id: UUID, area: AreaCode, min_position: Seen = 0
) -> Response:
    """What somebody complained of, in his words, for the body that looks into it and nobody else;
    the reading is on record (投诉内容; HS-18, HS-19)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    principal = await principal_of(request)
    row = await service.queries.complaint(id)
    if row is None or row["area"] != area or row["to_body"] not in principal.bodies:
        raise Problem("not_found")
    if principal.id == row["against"]:
        raise Problem("not_found")
    opened = await read_personal(
        service.floor.log, service.floor.keeper, row["stream"], actor=principal.id,
        purpose=f"complaint: GET /complaints/{id}", only=frozenset({row["event"]}),
    )  # fmt: skip
    said = opened.get(row["event"], {})
    told = {name: row[name] for name in TOLD}
    return json_answer(
        {**told, **{name: said.get(name) for name in ("words", "complainant", "contact")}},
        headers={"Cache-Control": "no-store"},
    )


@offices.get("/ratings", **answers(Rows[shapes.Rating]))
async def ratings(
    request: Request,
    area: AreaCode,
    agent: ActorId | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Ratings one by one, without words and without the rater (评价明细; YO-49)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    async with views_then(service, at, *RATED) as (then, queries):
        rows = await queries.ratings(area, agent, cursor_number(after), limit)
    after_these = following(rows, limit, "position")
    mine = (await principal_of(request)).id
    shown = [r for r in rows if r["agent"] != mine]
    return then.told(json_answer({"rows": shown, "after": after_these}))


@offices.get("/released", **answers(shapes.ReleasedRatings))
async def released_ratings(
    request: Request, area: AreaCode, agent: ActorId, min_position: Seen = 0
) -> Response:
    """What the rated may see of how they were rated: counts, in batches (评价公开; X-05)."""
    service = await may(request, "ReadAppraisals", area, agent=agent, seen=min_position)
    rules, today = service.floor.packs.for_area(area), _today(service)
    rows = released(
        await service.queries.sealed(area, agent), rules.pack, today, rules.calendar
    )
    return json_answer({"rows": [asdict(row) for row in rows]})


def _today(service: Evaluation) -> date:
    return service.floor.clock().astimezone(LEGAL_ZONE).date()


@offices.get("/figures", **answers(shapes.Interest))
async def figures(
    request: Request,
    area: AreaCode,
    since: date,
    until: date,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Awareness, participation and recognition of the service (知晓度、参与度、认可度; YO-76)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    last = await service.floor.log.position()
    async with views_then(service, at, *RATED) as (then, queries):
        position = then.of(last)
        interest = await queries.interest(area, since, until)
        whose = Whose(area, None, None, since, until, position)
        rated = measures(await queries.rated(whose), Counted())
        unrated = await queries.unrated_matters(whose)
    answer = json_answer(
        {
            "eligible": interest["eligible"],
            "chose": interest["chose"],
            "participation": _ratio(interest["chose"], interest["eligible"]),
            "awareness": interest["media"],
            "recognition": [m.model_dump(mode="json") for m in rated if "_mean" in m.measure],
            "unrated": unrated,
            "position": position,
        }
    )
    return then.told(answer)


def _ratio(part: int, whole: int) -> str | None:
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"))) if whole else None
