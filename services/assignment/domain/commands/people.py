"""What can be asked of assignment about its people (花名册)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    AbsenceKind,
    ActorId,
    AreaCode,
    BodyId,
    Day,
    DutyPhone,
    ItemCode,
    ItemStage,
    ReserveCause,
    Role,
    SiteCode,
    StaffKind,
    StandDownCause,
    TrainingTopic,
    VacancyCause,
    ViewPurpose,
    Word,
)
from services.assignment.domain.commands.words import Name, Phone, Words
from shared.command import Command

type People = Annotated[tuple[ActorId, ...], Field(min_length=1, max_length=200)]
type Bodies = Annotated[tuple[BodyId, ...], Field(max_length=100)]


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
    home_body: BodyId | None = None
    staff_kind: StaffKind | None = None
    languages: Annotated[tuple[Word, ...], Field(max_length=20)] | None = None
    name: Personal[Name]
    phone: Personal[Phone] | None = None
    title: Personal[Name] | None = None


class AmendStaff(InArea):
    """人员变更：更正花名册上的岗位、技能、事项或选址 (YO-78, YO-28)."""

    person: ActorId
    body: BodyId | None = None
    roles: Annotated[tuple[Role, ...], Field(min_length=1, max_length=10)] | None = None
    skills: Annotated[tuple[Word, ...], Field(max_length=50)] | None = None
    items: Annotated[tuple[ItemCode, ...], Field(max_length=200)] | None = None
    sites: Annotated[tuple[SiteCode, ...], Field(max_length=100)] | None = None
    home_body: BodyId | None = None
    staff_kind: StaffKind | None = None
    languages: Annotated[tuple[Word, ...], Field(max_length=20)] | None = None
    name: Personal[Name] | None = None
    phone: Personal[Phone] | None = None
    title: Personal[Name] | None = None


class RemoveStaff(InArea):
    """人员出库：离开花名册，所办之事仍归其名下 (YO-52, YO-78)."""

    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None
    reason: Personal[Words] | None = None


class ImportStaff(InArea):
    """人员导入：整表列入花名册，有一处不合即全部不入 (HS-71, AS-98).

    `batch` stands for the content of the table: the same table again adds nobody.
    """

    batch: UUID
    rows: Annotated[tuple[AddStaff, ...], Field(min_length=1, max_length=5_000)]


class ViewRoster(InArea):
    """查阅花名册：查看姓名和电话，留下查阅记录 (HS-72)."""

    persons: People
    purpose: ViewPurpose
    reason: Personal[Words] | None = None


class ExportRegister(InArea):
    """导出登记表：窗口和各单位联络员等人员登记表 (HS-65, HS-72).

    Without `bodies` or `roles`: all of them that the caller may see.
    """

    bodies: Bodies = ()
    roles: Annotated[tuple[Role, ...], Field(max_length=21)] = ()
    reason: Personal[Words] | None = None


class FillPost(InArea):
    """任岗：某人自某日起担任某岗位，可同时担任多个岗位 (X-15, YO-12, HS-68, HS-69, YY-51, AS-05).

    `slot` names a place of the pack (for `per: stage|item` with the stage or item), which says
    the post and the role; otherwise `post` and `role` are given.
    """

    post: Word | None = None
    role: Role | None = None
    slot: Word | None = None
    stage: ItemStage | None = None
    item: ItemCode | None = None
    person: ActorId
    begins_on: Day | None = None
    ends_on: Day | None = None
    acting: bool = False
    duty_phone: DutyPhone | None = None


class VacatePost(InArea):
    """离岗：不再担任某岗位，未办结事项转给接任人 (X-15, YO-52)."""

    post: Word
    person: ActorId
    cause: VacancyCause
    successor: ActorId | None = None


class AppointChief(InArea):
    """任命代办长：一支队伍只有一名，原任同时离岗，未办结事项转给接任人 (AS-10, AS-100).

    Without `team`: the one team that has a chief agent.
    """

    team: Word | None = None
    person: ActorId
    begins_on: Day | None = None
    duty_phone: DutyPhone | None = None


class FormTeam(InArea):
    """组建队伍：必设岗位均已到人时，确认队伍成立 (HS-70, AS-04, YY-30)."""

    team: Word = "whole"


class ActivateReserve(InArea):
    """启用候补：候补代办员在期限内只接办移交给他的办件 (AS-12).

    Without `matters`: all that `covers` has.
    """

    person: ActorId
    covers: ActorId
    matters: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    cause: ReserveCause
    begins_on: Day | None = None
    ends_on: Day
    reason: Personal[Words] | None = None


class StandDownReserve(InArea):
    """候补退出：办件交还本人，或交给另一人 (AS-12)."""

    activation: UUID
    cause: StandDownCause
    successor: ActorId | None = None


class RecordAbsence(InArea):
    """缺勤登记：期间不派单，可指定代班人 (X-15, YO-52)."""

    person: ActorId
    kind: Personal[AbsenceKind]
    begins_on: Day
    ends_on: Day
    substitute: ActorId | None = None
    reason: Personal[Words] | None = None


class EndAbsence(InArea):
    """返岗：缺勤提前或按期结束，代班事项交还 (X-15)."""

    absence: UUID
    last_on: Day | None = None


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


type RosterCommand = (
    AddStaff
    | AmendStaff
    | RemoveStaff
    | ImportStaff
    | ViewRoster
    | ExportRegister
    | FillPost
    | VacatePost
    | AppointChief
    | FormTeam
    | ActivateReserve
    | StandDownReserve
    | RecordAbsence
    | EndAbsence
    | HoldTraining
    | RecordAttendance
)
