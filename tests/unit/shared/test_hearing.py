"""What a service waits out, and what it does not."""

import pytest

from shared.decider import Refused
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended
from shared.hearing import passes
from shared.problems import Problem


@pytest.mark.parametrize(
    "error",
    [
        Problem("behind"),
        Problem("unavailable"),
        TimeoutError(),
        StoreUnavailable(),
        Contended(),
    ],
)
def test_what_time_mends_neither_parks_a_message_nor_ends_a_service(error: Exception) -> None:
    assert passes(error)


@pytest.mark.parametrize("error", [Problem("not_found"), Refused("no"), ValueError("ours")])
def test_what_time_does_not_mend_is_not_waited_for(error: Exception) -> None:
    assert not passes(error)
