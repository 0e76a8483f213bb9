"""How does each event change the lists of what the unit authorised and handed in?"""

from datetime import date, datetime, time

from contracts.intake import (
    AgreementAmended,
    AgreementEnded,
    AgreementProposalWithdrawn,
    AgreementProposed,
    AgreementRenewed,
    AgreementResumed,
    AgreementSigned,
    AgreementSuspended,
    CommissionFiled,
    MaterialReceived,
)
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def commissions(over: Connection, told: Told) -> None:
    """One row for each commission, open until it ended."""
    match told.event:
        case CommissionFiled():
            event = told.event
            await over.execute(
                "INSERT INTO view_commissions "
                "(commission, matter, area, agent, begins_on, ends_on) "
                "VALUES ($1, $2, $3, $4, $5, $6)",
                event.commission, told.entry.stream, told.about.area, event.agent,
                event.begins_on, event.ends_on,
            )  # fmt: skip
        case AgreementEnded(commission=commission, cause=cause) if commission:
            await over.execute(
                "UPDATE view_commissions SET ended = $2 WHERE commission = $1",
                commission,
                cause,
            )


async def agreements(over: Connection, told: Told) -> None:
    """One row for each agreement, from the first signature on."""
    match told.event:
        case AgreementProposed() | AgreementSigned() as event:
            await _made(over, told, event)
            if isinstance(event, AgreementProposed):
                await _set(
                    over, "awaits = $2, takes_effect_on = $3", event.agreement,
                    list(event.awaits), event.takes_effect_on,
                )  # fmt: skip
            else:
                await _set(
                    over, f"{_STANDS}, begins_on = $4, ends_on = $5", event.agreement,
                    event.state, event.in_force, event.begins_on, event.ends_on,
                )  # fmt: skip
        case AgreementAmended() | AgreementRenewed() as event:
            await _set(
                over, f"{_STANDS}, ends_on = $4", event.agreement, event.state, event.in_force,
                event.ends_on,
            )  # fmt: skip
        case AgreementSuspended() | AgreementResumed() as event:
            await _set(over, _STANDS, event.agreement, event.state, event.in_force)
        case AgreementProposalWithdrawn() as event:
            await _set(
                over,
                f"{_SETTLED}, ended = CASE WHEN state IS NULL THEN 'withdrawn' END",
                event.agreement,
            )
        case AgreementEnded(agreement=agreement) if agreement:
            await _set(
                over, f"{_SETTLED}, state = coalesce($2, state), in_force = false, ended = $3",
                agreement, told.event.state, told.event.cause,
            )  # fmt: skip


_SETTLED = "awaits = '{}', takes_effect_on = NULL"
_STANDS = f"{_SETTLED}, state = $2, in_force = $3"


async def _made(
    over: Connection, told: Told, event: AgreementProposed | AgreementSigned
) -> None:
    await over.execute(
        "INSERT INTO view_agreements (agreement, matter, area, kind, number, label) "
        "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agreement) DO NOTHING",
        event.agreement, told.entry.stream, told.about.area, event.kind, event.number,
        event.label,
    )  # fmt: skip


async def _set(over: Connection, what: str, *values: object) -> None:
    """`what` is one of the constants above, never text from outside."""
    await over.execute(f"UPDATE view_agreements SET {what} WHERE agreement = $1", *values)


async def pieces(over: Connection, told: Told) -> None:
    """One row for each paper, with when it was handed in and when it was entered (X-01)."""
    event, about = told.event, told.about
    if not isinstance(event, MaterialReceived):
        return
    await over.execute(
        "INSERT INTO view_pieces (piece, matter, material, originals, copies, sheets, "
        "effective, happened, recorded) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) "
        "ON CONFLICT (piece) DO NOTHING",
        event.piece, told.entry.stream, event.material, event.originals, event.copies,
        event.sheets, about.effective, instant(about.effective), about.recorded,
    )  # fmt: skip
    if event.replaces:
        await over.execute(
            "UPDATE view_pieces SET replaced_by = $2 WHERE piece = $1",
            event.replaces,
            event.piece,
        )


def instant(effective: str) -> datetime:
    """When it happened; of an act known by its day alone, the beginning of that legal day."""
    if len(effective) > 10:
        return datetime.fromisoformat(effective)
    return datetime.combine(date.fromisoformat(effective), time(), LEGAL_ZONE)
