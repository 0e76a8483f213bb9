"""What can be read of matters?"""

from dataclasses import replace
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.intake import queries
from services.intake.api.answers import matters as shapes
from services.intake.api.entrusted import entrusted_of
from services.intake.api.reading import (
    Cursor,
    Limit,
    Position,
    answer,
    page_of,
    readable,
    readable_then,
    service_of,
    wanted_rows,
)
from services.intake.domain.papers import complete_items, confirmed_draft, missing, needed
from services.intake.service import Intake
from services.intake.service.lookup import Case, legal_today
from shared.answering import Items, Page, Several, answers
from shared.eventstore.reading import read_personal
from shared.http import principal_of
from shared.past import At
from shared.problems import Problem

type Purpose = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]

router = APIRouter(tags=["matters"])
CONTACTS = ("lead_name", "lead_phone", "handler_name", "handler_phone")


@router.get(
    "/matters/{id}",
    summary="办件 One matter as it stands",
    **answers(shapes.MatterTold),
)
async def matter(request: Request, id: UUID) -> Response:
    position = await service_of(request).floor.log.position()
    case = await readable(request, id)
    return answer(await _shown(service_of(request), case, position), case.version)


@router.get(
    "/several-matters",
    summary="一批办件 Several matters as they stand",
    **answers(Items[shapes.MatterTold]),
)
async def several(request: Request, id: Several) -> Response:
    """Those of them that are there and the caller's to read, in the order they were asked for."""
    position = await service_of(request).floor.log.position()
    items = []
    for one in dict.fromkeys(id):
        try:
            case = await readable(request, one)
        except Problem as problem:
            if problem.code not in ("not_found", "forbidden"):
                raise
            continue
        items.append(await _shown(service_of(request), case, position))
    return answer({"items": items})


async def _shown(service: Intake, case: Case, position: int) -> dict[str, Any]:
    state, pack, id = case.state, case.rules.pack, case.id
    today = legal_today(service.floor.clock())
    facts = service.look.facts(case, today, id)
    in_force = await service.look.in_force(case.opening.area, today)
    return {
        "id": id,
        "number": state.number,
        "version": case.version,
        "position": position,
        "state": state.phase,
        "eligibility": state.eligibility,
        "area": case.opening.area,
        "site": case.project.facts.get("site"),
        "project": case.opening.project,
        "pack": case.rules.edition,
        "in_force": in_force,
        "pack_notice": _notice(case.rules.edition, in_force),
        "stages": [
            {"id": stage.id, "canonical": stage.canonical, "zh": stage.zh}
            for stage in pack.process
            if state.mode in (None, "none") or state.mode in stage.modes
        ],
        "catalogue": case.rules.catalogue.edition,
        "mode": state.mode,
        "wanted": state.wanted,
        "applicant_tasks": [
            t for m in pack.modes if m.id == state.mode for t in m.applicant_tasks
        ],
        "items": state.items,
        "applicant": state.applicant,
        "handler": state.handler,
        "opened_on": case.opening.day,
        "body": state.body,
        "commission": _commission(case),
        "complete_items": complete_items(state, facts),
        "prechecked": tuple(state.prechecked),
        "confirmed_forms": _confirmed(case),
        "pieces": _pieces(case),
        "reused": {m: reuse.origin for m, reuse in state.reused.items()},
        "facts": case.project.spoken(),
        "milestones": {},
        **entrusted_of(case, facts),
    }


def _notice(followed: str, in_force: str | None) -> dict[str, str] | None:
    """Said on a matter whose rules new matters no longer follow (X-08)."""
    if followed == in_force:
        return None
    return {
        "zh": "本办件仍按受理时的方案版本办理；新办件适用的版本已变更。",
        "en": "This matter keeps the edition it began with; new matters follow another one.",
    }


def _commission(case: Case) -> dict[str, Any] | None:
    known = case.state.commission
    if known is None:
        return None
    return {
        "id": known.id,
        "number": known.number,
        "agent": known.agent,
        "items": sorted(known.items),
        "powers": sorted(known.powers),
        "consents": sorted(known.consents),
        "begins_on": known.begins_on,
        "ends_on": known.ends_on,
    }


def _confirmed(case: Case) -> dict[str, int]:
    drafts = {item: confirmed_draft(item, case.state) for item, _ in case.state.forms}
    return {item: draft for item, draft in drafts.items() if draft is not None}


def _pieces(case: Case) -> list[dict[str, Any]]:
    return [
        {
            "piece": id,
            "material": piece.material,
            "originals": piece.originals,
            "copies": piece.copies,
            "valid_until_on": piece.valid_until,
            "replaced": id in case.state.replaced,
        }
        for id, piece in case.state.pieces.items()
    ]


@router.get(
    "/matters/{id}/materials",
    summary="材料清单 What each item needs, has and lacks",
    **answers(shapes.Materials),
)
async def materials(request: Request, id: UUID, at: At = None) -> Response:
    """The look-ahead list too: what later items will need (YO-30)."""
    service = service_of(request)
    case, then = await readable_then(request, id, at)
    facts = service.look.facts(case, then.today, id)
    names = {m.id: m.zh for m in case.rules.catalogue.materials}
    lines = []
    for item in case.state.items:
        lacking = missing(item, case.state, facts)
        papers = [
            {"material": m, "zh": names[m], "missing": m in lacking}
            for m in needed(item, case.state, facts)
        ]
        lines.append(
            {
                "item": item,
                "zh": case.rules.catalogue.item(item).zh,
                "after": case.rules.catalogue.predecessors(item, case.state.items),
                "materials": papers,
                "complete": not lacking,
                "prechecked": item in case.state.prechecked,
            }
        )
    asked = [
        {"request": id, "materials": sorted(a.materials), "ahead": a.ahead, "due_on": a.due_on}
        for id, a in case.state.asked.items()
    ]
    return then.told(answer({"id": id, "items": lines, "asked": asked}, case.version))


@router.get(
    "/matters/{id}/people",
    summary="联系人 Whom to call at the unit; noted",
    **answers(shapes.People),
)
async def people(request: Request, id: UUID, purpose: Purpose = "contact") -> Response:
    """Names and telephones of the unit's lead and handler: who reads them is put on record
    before they leave (HS-17)."""
    service, who = service_of(request), await principal_of(request)
    case = await readable(request, id, "ReadPeople")
    floor = service.floor
    found = await read_personal(floor.log, floor.keeper, id, actor=who.id, purpose=purpose)
    known: dict[str, Any] = {}
    for fields in found.values():
        known |= {name: fields[name] for name in CONTACTS if fields.get(name) is not None}
    return answer({"id": id, "people": known}, case.version)


@router.get(
    "/matters",
    summary="办件列表 Matters, a page at a time",
    **answers(Page[shapes.MatterRow]),
)
async def matters(  # noqa: PLR0913
    request: Request,
    area: str | None = None,
    state: str | None = None,
    project: UUID | None = None,
    open: bool = False,
    latest: bool = False,
    id: Annotated[list[UUID] | None, Query(max_length=50)] = None,
    after: Cursor = None,
    limit: Limit = 50,
    min_position: Position = None,
) -> Response:
    """By the day on which each was asked for. `open`: neither declined nor filed; `latest`: the
    last one first; `id`: these alone."""
    wanted = await wanted_rows(request, area, after, limit, min_position)
    wanted = replace(wanted, state=state, project=project, open=open, latest=latest, ids=id)
    return page_of(await queries.matters(service_of(request).floor.log.pool, wanted), limit)
