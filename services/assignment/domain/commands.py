"""What can assignment (派单) be asked to do?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    AreaCode,
    BodyId,
    ConflictKind,
    ConflictRemedy,
    Day,
    ItemCode,
    ReassignCause,
    Role,
    SiteCode,
    TrainingTopic,
    VacancyCause,
    Word,
)
from shared.command import Command

type Words = Annotated[str, Field(min_length=1, max_length=500)]
type Name = Annotated[str, Field(min_length=1, max_length=100)]
type Items = Annotated[tuple[ItemCode, ...], Field(min_length=1, max_length=100)]


class RouteMatter(Command):
    """按选址分办：定下由哪些单位出专员 (YO-21, YO-22, YO-23)."""


class DispatchItems(Command):
    """分发事项：把事项交给对应的专员，并定一名牵头专员 (YO-12, YO-67, YO-68, YO-74).

    Without `items`: all in scope that nobody has yet. Without `agent`: the least loaded who fits.
    """

    items: Items | None = None
    agent: ActorId | None = None
    jump_reason: Personal[Words] | None = None


class AcknowledgeAssignment(Command):
    """确认接办：专员本人确认接下所派事项 (YO-12, YO-19)."""


class ReassignAgent(Command):
    """接力移交：把办件或部分事项移交给下一名专员 (YO-19, X-15).

    Without `items`: all that `left` has; without `agent`: the least loaded who fits.
    """

    left: ActorId
    agent: ActorId | None = None
    items: Items | None = None
    cause: ReassignCause
    told_applicant: bool = False
    consented: bool = False
    handover: Personal[Words] | None = None


class HandOver(Command):
    """离岗移交：岗位空出后，未办结事项转给接任人 (X-15). The agenda asks it, nobody else."""

    left: ActorId
    agent: ActorId
    cause: ReassignCause


class DeclareConflict(Command):
    """利益冲突申报：承办专员不得审批同一事项 (YO-70, X-04).

    Without `person` one declares for oneself.
    """

    person: ActorId | None = None
    items: Items
    kind: ConflictKind
    remedy: ConflictRemedy
    reason: Personal[Words] | None = None


class InArea(Command):
    """A command about the roster of an area (花名册)."""

    area: AreaCode


class AddStaff(InArea):
    """人员入库：责任单位的工作人员列入花名册 (YO-07, YO-28, YO-78).

    No `items` or `sites` means any; without `person` a new pseudonym is made.
    """

    person: ActorId | None = None
    body: BodyId
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=10)]
    skills: Annotated[tuple[Word, ...], Field(max_length=50)] = ()
    items: Annotated[tuple[ItemCode, ...], Field(max_length=200)] = ()
    sites: Annotated[tuple[SiteCode, ...], Field(max_length=100)] = ()
    name: Personal[Name]
    phone: Personal[Annotated[str, Field(min_length=3, max_length=30)]] | None = None
    title: Personal[Name] | None = None


class AmendStaff(InArea):
    """人员变更：更正花名册上的岗位、技能、事项或选址 (YO-78, YO-28)."""

    person: ActorId
    body: BodyId | None = None
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=10)] | None = None
    skills: Annotated[tuple[Word, ...], Field(max_length=50)] | None = None
    items: Annotated[tuple[ItemCode, ...], Field(max_length=200)] | None = None
    sites: Annotated[tuple[SiteCode, ...], Field(max_length=100)] | None = None
    name: Personal[Name] | None = None
    phone: Personal[Annotated[str, Field(min_length=3, max_length=30)]] | None = None
    title: Personal[Name] | None = None


class RemoveStaff(InArea):
    """人员出库：离开花名册，所办之事仍归其名下 (YO-52, YO-78)."""

    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None
    reason: Personal[Words] | None = None


class FillPost(InArea):
    """任岗：某人自某日起担任某岗位 (X-15, YO-12)."""

    post: Word
    role: Role
    person: ActorId
    begins_on: Day | None = None
    ends_on: Day | None = None
    acting: bool = False


class VacatePost(InArea):
    """离岗：不再担任某岗位，未办结事项转给接任人 (X-15, YO-52)."""

    post: Word
    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None


class HoldTraining(InArea):
    """业务培训：县工改办组织责任单位、园区、乡镇培训 (YO-55, YO-56).

    Without `invited`: every body that has people on the roster.
    """

    body: BodyId
    topics: Annotated[tuple[TrainingTopic, ...], Field(min_length=1, max_length=3)]
    invited: Annotated[tuple[BodyId, ...], Field(max_length=100)] = ()
    title: Personal[Name]
    place: Personal[Name] | None = None


class RecordAttendance(InArea):
    """参加培训：登记到训人员 (YO-55)."""

    training: UUID
    persons: Annotated[tuple[ActorId, ...], Field(min_length=1, max_length=200)]


type MatterCommand = (
    RouteMatter
    | DispatchItems
    | AcknowledgeAssignment
    | ReassignAgent
    | HandOver
    | DeclareConflict
)
type RosterCommand = (
    AddStaff
    | AmendStaff
    | RemoveStaff
    | FillPost
    | VacatePost
    | HoldTraining
    | RecordAttendance
)
