"""A whole box sends its traces to a collector: one form is one story, whoever works on it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Condition, Thread
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from services.onebox.people import demos
from shared import tracing
from shared.effects import monotonic
from tests.desk import Desk
from tests.integration.test_onebox import refused, up
from tests.patience import PATIENCE

UNIT, VISITOR, PHONE = "测试公司丁", "测试来人丁", "000-0000009"

type Part = tuple[str, Span]
"""The service that did it, and the span."""


class Collector:
    """An OTLP receiver: what was sent to it, and what it holds now."""

    def __init__(self) -> None:
        self.bytes, self.parts = b"", list[Part]()
        self.news = Condition()

    def take(self, body: bytes) -> None:
        sent = ExportTraceServiceRequest.FromString(body)
        with self.news:
            self.bytes += body
            for one in sent.resource_spans:
                names = {a.key: a.value.string_value for a in one.resource.attributes}
                for scope in one.scope_spans:
                    self.parts += [(names["service.name"], span) for span in scope.spans]
            self.news.notify_all()

    def until(self, found: Any) -> Any:
        """What `found` makes of the parts, once it makes something of them."""
        deadline = monotonic() + PATIENCE
        with self.news:
            while not (answer := found(self.parts)):
                left = deadline - monotonic()
                assert left > 0, [(s, p.name) for s, p in self.parts]
                self.news.wait(left)
        return answer


@contextmanager
def collector() -> Iterator[tuple[Collector, str]]:
    held = Collector()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            assert self.path == "/v1/traces"
            held.take(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield held, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def told(span: Span) -> dict[str, Any]:
    return {a.key: a.value.string_value for a in span.attributes}


def of_form(parts: list[Part]) -> list[Part]:
    """All that belongs to the trace that began with the console's form."""
    began = {
        span.trace_id
        for service, span in parts
        if service == "console" and span.name == "POST /do/{service}/{name}"
    }
    return [(service, span) for service, span in parts if span.trace_id in began]


def of_intake(parts: list[Part]) -> Span | None:
    """The service's own part of the form: the one that recorded something."""
    for service, span in of_form(parts):
        if service == "intake" and any(a.key == "onefile.events" for a in span.attributes):
            return span
    return None


async def test_a_form_of_the_console_is_one_trace_through_service_store_bus_and_hearers() -> (
    None
):
    clerk = demos()[0].person("clerk")
    with collector() as (held, address), tempfile.TemporaryDirectory() as place:
        environment = {tracing.ENDPOINT: address, "OTEL_BSP_SCHEDULE_DELAY": "100"}
        with up(Path(place) / "box", environment) as box:
            async with Desk(box.state()["addresses"]["console"], clerk.id) as desk:
                await desk.send(
                    "/do/intake/ReceiveVisitor?next=/desk/clerk",
                    area=clerk.areas[0], unit=UNIT, visitor=VISITOR, phone=PHONE,
                )  # fmt: skip
                await desk.look(f"/search?q={UNIT}")
            command = held.until(of_intake)

            def heard_by(parts: list[Part]) -> set[str]:
                return {
                    service
                    for service, span in parts
                    if span.kind == Span.SPAN_KIND_CONSUMER
                    and command.span_id in {link.span_id for link in span.links}
                }

            hearers = {"archive", "feeds"}
            held.until(lambda parts: hearers <= heard_by(parts))
            box.end()

    story = of_form(held.parts)
    by_id = {span.span_id: (service, span) for service, span in story}
    service, request = by_id[command.parent_span_id]  # the console's own question to intake
    assert (service, request.kind) == ("console", Span.SPAN_KIND_CLIENT)
    service, form = by_id[request.parent_span_id]
    assert (service, form.kind) == ("console", Span.SPAN_KIND_SERVER)
    rows = [span for who, span in story if who == "intake" and "db.statement" in told(span)]
    assert any("append_v1" in told(span)["db.statement"] for span in rows)
    assert {told(span)["db.name"] for span in rows} <= {"onefile_intake", "onefile_keys"}
    published = [span for who, span in held.parts if span.kind == Span.SPAN_KIND_PRODUCER]
    assert {span.name for span in published} >= {"intake publish"}
    # What nobody asked for is no trace of its own, and nothing that was typed is in any.
    alone = {span.name for _, span in held.parts if not span.parent_span_id}
    assert all(" /" in n or "publish" in n or "hears" in n or n == "GET" for n in alone), alone
    for word in (UNIT, VISITOR, PHONE, "%E6%B5%8B"):
        assert word.encode() not in held.bytes


def test_a_collector_that_is_away_holds_nobody_up() -> None:
    environment = {tracing.ENDPOINT: "http://127.0.0.1:9"}
    with tempfile.TemporaryDirectory() as place, up(Path(place) / "box", environment) as box:
        box.state()
        assert box.end() == 0


WITHOUT = """
import sys
class Missing:
    def find_spec(self, name, *_):
        if name.startswith("opentelemetry.exporter"):
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Missing())
"""


def test_a_box_without_the_libraries_says_so_before_it_starts() -> None:
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "sitecustomize.py").write_text(WITHOUT)
        environment = {"PYTHONPATH": place, tracing.ENDPOINT: "http://127.0.0.1:9"}
        assert "extra `otel`" in refused(Path(place) / "box", environment=environment)
