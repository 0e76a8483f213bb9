"""The unit chooses how it is served, and with which items (服务方式与事项范围)."""

from typing import Any

from contracts.intake import (
    AgreementEnded,
    ItemScopeAmended,
    ItemScopeFixed,
    MaterialReused,
    ModeChosen,
    ServiceAccepted,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import AmendItemScope, ChooseMode, FixItemScope
from shared.testing.spec import Spec
from tests.unit.intake.examples import (
    ACCEPTED,
    AT_THE_DOOR,
    CATALOGUE,
    ENTRUSTED,
    FACTS,
    OTHER,
    THIRD,
    agency,
    assistance,
    completed,
    eligible,
    given,
    kinds,
    of,
    piece,
    scope,
)
from tests.unit.intake.places import MUTING, facts_of, requested, varied


def test_the_unit_chooses_agency_before_or_after_acceptance() -> None:
    given(*AT_THE_DOOR).when(ChooseMode(mode="agent")).then(agency)
    given(*ACCEPTED).when(ChooseMode(mode="agent")).then(agency)


def test_choosing_the_same_again_says_nothing_new() -> None:
    given(*ACCEPTED, agency).when(ChooseMode(mode="agent")).then_nothing()


def test_the_unit_may_choose_neither() -> None:
    given(*ACCEPTED, assistance).when(ChooseMode(mode="none")).then(
        ModeChosen(mode="none", replaces="assist")
    )


def test_leaving_agency_ends_the_commission() -> None:
    given(*ENTRUSTED).when(ChooseMode(mode="assist")).then(
        ModeChosen(mode="assist", replaces="agent"),
        AgreementEnded(commission=THIRD, cause="revoked_by_applicant", ended_by="applicant"),
    )


def test_a_mode_that_the_place_has_not_is_refused() -> None:
    given(*ACCEPTED).when(ChooseMode(mode="lead")).then_refused("mode_not_offered")


def test_the_whole_flow_is_served_without_utilities_and_own_acts() -> None:
    (fixed,) = MATTER.decide(FixItemScope(), MATTER.fold([*ACCEPTED, agency]), FACTS)
    assert isinstance(fixed, ItemScopeFixed)
    assert fixed.stages == ("S1", "S2", "S3", "S4")
    assert {"S3-12", "S3-13", "S3-14", "S4-10"} == set(fixed.not_wanted)
    assert {"S1-01", "S2-02", "S3-08", "S4-07"} <= set(fixed.items)
    assert fixed.defaults == ("catalogue", "scope.items.utilities")


def test_a_scope_is_not_guessed_while_facts_are_missing() -> None:
    facts = of(relics=None)
    details = given(*ACCEPTED).when(FixItemScope(), facts).then_refused("project_facts_missing")
    assert details["unknown"] == ["relics"]
    named = FixItemScope(items=("S1-05", "S1-01"))
    given(*ACCEPTED).when(named, facts).then(
        ItemScopeFixed(
            catalogue=CATALOGUE.edition,
            stages=("S1",),
            items=("S1-01", "S1-05"),
            not_wanted=tuple(
                i.id
                for i in CATALOGUE.items_for(facts.project)
                if i.id not in ("S1-01", "S1-05")
            ),
            defaults=("catalogue", "scope.items.utilities"),
        )
    )


def test_what_the_place_does_not_serve_is_refused_with_its_rule() -> None:
    details = (
        given(*ACCEPTED).when(FixItemScope(items=("S3-12",))).then_refused("utility_not_served")
    )
    assert details["rule"] == "scope.items.utilities"
    given(*ACCEPTED).when(FixItemScope(items=("S1-02",))).then_refused("item_does_not_apply")
    given(*ACCEPTED).when(FixItemScope(items=("X-99",))).then_refused("item_unknown")
    given(*ACCEPTED).when(FixItemScope(items=())).then_refused("scope_is_empty")


def test_items_that_exclude_each_other_are_not_chosen_together() -> None:
    both = FixItemScope(items=("S1-08", "S1-09"))
    given(*ACCEPTED).when(both, of(eia=None)).then_refused("items_exclude_each_other")


def test_the_scope_is_fixed_once_and_amended_afterwards() -> None:
    fixed = (*ACCEPTED, scope("S1-01"))
    given(*fixed).when(FixItemScope(items=("S1-01",))).then_nothing()
    given(*fixed).when(FixItemScope(items=("S1-05",))).then_refused("scope_already_fixed")
    given(*fixed).when(AmendItemScope(added=("S1-05",))).then(
        ItemScopeAmended(catalogue=CATALOGUE.edition, added=("S1-05",))
    )
    given(*fixed).when(AmendItemScope(added=("S1-01",))).then_nothing()


def test_a_paper_given_before_serves_an_item_that_is_added() -> None:
    before = (*ACCEPTED, assistance, scope("S1-01"), piece("M41"))
    given(*before).when(AmendItemScope(added=("S1-10",)), of(eia="form")).then(
        ItemScopeAmended(catalogue=CATALOGUE.edition, added=("S1-10",)),
        MaterialReused(material="M41", items=("S1-10",), origin="piece", piece=OTHER),
        completed("S1-10", "M41"),
    )


def test_an_item_that_is_taken_out_and_back_is_complete_again() -> None:
    events = [
        *ACCEPTED, assistance, scope("S1-01", "S1-04"), piece("M41"), piece("M01", THIRD),
        completed("S1-01", "M41", "M01"),
        ItemScopeAmended(catalogue=CATALOGUE.edition, removed=("S1-01",)),
    ]  # fmt: skip
    again = MATTER.decide(AmendItemScope(added=("S1-01",)), MATTER.fold(events), FACTS)
    assert kinds(again)[-1] == "MaterialSetCompleted"


def test_a_scope_waits_for_acceptance() -> None:
    given(*AT_THE_DOOR).when(FixItemScope()).then_refused("not_in_this_state")


def test_the_service_may_be_for_some_stages_alone() -> None:
    (fixed,) = MATTER.decide(
        FixItemScope(stages=("S1",)), MATTER.fold([*ACCEPTED, agency]), FACTS
    )
    assert isinstance(fixed, ItemScopeFixed)
    assert fixed.stages == ("S1",) and all(i.startswith("S1") for i in fixed.items)
    given(*ACCEPTED).when(FixItemScope(stages=("S9",))).then_refused("outside_the_stages")


def test_an_item_of_a_level_the_place_does_not_serve_is_refused() -> None:
    """HS-10, YY-05: `scope.items.levels`."""

    def county_alone(data: Any) -> None:
        data["scope"]["items"]["levels"] = ["city"]

    pack = varied("cn-430600-bangdaiban", county_alone)
    facts = facts_of(pack, project={"eia": "form"})
    asked = (requested(pack), eligible, ServiceAccepted(body=pack.bodies[0].id))
    details = (
        Spec(MATTER, facts)
        .given(*asked)
        .when(FixItemScope(items=("S1-10",)))
        .then_refused("level_not_served")
    )
    assert details["rule"] == "scope.items.levels"
    whole = facts_of(MUTING, project={"eia": "form"})
    (fixed,) = MATTER.decide(FixItemScope(items=("S1-10",)), MATTER.fold(asked), whole)
    assert "S1-10" in fixed.items  # type: ignore[attr-defined]
