"""How did a stream of intake begin?"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from contracts.event import About
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Pool


@dataclass(frozen=True, slots=True)
class Opening:
    """How a stream began: its place, project and edition never change afterwards (X-08)."""

    area: str
    project: UUID | None
    edition: str | None
    day: date


async def opening_of(pool: Pool, stream: UUID) -> Opening | None:
    """The circumstances of the first event of `stream`, None when it does not exist."""
    text = await pool.fetchval(
        "SELECT about FROM events WHERE stream = $1 AND version = 1", stream
    )
    if text is None:
        return None
    about = About.model_validate_json(text)
    return Opening(about.area, about.project, about.pack, legal_day(about.effective))


def legal_day(effective: str) -> date:
    """The legal day of an `effective`: a date, or an instant with offset."""
    if len(effective) == 10:
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()
