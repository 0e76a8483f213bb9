"""What was done beyond the items themselves: rungs, whistles, meetings, actions, after-care?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.supervision import (
    ActionAssigned,
    ActionDone,
    AttendanceSigned,
    DepartmentReported,
    EarlyReviewGiven,
    FollowUpClosed,
    FollowUpContacted,
    FollowUpOpened,
    InterviewHeld,
    IssueOpened,
    IssueRaised,
    IssueResolved,
    JointAcceptanceHeld,
    JointAttackBegun,
    JointReviewHeld,
    JointSurveyHeld,
    MeetingCalled,
    MinutesIssued,
    PapersTransferred,
    PresenceNoted,
    PresenceRequired,
    ReminderSent,
    ReportedUp,
    RungClosed,
    RungWaived,
    SanctionRecorded,
    TransferSigned,
    UrgeSent,
    WhistleBlown,
    WorkLogged,
)
from contracts.vocabulary import JointKind


def _none() -> Any:
    return MappingProxyType({})


def _with[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})


@dataclass(frozen=True, slots=True)
class Climb:
    """One rung that was climbed, or passed over, about an item or a problem.

    `about` is the item's code or the problem's id; `effect_on` is when that next moved. A rung
    that needs the head's word is not `closed` before it. `by_itself`: no person climbed it.
    """

    about: str
    do: str
    ladder: str | None
    rung: int
    rung_id: str | None
    on: date | None
    waived: bool = False
    act: UUID | None = None
    closed: bool = True
    effect_on: date | None = None
    by_itself: bool = False


@dataclass(frozen=True, slots=True)
class Whistle:
    """A whistle (吹哨) and who reported on it."""

    issue: UUID
    to: tuple[str, ...]
    report_by_on: date
    reported: Mapping[str, date] = field(default_factory=_none)

    def missing(self) -> tuple[str, ...]:
        """Those who have not reported."""
        return tuple(body for body in self.to if body not in self.reported)


@dataclass(frozen=True, slots=True)
class Gathering:
    """A meeting (会议): who was called, who came, whether its minutes are out."""

    kind: str
    issue: UUID | None
    convened_by: str
    bodies: tuple[str, ...]
    starts_at: str
    binding: bool
    papers: tuple[str, ...]
    came: frozenset[str] = frozenset()
    minutes_on: date | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What the minutes ask of a body (议定事项)."""

    meeting: UUID
    issue: UUID | None
    owner: str
    person: str | None
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Several bodies looked at items together (联合审图、勘验、验收)."""

    kind: JointKind
    items: tuple[str, ...]
    bodies: tuple[str, ...]
    absent: tuple[str, ...]
    held_on: date
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Opinion:
    """An early opinion, which is no decision (提前介入)."""

    items: tuple[str, ...]
    body: str
    given_on: date
    review: UUID | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Service that goes on after completion (完工不脱钩)."""

    rule: str
    opened_on: date
    next_on: date | None
    contacts: int = 0
    wish: str | None = None
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Transfer:
    """Papers carried to a department (纸质材料转交): both have signed once it is signed for."""

    item: str
    to: str
    pieces: tuple[UUID, ...]
    originals: int
    copies: int
    handed_on: date
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody of the unit is asked to come (到场邀请); `came` is None before it is known."""

    item: str
    who: str
    by: str
    starts_at: str
    came: bool | None = None


@dataclass(frozen=True, slots=True)
class Coordination:
    """All of it, for one matter. `chased` names what was owed and reminded of."""

    climbs: tuple[Climb, ...] = ()
    whistles: Mapping[UUID, Whistle] = field(default_factory=_none)
    meetings: Mapping[UUID, Gathering] = field(default_factory=_none)
    actions: Mapping[UUID, Task] = field(default_factory=_none)
    sessions: Mapping[UUID, Session] = field(default_factory=_none)
    opinions: tuple[Opinion, ...] = ()
    follow_ups: Mapping[UUID, FollowUp] = field(default_factory=_none)
    contacts: Mapping[UUID, int] = field(default_factory=_none)
    chased: frozenset[tuple[UUID, str, date | None]] = frozenset()
    transfers: Mapping[UUID, Transfer] = field(default_factory=_none)
    presences: Mapping[UUID, Presence] = field(default_factory=_none)

    def climbs_of(self, about: str) -> tuple[Climb, ...]:
        """What was climbed about an item or a problem, in order."""
        return tuple(one for one in self.climbs if one.about == about)

    def open_actions(self, issue: UUID) -> tuple[UUID, ...]:
        """What minutes asked for over a problem and is not done."""
        return tuple(
            id for id, one in self.actions.items() if one.issue == issue and one.done_on is None
        )


NOTHING = Coordination()

JOINT: Mapping[type[Event], JointKind] = {
    JointReviewHeld: "drawing_review",
    JointSurveyHeld: "site_survey",
    JointAcceptanceHeld: "acceptance",
}


def coordinated(known: Coordination, event: Event) -> Coordination:
    """What is known after `event`; the same object when it says nothing about it."""
    if climbs := climbs_in(event):
        known = replace(known, climbs=(*known.climbs, *climbs))
    match event:
        case IssueResolved(issue=issue, resolved_on=day):
            return effective(known, str(issue), day)
        case RungClosed(act=act):
            closed = (replace(c, closed=True) if c.act == act else c for c in known.climbs)
            return replace(known, climbs=tuple(closed))
        case ReminderSent(concerns=UUID() as id, to=to, due_on=due_on):
            return replace(known, chased=known.chased | {(id, to, due_on)})
        case WorkLogged(issue=UUID() as id):
            count = known.contacts.get(id, 0) + 1
            return replace(known, contacts=_with(known.contacts, id, count))
    return _gathered(known, event)


def _gathered(known: Coordination, event: Event) -> Coordination:
    match event:
        case WhistleBlown() | DepartmentReported():
            return _whistled(known, event)
        case MeetingCalled() | AttendanceSigned() | MinutesIssued():
            return _met(known, event)
        case ActionAssigned() | ActionDone():
            return _acted(known, event)
        case FollowUpOpened() | FollowUpContacted() | FollowUpClosed():
            return _followed(known, event)
        case JointReviewHeld() | JointSurveyHeld() | JointAcceptanceHeld():
            return _joined(known, event)
        case EarlyReviewGiven(items=items, body=body, given_on=day):
            given = Opinion(items, body, day, event.review)
            return replace(known, opinions=(*known.opinions, given))
        case PapersTransferred() | TransferSigned() | PresenceRequired() | PresenceNoted():
            return _errand(known, event)
    return known


def _errand(
    known: Coordination,
    event: PapersTransferred | TransferSigned | PresenceRequired | PresenceNoted,
) -> Coordination:
    match event:
        case PapersTransferred(transfer=id):
            made = Transfer(
                event.item,
                event.to,
                event.pieces,
                event.originals,
                event.copies,
                event.handed_on,
            )
            return replace(known, transfers=_with(known.transfers, id, made))
        case TransferSigned(transfer=id):
            signed = replace(known.transfers[id], signed_on=event.signed_on)
            return replace(known, transfers=_with(known.transfers, id, signed))
        case PresenceRequired(presence=id):
            asked = Presence(event.item, event.who, event.by, event.starts_at.isoformat())
            return replace(known, presences=_with(known.presences, id, asked))
        case PresenceNoted(presence=id):
            noted = replace(known.presences[id], came=event.came)
            return replace(known, presences=_with(known.presences, id, noted))


def effective(known: Coordination, about: str, day: date | None) -> Coordination:
    """The item or problem moved: what was climbed about it before had its effect by now."""
    if day is None or not any(c.about == about and c.effect_on is None for c in known.climbs):
        return known
    return replace(
        known,
        climbs=tuple(
            replace(c, effect_on=day) if c.about == about and c.effect_on is None else c
            for c in known.climbs
        ),
    )


def climbs_in(event: Event) -> tuple[Climb, ...]:
    """The rungs that `event` climbs. A listed problem goes on the ladder of the one it follows."""
    if isinstance(event, IssueOpened):
        return tuple(_opened(event))
    climb = _climb_in(event)
    return (climb,) if climb else ()


def _opened(event: IssueOpened) -> Iterator[Climb]:
    """To open a problem is to tell its owner: what is told on a rung need not be told again."""
    itself = _rung(str(event.issue), "inform", event, event.rung or 1, event.opened_on)
    if event.follows is None:
        yield itself
    else:
        yield replace(itself, ladder=None, rung=1, rung_id=None)
        yield replace(itself, about=str(event.follows))


def _climb_in(event: Event) -> Climb | None:
    """The one rung that `event` climbs. Facts from before rungs had ids say less."""
    match event:
        case ReminderSent(items=(item, *_), rung=int() as rung):
            climb = _rung(item, "remind", event, rung, event.sent_on)
            return replace(climb, by_itself=not event.by_hand)
        case UrgeSent(item=item):
            climb = _rung(item, "urge", event, event.rung, event.sent_on)
            return replace(climb, by_itself=not event.by_hand)
        case ReportedUp(item=item):
            return _rung(item, "report_up", event, event.rung, event.reported_on)
        case IssueRaised(issue=issue):
            return _rung(str(issue), "raise", event, event.rung, event.raised_on)
        case WhistleBlown(issue=issue):
            return _rung(str(issue), "whistle", event, event.rung, event.blown_on)
        case MeetingCalled(issue=UUID() as issue, rung=int() as rung):
            return _rung(str(issue), "meet", event, rung, event.called_on)
        case JointAttackBegun(issue=issue):
            return _rung(str(issue), "joint_attack", event, event.rung, event.begun_on)
    return _climb_against(event)


def _climb_against(event: Event) -> Climb | None:
    match event:
        case InterviewHeld():
            return _against(event, "interview", event.held_on)
        case SanctionRecorded():
            return _against(event, "discipline", event.decided_on)
        case RungWaived():
            about = event.item or str(event.issue)
            climb = _rung(about, "waive", event, event.rung, event.waived_on)
            return replace(climb, waived=True)
    return None


def _rung(about: str, do: str, event: Any, rung: int, on: date | None) -> Climb:
    return Climb(about, do, event.ladder, rung, event.rung_id, on)


def _against(event: InterviewHeld | SanctionRecorded, do: str, on: date) -> Climb:
    climb = _rung(event.item or str(event.issue), do, event, event.rung, on)
    return replace(climb, act=event.act, closed=False)


def _whistled(known: Coordination, event: WhistleBlown | DepartmentReported) -> Coordination:
    if isinstance(event, WhistleBlown):
        whistle = Whistle(event.issue, event.to, event.report_by_on)
    else:
        before = known.whistles[event.whistle]
        reported = _with(before.reported, event.body, event.reported_on)
        whistle = replace(before, reported=reported)
    return replace(known, whistles=_with(known.whistles, event.whistle, whistle))


def _met(
    known: Coordination, event: MeetingCalled | AttendanceSigned | MinutesIssued
) -> Coordination:
    if isinstance(event, MeetingCalled):
        meeting = Gathering(
            event.kind,
            event.issue,
            event.convened_by,
            event.bodies,
            event.starts_at.isoformat(),
            event.binding,
            event.papers,
        )
    elif isinstance(event, AttendanceSigned):
        before = known.meetings[event.meeting]
        meeting = replace(before, came=before.came | {event.body})
    else:
        meeting = replace(known.meetings[event.meeting], minutes_on=event.issued_on)
    return replace(known, meetings=_with(known.meetings, event.meeting, meeting))


def _acted(known: Coordination, event: ActionAssigned | ActionDone) -> Coordination:
    if isinstance(event, ActionAssigned):
        task = Task(event.meeting, event.issue, event.owner, event.person, event.due_on)
    else:
        task = replace(known.actions[event.action], done_on=event.done_on)
    return replace(known, actions=_with(known.actions, event.action, task))


def _followed(
    known: Coordination, event: FollowUpOpened | FollowUpContacted | FollowUpClosed
) -> Coordination:
    if isinstance(event, FollowUpOpened):
        care = FollowUp(event.rule, event.opened_on, event.next_on)
    elif isinstance(event, FollowUpContacted):
        before = known.follow_ups[event.follow_up]
        care = replace(
            before,
            next_on=event.next_on,
            contacts=before.contacts + 1,
            wish=event.wish or before.wish,
        )
    else:
        care = replace(known.follow_ups[event.follow_up], closed=True, next_on=None)
    return replace(known, follow_ups=_with(known.follow_ups, event.follow_up, care))


def _joined(
    known: Coordination, event: JointReviewHeld | JointSurveyHeld | JointAcceptanceHeld
) -> Coordination:
    held = Session(
        JOINT[type(event)],
        event.items,
        event.bodies,
        event.absent,
        event.held_on,
        event.passed,
    )
    return replace(known, sessions=_with(known.sessions, event.session, held))
