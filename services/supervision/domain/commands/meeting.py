"""What can be asked to bring departments together over a problem (吹哨报到、联席会议)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Document,
    ItemCode,
    JointKind,
    Signal,
    Word,
)
from services.supervision.domain.commands.days import CalendarDay, CalendarInstant
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=4000)]]
type Name = Personal[Annotated[str, Field(min_length=1, max_length=100)]]
type Papers = Personal[Annotated[tuple[Document, ...], Field(min_length=1, max_length=20)]]
type Bodies = Annotated[tuple[BodyId, ...], Field(max_length=60)]
type Items = Annotated[tuple[ItemCode, ...], Field(min_length=1, max_length=60)]


class BlowWhistle(Command):
    """吹哨：就一般性问题通知有关部门报到，写明答复期限 (AS-80).

    Without `to` all whom the rung names; without `report_by_on` the wait of the next rung.
    """

    issue: UUID
    to: Bodies = ()
    report_by_on: CalendarDay | None = None
    signal: Signal | None = None
    rung_id: Word | None = None
    reason: Text | None = None
    wording: Text
    notice: Personal[Document] | None = None
    waiver: Text | None = None


class ReportToWhistle(Command):
    """报到：部门到场或答复；逾期未报到的予以显示 (AS-80)."""

    whistle: UUID
    body: BodyId
    answer: Text


class CallMeeting(Command):
    """召开会议：跨层级、跨部门协调（联席）会议，发会议通知 (AS-26, AS-81, YY-26).

    `kind` is a meeting of the pack; without it the only one there is.
    """

    kind: Word | None = None
    issue: UUID | None = None
    items: Annotated[tuple[ItemCode, ...], Field(max_length=60)] = ()
    bodies: Annotated[tuple[BodyId, ...], Field(min_length=1, max_length=60)]
    starts_at: CalendarInstant
    signal: Signal | None = None
    rung_id: Word | None = None
    reason: Text | None = None
    topic: Text
    place: Name | None = None
    notice: Personal[Document] | None = None
    approved_by: ActorId | None = None
    waiver: Text | None = None


class SignIn(Command):
    """会议签到 (AS-81)."""

    meeting: UUID
    body: BodyId
    person: ActorId | None = None
    name: Name | None = None
    sheet: Personal[Document] | None = None


class IssueMinutes(Command):
    """印发会议纪要：须先有签到；方案要求照片的须附照片 (AS-82).

    `agreed=false`: no terms were reached, and the problem goes one level up (AS-27).
    """

    meeting: UUID
    agreed: bool = True
    decisions: Text
    minutes: Personal[Document] | None = None
    photos: Papers | None = None


class AssignAction(Command):
    """议定事项：写明责任单位和期限 (AS-82)."""

    meeting: UUID
    owner: BodyId
    person: ActorId | None = None
    due_on: CalendarDay
    wording: Text


class FinishAction(Command):
    """议定事项落实 (AS-82)."""

    action: UUID
    outcome: Text
    paper: Personal[Document] | None = None


class BeginJointAttack(Command):
    """联合攻关：由政府组织有关部门，问题责任单位转为政府，制定解决方案 (AS-84)."""

    issue: UUID
    bodies: Bodies = ()
    due_on: CalendarDay | None = None
    signal: Signal | None = None
    rung_id: Word | None = None
    reason: Text | None = None
    solution: Text
    record: Personal[Document] | None = None
    waiver: Text | None = None


class HoldJointSession(Command):
    """联合审图、联合勘验、联合验收：多个部门、多个事项、一张记录表 (AS-28, AS-29, AS-30)."""

    kind: JointKind
    items: Items
    lead: BodyId
    bodies: Annotated[tuple[BodyId, ...], Field(min_length=1, max_length=60)]
    absent: Bodies = ()
    passed: bool | None = None
    conclusion: Text
    sheet: Personal[Document] | None = None


class GiveEarlyOpinion(Command):
    """提前介入：对方案提出意见，不是审批决定 (AS-28)."""

    items: Items
    body: BodyId
    opinion: Text
    paper: Personal[Document] | None = None
