"""What can be asked of a service, as a value: the base of every command, free of any I/O."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator

from contracts.event import Personal
from contracts.vocabulary import Channel

_FIRST, _LAST = date.min.year, date.max.year


class Command(BaseModel):
    """What can be asked, as the body of a request: unknown members are refused.

    `effective` is when it happened, if not now; an act more than 30 days back needs
    `late_reason`. `channel` is the door it came by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective: date | AwareDatetime | None = None
    channel: Channel | None = None
    late_reason: Personal[Annotated[str, Field(max_length=500)]] | None = None

    @field_validator("effective")
    @classmethod
    def _in_some_zone(cls, value: date | datetime | None) -> date | datetime | None:
        """An instant at the very ends of time is on no day in another zone."""
        if isinstance(value, datetime) and not _FIRST < value.year < _LAST:
            raise ValueError("超出可用的时间范围 / out of reach")
        return value
