"""What can be asked on the rungs of a ladder (升级处置)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    BodyId,
    Document,
    IssueSeverity,
    ItemCode,
    SanctionKind,
    Signal,
    Word,
)
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=4000)]]
type Papers = Personal[Annotated[tuple[Document, ...], Field(min_length=1, max_length=20)]]


class ReportUp(Command):
    """向上报告：提醒无果、故意拖延或推诿扯皮的，写明原因；后两者须附证据 (AS-76).

    `waiver` says why lower rungs are passed over.
    """

    item: ItemCode
    signal: Signal
    rung_id: Word | None = None
    reason: Text | None = None
    evidence: Papers | None = None
    report: Personal[Document] | None = None
    approved_by: ActorId | None = None
    waiver: Text | None = None


class HoldInterview(Command):
    """约谈：由负责人约谈具体审批人员，须有记录；由负责人确认办结本级 (AS-77)."""

    item: ItemCode | None = None
    issue: UUID | None = None
    person: ActorId
    body: BodyId | None = None
    signal: Signal | None = None
    rung_id: Word | None = None
    reason: Text | None = None
    account: Text
    record: Personal[Document] | None = None
    evidence: Papers | None = None
    approved_by: ActorId | None = None
    waiver: Text | None = None


class RecordSanction(Command):
    """作出相应处理：写明处理方式、理由和证据；由负责人确认办结本级 (AS-78)."""

    item: ItemCode | None = None
    issue: UUID | None = None
    kind: SanctionKind
    person: ActorId | None = None
    body: BodyId | None = None
    signal: Signal | None = None
    rung_id: Word | None = None
    reason: Text | None = None
    evidence: Papers | None = None
    record: Personal[Document] | None = None
    approved_by: ActorId | None = None
    waiver: Text | None = None


class CloseRung(Command):
    """办结本级：只有负责人本人可以确认约谈或处理已办结 (AS-77)."""

    act: UUID
    conclusion: Text | None = None


class ClassIssue(Command):
    """问题分级：按一般、复杂、重大重新分级，写明理由 (AS-80, AS-83)."""

    issue: UUID
    severity: IssueSeverity
    reason: Text
