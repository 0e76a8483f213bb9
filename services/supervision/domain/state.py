"""Where can a matter stand in supervision, and how does each event move it?"""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.supervision import (
    DueRecomputed,
    FeeDue,
    FeePaid,
    IssueClassed,
    IssueOpened,
    IssueRaised,
    IssueResolved,
    JointAttackBegun,
    LetterAnswered,
    LetterSent,
    MilestoneDated,
    OriginalsReturned,
    PlanLine,
    PlanMade,
    PlanRevised,
    ProgressReported,
    ReminderSent,
    ResultDelivered,
    ResultSent,
    UrgeSent,
    VisitAppointed,
    VisitMade,
)
from contracts.vocabulary import IssueSeverity
from services.supervision.domain.coordination import (
    NOTHING,
    Coordination,
    coordinated,
    effective,
)
from services.supervision.domain.course import Course
from services.supervision.domain.moves import moved
from shared.zone import LEGAL_ZONE

type Kept[K, V] = Mapping[K, V]


def kept[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """A frozen mapping with one member more."""
    return MappingProxyType({**known, key: value})


def _none() -> Any:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Revision:
    """One time the plan was made anew (工期调整): why, through which items, by how much."""

    number: int
    cause: str
    items: tuple[str, ...]
    variance_days: int | None
    forecast_on: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """The plan in force (工期): what it was made from and its lines."""

    number: int
    catalogue: str
    calendar: str
    starts_on: date
    forecast_on: date | None
    serial_days: int
    critical_days: int
    permit_day: int | None
    lines: Mapping[str, PlanLine]
    first: Mapping[str, date | None]
    """The due day of each line in the first plan that gave it one (YO-32)."""
    latest_on: date | None = None
    first_starts: Mapping[str, date | None] = field(default_factory=_none)
    revisions: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True)
class Milestone:
    """A step on nobody's clock (节点): its day, and whether it is reached."""

    falls_on: date
    reached: bool


@dataclass(frozen=True, slots=True)
class Issue:
    """A problem (问题) and how high it was taken."""

    kind: str
    severity: IssueSeverity
    owner: str
    items: tuple[str, ...]
    person: str | None
    opened_on: date | None
    due_on: date | None
    rung: int = 1
    raised_to: str | None = None
    raised_on: date | None = None
    issue_list: UUID | None = None
    follows: UUID | None = None
    outcome: str | None = None
    unreached: str | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """A slip or letter (协办单、联系函) to a department."""

    kind: str
    to: str
    items: tuple[str, ...]
    reply_by_on: date | None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee that the law puts on the unit (法定缴费)."""

    item: str
    kind: str
    amount: Decimal
    basis: str
    due_on: date | None
    paid: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit (上门): appointed, and made or not yet."""

    agent: str
    appointed_at: str | None
    made_at: str | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A matter as supervision knows it: its plan and the course of each item."""

    plan: Planned | None = None
    items: Kept[str, Course] = field(default_factory=_none)
    milestones: Kept[str, Milestone] = field(default_factory=_none)
    issues: Kept[UUID, Issue] = field(default_factory=_none)
    letters: Kept[UUID, Letter] = field(default_factory=_none)
    fees: Kept[UUID, Fee] = field(default_factory=_none)
    visits: Kept[UUID, Visit] = field(default_factory=_none)
    returned: frozenset[UUID] = frozenset()
    urges: int = 0
    contacted_on: date | None = None
    """The last day on which somebody spoke with the unit (HS-35)."""
    beyond: Coordination = NOTHING

    def scope(self) -> tuple[str, ...]:
        """The items that are served, in the order of the plan."""
        return tuple(code for code, course in self.items.items() if course.in_scope)

    def open_items(self) -> tuple[str, ...]:
        """The served items that are not struck off yet."""
        return tuple(code for code in self.scope() if self.items[code].state != "closed")

    def open_issues(self) -> tuple[UUID, ...]:
        """The problems that are not settled yet."""
        return tuple(id for id, issue in self.issues.items() if issue.outcome is None)

    def unpaid(self, item: str | None = None) -> tuple[UUID, ...]:
        """The fees not paid yet, of one item or of all."""
        mine = {id: fee for id, fee in self.fees.items() if item in (None, fee.item)}
        return tuple(id for id, fee in mine.items() if not fee.paid)


INITIAL = Matter()


def evolve(matter: Matter, event: Event) -> Matter:
    """The matter after `event`; what concerns no rule leaves it as it was."""
    after = _evolved(matter, event)
    beyond = coordinated(after.beyond, event)
    for item in {climb.about for climb in beyond.climbs} & after.items.keys():
        before, now = matter.items.get(item), after.items[item]
        if before is not None and before.state != now.state:
            beyond = effective(beyond, item, now.moved_on)
    return after if beyond is after.beyond else replace(after, beyond=beyond)


def _evolved(matter: Matter, event: Event) -> Matter:
    match event:
        case PlanMade() | PlanRevised() | DueRecomputed():
            if isinstance(event, DueRecomputed):
                return _recomputed(matter, event)
            return _planned(matter, event)
        case MilestoneDated(milestone=name):
            dated = Milestone(event.falls_on, event.reached)
            return replace(matter, milestones=kept(matter.milestones, name, dated))
        case IssueOpened() | IssueRaised() | IssueResolved():
            return _issue(matter, event)
        case LetterSent() | LetterAnswered() | FeeDue() | FeePaid():
            return _paper(matter, event)
        case VisitAppointed() | VisitMade():
            return _visit(matter, event)
        case OriginalsReturned(pieces=pieces):
            return replace(matter, returned=matter.returned | frozenset(pieces))
        case ReminderSent() | ResultSent() | ResultDelivered():
            return _each(matter, event.items, event)
        case UrgeSent():
            return _each(replace(matter, urges=matter.urges + 1), (event.item,), event)
    return _otherwise(matter, event)


def _otherwise(matter: Matter, event: Event) -> Matter:
    if isinstance(event, IssueClassed | JointAttackBegun):
        return _issue_changed(matter, event)
    if isinstance(event, ProgressReported):
        return _contacted(matter, None if event.automatic else event.reported_on)
    item = getattr(event, "item", None)
    return _each(matter, (item,), event) if isinstance(item, str) else matter


def _contacted(matter: Matter, on: date | None) -> Matter:
    known = [day for day in (matter.contacted_on, on) if day is not None]
    return replace(matter, contacted_on=max(known, default=None))


def _each(matter: Matter, items: tuple[str, ...], event: Event) -> Matter:
    courses = dict(matter.items)
    for item in items:
        courses[item] = moved(courses.get(item, Course(item)), event)
    return replace(matter, items=MappingProxyType(courses))


def _recomputed(matter: Matter, event: DueRecomputed) -> Matter:
    """Every item that is named is counted by the new edition; its days moved, or are certain."""
    courses = dict(matter.items)
    for code in event.items:
        course = courses[code]
        mine = [line for line in event.lines if line.item == code]
        due = {line.clock: line.now_on for line in mine}
        courses[code] = replace(
            course,
            calendar=event.calendar,
            statutory_due_on=due.get("statutory", course.statutory_due_on),
            commitment_due_on=due.get("commitment", course.commitment_due_on),
            estimated=any(line.estimated for line in mine),
        )
    return replace(matter, items=MappingProxyType(courses))


def _planned(matter: Matter, event: PlanMade | PlanRevised) -> Matter:
    lines = {line.item: line for line in event.lines}
    old = matter.plan
    due = {line.item: line.due_on for line in event.lines}
    starts = {line.item: line.starts_on for line in event.lines}
    before = {code for code, day in old.first.items() if day is not None} if old else set()
    revisions = old.revisions if old else ()
    if isinstance(event, PlanRevised):
        moved = Revision(
            event.plan, event.cause, event.items, event.variance_days, event.forecast_on
        )
        revisions = (*revisions, moved)
    plan = Planned(
        number=event.plan,
        catalogue=event.catalogue,
        calendar=event.calendar,
        starts_on=event.starts_on,
        forecast_on=event.forecast_on,
        serial_days=event.serial_days,
        critical_days=event.critical_days,
        permit_day=event.permit_day,
        lines=MappingProxyType(lines),
        first=_first(due, old.first if old else {}, before),
        latest_on=event.latest_on,
        first_starts=_first(starts, old.first_starts if old else {}, before),
        revisions=revisions,
    )
    courses = {code: matter.items.get(code, Course(code)) for code in lines}
    gone = {code: c for code, c in matter.items.items() if code not in lines}
    courses = {
        code: replace(course, in_scope=not lines[code].tracked)
        for code, course in courses.items()
    }
    courses |= {code: replace(course, in_scope=False) for code, course in gone.items()}
    return replace(matter, plan=plan, items=MappingProxyType(courses))


def _first(
    now: Mapping[str, date | None], known: Mapping[str, date | None], kept: Set[str]
) -> Mapping[str, date | None]:
    """What stood in the first plan that dated the line stays; the rest is of this plan."""
    old = {code: day for code, day in known.items() if code in kept}
    return MappingProxyType({**now, **old})


def _issue(matter: Matter, event: IssueOpened | IssueRaised | IssueResolved) -> Matter:
    if isinstance(event, IssueOpened):
        issue = Issue(
            kind=event.kind,
            severity=event.severity,
            owner=event.owner,
            items=event.items,
            person=event.person,
            opened_on=event.opened_on,
            due_on=event.due_on,
            issue_list=event.issue_list,
            follows=event.follows,
            unreached=event.unreached,
        )
    elif isinstance(event, IssueRaised):
        issue = replace(
            matter.issues[event.issue],
            severity=event.severity,
            raised_to=event.to,
            raised_on=event.raised_on,
            rung=event.rung,
        )
    else:
        issue = replace(matter.issues[event.issue], outcome=event.outcome)
    return replace(matter, issues=kept(matter.issues, event.issue, issue))


def _issue_changed(matter: Matter, event: IssueClassed | JointAttackBegun) -> Matter:
    issue = matter.issues[event.issue]
    if isinstance(event, IssueClassed):
        issue = replace(issue, severity=event.severity)
    else:
        issue = replace(issue, owner=event.owner, due_on=event.due_on)
    return replace(matter, issues=kept(matter.issues, event.issue, issue))


def _paper(matter: Matter, event: LetterSent | LetterAnswered | FeeDue | FeePaid) -> Matter:
    match event:
        case LetterSent(letter=id):
            letter = Letter(event.kind, event.to, event.items, event.reply_by_on)
            return replace(matter, letters=kept(matter.letters, id, letter))
        case LetterAnswered(letter=id):
            answered = replace(matter.letters[id], answered=True)
            return replace(matter, letters=kept(matter.letters, id, answered))
        case FeeDue(fee=id):
            fee = Fee(event.item, event.kind, event.amount, event.basis, event.due_on)
            return replace(matter, fees=kept(matter.fees, id, fee))
        case FeePaid(fee=id):
            paid = replace(matter.fees[id], paid=True)
            return replace(matter, fees=kept(matter.fees, id, paid))


def _visit(matter: Matter, event: VisitAppointed | VisitMade) -> Matter:
    if isinstance(event, VisitAppointed):
        visit = Visit(event.agent, event.appointed_at.isoformat())
    else:
        known = matter.visits.get(event.visit, Visit(event.agent, None))
        visit = replace(known, made_at=event.arrived_at.isoformat())
    seen = replace(matter, visits=kept(matter.visits, event.visit, visit))
    if isinstance(event, VisitMade):
        return _contacted(seen, event.arrived_at.astimezone(LEGAL_ZONE).date())
    return seen
