"""How does each event change the list of matters?"""

from contracts.intake import (
    EligibilityAssessed,
    ItemScopeAmended,
    ItemScopeFixed,
    MaterialSetCompleted,
    MatterMigrated,
    ModeChosen,
    PrecheckFailed,
    ProjectAutoEnrolled,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from services.intake.queries import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def matters(over: Connection, told: Told) -> None:
    """One row for each matter: where it stands."""
    matter, day = told.entry.stream, legal_day(told.about.effective)
    match told.event:
        case ServiceRequested():
            await _requested(over, told, told.event)
        case ProjectAutoEnrolled():
            await _enrolled(over, told, told.event)
        case EligibilityAssessed(result=result):
            await _set(over, "eligibility = $2", matter, result)
        case ServiceAccepted(body=body):
            await _set(
                over, "state = 'accepted', body = $2, accepted_on = $3", matter, body, day
            )
        case ServiceDeclined():
            await _set(over, "state = 'declined'", matter)
        case ModeChosen(mode=mode):
            await _set(over, "mode = $2", matter, mode)
        case MatterMigrated(taken=taken):
            await _set(over, "pack = $2", matter, taken)
    await _items(over, told)


async def _items(over: Connection, told: Told) -> None:
    matter = told.entry.stream
    match told.event:
        case ItemScopeFixed(items=items):
            await _set(over, "items = $2", matter, list(items))
        case ItemScopeAmended(added=added, removed=removed):
            await _set(
                over,
                "items = array(SELECT unnest(items || $2::text[]) "
                "EXCEPT SELECT unnest($3::text[]) ORDER BY 1)",
                matter,
                list(added),
                list(removed),
            )
        case MaterialSetCompleted(item=item):
            await _set(
                over, "complete_items = array_remove(complete_items, $2) || $2", matter, item
            )
        case PrecheckFailed(item=item):
            await _set(over, "complete_items = array_remove(complete_items, $2)", matter, item)


async def _requested(over: Connection, told: Told, event: ServiceRequested) -> None:
    about = told.about
    await over.execute(
        "INSERT INTO view_matters (id, number, area, project, pack, people, state, wanted, "
        "channel, requested_on, items) "
        "VALUES ($1, $2, $3, $4, $5, $6, 'requested', $7, $8, $9, $10)",
        told.entry.stream, event.number, about.area, about.project, about.pack,
        [person for person in (event.applicant, event.handler) if person],
        event.wanted, about.channel, legal_day(about.effective), list(event.items),
    )  # fmt: skip


async def _enrolled(over: Connection, told: Told, event: ProjectAutoEnrolled) -> None:
    about = told.about
    await over.execute(
        "INSERT INTO view_matters (id, number, area, project, pack, people, state, wanted, mode, "
        "channel, requested_on) VALUES ($1, $2, $3, $4, $5, $6, 'requested', $7, $7, $8, $9)",
        told.entry.stream, event.number, about.area, about.project, about.pack,
        [event.applicant] if event.applicant else [], event.mode, about.channel,
        legal_day(about.effective),
    )  # fmt: skip


async def _set(over: Connection, what: str, *values: object) -> None:
    """`what` is one of the constants above, never text from outside."""
    await over.execute(f"UPDATE view_matters SET {what} WHERE id = $1", *values)
