"""Restricted personal data over HTTP (限制处理): with a reason, on record, and for few."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request

from shared.answering import answers
from shared.answers import Restricted
from shared.eventstore.disclosure import Keeper
from shared.eventstore.log import Log
from shared.eventstore.reading import read_personal
from shared.http import principal_of
from shared.problems import Problem

READERS = frozenset({"archivist", "supervisor", "head", "deputy_head"})
"""Of the area that the data belong to; auditors everywhere."""
_AREA = "SELECT about::json ->> 'area' FROM events WHERE stream = $1 ORDER BY version LIMIT 1"

type Reason = Annotated[
    str,
    Query(
        min_length=5,
        max_length=150,
        description="为何必须查阅（写明法定事由，不写姓名）: why, without any name; goes on record",
    ),
]


def restricted_routes(log: Log, keeper: Keeper) -> APIRouter:
    """The one route that opens what is restricted; nothing opens what was erased (X-13)."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/restricted/{stream}", **answers(Restricted))
    async def restricted(request: Request, stream: UUID, reason: Reason) -> dict[str, Any]:
        """Everything personal of a stream, by event id, also what may only be kept.

        Who read it and why is on record before anything is opened.
        """
        principal = await principal_of(request)
        everywhere = "auditor" in principal.roles
        if not everywhere and not principal.roles & READERS:
            raise Problem("forbidden")
        area = await log.pool.fetchval(_AREA, stream)
        if area is None or not (everywhere or area in principal.areas):
            raise Problem("not_found")
        found = await read_personal(
            log, keeper, stream, actor=principal.id, purpose=f"restricted: {reason}",
            despite=True,
        )  # fmt: skip
        return {
            "service": log.service,
            "stream": stream,
            "events": {str(event): said for event, said in found.items() if said},
        }

    return router
