"""No event outside an agreement is ever delivered, and of those inside only what it names."""

from datetime import date
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.registry import BY_TYPE
from services.feeds.domain.agencies import Agency
from services.feeds.domain.filtering import Arrival, Place, admits, delivered
from services.feeds.domain.hints import members_of
from tests.integration.feeds_scene import event, fits

TYPES = sorted(BY_TYPE)
PAIRS = st.sampled_from(["43", "99", "01", "06", "00"])
AREAS = st.lists(PAIRS, min_size=3, max_size=3).map("".join)
HIDDEN = st.sampled_from(["actor", "authority", "behalf"])
SCOPES = st.lists(PAIRS, min_size=1, max_size=3).map("".join)


@st.composite
def agreements(draw: st.DrawFn) -> Agency:
    types = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=6, unique=True))
    given_of = []
    for type in types:
        some = (
            st.lists(st.sampled_from(sorted(members_of(type))), unique=True)
            if members_of(type)
            else st.just([])
        )
        given_of.append(
            {"types": (type,), "fields": draw(st.one_of(st.just("all"), some.map(tuple)))}
        )
    return Agency.model_validate(
        {
            "id": "any", "zh": "某", "en": "any", "purpose": "-", "legal_basis": "-",
            "until": date(2999, 1, 1), "areas": tuple(draw(st.lists(SCOPES, min_size=1, max_size=4))),
            "events": tuple(given_of),
            "about_without": tuple(draw(st.lists(HIDDEN, unique=True))),
        }
    )  # fmt: skip


@settings(max_examples=150)
@given(agreements(), st.sampled_from(TYPES), AREAS)
def test_what_is_not_named_is_not_given_and_what_is_given_is_named(
    agency: Agency, type: str, area: str
) -> None:
    message = event(type, area, 1)
    told: dict[str, Any] = orjson.loads(message)
    wanted = fits(list(agency.views), agency.areas, told)
    assert admits(agency, type, area) == wanted
    arrival = Arrival(1, area, type, message)
    if not wanted:
        with pytest.raises(ValueError, match="not for this feed"):
            delivered(agency, arrival, Place(1, None))
        return
    left: dict[str, Any] = orjson.loads(delivered(agency, arrival, Place(1, None)))
    view = agency.views[type]
    named = set(told["data"]["fact"]) if view is None else view
    assert set(left["data"]["fact"]) == set(told["data"]["fact"]) & named
    assert all(left["data"]["fact"][m] == told["data"]["fact"][m] for m in left["data"]["fact"])
    assert set(told["data"]["about"]) - set(left["data"]["about"]) == set(agency.about_without)
    same = left["data"] == told["data"]
    assert (left["viewhash"] == left["leafhash"]) is same


@settings(max_examples=60)
@given(agreements(), st.sampled_from(TYPES), AREAS, AREAS)
def test_a_row_whose_columns_say_otherwise_gives_nothing_away(
    agency: Agency, type: str, area: str, claimed: str
) -> None:
    """The message itself is asked, not the columns beside it."""
    message = event(type, area, 1)
    told: dict[str, Any] = orjson.loads(message)
    try:
        left = delivered(agency, Arrival(1, claimed, type, message), Place(1, None))
    except ValueError:
        return
    assert fits(list(agency.views), agency.areas, told)
    assert orjson.loads(left)["data"]["about"]["area"] == area


@given(agreements())
def test_the_same_agreement_is_the_same_feed_in_whatever_order_it_is_written(
    agency: Agency,
) -> None:
    told = agency.model_dump(mode="python")
    turned = told | {"areas": told["areas"][::-1], "events": told["events"][::-1]}
    again = Agency.model_validate(turned)
    assert again.feed == agency.feed
    narrower = Agency.model_validate(told | {"generation": 2})
    assert narrower.feed != agency.feed
