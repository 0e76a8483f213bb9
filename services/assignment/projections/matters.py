"""How does each event change what can be read of queue and load?"""

from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    AssignmentAcknowledged,
    ItemDispatched,
    MatterRouted,
)
from services.assignment.projections.legal import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


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
                "UPDATE view_matters SET lead_agent = $2, "
                "dispatched_on = coalesce(dispatched_on, $3) WHERE matter = $1",
                matter, agent, day,
            )  # fmt: skip


async def load(connection: Connection, told: Told) -> None:
    """Whose hands each item is in (专员在办)."""
    day, matter, area = legal_day(told.about.effective), told.about.stream, told.about.area
    match told.event:
        case ItemDispatched() as e:
            await connection.execute(
                "INSERT INTO view_tasks VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT "
                "(matter, item) DO UPDATE SET agent = $4, body = $5, since = $6",
                matter, e.item, area, e.agent, e.body, day, e.points, e.shadow,
            )  # fmt: skip
            await connection.execute(
                "UPDATE view_agents SET acknowledged_on = NULL, since = $3 "
                "WHERE matter = $1 AND agent = $2",
                matter, e.agent, day,
            )  # fmt: skip
        case AssignmentAcknowledged() as e:
            await connection.execute(
                "UPDATE view_agents SET acknowledged_on = $3, "
                "promised_at = coalesce($4, promised_at) WHERE matter = $1 AND agent = $2",
                matter, e.agent, day, e.promised_at,
            )  # fmt: skip
        case AgentAssigned() as e:
            await _answers(connection, told, e.agent, e.body, lead=e.lead)
        case AgentReassigned() as e:
            await _lent(connection, told, e)
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
        "INSERT INTO view_agents VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (matter, agent) "
        "DO UPDATE SET body = $4, lead = view_agents.lead OR $5, acknowledged_on = NULL, since = $6",
        matter, agent, told.about.area, body, lead, legal_day(told.about.effective),
    )  # fmt: skip


async def _lent(connection: Connection, told: Told, e: AgentReassigned) -> None:
    """What somebody has in hand for one who is away: until it moves on, to whomever."""
    matter = told.about.stream
    await connection.execute(
        "DELETE FROM view_lent WHERE matter = $1 AND substitute = $2 "
        "AND (cardinality($3::text[]) = 0 OR item = ANY ($3))",
        matter, e.left, e.items,
    )  # fmt: skip
    if e.cause == "leave":
        await connection.execute(
            "INSERT INTO view_lent SELECT matter, item, agent, $3 FROM view_tasks "
            "WHERE matter = $1 AND agent = $2 "
            "AND (cardinality($4::text[]) = 0 OR item = ANY ($4)) "
            "ON CONFLICT (matter, item) DO UPDATE SET person = excluded.person, substitute = $3",
            matter, e.left, e.agent, e.items,
        )  # fmt: skip
