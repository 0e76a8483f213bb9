"""What may people ask about projects nobody has applied for, and how do they find one?"""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from services.intake.api.answers import door as shapes
from services.intake.api.listing import Area, Rows, asked_for, relations, then
from services.intake.api.reading import (
    answer,
    may_read,
    page_of,
    service_of,
)
from services.intake.domain.feed import FeedProjects
from services.intake.domain.naming import Unsearchable, wanted
from services.intake.domain.notice import applying
from services.intake.queries import opening_of
from services.intake.queries import sights as lists
from services.intake.service.door import area_of
from services.intake.service.lookup import rule_facts
from services.intake.service.streams import OUTREACH
from shared.answering import Page, answers
from shared.asking import Ask, By, described
from shared.eventstore.identity import derived, origin_of
from shared.http import body_of, idempotency_key, principal_of, receipt, underway
from shared.problems import Problem
from shared.rights import Standing, accounts

router = APIRouter(tags=["sights"])


@router.get(
    "/search",
    summary="检索 One box: a code, a number, or how a unit's name begins",
    **answers(shapes.Found),
)
async def search(
    request: Request, q: Annotated[str, Query(max_length=200)], area: Area = None
) -> Response:
    """Names are read on record; at least two characters, four for the beginning of a name."""
    who, service = await principal_of(request), service_of(request)
    if not relations(who, "Search"):
        raise Problem("forbidden")
    try:
        typed = wanted(q)
    except Unsearchable:
        raise Problem("bad_parameter", parameter="q") from None
    areas = [a for a in sorted(who.areas) if area in (None, a)]
    found = await service.names.find(typed, areas, who.id)
    return answer({"items": found.items, "more": found.more})


@router.get(
    "/outreach",
    summary="主动对接 What is still to be brought to which project",
    **answers(Page[shapes.OutreachRow]),
)
async def outreach(
    request: Request,
    rows: Rows,
    open: bool = False,
    project: UUID | None = None,
) -> Response:
    _, page = await asked_for(request, "ReadDoor", rows)
    async with then(request, rows, "sights") as seen:
        found = await lists.outreach(seen.over, page, open_only=open, project=project)
    return seen.told(page_of(found, rows.limit))


@router.get(
    "/outreach/{id}",
    summary="批前服务清单 One outreach, and its list in full",
    **answers(shapes.Outreach),
)
async def one_outreach(request: Request, id: UUID) -> Response:
    """The list as it stands for the project now; `stale` says that it changed since."""
    who, service = await principal_of(request), service_of(request)
    area = await area_of(service.look, OUTREACH, id)
    opening = await opening_of(service.floor.log.pool, id)
    assert opening and opening.project and opening.edition
    _, project, _ = await service.look.project_of(opening.project)
    may_read(request, who, Standing(area, accounts(project.applicant)), "ReadOutreach")
    version, state = await service.floor.handling.state_of(OUTREACH, id)
    rules = service.floor.packs.edition(opening.edition)
    said = applying(rule_facts(project), rules.pack, rules.catalogue)
    materials = {m.id: m.zh for m in rules.catalogue.materials}
    lines = [
        {
            "item": line.item,
            "zh": rules.catalogue.item(line.item).zh,
            "department": rules.catalogue.item(line.item).dept,
            "condition": rules.catalogue.item(line.item).when,
            "materials": [{"material": m, "zh": materials[m]} for m in line.materials],
        }
        for line in said.lines
    ]
    body = {
        "id": id, "version": version, "area": area, "project": opening.project,
        "state": state.phase, "rule": state.rule, "what": state.what, "via": state.via,
        "brought": sorted(state.brought), "edition": state.edition, "digest": state.digest,
        "stale": bool(state.digest) and said.digest != state.digest,
        "undecided": said.undecided, "items": lines,
    }  # fmt: skip
    return answer(body, version)


@router.get(
    "/help-prompts",
    summary="主动帮办提示 Units that filed by themselves: offer them help",
    **answers(Page[shapes.Prompt]),
)
async def prompts(request: Request, rows: Rows) -> Response:
    _, page = await asked_for(request, "ReadDoor", rows)
    async with then(request, rows, "sights") as seen:
        found = await lists.prompts(seen.over, page)
    return seen.told(page_of(found, rows.limit, "event"))


@router.post(
    "/feeds/projects",
    summary=(FeedProjects.__doc__ or "").split("\n")[0],
    openapi_extra=dict(described(Ask("/feeds/projects", FeedProjects))),
    **answers(shapes.Fed, status=201),
)
async def feed(request: Request) -> Response:
    """Each row is answered: registered, amended, known, or refused with its reason."""
    service, who = service_of(request), await principal_of(request)
    key = idempotency_key(request)
    command = await body_of(request, FeedProjects)
    origin = origin_of(service.name, who.id, "POST /feeds/projects", key)
    stream = derived(origin, "stream")
    async with underway(request, origin):
        by = By(who, origin, None, service.floor.clock())
        done, seen = await service.first.feed(command, stream, by)
    said = receipt(request, stream, done, created=True)
    body = orjson.loads(bytes(said.body)) | {
        "rows": [
            {
                "row": one.row, "code": one.code, "outcome": one.outcome,
                "project": str(one.project) if one.project else None,
                "reason": one.reason, "remedy": one.remedy, "warnings": list(one.warnings),
            }
            for one in seen
        ]
    }  # fmt: skip
    headers = {k: v for k, v in said.headers.items() if k not in ("content-length",)}
    return Response(
        orjson.dumps(body), status_code=201, media_type="application/json", headers=headers
    )
