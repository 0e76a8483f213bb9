"""What can be asked about returns, issue lists and inspections (报送与督查)?"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import AreaCode, BodyId, Count, Document, Quarter, Word
from services.supervision.domain.commands.days import CalendarDay, CalendarInstant
from shared.command import Command

type Medium = Literal["electronic", "sealed"]
type Text = Personal[Annotated[str, Field(min_length=1, max_length=4000)]]


class NoteReturnDue(Command):
    """应报：季度末各责任单位应报台账和问题清单 (YO-59, YO-60)."""

    form: Word
    quarter: Quarter
    body: BodyId


class CallForReturn(Command):
    """要求回件：办公室要求各单位按时回件，无意见也须回复 (HS-03, HS-04, AS-34, AS-99).

    For a return that no quarter ends: `bodies` are those of the pack who owe it; `media` the
    forms in which it must come.
    """

    area: AreaCode
    form: Word
    bodies: Annotated[tuple[BodyId, ...], Field(max_length=60)] = ()
    due_at: CalendarInstant
    media: Annotated[tuple[Medium, ...], Field(max_length=4)] = ()


class FileReturn(Command):
    """季度报送：责任单位确认并报送，无事项须零报告 (YO-59, YO-60, X-09).

    `cut` is the log position of the draft that the person saw; without it, the present one.
    """

    area: AreaCode
    form: Word
    quarter: Quarter
    body: BodyId
    nil: bool = False
    cut: Count | None = None
    document: Personal[Document] | None = None
    sealed: Personal[Document] | None = None
    remark: Text | None = None


class ImportStates(Command):
    """导入审批状态：审批系统的文件或推送，逐行登记，不能对应的原文留存 (HS-12).

    The counts are what became of the rows; `left` are those that could not be placed.
    """

    area: AreaCode
    source: Word
    observed_at: CalendarInstant
    rows: Count = 0
    followed: Count = 0
    agreed: Count = 0
    known: Count = 0
    conflicts: Count = 0
    older: Count = 0
    unknown_codes: Count = 0
    refused: Count = 0
    left: Personal[str] | None = None


class DispatchIssueList(Command):
    """按属地交办：把提级的问题按选址分送代办责任人 (YO-61, YO-62).

    Without `issues`: all that were raised to the office and are still open.
    """

    area: AreaCode
    quarter: Quarter
    issues: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    due_on: CalendarDay


class RecordInspection(Command):
    """督促检查：记录检查发现的问题和整改期限 (YO-63)."""

    area: AreaCode
    body: BodyId
    matters: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    shortcomings: Count = 0
    rectify_by_on: CalendarDay | None = None
    findings: Text
