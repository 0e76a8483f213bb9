"""Webhooks that park and never delete, forged credentials, odd requests, and the office's own view."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from fastapi import FastAPI, Request, Response
from onefile_client import NotGenuine, verified

from services.feeds.domain.agencies import Webhook
from services.feeds.service.reaching import Unreachable, target_of
from services.onebox.people import Person
from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.effects import monotonic, new_id
from tests.integration.feeds_scene import Door, Member, agency, door
from tests.patience import PATIENCE

REQUESTED = "intake.service_requested.v1"


@dataclass
class Receiver:
    """An agency's own server: it takes what it takes, and remembers everything it was sent."""

    status: Callable[[dict[str, Any]], int] = lambda _: 204
    took: list[int] = field(default_factory=list)
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    async def take(self, request: Request) -> Response:
        body = await request.body()
        self.asked.append((dict(request.headers), body))
        told = orjson.loads(body)
        status = self.status(told)
        if status < 300:
            self.took.append(told["feedposition"])
        return Response(status_code=status)

    @asynccontextmanager
    async def up(self) -> AsyncIterator[str]:
        app = FastAPI()
        app.post("/in")(self.take)
        sock = listening(0)
        async with answering(app, sock):
            yield f"{address_of(sock)}/in"


async def eventually(true: Callable[[], object], what: str) -> None:
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, what
        await asyncio.sleep(0.02)


def office(at: Door, *roles: str) -> httpx.AsyncClient:
    who = Person(
        key="x", id=f"p:{new_id()}", zh="路人", post="无", roles=roles, areas=(), bodies=()
    )
    return httpx.AsyncClient(
        base_url=at.address,
        trust_env=False,
        timeout=PATIENCE,
        headers={"Authorization": f"Bearer {at.issuer.token_of(who)}"},
    )


async def test_a_refused_message_parks_its_matter_is_shown_and_replayed_in_order(
    platform: Platform,
) -> None:
    tax, receiver, bad = Member("tax"), Receiver(), new_id()
    refusing = True
    receiver.status = lambda told: 422 if refusing and told["subject"] == str(bad) else 204
    async with receiver.up() as url:
        hook = {"url": url, "reach": "loopback"}
        async with door(platform, agency(tax, webhook=hook)) as at:
            for n in range(10):
                at.speakers.say(REQUESTED, matter=bad if n in (3, 6) else None)
            await eventually(lambda: len(receiver.took) == 8, "the others flow")
            assert 4 not in receiver.took and 7 not in receiver.took
            async with at.client(tax) as client:
                await _parked(client, 2)
                await _measured(client, "onefile_webhook_parked", 2)
                waiting = (await client.get("/webhook/parked")).json()
                assert [one["position"] for one in waiting] == [4, 7]
                assert "422" in waiting[0]["reason"]
                again = await client.post("/webhook/parked/4/replay", json={})
                assert again.status_code == 409
                assert again.json()["type"].endswith(":webhook_not_taken")
                refusing = False
                assert (await client.post("/webhook/parked/4/replay", json={})).json() == {
                    "taken": 2
                }
                assert receiver.took[-2:] == [4, 7]
                assert (await client.get("/webhook/parked")).json() == []
                await _measured(client, "onefile_webhook_parked", 0)
                assert (
                    await client.post("/webhook/parked/4/replay", json={})
                ).status_code == 404
                key = (await client.get("/feed/vkey")).json()["webhook"]
            headers, body = receiver.asked[-1]
            assert verified(headers, body, key).endswith("-7")
            with pytest.raises(NotGenuine):
                verified(headers, body + b" ", key)
            with pytest.raises(NotGenuine, match="five minutes"):
                verified(headers, body, key, now=datetime.now(UTC).timestamp() + 301)


async def test_what_waits_for_a_bus_that_is_away_is_measured(platform: Platform) -> None:
    """The alert for a feed that is behind looks at this: nothing that fails may leave it at 0."""
    tax = Member("tax")
    async with door(platform, agency(tax)) as at, at.client(tax) as client:
        for _ in range(3):
            at.speakers.say(REQUESTED)
        await at.until(tax, 3)
        await _measured(client, "onefile_feed_stream_lag", 0)
        await at.bus.stop()
        for _ in range(4):
            at.speakers.say(REQUESTED)
        await at.until(tax, 7)
        await _measured(client, "onefile_feed_stream_lag", 4)


async def _measured(client: httpx.AsyncClient, what: str, count: int) -> None:
    """What wakes somebody says how many: an alert looks at it."""
    feed = (await client.get("/feed")).json()["feed"]
    line, deadline = f'{what}{{feed="{feed}"}} {float(count)}', monotonic() + PATIENCE
    while line not in (text := (await client.get("/metrics")).text):
        assert monotonic() < deadline, [one for one in text.split("\n") if what in one]
        await asyncio.sleep(0.05)


async def _parked(client: httpx.AsyncClient, count: int) -> None:
    deadline = monotonic() + PATIENCE
    while (await client.get("/feed")).json()["webhook"]["parked"] != count:
        assert monotonic() < deadline
        await asyncio.sleep(0.02)


async def test_an_outage_parks_nothing_and_a_410_waits_for_a_person(platform: Platform) -> None:
    tax, receiver = Member("tax"), Receiver()
    down = 503
    receiver.status = lambda told: down
    async with receiver.up() as url:
        hook = {"url": url, "reach": "loopback"}
        async with door(platform, agency(tax, webhook=hook)) as at:
            for _ in range(5):
                at.speakers.say(REQUESTED)
            await eventually(lambda: receiver.asked, "it was asked")
            async with at.client(tax) as client:
                await _retry_at(client)
                down = 204
                assert (await client.post("/webhook/resume", json={})).status_code == 200
                await eventually(
                    lambda: sorted(set(receiver.took)) == [1, 2, 3, 4, 5], "it goes on"
                )
                assert (await client.get("/webhook/parked")).json() == []
                down = 410
                at.speakers.say(REQUESTED)
                deadline = monotonic() + PATIENCE
                while not (await client.get("/feed")).json()["webhook"]["paused"]:
                    assert monotonic() < deadline
                    await asyncio.sleep(0.02)
                down = 204
                await client.post("/webhook/resume", json={})
                await eventually(lambda: 6 in receiver.took, "after a person said so")


async def _retry_at(client: httpx.AsyncClient) -> None:
    deadline = monotonic() + PATIENCE
    while not (await client.get("/feed")).json()["webhook"]["retry_at"]:
        assert monotonic() < deadline
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("url", "reach"),
    [
        ("https://127.0.0.1/x", "internet"),
        ("https://169.254.169.254/latest", "internet"),
        ("http://169.254.169.254/latest", "private"),
        ("https://[::ffff:10.0.0.1]/x", "internet"),
        ("https://[::1]/x", "private"),
        ("http://10.0.0.1/x", "loopback"),
        ("https://localhost/x", "internet"),
        ("https://0.0.0.0/x", "internet"),
        ("https://no-such-host.invalid/x", "internet"),
    ],
)
async def test_a_callback_into_another_network_is_never_made(url: str, reach: Any) -> None:
    with pytest.raises(Unreachable):
        await target_of(Webhook(url=url, reach=reach))


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"alg": "none"}, {}),
        ({"alg": "HS256"}, {}),
        ({"typ": "at+jwt"}, {}),
        ({"typ": "JWT"}, {}),
        ({"kid": "UABC"}, {}),
        ({"kid": None}, {}),
        ({}, {"iss": "a:water", "sub": "a:water"}),
        ({}, {"sub": "a:water"}),
        ({}, {"aud": "onefile-api"}),
        ({}, {"exp": -10, "iat": -300}),
        ({}, {"exp": 100_000}),
        ({}, {"exp": "100"}),
        ({}, {"iat": 500, "exp": 600}),
        ({}, {"exp": None}),
    ],
)
async def test_a_forged_token_opens_nothing(
    shared_door: Door, header: Any, claims: Any
) -> None:
    """Times are seconds from now."""
    now = int(datetime.now(UTC).timestamp())
    times = {n: type(v)(int(v) + now) for n, v in claims.items() if n in ("exp", "iat") and v}
    token = TAX.token(header, **{**claims, **times})
    headers = {"Authorization": f"Bearer {token}"}
    async with shared_door.client(None) as client:
        answer = await client.get("/events", headers=headers)
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


TAX, WATER = Member("tax"), Member("water")


@pytest.fixture(scope="module")
async def shared_door(platform: Platform) -> AsyncIterator[Door]:
    few = {"streams": 2, "requests_per_minute": 100_000}
    async with door(platform, agency(TAX, quota=few), agency(WATER)) as at:
        for _ in range(5):
            at.speakers.say(REQUESTED)
        await at.until(TAX, 5)
        yield at


async def test_without_a_token_every_door_is_shut(shared_door: Door) -> None:
    async with shared_door.client(None) as client:
        document = (await client.get("/openapi.json")).json()
        assert len(document["paths"]) > 12
        for path, methods in document["paths"].items():
            for method, told in methods.items():
                if "security" not in told:
                    assert path in ("/startupz", "/livez", "/readyz", "/metrics")
                    continue
                at = (
                    path.replace("{agency}", "tax")
                    .replace("{position}", "1")
                    .replace("{number}", "0")
                )
                answer = await client.request(
                    method,
                    at,
                    headers={"Content-Type": "application/json"},
                    content=b"{}" if method == "post" else None,
                )
                assert answer.status_code == 401, (path, answer.status_code)
                assert answer.json()["type"] == "urn:onefile:problem:unauthenticated"


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/events?after=-1", 422, "invalid"),
        ("/events?after=x", 422, "invalid"),
        ("/events?limit=1001", 422, "invalid"),
        ("/events?after=99", 409, "position_ahead"),
        ("/events?feed=tax-other", 409, "feed_changed"),
        ("/feed/checkpoint?size=99", 409, "position_ahead"),
        ("/feed/hashes?level=8", 422, "invalid"),
        ("/feed/snapshot/0", 404, "not_found"),
        ("/feed/snapshot/-1", 422, "invalid"),
        ("/webhook/parked", 200, ""),
        ("/nothing", 404, "not_found"),
    ],
)
async def test_an_odd_question_gets_a_problem(
    shared_door: Door, path: str, status: int, code: str
) -> None:
    async with shared_door.client(TAX) as client:
        answer = await client.get(path)
    assert answer.status_code == status, answer.text
    if code:
        assert answer.json()["type"] == f"urn:onefile:problem:{code}"


@pytest.mark.parametrize("last", ["x", "-1", "1.5", "١", "99", "9" * 20])
async def test_a_bad_last_event_id_is_refused(shared_door: Door, last: str) -> None:
    async with shared_door.client(TAX) as client:
        headers = {b"Accept": b"text/event-stream", b"Last-Event-ID": last.encode()}
        answer = await client.get("/events", headers=headers)
    assert answer.status_code in (400, 409, 422)


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b"nonsense", b'{"feed":"x","size":1,"root":"00"}',
     b'{"feed":"x","size":-1,"root":"' + b"0" * 64 + b'"}',
     b'{"feed":"other","size":1,"root":"' + b"0" * 64 + b'"}'],
)  # fmt: skip
async def test_a_malformed_proof_is_a_problem(shared_door: Door, body: bytes) -> None:
    async with shared_door.client(TAX) as client:
        answer = await client.post(
            "/feed/proof", content=body, headers={"Content-Type": "application/json"}
        )
    assert answer.status_code in (400, 409, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_more_streams_than_agreed_are_refused(shared_door: Door) -> None:
    async with shared_door.client(TAX) as client:
        sse = {"Accept": "text/event-stream"}
        async with (
            client.stream("GET", "/events", headers=sse) as one,
            client.stream("GET", "/events", headers=sse) as two,
        ):
            assert one.status_code == two.status_code == 200
            third = await client.get("/events", headers=sse)
            assert third.status_code == 429 and third.headers["retry-after"]
            assert (await client.get("/events")).status_code == 200
        async with asyncio.timeout(PATIENCE):
            while (await _opened(client, sse)) != 200:
                await asyncio.sleep(0.05)


async def _opened(client: httpx.AsyncClient, headers: dict[str, str]) -> int:
    async with client.stream("GET", "/events", headers=headers) as answer:
        return answer.status_code


async def test_requests_beyond_the_quota_wait(platform: Platform) -> None:
    tax = Member("tax")
    async with (
        door(platform, agency(tax, quota={"requests_per_minute": 3})) as at,
        at.client(tax) as client,
    ):
        answers = [(await client.get("/events")).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


async def test_the_office_sees_how_agencies_stand_and_tries_a_filter(
    shared_door: Door,
) -> None:
    soon = datetime.now(UTC) - timedelta(hours=1)
    for area in ("990102", "990103", "990103"):
        shared_door.speakers.say("supervision.fee_due.v1", area, recorded=soon)
    await shared_door.until(TAX, 6)
    async with office(shared_door, "auditor") as client:
        listed = (await client.get("/agencies")).json()
        assert [one["agency"] for one in listed["agencies"]] == ["tax", "water"]
        assert listed["readable"] and listed["agencies"][0]["size"] >= 6
        asked = {
            "areas": ["9901"],
            "events": [{"types": ["supervision.fee_due.v1"], "fields": "all"}],
            "days": 7,
        }
        told = (await client.post("/agencies/test", json=asked)).json()
        assert told["given"] == {"supervision.fee_due.v1": 3} and told["complete"]
        assert told["given_areas"] == {"990103": 2, "990102": 1}
        typo = asked | {"events": [{"types": ["supervision.fee_de.v1"], "fields": "all"}]}
        answer = await client.post("/agencies/test", json=typo)
        assert answer.status_code == 422 and "是否 supervision.fee_due.v1" in answer.text
        english = await client.post(
            "/agencies/test", json=typo, headers={"Accept-Language": "en"}
        )
        assert (
            "did you mean" in english.text and english.json()["errors"][0]["message"].isascii()
        )
        assert (await client.get("/agencies/nobody")).status_code == 404
        assert (await client.post("/agencies/tax/parked/1/replay", json={})).status_code == 403
    async with office(shared_door, "window_clerk") as client:
        assert (await client.get("/agencies")).status_code == 403
