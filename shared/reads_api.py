"""Who looked at personal data, over HTTP: for auditors and services; who asks is on record too."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from shared.answering import answers, json_answer
from shared.answers import Reads
from shared.effects import new_id
from shared.eventstore.log import Log
from shared.http import principal_of
from shared.problems import Problem

PATH = "/log/reads"
AT_ONCE = 50
"""Streams in one question."""
READERS = frozenset({"service", "auditor"})
_NOTE = """
    SELECT begin_read_v1(asked.id, $1, $2, asked.stream)
    FROM unnest($3::uuid[], $4::uuid[]) AS asked (id, stream)
"""
_READS = """
    SELECT actor, purpose, stream::text AS stream, at FROM reads
    WHERE stream = ANY ($1) ORDER BY at DESC, id DESC LIMIT $2
"""


def reads_routes(log: Log) -> APIRouter:
    """The route over the record of reads that `log`'s service keeps (查阅记录; HS-17)."""
    router = APIRouter(tags=["log"])

    @router.get(PATH, **answers(Reads))
    async def reads(
        request: Request,
        stream: Annotated[list[UUID], Query(min_length=1, max_length=AT_ONCE)],
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> Response:
        """Who looked at the personal data of some streams, when and for what; the newest first.

        Never what stood in them. The question is put on record before it is answered, so that
        it stands in the next answer.
        """
        principal = await principal_of(request)
        if not principal.roles & READERS:
            raise Problem("forbidden")
        asked = list(dict.fromkeys(stream))
        rows = await log.pool.fetch(_READS, asked, limit)
        ids = [new_id() for _ in asked]
        await log.pool.execute(_NOTE, principal.id, f"GET {PATH}", ids, asked)
        return json_answer({"service": log.service, "reads": [dict(row) for row in rows]})

    return router
