"""The checks of a store over HTTP: begin one, watch it, read what was found (持续核对)."""

import asyncio
from typing import Annotated, Any

import orjson
import structlog
from fastapi import APIRouter, Query, Request

from shared.answering import answers
from shared.answers import CheckBegun, Checks
from shared.eventstore.log import Log
from shared.http import principal_of
from shared.problems import Problem
from shared.rechecking import Busy, Checker

log = structlog.get_logger()

READERS = frozenset({"auditor", "admin", "service"})
ASKERS = frozenset({"auditor", "admin"})
_CHECKS = "SELECT number, ended, report, note FROM checks ORDER BY number DESC LIMIT $1"


def checks_routes(store: Log, checker: Checker) -> APIRouter:
    """Routes over the checks of one store, for auditors and administrators."""
    router = APIRouter(prefix="/log", tags=["log"])
    begun: set[asyncio.Task[None]] = set()

    async def checked() -> None:
        try:
            await checker.check()
        except Busy:
            pass
        except Exception as error:  # the asker sees that no result came; the service goes on
            log.error("check_failed", service=checker.service, error=repr(error))

    @router.get("/checks", **answers(Checks))
    async def checks(
        request: Request, limit: Annotated[int, Query(ge=1, le=100)] = 5
    ) -> dict[str, Any]:
        """The last checks, the newest first: what was compared, every difference by name.

        `note` is signed by the log key over the SHA-256 of `report`, byte for byte.
        """
        if not (await principal_of(request)).roles & READERS:
            raise Problem("forbidden")
        rows = await store.pool.fetch(_CHECKS, limit)
        told = await checker.teller.told(limit) if checker.teller else {}
        return {
            "service": store.service,
            "running": checker.running,
            "progress": {part: list(at) for part, at in checker.progress.items()},
            "checks": [_shown(dict(row), told.get(row["number"])) for row in rows],
            "unkept": [
                _shown({"number": None, **one._asdict()}, None) for one in checker.unkept
            ],
        }

    @router.post("/checks", **answers(CheckBegun, status=202))
    async def begin(request: Request) -> dict[str, Any]:
        """Begin a check now; watch it with GET. One that is under way is not begun twice."""
        if not (await principal_of(request)).roles & ASKERS:
            raise Problem("forbidden")
        if not checker.running:
            task = asyncio.create_task(checked(), name=f"{store.service}-check")
            begun.add(task)
            task.add_done_callback(begun.discard)
        return {"service": store.service, "running": True}

    return router


def _shown(kept: dict[str, Any], position: int | None) -> dict[str, Any]:
    report = orjson.loads(kept["report"])
    return {
        **{name: kept[name] for name in ("number", "ended", "report", "note")},
        **{name: report[name] for name in ("upto", "found", "parts")},
        "position": position,
    }
