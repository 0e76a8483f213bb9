"""How does each event change what units, chiefs and departments are told?"""

from typing import Any

from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    CentreNotified,
    ItemOwnerNamed,
    MatterTransferred,
    NoticeConfirmed,
    StewardPaired,
    TransferConfirmed,
)
from services.assignment.projections.legal import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told

_NOTICE = """
    INSERT INTO view_notices (position, matter, area, kind, replaced, person, body, items, cause,
    told, consented, told_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""


async def notices(connection: Connection, told: Told) -> None:
    """What a unit is told of who serves it: who came, who went, what went elsewhere (HS-58)."""
    line: dict[str, Any]
    match told.event:
        case AgentAssigned() as e:
            kind = "lead_named" if e.lead else "agent_named"
            line = {"kind": kind, "person": e.agent, "body": e.body, "items": e.items}
        case AgentReassigned() as e:
            line = {
                "kind": "agent_changed", "replaced": e.left, "person": e.agent, "body": e.body,
                "items": e.items, "cause": e.cause, "told": e.told_applicant,
                "consented": e.consented,
            }  # fmt: skip
        case MatterTransferred() as e:
            line = {"kind": "transferred", "body": e.to, "items": e.items}
        case TransferConfirmed() as e:
            line = {
                "kind": "transfer_confirmed", "person": e.person, "body": e.to,
                "items": e.items,
            }  # fmt: skip
        case StewardPaired() as e:
            line = {"kind": "steward_paired", "replaced": e.replaces, "person": e.steward}
        case _:
            return
    await connection.execute(
        _NOTICE, told.entry.position, told.about.stream, told.about.area, line["kind"],
        line.get("replaced"), line.get("person"), line.get("body"), line.get("items", ()),
        line.get("cause"), line.get("told", True), line.get("consented"),
        legal_day(told.about.effective),
    )  # fmt: skip


async def beside(connection: Connection, told: Told) -> None:
    """Transfers, owners in the departments, and the centre that was told (转办、责任人、告知)."""
    matter, area, day = told.about.stream, told.about.area, legal_day(told.about.effective)
    match told.event:
        case MatterTransferred() as e:
            for item in e.items:
                await connection.execute(
                    "INSERT INTO view_transfers (matter, item, area, to_body, sent_on, "
                    "confirm_by_on, follow_until) VALUES ($1, $2, $3, $4, $5, $6, $7) "
                    "ON CONFLICT (matter, item) DO UPDATE SET to_body = $4, sent_on = $5",
                    matter, item, area, e.to, day, e.confirm_by_on, e.follow_until,
                )  # fmt: skip
        case TransferConfirmed() as e:
            await connection.execute(
                "UPDATE view_transfers SET confirmed_on = $3, person = $4 "
                "WHERE matter = $1 AND item = ANY ($2)",
                matter, e.items, day, e.person,
            )  # fmt: skip
        case ItemOwnerNamed() as e:
            await connection.execute(
                "INSERT INTO view_owners VALUES ($1, $2, $3, $4, $5, $6) "
                "ON CONFLICT (matter, item) DO UPDATE SET body = $4, person = $5, post = $6",
                matter, e.item, area, e.body, e.person, e.post,
            )  # fmt: skip
        case CentreNotified() as e:
            await connection.execute(
                "INSERT INTO view_told (matter, area, bodies, told_on, delay_minutes) "
                "VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                matter, area, e.to, day, e.delay_minutes,
            )  # fmt: skip
        case NoticeConfirmed() as e:
            await connection.execute(
                "UPDATE view_told SET confirmed_by = $2, confirmed_after = $3 WHERE matter = $1",
                matter, e.person, e.delay_minutes,
            )  # fmt: skip
