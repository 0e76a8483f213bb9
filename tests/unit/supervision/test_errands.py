"""Papers carried, people who must come, decisions at once, incidents: yes, no, and said twice."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from contracts.event import Event
from contracts.supervision import (
    EarlyReviewGiven,
    FeedSilent,
    IssueOpened,
    ItemDecided,
    ItemRefused,
    MessageSettled,
    PapersTransferred,
    PlanLine,
    PresenceNoted,
    PresenceRequired,
    ReportedUp,
    ReturnDue,
    ReturnFiled,
    StatesImported,
    TransferSigned,
    UrgeSent,
)
from services.supervision.domain import DECIDER
from services.supervision.domain.commands import (
    AssignAction,
    DecideAtOnce,
    NotePresence,
    NoteSilentFeed,
    OpenIssue,
    RefuseItem,
    ReportUp,
    RequirePresence,
    SettleMessage,
    SignTransfer,
    TransferPapers,
    UrgeByItself,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.gantt import gantt_of
from services.supervision.domain.notices import notices
from services.supervision.domain.picture import picture
from services.supervision.service.posting import in_words
from shared.messages.wording import said
from tests.unit.supervision.examples import (
    AGENT,
    APPROVER,
    DEED,
    LAND_PERMIT,
    MONDAY,
    NEW,
    NOTICE,
    PACK,
    SURVEY,
    agents_facts,
    approvers_facts,
    given,
    given_office,
    licence_accepted,
    licence_decided,
    licence_received,
    on,
    planned,
    text,
)
from tests.unit.supervision.ladder_places import CENTRE, REFORM_OFFICE, Walk

FRIDAY_WEEK = MONDAY.replace(day=13)
carry = TransferPapers(item=LAND_PERMIT, pieces=(DEED, SURVEY), handed_by=text("测试甲"))
carried = PapersTransferred(
    transfer=NEW,
    item=LAND_PERMIT,
    to="depts",
    pieces=(DEED, SURVEY),
    originals=1,
    copies=0,
    handed_on=MONDAY,
    handed_by=text("测试甲"),
)
taken = SignTransfer(transfer=NEW, received_by=text("测试乙"))
signed = TransferSigned(
    transfer=NEW, item=LAND_PERMIT, body="depts", signed_on=MONDAY, received_by=text("测试乙")
)
NINE = datetime(2026, 3, 3, 1, 0, tzinfo=UTC)
invite: Any = RequirePresence(
    item=LAND_PERMIT,
    who="applicant_lead",
    starts_at=NINE,
    place=text("一号窗口"),
    reason=text("当面签字"),
)
invited = PresenceRequired(
    presence=NEW,
    item=LAND_PERMIT,
    who="applicant_lead",
    by="depts",
    starts_at=NINE,
    place=text("一号窗口"),
    reason=text("当面签字"),
)
opinion = EarlyReviewGiven(
    review=NEW, items=(LAND_PERMIT,), body="depts", given_on=MONDAY, opinion=text("方案可行")
)
with_department: tuple[Event, ...] = (planned, *licence_received())


def events(command: Any, *before: Event, facts: Facts = agents_facts) -> list[Event]:
    return list(DECIDER.decide(command, given(*before).state(), facts))


# -- papers carried (HS-43) -------------------------------------------------------------------


def test_papers_go_with_a_slip_that_counts_them() -> None:
    given(*with_department).when(carry).then(carried)


def test_a_piece_that_intake_does_not_hold_cannot_go() -> None:
    stranger = carry.model_copy(update={"pieces": (UUID(int=7),)})
    given(*with_department).when(stranger).then_refused("piece_unknown")
    twice = carry.model_copy(update={"pieces": (DEED, DEED)})
    given(*with_department).when(twice).then_refused("piece_twice")


def test_a_piece_on_its_way_is_not_carried_twice() -> None:
    given(*with_department, carried).when(carry).then_refused("piece_on_its_way")
    assert events(carry, *with_department, carried, signed)


def test_the_department_signs_and_then_both_have() -> None:
    given(*with_department, carried).when(taken, approvers_facts).then(signed)
    shown = picture(given(*with_department, carried, signed).state(), agents_facts)
    assert shown["transfers"][0]["both_signed"] is True


def test_who_is_not_of_the_department_brings_the_slip_that_both_signed() -> None:
    given(*with_department, carried).when(taken).then_refused("signed_slip_required")
    with_slip = taken.model_copy(update={"slip": NOTICE})
    given(*with_department, carried).when(with_slip).then(
        signed.model_copy(update={"slip": NOTICE})
    )


def test_signing_again_is_quiet_and_a_stranger_slip_is_refused() -> None:
    given(*with_department, carried, signed).when(taken, approvers_facts).then_nothing()
    given(*with_department).when(taken, approvers_facts).then_refused("transfer_unknown")


# -- who must come (HS-57) --------------------------------------------------------------------


def test_an_invitation_names_who_when_and_where_and_flags_the_item() -> None:
    given(*with_department).when(invite).then(invited)
    shown = picture(given(*with_department, invited).state(), agents_facts)
    assert shown["items"][LAND_PERMIT]["presence_required"]["who"] == "applicant_lead"
    assert {"item", "do", "by", "stage", "at"} == set(shown["tasks"][0])
    assert [one.to for one in notices(invited)] == ["applicant"]


def test_the_same_invitation_again_is_quiet_and_one_to_the_past_refused() -> None:
    given(*with_department, invited).when(invite).then_nothing()
    late = given(*with_department).when(invite, on(FRIDAY_WEEK))
    late.then_refused("invited_to_the_past")


def test_that_they_came_is_noted_once() -> None:
    came = NotePresence(presence=NEW, came=True)
    noted = PresenceNoted(presence=NEW, item=LAND_PERMIT, came=True, noted_on=MONDAY)
    given(*with_department, invited).when(came).then(noted)
    given(*with_department, invited, noted).when(came).then_nothing()
    other = NotePresence(presence=NEW, came=False)
    given(*with_department, invited, noted).when(other).then_refused("presence_noted_already")
    given(*with_department).when(came).then_refused("presence_unknown")
    shown = picture(given(*with_department, invited, noted).state(), agents_facts)
    assert shown["items"][LAND_PERMIT]["presence_required"] is None


# -- decided at once after an early opinion (AS-73) -------------------------------------------


def decided(told: list[Event]) -> ItemDecided:
    return next(event for event in told if isinstance(event, ItemDecided))


def test_after_its_own_early_opinion_a_body_decides_the_same_day() -> None:
    at_once = DecideAtOnce(item=LAND_PERMIT)
    made = decided(events(at_once, *with_department, opinion, facts=approvers_facts))
    assert (made.outcome, made.decider, made.early_review) == ("approved", APPROVER, NEW)
    assert made.decided_on == MONDAY


def test_without_an_early_opinion_it_takes_the_usual_way() -> None:
    at_once = DecideAtOnce(item=LAND_PERMIT)
    given(*with_department).when(at_once, approvers_facts).then_refused("no_early_opinion")
    other = opinion.model_copy(update={"body": "park_i"})
    spec = given(*with_department, other).when(at_once, approvers_facts)
    spec.then_refused("no_early_opinion")


def test_the_agent_of_the_item_does_not_decide_at_once_either() -> None:
    spec = given(*with_department, opinion).when(
        DecideAtOnce(item=LAND_PERMIT, decider=AGENT), approvers_facts
    )
    spec.then_refused("agent_never_decides")


def test_deciding_at_once_again_is_quiet() -> None:
    before = (planned, *licence_decided())
    given(*before).when(DecideAtOnce(item=LAND_PERMIT), approvers_facts).then_nothing()


def test_an_early_opinion_starts_no_clock() -> None:
    shown = picture(given(planned, opinion).state(), agents_facts)
    clocks = {clock["kind"]: clock for clock in shown["items"][LAND_PERMIT]["clocks"]}
    assert clocks["statutory"]["state"] == "not_started"
    assert shown["early_opinions"][0]["decision"] is False


# -- incidents (YY-28, YY-53) -----------------------------------------------------------------


def refusal() -> list[Event]:
    facts = replace(approvers_facts, pack=CENTRE)
    command = RefuseItem(item=LAND_PERMIT, reason=text("只收本人"))
    return events(command, *with_department, facts=facts)


def test_a_window_that_refuses_a_commissioned_filing_is_an_incident_for_the_supervisor() -> (
    None
):
    (incident,) = [event for event in refusal() if isinstance(event, IssueOpened)]
    assert (incident.kind, incident.body, incident.items) == (
        "window_refusal", "depts", (LAND_PERMIT,),
    )  # fmt: skip
    assert incident.description.reveal() == "只收本人"
    supervisors = next(r for r in CENTRE.roles if r.canonical == "supervisor")
    assert incident.owner in (supervisors.bodies or {incident.owner})
    assert [one.to for one in notices(incident)] == [incident.owner]


def test_where_no_such_duty_is_written_a_refusal_is_only_that() -> None:
    command = RefuseItem(item=LAND_PERMIT, reason=text("不属本部门"))
    told = events(command, *with_department, facts=approvers_facts)
    assert isinstance(told[0], ItemRefused)
    assert not [event for event in told if isinstance(event, IssueOpened)]


def test_handling_outside_the_system_names_the_department_and_goes_to_the_supervisor() -> None:
    report: Any = OpenIssue(
        kind="outside_system", items=(LAND_PERMIT,), body="depts", description=text("线下受理")
    )
    facts = replace(agents_facts, pack=CENTRE)
    (opened,) = events(report, *with_department, facts=facts)
    assert isinstance(opened, IssueOpened)
    assert (opened.kind, opened.body) == ("outside_system", "depts")
    nobody = report.model_copy(update={"body": None})
    given(*with_department).when(nobody, facts).then_refused("body_missing")


# -- messages and feeds -----------------------------------------------------------------------


@pytest.mark.parametrize(("release", "step"), [(True, "released"), (False, "skipped")])
def test_a_person_settles_a_message_that_was_held(release: bool, step: Any) -> None:
    command = SettleMessage(message=NEW, to="depts", release=release)
    told = MessageSettled(message=NEW, to="depts", step=step, settled_on=MONDAY)
    given(planned).when(command).then(told)
    given_office().when(command).then(told)


def test_a_silent_feed_is_said_once_for_each_silence() -> None:
    ran = StatesImported(source="approval_system", observed_at=NINE, rows=3)
    later = NINE.replace(minute=31)
    note = NoteSilentFeed(source="approval_system", observed_at=NINE, noted_at=later)
    silent = FeedSilent(source="approval_system", observed_at=NINE, noted_at=later, minutes=31)
    given_office(ran).when(note).then(silent)
    given_office(ran, silent).when(note).then_nothing()
    again = StatesImported(source="approval_system", observed_at=later, rows=0)
    given_office(ran, silent, again).when(note).then_nothing()
    assert [one.to for one in notices(silent)] == ["office"]


def test_a_return_that_is_owed_and_one_that_was_signed_are_told_to_whom_they_concern() -> None:
    owed = ReturnDue(
        form="ledger", quarter="2026-Q1", body="park_i", to="ro", due_on=MONDAY,
        rule="reporting.ledger",
    )  # fmt: skip
    sent = ReturnFiled(
        form="ledger", quarter="2026-Q1", body="park_i", to="ro", nil=True, rows=0, cut=()
    )
    assert [one.to for one in (*notices(owed), *notices(sent))] == ["park_i", "ro"]
    words = in_words({"form": PACK.reporting[0].id, "quarter": "2026-Q1"}, PACK)
    zh, text_of = said(PACK, "ReturnFiled", {"wording": words})
    assert PACK.reporting[0].zh in text_of and "Signed and sent to you" in text_of and zh


# -- a machine on the lowest rung -------------------------------------------------------------


def climbing_place() -> Walk:
    walk = Walk(REFORM_OFFICE, planned, *licence_accepted())
    asked: Any = {"item": LAND_PERMIT}
    walk.does(UrgeByItself(**asked, signal="stalled"), actor="s:supervision")
    return walk


def test_a_machine_that_urges_again_makes_nobody_wait_longer() -> None:
    walk = climbing_place().on(FRIDAY_WEEK)
    (urged,) = walk.does(
        UrgeByItself(item=LAND_PERMIT, signal="at_risk"), actor="s:supervision"
    )
    assert isinstance(urged, UrgeSent)
    report = ReportUp(item=LAND_PERMIT, signal="no_effect_after")
    assert any(isinstance(event, ReportedUp) for event in walk.does(report, "agent"))


def test_a_machine_does_not_urge_below_where_a_person_has_taken_it() -> None:
    walk = climbing_place().on(FRIDAY_WEEK)
    walk.does(ReportUp(item=LAND_PERMIT, signal="no_effect_after"), "agent")
    with_machine = UrgeByItself(item=LAND_PERMIT, signal="at_risk")
    assert walk.does(with_machine, actor="s:supervision") == []


# -- nodes and who answers for them (AS-93) ---------------------------------------------------


def test_no_node_of_a_plan_is_without_an_owner_and_a_person_who_answers_for_it() -> None:
    with pytest.raises(ValidationError):
        PlanLine.model_validate({"item": LAND_PERMIT, "working_days": 3})
    with pytest.raises(ValidationError):
        AssignAction.model_validate(
            {"meeting": str(NEW), "due_on": MONDAY.isoformat(), "wording": "落实"}
        )
    shown = gantt_of(given(planned).state(), agents_facts)
    assert shown is not None
    assert all(line["owner"] and line["responsible"] == [AGENT] for line in shown["lines"])
