"""Orders of the 12345 line and booked visits (热线工单与预约)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.event import Event, Personal
from contracts.intake import (
    BookingEnded,
    BookingMade,
    BookingMoved,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    HotlineOrderTaken,
)
from services.intake.domain.booking import (
    BOOKING,
    BookingCommand,
    EndBooking,
    MakeBooking,
    MissBooking,
    MoveBooking,
)
from services.intake.domain.desk import Desk
from services.intake.domain.hotline import (
    ORDER,
    AnswerOrder,
    OrderCommand,
    ReceiveOrder,
    TakeOrder,
)
from shared.testing.spec import Spec
from tests.unit.intake.door_examples import (
    AGENT,
    AT,
    BY_AGENT,
    CLERK,
    DAY,
    DESK,
    ENROLS,
    OTHER,
    PLAIN,
    UNIT,
    ZONE,
    at,
    only,
)

AREA = PLAIN.jurisdiction.code
SUPERVISOR = at(
    ENROLS, actor=OTHER, roles=frozenset({r.canonical for r in ENROLS.roles} - {"agent"})
)
orders: Spec[OrderCommand, Any, Event, Desk] = Spec(ORDER, DESK)
bookings: Spec[BookingCommand, Any, Event, Desk] = Spec(BOOKING, DESK)


def order(**more: Any) -> ReceiveOrder:
    known = {"area": AREA, "order": "12345-1", "called_at": AT, "wording": Personal("询问进度")}
    return ReceiveOrder.model_validate({**known, **more})


def received(**more: Any) -> HotlineOrderReceived:
    known = {
        "order": "12345-1", "called_at": AT, "counts_from_on": DAY,
        "due_on": date(2026, 11, 27), "to_role": "window_clerk", "to_body": "zone",
        "defaults": ("channels.hotline.hours", "clocks.promises.hotline_order"),
        "wording": Personal("询问进度"),
    }  # fmt: skip
    return HotlineOrderReceived.model_validate({**known, **more})


def test_an_order_without_a_limit_has_ours_and_says_so() -> None:
    orders.given().when(order()).then(received())
    orders.given(received()).when(order()).then_nothing()


@pytest.mark.parametrize(
    ("called", "limit", "begins", "due"),
    [
        (AT, 3, DAY, date(2026, 11, 25)),
        (datetime(2026, 11, 19, 21, tzinfo=ZONE), 3, DAY, date(2026, 11, 25)),
        (datetime(2026, 11, 20, 2, tzinfo=ZONE), 1, DAY, date(2026, 11, 23)),
        (datetime(2026, 11, 14, 9, tzinfo=ZONE), 1, date(2026, 11, 16), date(2026, 11, 17)),
        (datetime(2026, 2, 13, 21, tzinfo=ZONE), 1, date(2026, 2, 14), date(2026, 2, 24)),
    ],
)
def test_the_nights_and_holidays_orders_wait_for_the_next_working_day(
    called: datetime, limit: int, begins: date, due: date
) -> None:
    event = only(ORDER.decide(order(called_at=called, limit_days=limit), ORDER.initial, DESK))
    assert (event.counts_from_on, event.due_on) == (begins, due)
    assert event.defaults == ("channels.hotline.hours",)


def test_the_orders_own_day_comes_first() -> None:
    event = only(ORDER.decide(order(due_on=date(2026, 12, 1)), ORDER.initial, DESK))
    assert event.due_on == date(2026, 12, 1)


def test_a_call_from_the_future_is_refused() -> None:
    command = order(called_at=AT + timedelta(hours=1))
    orders.given().when(command).then_refused("called_in_the_future")


def test_an_order_about_staff_goes_to_whoever_supervises_never_to_the_one_meant() -> None:
    command = order(about_staff=True, concerns=AGENT)
    event = only(ORDER.decide(command, ORDER.initial, DESK))
    assert event.to_role not in ("agent", "window_clerk")
    state = ORDER.fold([event])
    assert state.hides_from(AGENT, frozenset({event.to_role}))
    assert state.hides_from(CLERK, frozenset({"window_clerk"}))
    assert not state.hides_from(OTHER, frozenset({event.to_role}))
    refused = orders.given(event)
    refused.when(TakeOrder(), BY_AGENT).then_refused("order_is_the_supervisors")
    refused.when(TakeOrder()).then_refused("order_is_the_supervisors")


def test_one_person_takes_it_by_name() -> None:
    taken = HotlineOrderTaken(owner=CLERK)
    orders.given(received()).when(TakeOrder()).then(taken)
    orders.given(received(), taken).when(TakeOrder()).then_nothing()
    details = orders.given(received(), taken).when(TakeOrder(), BY_AGENT)
    assert details.then_refused("taken_by_another")["owner"] == CLERK


def test_it_goes_back_with_its_result_and_says_if_it_is_late() -> None:
    command = AnswerOrder(result="answered", answer=Personal("已答复"))
    done = HotlineOrderAnswered(result="answered", answered_on=DAY, answer=Personal("已答复"))
    orders.given(received()).when(command).then(done)
    orders.given(received(), done).when(command).then_nothing()
    late = replace(DESK, day=date(2026, 12, 1))
    orders.given(received()).when(command, late).then(
        done.model_copy(update={"answered_on": late.day, "late_days": 2})
    )
    orders.given().when(command).then_refused("not_in_this_state")
    other = command.model_copy(update={"result": "refused"})
    orders.given(received(), done).when(other).then_refused("not_in_this_state")


BEGINS = datetime(2026, 11, 23, 9, 30, tzinfo=ZONE)
made = BookingMade(begins_at=BEGINS)
BY_UNIT = replace(DESK, actor=UNIT, by_unit=True, roles=frozenset({"applicant_lead"}))


def book(**more: Any) -> MakeBooking:
    return MakeBooking.model_validate({"area": AREA, "begins_at": BEGINS, **more})


def test_a_visit_is_booked_on_a_working_day_to_come() -> None:
    bookings.given().when(book()).then(made)
    own = made.model_copy(update={"holder": UNIT})
    bookings.given().when(book(), BY_UNIT).then(own)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"begins_at": AT - timedelta(hours=1)}, "booking_in_the_past"),
        ({"begins_at": datetime(2026, 11, 21, 9, tzinfo=ZONE)}, "not_a_working_day"),
        ({"body": "nowhere"}, "body_unknown"),
    ],
)
def test_a_visit_that_cannot_be_is_refused(more: dict[str, Any], code: str) -> None:
    bookings.given().when(book(**more)).then_refused(code)


def test_it_is_moved_kept_missed_or_cancelled() -> None:
    later = BEGINS + timedelta(hours=2)
    bookings.given(made).when(MoveBooking(begins_at=later)).then(BookingMoved(begins_at=later))
    bookings.given(made).when(MoveBooking(begins_at=BEGINS)).then_nothing()
    for ending in ("kept", "cancelled"):
        ended = BookingEnded(ending=ending)
        bookings.given(made).when(EndBooking(ending=ending)).then(ended)
        bookings.given(made, ended).when(EndBooking(ending=ending)).then_nothing()
    early = EndBooking(ending="missed")
    bookings.given(made).when(early).then_refused("booking_not_yet_due")
    bookings.given(made, BookingEnded(ending="kept")).when(
        MoveBooking(begins_at=later)
    ).then_refused("not_in_this_state")


def test_a_unit_may_cancel_but_the_desk_says_whether_it_came() -> None:
    cancel = EndBooking(ending="cancelled")
    bookings.given(made).when(cancel, BY_UNIT).then(BookingEnded(ending="cancelled"))
    kept = EndBooking(ending="kept")
    bookings.given(made).when(kept, BY_UNIT).then_refused("the_desk_says")


def test_the_day_after_it_counts_as_missed_once() -> None:
    missed = BookingEnded(ending="missed", by_rule=True)
    bookings.given(made).when(MissBooking()).then_nothing()
    after = replace(DESK, day=date(2026, 11, 24))
    bookings.given(made).when(MissBooking(), after).then(missed)
    bookings.given(made, missed).when(MissBooking(), after).then_nothing()
