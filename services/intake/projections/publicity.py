"""How does each event change what is known of notices and publicity?"""

from contracts.intake import (
    ConsultationAnswered,
    NoticePublished,
    PublicityLogged,
    ServiceRequested,
)
from services.intake.queries import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def publicity(over: Connection, told: Told) -> None:
    """Notices and publicity of each place, and how people came to know the service."""
    area, day = told.about.area, legal_day(told.about.effective)
    row: tuple[str, str | None, str, str | None]
    match told.event:
        case NoticePublished(medium=medium, edition=edition, kind=kind):
            row = (kind, None, medium, edition)
        case PublicityLogged(medium=medium, body=body):
            row = ("publicity", body, medium, None)
        case (
            ServiceRequested(learned_through=medium)
            | ConsultationAnswered(learned_through=medium)
        ) if medium:
            await over.execute(
                "INSERT INTO view_awareness (area, medium, times) VALUES ($1, $2, 1) "
                "ON CONFLICT (area, medium) DO UPDATE SET times = view_awareness.times + 1",
                area,
                medium,
            )
            return
        case _:
            return
    await over.execute(
        "INSERT INTO view_publicity (event, area, kind, body, medium, edition, said_on) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7)",
        told.entry.id, area, *row, day,
    )  # fmt: skip
