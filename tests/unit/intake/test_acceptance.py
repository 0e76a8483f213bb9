"""Taking a matter on, or declining it (受理与不予受理)."""

from dataclasses import replace

from contracts.intake import ApprovalAsked, ApprovalDenied, ServiceDeclined
from services.intake.domain.commands import (
    AcceptService,
    ApproveDecline,
    DeclineService,
    DenyApproval,
)
from tests.unit.intake.examples import (
    ACCEPTED,
    AT_THE_DOOR,
    CLERK,
    FACTS,
    GOVERNMENT,
    HEAD,
    UNKNOWN,
    accepted,
    eligible,
    given,
    ineligible,
    requested,
    words,
)

accept = AcceptService(body="zone")
decline = DeclineService(cause="discretion", reason=words("本季名额已满"))
SUPERVISING = replace(FACTS, actor=HEAD)


def test_an_eligible_request_is_accepted_by_the_window() -> None:
    given(*AT_THE_DOOR).when(accept).then(accepted)


def test_what_was_learned_since_is_assessed_first() -> None:
    given(requested, ineligible).when(accept).then(eligible, accepted)


def test_a_government_project_is_not_accepted_and_the_rule_is_named() -> None:
    details = given(requested, ineligible).when(accept, GOVERNMENT).then_refused("not_eligible")
    assert details["rule"] == "scope.include.social"
    assert details["pointer"] == "scope.refer.government"
    assert "投资类型" in details["reasons"][0]


def test_an_open_question_about_the_project_is_settled_first() -> None:
    details = (
        given(requested, eligible)
        .when(accept, UNKNOWN)
        .then_refused("eligibility_undetermined")
    )
    assert details["unknown"] == ["nature"]


def test_accepting_again_says_nothing_new() -> None:
    given(*ACCEPTED).when(accept).then_nothing()


def test_a_body_that_the_pack_does_not_know_is_refused() -> None:
    given(*AT_THE_DOOR).when(AcceptService(body="nowhere")).then_refused("body_unknown")


def test_a_department_accepts_for_itself_alone() -> None:
    facts = replace(FACTS, bodies=frozenset({"depts"}))
    given(*AT_THE_DOOR).when(accept, facts).then_refused("not_your_body")
    given(*AT_THE_DOOR).when(AcceptService(body="depts"), facts).then(
        accepted.model_copy(update={"body": "depts"})
    )


wish = ApprovalAsked(
    decision="decline",
    asked_by=CLERK,
    cause="discretion",
    rule="scope.decline.needs",
    defaults=("scope.decline",),
    reason=words("本季名额已满"),
)
agree = ApproveDecline(reason=words("本季名额已满"))


def test_a_qualifying_request_is_declined_only_by_a_second_person() -> None:
    given(*AT_THE_DOOR).when(decline).then(wish)
    given(*AT_THE_DOOR, wish).when(decline).then_nothing()
    given(*AT_THE_DOOR).when(agree, SUPERVISING).then_refused("approval_not_asked")
    given(*AT_THE_DOOR, wish).when(agree).then_refused("four_eyes")
    given(*AT_THE_DOOR, wish).when(agree, SUPERVISING).then(
        ServiceDeclined(
            cause="discretion",
            eligible=True,
            rule="scope.include.social",
            supervisor=HEAD,
            defaults=("scope.decline",),
            reason=words("本季名额已满"),
        )
    )


def test_a_decline_that_is_not_approved_leaves_the_request_open() -> None:
    no = DenyApproval(decision="decline", reason=words("应予受理"))
    denied = ApprovalDenied(
        decision="decline", asked_by=CLERK, denied_by=HEAD, reason=words("应予受理")
    )
    given(*AT_THE_DOOR, wish).when(no, SUPERVISING).then(denied)
    given(*AT_THE_DOOR, wish, denied).when(no, SUPERVISING).then_nothing()
    given(*AT_THE_DOOR, wish, denied).when(accept).then(accepted)
    given(*AT_THE_DOOR, wish, accepted).when(no, SUPERVISING).then_refused("not_in_this_state")


def test_an_eligible_project_is_not_called_ineligible() -> None:
    wrong = decline.model_copy(update={"cause": "ineligible"})
    given(*AT_THE_DOOR).when(wrong).then_refused("project_is_eligible")


def test_an_ineligible_request_is_declined_with_its_pointer() -> None:
    outside = decline.model_copy(update={"cause": "ineligible"})
    given(requested, ineligible).when(outside, GOVERNMENT).then(
        ServiceDeclined(
            cause="ineligible",
            eligible=False,
            rule="scope.include.social",
            pointer="scope.refer.government",
            defaults=("scope.refer",),
            reason=words("本季名额已满"),
        )
    )


def test_a_declined_matter_is_not_accepted_afterwards() -> None:
    declined = ServiceDeclined(cause="discretion", eligible=True, reason=words("名额已满"))
    given(*AT_THE_DOOR, declined).when(accept).then_refused("not_in_this_state")
    given(*AT_THE_DOOR, declined).when(decline).then_nothing()
    given(*AT_THE_DOOR, declined).when(agree, SUPERVISING).then_nothing()
