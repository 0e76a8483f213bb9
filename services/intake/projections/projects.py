"""How does each event change the list of projects?"""

from contracts.intake import ProjectAmended, ProjectRegistered
from services.intake.queries import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def projects(over: Connection, told: Told) -> None:
    """One row for each project."""
    match told.event:
        case ProjectRegistered(code=code, works=works, applicant=applicant):
            await over.execute(
                "INSERT INTO view_projects (id, area, code, works, applicant, registered_on) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                told.entry.stream, told.about.area, code, works, applicant,
                legal_day(told.about.effective),
            )  # fmt: skip
        case ProjectAmended(code=code, works=works, applicant=applicant):
            await over.execute(
                "UPDATE view_projects SET code = coalesce($2, code), "
                "works = coalesce($3, works), applicant = coalesce($4, applicant) WHERE id = $1",
                told.entry.stream, code, works, applicant,
            )  # fmt: skip
