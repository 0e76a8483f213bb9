"""Who is on the roster (花名册) of an area, in which post, and who can take work today?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from types import MappingProxyType
from uuid import UUID

from contracts.assignment import (
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from contracts.event import Event


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the roster; empty `items` or `sites` means any."""

    person: str
    body: str
    roles: frozenset[str]
    skills: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Post:
    """A post (岗位) as one person holds it."""

    post: str
    role: str
    body: str
    person: str
    begins_on: date
    ends_on: date | None
    acting: bool

    def held_on(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)


@dataclass(frozen=True, slots=True)
class Training:
    """A training (培训), whom it was for and who came."""

    invited: frozenset[str]
    attended: frozenset[str] = frozenset()


_NONE: Mapping[str, Member] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of one area, over all its responsible bodies (YO-78).

    `vacant` are the people who gave up a post, `removed` those who left the roster, each with
    the one who took over, if any.
    """

    staff: Mapping[str, Member] = _NONE
    posts: Mapping[tuple[str, str], Post] = field(default_factory=lambda: MappingProxyType({}))
    vacant: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    removed: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    trainings: Mapping[UUID, Training] = field(default_factory=lambda: MappingProxyType({}))

    def available(self, person: str, day: date) -> bool:
        """Whether `person` can be given work: on the roster, and not out of every post."""
        held = [p for p in self.posts.values() if p.person == person]
        if person not in self.staff:
            return False
        if not held:
            return person not in self.vacant
        return any(post.held_on(day) for post in held)

    def heir(self, person: str) -> str | None:
        """Who takes over the open tasks of `person`, following one who left himself (X-15)."""
        gone = {**self.vacant, **self.removed}
        seen: set[str] = set()
        heir: str | None = person
        while heir is not None and heir in gone and heir not in seen:
            seen.add(heir)
            heir = gone[heir]
        return None if heir == person or heir in seen else heir

    def holders(self, post: str, day: date) -> tuple[Post, ...]:
        """Who holds `post` on `day`."""
        return tuple(p for p in self.posts.values() if p.post == post and p.held_on(day))


EMPTY = Roster()


def evolve(roster: Roster, event: Event) -> Roster:
    match event:
        case StaffAdded():
            return _joined(roster, event)
        case StaffAmended(person=person) if person in roster.staff:
            return _amended(roster, event)
        case StaffRemoved(person=person, successor=successor):
            posts = {k: p for k, p in roster.posts.items() if p.person != person}
            return replace(
                roster,
                staff=_without(roster.staff, person),
                posts=MappingProxyType(posts),
                removed=_with(roster.removed, person, successor),
            )
        case PostFilled():
            return _filled(roster, event)
        case PostVacated(post=post, person=person, successor=successor):
            return replace(
                roster,
                posts=_without(roster.posts, (post, person)),
                vacant=_with(roster.vacant, person, successor),
            )
        case TrainingHeld(training=training, invited=invited):
            held = Training(frozenset(invited))
            return replace(roster, trainings=_with(roster.trainings, training, held))
        case TrainingAttended(training=training, person=person):
            held = roster.trainings.get(training, Training(frozenset()))
            held = replace(held, attended=held.attended | {person})
            return replace(roster, trainings=_with(roster.trainings, training, held))
        case _:
            return roster


def _joined(roster: Roster, event: StaffAdded) -> Roster:
    member = Member(
        event.person,
        event.body,
        frozenset(event.roles),
        frozenset(event.skills),
        frozenset(event.items),
        frozenset(event.sites),
    )
    return replace(
        roster,
        staff=_with(roster.staff, event.person, member),
        vacant=_without(roster.vacant, event.person),
        removed=_without(roster.removed, event.person),
    )


def _amended(roster: Roster, event: StaffAmended) -> Roster:
    member = roster.staff[event.person]
    member = Member(
        event.person,
        event.body or member.body,
        member.roles if event.roles is None else frozenset(event.roles),
        member.skills if event.skills is None else frozenset(event.skills),
        member.items if event.items is None else frozenset(event.items),
        member.sites if event.sites is None else frozenset(event.sites),
    )
    return replace(roster, staff=_with(roster.staff, event.person, member))


def _filled(roster: Roster, event: PostFilled) -> Roster:
    post = Post(
        event.post,
        event.role,
        event.body,
        event.person,
        event.begins_on,
        event.ends_on,
        event.acting,
    )
    return replace(
        roster,
        posts=_with(roster.posts, (event.post, event.person), post),
        vacant=_without(roster.vacant, event.person),
    )


def _with[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})


def _without[K, V](known: Mapping[K, V], key: K) -> Mapping[K, V]:
    return MappingProxyType({k: v for k, v in known.items() if k != key})
