"""A trace goes from the request over the store and the bus to whoever hears, beside the bytes."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from nats.aio.client import Client
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from contracts.subjects import stream_of
from services.onebox.platform import Platform
from shared import tracing
from shared.bus import connect_bus, provision
from shared.effects import new_id
from shared.envelope import message_of
from shared.relay import Relay, said_after
from tests.patience import PATIENCE
from tests.sample import Sample, sample_on


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    kept = InMemorySpanExporter()
    assert tracing.begin(SimpleSpanProcessor(kept))
    yield kept
    tracing.end()


@pytest.fixture
async def bus(platform: Platform) -> AsyncIterator[Client]:
    async with AsyncExitStack() as stack:
        client = await connect_bus(platform.nats_url, name="t", token=platform.nats_token)
        stack.push_async_callback(client.close)
        js = client.jetstream(timeout=PATIENCE)
        await provision(js, ["intake"], [])
        stack.push_async_callback(js.delete_stream, stream_of("intake"))
        yield client


def door_of(sample: Sample) -> FastAPI:
    app = FastAPI()

    @app.post("/things/{key}")
    async def command(key: str) -> dict[str, str]:
        done = await sample.handling.handle(sample.step(key, stream=new_id()))
        return {"event": str(done.events[0][0])}

    @app.get("/readyz")
    async def readyz() -> None: ...

    tracing.door(app, "intake")
    return app


async def published(bus: Client, count: int) -> list[Any]:
    js = bus.jetstream(timeout=PATIENCE)
    async with asyncio.timeout(PATIENCE):
        while (await js.stream_info(stream_of("intake"))).state.last_seq < count:
            await asyncio.sleep(0.02)
    return [await js.get_msg(stream_of("intake"), seq=n) for n in range(1, count + 1)]


async def test_a_request_its_rows_its_message_and_its_hearer_are_one_story(
    database: str, bus: Client, spans: InMemorySpanExporter
) -> None:
    async with sample_on(database) as sample:
        relay = asyncio.create_task(Relay("intake", database, bus).run())
        try:
            app = door_of(sample)
            async with AsyncClient(
                transport=ASGITransport(app), base_url="http://here"
            ) as client:
                events = [(await client.post(f"/things/{n}")).json()["event"] for n in range(3)]
                await client.get("/readyz")
            messages = await published(bus, 3)
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
        said = await said_after(sample.log.pool, 0)
    assert [m.data for m in messages] == [message_of("intake", one)[1] for one in said]
    with tracing.hearing("archive", "intake", [m.headers for m in messages]):
        pass
    found = spans.get_finished_spans()
    doors = {
        str(*cast(tuple[str], (span.attributes or {})["onefile.events"])): span.context
        for span in found
        if span.kind is trace.SpanKind.SERVER
    }
    assert list(doors) == events  # and the probe is no span
    (heard,) = (span for span in found if span.kind is trace.SpanKind.CONSUMER)
    assert {link.context.span_id for link in heard.links} == {
        context.span_id for context in doors.values()
    }
    rows = [span for span in found if (span.attributes or {}).get("db.system") == "postgresql"]
    assert rows
    assert not any("parameters" in name for s in rows for name in s.attributes or {})
    assert any(span.kind is trace.SpanKind.PRODUCER for span in found)


async def test_what_is_written_together_is_linked_to_everybody_who_asked(
    database: str, spans: InMemorySpanExporter
) -> None:
    async with sample_on(database) as sample:
        app = door_of(sample)
        async with AsyncClient(transport=ASGITransport(app), base_url="http://here") as client:
            await asyncio.gather(*(client.post(f"/things/{n}") for n in range(30)))
    found = spans.get_finished_spans()
    doors = {span.context.span_id for span in found if span.kind is trace.SpanKind.SERVER}
    written = [span for span in found if span.name.endswith(" append")]
    told = [span.parent.span_id for span in written if span.parent]
    told += [link.context.span_id for span in written for link in span.links]
    assert sorted(told) == sorted(doors)
    assert len(doors) == 30 > len(written)


async def test_an_error_is_seen_and_what_it_quotes_is_not(
    database: str, spans: InMemorySpanExporter
) -> None:
    async with sample_on(database) as sample:
        app = FastAPI()

        @app.get("/broken/{name}")
        async def broken(name: str) -> None:
            await sample.log.pool.fetch("SELECT $1::text::integer", name)

        tracing.door(app, "intake")
        at = ASGITransport(app, raise_app_exceptions=False)
        async with AsyncClient(transport=at, base_url="http://here") as client:
            assert (await client.get("/broken/secret?also=secret")).status_code == 500
    told = [json.loads(span.to_json()) for span in spans.get_finished_spans()]
    assert {one["status"]["status_code"] for one in told} == {"ERROR"}
    assert len(told) == 2
    assert "secret" not in json.dumps(told)


async def test_nothing_is_traced_and_no_header_added_unless_it_is_asked_for(
    database: str, bus: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(tracing.ENDPOINT, raising=False)
    assert not tracing.begin()
    async with sample_on(database) as sample:
        await sample.handling.handle(sample.step("one"))
        relay = asyncio.create_task(Relay("intake", database, bus).run())
        try:
            (message,) = await published(bus, 1)
        finally:
            relay.cancel()
            await asyncio.gather(relay, return_exceptions=True)
    assert "traceparent" not in (message.headers or {})
