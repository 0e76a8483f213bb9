"""Results on their way to the unit, originals going back, and striking items off."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from contracts.event import Personal
from contracts.supervision import (
    FeeDue,
    FeePaid,
    ItemClosed,
    ItemRefused,
    OriginalsReturned,
    ResultCollected,
    ResultDelivered,
    ResultSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    ArrangePlan,
    CloseItem,
    CollectResult,
    DeliverResult,
    ReturnOriginals,
    SendResult,
)
from services.supervision.domain.delivery import missing
from services.supervision.domain.progress import told
from tests.unit.supervision.examples import (
    COMMISSION,
    DEED,
    HELPER,
    LAND_PERMIT,
    MONDAY,
    SURVEY,
    UNIT,
    agency,
    agents_facts,
    approvers_facts,
    assistance,
    commission,
    given,
    licence_accepted,
    licence_collected,
    licence_decided,
    licence_received,
    planned,
    text,
    units_facts,
)

fetch = CollectResult(item=LAND_PERMIT)
hand = DeliverResult(items=(LAND_PERMIT,), delivery="hand", recipient=text("乙"))
mail = SendResult(items=(LAND_PERMIT,), delivery="mail", tracking_number=text("TEST-1"))
posted = ResultSent(items=(LAND_PERMIT,), delivery="mail", sent_on=MONDAY)
delivered = ResultDelivered(
    items=(LAND_PERMIT,), delivery="hand", delivered_on=MONDAY, recipient=text("乙")
)
close_it = CloseItem(item=LAND_PERMIT)
unit_in_agency = replace(agents_facts, actor=UNIT, roles=frozenset({"applicant_lead"}))


def test_the_agent_fetches_the_result() -> None:
    given(planned, *licence_decided()).when(fetch).then(
        ResultCollected(
            item=LAND_PERMIT, body="depts", kind="licence", collected_on=MONDAY, originals=1
        ),
        told(agents_facts, [LAND_PERMIT], "collected"),
    )


def test_nothing_is_fetched_before_the_decision() -> None:
    given(planned, *licence_accepted()).when(fetch).then_refused("not_in_this_state")


def test_fetching_needs_the_power() -> None:
    weak = agency.model_copy(
        update={"commission": commission.model_copy(update={"powers": ("submit",)})}
    )
    facts = replace(agents_facts, engagement=weak)
    given(planned, *licence_decided()).when(fetch, facts).then_refused("power_not_given")


def test_in_assistance_nobody_fetches_for_the_unit() -> None:
    facts = replace(
        agents_facts, engagement=assistance, actor=HELPER, roles=frozenset({"helper"})
    )
    given(planned, *licence_decided()).when(fetch, facts).then_refused("mode_forbids")


def test_fetching_twice_is_quiet() -> None:
    given(planned, *licence_collected()).when(fetch).then_nothing()


def test_handing_over_at_the_door_is_signed_for() -> None:
    given(planned, *licence_collected()).when(hand).then(
        delivered, told(agents_facts, [LAND_PERMIT], "delivered")
    )


def test_without_a_signature_nothing_was_handed_over() -> None:
    unsigned = DeliverResult(items=(LAND_PERMIT,), delivery="hand")
    given(planned, *licence_collected()).when(unsigned).then_refused("signature_missing")


def test_what_was_not_fetched_cannot_be_handed_over() -> None:
    given(planned, *licence_decided()).when(hand).then_refused("not_in_this_state")


def test_handing_over_twice_is_quiet() -> None:
    given(planned, *licence_collected(), delivered).when(hand).then_nothing()


def test_post_needs_a_tracking_number() -> None:
    bare = SendResult(items=(LAND_PERMIT,), delivery="mail")
    given(planned, *licence_collected()).when(bare).then_refused("tracking_number_missing")


def test_the_post_is_recorded_when_it_leaves() -> None:
    given(planned, *licence_collected()).when(mail).then(
        ResultSent(
            items=(LAND_PERMIT,),
            delivery="mail",
            sent_on=MONDAY,
            tracking_number=text("TEST-1"),
        )
    )


def test_nothing_arrives_by_post_that_was_not_sent() -> None:
    arrived = DeliverResult(items=(LAND_PERMIT,), delivery="mail")
    given(planned, *licence_collected()).when(arrived).then_refused("not_sent_yet")


def test_the_post_arrives() -> None:
    arrived = DeliverResult(items=(LAND_PERMIT,), delivery="mail")
    given(planned, *licence_collected(), posted).when(arrived).then(
        ResultDelivered(items=(LAND_PERMIT,), delivery="mail", delivered_on=MONDAY),
        told(agents_facts, [LAND_PERMIT], "delivered"),
    )


def test_the_download_by_the_unit_is_the_delivery() -> None:
    load = DeliverResult(items=(LAND_PERMIT,), delivery="e_certificate")
    given(planned, *licence_decided(e_certificate=True)).when(load, unit_in_agency).then(
        ResultDelivered(items=(LAND_PERMIT,), delivery="e_certificate", delivered_on=MONDAY),
        told(unit_in_agency, [LAND_PERMIT], "delivered"),
    )


def test_an_agent_cannot_download_for_the_unit() -> None:
    load = DeliverResult(items=(LAND_PERMIT,), delivery="e_certificate")
    given(planned, *licence_decided(e_certificate=True)).when(load).then_refused(
        "the_unit_downloads_itself"
    )


def test_without_an_e_certificate_there_is_nothing_to_download() -> None:
    load = DeliverResult(items=(LAND_PERMIT,), delivery="e_certificate")
    given(planned, *licence_decided()).when(load, unit_in_agency).then_refused(
        "no_e_certificate"
    )


def test_in_assistance_the_unit_picks_up_itself() -> None:
    picked = DeliverResult(items=(LAND_PERMIT,), delivery="self_pickup")
    given(planned, *licence_decided()).when(picked, units_facts).then(
        ResultDelivered(items=(LAND_PERMIT,), delivery="self_pickup", delivered_on=MONDAY),
        told(units_facts, [LAND_PERMIT], "delivered"),
    )


def test_a_way_the_pack_does_not_offer_is_refused() -> None:
    other = DeliverResult(items=(LAND_PERMIT,), delivery="hall_desk_pickup")
    given(planned, *licence_collected()).when(other).then_refused("way_not_offered")


def test_originals_go_back_against_a_signature() -> None:
    back = ReturnOriginals(pieces=(DEED,), recipient=text("乙"))
    given(planned).when(back).then(
        OriginalsReturned(pieces=(DEED,), originals=1, delivery="hand", recipient=text("乙"))
    )


def test_originals_need_a_signature() -> None:
    given(planned).when(ReturnOriginals(pieces=(DEED,))).then_refused("signature_missing")


def test_what_came_as_a_copy_is_no_original() -> None:
    back = ReturnOriginals(pieces=(SURVEY,), recipient=text("乙"))
    given(planned).when(back).then_refused("no_such_originals")


def test_originals_go_back_once() -> None:
    back = ReturnOriginals(pieces=(DEED,), recipient=text("乙"))
    gone = OriginalsReturned(pieces=(DEED,), originals=1, delivery="hand")
    given(planned, gone).when(back).then_nothing()


gone = OriginalsReturned(pieces=(DEED,), originals=1, delivery="hand")


def test_an_item_is_struck_off_against_evidence() -> None:
    facts = replace(agents_facts, evidence=(COMMISSION,))
    given(planned, *licence_collected(), delivered, gone).when(close_it, facts).then(
        ItemClosed(item=LAND_PERMIT, evidence=(COMMISSION,)),
        told(facts, [LAND_PERMIT], "closed"),
    )


def test_striking_off_names_what_is_missing() -> None:
    fee = FeeDue(
        fee=SURVEY,
        item=LAND_PERMIT,
        kind="test_fee",
        amount=Decimal("1.00"),
        payee="treasury",
        basis="《样例办法》第一条",
    )
    details = (
        given(planned, *licence_accepted(), fee).when(close_it).then_refused("not_done_yet")
    )
    assert details["missing"] == ["decision", f"fee:{SURVEY}", f"original:{DEED}"]


def test_each_thing_missing_stands_alone_in_the_way() -> None:
    whole = (planned, *licence_collected(), delivered, gone)
    fee = FeeDue(
        fee=UUID(int=5),
        item=LAND_PERMIT,
        kind="test_fee",
        amount=Decimal("1.00"),
        payee="treasury",
        basis="《样例办法》第一条",
    )
    lacking = {
        "delivery": (planned, *licence_collected(), gone),
        f"original:{DEED}": (planned, *licence_collected(), delivered),
        f"fee:{fee.fee}": (*whole, fee),
    }
    for name, history in lacking.items():
        assert given(*history).when(close_it).then_refused("not_done_yet")["missing"] == [name]
    paid = FeePaid(fee=fee.fee, item=LAND_PERMIT, amount=fee.amount)
    state = given(*whole, fee, paid).state()
    assert missing(state, state.items[LAND_PERMIT], agents_facts) == []


def test_an_original_that_another_open_item_needs_may_stay() -> None:
    needed = ("S1-05", "S1-06")
    facts = replace(agents_facts, engagement=agency.model_copy(update={"items": needed}))
    (both,) = DECIDER.decide(ArrangePlan(items=needed), given().state(), facts)
    state = given(both, *licence_collected(), delivered).state()

    assert missing(state, state.items[LAND_PERMIT], facts) == []


def test_what_was_refused_is_struck_off_by_the_refusal() -> None:
    refused = ItemRefused(
        item=LAND_PERMIT, kind="not_accepted", refused_on=MONDAY, reason=Personal("不符")
    )
    state = given(planned, *licence_received(), refused, gone).state()

    assert missing(state, state.items[LAND_PERMIT], approvers_facts) == []


def test_striking_off_twice_is_quiet() -> None:
    closed = ItemClosed(item=LAND_PERMIT, evidence=())
    given(planned, *licence_collected(), delivered, closed).when(close_it).then_nothing()


def test_a_delivery_before_the_decision_day_is_refused() -> None:
    early = replace(agents_facts, on=date(2026, 2, 27))
    given(planned, *licence_collected()).when(hand, early).then_refused("before_the_last_step")
