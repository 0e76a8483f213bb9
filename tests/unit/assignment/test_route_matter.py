"""Routing a matter by its site (按选址分办)."""

from dataclasses import replace

from contracts.project import ProjectFacts
from services.assignment.domain.commands import RouteMatter
from tests.unit.assignment.examples import (
    FACTS,
    OUTSIDE,
    SERVED,
    given,
    request,
    routed,
    routed_jointly,
)


def test_a_park_project_goes_to_its_park_with_departments_assisting() -> None:
    given().when(RouteMatter()).then(routed)


def test_elsewhere_departments_and_township_act_jointly_and_one_leads() -> None:
    given().when(RouteMatter(), OUTSIDE).then(routed_jointly)


def test_the_accepting_body_leads_when_it_provides_agents() -> None:
    accepted_by_town = replace(OUTSIDE, request=request(OUTSIDE.request.project, body="town"))  # type: ignore[union-attr]
    leads = routed_jointly.model_copy(update={"lead": "town"})
    given().when(RouteMatter(), accepted_by_town).then(leads)


def test_the_leading_rule_is_labelled_as_our_default() -> None:
    assert "team.lead" in routed.defaults


def test_routing_again_changes_nothing() -> None:
    given(routed).when(RouteMatter()).then_nothing()


def test_a_site_put_right_before_dispatch_routes_anew() -> None:
    given(routed).when(RouteMatter(), OUTSIDE).then(routed_jointly)


def test_after_dispatch_another_site_does_not_move_the_matter() -> None:
    given(*SERVED).when(RouteMatter(), OUTSIDE).then_refused("already_dispatched")


def test_without_a_site_the_route_is_undecided() -> None:
    nowhere = replace(FACTS, request=request(ProjectFacts(), site=None))
    details = given().when(RouteMatter(), nowhere).then_refused("route_undecided")
    assert details["missing"] == ["site"]


def test_a_matter_that_is_not_accepted_is_not_routed() -> None:
    waiting = replace(FACTS, request=request(accepted=False))
    given().when(RouteMatter(), waiting).then_refused("matter_not_accepted")
