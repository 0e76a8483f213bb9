"""What supervision says of papers carried to a department, and of who must come there (跑腿与到场)."""

from typing import ClassVar, Literal
from uuid import UUID

from contracts.event import Event, Personal
from contracts.vocabulary import (
    BodyId,
    Count,
    Day,
    Document,
    Instant,
    ItemCode,
    Respondent,
    Subject,
)


class PapersTransferred(Event):
    """Papers were made ready to be carried to the department that wants them on paper (纸质材料转交;
    HS-43).

    `handed_by` signs for the service. It is not there before the department signed too.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.papers_transferred.v1"] = "supervision.papers_transferred.v1"

    transfer: UUID
    item: ItemCode
    to: BodyId
    pieces: tuple[UUID, ...]
    originals: Count = 0
    copies: Count = 0
    handed_on: Day
    handed_by: Personal[str]
    note: Personal[str] | None = None


class TransferSigned(Event):
    """The department signed the slip: the papers are with it (转交签收; HS-43)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["supervision.transfer_signed.v1"] = "supervision.transfer_signed.v1"

    transfer: UUID
    item: ItemCode
    body: BodyId
    signed_on: Day
    received_by: Personal[str]
    slip: Personal[Document] | None = None


class PresenceRequired(Event):
    """Somebody of the unit must come himself, at a time and to a place (到场邀请; HS-57)."""

    type: Literal["supervision.presence_required.v1"] = "supervision.presence_required.v1"

    presence: UUID
    item: ItemCode
    who: Respondent
    by: BodyId
    starts_at: Instant
    place: Personal[str]
    reason: Personal[str]
    notice: Personal[Document] | None = None


class PresenceNoted(Event):
    """The unit came, or did not (到场情况; HS-57)."""

    type: Literal["supervision.presence_noted.v1"] = "supervision.presence_noted.v1"

    presence: UUID
    item: ItemCode
    came: bool
    noted_on: Day
    note: Personal[str] | None = None
