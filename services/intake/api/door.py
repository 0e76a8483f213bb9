"""What may people ask at the front door, and which lists do they read there?"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.pack.promising import is_ours, last_day, promise_of
from services.intake.api.answers import door as shapes
from services.intake.api.listing import Rows, asked_for, relations, then
from services.intake.api.reading import (
    answer,
    may_read,
    page_of,
    service_of,
)
from services.intake.domain import booking, hotline, outreach
from services.intake.domain.contact import commands as contact
from services.intake.domain.desk import decides
from services.intake.domain.enrolment import IssueNotice
from services.intake.domain.story import PublishStory
from services.intake.queries import door as lists
from services.intake.service.door import area_of, desk
from services.intake.service.streams import BOOKING, CONTACT, ORDER, order_stream
from shared.answering import Page, answers
from shared.asking import Ask, By, takes
from shared.decider import Refused
from shared.effects import new_id
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Standing, accounts

type Item = Annotated[str, Query(pattern=r"^[A-Z0-9][A-Z0-9.-]{0,19}$")]

router = APIRouter(tags=["door"])

takes(
    router,
    Ask("/contacts", contact.ReceiveVisitor),
    Ask("/contacts/{id}/links", contact.LinkContact, versioned=False),
    Ask("/contacts/{id}/handover-offers", contact.OfferHandover, versioned=False),
    Ask("/contacts/{id}/handover", contact.TakeContact, versioned=False),
    Ask("/contacts/{id}/handover-refusals", contact.DeclineHandover, versioned=False),
    Ask("/contacts/{id}/closing", contact.CloseContact, versioned=False),
    Ask("/contacts/{id}/referrals", contact.ReferQuestion, versioned=False),
    Ask("/contacts/{id}/answers", contact.AnswerContact, versioned=False),
    Ask("/contacts/{id}/notices", contact.TellContact, versioned=False),
    Ask("/matters/{id}/notices", IssueNotice, versioned=False),
    Ask(
        "/hotline-orders",
        hotline.ReceiveOrder,
        stream=lambda order: order_stream(order.area, order.order),
    ),
    Ask("/hotline-orders/{id}/taking", hotline.TakeOrder, versioned=False),
    Ask("/hotline-orders/{id}/answer", hotline.AnswerOrder, versioned=False),
    Ask("/bookings", booking.MakeBooking),
    Ask("/bookings/{id}/moves", booking.MoveBooking, versioned=False),
    Ask("/bookings/{id}/ending", booking.EndBooking, versioned=False),
    Ask("/outreach/{id}/checklist", outreach.PublishChecklist, versioned=False),
    Ask("/outreach/{id}/deliveries", outreach.DeliverChecklist, versioned=False),
    Ask("/outreach/{id}/policies", outreach.PushPolicy, versioned=False),
    Ask("/outreach/{id}/visits", outreach.LogVisit, versioned=False),
    Ask("/outreach/{id}/closing", outreach.CloseOutreach),
    Ask("/stories", PublishStory),
)


@router.get(
    "/contacts",
    summary="来访 Contacts: one's own open ones, those offered, those left over",
    **answers(Page[shapes.ContactRow]),
)
async def contacts(
    request: Request,
    rows: Rows,
    mine: bool = False,
    offered: bool = False,
    left_over: bool = False,
    open: bool = False,
    project: UUID | None = None,
) -> Response:
    """`mine` are the open ones one answers for; `left_over` those of an earlier day (AS-41)."""
    who, page = await asked_for(request, "ReadDoor", rows)
    async with then(request, rows, "door") as seen:
        if offered:
            roles, bodies = sorted(who.roles), sorted(who.bodies)
            found = await lists.offered(seen.over, page, who.id, roles, bodies)
        else:
            found = await lists.contacts(
                seen.over,
                page,
                owner=who.id if mine else None,
                open_only=open or mine or left_over,
                before=seen.today if left_over else None,
                project=project,
            )
    return seen.told(page_of(found, rows.limit))


@router.get(
    "/contacts/{id}",
    summary="来访 One contact: whose it is, and what is still open",
    **answers(shapes.Contact),
)
async def one_contact(request: Request, id: UUID) -> Response:
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, CONTACT, id)
    may_read(request, who, Standing(area), "ReadDoor")
    version, state = await service.floor.handling.state_of(CONTACT, id)
    body = {
        "id": id,
        "version": version,
        "area": area,
        "state": state.phase,
        "owner": state.owner,
        "received_on": state.received_on,
        "mode": state.mode,
        "items": state.items,
        "project": state.project,
        "matter": state.matter,
        "offer": state.offer
        and {
            "person": state.offer.person, "role": state.offer.role, "body": state.offer.body,
        },
        "declined": state.declined and {"offer": state.declined[0], "by": state.declined[1]},
        "nights": state.nights,
        "outcome": state.outcome,
        "waiting": state.waiting,
        "understood": not state.unclear,
        "noticed": dict(state.told),
    }  # fmt: skip
    return answer(body, version)


@router.get(
    "/questions",
    summary="咨询转办 Questions that wait for the body that decides",
    **answers(Page[shapes.Question]),
)
async def questions(
    request: Request,
    rows: Rows,
    mine: bool = False,
    all: bool = False,
) -> Response:
    """`mine` are those of one's own bodies; answered ones say how long they took (AS-51)."""
    who, page = await asked_for(request, "ReadDoor", rows)
    bodies = sorted(who.bodies) if mine else None
    async with then(request, rows, "door") as seen:
        found = await lists.questions(seen.over, page, bodies=bodies, open_only=not all)
    return seen.told(page_of(found, rows.limit, "consultation"))


@router.get(
    "/directory",
    summary="事项对应审批人员 Who really decides an item",
    **answers(shapes.Decides),
)
async def directory(request: Request, area: str, item: Item) -> Response:
    """The body and the post; the person too where the matter's directory knows him (AS-51)."""
    who, service = await principal_of(request), service_of(request)
    may_read(request, who, Standing(area), "ReadDoor")
    rules = service.floor.packs.for_area(area)
    try:
        named = rules.catalogue.item(item)
    except LookupError:
        raise Refused(
            "item_unknown",
            item=item,
            catalogue=rules.catalogue.edition,
            remedy="请从本地事项目录中选取 / choose an item of the catalogue",
        ) from None
    by = By(who, new_id(), None, service.floor.clock())
    found = decides(item, desk(service.look, rules, contact.TakeContact(), by))
    body: dict[str, Any] = {
        "item": item, "zh": named.zh, "department": named.dept, "body": found.body,
        "body_zh": rules.pack.body(found.body).zh, "role": found.role, "found_by": found.found_by,
    }  # fmt: skip
    return answer(body)


@router.get(
    "/notices",
    summary="一次性告知 Notices; `second` are those told again",
    **answers(Page[shapes.Notice]),
)
async def notices(
    request: Request,
    rows: Rows,
    second: bool = False,
    matter: UUID | None = None,
) -> Response:
    """A second notice for the same items is the supervisor's to look at (AS-42)."""
    _, page = await asked_for(request, "ReadDoor", rows)
    async with then(request, rows, "door") as seen:
        found = await lists.notices(seen.over, page, second_only=second, matter=matter)
    return seen.told(page_of(found, rows.limit, "notice"))


@router.get(
    "/hotline-orders",
    summary="热线工单 Orders of the 12345 line with their due days",
    **answers(Page[shapes.OrderRow]),
)
async def orders(
    request: Request,
    rows: Rows,
    all: bool = False,
) -> Response:
    who, page = await asked_for(request, "ReadDoor", rows)
    roles = sorted(who.roles)
    async with then(request, rows, "door") as seen:
        found = await lists.orders(seen.over, page, who.id, roles, open_only=not all)
    return seen.told(page_of(found, rows.limit))


@router.get("/hotline-orders/{id}", summary="热线工单 One order", **answers(shapes.Order))
async def one_order(request: Request, id: UUID) -> Response:
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, ORDER, id)
    may_read(request, who, Standing(area), "ReadDoor")
    version, state = await service.floor.handling.state_of(ORDER, id)
    if state.hides_from(who.id, who.roles):
        raise Problem("not_found")
    body = {
        "id": id, "version": version, "area": area, "order": state.order, "state": state.phase,
        "due_on": state.due_on, "to_role": state.to_role, "about_staff": state.about_staff,
        "owner": state.owner, "result": state.result,
    }  # fmt: skip
    return answer(body, version)


@router.get(
    "/bookings",
    summary="预约 Booked visits: today's, or those of another day",
    **answers(Page[shapes.BookingRow]),
)
async def bookings(
    request: Request,
    rows: Rows,
    day: date | None = None,
    all: bool = False,
) -> Response:
    """A unit sees its own of any day."""
    who, page = await asked_for(request, "ReadBooking", rows)
    unit = not {"area", "any"} & relations(who, "ReadBooking")
    async with then(request, rows, "door") as seen:
        found = await lists.bookings(
            seen.over,
            page,
            day=day or (None if all or unit else seen.today),
            holder=who.id if unit else None,
        )
    return seen.told(page_of(found, rows.limit))


@router.get("/bookings/{id}", summary="预约 One booked visit", **answers(shapes.Booking))
async def one_booking(request: Request, id: UUID) -> Response:
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, BOOKING, id)
    version, state = await service.floor.handling.state_of(BOOKING, id)
    may_read(request, who, Standing(area, accounts(state.holder)), "ReadBooking")
    body = {
        "id": id, "version": version, "area": area, "state": state.phase,
        "begins_at": state.begins_at, "holder": state.holder, "ending": state.ending,
    }  # fmt: skip
    return answer(body, version)


@router.get(
    "/acceptances-due",
    summary="待受理 Requests nobody has taken on, with their due day",
    **answers(Page[shapes.AcceptanceDue]),
)
async def acceptances_due(request: Request, rows: Rows) -> Response:
    """By the place's promise; where it is ours, it is marked 默认值 (YY-08)."""
    service = service_of(request)
    _, page = await asked_for(request, "ReadDoor", rows)
    async with then(request, rows, "matters") as seen:
        found = await lists.waiting_for_acceptance(seen.over, page)
    told = [_promised(service, row, seen.today) for row in found]
    return seen.told(page_of(told, rows.limit))


def _promised(service: Any, row: dict[str, Any], today: date) -> dict[str, Any]:
    rules = service.floor.packs.edition(row["pack"])
    promise = promise_of(rules.pack, "ServiceAccepted", "ServiceRequested")
    if promise is None:
        return row | {"due_on": None}
    due = last_day(rules.calendar, row["requested_on"], promise.within)
    return row | {
        "due_on": due.date, "estimated": due.estimated, "overdue": today > due.date,
        "label": "默认值" if is_ours(rules.pack, promise) else None,
    }  # fmt: skip
