"""Whistles, meetings, minutes, actions, joint sessions, early opinions, and what is owed."""

from datetime import date
from typing import Any

import pytest

from contracts.event import Event, Personal
from contracts.supervision import (
    ActionAssigned,
    DepartmentReported,
    EarlyReviewGiven,
    FollowUpClosed,
    FollowUpContacted,
    FollowUpOpened,
    JointSurveyHeld,
    MeetingCalled,
    MilestoneDated,
    MinutesIssued,
    ReminderSent,
    WhistleBlown,
    WorkLogged,
)
from services.supervision.domain.commands import (
    AssignAction,
    BlowWhistle,
    CallMeeting,
    CloseFollowUp,
    ContactUnit,
    FinishAction,
    GiveEarlyOpinion,
    HoldJointSession,
    IssueMinutes,
    LogWork,
    OpenFollowUp,
    RemindOwed,
    ReportToWhistle,
    ResolveIssue,
    SignIn,
)
from services.supervision.domain.due import Rulebook, due
from services.supervision.domain.together import together
from shared.decider import Refused
from tests.unit.supervision.examples import (
    APPROVER,
    CALENDAR,
    CATALOGUE,
    LAND_PERMIT,
    NEW,
    licence_decided,
    planned,
    text,
)
from tests.unit.supervision.ladder_places import (
    ISSUE,
    NO_LADDER,
    PAPER,
    REFORM_OFFICE,
    TASK_FORCE,
    Walk,
    opened,
)

TUESDAY, THURSDAY, FRIDAY = date(2026, 3, 3), date(2026, 3, 5), date(2026, 3, 6)
NINE: Any = "2026-03-06T09:00:00+08:00"
photos: Any = Personal((PAPER,))


def refused(walk: Walk, command: Any, *roles: str, **more: Any) -> str:
    with pytest.raises(Refused) as problem:
        walk.does(command, *roles, **more)
    return problem.value.code


def whistled() -> tuple[Walk, WhistleBlown]:
    walk = Walk(TASK_FORCE, planned, opened())
    blow = BlowWhistle(
        issue=ISSUE, to=("housing", "gas"), signal="dispute", wording=text("请报到")
    )
    (blown,) = walk.does(blow, "chief_agent", bodies=("team",))
    assert isinstance(blown, WhistleBlown)
    return walk, blown


def test_a_whistle_calls_departments_by_a_day() -> None:
    walk, blown = whistled()
    assert blown.to == ("housing", "gas")
    assert blown.report_by_on == THURSDAY
    assert "ladders.general.rungs.meeting.wait" in blown.defaults
    again = BlowWhistle(issue=ISSUE, signal="dispute", wording=text("请报到"))
    assert walk.does(again, "chief_agent", bodies=("team",)) == []


def test_only_those_whom_the_rung_names_are_called() -> None:
    walk = Walk(TASK_FORCE, planned, opened())
    blow = BlowWhistle(issue=ISSUE, to=("gov",), signal="dispute", wording=text("请报到"))
    assert refused(walk, blow, "office", bodies=("tfo",)) == "not_called_by_this_rung"
    assert refused(walk, blow, "office", bodies=("gov",)) == "not_your_rung"


def test_who_does_not_report_is_a_no_show_and_is_reminded_once() -> None:
    walk, blown = whistled()
    report = ReportToWhistle(whistle=blown.whistle, body="housing", answer=text("周四到场"))
    (came,) = walk.on(TUESDAY).does(report, "chief_rep")
    assert isinstance(came, DepartmentReported) and not came.late
    assert walk.does(report, "chief_rep") == []
    walk.on(FRIDAY)
    (shown,) = together(walk.matter, walk.facts("office"))["whistles"]
    assert shown["no_show"] == ["gas"]
    rules = Rulebook(TASK_FORCE, CATALOGUE, CALENDAR)
    (chase,) = [
        t.command for t in due(walk.matter, rules, FRIDAY)
        if isinstance(t.command, RemindOwed) and t.command.kind == "whistle"
    ]  # fmt: skip
    (sent,) = walk.does(chase, actor="s:supervision")
    assert isinstance(sent, ReminderSent) and (sent.to, sent.concerns) == ("gas", blown.whistle)
    assert walk.does(chase, actor="s:supervision") == []
    late = ReportToWhistle(whistle=blown.whistle, body="gas", answer=text("到场"))
    (came,) = walk.does(late, "chief_rep")
    assert isinstance(came, DepartmentReported) and came.late


def test_a_body_nobody_called_does_not_report() -> None:
    walk, blown = whistled()
    strange = ReportToWhistle(whistle=blown.whistle, body="police", answer=text("到"))
    assert refused(walk, strange, "chief_rep") == "not_whistled_for"
    unknown = ReportToWhistle(whistle=NEW, body="gas", answer=text("到"))
    assert refused(walk, unknown, "chief_rep") == "whistle_unknown"


call = CallMeeting(
    issue=ISSUE, bodies=("housing", "gas"), starts_at=NINE, topic=text("道路开口")
)


def met() -> tuple[Walk, MeetingCalled]:
    walk, _ = whistled()
    walk.on(FRIDAY)
    (called,) = walk.does(call, "chief_agent", bodies=("team",))
    assert isinstance(called, MeetingCalled)
    return walk, called


def test_a_meeting_comes_after_the_whistle_and_its_wait() -> None:
    bare = Walk(TASK_FORCE, planned, opened())
    signalled = call.model_copy(update={"signal": "no_effect_after"})
    assert refused(bare, signalled, "office", bodies=("tfo",)) == "rungs_skipped"
    walk, _ = whistled()
    assert refused(walk.on(THURSDAY), call, "office", bodies=("tfo",)) == "wait_not_over"
    _, called = met()
    assert (called.kind, called.binding, called.rung_id) == ("coordination", True, "meeting")
    assert called.papers == ("notice", "sign_in", "photo", "minutes")


def test_minutes_need_the_sign_in_sheet_and_photos() -> None:
    walk, called = met()
    minutes = IssueMinutes(meeting=called.meeting, decisions=text("住建牵头"))
    assert refused(walk, minutes, "office") == "meeting_papers_missing"
    walk.does(SignIn(meeting=called.meeting, body="housing", name=text("甲")), "chief_rep")
    assert refused(walk, minutes, "office") == "meeting_papers_missing"
    (issued,) = walk.does(minutes.model_copy(update={"photos": photos}), "office")
    assert isinstance(issued, MinutesIssued)
    assert (issued.binding, issued.absent) == (True, ("gas",))
    assert walk.does(minutes, "office") == []
    late = SignIn(meeting=called.meeting, body="gas")
    assert refused(walk, late, "chief_rep") == "minutes_are_out"


def test_actions_have_an_owner_and_a_clock_and_hold_the_problem_open() -> None:
    walk, called = met()
    assign = AssignAction(
        meeting=called.meeting, owner="housing", due_on=date(2026, 3, 13), wording=text("出图")
    )
    assert refused(walk, assign, "office") == "no_minutes_yet"
    walk.does(SignIn(meeting=called.meeting, body="housing", name=text("甲")), "chief_rep")
    walk.does(
        IssueMinutes(meeting=called.meeting, decisions=text("定"), photos=photos), "office"
    )
    (given,) = walk.does(assign, "office")
    assert isinstance(given, ActionAssigned) and given.binding
    solve = ResolveIssue(issue=ISSUE, outcome="solved", resolution=text("已解决"))
    assert refused(walk, solve, "office") == "actions_open"
    done = FinishAction(action=given.action, outcome=text("已出图"))
    walk.on(date(2026, 3, 16)).does(done, "chief_rep")
    assert walk.does(done, "chief_rep") == []
    walk.does(solve, "office")
    shown = together(walk.matter, walk.facts("office"))["strike_off"]
    assert shown == {"opened": 1, "struck_off": 1, "open": 0, "all_clear": True}


def test_only_the_body_that_convenes_calls_a_meeting_that_is_no_rung() -> None:
    walk = Walk(TASK_FORCE, planned)
    free = CallMeeting(bodies=("housing",), starts_at=NINE, topic=text("碰头"))
    assert refused(walk, free, "office", bodies=("hall",)) == "not_the_convenor"
    (called,) = walk.does(free, "office", bodies=("tfo",))
    assert isinstance(called, MeetingCalled) and called.issue is None
    unknown = free.model_copy(update={"kind": "banquet"})
    assert refused(walk, unknown, "office", bodies=("tfo",)) == "no_such_meeting"


def test_a_place_without_meetings_of_its_own_may_meet() -> None:
    walk = Walk(REFORM_OFFICE, planned, opened())
    (called,) = walk.does(call, "office", bodies=("ro",))
    assert isinstance(called, MeetingCalled)
    assert (called.kind, called.binding, called.rung) == ("coordination", False, None)


def test_contacts_with_departments_are_kept_under_the_problem() -> None:
    walk = Walk(TASK_FORCE, planned, opened())
    rang = LogWork(kind="call", body="gas", issue=ISSUE, entry=text("燃气公司称周四可到场"))
    (logged,) = walk.does(rang, "agent")
    assert isinstance(logged, WorkLogged) and logged.issue == ISSUE
    walk.does(rang, "agent")
    assert walk.matter.beyond.contacts[ISSUE] == 2
    assert refused(walk, rang.model_copy(update={"issue": NEW}), "agent") == "issue_unknown"


# -- together, and early ------------------------------------------------------------------------

survey = HoldJointSession(
    kind="site_survey",
    items=(LAND_PERMIT,),
    lead="housing",
    bodies=("housing", "natural_resources"),
    passed=True,
    conclusion=text("具备条件"),
)


def test_a_joint_survey_is_one_sheet_for_several_bodies() -> None:
    (held,) = Walk(TASK_FORCE).does(survey, "chief_rep")
    assert isinstance(held, JointSurveyHeld) and held.passed


def test_what_somebody_missed_is_not_passed_together() -> None:
    lacking = survey.model_copy(update={"absent": ("weather",)})
    assert refused(Walk(TASK_FORCE), lacking, "chief_rep") == "not_all_came"
    both = survey.model_copy(update={"absent": ("housing",), "passed": None})
    assert refused(Walk(TASK_FORCE), both, "chief_rep") == "came_and_absent"
    led = survey.model_copy(update={"lead": "weather"})
    assert refused(Walk(TASK_FORCE), led, "chief_rep") == "lead_absent"


opinion = GiveEarlyOpinion(items=(LAND_PERMIT,), body="housing", opinion=text("宜调整退让"))


def test_no_department_speaks_for_another() -> None:  # B68
    walk = Walk(TASK_FORCE)
    assert refused(walk, opinion, "approver", bodies=("gas",)) == "not_asked_of_you"
    assert walk.does(opinion, "approver", bodies=("housing", "gas"))


def test_an_early_opinion_is_marked_as_no_decision() -> None:
    walk = Walk(TASK_FORCE)
    (given,) = walk.does(opinion, "approver", actor=APPROVER)
    assert isinstance(given, EarlyReviewGiven) and given.decision is False
    (shown,) = together(walk.matter, walk.facts("office"))["early_opinions"]
    assert shown["decision"] is False and "不是审批决定" in shown["zh"]


def test_after_the_decision_no_opinion_is_early() -> None:
    walk = Walk(TASK_FORCE, planned, *licence_decided())
    assert refused(walk, opinion, "approver", actor=APPROVER) == "already_decided"


# -- after completion ---------------------------------------------------------------------------

done: Event = MilestoneDated(milestone="MS-DONE", falls_on=date(2026, 3, 2), reached=True)
begin = OpenFollowUp(rule="keep_contact")


def followed() -> tuple[Walk, FollowUpOpened]:
    walk = Walk(NO_LADDER, planned, done)
    (care,) = walk.does(begin, actor="s:supervision")
    assert isinstance(care, FollowUpOpened)
    return walk, care


def test_service_goes_on_by_itself_once_the_works_are_done() -> None:
    walk, care = followed()
    assert care.next_on == date(2026, 5, 31)
    assert "after.keep_contact.every" in care.defaults
    assert walk.does(begin, actor="s:supervision") == []
    rules = Rulebook(NO_LADDER, CATALOGUE, CALENDAR)
    before = Walk(NO_LADDER, planned)
    assert before.does(begin, actor="s:supervision") == []
    assert not [t for t in due(before.matter, rules, FRIDAY) if "follow-up" in t.name]
    ready = Walk(NO_LADDER, planned, done)
    assert [t.command for t in due(ready.matter, rules, FRIDAY) if "follow-up" in t.name] == [
        begin
    ]


def test_a_contact_moves_the_next_one_and_may_lead_to_a_new_project() -> None:
    walk, care = followed()
    rang = ContactUnit(follow_up=care.follow_up, means="phone", wish="extension")
    (kept,) = walk.on(date(2026, 6, 1)).does(rang, "agent")
    assert isinstance(kept, FollowUpContacted) and kept.next_on == date(2026, 8, 30)
    strange = rang.model_copy(update={"wish": "demolition"})
    assert refused(walk, strange, "agent") == "not_a_later_project"
    close = CloseFollowUp(follow_up=care.follow_up, cause="new_project")
    assert refused(walk, close, "agent") == "project_missing"
    (closed,) = walk.does(close.model_copy(update={"project_after": NEW}), "agent")
    assert isinstance(closed, FollowUpClosed)
    assert walk.does(close, "agent") == []
    assert refused(walk, rang, "agent") == "follow_up_closed"


def test_a_contact_that_is_due_is_reminded_of() -> None:
    walk, _ = followed()
    rules = Rulebook(NO_LADDER, CATALOGUE, CALENDAR)
    late = date(2026, 6, 1)
    assert [t for t in due(walk.matter, rules, late) if "owed/follow_up" in t.name]
    assert not [t for t in due(walk.matter, rules, FRIDAY) if "owed/follow_up" in t.name]
