"""How does a replica leave so that nobody who follows its probes notices?"""

import asyncio
import signal
from collections.abc import Sequence

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.effects import monotonic
from shared.pauses import short_pauses

log = structlog.get_logger()

LAST_ANSWERS = 10
"""Seconds that open requests get to end in when nobody new is answered any more."""


class Leaving:
    """An ASGI application that, once told to leave, says so on `/readyz` and still answers.

    Every answer then closes its connection: who comes back is sent elsewhere.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self.told = asyncio.Event()
        self.at_once = asyncio.Event()

    def tell(self) -> None:
        """A signal: leave; a second one: at once."""
        (self.at_once if self.told.is_set() else self.told).set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.told.is_set():
            await self._app(scope, receive, send)
            return
        if scope["path"] == "/readyz":
            await _not_ready(send)
            return

        async def and_close(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [h for h in message["headers"] if h[0].lower() != b"connection"]
                message["headers"] = [*kept, (b"connection", b"close")]
            await send(message)

        await self._app(scope, receive, and_close)


async def _not_ready(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"staying":false}'})


async def answered_until_told(
    app: FastAPI, host: str, port: int, *, drain: float, proxies: Sequence[str]
) -> None:
    """Answers on `host`:`port` until SIGTERM or SIGINT; then, for `drain` seconds, says on
    `/readyz` that it leaves, and ends when open requests are answered. A second signal is at once.

    Whoever comes through `proxies` has the address that the last of them was asked from.
    """
    leaving = Leaving(app)
    config = uvicorn.Config(
        leaving,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        http="httptools",
        ws="none",
        lifespan="off",
        forwarded_allow_ips=[*proxies],
        timeout_keep_alive=30,
        timeout_graceful_shutdown=LAST_ANSWERS,
    )
    server, loop = uvicorn.Server(config), asyncio.get_running_loop()
    sock = config.bind_socket()
    for one in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(one, leaving.tell)
    # `serve` would take the signals for itself, and end the process by them before our own end.
    answering = asyncio.create_task(server._serve(sockets=[sock]), name=f"http-{app.title}")
    told = asyncio.create_task(leaving.told.wait())
    looking = asyncio.create_task(short_pauses())
    try:
        async with app.router.lifespan_context(app):
            await asyncio.wait((answering, told), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                await _drained(leaving, answering, drain)
            await _ended(server, answering, leaving)
    finally:
        told.cancel()
        looking.cancel()
        await _ended(server, answering, leaving)
    await answering


async def _ended(
    server: uvicorn.Server, answering: asyncio.Task[None], leaving: Leaving
) -> None:
    """Open requests are answered, the socket is closed."""
    server.should_exit = True
    hurry = asyncio.create_task(leaving.at_once.wait())
    await asyncio.wait((answering, hurry), return_when=asyncio.FIRST_COMPLETED)
    server.force_exit = True
    hurry.cancel()
    await asyncio.wait([answering])


async def _drained(leaving: Leaving, answering: asyncio.Task[None], drain: float) -> None:
    began = monotonic()
    log.info("leaving", drain_seconds=drain)
    hurry = asyncio.create_task(leaving.at_once.wait())
    await asyncio.wait((answering, hurry), timeout=drain, return_when=asyncio.FIRST_COMPLETED)
    hurry.cancel()
    log.info("left", after_seconds=round(monotonic() - began, 1))
