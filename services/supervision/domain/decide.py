"""The decision table of a matter: which rule answers which question."""

from collections.abc import Sequence

from contracts.event import Event
from services.supervision.domain import (
    acceptance,
    approval,
    attendance,
    commands,
    convening,
    delivery,
    errands,
    escalating,
    extending,
    filing,
    follow,
    instant,
    issues,
    joint,
    messages,
    owed,
    planning,
    recomputing,
    submitting,
    supplementing,
    system_states,
    taking_back,
    tracking,
    urging,
    warning,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.command import Command
from shared.decider import Refused


def decide(command: Command, matter: Matter, facts: Facts) -> Sequence[Event]:
    """What follows from `command`, or nothing; raises `Refused`."""
    for answered in (
        _plan,
        _filing,
        _approval,
        _result,
        _service,
        _problem,
        _clock,
        _ladder,
        _together,
    ):
        events = answered(command, matter, facts)
        if events is not None:
            return recomputing.entered_late(command, matter, events, facts)
    raise Refused("unknown_command", command=type(command).__name__)


def _plan(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.ArrangePlan() | commands.AmendScope():
            return planning.arrange(command, matter, facts)
        case commands.NoteMaterials():
            return planning.note_materials(command, matter, facts)
        case commands.DateMilestone():
            return planning.date_milestone(command, matter, facts)
        case commands.RevisePlan():
            return planning.revise(command, matter, facts)
        case commands.NoteTrackedItem():
            return tracking.note_tracked(command, matter, facts)
        case commands.FollowCalendar():
            return planning.follow_calendar(command, matter, facts)
    return None


def _filing(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.SubmitItem():
            return filing.submit(command, matter, facts)
        case commands.SubmitReady():
            return submitting.submit_ready(command, matter, facts)
        case commands.WithdrawItem():
            return taking_back.withdraw(command, matter, facts)
        case commands.NoteSystemState():
            return system_states.note_state(command, matter, facts)
        case commands.ReceiveItem():
            return filing.receive(command, matter, facts)
    return None


def _approval(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.RequestCorrection():
            return acceptance.request_correction(command, matter, facts)
        case commands.SupplyCorrection():
            return acceptance.supply_correction(command, matter, facts)
        case commands.AcceptItem():
            return acceptance.accept(command, matter, facts)
        case commands.DeemAccepted():
            return acceptance.deem_accepted(command, matter, facts)
        case commands.RefuseItem():
            return acceptance.refuse(command, matter, facts)
        case commands.StartSpecialProcedure():
            return approval.start_special(command, matter, facts)
        case commands.EndSpecialProcedure():
            return approval.end_special(command, matter, facts)
        case commands.ExtendItem():
            return extending.extend(command, matter, facts)
        case commands.DecideItem():
            return approval.decide_item(command, matter, facts)
    return None


def _result(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.CollectResult():
            return delivery.collect(command, matter, facts)
        case commands.SendResult():
            return delivery.send(command, matter, facts)
        case commands.DeliverResult():
            return delivery.deliver(command, matter, facts)
        case commands.ReturnOriginals():
            return delivery.return_originals(command, matter, facts)
        case commands.CloseItem():
            return delivery.close(command, matter, facts)
    return None


def _service(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.AppointVisit():
            return attendance.appoint_visit(command, matter, facts)
        case commands.RecordVisit():
            return attendance.record_visit(command, matter, facts)
        case commands.ReportProgress():
            return attendance.report(command, matter, facts)
        case commands.LogWork():
            return attendance.log_work(command, matter, facts)
        case commands.RecordFee():
            return attendance.record_fee(command, matter, facts)
        case commands.PayFee():
            return attendance.pay_fee(command, matter, facts)
    return None


def _problem(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.RemindNode():
            return urging.remind(command, matter, facts)
        case commands.UrgeItem():
            return urging.urge(command, matter, facts)
        case commands.UrgeByItself():
            return urging.urge_by_itself(command, matter, facts)
        case commands.SendLetter():
            return issues.send_letter(command, matter, facts)
        case commands.AnswerLetter():
            return issues.answer_letter(command, matter, facts)
        case commands.OpenIssue():
            return issues.open_issue(command, matter, facts)
        case commands.TakeListedIssue():
            return issues.take_listed(command, matter, facts)
        case commands.RaiseIssue():
            return issues.raise_issue(command, matter, facts)
        case commands.ResolveIssue():
            return issues.resolve_issue(command, matter, facts)
    return None


def _clock(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.RecomputeDue():
            return recomputing.recompute(command, matter, facts)
        case commands.CorrectReminder():
            return recomputing.correct(command, matter, facts)
        case commands.SupplementPause():
            said = supplementing.supplement_pause(command, matter, facts)
            return recomputing.supplemented(said, matter, facts)
        case commands.NoteMissedReminder():
            return warning.note_missed(command, matter, facts)
        case commands.WarnAhead():
            return warning.warn_ahead(command, matter, facts)
        case commands.AnswerUrge():
            return warning.answer_urge(command, matter, facts)
    return None


def _ladder(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.ReportUp():
            return escalating.report_up(command, matter, facts)
        case commands.HoldInterview():
            return escalating.hold_interview(command, matter, facts)
        case commands.RecordSanction():
            return escalating.record_sanction(command, matter, facts)
        case commands.CloseRung():
            return escalating.close_rung(command, matter, facts)
        case commands.ClassIssue():
            return issues.class_issue(command, matter, facts)
        case commands.BeginJointAttack():
            return convening.begin_joint_attack(command, matter, facts)
        case commands.RemindOwed():
            return owed.remind_owed(command, matter, facts)
        case commands.NoteUnreached():
            return owed.note_unreached(command, matter, facts)
    return None


def _together(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.BlowWhistle():
            return convening.blow_whistle(command, matter, facts)
        case commands.ReportToWhistle():
            return convening.report_to_whistle(command, matter, facts)
        case commands.CallMeeting():
            return convening.call_meeting(command, matter, facts)
        case commands.SignIn():
            return convening.sign_in(command, matter, facts)
        case commands.IssueMinutes():
            return convening.issue_minutes(command, matter, facts)
        case commands.AssignAction():
            return convening.assign_action(command, matter, facts)
        case commands.FinishAction():
            return convening.finish_action(command, matter, facts)
        case commands.HoldJointSession():
            return joint.hold_session(command, matter, facts)
    return _after(command, matter, facts)


def _after(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.GiveEarlyOpinion():
            return joint.give_opinion(command, matter, facts)
        case commands.OpenFollowUp():
            return follow.open_follow_up(command, matter, facts)
        case commands.ContactUnit():
            return follow.contact(command, matter, facts)
        case commands.CloseFollowUp():
            return follow.close_follow_up(command, matter, facts)
    return _beside(command, matter, facts)


def _beside(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.TransferPapers():
            return errands.transfer(command, matter, facts)
        case commands.SignTransfer():
            return errands.sign(command, matter, facts)
        case commands.RequirePresence():
            return errands.require_presence(command, matter, facts)
        case commands.NotePresence():
            return errands.note_presence(command, matter, facts)
        case commands.DecideAtOnce():
            return instant.decide_at_once(command, matter, facts)
        case commands.SettleMessage():
            return messages.settled(command, facts.on)
    return None


TABLES = (_plan, _filing, _approval, _result, _service, _problem, _clock, _ladder, _together)
