"""Routing by each place's own keys, and why (派单规则与理由)."""

from dataclasses import replace

import pytest

from contracts.assignment import MatterRouted
from services.assignment.domain import MATTER
from services.assignment.domain.commands import RouteMatter
from services.assignment.domain.explaining import explained
from services.assignment.domain.routing import bodies_for, known_of, transfer_of
from shared.decider import Refused
from tests.unit.assignment.places import (
    ANSHAN,
    HUOSHAN,
    YOUYANG,
    YUEYANG,
    asked,
    at,
    catalogue_with,
    routed_at,
    rules,
    utility_of,
)


@pytest.mark.parametrize(
    ("investment", "to"),
    [("government", ("wg_gov",)), ("social", ("wg_soc",)), ("mixed", ("centre",))],
)
def test_investment_decides_the_working_group(investment: str, to: tuple[str, ...]) -> None:
    state = routed_at(at(YUEYANG, asked(investment=investment)))
    assert (state.to, state.site) == (to, None)


def test_one_project_may_have_two_groups() -> None:
    utility = utility_of(YUEYANG)
    facts = at(YUEYANG, asked("S1-01", utility, investment="social"))
    state = routed_at(facts)
    assert (state.to, state.lead_body, state.co_leads) == (("wg_soc",), "wg_soc", ("wg_util",))
    assert [(g.to, g.items) for g in state.groups] == [(("wg_util",), (utility,))]
    assert facts.request is not None
    assert bodies_for("S1-01", facts, facts.request) == ()


def test_a_project_of_the_county_goes_to_the_county() -> None:
    county = catalogue_with(YUEYANG, S1_01="county")
    facts = at(YUEYANG, asked("S1-01", investment="social"), catalogue=county)
    assert routed_at(facts).to == ("county",)
    mixed = at(YUEYANG, asked("S1-01", "S2-02", investment="social"), catalogue=county)
    assert routed_at(mixed).to == ("wg_soc",)


def test_the_request_decides_and_no_site_is_needed() -> None:
    assert routed_at(at(ANSHAN, asked(mode="agent"))).to == ("team",)
    assert routed_at(at(ANSHAN, asked(mode="assist"))).to == ("team", "zone")
    wished = replace(asked(mode=None), wanted="agent")
    assert routed_at(at(ANSHAN, wished)).to == ("team",)


def test_where_items_are_filed_is_part_of_the_route() -> None:
    state = routed_at(at(ANSHAN, asked()))
    assert state.file_at == "routing.city_item.file_at"
    told = explained(state, rules(ANSHAN).pack, None)
    assert told["file_at"] == "政务服务中心综合窗口"


def test_an_item_of_the_county_is_transferred_and_others_are_not() -> None:
    county = catalogue_with(ANSHAN, S2_02="county")
    facts = at(ANSHAN, asked("S1-01", "S2-02"), catalogue=county)
    assert facts.request is not None
    rule = transfer_of("S2-02", facts, facts.request)
    assert rule is not None and rule.follow_until == "ItemClosed"
    assert transfer_of("S1-01", facts, facts.request) is None


def test_without_any_key_everything_goes_to_the_specialists() -> None:
    state = routed_at(at(HUOSHAN, asked()))
    assert (state.to, state.assisted_by) == (("window", "six"), ("rest",))


@pytest.mark.parametrize(
    ("area", "missing"),
    [(YUEYANG, ["investment"]), (YOUYANG, ["site"]), (ANSHAN, ["request"])],
)
def test_what_is_not_known_is_asked_for(area: str, missing: list[str]) -> None:
    facts = at(area, asked(mode=None))
    with pytest.raises(Refused) as refused:
        MATTER.decide(RouteMatter(), MATTER.initial, facts)
    assert (refused.value.code, refused.value.details["missing"]) == (
        "route_undecided",
        missing,
    )


def test_the_answer_tells_the_rule_its_source_the_facts_and_why_not_the_others() -> None:
    pack = rules(YUEYANG).pack
    state = routed_at(at(YUEYANG, asked(investment="social")))
    told = explained(state, pack, None)
    (decided,) = [r for r in told["rules"] if r["path"] == "routing.social"]
    assert decided["zh"] == "市级直接办理的社会投资项目" and decided["src"]
    assert decided["decided_by"]["investment"]["value"] == "社会投资"
    others = {one["path"]: one["because"] for one in told["not"]}
    assert others["routing.government"] == "“投资类型”应为政府投资，实为社会投资"
    assert others["routing.county"].endswith("实为市级")
    assert told["changed_since"] is None


def test_facts_that_changed_after_routing_are_shown() -> None:
    facts = at(YUEYANG, asked(investment="social"))
    now = at(YUEYANG, asked(investment="government"))
    assert now.request is not None
    known = known_of(now.pack, now.catalogue, now.request)
    told = explained(routed_at(facts), facts.pack, known)
    assert told["changed_since"] == {"investment": {"was": "social", "is": "government"}}


def test_what_was_asked_about_stands_in_the_fact_without_personal_data() -> None:
    (event,) = MATTER.decide(
        RouteMatter(), MATTER.initial, at(YUEYANG, asked(investment="social"))
    )
    assert isinstance(event, MatterRouted)
    assert event.known == {"flags": (), "investment": "social", "item_level": "city"}
    assert event.rules == ("routing.social", "routing.by_item")
