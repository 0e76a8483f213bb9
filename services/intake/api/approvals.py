"""What waits for somebody's approval, and in which words was it asked for (待批准)?"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from services.intake import queries
from services.intake.api.answers import matters as shapes
from services.intake.api.listing import Rows, asked_for, then
from services.intake.api.reading import answer, page_of, readable, service_of
from shared.answering import Page, answers
from shared.eventstore.reading import read_personal
from shared.http import principal_of

type Purpose = Annotated[str, Query(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]

router = APIRouter(tags=["approvals"])
MOST = 10


@router.get(
    "/approvals",
    summary="待批准 What one person asked and another must approve",
    **answers(Page[shapes.ApprovalRow]),
)
async def waiting(request: Request, rows: Rows) -> Response:
    """`mine` says that you asked for it yourself and cannot approve it (四眼原则)."""
    who, page = await asked_for(request, "ReadApprovals", rows)
    async with then(request, rows, "approvals") as seen:
        found = await queries.approvals(seen.over, page)
    told = [{**row, "mine": row["asked_by"] == who.id} for row in found]
    return seen.told(page_of(told, page.limit, "event"))


@router.get(
    "/matters/{id}/approvals",
    summary="提请内容 What was asked for, and why; noted",
    **answers(shapes.Approvals),
)
async def asked(request: Request, id: UUID, purpose: Purpose = "approve") -> Response:
    """Who reads the words is put on record before they leave."""
    who, service = await principal_of(request), service_of(request)
    case = await readable(request, id, "ReadApprovals")
    floor = service.floor
    rows = await queries.approvals(floor.log.pool, queries.Page(None, None, MOST), id)
    said = await read_personal(floor.log, floor.keeper, id, actor=who.id, purpose=purpose)
    lines = [
        {**row, "mine": row["asked_by"] == who.id, **said.get(row["event"], {})} for row in rows
    ]
    return answer({"id": id, "items": lines}, case.version)
