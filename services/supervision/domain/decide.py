"""The decision table of a matter: which rule answers which question."""

from collections.abc import Sequence

from contracts.event import Event
from services.supervision.domain import (
    acceptance,
    approval,
    attendance,
    commands,
    delivery,
    filing,
    issues,
    planning,
    urging,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.state import Matter
from shared.command import Command
from shared.decider import Refused


def decide(command: Command, matter: Matter, facts: Facts) -> Sequence[Event]:
    """What follows from `command`, or nothing; raises `Refused`."""
    for answered in (_plan, _filing, _approval, _result, _service, _problem):
        events = answered(command, matter, facts)
        if events is not None:
            return events
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
        case commands.FollowCalendar():
            return planning.follow_calendar(command, matter, facts)
    return None


def _filing(command: Command, matter: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case commands.SubmitItem():
            return filing.submit(command, matter, facts)
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
