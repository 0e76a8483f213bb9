"""What is done in the wrong order is refused, with what the item's state allows instead."""

import pytest

from contracts.event import Event
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AcceptItem,
    DecideItem,
    EndSpecialProcedure,
    SupplyCorrection,
)
from shared.command import Command
from shared.decider import Refused
from tests.unit.supervision.examples import (
    LAND_PERMIT,
    approvers_facts,
    given,
    licence_accepted,
    licence_decided,
    planned,
    ready,
)

READY: tuple[Event, ...] = (planned, ready)
DECIDED: tuple[Event, ...] = (planned, *licence_decided())

WRONG = {
    "decided before it was accepted": (
        READY,
        DecideItem(item=LAND_PERMIT, outcome="approved"),
    ),
    "supplemented after the decision": (DECIDED, SupplyCorrection(item=LAND_PERMIT)),
    "resumed when it was not paused": (
        (planned, *licence_accepted()),
        EndSpecialProcedure(item=LAND_PERMIT),
    ),
    "accepted when it was decided": (DECIDED, AcceptItem(item=LAND_PERMIT)),
}


@pytest.mark.parametrize(("before", "command"), WRONG.values(), ids=WRONG)
def test_the_wrong_order_is_refused_and_what_is_allowed_is_said(  # B64, YO-17
    before: tuple[Event, ...], command: Command
) -> None:
    with pytest.raises(Refused) as refusal:
        DECIDER.decide(command, given(*before).state(), approvers_facts)
    assert refusal.value.code == "not_in_this_state"
    assert refusal.value.details["allowed"]
    assert refusal.value.details["state"]


def test_accepted_twice_is_accepted_once() -> None:
    given(planned, *licence_accepted()).when(
        AcceptItem(item=LAND_PERMIT), approvers_facts
    ).then_nothing()
