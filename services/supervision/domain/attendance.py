"""What does the service do for the unit, and what does the unit owe by law (服务过程, YO-13, YO-39)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.supervision import (
    FeeDue,
    FeePaid,
    ProgressReported,
    VisitAppointed,
    VisitMade,
    WorkLogged,
)
from services.supervision.domain.commands.service import (
    AppointVisit,
    LogWork,
    PayFee,
    RecordFee,
    RecordVisit,
    ReportProgress,
)
from services.supervision.domain.facts import Facts
from services.supervision.domain.filing import course_of
from services.supervision.domain.powers import require
from services.supervision.domain.state import Matter
from shared.decider import Refused
from shared.zone import LEGAL_ZONE


def appoint_visit(command: AppointVisit, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A visit is agreed with the unit."""
    require(facts, "visit")
    staff = facts.team.everyone()
    agent = command.agent or (facts.actor if facts.actor in staff else facts.team.lead_agent)
    if agent is None or agent not in staff:
        raise Refused(
            "not_assigned",
            agent=agent,
            remedy="上门人员须为本办件的专员 / whoever visits must be an agent of this matter",
        )
    return [
        VisitAppointed(
            visit=facts.new,
            agent=agent,
            appointed_at=command.appointed_at,
            purposes=command.purposes,
            place=command.place,
            contact=command.contact,
        )
    ]


def record_visit(command: RecordVisit, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The agent was at the unit's door; entered later when there was no network."""
    require(facts, "visit")
    known = matter.visits.get(command.visit) if command.visit else None
    if command.visit is not None and known is None:
        raise Refused("visit_unknown", visit=str(command.visit))
    if known and known.made_at is not None:
        return []
    if command.left_at is not None and command.left_at < command.arrived_at:
        raise Refused("left_before_arriving")
    if command.arrived_at.astimezone(LEGAL_ZONE).date() > facts.today:
        raise Refused("visit_in_the_future", remedy="到访时间晚于今天，请核对 / check the day")
    return [
        VisitMade(
            visit=command.visit or facts.new,
            agent=facts.actor,
            arrived_at=command.arrived_at,
            left_at=command.left_at,
            purposes=command.purposes,
            offline=command.offline,
            place=command.place,
            met=command.met,
            note=command.note,
        )
    ]


def report(command: ReportProgress, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The agent tells the unit how its items stand, in his own words."""
    courses = [course_of(matter, item) for item in command.items]
    states = {course.state for course in courses}
    dues = [course.commitment_due_on for course in courses if course.commitment_due_on]
    return [
        ProgressReported(
            items=command.items,
            state=states.pop() if len(states) == 1 else None,
            forecast_on=max(dues, default=None),
            reported_on=facts.on,
            wording=command.wording,
        )
    ]


def log_work(command: LogWork, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A line of the work log."""
    for item in command.items:
        course_of(matter, item)
    if command.issue is not None and command.issue not in matter.issues:
        raise Refused("issue_unknown", issue=str(command.issue))
    return [
        WorkLogged(
            kind=command.kind,
            items=command.items,
            body=command.body,
            entry=command.entry,
            issue=command.issue,
            place=command.place,
        )
    ]


def record_fee(command: RecordFee, matter: Matter, facts: Facts) -> Sequence[Event]:
    """A fee that a law puts on the unit; the service asks for nothing itself."""
    course_of(matter, command.item)
    if facts.pack.conduct.fees == "free":
        raise Refused("no_fees_at_all", rule="conduct.fees")
    staff = {body.id for body in facts.pack.bodies if body.kind in ("centre", "hall")}
    if command.payee in staff:
        raise Refused(
            "the_service_is_free",
            payee=command.payee,
            rule="conduct.fees",
            remedy=(
                "除法律、法规明确规定由项目单位缴纳的费用外，一律免费；服务单位不得收费 / "
                "free of charge, save fees that a law lays on the unit; the serving body takes none"
            ),
        )
    return [
        FeeDue(
            fee=facts.new,
            item=command.item,
            kind=command.kind,
            amount=command.amount,
            payee=command.payee,
            basis=command.basis,
            due_on=command.due_on,
            notice=command.notice,
        )
    ]


def pay_fee(command: PayFee, matter: Matter, facts: Facts) -> Sequence[Event]:
    """The fee is paid."""
    fee = matter.fees.get(command.fee)
    if fee is None:
        raise Refused("fee_unknown", fee=str(command.fee))
    if fee.paid:
        return []
    return [FeePaid(fee=command.fee, item=fee.item, amount=fee.amount, voucher=command.voucher)]
