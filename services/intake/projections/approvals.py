"""How does each event change what waits for another person's word?"""

from contracts.intake import (
    ApprovalAsked,
    ApprovalDenied,
    EligibilityAssessed,
    ServiceAccepted,
    ServiceDeclined,
)
from services.intake.queries import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def approvals(over: Connection, told: Told) -> None:
    """One row for each request that waits."""
    matter = told.entry.stream
    match told.event:
        case ApprovalAsked(decision=decision, asked_by=asked_by, cause=cause):
            await _gone(over, "matter = $1 AND decision = $2", matter, decision)
            await over.execute(
                "INSERT INTO view_approvals "
                "(event, matter, decision, area, project, cause, asked_by, asked_on) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                told.entry.id, matter, decision, told.about.area, told.about.project, cause,
                asked_by, legal_day(told.about.effective),
            )  # fmt: skip
        case ApprovalDenied(decision=decision):
            await _gone(over, "matter = $1 AND decision = $2", matter, decision)
        case EligibilityAssessed(override=True):
            await _gone(over, "matter = $1 AND decision = 'admission'", matter)
        case ServiceAccepted() | ServiceDeclined():
            await _gone(over, "matter = $1", matter)


async def _gone(over: Connection, which: str, *values: object) -> None:
    await over.execute(f"DELETE FROM view_approvals WHERE {which}", *values)
