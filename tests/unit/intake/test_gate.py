"""No act of staff before its papers, and none after they end, in each place's way (X-02, X-03)."""

from datetime import date
from typing import Any

import pytest

from contracts.event import Event
from contracts.intake import (
    AgreementEnded,
    AgreementSuspended,
    ModeEnded,
    RegistrationCompleted,
    ServiceConsented,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import DraftForm, EndMode, GiveConsent, PrecheckItem
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.gate import papers, papers_before
from shared.decider import Refused
from shared.testing.spec import Spec
from tests.unit.intake.examples import (
    AGENT,
    DAY,
    HEAD,
    PACK,
    PAPER,
    THIRD,
    receive,
    words,
)
from tests.unit.intake.places import (
    MUTING,
    REGISTERING,
    SIGNING,
    accepted,
    application,
    by_agent,
    by_unit,
    entrusted,
    facts_of,
    on,
    requested,
    signed,
    varied,
)

AGENTS = by_agent(facts_of(SIGNING))
spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, AGENTS)
given = spec.given
WAITING = accepted(SIGNING)
made = signed(SIGNING, items=("S1-01", "S1-05"), application=1, agent=AGENT)
take = receive("M01")
suspended = AgreementSuspended(agreement=THIRD, move="suspend", state="suspended")
ended = AgreementEnded(
    agreement=THIRD, cause="revoked_by_applicant", ended_by="applicant", state="ended"
)


def standing(*history: Event, facts: Facts = AGENTS, item: str | None = None) -> dict[str, Any]:
    """Paper to why it is wanting; None when it is there."""
    return {p.paper: p.why for p in papers(MATTER.fold(history), facts, item)}


def test_one_answer_says_which_papers_are_needed_and_which_are_there() -> None:
    assert standing(*WAITING) == {
        "agreement": "agreement_not_signed",
        "application": "application_not_filed",
        "commission_written": "commission_missing",
    }
    assert standing(*WAITING, application, made) == {
        "agreement": None, "application": None, "commission_written": "commission_missing",
    }  # fmt: skip
    before = papers_before("collect", MATTER.fold(WAITING), AGENTS)
    assert [p.paper for p in before] == ["agreement", "application"]
    assert before[0].rule == "modes.agent.papers.agreement"


def test_nothing_is_collected_before_the_agreement_and_the_application() -> None:
    details = given(*WAITING).when(take, AGENTS).then_refused("agreement_not_signed")
    assert details["missing"] == ["agreement", "application"]
    assert details["rule"] == "modes.agent.papers.agreement"
    given(*WAITING, made).when(take, AGENTS).then_refused("application_not_filed")


def test_nothing_is_collected_after_the_agreement_ended_or_while_it_is_suspended() -> None:
    whole = (*WAITING, application, made)
    assert MATTER.decide(take, MATTER.fold(whole), AGENTS)
    given(*whole, ended).when(take, AGENTS).then_refused("agreement_ended")
    given(*whole, suspended).when(take, AGENTS).then_refused("agreement_suspended")
    before = on(date(2026, 11, 19), AGENTS)
    given(*whole).when(take, before).then_refused("agreement_not_begun")
    short = (*WAITING, application, made.model_copy(update={"ends_on": DAY}))
    assert MATTER.decide(take, MATTER.fold(short), AGENTS)
    given(*short).when(take, on(date(2026, 11, 21), AGENTS)).then_refused("agreement_over")


def test_an_item_that_the_agreement_leaves_out_is_not_read_through() -> None:
    one = made.model_copy(update={"items": ("S1-05",)})
    check = PrecheckItem(item="S1-01", in_order=True)
    given(*WAITING, application, one).when(check, AGENTS).then_refused(
        "agreement_does_not_cover"
    )


def test_by_stage_an_agreement_speaks_of_the_items_of_its_stages() -> None:
    staged = made.model_copy(update={"items": (), "stages": ("S1",)})
    assert standing(*WAITING, application, staged, item="S1-01")["agreement"] is None
    other = staged.model_copy(update={"stages": ("S2",)})
    why = standing(*WAITING, application, other, item="S1-01")["agreement"]
    assert why == "agreement_does_not_cover"


def test_help_that_comes_by_itself_waits_for_no_paper() -> None:
    help_ = by_agent(facts_of(MUTING))
    assert standing(*accepted(MUTING, "assist"), facts=help_) == {}


def test_a_register_is_a_paper_too() -> None:
    there = by_agent(facts_of(REGISTERING))
    agency = (*accepted(REGISTERING), entrusted())
    check = PrecheckItem(item="S1-01", in_order=True)
    given(*agency).when(check, there).then_refused("registration_not_completed")
    done = RegistrationCompleted(
        form="register", limits=(), complete_set=True, needs=words("代办立项")
    )
    given(*agency, done).when(check, there).then_refused("materials_missing")


def test_an_application_that_no_agreement_carries_is_the_request_itself() -> None:
    there = by_agent(facts_of(PACK))
    assert standing(*accepted(PACK), facts=there) == {
        "online_application": None,
        "commission_written": "commission_missing",
    }


def test_a_paper_may_be_asked_for_in_some_cases_alone() -> None:
    def conditional(data: Any) -> None:
        (paper,) = [p for p in data["modes"][1]["papers"] if p["id"] == "agreement"]
        paper["when"] = {"investment": "government"}

    pack = varied("cn-341525-bangdaiban", conditional)
    found = papers(MATTER.fold(accepted(pack)), by_agent(facts_of(pack)))
    assert {p.paper: p.needed for p in found}["agreement"] is False


draft = DraftForm(item="S1-01", content=PAPER)


def _filling_in(data: Any) -> None:
    for mode in data["modes"]:
        if mode["id"] == "agent":
            mode["staff_may"].append("fill_for_applicant")
            for paper in mode["papers"]:
                paper["before"].append("fill_for_applicant")


FILLING = varied("cn-341525-bangdaiban", _filling_in)


@pytest.mark.parametrize(
    ("actor", "consents", "code"),
    [
        (AGENT, (), None),
        (HEAD, (), "not_the_commissioned_agent"),
        (HEAD, ("sub_agency",), None),
    ],
)
def test_only_whom_the_unit_named_acts_in_its_name(
    actor: str, consents: tuple[str, ...], code: str | None
) -> None:
    facts = by_agent(facts_of(FILLING), actor)
    history = (
        *accepted(FILLING), application, made, entrusted(consents=consents),
    )  # fmt: skip
    asked = given(*history).when(draft, facts)
    if code:
        asked.then_refused(code)
    else:
        assert MATTER.decide(draft, MATTER.fold(history), facts)


def test_every_paper_is_checked_at_every_act() -> None:
    facts = by_agent(facts_of(FILLING))
    whole = (*accepted(FILLING), application, made, entrusted(ends_on=DAY))
    assert MATTER.decide(draft, MATTER.fold(whole), facts)
    later = on(date(2026, 11, 21), facts)
    given(*whole).when(draft, later).then_refused("commission_does_not_cover")
    given(*whole, ended).when(draft, facts).then_refused("agreement_ended")
    part = (*accepted(FILLING), application, made, entrusted("S1-05"))
    given(*part).when(draft, facts).then_refused("commission_does_not_cover")


def test_what_others_asked_for_waits_for_the_unit() -> None:
    there = by_agent(facts_of(SIGNING))
    ordered = [*WAITING, application, made]
    ordered[0] = requested(SIGNING, origin="outreach")
    given(*ordered).when(take, there).then_refused("unit_has_not_consented")
    agreed = ServiceConsented(origin="outreach")
    assert MATTER.decide(take, MATTER.fold([*ordered, agreed]), there)
    given(*ordered).when(GiveConsent(), by_unit(there)).then(agreed)
    given(*ordered, agreed).when(GiveConsent(), by_unit(there)).then_nothing()
    given(*ordered).when(GiveConsent(), there).then_refused("proof_required")
    given(*WAITING).when(GiveConsent(), by_unit(there)).then_nothing()


def test_guiding_ends_with_the_visit() -> None:
    facts = facts_of(REGISTERING)
    led = accepted(REGISTERING, "lead")
    ours = defaults_of(facts.pack, "modes.lead.ends_when")
    over = ModeEnded(mode="lead", after="contact_handed_over", defaults=ours)
    given(*led).when(EndMode(after="ContactHandedOver"), facts).then(over)
    given(*led, over).when(EndMode(after="ContactHandedOver"), facts).then_nothing()
    given(*led).when(EndMode(after="ItemDecided"), facts).then_nothing()
    given(*accepted(REGISTERING, "assist")).when(
        EndMode(after="ContactHandedOver"), facts
    ).then_nothing()
    assert MATTER.fold([*led, over]).mode == "none"


def test_a_mode_gives_its_own_acts_and_no_others() -> None:
    for pack, mode, act in (
        (SIGNING, "assist", take),
        (REGISTERING, "lead", take),
        (MUTING, "assist", take),
    ):
        facts = by_agent(facts_of(pack))
        with pytest.raises(Refused) as refused:
            MATTER.decide(act, MATTER.fold(accepted(pack, mode)), facts)
        assert refused.value.code == "act_not_in_mode"
        assert refused.value.details["rule"] == f"modes.{mode}.staff_may"
