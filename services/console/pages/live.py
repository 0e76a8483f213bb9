"""What moved meanwhile: a stream of the services' positions, for screens that are open."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from services.console.backend import Caller, Refusal
from services.console.entering import Me
from services.console.settings import SERVICES
from shared.effects import monotonic

router = APIRouter()

EVERY = 2.0
GOOD_FOR = 1.5
"""Seconds for which one look at a service serves every open screen of this console."""
LONGEST = 300.0
"""Seconds after which the browser asks anew, with a token that is still good."""

type Positions = dict[str, tuple[float, int | None]]


@router.get("/live")
async def live(
    request: Request, me: Me, of: Annotated[str, Query(max_length=100)] = ""
) -> StreamingResponse:
    """An event whenever one of the services `of` (with commas) has recorded something."""
    asked = [service for service in of.split(",") if service in SERVICES]
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(
        _moves(request, me, asked), media_type="text/event-stream", headers=headers
    )


async def _moves(request: Request, me: Caller, services: list[str]) -> AsyncIterator[bytes]:
    last: Mapping[str, int | None] | None = None
    yield b"retry: 3000\n\n"
    for _ in range(int(LONGEST / EVERY)):
        if await request.is_disconnected():
            return
        now = {one: await _position(request, me, one) for one in services}
        if now != last:
            name = b"here" if last is None else b"moved"
            yield b"event: " + name + b"\ndata: " + orjson.dumps(now) + b"\n\n"
        last = now
        await asyncio.sleep(EVERY)


async def _position(request: Request, me: Caller, service: str) -> int | None:
    """The last position of a service, looked up once for all who watch it."""
    known: Positions = request.app.state.positions
    until, position = known.get(service, (0.0, None))
    if monotonic() > until:
        known[service] = monotonic() + GOOD_FOR, position  # others wait for this look
        try:
            position = int((await me.get(service, "/log/position"))["shown"])
        except Refusal:
            position = None
        known[service] = monotonic() + GOOD_FOR, position
    return position
