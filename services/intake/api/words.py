"""Who reads what was said at the door, and leaves his name for it (来访与工单原文)?"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.intake.api.answers import door as shapes
from services.intake.api.reading import answer, may_read, service_of
from services.intake.domain.rights import CHIEFS
from services.intake.service.door import area_of
from services.intake.service.streams import BOOKING, CONTACT, ORDER
from shared.answering import answers
from shared.eventstore.reading import read_personal
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Principal, Standing, accounts

type Purpose = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]

router = APIRouter(tags=["door"])


@router.get(
    "/contacts/{id}/words",
    summary="来访原文 Who came and what he asked; noted",
    **answers(shapes.Words),
)
async def of_contact(request: Request, id: UUID, purpose: Purpose = "serve") -> Response:
    """For its owner, whoever is asked to take it or to answer, and the chief (HS-17, AS-51)."""
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, CONTACT, id)
    may_read(request, who, Standing(area), "ReadWords")
    _, state = await service.floor.handling.state_of(CONTACT, id)
    if not state.is_heard_by(who.id, who.roles, who.bodies, chief=bool(who.roles & CHIEFS)):
        raise Problem("forbidden")
    return await _said(request, id, who, purpose)


@router.get(
    "/hotline-orders/{id}/words",
    summary="工单原文 Who called and what he said; noted",
    **answers(shapes.Words),
)
async def of_order(request: Request, id: UUID, purpose: Purpose = "serve") -> Response:
    """One about staff is read by its supervisor alone."""
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, ORDER, id)
    may_read(request, who, Standing(area), "ReadWords")
    _, state = await service.floor.handling.state_of(ORDER, id)
    if state.hides_from(who.id, who.roles):
        raise Problem("not_found")
    return await _said(request, id, who, purpose)


@router.get(
    "/bookings/{id}/words",
    summary="预约人 Who booked, and what for; noted",
    **answers(shapes.Words),
)
async def of_booking(request: Request, id: UUID, purpose: Purpose = "serve") -> Response:
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, BOOKING, id)
    _, state = await service.floor.handling.state_of(BOOKING, id)
    may_read(request, who, Standing(area, accounts(state.holder)), "ReadWords")
    return await _said(request, id, who, purpose)


async def _said(request: Request, stream: UUID, who: Principal, purpose: str) -> Response:
    """What still exists, in the order in which it was said; the reading is on record first."""
    floor = service_of(request).floor
    found = await read_personal(floor.log, floor.keeper, stream, actor=who.id, purpose=purpose)
    rows = await floor.log.pool.fetch(
        "SELECT id, type FROM events WHERE stream = $1 ORDER BY version", stream
    )
    said: list[dict[str, Any]] = [
        {"event": row["type"], **found[row["id"]]} for row in rows if found.get(row["id"])
    ]
    return answer({"id": stream, "said": said})
