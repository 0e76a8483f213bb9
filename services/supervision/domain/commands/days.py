"""Which days, moments and spans can a command name? Those that a calendar of ours can count."""

from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import Field

from contracts.vocabulary import Day, Instant

type CalendarDay = Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
type CalendarInstant = Annotated[
    Instant,
    Field(ge=datetime(1900, 1, 1, tzinfo=UTC), le=datetime(2199, 12, 31, tzinfo=UTC)),
]
type Span = Annotated[int, Field(ge=1, le=1000)]
"""How many days something takes (天数)."""
