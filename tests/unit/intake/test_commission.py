"""Acting in the unit's name: commission, drafts and confirmation (委托、代填、确认)."""

from dataclasses import replace
from datetime import date

import pytest

from contracts.intake import (
    AgreementEnded,
    CommissionFiled,
    FormConfirmed,
    FormDrafted,
    ProxyLink,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import (
    ConfirmForm,
    DraftForm,
    EndCommission,
    ReleaseCommission,
)
from tests.unit.intake.examples import (
    ACCEPTED,
    ASSISTED,
    BY_AGENT,
    BY_UNIT,
    ENTRUSTED,
    FACTS,
    HEAD,
    NUMBER,
    PAPER,
    THIRD,
    agency,
    commission,
    completed,
    file_commission,
    given,
    piece,
    scope,
    words,
)

WAITING = (*ACCEPTED, agency, scope("S1-01", "S1-05"))
draft = DraftForm(item="S1-01", content=PAPER)
confirm = ConfirmForm(item="S1-01", draft=1, confirmed_by=words("甲"))
drafted = FormDrafted(item="S1-01", form="stage_form", draft=1, content=PAPER)
confirmed = FormConfirmed(item="S1-01", form="stage_form", draft=1, confirmed_by=words("甲"))
revoked = AgreementEnded(commission=THIRD, cause="revoked_by_applicant", ended_by="applicant")


def test_a_commission_states_agent_items_powers_and_period() -> None:
    filed = file_commission.model_copy(update={"commission": THIRD})
    expected = commission.model_copy(
        update={"number": NUMBER, "defaults": ("modes.agent.papers.commission_written",)}
    )
    given(*WAITING).when(filed, replace(FACTS, number=NUMBER)).then(expected)


def test_filing_the_same_commission_again_says_nothing_new() -> None:
    given(*ENTRUSTED).when(file_commission).then_nothing()


def test_a_second_commission_waits_for_the_end_of_the_first() -> None:
    longer = file_commission.model_copy(update={"ends_on": date(2027, 6, 30)})
    given(*ENTRUSTED).when(longer).then_refused("commission_exists")
    given(*ENTRUSTED).when(file_commission, replace(FACTS, number=NUMBER)).then_refused(
        "commission_exists"
    )


def test_a_commission_belongs_to_agency() -> None:
    given(*ASSISTED).when(file_commission).then_refused("mode_needs_no_commission")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends_on": date(2026, 10, 1)}, "ends_before_it_begins"),
        ({"signed_on": date(2026, 11, 21)}, "signed_in_the_future"),
        ({"ends_on": date(2026, 11, 19)}, "period_is_over"),
        ({"items": ("S2-02",)}, "items_outside_scope"),
    ],
)
def test_a_commission_that_does_not_hold_is_refused(
    change: dict[str, object], code: str
) -> None:
    given(*WAITING).when(file_commission.model_copy(update=change)).then_refused(code)


def test_a_commission_for_no_item_is_none_and_one_that_names_none_is_for_all() -> None:
    """X-03: the matter is one of the four points; an empty list states it no more than silence."""
    empty = file_commission.model_copy(update={"items": ()})
    given(*WAITING).when(empty).then_refused("items_outside_scope")


def test_a_commission_ends_for_a_reason_and_once() -> None:
    end = EndCommission(cause="revoked_by_applicant", ended_by="applicant")
    given(*ENTRUSTED).when(end).then(revoked)
    given(*ENTRUSTED, revoked).when(end).then_nothing()
    given(*WAITING).when(end).then_refused("no_commission")


def test_a_period_is_not_over_before_its_last_day() -> None:
    over = EndCommission(cause="period_over", ended_by="rule")
    given(*ENTRUSTED).when(over).then_refused("period_not_over")
    later = replace(FACTS, day=date(2027, 1, 1))
    given(*ENTRUSTED).when(over, later).then(
        AgreementEnded(commission=THIRD, cause="period_over", ended_by="rule")
    )


def test_a_closed_file_ends_an_open_commission_and_nothing_else() -> None:
    given(*ENTRUSTED).when(ReleaseCommission()).then(
        AgreementEnded(commission=THIRD, cause="matter_done", ended_by="rule")
    )
    given(*ENTRUSTED, revoked).when(ReleaseCommission()).then_nothing()
    given(*ASSISTED).when(ReleaseCommission()).then_nothing()


def test_the_agent_fills_a_form_in_under_a_commission() -> None:
    given(*ENTRUSTED).when(draft, BY_AGENT).then(drafted)
    given(*ENTRUSTED, drafted).when(draft, BY_AGENT).then(
        drafted.model_copy(update={"draft": 2})
    )


def test_in_assist_mode_staff_fill_in_nothing_and_are_told_why() -> None:
    details = given(*ASSISTED).when(draft, BY_AGENT).then_refused("act_not_in_mode")
    assert details["rule"] == "modes.assist.staff_may"
    assert details["remedy"].startswith("帮办")
    given(*ASSISTED).when(draft, BY_UNIT).then(drafted)


def test_nothing_is_filled_in_before_the_commission_or_after_its_end() -> None:
    given(*WAITING).when(draft, BY_AGENT).then_refused("commission_missing")
    given(*ENTRUSTED, revoked).when(draft, BY_AGENT).then_refused("commission_missing")
    later = replace(BY_AGENT, day=date(2027, 1, 1))
    given(*ENTRUSTED).when(draft, later).then_refused("commission_does_not_cover")


def test_the_unit_confirms_the_latest_draft() -> None:
    given(*ENTRUSTED, drafted).when(confirm, BY_UNIT).then(confirmed)
    given(*ENTRUSTED, drafted, confirmed).when(confirm, BY_UNIT).then_nothing()
    second = drafted.model_copy(update={"draft": 2})
    given(*ENTRUSTED, drafted, second).when(confirm, BY_UNIT).then_refused(
        "not_the_latest_draft"
    )


def test_staff_enter_a_confirmation_only_with_the_units_own_word() -> None:
    given(*ENTRUSTED, drafted).when(confirm, BY_AGENT).then_refused("proof_required")
    shown = confirm.model_copy(update={"proof": PAPER})
    given(*ENTRUSTED, drafted).when(shown, BY_AGENT).then(
        confirmed.model_copy(update={"proof": PAPER})
    )


def test_a_confirmed_form_of_the_system_completes_the_papers() -> None:
    given(*ENTRUSTED, piece("M01"), drafted).when(confirm, BY_UNIT).then(
        confirmed, completed("S1-01", "M41", "M01", "M03")
    )


# -- given by a proxy of the unit (受托链) --------------------------------------------------------

LINK = ProxyLink(
    powers=("fill_forms", "submit", "collect"),
    begins_on=date(2026, 1, 1),
    ends_on=date(2027, 6, 30),
)
BY_PROXY = file_commission.model_copy(
    update={
        "proxy_chain": (LINK,),
        "proxy_names": words(("庚",)),
        "proxy_papers": words((PAPER.reveal(),)),
    }
)


def test_a_proxy_gives_what_he_was_given_and_shows_his_papers() -> None:
    (filed,) = MATTER.decide(BY_PROXY, MATTER.fold(WAITING), FACTS)
    assert isinstance(filed, CommissionFiled) and filed.proxy_chain == (LINK,)
    given(*WAITING, filed).when(BY_PROXY).then_nothing()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proxy_papers": None}, "proxy_papers_missing"),
        ({"proxy_chain": (LINK, LINK)}, "proxy_papers_missing"),
        (
            {"proxy_chain": (LINK.model_copy(update={"may_entrust": False}),)},
            "proxy_may_not_entrust",
        ),
        (
            {"proxy_chain": (LINK.model_copy(update={"powers": ("collect",)}),)},
            "proxy_lacks_powers",
        ),
        (
            {"proxy_chain": (LINK.model_copy(update={"ends_on": date(2026, 11, 30)}),)},
            "proxy_not_in_force",
        ),
        (
            {"proxy_chain": (LINK.model_copy(update={"begins_on": date(2026, 11, 2)}),)},
            "proxy_not_in_force",
        ),
    ],
)
def test_a_chain_that_does_not_reach_is_refused(change: dict[str, object], code: str) -> None:
    given(*WAITING).when(BY_PROXY.model_copy(update=change)).then_refused(code)


def test_the_unit_ends_its_commission_with_one_press() -> None:
    press = EndCommission(reason=words("自行办理"))
    given(*ENTRUSTED).when(press, BY_UNIT).then(
        revoked.model_copy(update={"reason": words("自行办理")})
    )
    given(*ENTRUSTED).when(press).then_refused("cause_required")


def test_only_whom_the_commission_names_acts_under_it() -> None:
    another = replace(BY_AGENT, actor=HEAD)
    given(*ENTRUSTED).when(draft, another).then_refused("not_the_commissioned_agent")
    agreed = commission.model_copy(update={"consents": ("sub_agency",)})
    given(*WAITING, agreed).when(draft, another).then(drafted)
    agency_house = commission.model_copy(update={"agent": "a:centre"})
    given(*WAITING, agency_house).when(draft, another).then(drafted)
