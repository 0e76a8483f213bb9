"""Who is on the roster (花名册) of an area, in which post, and who can take work on a day?"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal
from uuid import UUID

from contracts.assignment import TeamFormed

type WhyNot = Literal[
    "not_on_the_roster", "left", "absent", "reserve_not_activated", "no_post_that_day"
]
"""Why a person cannot be given work on a day, the first reason that holds."""

RESERVE = "reserve_agent"


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the roster; empty `items` or `sites` means any.

    `home_body` sent the person, where that is another body than the one he serves.
    """

    person: str
    body: str
    roles: frozenset[str]
    skills: frozenset[str] = frozenset()
    items: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    home_body: str | None = None
    kind: str | None = None
    languages: frozenset[str] = frozenset()

    @property
    def only_reserve(self) -> bool:
        """Whether the person is a reserve (候补) and nothing else."""
        return self.roles == {RESERVE}


@dataclass(frozen=True, slots=True)
class Post:
    """A post (岗位) as one person holds it. `slot` is the place of the pack it fills."""

    post: str
    role: str
    body: str
    person: str
    begins_on: date
    ends_on: date | None
    acting: bool
    slot: str | None = None
    stage: str | None = None
    item: str | None = None
    duty_phone: str | None = None

    def held_on(self, day: date) -> bool:
        return self.begins_on <= day and (self.ends_on is None or day <= self.ends_on)

    def overlaps(self, begins_on: date, ends_on: date | None) -> bool:
        """Whether any day of the period is a day of this one."""
        before = ends_on is not None and ends_on < self.begins_on
        after = self.ends_on is not None and self.ends_on < begins_on
        return not (before or after)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days on which a person is away, both included, and who takes the open tasks meanwhile."""

    id: UUID
    person: str
    begins_on: date
    ends_on: date
    substitute: str | None = None

    def covers(self, day: date) -> bool:
        return self.begins_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Activation:
    """A reserve who acts for another (启用): without `matters`, in all that one has."""

    id: UUID
    person: str
    covers: str
    matters: tuple[UUID, ...]
    begins_on: date
    ends_on: date

    def runs_on(self, day: date) -> bool:
        return self.begins_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Training:
    """A training (培训), whom it was for, what about, and who came."""

    invited: frozenset[str]
    attended: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()


def _nothing[K, V]() -> Mapping[K, V]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Roster:
    """The roster of one area, over all its responsible bodies (YO-78).

    `posts` are held or will be, `past` those that ended, by post. `vacant` are the people who
    gave up a post, `removed` those who left the roster, each with the one who took over, if any.
    `absences` and `reserves` are those not ended yet, `ended` the ids of the others; `chiefs` are
    the post and the person that lead each team, `teams` what each was formed of last.
    """

    staff: Mapping[str, Member] = field(default_factory=_nothing)
    posts: Mapping[tuple[str, str], Post] = field(default_factory=_nothing)
    past: Mapping[str, tuple[Post, ...]] = field(default_factory=_nothing)
    held: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    vacant: Mapping[str, str | None] = field(default_factory=_nothing)
    removed: Mapping[str, str | None] = field(default_factory=_nothing)
    absences: Mapping[UUID, Absence] = field(default_factory=_nothing)
    reserves: Mapping[UUID, Activation] = field(default_factory=_nothing)
    ended: frozenset[UUID] = frozenset()
    chiefs: Mapping[str, tuple[str, str]] = field(default_factory=_nothing)
    teams: Mapping[str, TeamFormed] = field(default_factory=_nothing)
    batches: frozenset[UUID] = frozenset()
    trainings: Mapping[UUID, Training] = field(default_factory=_nothing)

    def available(self, person: str, day: date) -> bool:
        """Whether `person` can be given work on `day`: the one answer to that question."""
        return self.why_not(person, day) is None

    def why_not(self, person: str, day: date) -> WhyNot | None:
        """What keeps `person` from being given work on `day`; None when nothing does.

        A reserve can while he is activated, and then takes only what is handed to him.
        """
        member = self.staff.get(person)
        if member is None:
            return "left" if person in self.removed else "not_on_the_roster"
        if self.absence_on(person, day):
            return "absent"
        if member.only_reserve and not self.activation_on(person, day):
            return "reserve_not_activated"
        terms = self.terms_of(person)
        if not terms:
            return "no_post_that_day" if person in self.vacant else None
        return None if any(term.held_on(day) for term in terms) else "no_post_that_day"

    def absence_on(self, person: str, day: date) -> Absence | None:
        """The absence that covers `day`, if the person is away."""
        away = (a for a in self.absences.values() if a.person == person and a.covers(day))
        return next(away, None)

    def absence_ahead(self, person: str, day: date, within: int = 1) -> Absence | None:
        """The next absence that begins within so many days after `day`: to be warned about."""
        mine = (a for a in self.absences.values() if a.person == person)
        ahead = [a for a in mine if 0 < (a.begins_on - day).days <= within]
        return min(ahead, key=lambda a: a.begins_on, default=None)

    def activation_on(self, person: str, day: date) -> Activation | None:
        """The activation of a reserve that runs on `day`."""
        runs = (a for a in self.reserves.values() if a.person == person and a.runs_on(day))
        return next(runs, None)

    def terms_of(self, person: str) -> tuple[Post, ...]:
        """The terms of the posts `person` has not given up, earlier terms of them included."""
        posts = self.held.get(person, ())
        earlier = (t for p in posts for t in self.past.get(p, ()) if t.person == person)
        return (*(self.posts[post, person] for post in posts), *earlier)

    def terms(self, post: str) -> tuple[Post, ...]:
        """Every term of `post`: ended, running and to come."""
        return (*self.past.get(post, ()), *(p for p in self.posts.values() if p.post == post))

    def holders(self, post: str, day: date) -> tuple[Post, ...]:
        """Who holds `post` on `day`."""
        return tuple(term for term in self.terms(post) if term.held_on(day))

    def heir(self, person: str) -> str | None:
        """Who takes over the open tasks of `person`, following one who left himself (X-15)."""
        gone = {**self.vacant, **self.removed}
        seen: set[str] = set()
        heir: str | None = person
        while heir is not None and heir in gone and heir not in seen:
            seen.add(heir)
            heir = gone[heir]
        return None if heir == person or heir in seen else heir


EMPTY = Roster()
