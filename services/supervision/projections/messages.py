"""What goes out by message, what went past the approval system, what nobody reminded of?"""

from contracts.supervision import (
    ItemDecided,
    MessageSettled,
    ReminderCorrected,
    ReminderMissed,
)
from services.supervision.domain.notices import notices
from services.supervision.projections.days import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def messages(connection: Connection, told: Told) -> None:
    """What is to go out: written down once for each effect of each event, whatever is rebuilt."""
    entry, about = told.entry, told.about
    for notice in notices(told.event):
        await connection.execute(
            "INSERT INTO messages (event, effect, type, area, matter, stream, sent_to, person,"
            " recorded, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " ON CONFLICT DO NOTHING",
            entry.id, notice.effect, entry.type, about.area, about.matter, about.stream,
            notice.to, notice.person, about.recorded, entry.position,
        )  # fmt: skip
    if isinstance(told.event, MessageSettled):
        await _settled(connection, told.event, entry.position)


async def _settled(connection: Connection, event: MessageSettled, position: int) -> None:
    """Followed once: to rebuild the lists sends nothing again."""
    await connection.execute(
        "UPDATE messages SET settled = $4, attempts = 0, next_at = clock_timestamp(),"
        " state = CASE WHEN $3 THEN 'waiting' ELSE 'skipped' END"
        " WHERE event = $1 AND sent_to = $2 AND settled < $4"
        " AND state IN ('parked', 'unreached', 'expired')",
        event.message, event.to, event.step == "released", position,
    )  # fmt: skip


async def system_use(connection: Connection, told: Told) -> None:
    """What was decided, and whether the approval system ever spoke of it (体外循环; YY-28)."""
    event, about = told.event, told.about
    item = getattr(event, "item", None)
    if about.matter is None or not isinstance(item, str):
        return
    spoken = any(
        getattr(event, name, None) is not None for name in ("system_state", "system_ref")
    )
    if not spoken and not isinstance(event, ItemDecided):
        return
    decided = event if isinstance(event, ItemDecided) else None
    await connection.execute(
        "INSERT INTO view_system_use (matter, item, area, body, decided_on, in_system, position)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (matter, item) DO UPDATE"
        " SET body = coalesce($4, view_system_use.body),"
        " decided_on = coalesce($5, view_system_use.decided_on),"
        " in_system = view_system_use.in_system OR $6, position = $7",
        about.matter, item, about.area, decided.body if decided else None,
        (decided.decided_on or legal_day(told)) if decided else None, spoken,
        told.entry.position,
    )  # fmt: skip


async def missed(connection: Connection, told: Told) -> None:
    """Reminders that nobody gave (漏提醒; YY-54), and of which days it turned out that none was due."""
    one, about = told.event, told.about
    if isinstance(one, ReminderMissed) and about.matter is not None:
        await connection.execute(
            "INSERT INTO view_missed (position, area, matter, item, body, person, due_on,"
            " missed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING",
            told.entry.position, about.area, about.matter, one.item, one.to, one.person,
            one.due_on, one.missed_on,
        )  # fmt: skip
    if isinstance(one, ReminderCorrected) and about.matter is not None:
        await connection.execute(
            "UPDATE view_missed SET corrected_on = coalesce(corrected_on, $4)"
            " WHERE matter = $1 AND item = $2 AND due_on = $3",
            about.matter, one.item, one.due_on, legal_day(told),
        )  # fmt: skip
