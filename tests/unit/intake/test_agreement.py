"""An agreement from the first signature to its end, by the pack's own moves (服务协议)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.event import Event
from contracts.intake import (
    AgreementAmended,
    AgreementEnded,
    AgreementProposalWithdrawn,
    AgreementProposed,
    AgreementRenewed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    ApplicationFormFiled,
    CommissionFiled,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import (
    ChooseMode,
    EndAgreement,
    FileApplication,
    MoveAgreement,
    ReleaseCommission,
    SettleAgreement,
    WithdrawMove,
)
from services.intake.domain.facts import Facts
from shared.testing.spec import Spec
from tests.unit.intake.examples import AGENT, DAY, FOURTH, ID, PAPER, THIRD, kinds, words
from tests.unit.intake.places import (
    MUTING,
    SIGNING,
    accepted,
    application,
    by_agent,
    by_unit,
    entrusted,
    facts_of,
    on,
    signed,
    varied,
)

NUMBER = f"{SIGNING.jurisdiction.code}-2026-6"
CLERKS = facts_of(SIGNING)
UNITS = by_unit(CLERKS)
AGENTS = by_agent(CLERKS)
spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, CLERKS)
given = spec.given
READY = (*accepted(SIGNING), application)
sign = MoveAgreement(move="sign", items=("S1-01",))
on_paper = MoveAgreement(
    move="sign", signed_by=("unit", "unit_handler", "agent"), items=("S1-01",), agent=AGENT,
    paper=PAPER, principal=words("测试公司"), signing="seal_and_signature",
)  # fmt: skip
made = signed(SIGNING, items=("S1-01",), application=1, agent=AGENT)
reason = words("项目暂缓")


def test_a_paper_signed_by_all_is_in_force_at_once_and_numbered() -> None:
    decided = MATTER.decide(on_paper, MATTER.fold(READY), replace(CLERKS, number=NUMBER))
    (event,) = decided
    assert isinstance(event, AgreementSigned)
    assert (event.number, event.label) == (NUMBER, "2026年第6号")
    assert event.in_force and event.state == "in_force" and event.application == 1
    assert event.items == ("S1-01",) and event.agent == AGENT


def test_it_is_in_force_only_when_both_sides_have_signed() -> None:
    (first,) = MATTER.decide(sign, MATTER.fold(READY), UNITS)
    assert isinstance(first, AgreementProposed)
    assert first.signed_by == ("unit",) and first.awaits == ("unit_handler", "agent")
    assert not MATTER.fold([*READY, first]).entrusted.of_kind("agreement").holds(DAY)  # type: ignore[union-attr]
    handlers = by_unit(CLERKS, "applicant_handler")
    (second,) = MATTER.decide(
        MoveAgreement(move="sign"), MATTER.fold([*READY, first]), handlers
    )
    assert isinstance(second, AgreementProposed) and second.awaits == ("agent",)
    last = MATTER.decide(
        MoveAgreement(move="sign"), MATTER.fold([*READY, first, second]), AGENTS
    )
    assert kinds(last) == ["AgreementSigned"]
    (event,) = last
    assert isinstance(event, AgreementSigned)
    assert event.items == ("S1-01",) and event.agent == AGENT


def test_signing_the_same_again_says_nothing_new() -> None:
    given(*READY, made).when(on_paper).then_nothing()
    (first,) = MATTER.decide(sign, MATTER.fold(READY), UNITS)
    given(*READY, first).when(sign, UNITS).then_nothing()


def test_what_is_countersigned_is_what_was_proposed() -> None:
    (first,) = MATTER.decide(sign, MATTER.fold(READY), UNITS)
    other = MoveAgreement(move="sign", items=("S1-05",))
    details = given(*READY, first).when(other, AGENTS).then_refused("not_what_was_proposed")
    assert details["changed"] == ["items"]


def test_nobody_signs_for_the_other_side_without_its_paper() -> None:
    bare = on_paper.model_copy(update={"paper": None})
    given(*READY).when(bare).then_refused("paper_required")
    given(*READY).when(on_paper, UNITS).then_refused("not_your_signature")
    given(*READY).when(MoveAgreement(move="sign")).then_refused("not_a_party")


def test_the_agreement_carries_a_fixed_revision_of_the_application() -> None:
    given(*accepted(SIGNING)).when(on_paper).then_refused("application_not_filed")
    ahead = on_paper.model_copy(update={"application": 2})
    given(*READY).when(ahead).then_refused("no_such_revision")


def test_each_filing_of_the_application_is_a_new_revision() -> None:
    file = FileApplication(content=PAPER)
    first = ApplicationFormFiled(
        form="application", revision=1, inferred=True, defaults=("forms.application",),
        content=PAPER,
    )  # fmt: skip
    second = first.model_copy(update={"revision": 2})
    (filed,) = MATTER.decide(file, MATTER.fold(accepted(SIGNING)), UNITS)
    assert isinstance(filed, ApplicationFormFiled) and filed.revision == 1 and filed.inferred
    (again,) = MATTER.decide(file, MATTER.fold(READY), UNITS)
    assert isinstance(again, ApplicationFormFiled) and again.revision == second.revision
    given(*READY).when(FileApplication(form="agreement", content=PAPER)).then_refused(
        "form_unknown"
    )


def test_a_later_application_needs_an_amendment() -> None:
    later = application.model_copy(update={"revision": 2})
    amend = MoveAgreement(
        move="amend", application=2, ground="scope_changed", signed_by=("unit", "agent"),
        paper=PAPER,
    )  # fmt: skip
    given(*READY, made, later).when(amend).then(
        AgreementAmended(
            agreement=THIRD, move="amend", state="in_force", in_force=True, application=2,
            items=("S1-01",), agent=AGENT, signed_by=("agent", "unit"), paper=PAPER,
        )
    )  # fmt: skip
    amended = AgreementAmended(
        agreement=THIRD, move="amend", state="in_force", in_force=True, application=2,
        items=("S1-01",), agent=AGENT,
    )  # fmt: skip
    given(*READY, made, later, amended).when(amend).then_nothing()
    unsaid = amend.model_copy(update={"ground": None})
    given(*READY, made, later).when(unsaid).then_refused("cause_required")


def test_two_contacts_are_named_where_the_agreement_has_a_place_for_both() -> None:
    alone = list(READY)
    alone[0] = alone[0].model_copy(update={"contacts": ("applicant_lead",)})
    details = given(*alone).when(on_paper).then_refused("two_contacts_required")
    assert details["missing"] == ["applicant_handler"]
    named = on_paper.model_copy(update={"handler_name": words("乙")})
    assert kinds(MATTER.decide(named, MATTER.fold(alone), CLERKS)) == ["AgreementSigned"]


def test_the_agreement_names_the_person_who_serves() -> None:
    nobody = on_paper.model_copy(update={"agent": None})
    given(*READY).when(nobody).then_refused("agent_not_named")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"items": ("S2-02",)}, "items_outside_scope"),
        ({"ends_on": date(2026, 11, 1)}, "ends_before_it_begins"),
        ({"begins_on": date(2026, 1, 1), "ends_on": date(2026, 11, 19)}, "period_is_over"),
        ({"signed_on": date(2026, 11, 21)}, "signed_in_the_future"),
        ({"move": "nothing"}, "move_not_open"),
        ({"move": "amend"}, "move_not_open"),
        ({"kind": "other"}, "agreement_unknown"),
    ],
)
def test_an_agreement_that_does_not_hold_is_refused(change: dict[str, Any], code: str) -> None:
    given(*READY).when(on_paper.model_copy(update=change)).then_refused(code)


def test_it_is_suspended_and_resumed_by_who_may() -> None:
    suspend = MoveAgreement(move="suspend", ground="applicant_wish", reason=reason)
    stopped = AgreementSuspended(
        agreement=THIRD, move="suspend", state="suspended", ground="applicant_wish",
        signed_by=("unit",), reason=reason,
    )  # fmt: skip
    given(*READY, made).when(suspend, UNITS).then(stopped)
    given(*READY, made, stopped).when(suspend, UNITS).then_nothing()
    given(*READY, made).when(suspend.model_copy(update={"reason": None}), UNITS).then_refused(
        "reason_required"
    )
    resume = MoveAgreement(move="resume", ground="applicant_wish")
    given(*READY, made, stopped).when(resume, UNITS).then(
        AgreementResumed(
            agreement=THIRD, move="resume", state="in_force", in_force=True, signed_by=("unit",)
        )
    )


def test_the_unit_ends_it_with_one_press_and_a_reason() -> None:
    ended = AgreementEnded(
        agreement=THIRD, cause="revoked_by_applicant", ended_by="applicant", move="revoke",
        state="ended", ground="revoked_by_applicant", signed_by=("unit",), reason=reason,
    )  # fmt: skip
    given(*READY, made).when(EndAgreement(reason=reason), UNITS).then(ended)
    given(*READY, made, ended).when(EndAgreement(reason=reason), UNITS).then_nothing()
    given(*READY).when(EndAgreement(reason=reason), UNITS).then_refused("no_agreement")


def test_a_signature_may_be_taken_back_while_it_has_no_effect() -> None:
    (first,) = MATTER.decide(sign, MATTER.fold(READY), UNITS)
    back = AgreementProposalWithdrawn(agreement=ID, move="sign")
    given(*READY, first).when(WithdrawMove(agreement=ID), UNITS).then(back)
    given(*READY, first, back).when(WithdrawMove(agreement=ID), UNITS).then_nothing()
    given(*READY).when(WithdrawMove(agreement=FOURTH), UNITS).then_refused("agreement_unknown")
    state = MATTER.fold([*READY, first, back])
    assert state.entrusted.open() == ()


def test_it_runs_out_at_midnight_after_its_last_day() -> None:
    last = date(2026, 12, 31)
    agreement = MATTER.fold([*READY, made.model_copy(update={"ends_on": last})]).entrusted
    (known,) = agreement.open()
    assert known.holds(last) and not known.holds(date(2027, 1, 1))
    assert not known.holds(date(2026, 11, 19))


def test_the_calendar_ends_what_is_over_and_nothing_else() -> None:
    short = made.model_copy(update={"ends_on": date(2026, 12, 31)})
    settle = SettleAgreement(agreement=THIRD)
    given(*READY, short).when(settle).then_nothing()
    over = AgreementEnded(agreement=THIRD, cause="period_over", ended_by="rule", state="ended")
    given(*READY, short).when(settle, on(date(2027, 1, 1), CLERKS)).then(over)
    given(*READY, short, over).when(settle, on(date(2027, 1, 1), CLERKS)).then_nothing()


def test_a_closed_file_ends_agreement_and_commission() -> None:
    done = MATTER.decide(ReleaseCommission(), MATTER.fold([*READY, made, entrusted()]), CLERKS)
    assert kinds(done) == ["AgreementEnded", "AgreementEnded"]
    given(*READY, made).when(ReleaseCommission()).then(
        AgreementEnded(agreement=THIRD, cause="matter_done", ended_by="rule", state="ended")
    )


# -- another place: the centre countersigns, resigns with notice, serves by itself ---------------

THERE = facts_of(MUTING, project={
    "industrial_policy_ok": True, "registered_in_jurisdiction": True,
})  # fmt: skip
AGENCY = (*accepted(MUTING), entrusted())
theirs = signed(MUTING, signed_by=("clerk", "unit"))


def test_notice_runs_before_the_end_takes_effect() -> None:
    resign = MoveAgreement(move="resign", reason=words("人员调整"))
    (notice,) = MATTER.decide(resign, MATTER.fold([*AGENCY, theirs]), THERE)
    assert isinstance(notice, AgreementProposed)
    assert notice.takes_effect_on == date(2026, 11, 27) and notice.awaits == ()
    given(*AGENCY, theirs, notice).when(resign, THERE).then_nothing()
    (known,) = MATTER.fold([*AGENCY, theirs, notice]).entrusted.open()
    assert known.holds(date(2026, 11, 26)) and not known.holds(date(2026, 11, 27))
    settle = SettleAgreement(agreement=THIRD)
    given(*AGENCY, theirs, notice).when(settle, on(date(2026, 11, 26), THERE)).then_nothing()
    given(*AGENCY, theirs, notice).when(settle, on(date(2026, 11, 27), THERE)).then(
        AgreementEnded(
            agreement=THIRD, cause="resigned_by_agent", ended_by="agent", move="resign",
            state="ended", ground="resigned_by_agent", signed_by=("clerk",),
        )
    )  # fmt: skip


def test_while_one_move_waits_only_the_end_overtakes_it() -> None:
    resign = MoveAgreement(move="resign", reason=words("人员调整"))
    (notice,) = MATTER.decide(resign, MATTER.fold([*AGENCY, theirs]), THERE)
    amend = MoveAgreement(move="amend", ground="scope_changed", ends_on=date(2026, 12, 31))
    given(*AGENCY, theirs, notice).when(amend, THERE).then_refused("another_move_pending")
    press = EndAgreement(reason=words("自行办理"))
    ended = MATTER.decide(press, MATTER.fold([*AGENCY, theirs, notice]), by_unit(THERE))
    assert kinds(ended) == ["AgreementEnded"]


def test_leaving_agency_ends_what_was_agreed_for_it() -> None:
    back = MATTER.decide(
        ChooseMode(mode="assist"), MATTER.fold([*AGENCY, theirs]), by_unit(THERE)
    )
    assert kinds(back) == ["ModeChosen", "AgreementEnded", "AgreementEnded"]


# -- a place that renews --------------------------------------------------------------------------


def _renewing(data: Any) -> None:
    (agreement,) = data["agreements"]
    agreement["term"] = {"days": 30, "unit": "cd", "src": "期限三十日"}
    agreement["moves"].append(
        {
            "id": "renew", "zh": "续签", "kind": "renew", "from": ["in_force"],
            "to": "in_force", "by": ["unit"], "countersigned_by": ["clerk"], "src": "可以续签",
        }
    )  # fmt: skip


RENEWING = varied("cn-430600-bangdaiban", _renewing)


def test_a_term_is_the_packs_unless_a_shorter_one_is_agreed() -> None:
    facts = facts_of(RENEWING, project={
        "industrial_policy_ok": True, "registered_in_jurisdiction": True,
    })  # fmt: skip
    first = MoveAgreement(move="sign", signed_by=("unit", "clerk"), paper=PAPER)
    (event,) = MATTER.decide(first, MATTER.fold(AGENCY), facts)
    assert isinstance(event, AgreementSigned)
    assert event.ends_on == date(2026, 12, 19)
    longer = first.model_copy(update={"ends_on": date(2026, 12, 20)})
    given(*AGENCY).when(longer, facts).then_refused("beyond_the_term")
    renew = MoveAgreement(move="renew", signed_by=("unit", "clerk"), paper=PAPER)
    (again,) = MATTER.decide(renew, MATTER.fold([*AGENCY, event]), facts)
    assert isinstance(again, AgreementRenewed)
    assert (again.begins_on, again.ends_on) == (date(2026, 12, 20), date(2027, 1, 18))
    (known,) = MATTER.fold([*AGENCY, event, again]).entrusted.open()
    assert known.holds(DAY) and known.holds(date(2027, 1, 18))
    assert not known.holds(date(2027, 1, 19))


def test_no_fee_stands_in_what_the_unit_signs() -> None:
    names = {
        name
        for event in (AgreementSigned, AgreementProposed, AgreementAmended, CommissionFiled)
        for name in event.model_fields
    }
    assert not [n for n in names if any(w in n for w in ("fee", "amount", "price", "pay"))]
    assert MUTING.conduct.fees in ("free", "free_except_statutory")
    assert "free_of_charge" in MUTING.form("agreement").fields


def test_an_agreement_that_carries_the_power_of_attorney_waits_for_it() -> None:
    """YY-12, YY-13: `carries: [commission_written]`."""
    sign = MoveAgreement(move="sign", signed_by=("clerk", "unit"), paper=PAPER)
    details = given(*accepted(MUTING)).when(sign, THERE).then_refused("commission_missing")
    assert details["rule"] == "agreements.agreement.carries"
    assert details["form"] == "commission_written"
    over = entrusted(ends_on=date(2026, 11, 19))
    given(*accepted(MUTING), over).when(sign, THERE).then_refused("commission_missing")
    assert kinds(MATTER.decide(sign, MATTER.fold(AGENCY), THERE)) == ["AgreementSigned"]
