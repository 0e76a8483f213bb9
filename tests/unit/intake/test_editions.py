"""A new matter follows the edition activated for its day, and none that is no rule on that day."""

from datetime import date
from typing import Any

import pytest

from contracts.pack import Pack
from services.intake.domain.editions import (
    NO_EDITIONS,
    Activation,
    Carried,
    edition_for_new,
    effective_day,
    taken_up,
)
from shared.decider import Refused
from tests.unit.intake.examples import PACK

OLD, NEW, DAY = "cn-sample@0000000000000001", "cn-sample@0000000000000002", date(2026, 11, 20)


def said(**text: Any) -> Pack:
    return PACK.model_copy(update={"instrument": PACK.instrument.model_copy(update=text)})


def carried(current: str = NEW, *, drafts: bool = False, **text: Any) -> Carried:
    return Carried({OLD: PACK, NEW: said(**text)}, current, drafts)


def refused(carried: Carried, editions: Any = NO_EDITIONS, day: date = DAY) -> Refused:
    with pytest.raises(Refused) as error:
        edition_for_new(editions, carried, day)
    assert "/" in error.value.details["remedy"]
    return error.value


def test_without_an_activation_the_edition_of_the_deployment_is_followed() -> None:
    assert edition_for_new(NO_EDITIONS, carried(), DAY) == NEW


def test_the_edition_activated_for_the_day_is_followed() -> None:
    editions = NO_EDITIONS.activated(Activation(OLD, date(2026, 1, 1))).activated(
        Activation(NEW, date(2027, 1, 1))
    )
    assert edition_for_new(editions, carried(), DAY) == OLD
    assert edition_for_new(editions, carried(), date(2027, 1, 1)) == NEW


def test_an_edition_that_is_not_deployed_is_refused_by_name() -> None:
    gone = NO_EDITIONS.activated(Activation("cn-gone@0000000000000003", date(2026, 1, 1)))
    assert refused(carried(), gone).code == "edition_not_loaded"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ({"expires_on": date(2026, 11, 19)}, "pack_expired"),
        ({"effective_from": date(2026, 11, 21)}, "pack_not_yet_effective"),
        ({"status": "consultation_draft"}, "pack_is_draft"),
        ({"status": "discussion_draft"}, "pack_is_draft"),
        ({"status": "discussion_draft", "expires_on": date(2026, 1, 1)}, "pack_expired"),
    ],
)
def test_what_is_no_rule_on_the_day_is_not_taken_for_new_matters(
    text: dict[str, Any], code: str
) -> None:
    assert refused(carried(**text)).code == code


def test_the_last_day_of_validity_counts() -> None:
    assert edition_for_new(NO_EDITIONS, carried(expires_on=DAY), DAY) == NEW
    assert edition_for_new(NO_EDITIONS, carried(effective_from=DAY), DAY) == NEW


def test_a_draft_is_followed_by_override_or_where_drafts_are_allowed() -> None:
    draft: dict[str, Any] = {"status": "consultation_draft"}
    assert edition_for_new(NO_EDITIONS, carried(drafts=True, **draft), DAY) == NEW
    overruled = NO_EDITIONS.activated(Activation(NEW, DAY, override=True))
    assert edition_for_new(overruled, carried(**draft), DAY) == NEW
    plain = NO_EDITIONS.activated(Activation(NEW, DAY))
    assert refused(carried(**draft), plain).code == "pack_is_draft"


def test_allowing_drafts_allows_nothing_that_is_out_of_date() -> None:
    late = carried(drafts=True, status="consultation_draft", expires_on=date(2026, 1, 1))
    assert refused(late).code == "pack_expired"


def test_a_retired_edition_is_refused_from_its_day_on() -> None:
    editions = NO_EDITIONS.activated(Activation(NEW, date(2026, 1, 1))).retire(NEW, DAY)
    assert refused(carried(), editions).code == "pack_retired"
    assert edition_for_new(editions, carried(), date(2026, 11, 19)) == NEW
    assert edition_for_new(editions.activated(Activation(NEW, DAY)), carried(), DAY) == NEW


def test_an_open_matter_is_moved_only_to_what_is_a_rule() -> None:
    assert taken_up(OLD, NO_EDITIONS, carried(), DAY) == OLD
    with pytest.raises(Refused, match="edition_not_loaded"):
        taken_up("cn-other@0000000000000009", NO_EDITIONS, carried(), DAY)
    with pytest.raises(Refused, match="pack_is_draft"):
        taken_up(NEW, NO_EDITIONS, carried(status="consultation_draft"), DAY)


def test_in_force_on_issue_means_from_the_day_of_issue() -> None:
    issued = said(effective_from="on_issue", issued_on=date(2023, 2, 22))
    assert effective_day(issued) == date(2023, 2, 22)
    assert issued.instrument.validity(date(2023, 2, 21)) == "not_yet"
    assert issued.instrument.validity(date(2023, 2, 22)) == "in_force"
