"""How does each event change what can be read of intake?"""

from collections.abc import Mapping

from contracts.intake import (
    AgreementEnded,
    CommissionFiled,
    ConsultationAnswered,
    EligibilityAssessed,
    ItemScopeAmended,
    ItemScopeFixed,
    MaterialSetCompleted,
    MatterMigrated,
    ModeChosen,
    NoticePublished,
    PrecheckFailed,
    ProjectAmended,
    ProjectRegistered,
    PublicityLogged,
    ServiceAccepted,
    ServiceDeclined,
    ServiceRequested,
)
from services.intake.queries import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Project, Told


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


async def matters(over: Connection, told: Told) -> None:
    """One row for each matter: where it stands."""
    matter, day = told.entry.stream, legal_day(told.about.effective)
    match told.event:
        case ServiceRequested():
            await _requested(over, told, told.event)
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


async def _set(over: Connection, what: str, *values: object) -> None:
    """`what` is one of the constants above, never text from outside."""
    await over.execute(f"UPDATE view_matters SET {what} WHERE id = $1", *values)


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
        case AgreementEnded(commission=commission, cause=cause):
            await over.execute(
                "UPDATE view_commissions SET ended = $2 WHERE commission = $1",
                commission,
                cause,
            )


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


PROJECTIONS: Mapping[str, Project] = {
    "projects": projects,
    "matters": matters,
    "commissions": commissions,
    "publicity": publicity,
}
