"""What assignment (派单) tells the world: the roster, the route, and who is answerable."""

from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field

from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    BodyKind,
    ConflictKind,
    ConflictRemedy,
    Count,
    Day,
    Defaults,
    ItemCode,
    PackPath,
    ReassignCause,
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


class MatterRouted(Event):
    """The site decided which bodies provide the agents, and who helps them (按选址分办; YO-21,
    YO-22, YO-23).

    `to` provide agents, `jointly` when more than one must; `lead` is the one answerable body.
    """

    type: Literal["assignment.matter_routed.v1"] = "assignment.matter_routed.v1"

    site: SiteCode
    to: tuple[BodyId, ...]
    lead: BodyId
    jointly: bool = False
    assisted_by: tuple[BodyId, ...] = ()
    rule: PackPath
    defaults: Defaults = ()


class ItemDispatched(Event):
    """An item was handed to the agent of the matching department (分发事项; YO-67, YO-68,
    YO-74).

    `passed_over` are agents who came first and could not take it; `jumped` counts the earlier
    requests this one was taken before, and is 0 when the order was kept.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.item_dispatched.v1"] = "assignment.item_dispatched.v1"

    item: ItemCode
    body: BodyId
    agent: ActorId
    assisted_by: tuple[BodyId, ...] = ()
    passed_over: tuple[ActorId, ...] = ()
    jumped: Count = 0
    rule: PackPath
    defaults: Defaults = ()
    jump_reason: Personal[str] | None = None


class AgentAssigned(Event):
    """A named person became answerable; exactly one agent of a matter leads (专人负责; YO-12,
    YO-67).

    Without `items` the person answers for the whole matter.
    """

    type: Literal["assignment.agent_assigned.v1"] = "assignment.agent_assigned.v1"

    agent: ActorId
    body: BodyId
    lead: bool
    items: tuple[ItemCode, ...] = ()
    rule: PackPath | None = None
    defaults: Defaults = ()


class AgentReassigned(Event):
    """The matter or some items went from one agent to the next (接力移交; YO-19, X-15).

    `told_applicant` says that the unit was told, `consented` that it agreed (民法典第169条).
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["assignment.agent_reassigned.v1"] = "assignment.agent_reassigned.v1"

    left: ActorId
    agent: ActorId
    body: BodyId
    lead: bool
    items: tuple[ItemCode, ...] = ()
    cause: ReassignCause
    told_applicant: bool = False
    consented: bool = False
    handover: Personal[str] | None = None


class AssignmentAcknowledged(Event):
    """The agent took over what was assigned to him (确认接办; YO-12, YO-19)."""

    type: Literal["assignment.assignment_acknowledged.v1"] = (
        "assignment.assignment_acknowledged.v1"
    )

    agent: ActorId
    lead: bool
    items: tuple[ItemCode, ...] = ()


class ConflictDeclared(Event):
    """A person has an interest that bars him from deciding an item (利益冲突申报; YO-70, X-04).

    An agent of the approving department may carry the papers, and never decides.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["assignment.conflict_declared.v1"] = "assignment.conflict_declared.v1"

    person: ActorId
    items: tuple[ItemCode, ...]
    kind: ConflictKind
    remedy: ConflictRemedy
    rule: PackPath | None = None
    reason: Personal[str] | None = None


type AssignmentEvent = Annotated[
    StaffAdded
    | StaffAmended
    | StaffRemoved
    | PostFilled
    | PostVacated
    | TrainingHeld
    | TrainingAttended
    | MatterRouted
    | ItemDispatched
    | AgentAssigned
    | AgentReassigned
    | AssignmentAcknowledged
    | ConflictDeclared,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(AssignmentEvent.__value__)[0])
