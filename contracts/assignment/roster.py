"""What assignment says of its people: roster, posts and trainings (花名册)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    BodyKind,
    Day,
    ItemCode,
    Role,
    SiteCode,
    Subject,
    TrainingTopic,
    VacancyCause,
    Word,
)


class StaffAdded(Event):
    """A person joined the roster of a responsible body (人员入库; YO-07, YO-78, YO-28).

    `items` and `sites` are what the person may be given; `skills` is an open list.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.staff_added.v1"] = "assignment.staff_added.v1"

    person: ActorId
    body: BodyId
    body_kind: BodyKind
    roles: tuple[Role, ...]
    skills: tuple[Word, ...] = ()
    items: tuple[ItemCode, ...] = ()
    sites: tuple[SiteCode, ...] = ()
    name: Personal[str]
    phone: Personal[str] | None = None
    title: Personal[str] | None = None


class StaffAmended(Event):
    """What the roster says of a person was put right; each list replaces the old (人员变更;
    YO-78, HS-72).
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.staff_amended.v1"] = "assignment.staff_amended.v1"

    person: ActorId
    body: BodyId | None = None
    roles: tuple[Role, ...] | None = None
    skills: tuple[Word, ...] | None = None
    items: tuple[ItemCode, ...] | None = None
    sites: tuple[SiteCode, ...] | None = None
    name: Personal[str] | None = None
    phone: Personal[str] | None = None
    title: Personal[str] | None = None


class StaffRemoved(Event):
    """A person left the roster; what he did stays, `successor` takes over what is open
    (人员出库; YO-52, X-15, HS-72).
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.staff_removed.v1"] = "assignment.staff_removed.v1"

    person: ActorId
    body: BodyId
    cause: VacancyCause
    successor: ActorId | None = None
    reason: Personal[str] | None = None


class PostFilled(Event):
    """A person holds a post from this day on (任岗; X-15, YO-12)."""

    type: Literal["assignment.post_filled.v1"] = "assignment.post_filled.v1"

    post: Word
    role: Role
    body: BodyId
    person: ActorId
    begins_on: Day
    ends_on: Day | None = None
    acting: bool = False


class PostVacated(Event):
    """A person no longer holds a post; `successor` takes over the open tasks (离岗; X-15,
    YO-52).
    """

    type: Literal["assignment.post_vacated.v1"] = "assignment.post_vacated.v1"

    post: Word
    body: BodyId
    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None


class TrainingHeld(Event):
    """The reform office trained the responsible bodies (业务培训; YO-55, YO-56)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.training_held.v1"] = "assignment.training_held.v1"

    training: UUID
    body: BodyId
    topics: tuple[TrainingTopic, ...]
    invited: tuple[BodyId, ...]
    title: Personal[str]
    place: Personal[str] | None = None


class TrainingAttended(Event):
    """A person took part in a training (参加培训; YO-55)."""

    type: Literal["assignment.training_attended.v1"] = "assignment.training_attended.v1"

    training: UUID
    person: ActorId
    body: BodyId
