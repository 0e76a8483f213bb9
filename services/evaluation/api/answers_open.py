"""What does evaluation answer of what a unit is, or was, asked to rate: its days, never a link?"""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.answering import Answer


class OpenInvitation(Answer):
    """What the unit was asked and had not answered (评价邀请)."""

    instrument: str
    sending: int
    sent_on: date = Field(description="day it was sent last (发送日期)")
    expires_at: datetime | None
    rated: bool = Field(description="whether it was answered since (后来是否已评)")


class OpenVisit(Answer):
    """A visit that the unit may rate and had not (一次一评)."""

    visit: UUID
    day: date
    expires_at: datetime | None
    rated: bool = Field(description="whether it was answered since (后来是否已评)")


class OpenInvitations(Answer):
    """What the unit is asked to rate, without links."""

    invitations: list[OpenInvitation]
    visits: list[OpenVisit]
