"""Centre, steward, owner in the department, and help without asking (告知、结对、到人)."""

from dataclasses import replace
from datetime import UTC, datetime

from contracts.assignment import (
    AgentAssigned,
    CentreNotified,
    ItemOwnerNamed,
    NoticeConfirmed,
    StewardPaired,
)
from contracts.event import Event
from services.assignment.domain import MATTER
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    ArrangeMatter,
    ConfirmNotice,
    DispatchItems,
    NameOwner,
    PairSteward,
    RouteMatter,
)
from services.assignment.domain.facts import MatterFacts, Request
from shared.testing.spec import Spec
from tests.unit.assignment.examples import (
    ADA,
    CLERK,
    EVE,
    FACTS,
    SERVED,
    given,
    of_kind,
    person,
)
from tests.unit.assignment.places import (
    ANSHAN,
    FAY,
    GIL,
    HAL,
    YOUYANG,
    YUEYANG,
    asked,
    at,
    away,
    member,
    standing_on,
    utility_of,
)

STEWARD, OWNER = person(40), person(41)
CAME = datetime(2026, 3, 2, 1, tzinfo=UTC)


def not_yet(request: Request) -> Request:
    return replace(request, accepted=False)


def told(facts: MatterFacts) -> list[Event]:
    return standing_on(facts, ArrangeMatter())[1]


def test_the_right_group_is_told_at_first_receipt_with_the_delay() -> None:
    request = not_yet(asked("S1-01", utility_of(YUEYANG), investment="government"))
    facts = at(YUEYANG, request, received_at=CAME, minutes=3)
    assert told(facts) == [
        CentreNotified(
            to=("wg_gov", "wg_util"), received_at=CAME, delay_minutes=3, rule="process.notify",
            defaults=("process.notify.done_when",),
        )
    ]  # fmt: skip
    assert standing_on(facts, ArrangeMatter(), ArrangeMatter())[1] == told(facts)


def test_the_team_is_told_where_the_window_must_report_at_once() -> None:
    facts = at(ANSHAN, not_yet(asked(mode="agent")))
    (event,) = of_kind(CentreNotified, told(facts))
    assert (event.to, event.rule) == (("team",), "process.accept")


def test_a_place_that_asks_for_no_notice_sends_none() -> None:
    assert told(at(YOUYANG, not_yet(asked(site="park-industrial")))) == []


def test_a_person_of_the_group_confirms_and_no_stranger() -> None:
    facts = at(YUEYANG, asked(investment="social"))
    (notice,) = of_kind(CentreNotified, told(facts))
    mine = replace(facts, roles=frozenset({"helper"}), bodies=frozenset({"wg_soc"}), minutes=20)
    spec = Spec(MATTER, mine)
    confirmed = NoticeConfirmed(person=CLERK, delay_minutes=20)
    spec.given(notice).when(ConfirmNotice()).then(confirmed)
    spec.given(notice, confirmed).when(ConfirmNotice()).then_nothing()
    spec.given().when(ConfirmNotice()).then_refused("nobody_was_told")
    strange = replace(mine, bodies=frozenset({"depts"}))
    Spec(MATTER, strange).given(notice).when(ConfirmNotice()).then_refused("not_told")


def test_a_project_that_is_helped_by_itself_gets_a_helper_by_itself() -> None:
    facts = at(
        YUEYANG, asked(mode="assist", investment="social"), member(FAY, "wg_soc", "helper")
    )
    state, _ = standing_on(facts, ArrangeMatter())
    assert (state.lead, state.items_of(FAY)) == (FAY, ("S1-01",))


def test_a_helper_comes_before_the_items_are_known_and_keeps_them() -> None:
    helped = member(FAY, "wg_soc", "helper")
    early = at(YUEYANG, replace(asked(mode=None, investment="social"), items=()), helped)
    state, events = standing_on(early, ArrangeMatter())
    assert [(e.agent, e.lead, e.items) for e in of_kind(AgentAssigned, events)] == [
        (FAY, True, ())
    ]
    later = at(YUEYANG, asked(mode="assist", investment="social"), helped)
    handed = MATTER.decide(DispatchItems(), state, later)
    assert MATTER.fold(handed, state).items_of(FAY) == ("S1-01",)


def test_without_a_free_helper_the_matter_waits() -> None:
    facts = at(
        YUEYANG, asked(mode="assist", investment="social"),
        member(FAY, "wg_soc", "helper"), away(FAY),
    )  # fmt: skip
    assert standing_on(facts, ArrangeMatter())[0].agents == {}


def test_nobody_is_helped_by_himself_where_help_is_asked_for() -> None:
    facts = at(YOUYANG, asked(mode="assist", site="park-industrial"))
    facts = replace(facts, roster=FACTS.roster)
    assert standing_on(facts, ArrangeMatter())[0].agents == {}


def test_the_agent_takes_the_lead_from_the_helper_once_agency_is_chosen() -> None:
    roster = member(FAY, "wg_soc", "helper"), member(GIL, "wg_soc", "agent")
    early = at(YUEYANG, replace(asked(mode=None, investment="social"), items=()), *roster)
    state, _ = standing_on(replace(early, load={GIL: 9}), ArrangeMatter())
    assert state.lead == FAY
    agency = at(YUEYANG, asked(investment="social"), *roster)
    state = MATTER.fold(MATTER.decide(DispatchItems(), state, agency), state)
    assert state.lead == GIL and set(state.agents) == {FAY, GIL}


def served(area: str = ANSHAN) -> tuple[MatterFacts, list[Event]]:
    facts = at(area, asked(), member(FAY, "team", "agent"), member(HAL, "team", "steward"))
    return facts, standing_on(facts, RouteMatter(), DispatchItems())[1]


def test_a_steward_is_paired_with_the_lead_agent_and_may_change() -> None:
    facts, events = served()
    spec = Spec(MATTER, facts)
    rule = {"agent": FAY, "rule": "team.pairs_with"}
    paired = StewardPaired.model_validate({"steward": STEWARD, **rule})
    spec.given(*events).when(PairSteward(steward=STEWARD)).then(paired)
    spec.given(*events, paired).when(PairSteward(steward=STEWARD)).then_nothing()
    other = StewardPaired.model_validate({"steward": HAL, "replaces": STEWARD, **rule})
    spec.given(*events, paired).when(PairSteward(steward=HAL)).then(other)
    assert spec.given(*events, paired).state().agents.keys() == {FAY}


def test_an_agent_is_no_steward_and_places_without_stewards_have_none() -> None:
    facts, events = served()
    spec = Spec(MATTER, facts)
    spec.given(*events).when(PairSteward(steward=FAY)).then_refused("steward_is_agent")
    spec.given(events[0]).when(PairSteward(steward=STEWARD)).then_refused("no_lead_agent")
    given(*SERVED).when(PairSteward(steward=STEWARD)).then_refused("no_stewards_here")


def test_a_person_in_the_department_answers_for_an_item() -> None:
    ask = NameOwner(item="S1-01", person=OWNER, body="depts", post="examiner")
    named = ItemOwnerNamed(item="S1-01", body="depts", person=OWNER, post="examiner")
    given(*SERVED).when(ask).then(named)
    given(*SERVED, named).when(ask).then_nothing()
    other = NameOwner(item="S1-01", person=EVE, body="depts")
    changed = ItemOwnerNamed(item="S1-01", body="depts", person=EVE, replaces=OWNER)
    given(*SERVED, named).when(other).then(changed)


def test_the_agent_of_an_item_is_never_its_owner() -> None:
    carries = NameOwner(item="S1-01", person=ADA, body="depts")
    given(*SERVED).when(carries).then_refused("agent_never_decides")
    strange = NameOwner(item="S3-08", person=OWNER, body="depts")
    given(*SERVED).when(strange).then_refused("item_not_in_scope")
    nowhere = NameOwner(item="S1-01", person=OWNER, body="nowhere")
    given(*SERVED).when(nowhere).then_refused("body_unknown")


def test_who_takes_over_says_when_he_will_call() -> None:
    at_ten = datetime(2026, 3, 3, 2, tzinfo=UTC)
    mine = replace(FACTS, actor=ADA)
    spec = Spec(MATTER, mine)
    (taken,) = spec.given(*SERVED).when(AcknowledgeAssignment(promised_at=at_ten))._decide()
    state = spec.given(*SERVED, taken).state()
    assert state.promised == {ADA: at_ten}
    spec.given(*SERVED, taken).when(AcknowledgeAssignment()).then_nothing()
