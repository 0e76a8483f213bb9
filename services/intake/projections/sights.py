"""How does each event change what is known of projects nobody has applied for yet?"""

from contracts.event import Event
from contracts.intake import (
    ChecklistDelivered,
    ChecklistPublished,
    ContactLinked,
    HelpPrompted,
    NoticePublished,
    OutreachClosed,
    OutreachOpened,
    PolicyPushed,
    ProjectAmended,
    ProjectAutoEnrolled,
    ProjectRegistered,
    ServiceRequested,
    ServiceVisited,
)
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def sights(over: Connection, told: Told) -> None:
    """First sights, outreach, prompts to help, and whose names are to be indexed."""
    match told.event:
        case ProjectRegistered() | ProjectAmended():
            await _seen(over, told, told.event)
        case ServiceRequested() | ProjectAutoEnrolled():
            await over.execute(
                "UPDATE view_sights SET has_matter = true WHERE project = $1",
                told.about.project,
            )
        case ContactLinked(to_project=project) if project is not None:
            await over.execute(
                "UPDATE view_sights SET led = true, position = $2 WHERE project = $1",
                project,
                told.entry.position,
            )
        case NoticePublished(notice=notice, kind="policy"):
            await over.execute(
                "INSERT INTO view_policies (notice, area, position) VALUES ($1, $2, $3)",
                notice,
                told.about.area,
                told.entry.position,
            )
        case HelpPrompted(items=items, seen_by=seen_by, prompted_on=day):
            await over.execute(
                "INSERT INTO view_prompts (event, matter, area, project, items, seen_by, "
                "prompted_on) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                told.entry.id, told.entry.stream, told.about.area, told.about.project,
                list(items), seen_by, day,
            )  # fmt: skip
        case _:
            await _outreach(over, told)


async def _seen(
    over: Connection, told: Told, event: ProjectRegistered | ProjectAmended
) -> None:
    project, area, position = told.entry.stream, told.about.area, told.entry.position
    await over.execute(
        "INSERT INTO view_sights (project, area, position, source) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (project) DO UPDATE SET position = $3, "
        "source = coalesce(view_sights.source, $4)",
        project, area, position, event.source,
    )  # fmt: skip
    if _names_are_told(told):
        await over.execute(
            "INSERT INTO view_naming (project, area, told) VALUES ($1, $2, $3) "
            "ON CONFLICT (project) DO UPDATE SET told = $3",
            project,
            area,
            position,
        )


def _names_are_told(told: Told) -> bool:
    """Whether the fact holds digests of personal members: names may be among them."""
    return '"_sd"' in told.entry.fact


async def _outreach(over: Connection, told: Told) -> None:
    id, about = told.entry.stream, told.about
    event: Event = told.event
    match event:
        case OutreachOpened(rule=rule, what=what, via=via, opened_on=day):
            await over.execute(
                "INSERT INTO view_outreach (id, area, project, rule, what, via, phase, opened_on) "
                "VALUES ($1, $2, $3, $4, $5, $6, 'open', $7)",
                id, about.area, about.project, rule, what, list(via), day,
            )  # fmt: skip
        case ChecklistPublished(edition=edition, digest=digest):
            await _set(over, "edition = $2, digest = $3, brought = '{}'", id, edition, digest)
        case ChecklistDelivered(via=via):
            await _set(over, "brought = array_remove(brought, $2) || $2::text", id, via)
        case PolicyPushed(via=via, notice=notice):
            await over.execute(
                "INSERT INTO view_pushes (project, notice, area, position) "
                "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                about.project,
                notice,
                about.area,
                told.entry.position,
            )
            await _set(
                over,
                "policies = policies + 1, brought = CASE WHEN what = 'policy_push' "
                "THEN array_remove(brought, $2) || $2::text ELSE brought END",
                id,
                via,
            )
        case ServiceVisited(via=via):
            await _set(
                over,
                "visits = visits + 1, brought = CASE WHEN what = 'service_visit' "
                "THEN array_remove(brought, $2) || $2::text ELSE brought END",
                id,
                via,
            )
        case OutreachClosed(outcome=outcome, closed_on=day):
            await _set(over, "phase = 'closed', outcome = $2, closed_on = $3", id, outcome, day)


async def _set(over: Connection, what: str, *values: object) -> None:
    """`what` is one of the constants above, never text from outside."""
    await over.execute(f"UPDATE view_outreach SET {what} WHERE id = $1", *values)
