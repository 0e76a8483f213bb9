"""What may people ask about a matter's assignment?"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from contracts.pack.promising import last_day, path_of, promise_of
from contracts.vocabulary import AreaCode
from services.assignment.api.answers import matters as shapes
from services.assignment.api.reading import Limit, Seen, may_read, views_then
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    ConfirmNotice,
    ConfirmTransfer,
    DeclareConflict,
    DispatchItems,
    NameOwner,
    PairSteward,
    ReassignAgent,
    RouteMatter,
    TransferItems,
)
from services.assignment.domain.explaining import explained
from services.assignment.domain.rights import RIGHTS
from services.assignment.domain.state import Assigned
from services.assignment.service import Assignment, Matter
from shared.answering import (
    Items,
    Rows,
    Several,
    answers,
    cursor_number,
    following,
    json_answer,
    passing,
)
from shared.asking import Ask, By, permit, takes
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem

matters = APIRouter(prefix="/matters", tags=["matters"])
several = APIRouter(tags=["matters"])

takes(
    matters,
    Ask("/{id}/routing", RouteMatter),
    Ask("/{id}/dispatch", DispatchItems),
    Ask("/{id}/acknowledgement", AcknowledgeAssignment),
    Ask("/{id}/reassignment", ReassignAgent),
    Ask("/{id}/conflicts", DeclareConflict),
    Ask("/{id}/notice-confirmation", ConfirmNotice),
    Ask("/{id}/transfer", TransferItems),
    Ask("/{id}/transfer-confirmation", ConfirmTransfer),
    Ask("/{id}/steward", PairSteward),
    Ask("/{id}/items/{item}/owner", NameOwner),
)


@matters.get("/{id}", **answers(shapes.Matter))
async def matter(request: Request, id: UUID) -> Response:
    """Where the matter went and why, and who answers for what (办件派单情况)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    position = await service.floor.log.position()
    found, state, version = await service.matter(id)
    by = By(principal, id, None, service.floor.clock())
    permit(RIGHTS, by, "Read", await service.standing(found, state, id, principal))
    told = _described(id, found, state, version, position)
    pack = service.floor.packs.edition(found.pack).pack
    told["routing"] = explained(state, pack, None) if state.routed else None
    told["chief"] = await service.chief(found, state)
    return json_answer(told, headers={"ETag": f'"{version}"'})


@several.get("/several-matters", **answers(Items[shapes.MatterTold]))
async def read_several(request: Request, id: Several) -> Response:
    """Where several matters went: those that are there and the caller's to read (批量派单情况)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    position, items = await service.floor.log.position(), []
    for one in dict.fromkeys(id):
        try:
            found, state, version = await service.matter(one)
            by = By(principal, one, None, service.floor.clock())
            permit(RIGHTS, by, "Read", await service.standing(found, state, one, principal))
        except Problem as problem:
            if problem.code not in ("not_found", "forbidden"):
                raise
            continue
        items.append(_described(one, found, state, version, position))
    return json_answer({"items": items})


@matters.get("/{id}/routing", **answers(shapes.Routing))
async def routing(request: Request, id: UUID) -> Response:
    """Which rule decided on which facts, why not the others, and what changed since
    (派单理由)."""
    service: Assignment = request.app.state.service
    principal = await principal_of(request)
    found, state, version = await service.matter(id)
    by = By(principal, id, None, service.floor.clock())
    permit(RIGHTS, by, "Read", await service.standing(found, state, id, principal))
    told = explained(
        state, service.floor.packs.edition(found.pack).pack, await service.known(id)
    )
    return json_answer(told, headers={"ETag": f'"{version}"'})


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
            item: {
                "agent": t.agent,
                "body": t.body,
                "assisted_by": t.assisted_by,
                "shadow": t.shadow,
            }
            for item, t in state.items.items()
        },
        **_beside(state),
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


def _beside(state: Assigned) -> dict[str, Any]:
    """What stands beside the agents."""
    return {
        "co_leads": state.co_leads,
        "co_leading": sorted(state.co_leading),
        "groups": [group.model_dump(mode="json") for group in state.groups],
        "promised": dict(state.promised),
        "notice": state.notice
        and {
            "to": state.notice.to,
            "delay_minutes": state.notice.delay_minutes,
            "confirmed_by": state.notice.confirmed_by,
            "confirmed_after": state.notice.confirmed_after,
        },
        "steward": state.steward,
        "pair": [state.lead, state.steward] if state.lead and state.steward else None,
        "transfers": {
            item: {
                "to": sent.to,
                "confirm_by_on": sent.confirm_by,
                "confirmed_by": sent.person,
                "late": sent.late,
                "follow_until": sent.follow_until,
            }
            for item, sent in state.transfers.items()
        },
        "owners": {item: owner.person for item, owner in state.owners.items()},
        "without_owner": [item for item in state.items if item not in state.owners],
        "handover_sheets": list(state.sheets),
    }


@matters.get("", **answers(Rows[shapes.InQueue]))
async def list_matters(
    request: Request,
    area: AreaCode,
    agent: str | None = None,
    after: str = "",
    limit: Limit = 50,
    min_position: Seen = 0,
) -> Response:
    """Matters in order of arrival; `agent` for those one person answers for (办件列表)."""
    service = await may_read(request, "Read", area, own=agent, seen=min_position)
    rows = await service.queries.matters(area, agent, cursor_number(after), limit)
    return json_answer({"rows": rows, "after": following(rows, limit, "position")})


@matters.get("/queue/{area}", **answers(shapes.Queue))
async def queue(
    request: Request,
    area: AreaCode,
    after: str = "",
    limit: Limit = 200,
    min_position: Seen = 0,
    at: At = None,
) -> Response:
    """Who waits for an agent, in order, by when it is due, and who jumped (派单次序; YO-74)."""
    service = await may_read(request, "ReadRoster", area, seen=min_position)
    rules = service.floor.packs.for_area(area)
    promise = promise_of(rules.pack, "ItemDispatched")
    passed = cursor_number(after)
    async with views_then(service, at, "queue") as (then, queries):
        found = await queries.queue(area, passed, limit + 1)
        jumped = await queries.jumps(area)
    rows, goes_on = passing(found, limit, passed)
    for row in rows:
        if promise:
            due = last_day(rules.calendar, row["routed_on"], promise.within)
            row |= {"due_on": due.date, "estimated": due.estimated}
    ours = _defaults(rules.pack.defaults(), path_of(promise)) if promise else []
    return then.told(
        json_answer({"waiting": rows, "after": goes_on, "jumped": jumped, "defaults": ours})
    )


def _defaults(defaults: Any, path: str) -> list[str]:
    return [d.path for d in defaults if d.path.startswith(path)]
