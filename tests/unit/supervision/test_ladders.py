"""Each place climbs its own ladder, rung by rung, and no rung is passed over in silence."""

from datetime import date
from typing import Any

import pytest

from contracts.event import Event, Personal
from contracts.supervision import (
    InterviewHeld,
    IssueClassed,
    IssueOpened,
    IssueRaised,
    JointAttackBegun,
    ReminderSent,
    ReportedUp,
    RungClosed,
    RungWaived,
    SanctionRecorded,
    UrgeSent,
)
from services.supervision.domain.commands import (
    BeginJointAttack,
    CallMeeting,
    ClassIssue,
    CloseRung,
    DecideItem,
    HoldInterview,
    OpenIssue,
    RaiseIssue,
    RecordSanction,
    ReportUp,
    UrgeItem,
)
from services.supervision.domain.together import together
from shared.decider import Refused
from tests.unit.supervision.examples import APPROVER, LAND_PERMIT, MONDAY, planned, text
from tests.unit.supervision.ladder_places import (
    CENTRE,
    HEAD,
    ISSUE,
    NO_LADDER,
    OFFICER,
    PAPER,
    REFORM_OFFICE,
    TASK_FORCE,
    Walk,
    opened,
)

WEDNESDAY, THURSDAY, FRIDAY = date(2026, 3, 4), date(2026, 3, 5), date(2026, 3, 6)
NEXT_WEDNESDAY, NEXT_THURSDAY = date(2026, 3, 11), date(2026, 3, 12)
slow_down = UrgeItem(item=LAND_PERMIT, signal="stalled")
evidence: Any = Personal((PAPER,))


def refused(walk: Walk, command: Any, *roles: str, **more: Any) -> str:
    with pytest.raises(Refused) as problem:
        walk.does(command, *roles, **more)
    return problem.value.code


def names(events: list[Event]) -> list[str]:
    return [type(event).__name__ for event in events]


# -- the task force's ladder: remind, report, interview or deal with it -------------------------


def reminded() -> Walk:
    walk = Walk(TASK_FORCE)
    walk.does(slow_down, "agent")
    return walk


def reported() -> Walk:
    walk = reminded().on(THURSDAY)
    report = ReportUp(item=LAND_PERMIT, signal="no_effect_after", reason=text("提醒无果"))
    walk.does(report, "office", actor=OFFICER)
    return walk.on(NEXT_WEDNESDAY)


def test_the_first_rung_reminds_the_department() -> None:
    (sent,) = Walk(TASK_FORCE).does(slow_down, "agent")
    assert isinstance(sent, ReminderSent)
    assert (sent.to, sent.rung, sent.rung_id) == ("depts", 1, "remind")


def test_reminding_twice_on_a_day_is_quiet() -> None:
    assert reminded().does(slow_down, "agent") == []


def test_a_report_upward_names_its_cause_after_the_wait() -> None:
    walk = reminded()
    report = ReportUp(item=LAND_PERMIT, signal="no_effect_after", reason=text("提醒无果"))
    assert refused(walk.on(WEDNESDAY), report, "office", actor=OFFICER) == "wait_not_over"
    (sent,) = walk.on(THURSDAY).does(report, "office", actor=OFFICER)
    assert isinstance(sent, ReportedUp)
    assert (sent.to, sent.rung, sent.signal) == ("head", 2, "no_effect_after")
    assert "ladders.slow.rungs.report.wait" in sent.defaults


def test_shirking_is_reported_with_evidence_only() -> None:
    walk = reminded()
    report = ReportUp(item=LAND_PERMIT, signal="shirking", reason=text("推诿"))
    assert refused(walk, report, "office", actor=OFFICER) == "rung_needs"
    proven = report.model_copy(update={"evidence": evidence})
    assert names(walk.does(proven, "office", actor=OFFICER)) == ["ReportedUp"]


def test_no_rung_is_skipped_without_a_reason() -> None:
    walk = Walk(TASK_FORCE)
    report = ReportUp(
        item=LAND_PERMIT, signal="refused", reason=text("当场拒办"), evidence=evidence
    )
    assert refused(walk, report, "office", actor=OFFICER) == "rungs_skipped"
    said = report.model_copy(update={"waiver": text("当场拒办，无需再提醒")})
    waived, sent = walk.does(said, "office", actor=OFFICER)
    assert isinstance(waived, RungWaived) and isinstance(sent, ReportedUp)
    assert (waived.rung, waived.rung_id) == (1, "remind")


def test_a_report_is_made_once() -> None:
    again = ReportUp(item=LAND_PERMIT, signal="no_effect_after", reason=text("再报"))
    assert reported().does(again, "office", actor=OFFICER) == []


def interview(**more: Any) -> HoldInterview:
    given = {"item": LAND_PERMIT, "person": APPROVER, "account": text("已约谈")}
    return HoldInterview(**{**given, "reason": text("两次提醒无果"), **more})


def test_an_interview_by_the_head_closes_the_rung_itself() -> None:
    events = reported().does(interview(), "head", actor=HEAD)
    assert names(events) == ["InterviewHeld", "RungClosed"]


def test_what_the_office_records_only_the_head_closes() -> None:
    walk = reported()
    (held,) = walk.does(interview(), "office", actor=OFFICER)
    assert isinstance(held, InterviewHeld)
    close = CloseRung(act=held.act)
    assert refused(walk, close, "office", actor=OFFICER) == "only_the_head_closes_it"
    (closed,) = walk.does(close, "head", actor=HEAD)
    assert isinstance(closed, RungClosed) and closed.item == LAND_PERMIT
    assert walk.does(close, "head", actor=HEAD) == []


def test_no_machine_climbs_against_a_person() -> None:
    walk = reported()
    assert refused(walk, interview(), actor="s:supervision") == "a_person_must_decide"
    machine = ReportUp(item=LAND_PERMIT, signal="no_effect_after", reason=text("自动"))
    walk = reminded().on(THURSDAY)
    assert refused(walk, machine, actor="s:supervision") == "a_person_must_decide"


def test_an_agent_interviews_nobody() -> None:
    assert refused(reported(), interview(), "agent") == "not_your_rung"


def test_an_interview_follows_a_report() -> None:
    assert refused(reminded(), interview(), "head", actor=HEAD) == "trigger_missing"


def test_a_measure_is_the_other_choice_on_the_same_rung() -> None:
    measure = RecordSanction(
        item=LAND_PERMIT,
        kind="notice_of_criticism",
        body="depts",
        reason=text("拖延"),
        evidence=evidence,
    )
    events = reported().does(measure, "head", actor=HEAD)
    assert names(events) == ["SanctionRecorded", "RungClosed"]
    assert isinstance(events[0], SanctionRecorded) and events[0].rung == 3
    bare = measure.model_copy(update={"evidence": None})
    assert refused(reported(), bare, "head", actor=HEAD) == "rung_needs"
    nobody = measure.model_copy(update={"body": None})
    assert refused(reported(), nobody, "head", actor=HEAD) == "whom"


def test_the_effect_of_each_rung_is_measured_afterwards() -> None:
    walk = reported()
    walk.does(interview(), "head", actor=HEAD)
    walk.on(NEXT_THURSDAY).does(
        DecideItem(item=LAND_PERMIT, outcome="approved"), "approver", actor=APPROVER
    )
    shown = together(walk.matter, walk.facts("office"))["ladders"][LAND_PERMIT]
    assert [c["rung"] for c in shown["climbed"]] == [1, 2, 3]
    assert {c["effect_on"] for c in shown["climbed"]} == {"2026-03-12"}
    assert [c["effect_after_days"] for c in shown["climbed"]] == [8, 5, 1]
    assert shown["next"] == []


def test_the_next_rung_is_proposed_with_who_and_when() -> None:
    walk = reminded()
    (first,) = together(walk.matter, walk.facts("office"))["ladders"][LAND_PERMIT]["next"]
    assert (first["rung_id"], first["by"], first["needs"]) == (
        "report",
        ["office"],
        ["reason", "evidence"],
    )
    assert (first["not_before"], first["wait_is_over"]) == ("2026-03-04", False)


def test_after_a_step_the_ladder_begins_anew() -> None:
    walk = reported()
    walk.does(DecideItem(item=LAND_PERMIT, outcome="approved"), "approver", actor=APPROVER)
    again = ReportUp(item=LAND_PERMIT, signal="shirking", reason=text("推诿"))
    assert refused(walk, again, "office", actor=OFFICER) == "nothing_to_report"


# -- the task force's problems ------------------------------------------------------------------


def test_a_problem_beyond_its_power_enters_the_other_ladder_at_once() -> None:
    walk = Walk(TASK_FORCE, planned, opened())
    events = walk.does(
        RaiseIssue(issue=ISSUE, signal="beyond_power"), "office", bodies=("tfo",)
    )
    assert names(events) == ["IssueClassed", "IssueRaised"]
    classed, raised = events
    assert isinstance(classed, IssueClassed) and isinstance(raised, IssueRaised)
    assert (classed.before, classed.severity, classed.ladder) == (
        "general",
        "complex",
        "ladders.complex",
    )
    assert (raised.to, raised.ladder, raised.rung) == ("gov", "ladders.complex", 1)


def test_the_government_leads_the_joint_attack_after_the_report() -> None:
    attack = BeginJointAttack(issue=ISSUE, solution=text("改移管线，分段施工"))
    walk = Walk(TASK_FORCE, planned, opened("complex"))
    assert refused(walk, attack, "government", bodies=("gov",)) == "trigger_missing"
    walk.does(RaiseIssue(issue=ISSUE, signal="beyond_power"), "head", bodies=("tf",))
    assert refused(walk, attack, "office", bodies=("tfo",)) == "not_your_rung"
    (begun,) = walk.does(attack, "government", bodies=("gov",))
    assert isinstance(begun, JointAttackBegun)
    assert walk.matter.issues[ISSUE].owner == "gov"
    assert walk.does(attack, "government", bodies=("gov",)) == []


def test_a_problem_is_classed_anew_with_a_reason_and_once() -> None:
    walk = Walk(TASK_FORCE, planned, opened())
    anew = ClassIssue(issue=ISSUE, severity="major", reason=text("影响开工"))
    (classed,) = walk.does(anew, "head", bodies=("tf",))
    assert isinstance(classed, IssueClassed) and classed.ladder == "ladders.complex"
    assert walk.does(anew, "head", bodies=("tf",)) == []


# -- the centre's ladder: two ways on one rung --------------------------------------------------


def test_the_section_supervises_once_a_reminder_had_no_effect() -> None:
    walk = Walk(CENTRE)
    push = UrgeItem(item=LAND_PERMIT, signal="no_effect_after", rung=2)
    assert refused(walk, push, "supervisor", actor=OFFICER) == "rungs_skipped"
    walk.does(slow_down, "agent")
    assert refused(walk.on(WEDNESDAY), push, "supervisor", actor=OFFICER) == "wait_not_over"
    (sent,) = walk.on(THURSDAY).does(push, "supervisor", actor=OFFICER)
    assert isinstance(sent, UrgeSent) and sent.rung_id == "supervise"


def test_what_a_level_cannot_solve_goes_up_or_to_a_consultation() -> None:
    beyond = RaiseIssue(issue=ISSUE, signal="beyond_power")
    walk = Walk(CENTRE, planned, opened())
    assert refused(walk, beyond, "office", bodies=("assoc",)) == "not_your_rung"
    (raised,) = walk.does(beyond, "office", bodies=("centre",))
    assert isinstance(raised, IssueRaised) and raised.to == "sup"
    other = Walk(CENTRE, planned, opened())
    meeting = CallMeeting(
        issue=ISSUE,
        bodies=("depts",),
        starts_at="2026-03-05T09:00:00+08:00",  # type: ignore[arg-type]
        signal="beyond_power",
        topic=text("会商"),
    )
    (called,) = other.does(meeting, "office", bodies=("centre",))
    assert called.rung_id == "consultation"  # type: ignore[attr-defined]


def test_only_a_major_problem_goes_to_the_leading_group() -> None:
    beyond = RaiseIssue(issue=ISSUE, signal="beyond_power")
    walk = Walk(CENTRE, planned, opened())
    walk.does(beyond, "office", bodies=("centre",))
    assert walk.does(beyond, "office", bodies=("centre",)) == []
    walk.does(ClassIssue(issue=ISSUE, severity="major", reason=text("重大")), "office")
    (raised,) = walk.does(beyond, "office", bodies=("centre",))
    assert isinstance(raised, IssueRaised)
    assert (raised.to, raised.rung, raised.severity) == ("lg", 3, "major")


# -- the reform office's ladder: a slow item becomes a line of the list -------------------------


def test_what_urging_did_not_move_goes_on_the_issue_list() -> None:
    walk = Walk(REFORM_OFFICE)
    walk.does(slow_down, "agent")
    report = ReportUp(item=LAND_PERMIT, signal="no_effect_after")
    assert refused(walk.on(MONDAY), report, "liaison") == "wait_not_over"
    events = walk.on(NEXT_WEDNESDAY).does(report, "liaison")
    assert names(events) == ["ReportedUp", "IssueOpened", "IssueRaised"]
    told, listed, raised = events
    assert isinstance(told, ReportedUp) and isinstance(listed, IssueOpened)
    assert isinstance(raised, IssueRaised)
    assert told.issue == listed.issue == raised.issue
    assert (raised.to, raised.ladder) == ("ro", "ladders.problem")


# -- a place whose paper is lost ----------------------------------------------------------------


def test_a_place_without_a_ladder_still_takes_a_problem_in() -> None:
    walk = Walk(NO_LADDER, planned)
    problem = OpenIssue(kind="approval", items=(LAND_PERMIT,), description=text("受理受阻"))
    (known,) = walk.does(problem, "agent")
    assert isinstance(known, IssueOpened) and known.due_on is None
    raise_it = RaiseIssue(issue=known.issue, signal="beyond_power")
    assert refused(walk, raise_it, "office") == "no_ladder"
    assert refused(Walk(NO_LADDER), slow_down, "agent") == "no_ladder"


# -- periods and counters -----------------------------------------------------------------------


def repeated(**changes: Any) -> Walk:
    """The centre's ladder, with a first rung that is repeated."""
    ladder = CENTRE.ladders[0]
    first = ladder.rungs[0].model_copy(update=changes)
    rungs = (first, *ladder.rungs[1:])
    changed = ladder.model_copy(update={"rungs": rungs})
    pack = CENTRE.model_copy(update={"ladders": (changed, *CENTRE.ladders[1:])})
    return Walk(pack)


def test_a_rung_with_a_period_is_repeated_after_it_and_counted() -> None:
    walk = repeated(every=CENTRE.clocks.silence, times=2)
    walk.does(slow_down, "agent")
    assert refused(walk.on(date(2026, 3, 3)), slow_down, "agent") == "period_not_over"
    assert names(walk.on(date(2026, 3, 20)).does(slow_down, "agent")) == ["ReminderSent"]
    assert refused(walk.on(date(2026, 4, 10)), slow_down, "agent") == "times_used_up"


def test_a_counted_rung_is_done_when_its_times_are() -> None:
    walk = repeated(every=CENTRE.clocks.silence, times=2)
    push = UrgeItem(item=LAND_PERMIT, signal="no_effect_after", rung=2)
    walk.does(slow_down, "agent")
    later = walk.on(date(2026, 3, 20))
    assert refused(later, push, "supervisor", actor=OFFICER) == "rungs_skipped"
    later.does(slow_down, "agent")
    events = walk.on(date(2026, 3, 27)).does(push, "supervisor", actor=OFFICER)
    assert names(events) == ["UrgeSent"]
