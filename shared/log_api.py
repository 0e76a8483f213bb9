"""The log over HTTP: the same messages as on the bus, from any position, for those who fell behind."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from shared.envelope import message_of
from shared.eventstore.log import Log
from shared.http import principal_of
from shared.problems import Problem
from shared.relay import said_after

READERS = frozenset({"service", "auditor"})


def log_routes(log: Log) -> APIRouter:
    """Routes over `log`, for services and auditors."""
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/messages")
    async def messages(
        request: Request,
        after: Annotated[int, Query(ge=0)] = 0,
        limit: Annotated[int, Query(ge=1, le=500)] = 200,
    ) -> Response:
        """CloudEvents after a position, one a line, in commit order. Nothing is ever skipped."""
        if not (await principal_of(request)).roles & READERS:
            raise Problem("forbidden")
        said = await said_after(log.pool, after, limit)
        lines = b"\n".join(message_of(log.service, s)[1] for s in said)
        return Response(lines, media_type="application/cloudevents-batch+jsonl")

    @router.get("/position")
    async def position(request: Request) -> dict[str, int]:
        """The last position."""
        await principal_of(request)
        return {"position": await log.position()}

    return router
