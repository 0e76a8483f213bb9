"""How long do answers take and how do they end: measured at the door, by route."""

from prometheus_client import Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.effects import monotonic

ANSWERED = Histogram(
    "onefile_http_request_seconds",
    "from the first byte of a request to the end of its answer",
    ["service", "method", "route", "status"],
    buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
OPEN = Gauge("onefile_http_requests_open", "requests being answered now", ["service"])


class Measured:
    """An ASGI application whose answers are counted and timed; a stream counts when it ends.

    The route is its template (`/matters/{id}`), never the address: nobody's number is a label.
    """

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = monotonic(), "aborted"

        async def told(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = f"{message['status'] // 100}xx"
            await send(message)

        open_ones = OPEN.labels(self._service)
        open_ones.inc()
        try:
            await self._app(scope, receive, told)
        finally:
            open_ones.dec()
            route = getattr(scope.get("route"), "path", "none")
            ANSWERED.labels(self._service, scope["method"], route, status).observe(
                monotonic() - began
            )
