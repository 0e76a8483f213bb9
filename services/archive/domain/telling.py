"""How does each fact of the other services move the matter?"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from contracts import assignment, evaluation, intake, supervision
from contracts.event import About, Event
from contracts.upcasting import kind_of
from contracts.vocabulary import (
    ActorId,
    ItemCode,
    ItemState,
)
from services.archive.domain.file import Leaf, facts_of, legal_day
from services.archive.domain.matter import UNKNOWN, Commission, Matter

LOG_LINES: tuple[type[Event], ...] = (
    supervision.WorkLogged,
    supervision.VisitMade,
    supervision.ProgressReported,
    supervision.ReminderSent,
    supervision.UrgeSent,
)
"""What counts as a line of the work log (工作日志): the events write it, nobody types it again."""

MOVING: frozenset[type[Event]] = frozenset(
    {
        intake.ServiceRequested,
        intake.ProjectAutoEnrolled,
        intake.ProjectRegistered,
        intake.ProjectAmended,
        intake.ServiceAccepted,
        intake.ServiceDeclined,
        intake.ModeChosen,
        intake.ItemScopeFixed,
        intake.ItemScopeAmended,
        intake.MatterMigrated,
        intake.CommissionFiled,
        intake.AgreementEnded,
        intake.MaterialReceived,
        assignment.MatterRouted,
        assignment.ItemDispatched,
        assignment.AgentAssigned,
        assignment.AgentReassigned,
        supervision.PlanMade,
        supervision.PlanRevised,
        supervision.ItemReady,
        supervision.ItemSubmitted,
        supervision.ItemReceived,
        supervision.ItemAccepted,
        supervision.ItemRefused,
        supervision.ItemWithdrawn,
        supervision.ItemDecided,
        supervision.ItemClosed,
        supervision.ItemExtended,
        supervision.CorrectionRequested,
        supervision.CorrectionSupplied,
        supervision.SpecialProcedureStarted,
        supervision.SpecialProcedureEnded,
        supervision.DueRecomputed,
        supervision.ResultCollected,
        supervision.ResultDelivered,
        supervision.OriginalsReturned,
        supervision.IssueOpened,
        supervision.IssueResolved,
        supervision.FeeDue,
        supervision.FeePaid,
        evaluation.EvaluationInvited,
        evaluation.EvaluationRecorded,
    }
)
"""What moves a matter by more than its having happened; a test holds this against `fold`."""

_DEFAULTS = b'"defaults":["'


def fold(told: Iterable[tuple[About, Event]], matter: Matter = UNKNOWN) -> Matter:
    """The matter after `told`, in the order in which it is told."""
    seen, log_lines = set(matter.seen), matter.log_lines
    defaults = dict.fromkeys(matter.defaults)
    for about, event in told:
        kind = type(event)
        seen.add(kind.__name__)
        log_lines += kind in LOG_LINES
        if "defaults" in kind.model_fields:
            defaults |= dict.fromkeys(event.defaults)  # type: ignore[attr-defined]
        matter = _moved(_placed(matter, about), about, event)
    return replace(matter, seen=frozenset(seen), log_lines=log_lines, defaults=tuple(defaults))


def fold_leaves(leaves: Iterable[Leaf], matter: Matter = UNKNOWN) -> Matter:
    """As `fold` of what `leaves` tell; what moves no matter is counted and not opened.

    Most of a long file are lines of the work log and the like. A body that leans on a default of
    ours is opened, and so is everything before it is known where the matter belongs.
    """
    passed, log_lines = set[str](), 0
    rest = iter(leaves)
    while None in (matter.area, matter.project, matter.pack):
        first = next(rest, None)
        if first is None:
            return matter
        matter = fold(facts_of([first]), matter)

    def opened() -> Iterator[Leaf]:
        nonlocal log_lines
        for leaf in rest:
            kind = kind_of(leaf.glance("type"))
            if kind is None or kind in MOVING or _DEFAULTS in leaf.body:
                yield leaf
            else:
                passed.add(kind.__name__)
                log_lines += kind in LOG_LINES

    told = fold(facts_of(opened()), matter)
    return replace(told, seen=told.seen | passed, log_lines=told.log_lines + log_lines)


def evolve(matter: Matter, about: About, event: Event) -> Matter:
    """How a fact of any service moves the matter; what says nothing about it moves nothing."""
    return fold([(about, event)], matter)


def _placed(matter: Matter, about: About) -> Matter:
    """Where the matter belongs, as the first fact that knew it said."""
    area, project = matter.area or about.area, matter.project or about.project
    pack = matter.pack or about.pack
    if (area, project, pack) == (matter.area, matter.project, matter.pack):
        return matter
    return replace(matter, area=area, project=project, pack=pack)


def _moved(matter: Matter, about: About, event: Event) -> Matter:
    if isinstance(event, intake.ServiceRequested):
        return _requested(matter, about, event)
    if isinstance(event, intake.ProjectAutoEnrolled):
        return _enrolled(matter, about, event)
    for move in (
        _request,
        _authority,
        _people,
        _plan,
        _course,
        _clock,
        _result,
        _trouble,
        _rating,
    ):
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


def _enrolled(matter: Matter, about: About, event: intake.ProjectAutoEnrolled) -> Matter:
    """Nobody asked: the unit may have no account yet."""
    unit = frozenset({event.applicant} if event.applicant else ())
    return replace(
        matter,
        number=event.number,
        area=about.area,
        pack=about.pack or matter.pack,
        applicant=event.applicant,
        unit=unit,
        mode=event.mode,
        opened_on=legal_day(about),
        standing="requested",
    )


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
            if all(item.agent != left for item in matter.items.values()):
                matter = replace(matter, agents=matter.agents - {left})
            return _joined(matter, agent, lead=lead)
    return None


def _joined(matter: Matter, agent: ActorId, *, lead: bool = False) -> Matter:
    return replace(matter, agents=matter.agents | {agent}, lead=agent if lead else matter.lead)


_RUNNING = ("accepted", "suspended", "decided", "closed")
"""States in which an item's day is what was promised or what the law says, whatever is planned."""


def _plan(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.PlanMade(lines=lines) | supervision.PlanRevised(lines=lines):
            for line in lines:
                if not line.tracked and matter.item(line.item).state not in _RUNNING:
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
    supervision.ItemRefused: "not_accepted",
    supervision.ItemWithdrawn: "withdrawn",
}


def _course(matter: Matter, event: Event) -> Matter | None:
    match event:
        case supervision.ItemAccepted(item=item):
            return _due(_with(matter, item, state="accepted"), event)
        case supervision.SpecialProcedureEnded(item=item):
            return _due(_with(matter, item, state="accepted"), event)
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
            | supervision.ItemRefused(item=item)
            | supervision.ItemWithdrawn(item=item)
        ):
            return _with(matter, item, state=_COURSE[type(event)])
    return None


def _due(
    matter: Matter, event: supervision.ItemAccepted | supervision.SpecialProcedureEnded
) -> Matter:
    """The day the body promised, else the law's, else what was known before."""
    promised, legal = event.commitment_due_on, event.statutory_due_on
    if promised or legal:
        return _with(
            matter, event.item, due_on=promised or legal, promised=promised is not None
        )
    return matter


def _clock(matter: Matter, event: Event) -> Matter | None:
    """How due days move: the law's is extended, or days are counted again (X-07)."""
    match event:
        case supervision.ItemExtended(item=item, statutory_due_on=date() as due):
            promised = matter.item(item).promised
            return matter if promised else _with(matter, item, due_on=due)
        case supervision.DueRecomputed(lines=lines):
            for line in lines:
                if matter.item(line.item).due_on == line.was_on:
                    matter = _with(matter, line.item, due_on=line.now_on)
            return matter
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
            return replace(matter, fees=matter.fees | {fee})
        case supervision.FeePaid(fee=fee):
            return replace(matter, paid=matter.paid | {fee})
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
    changed = replace(item, **changes)  # type: ignore[arg-type]
    if changed == matter.items.get(code):
        return matter
    items = {**matter.items, code: changed}
    return replace(matter, items=MappingProxyType(items))
