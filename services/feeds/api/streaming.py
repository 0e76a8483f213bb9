"""How does a feed flow over HTTP for as long as somebody reads: and is cut off when nobody does."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Literal

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.feeds.queries import after, size_of
from services.feeds.service import Feeds
from services.feeds.service.credentials import Caller
from shared.effects import monotonic
from shared.problems import Problem

type Form = Literal["ndjson", "sse"]

BATCH = 500
BEAT = 10.0
"""Seconds of silence after which the length of the feed is said: so one knows it is alive."""
SLOWEST_READ = 30.0
"""Seconds in which a reader must take what was sent; one that does not is cut off."""
MEDIA: dict[Form, str] = {"ndjson": "application/x-ndjson", "sse": "text/event-stream"}

_open: Counter[str] = Counter()


@asynccontextmanager
async def counted(caller: Caller) -> AsyncIterator[None]:
    """One of the streams the agency may have open; raises `Problem` when it has them all."""
    agency = caller.agency
    if _open[agency.id] >= agency.quota.streams:
        raise Problem("too_many", headers={"Retry-After": "30"}, streams=agency.quota.streams)
    _open[agency.id] += 1
    try:
        yield
    finally:
        _open[agency.id] -= 1


class Following(Response):
    """The feed from a position on, until the reader leaves or may no longer read."""

    def __init__(self, feeds: Feeds, caller: Caller, position: int, form: Form) -> None:
        super().__init__(media_type=MEDIA[form], headers={"Cache-Control": "no-store"})
        del self.headers["content-length"]
        self.headers["Onefile-Feed"] = caller.agency.feed
        self._feeds, self._caller, self._position, self._form = feeds, caller, position, form

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with counted(self._caller):
            gone = asyncio.create_task(_left(receive))
            flowing = asyncio.create_task(self._flow(send))
            try:
                await asyncio.wait({gone, flowing}, return_when=asyncio.FIRST_COMPLETED)
                if flowing.done():
                    with contextlib.suppress(TimeoutError, OSError):
                        flowing.result()
            finally:
                gone.cancel()
                flowing.cancel()
                await asyncio.gather(gone, flowing, return_exceptions=True)

    async def _flow(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        async for chunk in self._chunks():
            async with asyncio.timeout(SLOWEST_READ):
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _chunks(self) -> AsyncIterator[bytes]:
        feed, position, said = self._caller.agency.feed, self._position, monotonic()
        yield self._beat(await size_of(self._feeds.pool, feed))
        while self._feeds.credentials.still(self._caller):
            batch = await after(self._feeds.pool, feed, position, BATCH)
            if batch:
                yield b"".join(self._framed(one.position, one.message) for one in batch)
                position, said = batch[-1].position, monotonic()
                continue
            if monotonic() - said >= BEAT:
                yield self._beat(position)
                said = monotonic()
            async with self._feeds.grown:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._feeds.grown.wait(), 1.0)

    def _framed(self, position: int, message: bytes) -> bytes:
        if self._form == "sse":
            return b"id: %d\nevent: event\ndata: %s\n\n" % (position, message)
        return message + b"\n"

    def _beat(self, position: int) -> bytes:
        return b": %d\n\n" % position if self._form == "sse" else b"\n"


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
