"""What may people ask about how one matter was judged?"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.pack.rules import Instrument, Scale
from contracts.vocabulary import AreaCode
from services.evaluation.api import answers as shapes
from services.evaluation.api.answers_open import OpenInvitations
from services.evaluation.api.entering import JUDGES, RATED, Limit, Seen, may, views_then
from services.evaluation.domain.commands import (
    AnswerComplaint,
    EnterRating,
    InviteAgain,
    InviteRating,
    MakeReturnVisit,
    ReceiveComplaint,
    RecordRating,
    RectifyBadRating,
)
from services.evaluation.domain.independence import REVISIT
from services.evaluation.domain.state import Invitation, Judged
from services.evaluation.domain.visits import instrument_of
from services.evaluation.service import MATTER, Evaluation
from shared.answering import Rows, answers, cursor_number, following, json_answer
from shared.answers import Messages
from shared.asking import Ask, takes
from shared.http import principal_of
from shared.messages.room import ledger
from shared.past import At
from shared.problems import Problem

QUIET = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""What is behind a link stays there: no cache, no onward address."""

matters = APIRouter(tags=["matters"])

takes(
    matters,
    Ask("/matters/{id}/invitations", InviteRating, versioned=False),
    Ask("/matters/{id}/reminders", InviteAgain),
    Ask("/invitations/{id}/rating", RecordRating, versioned=False),
    Ask("/matters/{id}/ratings", EnterRating),
    Ask("/matters/{id}/return-visits", MakeReturnVisit),
    Ask("/matters/{id}/rectifications", RectifyBadRating),
    Ask("/matters/{id}/complaints", ReceiveComplaint, versioned=False),
    Ask("/matters/{id}/complaints/answers", AnswerComplaint),
)


@matters.get("/matters/{id}", **answers(shapes.Judged))
async def matter(request: Request, id: UUID, at: At = None) -> Response:
    """What was asked and answered; for the rated there is nothing yet (评价情况; X-05, X-10)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    position = await service.floor.log.position()
    state, version = await service.may_read(id, principal)
    then = await service.floor.past.then(at)
    if then.position is not None:
        version, state = await service.floor.handling.state_of(MATTER, id, upto=then.position)
    content = _described(id, state, version, then.of(position))
    if principal.roles & JUDGES:
        content["levels"] = dict(state.ratings)
    return then.told(json_answer(content, headers={"ETag": f'"{version}"'}))


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


@matters.get("/matters/{id}/invitations", **answers(shapes.Links))
async def links(request: Request, id: UUID) -> Response:
    """The unit's own links; nobody else is told them (评价邀请; X-05)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    state, _ = await service.may_read(id, principal, "ListInvitations")
    rows = [
        {
            "instrument": name,
            "invitation": i.id,
            "sending": i.sending,
            "expires_at": i.expires_at,
        }
        for name, i in _unanswered(state)
    ]
    return json_answer({"invitations": rows}, headers=QUIET)


def _unanswered(state: Judged) -> list[tuple[str, Invitation]]:
    """What the unit was asked and has not answered; a return visit is no link."""
    return [
        (name, i)
        for name, i in state.invitations.items()
        if name != REVISIT and name not in state.ratings
    ]


@matters.get("/matters/{id}/open-invitations", **answers(OpenInvitations))
async def open_invitations(request: Request, id: UUID, at: At = None) -> Response:
    """What the unit is asked to rate, or was as of `at`, and whether that was answered since; never
    a link: those are given for now alone (评价邀请; X-05)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    await service.may_rate_visits(id, principal)
    async with views_then(service, at, *RATED) as (then, queries):
        visits = [v for v in await queries.visits_of(id) if v["agent"] != principal.id]
    _, now = await service.floor.handling.state_of(MATTER, id)
    _, was = await service.floor.handling.state_of(MATTER, id, upto=then.position)
    sent = await service.sent_on(id, then.position)
    still = {v["visit"] for v in await service.queries.visits_of(id)}
    told = {
        "invitations": [
            {
                "instrument": name,
                "sending": i.sending,
                "sent_on": sent[name],
                "expires_at": i.expires_at,
                "rated": name in now.ratings,
            }
            for name, i in _unanswered(was)
        ],
        "visits": [
            {name: v[name] for name in ("visit", "day", "expires_at")}
            | {"rated": v["visit"] not in still}
            for v in visits
        ],
    }
    return then.told(json_answer(told, headers=QUIET))


@matters.get("/matters/{id}/visits", **answers(shapes.VisitLinks))
async def visit_links(request: Request, id: UUID) -> Response:
    """The unit's links for single visits, before the matter itself is rated (一次一评; X-05)."""
    service: Evaluation = request.app.state.service
    principal = await principal_of(request)
    await service.may_rate_visits(id, principal)
    rows = [
        {"visit": v["visit"], "day": v["day"], "invitation": v["invitation"],
         "expires_at": v["expires_at"]}
        for v in await service.queries.visits_of(id)
        if v["agent"] != principal.id
    ]  # fmt: skip
    return json_answer({"visits": rows}, headers=QUIET)


@matters.get(
    "/messages",
    summary="对外消息：评价链接已发、待发、未送达 Rating links sent or not",
    **answers(Messages),
)
async def messages(
    request: Request,
    area: AreaCode,
    state: Annotated[str | None, Query(max_length=20)] = None,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Limit = 50,
) -> Response:
    """Which links went out; never the link, nor to whom. One that did not is sent by a reminder."""
    service = await may(request, "ReadOffice", area)
    rows = await ledger(service.floor.log.pool, area, state, after, limit)
    goes_on = rows[-1]["position"] if len(rows) == limit else None
    return json_answer({"rows": rows, "after": goes_on})


@matters.get("/visits", **answers(Rows[shapes.Visit]))
async def visits(
    request: Request,
    area: AreaCode,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Visits and consultations that may be rated, without links: the evaluation office asks by
    phone and takes the answer down under the visit's own id (一次一评; X-05)."""
    service = await may(request, "ReadOffice", area, seen=min_position)
    mine = (await principal_of(request)).id
    async with views_then(service, at, *RATED) as (then, queries):
        rows = await queries.visits(area, cursor_number(after), limit)
    return then.told(
        json_answer(
            {
                "rows": [row for row in rows if row["agent"] != mine],
                "after": following(rows, limit, "position"),
            }
        )
    )


@matters.get("/invitations/{id}", **answers(shapes.OpenedAtDesk))
async def opened(request: Request, id: UUID) -> Response:
    """What the unit is asked: the indicators and the levels (评价表; HS-63, HS-64, YO-73).

    Looking consumes nothing, so that a preview of the link does not: only a POST rates. `printed`
    are the levels of the place's own paper form, where it prints fewer than are collected.
    """
    service: Evaluation = request.app.state.service
    matter_id, state = await service.invited(id, await principal_of(request))
    return json_answer(await asked_by(service, id, matter_id, state), headers=QUIET)


async def asked_by(
    service: Evaluation, id: UUID, matter_id: UUID, state: Judged
) -> dict[str, Any]:
    """What the form of an invitation holds."""
    name = state.instrument_of(id)
    if name is None:
        raise Problem("not_found")
    known, _, _ = await service.matter(matter_id)
    pack = service.floor.packs.edition(known.pack).pack
    instrument = instrument_of(pack, name)
    scale = next(s for s in pack.evaluation.scales if s.id == instrument.scale)
    return {
        "instrument": name,
        "zh": instrument.zh,
        "matter": matter_id,
        "rated": name in state.ratings,
        "expires_at": state.invitations[name].expires_at,
        "indicators": [
            {"id": i.id, "zh": i.zh, "explains": i.explains} for i in instrument.indicators
        ],
        "levels": [
            {"id": v.id, "zh": v.zh, "printed": v.id in (instrument.printed or (v.id,))}
            for v in scale.levels
        ],
        "conflict": conflict_of(instrument, scale),
    }


def conflict_of(instrument: Instrument, scale: Scale) -> str | None:
    """Where the paper form prints fewer levels than are asked: said, not hidden (HS-64)."""
    if not instrument.printed or len(instrument.printed) == len(scale.levels):
        return None
    few, many = len(instrument.printed), len(scale.levels)
    return f"原表印{few}级，按国家标准采集{many}级 / the form prints {few}, {many} are asked"
