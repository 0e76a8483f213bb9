"""How does each event change what can be read of roster, queue and load?"""

from datetime import date, datetime

from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    ItemDispatched,
    MatterRouted,
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Connection
from shared.projecting import Told


def legal_day(effective: str) -> date:
    """The legal day (办理日) of an `effective` time: a date, or an instant with offset."""
    if len(effective) == len("2026-01-01"):
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()


async def staff(connection: Connection, told: Told) -> None:
    """Who is on the roster, since when, until when (花名册)."""
    day, area = legal_day(told.about.effective), told.about.area
    match told.event:
        case StaffAdded() as e:
            await connection.execute(
                "INSERT INTO view_staff VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL, NULL) "
                "ON CONFLICT (area, person) DO UPDATE SET body = $3, body_kind = $4, roles = $5, "
                "skills = $6, items = $7, sites = $8, removed_on = NULL, cause = NULL",
                area, e.person, e.body, e.body_kind, e.roles, e.skills, e.items, e.sites, day,
            )  # fmt: skip
        case StaffAmended() as e:
            await connection.execute(
                "UPDATE view_staff SET body = coalesce($3, body), roles = coalesce($4, roles), "
                "skills = coalesce($5, skills), items = coalesce($6, items), "
                "sites = coalesce($7, sites) WHERE area = $1 AND person = $2",
                area, e.person, e.body, e.roles, e.skills, e.items, e.sites,
            )  # fmt: skip
        case StaffRemoved() as e:
            await connection.execute(
                "UPDATE view_staff SET removed_on = $3, cause = $4 WHERE area = $1 AND person = $2",
                area, e.person, day, e.cause,
            )  # fmt: skip


async def posts(connection: Connection, told: Told) -> None:
    """Who held which post from when to when (任岗沿革)."""
    area = told.about.area
    match told.event:
        case PostFilled() as e:
            await connection.execute(
                "INSERT INTO view_posts VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                told.entry.position, area, e.post, e.role, e.body, e.person, e.begins_on,
                e.ends_on, e.acting,
            )  # fmt: skip
        case PostVacated() as e:
            await connection.execute(
                "UPDATE view_posts SET vacated_on = $4, cause = $5, successor = $6 "
                "WHERE area = $1 AND post = $2 AND person = $3 AND vacated_on IS NULL",
                area, e.post, e.person, legal_day(told.about.effective), e.cause, e.successor,
            )  # fmt: skip


async def trainings(connection: Connection, told: Told) -> None:
    """Which trainings were held and who came (培训台账)."""
    match told.event:
        case TrainingHeld() as e:
            await connection.execute(
                "INSERT INTO view_trainings VALUES ($1, $2, $3, $4, $5, $6)",
                e.training, told.about.area, e.body, e.topics, e.invited,
                legal_day(told.about.effective),
            )  # fmt: skip
        case TrainingAttended() as e:
            await connection.execute(
                "INSERT INTO view_attendance VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                e.training, e.person, e.body,
            )  # fmt: skip


async def queue(connection: Connection, told: Told) -> None:
    """Which requests wait for an agent, and which were taken before their turn (派单次序)."""
    day, matter = legal_day(told.about.effective), told.about.stream
    match told.event:
        case MatterRouted() as e:
            await connection.execute(
                "INSERT INTO view_matters (matter, position, area, pack, site, bodies, lead_body, "
                "routed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (matter) "
                "DO UPDATE SET site = $5, bodies = $6, lead_body = $7",
                matter, told.entry.position, told.about.area, told.about.pack, e.site, e.to,
                e.lead, day,
            )  # fmt: skip
        case ItemDispatched() as e:
            await connection.execute(
                "UPDATE view_matters SET dispatched_on = coalesce(dispatched_on, $2), "
                "jumped = greatest(jumped, $3), passed_over = ARRAY(SELECT DISTINCT unnest("
                "passed_over || $4::text[]) ORDER BY 1) WHERE matter = $1",
                matter, day, e.jumped, e.passed_over,
            )  # fmt: skip
        case AgentAssigned(lead=True, agent=agent) | AgentReassigned(lead=True, agent=agent):
            await connection.execute(
                "UPDATE view_matters SET lead_agent = $2 WHERE matter = $1", matter, agent
            )


async def load(connection: Connection, told: Told) -> None:
    """Whose hands each item is in (专员在办)."""
    day, matter, area = legal_day(told.about.effective), told.about.stream, told.about.area
    match told.event:
        case ItemDispatched() as e:
            await connection.execute(
                "INSERT INTO view_tasks VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT "
                "(matter, item) DO UPDATE SET agent = $4, body = $5, since = $6",
                matter, e.item, area, e.agent, e.body, day,
            )  # fmt: skip
        case AgentAssigned() as e:
            await _answers(connection, told, e.agent, e.body, lead=e.lead)
        case AgentReassigned() as e:
            await connection.execute(
                "UPDATE view_tasks SET agent = $3, body = $4, since = $5 WHERE matter = $1 "
                "AND agent = $2 AND (cardinality($6::text[]) = 0 OR item = ANY ($6))",
                matter, e.left, e.agent, e.body, day, e.items,
            )  # fmt: skip
            await connection.execute(
                "DELETE FROM view_agents WHERE matter = $1 AND agent = $2 AND NOT EXISTS "
                "(SELECT FROM view_tasks WHERE matter = $1 AND agent = $2)",
                matter, e.left,
            )  # fmt: skip
            await _answers(connection, told, e.agent, e.body, lead=e.lead)


async def _answers(
    connection: Connection, told: Told, agent: str, body: str, *, lead: bool
) -> None:
    matter = told.about.stream
    if lead:
        await connection.execute(
            "UPDATE view_agents SET lead = false WHERE matter = $1", matter
        )
    await connection.execute(
        "INSERT INTO view_agents VALUES ($1, $2, $3, $4, $5) ON CONFLICT (matter, agent) "
        "DO UPDATE SET body = $4, lead = view_agents.lead OR $5",
        matter, agent, told.about.area, body, lead,
    )  # fmt: skip


PROJECTIONS = {
    "staff": staff,
    "posts": posts,
    "trainings": trainings,
    "queue": queue,
    "load": load,
}
