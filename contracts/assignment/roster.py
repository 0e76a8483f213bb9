"""What assignment says of its people: roster, posts and trainings (花名册)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    AbsenceKind,
    ActorId,
    BodyId,
    BodyKind,
    Count,
    Day,
    Defaults,
    DutyPhone,
    ItemCode,
    ItemStage,
    Part,
    ReserveCause,
    Role,
    SiteCode,
    StaffKind,
    StandDownCause,
    Subject,
    TrainingTopic,
    VacancyCause,
    ViewPurpose,
    Word,
)


class StaffAdded(Event):
    """A person joined the roster of a responsible body (人员入库; YO-07, YO-78, YO-28, YY-30).

    `items` and `sites` are what the person may be given; `skills` and `languages` are open
    lists. `home_body` sent the person and keeps paying him, where that is another body.
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
    home_body: BodyId | None = None
    staff_kind: StaffKind | None = None
    languages: tuple[Word, ...] | None = None
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
    home_body: BodyId | None = None
    staff_kind: StaffKind | None = None
    languages: tuple[Word, ...] | None = None
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
    left_on: Day | None = None
    reason: Personal[str] | None = None


class StaffImported(Event):
    """A table of people was taken in, all of it or nothing (人员导入; HS-71, AS-98).

    Each person of it is a `StaffAdded` in the same unit; `unchanged` stood on the roster
    already.
    """

    type: Literal["assignment.staff_imported.v1"] = "assignment.staff_imported.v1"

    batch: UUID
    bodies: tuple[BodyId, ...]
    added: Count
    unchanged: Count = 0


class RosterViewed(Event):
    """Somebody opened names and telephones of the roster (查阅花名册; HS-72).

    `bodies` instead of `persons`: a whole register was opened or exported.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.roster_viewed.v1"] = "assignment.roster_viewed.v1"

    purpose: ViewPurpose
    persons: tuple[ActorId, ...] = ()
    bodies: tuple[BodyId, ...] = ()
    opened: Count
    reason: Personal[str] | None = None


class PostFilled(Event):
    """A person holds a post from this day on (任岗; X-15, YO-12, HS-68, YY-51).

    `slot` is the place in the pack that asks for the post, `stage` or `item` what it is for.
    `duty_phone` belongs to the post and may be shown to anybody.
    """

    type: Literal["assignment.post_filled.v1"] = "assignment.post_filled.v1"

    post: Word
    role: Role
    body: BodyId
    person: ActorId
    begins_on: Day
    ends_on: Day | None = None
    acting: bool = False
    slot: Word | None = None
    stage: ItemStage | None = None
    item: ItemCode | None = None
    duty_phone: DutyPhone | None = None


class PostVacated(Event):
    """A person no longer holds a post; `successor` takes over the open tasks (离岗; X-15,
    YO-52).

    `vacated_on` is the first day without the post.
    """

    type: Literal["assignment.post_vacated.v1"] = "assignment.post_vacated.v1"

    post: Word
    body: BodyId
    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None
    vacated_on: Day | None = None


class ChiefAppointed(Event):
    """A person leads a team as its only chief (任命代办长; AS-10, AS-100).

    `predecessor` led it until the day before and stays in the history.
    """

    type: Literal["assignment.chief_appointed.v1"] = "assignment.chief_appointed.v1"

    team: Word
    person: ActorId
    body: BodyId
    post: Word
    begins_on: Day
    predecessor: ActorId | None = None


class SlotFilled(Part):
    """A place in a team and who fills it."""

    slot: Word
    post: Word
    persons: tuple[ActorId, ...]


class TeamFormed(Event):
    """A team stands as the place's rules ask for it (组建队伍; HS-70, AS-04).

    `wanting` are posts of the pack that nobody fills yet; a team stands only when all that
    must be filled are, so these are the ones that may be.
    """

    type: Literal["assignment.team_formed.v1"] = "assignment.team_formed.v1"

    team: Word
    model: Word
    formed_on: Day
    slots: tuple[SlotFilled, ...]
    wanting: tuple[Word, ...] = ()
    defaults: Defaults = ()


class ReserveActivated(Event):
    """A reserve acts as agent for the matters handed to him and no others (启用候补; AS-12).

    `covers` is the person he stands in for; without `matters`: for all that person has.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.reserve_activated.v1"] = "assignment.reserve_activated.v1"

    activation: UUID
    person: ActorId
    body: BodyId
    covers: ActorId
    matters: tuple[UUID, ...] = ()
    cause: ReserveCause
    begins_on: Day
    ends_on: Day
    reason: Personal[str] | None = None


class ReserveStoodDown(Event):
    """A reserve stopped acting and sees nothing again (候补退出; AS-12).

    `successor` takes the matters; without one they go back to whom he stood in for.
    """

    type: Literal["assignment.reserve_stood_down.v1"] = "assignment.reserve_stood_down.v1"

    activation: UUID
    person: ActorId
    cause: StandDownCause
    stood_down_on: Day
    successor: ActorId | None = None


class AbsenceRecorded(Event):
    """A person cannot be given work on these days, both included (缺勤; X-15, YO-52).

    Why is the person's own affair and sealed. `substitute` takes the open tasks meanwhile.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.absence_recorded.v1"] = "assignment.absence_recorded.v1"

    absence: UUID
    person: ActorId
    begins_on: Day
    ends_on: Day
    substitute: ActorId | None = None
    kind: Personal[AbsenceKind]
    reason: Personal[str] | None = None


class AbsenceEnded(Event):
    """A person is back; `last_on` was the last day away (返岗; X-15)."""

    type: Literal["assignment.absence_ended.v1"] = "assignment.absence_ended.v1"

    absence: UUID
    person: ActorId
    last_on: Day


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
