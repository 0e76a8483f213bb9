"""Whom each place serves: by its rules, by what was checked, by discretion (准入)."""

from dataclasses import replace
from typing import Any

import pytest

from contracts.event import Event
from contracts.intake import (
    ApprovalAsked,
    ApprovalDenied,
    ConditionChecked,
    EligibilityAssessed,
    ModeChosen,
    ServiceAccepted,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import (
    AcceptService,
    AdmitByDiscretion,
    AskAdmission,
    CheckCondition,
    ChooseMode,
    DenyApproval,
    FixItemScope,
    RequestService,
)
from services.intake.domain.facts import Facts
from shared.decider import Refused
from shared.testing.spec import Spec
from tests.unit.intake.examples import CLERK, HEAD, OTHER, UNIT, kinds, scope, words
from tests.unit.intake.places import (
    MUTING,
    SIGNING,
    accepted,
    by_unit,
    facts_of,
    requested,
    varied,
)

spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, facts_of(SIGNING))
given = spec.given
ASKED = requested(SIGNING, items=("S1-01",))
WINDOW = SIGNING.bodies[0].id
accept = AcceptService(body=WINDOW)
UNDECIDED = EligibilityAssessed(result="undetermined", rule="scope.include.x")


def so(**project: Any) -> Facts:
    return facts_of(SIGNING, project=project)


@pytest.mark.parametrize(
    ("project", "served"),
    [
        ({"project_class": "building", "investment": "social"}, True),
        ({"project_class": "municipal", "investment": "government"}, True),
        ({"project_class": "special"}, False),
        ({"project_class": "water", "flags": frozenset({"major"})}, False),
    ],
)
def test_a_project_is_served_by_its_class_and_investment(
    project: dict[str, Any], served: bool
) -> None:
    facts, state = so(**project), MATTER.fold([ASKED, UNDECIDED])
    if served:
        assert kinds(MATTER.decide(accept, state, facts))[-1] == "ServiceAccepted"
        return
    with pytest.raises(Refused) as refused:
        MATTER.decide(accept, state, facts)
    assert refused.value.code == "not_eligible" and refused.value.details["reasons"]


NEEDED = so(project_class="agriculture")
REASON = words("县重点民生项目，确有必要")


def test_a_project_that_really_needs_it_is_let_in_past_an_approver() -> None:
    details = given(ASKED, UNDECIDED).when(accept, NEEDED).then_refused("not_eligible")
    assert details["discretion"] == "scope.discretionary"
    ask, let_in = AskAdmission(reason=REASON), AdmitByDiscretion(reason=REASON)
    head = replace(NEEDED, actor=HEAD)
    given(ASKED, UNDECIDED).when(let_in, head).then_refused("approval_not_asked")
    (wish,) = MATTER.decide(ask, MATTER.fold([ASKED, UNDECIDED]), NEEDED)
    assert isinstance(wish, ApprovalAsked) and wish.asked_by == CLERK
    assert wish.decision == "admission" and wish.rule == "scope.discretionary.needs"
    given(ASKED, UNDECIDED, wish).when(ask, NEEDED).then_nothing()
    (event,) = MATTER.decide(let_in, MATTER.fold([ASKED, UNDECIDED, wish]), head)
    assert isinstance(event, EligibilityAssessed)
    assert event.override and event.approver == HEAD and event.failed
    assert event.rule == "scope.discretionary" and event.result == "eligible"
    given(ASKED, UNDECIDED, wish, event).when(let_in, head).then_nothing()
    given(ASKED, UNDECIDED, wish, event).when(ask, NEEDED).then_nothing()
    (taken,) = MATTER.decide(accept, MATTER.fold([ASKED, UNDECIDED, event]), NEEDED)
    assert isinstance(taken, ServiceAccepted) and taken.rule == "scope.discretionary"


def test_nobody_approves_his_own_exception() -> None:
    (wish,) = MATTER.decide(
        AskAdmission(reason=REASON), MATTER.fold([ASKED, UNDECIDED]), NEEDED
    )
    own = AdmitByDiscretion(reason=REASON)
    given(ASKED, UNDECIDED, wish).when(own, NEEDED).then_refused("four_eyes")


def test_what_is_denied_is_asked_for_anew() -> None:
    ask, state = AskAdmission(reason=REASON), MATTER.fold([ASKED, UNDECIDED])
    (wish,) = MATTER.decide(ask, state, NEEDED)
    no = DenyApproval(decision="admission", reason=words("不在范围"))
    head = replace(NEEDED, actor=HEAD)
    given(ASKED, UNDECIDED).when(no, head).then_nothing()
    (denied,) = MATTER.decide(no, MATTER.fold([ASKED, UNDECIDED, wish]), head)
    assert isinstance(denied, ApprovalDenied)
    assert (denied.asked_by, denied.denied_by) == (CLERK, HEAD)
    let_in = AdmitByDiscretion(reason=REASON)
    after = given(ASKED, UNDECIDED, wish, denied)
    after.when(let_in, head).then_refused("approval_not_asked")
    after.when(ask, NEEDED).then(wish)


def test_where_the_pack_asks_for_no_approver_one_person_is_enough() -> None:
    def alone(data: Any) -> None:
        data["scope"]["discretionary"]["needs"] = ["reason"]

    pack = varied("cn-341525-bangdaiban", alone)
    facts = facts_of(pack, project={"project_class": "agriculture"})
    asked = requested(pack, items=("S1-01",))
    (event,) = MATTER.decide(
        AskAdmission(reason=REASON), MATTER.fold([asked, UNDECIDED]), facts
    )
    assert isinstance(event, EligibilityAssessed) and event.override


def test_discretion_is_no_way_round_an_exclusion_or_a_rule_that_is_met() -> None:
    let_in = AskAdmission(reason=REASON)
    special = so(project_class="special")
    given(ASKED, UNDECIDED).when(let_in, special).then_refused("no_discretion")
    given(ASKED, UNDECIDED).when(let_in, so()).then_refused("project_is_eligible")
    there = facts_of(MUTING)
    given(requested(MUTING), UNDECIDED).when(let_in, there).then_refused("project_is_eligible")


def test_reception_settles_the_scope_before_it_accepts() -> None:
    bare = requested(SIGNING)
    details = given(bare, UNDECIDED).when(accept, so()).then_refused("scope_not_chosen")
    assert details["rule"] == "process.front.steps"
    fixed = FixItemScope(items=("S1-01", "S1-05"))
    assert kinds(MATTER.decide(fixed, MATTER.fold([bare, UNDECIDED]), so())) == [
        "ItemScopeFixed"
    ]
    settled = (bare, UNDECIDED, scope("S1-01", "S1-05"))
    assert kinds(MATTER.decide(accept, MATTER.fold(settled), so()))[-1] == "ServiceAccepted"


# -- another place: conditions on the applicant bind in agency alone -----------------------------

POLICY, HOME = "industrial_policy_ok", "registered_in_jurisdiction"


def declared(**project: Any) -> Facts:
    return facts_of(MUTING, project=project)


def test_help_is_for_everybody_and_agency_for_those_who_qualify() -> None:
    elsewhere = declared(**{POLICY: True, HOME: False})
    helped = accepted(MUTING, "assist")
    details = (
        given(*helped)
        .when(ChooseMode(mode="agent"), elsewhere)
        .then_refused("not_eligible_for_mode")
    )
    assert "scope.applicants.registered" in details["failed"]
    unknown = declared(**{POLICY: True})
    given(*helped).when(ChooseMode(mode="agent"), unknown).then_refused(
        "eligibility_undetermined"
    )
    given(*helped).when(ChooseMode(mode="agent"), declared(**{POLICY: True, HOME: True})).then(
        ModeChosen(mode="agent", replaces="assist")
    )


def test_what_was_declared_is_checked_against_a_source() -> None:
    facts = declared(**{POLICY: True, HOME: True})
    asking = requested(MUTING, wanted="agent")
    first = EligibilityAssessed(result="eligible", rule="scope.include.every_project")
    check = CheckCondition(
        condition="registered_in_jurisdiction", met=False, source="business_register",
        reference="2026-11-20/7",
    )  # fmt: skip
    checked, again = MATTER.decide(check, MATTER.fold([asking, first]), facts)
    assert isinstance(checked, ConditionChecked) and checked.source == "business_register"
    assert isinstance(again, EligibilityAssessed) and again.result == "ineligible"
    assert again.mode == "agent" and again.unchecked == (POLICY,)
    given(asking, first, checked, again).when(check, facts).then_nothing()
    given(asking, first, checked, again).when(
        AcceptService(body=MUTING.bodies[0].id), facts
    ).then_refused("not_eligible")


def test_a_declaration_that_holds_changes_nothing_but_is_on_record() -> None:
    facts = declared(**{POLICY: True, HOME: True})
    first = EligibilityAssessed(result="eligible", rule="scope.include.every_project")
    check = CheckCondition(condition="industrial_policy_ok", met=True, source="policy_list")
    given(requested(MUTING, wanted="agent"), first).when(check, facts).then(
        ConditionChecked(condition="industrial_policy_ok", met=True, source="policy_list")
    )


# -- how a matter begins ---------------------------------------------------------------------------

ask = RequestService(
    project=OTHER, area=MUTING.jurisdiction.code, channel="window", lead_name=words("甲"),
    lead_phone=words("000-0000001"),
)  # fmt: skip


def test_a_matter_begun_by_others_says_by_whom() -> None:
    facts = facts_of(MUTING, number=f"{MUTING.jurisdiction.code}-2026-1")
    told = ask.model_copy(update={"origin": "window_receipt", "ordered_by": "depts"})
    begun, _ = MATTER.decide(told, MATTER.fold([]), facts)
    assert (begun.origin, begun.ordered_by) == ("window_receipt", "depts")  # type: ignore[attr-defined]
    nobody = told.model_copy(update={"ordered_by": None})
    details = given().when(nobody, facts).then_refused("ordered_by_required")
    assert details["senders"] == ["depts"]
    given().when(told.model_copy(update={"origin": "thin_air"}), facts).then_refused(
        "origin_unknown"
    )


def test_who_may_ask_for_a_way_of_serving_is_the_packs_say() -> None:
    handlers = by_unit(declared(**{POLICY: True, HOME: True}), "applicant_handler")
    helped = accepted(MUTING, "assist")
    given(*helped).when(ChooseMode(mode="agent"), handlers).then_refused("not_yours_to_ask")
    assert handlers.actor == UNIT
