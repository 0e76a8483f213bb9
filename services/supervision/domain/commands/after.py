"""What can be asked once the project is done (完工不脱钩), and about what is owed to a matter?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import BodyId, ContactMeans, FollowUpEnd, ItemCode, Word
from services.supervision.domain.commands.days import CalendarDay
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]


class OpenFollowUp(Command):
    """完工不脱钩：完工后自动开始后续服务 (HS-81)."""

    rule: Word


class ContactUnit(Command):
    """后续联系：只记必要情况，不收集无关信息 (HS-82)."""

    follow_up: UUID
    means: ContactMeans
    wish: Word | None = None
    note: Text | None = None


class CloseFollowUp(Command):
    """后续服务结束；转入新项目的，写明新项目 (HS-83)."""

    follow_up: UUID
    cause: FollowUpEnd
    project_after: UUID | None = None
    note: Text | None = None


class RemindOwed(Command):
    """到期未办提醒：报到、议定事项、回函、缴费、后续联系逾期时提醒一次 (AS-80, AS-82, YY-49)."""

    concerns: UUID
    kind: Word
    to: BodyId
    due_on: CalendarDay
    items: tuple[ItemCode, ...] = ()


class NoteUnreached(Command):
    """消息未送达：提醒等消息没有送达任何人的，登记为问题 (X-12)."""

    message: UUID
    to: BodyId
