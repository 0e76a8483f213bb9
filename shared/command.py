"""What can be asked of a service, as a value: the base of every command, free of any I/O."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.event import Personal
from contracts.vocabulary import Channel


class Command(BaseModel):
    """What can be asked, as the body of a request: unknown members are refused.

    `effective` is when it happened, if not now; an act more than 30 days back needs
    `late_reason`. `channel` is the door it came by.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    effective: date | AwareDatetime | None = None
    channel: Channel | None = None
    late_reason: Personal[Annotated[str, Field(max_length=500)]] | None = None
