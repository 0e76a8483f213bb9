"""What can be asked about a message that was held back (待处理消息)?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import BodyId, Word
from services.supervision.domain.commands.days import CalendarInstant
from shared.command import Command

type Note = Personal[Annotated[str, Field(min_length=1, max_length=1000)]]


class ReleaseMessage(Command):
    """重新发出：核对地址后把滞留的消息再发一次 (YO-33).

    The path names the event that the message tells of, `to` whom it is for.
    """

    to: BodyId
    note: Note | None = None


class SkipMessage(Command):
    """不再发送：已用其他方式告知，写明理由 (YO-33)."""

    to: BodyId
    note: Note


class SettleMessage(Command):
    """消息处置：重新发出或不再发送 (YO-33)."""

    message: UUID
    to: BodyId
    release: bool
    note: Note | None = None


class NoteSilentFeed(Command):
    """导入中断：审批系统状态超过时限未导入 (HS-12)."""

    source: Word
    observed_at: CalendarInstant
    noted_at: CalendarInstant
