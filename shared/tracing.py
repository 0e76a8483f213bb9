"""Where did the time of one request go, across HTTP, stores and the bus; off unless it is asked for."""

import os
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
"""OpenTelemetry's own variable: where traces are sent. Without it nothing is traced."""
REMEMBERED = 10_000
"""Events whose command's span this process still knows when they are published."""
LINKED = 32

_on = False
_causes: OrderedDict[UUID, Any] = OrderedDict()


class TracingMissing(Exception):
    """Traces are wanted and their libraries are not installed."""


def begin(service: str, provider: Any = None) -> bool:
    """Trace this process, when the operator named a collector; `provider` is for tests.

    Raises `TracingMissing`.
    """
    global _on
    if provider is None and not os.environ.get(ENDPOINT):  # noqa: TID251 not a setting of ours
        return False
    try:
        from opentelemetry import trace
        from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
    except ImportError as error:
        raise TracingMissing(
            f"{ENDPOINT} 已设置但缺少组件 · is set, and {error.name} is not installed: install the "
            "extra `otel` (pip install 'onefile[otel]'), or take the variable out."
        ) from None
    if provider is None:
        provider = _exporting(service)
    trace.set_tracer_provider(provider)
    # Parameters are never put into a span: they may be personal.
    rows = AsyncPGInstrumentor(capture_parameters=False)  # type: ignore[no-untyped-call]
    rows.instrument(tracer_provider=provider)
    HTTPXClientInstrumentor().instrument(tracer_provider=provider)
    _on = True
    return True


def _exporting(service: str) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": f"onefile-{service}"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def end() -> None:
    """Nothing is traced any more in this process."""
    global _on
    if _on:
        from opentelemetry.instrumentation.asyncpg import AsyncPGInstrumentor
        from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor

        AsyncPGInstrumentor().uninstrument()  # type: ignore[no-untyped-call]
        HTTPXClientInstrumentor().uninstrument()
    _on = False
    _causes.clear()


def door(app: Any) -> None:
    """Every request to `app` is a span, named by its route; probes are not."""
    if _on:
        from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor

        FastAPIInstrumentor.instrument_app(
            app,
            excluded_urls="livez,readyz,startupz,metrics",
            exclude_spans=["receive", "send"],
        )


def recorded(events: Iterable[UUID]) -> None:
    """These events come of what is going on now: it is their cause on every road."""
    if not _on:
        return
    from opentelemetry import trace

    span = trace.get_current_span()
    known = span.get_span_context()
    if not known.is_valid:
        return
    ids = list(events)
    # From an event on the screen to its trace: search for its id.
    span.set_attribute("onefile.events", [str(id) for id in ids[:LINKED]])
    for id in ids:
        _causes[id] = known
    while len(_causes) > REMEMBERED:
        _causes.popitem(last=False)


def carried(event: UUID) -> Mapping[str, str]:
    """Headers for the message of an event: the span of its command, else of who publishes it.

    The body's bytes are fixed for good, so a trace travels beside them.
    """
    if not _on:
        return {}
    from opentelemetry import propagate, trace

    context = None
    if known := _causes.pop(event, None):
        context = trace.set_span_in_context(trace.NonRecordingSpan(known))
    headers: dict[str, str] = {}
    propagate.inject(headers, context)
    return headers


@contextmanager
def publishing(service: str, count: int) -> Iterator[None]:
    """A batch goes onto the stream of `service`."""
    with _span(f"{service} publish", "PRODUCER", {"messaging.batch.message_count": count}):
        yield


@contextmanager
def hearing(
    hearer: str, speaker: str, headers: Iterable[Mapping[str, str] | None]
) -> Iterator[None]:
    """A batch of `speaker` is taken in; it is linked to what caused each message."""
    if not _on:
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
    with _span(f"{hearer} hears {speaker}", "CONSUMER", what, links):
        yield


@contextmanager
def _span(
    name: str, kind: str, what: Mapping[str, Any], links: list[Any] | None = None
) -> Iterator[None]:
    if not _on:
        yield
        return
    from opentelemetry import trace

    attributes = {"messaging.system": "nats", **what}
    with trace.get_tracer("onefile").start_as_current_span(
        name, kind=trace.SpanKind[kind], attributes=attributes, links=links
    ):
        yield
