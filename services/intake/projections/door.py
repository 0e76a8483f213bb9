"""How does each event change the lists of the front door?"""

from contracts.intake import (
    BookingEnded,
    BookingMade,
    BookingMoved,
    ConsultationAnswered,
    ConsultationReferred,
    ContactClosed,
    ContactHandedOver,
    ContactLeftOver,
    ContactLinked,
    HandoverDeclined,
    HandoverOffered,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    HotlineOrderTaken,
    OneTimeNoticeIssued,
    VisitorReceived,
)
from services.intake.queries import legal_day
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def door(over: Connection, told: Told) -> None:
    """Contacts, questions, notices, hotline orders and bookings."""
    match told.event:
        case VisitorReceived():
            await _received(over, told, told.event)
        case ContactLinked() | HandoverOffered() | HandoverDeclined() | ContactHandedOver():
            await _moved(over, told)
        case ContactClosed() | ContactLeftOver():
            await _moved(over, told)
        case ConsultationReferred():
            await _referred(over, told, told.event)
        case ConsultationAnswered():
            await _answered(over, told, told.event)
        case OneTimeNoticeIssued():
            await _noticed(over, told, told.event)
        case HotlineOrderReceived() | HotlineOrderTaken() | HotlineOrderAnswered():
            await _order(over, told)
        case BookingMade() | BookingMoved() | BookingEnded():
            await _booking(over, told)


async def _received(over: Connection, told: Told, event: VisitorReceived) -> None:
    await over.execute(
        "INSERT INTO view_contacts (id, area, owner, channel, received_on, topic, items, mode, "
        "phase) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open')",
        told.entry.stream, told.about.area, event.owner, told.about.channel,
        event.received_on, event.topic, list(event.items), event.mode,
    )  # fmt: skip


async def _moved(over: Connection, told: Told) -> None:
    contact = told.entry.stream
    match told.event:
        case ContactLinked(to_project=project, to_matter=matter):
            await _contact(
                over, "project = coalesce($2, project), matter = coalesce($3, matter)",
                contact, project, matter,
            )  # fmt: skip
        case HandoverOffered(to_person=person, to_role=role, to_body=body):
            await _contact(
                over, "offered_person = $2, offered_role = $3, offered_body = $4",
                contact, person, role, body,
            )  # fmt: skip
        case HandoverDeclined():
            await _contact(
                over,
                "offered_person = NULL, offered_role = NULL, offered_body = NULL",
                contact,
            )
        case ContactHandedOver(owner=owner):
            await _contact(
                over,
                "owner = $2, offered_person = NULL, offered_role = NULL, offered_body = NULL",
                contact,
                owner,
            )
        case ContactClosed(outcome=outcome, closed_on=day):
            await _contact(
                over, "phase = 'closed', outcome = $2, closed_on = $3", contact, outcome, day
            )
        case ContactLeftOver(nights=nights):
            day = legal_day(told.about.effective)
            await _contact(over, "nights = $2, reminded_on = $3", contact, nights, day)


async def _contact(over: Connection, what: str, *values: object) -> None:
    """`what` is one of the constants above, never text from outside."""
    await over.execute(f"UPDATE view_contacts SET {what} WHERE id = $1", *values)


async def _referred(over: Connection, told: Told, event: ConsultationReferred) -> None:
    await over.execute(
        "INSERT INTO view_questions (consultation, contact, area, items, to_body, to_role, "
        "to_person, asked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        event.consultation, told.entry.stream, told.about.area, list(event.items),
        event.to_body, event.to_role, event.to_person, event.asked_at,
    )  # fmt: skip
    await _contact(
        over, "waiting = array_append(waiting, $2)", told.entry.stream, event.consultation
    )


async def _answered(over: Connection, told: Told, event: ConsultationAnswered) -> None:
    """Only those that were referred stand in a list."""
    await over.execute(
        "UPDATE view_questions SET answered = true, waited_minutes = $2 WHERE consultation = $1",
        event.consultation,
        event.waited_minutes,
    )
    await _contact(
        over, "waiting = array_remove(waiting, $2)", told.entry.stream, event.consultation
    )


async def _noticed(over: Connection, told: Told, event: OneTimeNoticeIssued) -> None:
    about = told.about
    await over.execute(
        "INSERT INTO view_told (notice, stream, area, project, matter, actor, items, again, "
        "ordinal, issued_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        event.notice, told.entry.stream, about.area, about.project, about.matter, about.actor,
        list(event.items), list(event.again), event.ordinal, event.issued_on,
    )  # fmt: skip


async def _order(over: Connection, told: Told) -> None:
    order = told.entry.stream
    match told.event:
        case HotlineOrderReceived() as event:
            await over.execute(
                "INSERT INTO view_orders (id, order_number, area, called_at, counts_from_on, "
                "due_on, estimated, phase, topic, code, items, about_staff, concerns, to_role, "
                "to_body, leads_to) VALUES "
                "($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, $13, $14, $15)",
                order, event.order, told.about.area, event.called_at, event.counts_from_on,
                event.due_on, event.estimated, event.topic, event.code, list(event.items),
                event.about_staff, event.concerns, event.to_role, event.to_body,
                told.about.matter,
            )  # fmt: skip
        case HotlineOrderTaken(owner=owner):
            await over.execute("UPDATE view_orders SET owner = $2 WHERE id = $1", order, owner)
        case HotlineOrderAnswered() as event:
            await over.execute(
                "UPDATE view_orders SET phase = 'answered', result = $2, answered_on = $3, "
                "late_days = $4, leads_to = coalesce($5, leads_to) WHERE id = $1",
                order, event.result, event.answered_on, event.late_days, event.leads_to,
            )  # fmt: skip


async def _booking(over: Connection, told: Told) -> None:
    booking = told.entry.stream
    match told.event:
        case BookingMade() as event:
            day = event.begins_at.astimezone(LEGAL_ZONE).date()
            await over.execute(
                "INSERT INTO view_bookings (id, area, begins_at, day, minutes, body, topic, "
                "items, holder) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                booking, told.about.area, event.begins_at, day, event.minutes, event.body,
                event.topic, list(event.items), event.holder,
            )  # fmt: skip
        case BookingMoved(begins_at=begins_at):
            await over.execute(
                "UPDATE view_bookings SET begins_at = $2, day = $3, moved = moved + 1 "
                "WHERE id = $1",
                booking,
                begins_at,
                begins_at.astimezone(LEGAL_ZONE).date(),
            )
        case BookingEnded(ending=ending):
            await over.execute(
                "UPDATE view_bookings SET ending = $2 WHERE id = $1", booking, ending
            )
