"""How does each fact of the other services move the matter?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from types import MappingProxyType

from contracts import assignment, evaluation, intake, supervision
from contracts.event import About, Event
from contracts.vocabulary import (
    ActorId,
    Defaults,
    ItemCode,
    ItemState,
)
from services.archive.domain.file import legal_day
from services.archive.domain.matter import UNKNOWN, Commission, Matter

LOG_LINES: tuple[type[Event], ...] = (
    supervision.WorkLogged,
    supervision.VisitMade,
    supervision.ProgressReported,
    supervision.ReminderSent,
    supervision.UrgeSent,
)
"""What counts as a line of the work log (工作日志): the events write it, nobody types it again."""


def fold(told: Iterable[tuple[About, Event]]) -> Matter:
    """The matter after `told`, in the order of the file."""
    return reduce(lambda matter, one: evolve(matter, *one), told, UNKNOWN)


def evolve(matter: Matter, about: About, event: Event) -> Matter:
    """How a fact of any service moves the matter; what says nothing about it moves nothing."""
    matter = replace(
        matter,
        area=matter.area or about.area,
        project=matter.project or about.project,
        pack=matter.pack or about.pack,
        seen=matter.seen | {type(event).__name__},
        log_lines=matter.log_lines + isinstance(event, LOG_LINES),
        defaults=_united(matter.defaults, getattr(event, "defaults", ())),
    )
    if isinstance(event, intake.ServiceRequested):
        return _requested(matter, about, event)
    for move in (_request, _authority, _people, _plan, _course, _result, _trouble, _rating):
        moved = move(matter, event)
        if moved is not None:
            return moved
    return matter


def _requested(matter: Matter, about: About, event: intake.ServiceRequested) -> Matter:
    applicant = event.applicant or about.behalf or about.actor
    return replace(
        matter,
        number=event.number,
        area=about.area,
        pack=about.pack or matter.pack,
        applicant=applicant,
        unit=frozenset({applicant, event.handler or applicant}),
        opened_on=legal_day(about),
        standing="requested",
    )


def _united(known: Defaults, more: Sequence[str]) -> Defaults:
    return (*known, *(path for path in more if path not in known))


def _request(matter: Matter, event: Event) -> Matter | None:
    match event:
        case intake.ProjectRegistered() | intake.ProjectAmended():
            return replace(matter, project_known=True)
        case intake.ServiceAccepted(body=body):
            return replace(matter, standing="accepted", body=body)
        case intake.ServiceDeclined():
            return replace(matter, standing="declined")
        case intake.ModeChosen(mode=mode):
            return replace(matter, mode=mode)
        case intake.ItemScopeFixed(items=items):
            return replace(matter, scope=items)
        case intake.ItemScopeAmended(added=added, removed=removed):
            kept = [item for item in matter.scope or () if item not in removed]
            return replace(matter, scope=(*kept, *(i for i in added if i not in kept)))
        case intake.MatterMigrated(taken=taken):
            return replace(matter, pack=taken)
    return None


def _authority(matter: Matter, event: Event) -> Matter | None:
    match event:
        case intake.CommissionFiled():
            paper = Commission(event.commission, event.agent, event.begins_on, event.ends_on)
            return replace(matter, commission=paper)
        case intake.AgreementEnded(commission=ended):
            current = matter.commission
            ends = current is not None and current.commission == ended
            return replace(matter, commission=None) if ends else matter
        case intake.MaterialReceived(piece=piece, originals=originals):
            pieces = MappingProxyType({**matter.pieces, piece: originals})
            return replace(matter, pieces=pieces)
    return None


def _people(matter: Matter, event: Event) -> Matter | None:
    match event:
        case assignment.MatterRouted(to=to, assisted_by=assisted_by):
            return replace(matter, bodies=matter.bodies | {*to, *assisted_by})
        case assignment.ItemDispatched(item=item, body=body, agent=agent):
            matter = replace(matter, bodies=matter.bodies | {body})
            return _joined(_with(matter, item, agent=agent), agent)
        case assignment.AgentAssigned(agent=agent, lead=lead, items=items):
            for item in items:
                matter = _with(matter, item, agent=agent)
            return _joined(matter, agent, lead=lead)
        case assignment.AgentReassigned(left=left, agent=agent, lead=lead, items=items):
            carried = items or [c for c, item in matter.items.items() if item.agent == left]
            for item in carried:
                matter = _with(matter, item, agent=agent)
            if not items:
                matter = replace(matter, agents=matter.agents - {left})
            return _joined(matter, agent, lead=lead)
    return None


def _joined(matter: Matter, agent: ActorId, *, lead: bool = False) -> Matter:
    return replace(matter, agents=matter.agents | {agent}, lead=agent if lead else matter.lead)


def _plan(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.PlanMade(lines=lines) | supervision.PlanRevised(lines=lines):
            for line in lines:
                matter = _with(matter, line.item, due_on=line.due_on)
            return replace(matter, forecast_on=event.forecast_on)
        case supervision.ItemReady(item=item):
            return _with(matter, item, state="ready")
    return None


_COURSE: Mapping[type[Event], ItemState] = {
    supervision.ItemSubmitted: "submitted",
    supervision.ItemReceived: "received",
    supervision.CorrectionRequested: "correcting",
    supervision.CorrectionSupplied: "received",
    supervision.SpecialProcedureStarted: "suspended",
    supervision.SpecialProcedureEnded: "accepted",
    supervision.ItemRefused: "not_accepted",
}


def _course(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.ItemAccepted(item=item):
            due = event.commitment_due_on or event.statutory_due_on
            known = matter.item(item).due_on
            return _with(matter, item, state="accepted", due_on=due or known)
        case supervision.ItemDecided(item=item, outcome=outcome, decider=decider):
            if decider is not None:
                matter = replace(matter, deciders=matter.deciders | {decider})
            return _with(matter, item, state="decided", outcome=outcome)
        case supervision.ItemClosed(item=item):
            return _with(matter, item, state="closed", closed=True)
        case (
            supervision.ItemSubmitted(item=item)
            | supervision.ItemReceived(item=item)
            | supervision.CorrectionRequested(item=item)
            | supervision.CorrectionSupplied(item=item)
            | supervision.SpecialProcedureStarted(item=item)
            | supervision.SpecialProcedureEnded(item=item)
            | supervision.ItemRefused(item=item)
        ):
            return _with(matter, item, state=_COURSE[type(event)])
    return None


def _result(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.ResultCollected(item=item):
            return _with(matter, item, state="collected", collected=True)
        case supervision.ResultDelivered(items=items):
            for item in items:
                matter = _with(matter, item, state="delivered", delivered=True)
            return matter
        case supervision.OriginalsReturned(pieces=pieces):
            return replace(matter, returned=matter.returned | {*pieces})
    return None


def _trouble(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.IssueOpened(issue=issue):
            return replace(matter, issues=matter.issues | {issue})
        case supervision.IssueResolved(issue=issue):
            return replace(matter, issues=matter.issues - {issue})
        case supervision.FeeDue(fee=fee):
            return replace(matter, unpaid=matter.unpaid | {fee})
        case supervision.FeePaid(fee=fee):
            return replace(matter, unpaid=matter.unpaid - {fee})
    return None


def _rating(matter: Matter, event: Event) -> Matter | None:
    match event:
        case evaluation.EvaluationInvited(instrument=instrument):
            return replace(matter, invited=matter.invited | {instrument})
        case evaluation.EvaluationRecorded(instrument=instrument, level=level):
            return replace(matter, ratings=(*matter.ratings, (instrument, level)))
    return None


def _with(matter: Matter, code: ItemCode, **changes: object) -> Matter:
    """The matter with one item changed; a closed item stays closed."""
    item = matter.item(code)
    if item.closed:
        changes = {**changes, "state": "closed"}
    items = {**matter.items, code: replace(item, **changes)}  # type: ignore[arg-type]
    return replace(matter, items=MappingProxyType(items))
