"""The log over HTTP: the same messages as on the bus, from any position, for those who fell behind."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from shared.answering import answers, files
from shared.answers import Parked, Released, Standing
from shared.envelope import message_of
from shared.eventstore.log import Log
from shared.hearing import Ear
from shared.http import principal_of
from shared.problems import Problem
from shared.relay import said_after

_PARKED = """
    SELECT speaker, position, stream, reason, parked::text FROM parked
    WHERE released IS NULL ORDER BY parked LIMIT 500
"""
_STANDING = """
    SELECT position, coalesce($1, position) AS shown,
           (SELECT recorded FROM events WHERE position <= coalesce($1, last.position)
            ORDER BY position DESC LIMIT 1),
           (SELECT coalesce(json_object_agg(substr(reader, 7), position), '{}')::text
            FROM cursors WHERE reader LIKE 'hears:%') AS heard
    FROM (SELECT coalesce(max(position), 0) AS position FROM events) AS last
"""
READERS = frozenset({"service", "auditor"})


def log_routes(log: Log, ears: Sequence[Ear], shown: Callable[[], int | None]) -> APIRouter:
    """Routes over `log`, for services and auditors, and over what its `ears` hold back.

    `shown` is the position that the views of this service have reached, None where it has none.
    """
    router = APIRouter(prefix="/log", tags=["log"])

    @router.get("/messages", **files("application/cloudevents-batch+jsonl"))
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

    @router.get("/position", **answers(Standing))
    async def position(
        request: Request, at: Annotated[int | None, Query(ge=0, le=2**53)] = None
    ) -> dict[str, Any]:
        """The last position; the one that the lists show, or `at`, and when that was recorded
        (截至); and how far the other services were heard.
        """
        await principal_of(request)
        row = await log.pool.fetchrow(_STANDING, shown() if at is None else at)
        assert row is not None
        nothing = {ear.speaker: 0 for ear in ears}  # of whom nothing was heard yet is told too
        return {**dict(row), "heard": nothing | orjson.loads(row["heard"])}

    @router.get("/parked", **answers(list[Parked]))
    async def parked(request: Request) -> list[dict[str, Any]]:
        """Messages whose effect was refused: the matter is held until a person releases it."""
        await _administrator(request)
        rows = await log.pool.fetch(_PARKED)
        return [dict(row) for row in rows]

    @router.post("/parked/{stream}/release", **answers(Released))
    async def release(request: Request, stream: UUID) -> dict[str, int]:
        """Take up what is held of a matter, in order, after its cause was mended."""
        await _administrator(request)
        return {"released": sum([await ear.release(stream) for ear in ears])}

    return router


async def _administrator(request: Request) -> None:
    if "admin" not in (await principal_of(request)).roles:
        raise Problem("forbidden")
