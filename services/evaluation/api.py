"""What may people ask of evaluation?"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.vocabulary import ActorId, AreaCode, BodyId, Quarter
from services.evaluation.domain.appraising import Counted, measures
from services.evaluation.domain.commands import (
    AnswerAreaComplaint,
    AnswerComplaint,
    ComputeAppraisal,
    HoldHearing,
    InviteAgain,
    InviteRating,
    MakeReturnVisit,
    NoteReview,
    ReceiveAreaComplaint,
    ReceiveComplaint,
    RecordRating,
    RectifyBadRating,
)
from services.evaluation.domain.independence import REVISIT
from services.evaluation.domain.rights import RIGHTS
from services.evaluation.domain.state import Judged
from services.evaluation.queries import Whose
from services.evaluation.service import Evaluation
from shared.answering import cursor_number, following, json_answer
from shared.asking import Ask, By, permit, takes
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Standing

type Limit = Annotated[int, Query(ge=1, le=200)]
type Seen = Annotated[int, Query(ge=0)]

JUDGES = frozenset({"office", "supervisor", "evaluation_office", "auditor", "admin"})
"""Who sees levels before everything is rated. None of them may be one of the rated (X-05)."""

matters = APIRouter(tags=["matters"])
offices = APIRouter(tags=["office"])
ROUTERS = (matters, offices)

takes(
    matters,
    Ask("/matters/{id}/invitations", InviteRating, versioned=False),
    Ask("/matters/{id}/reminders", InviteAgain),
    Ask("/invitations/{id}/rating", RecordRating, versioned=False),
    Ask("/matters/{id}/return-visits", MakeReturnVisit),
    Ask("/matters/{id}/rectifications", RectifyBadRating),
    Ask("/matters/{id}/complaints", ReceiveComplaint, versioned=False),
    Ask("/matters/{id}/complaints/answers", AnswerComplaint),
)
takes(
    offices,
    Ask("/complaints", ReceiveAreaComplaint),
    Ask("/complaints/answers", AnswerAreaComplaint),
    Ask("/hearings", HoldHearing),
    Ask("/appraisals", ComputeAppraisal),
    Ask("/reviews", NoteReview),
)


@matters.get("/matters/{id}")
async def matter(request: Request, id: UUID) -> Response:
    """What was asked and answered; for the rated there is nothing yet (评价情况; X-05, X-10)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    position = await service.floor.log.position()
    state, version = await service.may_read(id, principal)
    content = _described(id, state, version, position)
    if state.released or principal.roles & JUDGES:
        content["levels"] = dict(state.ratings)
    return json_answer(content, headers={"ETag": f'"{version}"'})


def _described(id: UUID, state: Judged, version: int, position: int) -> dict[str, Any]:
    return {
        "id": id,
        "version": version,
        "position": position,
        "invited": list(state.invitations),
        "recorded": list(state.ratings),
        "revisited": state.reached,
        "bad_rating_open": state.bad_rating_open,
        "complaints_open": sum(not c.answered for c in state.complaints.values()),
    }


@matters.get("/matters/{id}/invitations")
async def links(request: Request, id: UUID) -> Response:
    """The unit's own links; nobody else is told them (评价邀请; X-05)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    state, _ = await service.may_read(id, principal, "ListInvitations")
    rows = [
        {"instrument": name, "invitation": i.id, "sending": i.sending}
        for name, i in state.invitations.items()
        if name != REVISIT and name not in state.ratings
    ]
    return json_answer({"invitations": rows})


@matters.get("/invitations/{id}")
async def opened(request: Request, id: UUID) -> Response:
    """What the unit is asked: the indicators and the levels (评价表; YO-73)."""
    service: Evaluation = request.app.state.service
    matter_id, state = await service.invited(id, await principal_of(request))
    name = state.instrument_of(id)
    if name is None:
        raise Problem("not_found")
    known, _, _ = await service.matter(matter_id)
    pack = service.floor.packs.edition(known.pack).pack
    instrument = pack.instrument_of(name)
    scale = next(s for s in pack.evaluation.scales if s.id == instrument.scale)
    return json_answer(
        {
            "instrument": name,
            "zh": instrument.zh,
            "matter": matter_id,
            "rated": name in state.ratings,
            "indicators": [{"id": i.id, "zh": i.zh} for i in instrument.indicators],
            "levels": [{"id": v.id, "zh": v.zh} for v in scale.levels],
        }
    )


@offices.get("/tasks")
async def tasks(request: Request, area: AreaCode, min_position: Seen = 0) -> Response:
    """Return visits to make, bad ratings to rectify, complaints to answer, what to review
    (待办; YO-48, YO-65)."""
    service = await _may(request, "ReadOffice", area, seen=min_position)
    principal = await principal_of(request)
    found = await service.queries.tasks(area, sorted(principal.bodies))
    rated = ("agent", "against")
    return json_answer(
        {
            kind: [r for r in rows if all(r.get(who) != principal.id for who in rated)]
            for kind, rows in found.items()
        }
    )


@offices.get("/ratings")
async def ratings(
    request: Request,
    area: AreaCode,
    agent: ActorId | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
) -> Response:
    """Ratings one by one, without words and without the rater (评价明细; YO-49)."""
    service = await _may(request, "ReadOffice", area, seen=min_position)
    rows = await service.queries.ratings(area, agent, cursor_number(after), limit)
    after_these = following(rows, limit, "position")
    mine = (await principal_of(request)).id
    return json_answer({"rows": [r for r in rows if r["agent"] != mine], "after": after_these})


@offices.get("/appraisals")
async def appraisals(
    request: Request,
    area: AreaCode,
    quarter: Quarter | None = None,
    agent: ActorId | None = None,
    body: BodyId | None = None,
    min_position: Seen = 0,
) -> Response:
    """Results per quarter; an agent reads his own (考核结果; YO-50, YO-64)."""
    service = await _may(
        request, "ReadAppraisals", area, agent=agent, body=body, seen=min_position
    )
    return json_answer({"rows": await service.queries.appraisals(area, quarter, agent, body)})


@offices.get("/figures")
async def figures(
    request: Request, area: AreaCode, since: date, until: date, min_position: Seen = 0
) -> Response:
    """Awareness, participation and recognition of the service (知晓度、参与度、认可度; YO-76)."""
    service = await _may(request, "ReadOffice", area, seen=min_position)
    position = await service.floor.log.position()
    interest = await service.queries.interest(area, since, until)
    whose = Whose(area, None, None, since, until, position)
    rated = measures(await service.queries.rated(whose), Counted())
    return json_answer(
        {
            "eligible": interest["eligible"],
            "chose": interest["chose"],
            "participation": _ratio(interest["chose"], interest["eligible"]),
            "awareness": interest["media"],
            "recognition": [m.model_dump(mode="json") for m in rated if "_mean" in m.measure],
            "unrated": await service.queries.unrated_matters(whose),
            "position": position,
        }
    )


def _ratio(part: int, whole: int) -> str | None:
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"))) if whole else None


async def _may(
    request: Request,
    action: str,
    area: str,
    *,
    agent: str | None = None,
    body: str | None = None,
    seen: int = 0,
) -> Evaluation:
    """The service, once the caller may read and the views have reached what he has seen."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    agents, bodies = frozenset({agent} - {None}), frozenset({body} - {None})
    where = Standing(area, agents=agents, bodies=bodies)  # type: ignore[arg-type]
    permit(RIGHTS, By(principal, UUID(int=0), None, service.floor.clock()), action, where)
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    return service
