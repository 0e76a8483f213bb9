"""How does each event change what can be read of roster, posts and trainings?"""

from contracts.assignment import (
    PostFilled,
    PostVacated,
    StaffAdded,
    StaffAmended,
    StaffRemoved,
    TrainingAttended,
    TrainingHeld,
)
from services.assignment.projections.legal import legal_day
from shared.eventstore.postgres import Connection
from shared.projecting import Told


async def staff(connection: Connection, told: Told) -> None:
    """Who is on the roster, since when, until when (花名册)."""
    day, area = legal_day(told.about.effective), told.about.area
    match told.event:
        case StaffAdded() as e:
            await connection.execute(
                "INSERT INTO view_staff (area, person, body, body_kind, roles, skills, items, "
                "sites, added_on, home_body, staff_kind, languages) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                "ON CONFLICT (area, person) DO UPDATE SET body = $3, body_kind = $4, roles = $5, "
                "skills = $6, items = $7, sites = $8, home_body = $10, staff_kind = $11, "
                "languages = $12, removed_on = NULL, cause = NULL",
                area, e.person, e.body, e.body_kind, e.roles, e.skills, e.items, e.sites, day,
                e.home_body, e.staff_kind, e.languages or (),
            )  # fmt: skip
        case StaffAmended() as e:
            await connection.execute(
                "UPDATE view_staff SET body = coalesce($3, body), roles = coalesce($4, roles), "
                "skills = coalesce($5, skills), items = coalesce($6, items), "
                "sites = coalesce($7, sites), home_body = coalesce($8, home_body), "
                "staff_kind = coalesce($9, staff_kind), languages = coalesce($10, languages) "
                "WHERE area = $1 AND person = $2",
                area, e.person, e.body, e.roles, e.skills, e.items, e.sites, e.home_body,
                e.staff_kind, e.languages,
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
                "INSERT INTO view_posts (position, area, post, role, body, person, begins_on, "
                "ends_on, acting, slot, stage, item, duty_phone) "
                "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
                told.entry.position, area, e.post, e.role, e.body, e.person, e.begins_on,
                e.ends_on, e.acting, e.slot, e.stage, e.item, e.duty_phone,
            )  # fmt: skip
        case PostVacated() as e:
            await connection.execute(
                "UPDATE view_posts SET vacated_on = $4, cause = $5, successor = $6 "
                "WHERE area = $1 AND post = $2 AND person = $3 AND vacated_on IS NULL",
                area, e.post, e.person, e.vacated_on or legal_day(told.about.effective), e.cause,
                e.successor,
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
