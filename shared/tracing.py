"""Where did the time of one request go, across HTTP, stores and the bus; off unless it is asked for."""

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""OpenTelemetry's own variable: where traces are sent. Without it nothing is traced."""
REMEMBERED = 10_000
"""Events whose command's span this process still knows when they are published."""
LINKED = 32
LAST_WORDS = 3.0
"""Seconds a process that ends waits for its collector, which may be away."""
QUIET = ("/livez", "/readyz", "/startupz", "/metrics", "/static/")
SAYS_TOO_MUCH = ("http.url", "url.full")
"""What a library would say of a request and may hold a name: only the host of it is kept."""

_sink: Any = None
_tracers: dict[str, Any] = {}
_causes: OrderedDict[UUID, Any] = OrderedDict()


class TracingMissing(Exception):
    """Traces are wanted and their libraries are not installed."""


def begin(sink: Any = None) -> bool:
    """Trace this process, when the operator named a collector; `sink` (of spans) is for tests.

    Every door, every `publishing` and `hearing` says for which service it speaks; rows and requests
    to others belong to whatever they are part of. Raises `TracingMissing`.
    """
    global _sink
    if sink is None and not os.environ.get(ENDPOINT):  # noqa: TID251 not a setting of ours
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise TracingMissing(
            f"{ENDPOINT} 已设置但缺少组件 · is set, and {error.name} is not installed: install the "
            "extra `otel` (pip install 'onefile[otel]'), or take the variable out."
        ) from None
    _sink = sink or BatchSpanProcessor(OTLPSpanExporter())
    # Parameters are never put into a span: they may be personal.
    rows = AsyncPGInstrumentor(capture_parameters=False)  # type: ignore[no-untyped-call]
    rows.instrument(tracer_provider=_Part())
    HTTPXClientInstrumentor().instrument(tracer_provider=_Part())
    return True


def end() -> None:
    """Nothing is traced any more in this process; what is known is sent, if somebody takes it."""
    global _sink
    if _sink is None:
        return
    from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
    from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

    AsyncPGInstrumentor().uninstrument()  # type: ignore[no-untyped-call]
    HTTPXClientInstrumentor().uninstrument()
    # The library waits up to half a minute for a collector that does not answer.
    telling = threading.Thread(target=_sink.shutdown, daemon=True)
    telling.start()
    telling.join(LAST_WORDS)
    _sink = None
    _tracers.clear()
    _causes.clear()


def _tracer(service: str) -> Any:
    """One for each service of this process: a trace says whose work each part of it was."""
    if service not in _tracers:
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        named = Resource.create({"service.namespace": "onefile", "service.name": service})
        provider = TracerProvider(resource=named, shutdown_on_exit=False)  # `end` does that
        provider.add_span_processor(_sink)
        _tracers[service] = provider.get_tracer("onefile")
    return _tracers[service]


class _Part:
    """What libraries trace with: a part of what goes on, under the same service, or nothing.

    What nobody asked for (a relay that looks for work) would else be a trace every second.
    """

    def get_tracer(self, *_: Any, **__: Any) -> "_Part":
        return self

    def start_span(
        self, name: str, *_: Any, kind: Any, attributes: Mapping[str, Any], **__: Any
    ) -> Any:
        from opentelemetry import trace

        whole = trace.get_current_span()
        if not whole.is_recording():
            known = whole.get_span_context()
            return trace.NonRecordingSpan(known if known.is_valid else _not_sampled())
        said = {k: v for k, v in attributes.items() if k not in SAYS_TOO_MUCH}
        for url in (attributes[key] for key in SAYS_TOO_MUCH if key in attributes):
            said["server.address"] = urlsplit(url).netloc.rpartition("@")[2]
        service = whole.resource.attributes["service.name"]  # type: ignore[attr-defined]
        return _tracer(service).start_span(name, kind=kind, attributes=said)

    @contextmanager
    def start_as_current_span(self, name: str, **more: Any) -> Iterator[Any]:
        with _going_on(self.start_span(name, **more)) as span:
            yield span


def _not_sampled() -> Any:
    """Tells whoever is asked that this is not to be traced there either."""
    from opentelemetry import trace

    return trace.SpanContext(1, 1, is_remote=False, trace_flags=trace.TraceFlags(0))


def door(app: Any, service: str) -> None:
    """Every request to `app` is a span, named by its route; probes are not."""
    if _sink is not None:
        app.add_middleware(_Door, service=service)


class _Door:
    """The route is its template, never the address: what people look for is in no span."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if _sink is None or scope["type"] != "http" or scope["path"].startswith(QUIET):
            await self._app(scope, receive, send)
            return
        from opentelemetry import propagate, trace

        carried_in = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        method = scope["method"]
        asked = _tracer(self._service).start_span(
            method,
            context=propagate.extract(carried_in),
            kind=trace.SpanKind.SERVER,
            attributes={"http.request.method": method},
        )
        with _going_on(asked) as span:

            async def told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(trace.StatusCode.ERROR)
                await send(message)

            try:
                await self._app(scope, receive, told)
            finally:
                if route := getattr(scope.get("route"), "path", None):
                    span.update_name(f"{method} {route}")
                    span.set_attribute("http.route", route)


def recorded(events: Iterable[UUID]) -> None:
    """These events come of what is going on now: it is their cause on every road."""
    if _sink is None:
        return
    from opentelemetry import trace

    span = trace.get_current_span()
    if not span.is_recording():
        return
    ids = list(events)
    # From an event on the screen to its trace: search for its id.
    span.set_attribute("onefile.events", [str(id) for id in ids[:LINKED]])
    for id in ids:
        _causes[id] = span.get_span_context()
    while len(_causes) > REMEMBERED:
        _causes.popitem(last=False)


def carried(event: UUID) -> Mapping[str, str]:
    """Headers for the message of an event: the span of its command, else of who publishes it.

    The body's bytes are fixed for good, so a trace travels beside them.
    """
    if _sink is None:
        return {}
    from opentelemetry import propagate, trace

    context = None
    if known := _causes.pop(event, None):
        context = trace.set_span_in_context(trace.NonRecordingSpan(known))
    headers: dict[str, str] = {}
    propagate.inject(headers, context)
    return headers


def here() -> Any:
    """The part of a trace that goes on here, to be carried to where it is done together."""
    if _sink is None:
        return None
    from opentelemetry import trace

    span = trace.get_current_span()
    return span if span.is_recording() else None


@contextmanager
def appending(store: str, parts: Iterable[Any]) -> Iterator[None]:
    """What several asked for is written at once: as a part of the first, linked to the others."""
    known = [part for part in parts if part is not None]
    if _sink is None or not known:
        yield
        return
    from opentelemetry import trace

    first, *others = known
    span = _tracer(store).start_span(
        f"{store} append",
        context=trace.set_span_in_context(first),
        links=[trace.Link(one.get_span_context()) for one in others[:LINKED]],
        attributes={"onefile.together": len(known)},
    )
    with _going_on(span):
        yield


@contextmanager
def publishing(service: str, count: int) -> Iterator[None]:
    """A batch goes onto the stream of `service`."""
    with _span(service, "publish", "PRODUCER", {"messaging.batch.message_count": count}):
        yield


@contextmanager
def hearing(
    hearer: str, speaker: str, headers: Iterable[Mapping[str, str] | None]
) -> Iterator[None]:
    """A batch of `speaker` is taken in; it is linked to what caused each message."""
    if _sink is None:
        yield
        return
    from opentelemetry import propagate, trace

    told = [one or {} for one in headers]
    known = {
        context.span_id: context
        for one in told
        if (
            context := trace.get_current_span(propagate.extract(one)).get_span_context()
        ).is_valid
    }
    links = [trace.Link(context) for context in list(known.values())[:LINKED]]
    what = {"messaging.batch.message_count": len(told), "onefile.speaker": speaker}
    with _span(hearer, f"hears {speaker}", "CONSUMER", what, links):
        yield


@contextmanager
def _span(
    service: str, what: str, kind: str, more: Mapping[str, Any], links: list[Any] | None = None
) -> Iterator[None]:
    if _sink is None:
        yield
        return
    from opentelemetry import trace

    attributes = {"messaging.system": "nats", **more}
    span = _tracer(service).start_span(
        f"{service} {what}", kind=trace.SpanKind[kind], attributes=attributes, links=links
    )
    with _going_on(span):
        yield


@contextmanager
def _going_on(span: Any) -> Iterator[Any]:
    """The text of an error is not put into a span: PostgreSQL quotes the row."""
    from opentelemetry import trace

    with trace.use_span(
        span, end_on_exit=True, record_exception=False, set_status_on_exception=False
    ):
        try:
            yield span
        except Exception:
            span.set_status(trace.StatusCode.ERROR)
            raise
