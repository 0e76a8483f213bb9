"""What may people ask of assignment?"""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from contracts.vocabulary import AreaCode, BodyId, Role, Word
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    AddStaff,
    AmendStaff,
    DeclareConflict,
    DispatchItems,
    FillPost,
    HoldTraining,
    ReassignAgent,
    RecordAttendance,
    RemoveStaff,
    RouteMatter,
    VacatePost,
)
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.state import Assigned
from services.assignment.service import Assignment, Matter
from shared.answering import cursor_number, cursor_text, following, json_answer
from shared.asking import Ask, By, permit, takes
from shared.http import principal_of
from shared.problems import Problem
from shared.rights import Standing

type Limit = Annotated[int, Query(ge=1, le=200)]
type Seen = Annotated[int, Query(ge=0)]

matters = APIRouter(prefix="/matters", tags=["matters"])
staff = APIRouter(tags=["roster"])
ROUTERS = (matters, staff)

takes(
    matters,
    Ask("/{id}/routing", RouteMatter),
    Ask("/{id}/dispatch", DispatchItems),
    Ask("/{id}/acknowledgement", AcknowledgeAssignment),
    Ask("/{id}/reassignment", ReassignAgent),
    Ask("/{id}/conflicts", DeclareConflict),
)
takes(
    staff,
    Ask("/staff", AddStaff),
    Ask("/staff/amendments", AmendStaff),
    Ask("/staff/removals", RemoveStaff),
    Ask("/posts", FillPost),
    Ask("/posts/vacancies", VacatePost),
    Ask("/trainings", HoldTraining),
    Ask("/trainings/attendance", RecordAttendance),
)


@matters.get("/{id}")
async def matter(request: Request, id: UUID) -> Response:
    """Where the matter went, and who answers for what (办件派单情况)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    position = await service.floor.log.position()
    found, state, version = await service.matter(id)
    by = By(principal, id, None, service.floor.clock())
    permit(RIGHTS, by, "Read", await service.standing(found, state, id, principal))
    return json_answer(
        _described(id, found, state, version, position), headers={"ETag": f'"{version}"'}
    )


def _described(
    id: UUID, matter: Matter, state: Assigned, version: int, position: int
) -> dict[str, Any]:
    return {
        "id": id,
        "version": version,
        "position": position,
        "area": matter.area,
        "site": state.site,
        "to": state.to,
        "lead_body": state.lead_body,
        "jointly": state.jointly,
        "assisted_by": state.assisted_by,
        "lead_agent": state.lead,
        "agents": list(state.agents),
        "items": {
            item: {"agent": t.agent, "body": t.body, "assisted_by": t.assisted_by}
            for item, t in state.items.items()
        },
        "acknowledged": sorted(state.acknowledged),
        "conflicts": [
            {"person": c.person, "items": c.items, "kind": c.kind, "remedy": c.remedy}
            for c in state.conflicts
        ],
        "hand_overs": [
            {
                "left": r.left,
                "agent": r.agent,
                "told_applicant": r.told_applicant,
                "consented": r.consented,
            }
            for r in state.relays
        ],
    }


@matters.get("")
async def list_matters(
    request: Request,
    area: AreaCode,
    agent: str | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
) -> Response:
    """Matters in order of arrival; `agent` for those one person answers for (办件列表)."""
    service = await _may(request, "Read", area, own=agent, seen=min_position)
    rows = await service.queries.matters(area, agent, cursor_number(after), limit)
    return json_answer({"rows": rows, "after": following(rows, limit, "position")})


@matters.get("/queue/{area}")
async def queue(request: Request, area: AreaCode, min_position: Seen = 0) -> Response:
    """Who waits for an agent, in order, by when it is due, and who jumped (派单次序; YO-74)."""
    service = await _may(request, "ReadRoster", area, seen=min_position)
    rules = service.floor.packs.for_area(area)
    promise = next((p for p in rules.pack.clocks.promises if p.id == "dispatch"), None)
    rows = await service.queries.queue(area)
    for row in rows:
        if promise:
            due = rules.calendar.add_working_days(row["routed_on"], promise.within.days)
            row |= {"due_on": due.date, "estimated": due.estimated}
    return json_answer(
        {
            "waiting": rows,
            "jumped": await service.queries.jumps(area),
            "defaults": _defaults(rules.pack.defaults(), "clocks.promises.dispatch"),
        }
    )


def _defaults(defaults: Any, path: str) -> list[str]:
    return [d.path for d in defaults if d.path.startswith(path)]


@staff.get("/staff")
async def list_staff(
    request: Request,
    area: AreaCode,
    body: BodyId | None = None,
    role: Role | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
) -> Response:
    """The roster, by body, without names: those are read one by one, and noted (花名册; YO-78)."""
    service = await _may(request, "ReadRoster", area, body=body, seen=min_position)
    rows = await service.queries.staff(area, body, role, cursor_text(after), limit)
    return json_answer({"rows": rows, "after": following(rows, limit, "person")})


@staff.get("/posts")
async def list_posts(
    request: Request, area: AreaCode, post: Word | None = None, min_position: Seen = 0
) -> Response:
    """Who held which post from when to when (任岗沿革; X-15)."""
    service = await _may(request, "ReadRoster", area, seen=min_position)
    return json_answer({"posts": await service.queries.posts(area, post)})


@staff.get("/trainings")
async def list_trainings(request: Request, area: AreaCode, min_position: Seen = 0) -> Response:
    """Trainings, who came, and which invited bodies sent nobody (培训台账; YO-55)."""
    service = await _may(request, "ReadRoster", area, seen=min_position)
    return json_answer({"trainings": await service.queries.trainings(area)})


@staff.get("/load")
async def load(request: Request, area: AreaCode, min_position: Seen = 0) -> Response:
    """Open items per person, and whose tasks nobody takes (在办量)."""
    service = await _may(request, "ReadRoster", area, seen=min_position)
    return json_answer(
        {
            "load": await service.queries.load(area),
            "orphaned": await service.orphaned(area),
        }
    )


@staff.get("/turnover")
async def turnover(
    request: Request, area: AreaCode, since: date, until: date, min_position: Seen = 0
) -> Response:
    """How stable each body's team was in a period (人员稳定; YO-52)."""
    service = await _may(request, "ReadRoster", area, seen=min_position)
    return json_answer({"bodies": await service.queries.turnover(area, since, until)})


async def _may(
    request: Request,
    action: str,
    area: str,
    *,
    body: str | None = None,
    own: str | None = None,
    seen: int = 0,
) -> Assignment:
    """The service, once the caller may read and the views have reached what he has seen."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    mine = frozenset({own}) if own else frozenset()
    bodies = frozenset({body}) if body else principal.bodies
    where = Standing(area, agents=mine, bodies=bodies)
    permit(RIGHTS, By(principal, UUID(int=0), None, service.floor.clock()), action, where)
    if seen and not await service.floor.views.reached(seen):
        raise Problem("behind")
    return service
