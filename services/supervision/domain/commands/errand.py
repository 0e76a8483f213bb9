"""What can be asked about papers carried to a department, and about who must come there?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import BodyId, Document, ItemCode, Respondent
from services.supervision.domain.commands.days import CalendarInstant
from shared.command import Command

type Text = Personal[Annotated[str, Field(min_length=1, max_length=2000)]]
type Name = Personal[Annotated[str, Field(min_length=1, max_length=100)]]


class TransferPapers(Command):
    """纸质材料转交：列明份数，经办人签字，打印转交单 (HS-43).

    Without `to` the body that handles the item; `handed_by` signs for the service.
    """

    item: ItemCode
    to: BodyId | None = None
    pieces: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=200)]
    handed_by: Name
    note: Text | None = None


class SignTransfer(Command):
    """转交签收：部门接收人签字，交接完成 (HS-43)."""

    transfer: UUID
    received_by: Name
    slip: Personal[Document] | None = None


class RequirePresence(Command):
    """到场邀请：须项目单位人员到场的，告知时间、地点和事由 (HS-57)."""

    item: ItemCode
    who: Respondent = "applicant_handler"
    by: BodyId | None = None
    starts_at: CalendarInstant
    place: Name
    reason: Text
    notice: Personal[Document] | None = None


class NotePresence(Command):
    """到场情况：项目单位已到场或未到场 (HS-57)."""

    presence: UUID
    came: bool
    note: Text | None = None
