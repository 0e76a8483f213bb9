"""Visits, progress in words, the work log, and the fees that a law puts on the unit."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from pydantic import ValidationError

from contracts.supervision import (
    FeeDue,
    FeePaid,
    ProgressReported,
    VisitAppointed,
    VisitMade,
    WorkLogged,
)
from services.supervision.domain.commands import (
    AppointVisit,
    LogWork,
    PayFee,
    RecordFee,
    RecordVisit,
    ReportProgress,
)
from tests.unit.supervision.examples import (
    AGENT,
    FILING,
    HELPER,
    LAND_PERMIT,
    MONDAY,
    NEW,
    agents_facts,
    assistance,
    given,
    licence_accepted,
    planned,
    text,
)

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
TEN = datetime(2026, 3, 2, 2, tzinfo=UTC)
helps = replace(agents_facts, actor=HELPER, roles=frozenset({"helper"}), engagement=assistance)
appointed = VisitAppointed(
    visit=NEW, agent=AGENT, appointed_at=NINE, purposes=("take_in",), place=text("厂门口")
)
fee = RecordFee(
    item=FILING,
    kind="test_fee",
    amount=Decimal("12.50"),
    payee="treasury",
    basis="《样例办法》第五条",
)


def test_a_visit_is_agreed() -> None:
    asked = AppointVisit(appointed_at=NINE, place=text("厂门口"))
    given(planned).when(asked).then(appointed)


def test_only_who_serves_the_matter_visits() -> None:
    asked = AppointVisit(appointed_at=NINE, place=text("厂门口"), agent=HELPER)
    given(planned).when(asked).then_refused("not_assigned")


def test_the_window_agrees_a_visit_for_the_leading_agent() -> None:
    clerk = replace(agents_facts, actor=HELPER, roles=frozenset({"window_clerk"}))
    asked = AppointVisit(appointed_at=NINE, place=text("厂门口"))
    given(planned).when(asked, clerk).then(appointed)


def test_in_assistance_nobody_visits() -> None:
    asked = AppointVisit(appointed_at=NINE, place=text("厂门口"))
    given(planned).when(asked, helps).then_refused("mode_forbids")


def test_an_appointed_visit_is_made_and_may_be_entered_later() -> None:
    asked = RecordVisit(visit=NEW, arrived_at=NINE, left_at=TEN, offline=True)
    given(planned, appointed).when(asked).then(
        VisitMade(
            visit=NEW,
            agent=AGENT,
            arrived_at=NINE,
            left_at=TEN,
            purposes=("take_in",),
            offline=True,
        )
    )


def test_a_visit_without_appointment_gets_an_id_of_its_own() -> None:
    given(planned).when(RecordVisit(arrived_at=NINE)).then(
        VisitMade(visit=NEW, agent=AGENT, arrived_at=NINE, purposes=("take_in",))
    )


def test_a_visit_is_made_once() -> None:
    made = VisitMade(visit=NEW, agent=AGENT, arrived_at=NINE, purposes=("take_in",))
    given(planned, appointed, made).when(RecordVisit(visit=NEW, arrived_at=NINE)).then_nothing()


def test_nobody_leaves_before_arriving() -> None:
    asked = RecordVisit(arrived_at=TEN, left_at=NINE)
    given(planned).when(asked).then_refused("left_before_arriving")


def test_nobody_has_arrived_tomorrow() -> None:
    asked = RecordVisit(arrived_at=NINE + timedelta(days=365))
    given(planned).when(asked).then_refused("visit_in_the_future")


def test_a_visit_nobody_knows_is_refused() -> None:
    asked = RecordVisit(visit=UUID(int=9), arrived_at=NINE)
    given(planned).when(asked).then_refused("visit_unknown")


def test_the_agent_tells_the_unit_in_his_own_words() -> None:
    asked = ReportProgress(items=(LAND_PERMIT,), wording=text("已与经办人沟通"))
    state = given(planned, *licence_accepted()).state()
    given(planned, *licence_accepted()).when(asked).then(
        ProgressReported(
            items=(LAND_PERMIT,),
            state="accepted",
            forecast_on=state.items[LAND_PERMIT].commitment_due_on,
            reported_on=MONDAY,
            wording=text("已与经办人沟通"),
        )
    )


def test_a_line_of_the_work_log_is_written() -> None:
    asked = LogWork(kind="call", items=(FILING,), entry=text("电话询问"))
    given(planned).when(asked).then(
        WorkLogged(kind="call", items=(FILING,), entry=text("电话询问"))
    )


def test_work_on_an_item_outside_the_service_is_refused() -> None:
    asked = LogWork(kind="call", items=("S3-08",), entry=text("电话询问"))
    given(planned).when(asked).then_refused("item_not_in_scope")


def test_a_fee_stands_on_a_law() -> None:
    given(planned).when(fee).then(
        FeeDue(
            fee=NEW,
            item=FILING,
            kind="test_fee",
            amount=Decimal("12.50"),
            payee="treasury",
            basis="《样例办法》第五条",
        )
    )


def test_a_fee_without_a_law_cannot_be_asked_for() -> None:
    with pytest.raises(ValidationError):
        RecordFee.model_validate(
            {"item": FILING, "kind": "fee", "amount": "1", "payee": "x", "basis": "服务费"}
        )


def test_the_service_itself_asks_for_nothing() -> None:
    own = fee.model_copy(update={"payee": "centre"})
    given(planned).when(own).then_refused("the_service_is_free")


owed = FeeDue(
    fee=NEW,
    item=FILING,
    kind="test_fee",
    amount=Decimal("12.50"),
    payee="treasury",
    basis="《样例办法》第五条",
)


def test_a_fee_is_paid() -> None:
    given(planned, owed).when(PayFee(fee=NEW)).then(
        FeePaid(fee=NEW, item=FILING, amount=Decimal("12.50"))
    )


def test_a_fee_is_paid_once() -> None:
    paid = FeePaid(fee=NEW, item=FILING, amount=Decimal("12.50"))
    given(planned, owed, paid).when(PayFee(fee=NEW)).then_nothing()


def test_a_fee_nobody_owes_is_refused() -> None:
    given(planned).when(PayFee(fee=NEW)).then_refused("fee_unknown")
