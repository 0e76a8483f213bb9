"""How does each event move the roster (花名册)?"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from contracts.assignment import (
    AbsenceEnded,
    AbsenceRecorded,
    ChiefAppointed,
    PostFilled,
    PostVacated,
    ReserveActivated,
    ReserveStoodDown,
    StaffAdded,
    StaffAmended,
    StaffImported,
    StaffRemoved,
    TeamFormed,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event
from services.assignment.domain.roster import (
    Absence,
    Activation,
    Member,
    Post,
    Roster,
    Training,
)

DAY = timedelta(days=1)


def evolve(roster: Roster, event: Event) -> Roster:
    match event:
        case StaffAdded() | StaffAmended() | StaffRemoved():
            return _person(roster, event)
        case PostFilled():
            return _filled(roster, event)
        case PostVacated():
            return _vacated(roster, event)
        case ReserveActivated() | ReserveStoodDown():
            return _reserve(roster, event)
        case AbsenceRecorded() | AbsenceEnded():
            return _absence(roster, event)
        case TrainingHeld() | TrainingAttended():
            return _training(roster, event)
        case _:
            return _as_a_whole(roster, event)


def _as_a_whole(roster: Roster, event: Event) -> Roster:
    match event:
        case ChiefAppointed(team=team, post=post, person=person):
            return replace(roster, chiefs=put(roster.chiefs, team, (post, person)))
        case TeamFormed(team=team):
            return replace(roster, teams=put(roster.teams, team, event))
        case StaffImported(batch=batch):
            return replace(roster, batches=roster.batches | {batch})
        case _:
            return roster


def _person(roster: Roster, event: StaffAdded | StaffAmended | StaffRemoved) -> Roster:
    match event:
        case StaffAdded():
            return _joined(roster, event)
        case StaffAmended():
            return _amended(roster, event) if event.person in roster.staff else roster
        case StaffRemoved():
            return _left(roster, event)


def _joined(roster: Roster, event: StaffAdded) -> Roster:
    member = Member(
        event.person,
        event.body,
        frozenset(event.roles),
        frozenset(event.skills),
        frozenset(event.items),
        frozenset(event.sites),
        event.home_body,
        event.staff_kind,
        frozenset(event.languages or ()),
    )
    return replace(
        roster,
        staff=put(roster.staff, event.person, member),
        vacant=without(roster.vacant, event.person),
        removed=without(roster.removed, event.person),
    )


def _amended(roster: Roster, event: StaffAmended) -> Roster:
    known = roster.staff[event.person]

    def now(given: tuple[str, ...] | None, was: frozenset[str]) -> frozenset[str]:
        return was if given is None else frozenset(given)

    member = Member(
        event.person,
        event.body or known.body,
        now(event.roles, known.roles),
        now(event.skills, known.skills),
        now(event.items, known.items),
        now(event.sites, known.sites),
        event.home_body or known.home_body,
        event.staff_kind or known.kind,
        now(event.languages, known.languages),
    )
    return replace(roster, staff=put(roster.staff, event.person, member))


def _left(roster: Roster, event: StaffRemoved) -> Roster:
    """Posts were given up by facts of their own; what is left of earlier bookkeeping goes too."""
    person = event.person
    return replace(
        roster,
        staff=without(roster.staff, person),
        posts=_only(roster.posts, lambda post: post.person != person),
        held=without(roster.held, person),
        removed=put(roster.removed, person, event.successor),
        absences=_only(roster.absences, lambda absence: absence.person != person),
        reserves=_only(roster.reserves, lambda activation: activation.person != person),
        chiefs=_only(roster.chiefs, lambda chief: chief[1] != person),
    )


def _filled(roster: Roster, event: PostFilled) -> Roster:
    """A renewal ends the earlier term the day before; whoever holds a post is back in work."""
    key = event.post, event.person
    term = Post(
        event.post,
        event.role,
        event.body,
        event.person,
        event.begins_on,
        event.ends_on,
        event.acting,
        event.slot,
        event.stage,
        event.item,
        event.duty_phone,
    )
    before = roster.posts.get(key)
    held = roster.held.get(event.person, ())
    return replace(
        roster,
        posts=put(roster.posts, key, term),
        past=_ended(roster, before, event.begins_on) if before else roster.past,
        held=put(
            roster.held, event.person, (*(p for p in held if p != event.post), event.post)
        ),
        vacant=without(roster.vacant, event.person),
    )


def _vacated(roster: Roster, event: PostVacated) -> Roster:
    """A fact without its day comes from before days were kept: then the term is forgotten."""
    key = event.post, event.person
    term = roster.posts.get(key)
    left = tuple(p for p in roster.held.get(event.person, ()) if p != event.post)
    known = term is not None and event.vacated_on is not None
    return replace(
        roster,
        posts=without(roster.posts, key),
        past=_ended(roster, term, event.vacated_on) if known else roster.past,
        held=put(roster.held, event.person, left)
        if left
        else without(roster.held, event.person),
        vacant=put(roster.vacant, event.person, event.successor),
        chiefs=_only(roster.chiefs, lambda chief: chief != key),
    )


def _ended(
    roster: Roster, term: Post | None, first_without: date | None
) -> Mapping[str, tuple[Post, ...]]:
    """`past` with the term, which ends the day before `first_without` unless it ended earlier."""
    if term is None or first_without is None or first_without <= term.begins_on:
        return roster.past
    last = first_without - DAY
    ends = last if term.ends_on is None else min(last, term.ends_on)
    past = (*roster.past.get(term.post, ()), replace(term, ends_on=ends))
    return put(roster.past, term.post, past)


def _reserve(roster: Roster, event: ReserveActivated | ReserveStoodDown) -> Roster:
    if isinstance(event, ReserveStoodDown):
        return replace(
            roster,
            reserves=without(roster.reserves, event.activation),
            ended=roster.ended | {event.activation},
        )
    activation = Activation(
        event.activation,
        event.person,
        event.covers,
        event.matters,
        event.begins_on,
        event.ends_on,
    )
    return replace(roster, reserves=put(roster.reserves, activation.id, activation))


def _absence(roster: Roster, event: AbsenceRecorded | AbsenceEnded) -> Roster:
    if isinstance(event, AbsenceEnded):
        return replace(
            roster,
            absences=without(roster.absences, event.absence),
            ended=roster.ended | {event.absence},
        )
    absence = Absence(
        event.absence, event.person, event.begins_on, event.ends_on, event.substitute
    )
    return replace(roster, absences=put(roster.absences, absence.id, absence))


def _training(roster: Roster, event: TrainingHeld | TrainingAttended) -> Roster:
    known = roster.trainings.get(event.training, Training(frozenset()))
    if isinstance(event, TrainingHeld):
        held = Training(frozenset(event.invited), known.attended, frozenset(event.topics))
    else:
        held = replace(known, attended=known.attended | {event.person})
    return replace(roster, trainings=put(roster.trainings, event.training, held))


def put[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """`known` with one more; `|` copies in C, which counts when thousands are taken in."""
    merged: dict[K, V] = known | {key: value}  # type: ignore[operator]
    return MappingProxyType(merged)


def without[K, V](known: Mapping[K, V], key: K) -> Mapping[K, V]:
    if key not in known:
        return known
    return MappingProxyType({k: v for k, v in known.items() if k != key})


def _only[K, V](known: Mapping[K, V], wanted: Callable[[V], bool]) -> Mapping[K, V]:
    if all(wanted(value) for value in known.values()):
        return known
    return MappingProxyType({k: v for k, v in known.items() if wanted(v)})
