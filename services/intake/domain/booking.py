"""When will somebody come, and did he (预约登记)?"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from contracts.event import Event
from contracts.intake import BookingEnded, BookingMade, BookingMoved
from contracts.vocabulary import ActorId, AreaCode, BodyId, BookingEnding, Word
from services.intake.domain.commands import Items, Name, Phone, Sentence
from services.intake.domain.desk import LEGAL_ZONE, Desk, known_body
from shared.command import Command
from shared.decider import Decider, Refused


class MakeBooking(Command):
    """预约登记 Book a visit to the desk (AS-24)."""

    area: AreaCode
    begins_at: AwareDatetime
    minutes: Annotated[int, Field(ge=5, le=480)] | None = None
    body: BodyId | None = None
    topic: Word | None = None
    items: Items = ()
    holder: ActorId | None = None
    visitor: Name | None = None
    phone: Phone | None = None
    wish: Sentence | None = None


class MoveBooking(Command):
    """改约 Move a booked visit to another time (AS-24)."""

    begins_at: AwareDatetime
    reason: Sentence | None = None


class EndBooking(Command):
    """预约了结 The visit was kept, missed or cancelled (AS-24)."""

    ending: BookingEnding
    reason: Sentence | None = None


class MissBooking(Command):
    """预约失约 The day of the visit is over and nobody came (AS-24)."""


type BookingCommand = MakeBooking | MoveBooking | EndBooking | MissBooking


@dataclass(frozen=True, slots=True)
class Booking:
    """One booked visit; `holder` is the unit's account, if it booked by itself."""

    phase: Literal["absent", "open", "ended"] = "absent"
    begins_at: datetime | None = None
    holder: str | None = None
    ending: str | None = None


def evolve(state: Booking, event: Event) -> Booking:
    match event:
        case BookingMade(begins_at=begins_at, holder=holder):
            return replace(state, phase="open", begins_at=begins_at, holder=holder)
        case BookingMoved(begins_at=begins_at):
            return replace(state, begins_at=begins_at)
        case BookingEnded(ending=ending):
            return replace(state, phase="ended", ending=ending)
    return state


def decide(command: BookingCommand, state: Booking, facts: Desk) -> Sequence[Event]:
    match command, state.phase:
        case MakeBooking(), "absent":
            return [_made(command, facts)]
        case MoveBooking(begins_at=begins_at), "open":
            _possible(begins_at, facts)
            if begins_at == state.begins_at:
                return []
            return [BookingMoved(begins_at=begins_at, reason=command.reason)]
        case EndBooking(), "open":
            return _end(command, state, facts)
        case EndBooking(ending=ending), "ended" if ending == state.ending:
            return []
        case MissBooking(), "open" if _over(state, facts):
            return [BookingEnded(ending="missed", by_rule=True)]
        case MissBooking(), _:
            return []
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=state.phase,
        ending=state.ending,
        allowed=["MoveBooking", "EndBooking"] if state.phase == "open" else [],
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


def _made(command: MakeBooking, facts: Desk) -> BookingMade:
    _possible(command.begins_at, facts)
    if command.body is not None:
        known_body(command.body, facts.pack)
    return BookingMade(
        begins_at=command.begins_at,
        minutes=command.minutes,
        body=command.body,
        topic=command.topic,
        items=command.items,
        holder=facts.actor if facts.by_unit else command.holder,
        visitor=command.visitor,
        phone=command.phone,
        wish=command.wish,
    )


def _possible(begins_at: datetime, facts: Desk) -> None:
    """In the future, and on a day on which somebody is there."""
    day = begins_at.astimezone(LEGAL_ZONE).date()
    if begins_at <= facts.at:
        raise Refused("booking_in_the_past", remedy="请选择以后的时间 / choose a later time")
    if not facts.calendar.is_working(day):
        raise Refused(
            "not_a_working_day",
            day=day.isoformat(),
            next=facts.calendar.next_working_day(day).isoformat(),
            rule="clocks.calendar",
            remedy="请选择工作日 / choose a working day",
        )


def _end(command: EndBooking, state: Booking, facts: Desk) -> list[Event]:
    """A unit may cancel; whether it came, the desk says, and not before the time."""
    if command.ending != "cancelled" and facts.by_unit:
        raise Refused(
            "the_desk_says",
            ending=command.ending,
            remedy="到访情况由窗口登记 / the desk says whether somebody came",
        )
    if command.ending == "missed" and state.begins_at is not None:
        if facts.at < state.begins_at:
            raise Refused(
                "booking_not_yet_due",
                begins_at=state.begins_at.isoformat(),
                remedy="预约时间未到 / its time has not come",
            )
    return [BookingEnded(ending=command.ending, reason=command.reason)]


def _over(state: Booking, facts: Desk) -> bool:
    """The day after the visit has come."""
    begins = state.begins_at
    return begins is not None and begins.astimezone(LEGAL_ZONE).date() < facts.day


BOOKING = Decider(Booking(), evolve, decide)
