"""Items of another level: transferred at once, followed, confirmed there (转办与交接)."""

from dataclasses import replace
from datetime import timedelta

from contracts.assignment import ItemDispatched, MatterTransferred, TransferConfirmed
from services.assignment.domain import MATTER
from services.assignment.domain.commands import (
    ArrangeMatter,
    ConfirmTransfer,
    DispatchItems,
    RouteMatter,
    TransferItems,
)
from services.assignment.domain.facts import MatterFacts
from shared.testing.spec import Spec
from tests.unit.assignment.examples import CLERK, TODAY, of_kind, person
from tests.unit.assignment.places import (
    ANSHAN,
    FAY,
    YUEYANG,
    asked,
    at,
    catalogue_with,
    member,
    standing_on,
)

COUNTY = frozenset({"county"})
THERE = person(30)


def mixed(**more: object) -> MatterFacts:
    """One item of the city, one of the county, one agent."""
    known = {"catalogue": catalogue_with(ANSHAN, S2_02="county"), **more}
    return at(ANSHAN, asked("S1-01", "S2-02"), member(FAY, "team", "agent"), **known)


def receiving(**more: object) -> MatterFacts:
    """Somebody of the county confirms."""
    liaison = frozenset({"liaison"})
    return mixed(actor=THERE, roles=liaison, bodies=COUNTY, **more)


def sent(facts: MatterFacts | None = None) -> tuple[MatterTransferred, ...]:
    _, events = standing_on(facts or mixed(), RouteMatter(), TransferItems())
    return tuple(of_kind(MatterTransferred, events))


def test_what_is_of_the_county_goes_there_at_once_with_a_day_to_confirm() -> None:
    (event,) = sent()
    assert (event.to, event.items, event.at_once) == ("county", ("S2-02",), True)
    assert (event.confirm_by_on, event.follow_until) == (
        TODAY + timedelta(days=1),
        "ItemClosed",
    )
    assert event.rule == "routing.county_item"
    assert "routing.county_item.confirm_within.days" in event.defaults


def test_it_goes_by_itself_when_the_matter_is_arranged() -> None:
    _, events = standing_on(mixed(), ArrangeMatter())
    assert [e.items for e in of_kind(MatterTransferred, events)] == [("S2-02",)]
    assert standing_on(mixed(), ArrangeMatter(), ArrangeMatter())[1] == events


def test_transferred_twice_is_transferred_once() -> None:
    _, events = standing_on(mixed(), RouteMatter(), TransferItems(), TransferItems())
    assert len(of_kind(MatterTransferred, events)) == 1


def test_the_agent_here_follows_it_as_a_shadow() -> None:
    _, events = standing_on(mixed(), RouteMatter(), TransferItems(), DispatchItems())
    shadows = {e.item: e.shadow for e in of_kind(ItemDispatched, events)}
    assert shadows == {"S1-01": False, "S2-02": True}


def test_a_person_transfers_what_the_catalogue_does_not_tell() -> None:
    plain = at(ANSHAN, asked("S1-01", "S2-02"), member(FAY, "team", "agent"))
    by_hand = TransferItems(items=("S1-01",))
    state, events = standing_on(plain, RouteMatter(), by_hand)
    assert [e.items for e in of_kind(MatterTransferred, events)] == [("S1-01",)]
    assert state.transfers["S1-01"].person is None
    spec = Spec(MATTER, plain)
    spec.given(*events).when(by_hand).then_nothing()
    spec.given(*events).when(TransferItems(items=("S3-08",))).then_refused("item_not_in_scope")
    strange = TransferItems(items=("S2-02",), to="nowhere")
    spec.given(*events).when(strange).then_refused("body_unknown")


def test_a_place_without_such_rules_transfers_nothing() -> None:
    facts = at(YUEYANG, asked(investment="social"))
    _, events = standing_on(facts, RouteMatter())
    by_hand = TransferItems(items=("S1-01",))
    Spec(MATTER, facts).given(*events).when(by_hand).then_refused("no_transfers_here")


def test_the_receiving_body_confirms_and_says_who_takes_it() -> None:
    _, events = standing_on(mixed(), RouteMatter(), TransferItems())
    spec = Spec(MATTER, receiving()).given(*events)
    confirmed = TransferConfirmed(to="county", items=("S2-02",), person=THERE)
    spec.when(ConfirmTransfer()).then(confirmed)
    again = Spec(MATTER, receiving()).given(*events, confirmed)
    again.when(ConfirmTransfer(to="county")).then_nothing()
    assert again.state().transfers["S2-02"].person == THERE


def test_who_sent_it_does_not_confirm_it_himself() -> None:
    """B65: he may serve the receiving body too; another of its people confirms."""
    sender = receiving()
    _, events = standing_on(replace(mixed(), actor=THERE), RouteMatter(), TransferItems())
    Spec(MATTER, sender).given(*events).when(ConfirmTransfer()).then_refused("four_eyes")
    another = replace(sender, actor=person(31))
    Spec(MATTER, another).given(*events).when(ConfirmTransfer()).then(
        TransferConfirmed(to="county", items=("S2-02",), person=person(31))
    )


def test_nobody_else_confirms_it() -> None:
    _, events = standing_on(mixed(), RouteMatter(), TransferItems())
    chief = mixed(actor=CLERK, roles=frozenset({"chief_agent"}), bodies=frozenset({"team"}))
    spec = Spec(MATTER, chief).given(*events)
    spec.when(ConfirmTransfer()).then_refused("not_yours_to_assign")
    spec.when(ConfirmTransfer(to="team")).then_refused("not_yours_to_assign")


def test_a_confirmation_after_the_day_is_late() -> None:
    _, events = standing_on(mixed(), RouteMatter(), TransferItems())
    after = replace(receiving(), today=TODAY + timedelta(days=2))
    late = TransferConfirmed(to="county", items=("S2-02",), person=THERE, late=True)
    Spec(MATTER, after).given(*events).when(ConfirmTransfer()).then(late)


def test_what_was_not_transferred_is_not_confirmed() -> None:
    _, events = standing_on(mixed(), RouteMatter())
    spec = Spec(MATTER, receiving())
    spec.given(*events).when(ConfirmTransfer()).then_refused("not_in_this_state")
    _, events = standing_on(mixed(), RouteMatter(), TransferItems())
    wrong = ConfirmTransfer(items=("S1-01",))
    spec.given(*events).when(wrong).then_refused("item_not_transferred")
