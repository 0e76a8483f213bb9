"""What can be asked about due days themselves: counted again, corrected, answered for (时限)?"""

from typing import Annotated

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import BodyId, Document, DueCause, ItemCode, Word
from services.supervision.domain.commands.days import CalendarDay
from shared.command import Command

type Reason = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]


class RecomputeDue(Command):
    """时限重算：日历更新后重新计算期限，列明每一处变动 (X-06, X-07)."""

    cause: DueCause = "calendar"


class CorrectReminder(Command):
    """更正提醒：补录的事实表明并未逾期的，更正已发出的提醒 (X-01, YO-33)."""

    item: ItemCode
    to: BodyId
    due_on: CalendarDay


class NoteMissedReminder(Command):
    """漏提醒登记：到期前无人提醒审批部门的，记入承办人员 (YY-54)."""

    item: ItemCode
    due_on: CalendarDay


class WarnAhead(Command):
    """预计逾期预警：按目前进度将超过计划节点，说明原因 (YO-16, YO-33)."""

    item: ItemCode
    to: BodyId
    due_on: CalendarDay
    expected_on: CalendarDay
    reason: Word
    late_days: Annotated[int, Field(ge=1)]
    affects: tuple[ItemCode, ...] = ()


class AnswerUrge(Command):
    """催办答复：说明尚未办结的理由和预计办结日期；时限不因此中止 (YO-42)."""

    item: ItemCode
    expected_on: CalendarDay | None = None
    reason: Reason
    paper: Personal[Document] | None = None
