"""What is wrong at the agencies' door: the bus, the logs, the receivers, the readers."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request, Response
from nats.aio.client import Client
from onefile_client.bus import BusFeed, connect
from onefile_client.keys import Key

from contracts.subjects import stream_of
from services.feeds.api import streaming
from services.feeds.domain.agencies import Webhook
from services.feeds.domain.faults import read_register
from services.feeds.inbox import checked
from services.feeds.service.reaching import Unreachable, target_of
from services.feeds.service.signing import Seal
from services.feeds.service.webhooks import LONGEST_PAUSE, Hook
from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.bus import connect_bus, provision
from shared.envelope import Malformed
from shared.eventstore.postgres import open_pool
from tests.integration.feeds_scene import Member, agency, door, event, lines
from tests.integration.test_feed_doors import Receiver
from tests.patience import PATIENCE

REQUESTED = "intake.service_requested.v1"
SUBJECT = "onefile.99.01.02.intake.service_requested.v1"


def page(*numbers: int) -> list[bytes]:
    return [event(REQUESTED, "990102", n) for n in numbers]


def spoilt(message: bytes, old: bytes, new: bytes) -> bytes:
    assert old in message
    return message.replace(old, new)


WRONG: dict[str, Callable[[], list[bytes]]] = {
    "empty": lambda: [b""],
    "no JSON": lambda: [b"{"],
    "256 KiB and one": lambda: [b" " * (256 * 1024 + 1)],
    "a number where an event is wanted": lambda: [b"7"],
    "about lacks members": lambda: [b'{"position":1,"data":{"about":{},"fact":{}}}'],
    "the body was changed": lambda: [spoilt(page(1)[0], b'"990102"', b'"990103"')],
    "the hash was changed": lambda: [spoilt(page(1)[0], b'"leafhash":"', b'"leafhash":"00')],
    "another event's id": lambda: [spoilt(page(1)[0], b'{"specversion":"1.0","id":"',
                                          b'{"specversion":"1.0","id":"f')],
    "another type outside": lambda: [spoilt(page(1)[0], b'"type":"intake.service_requested.v1","s',
                                            b'"type":"intake.mode_chosen.v1","s')],
    "position as text": lambda: [spoilt(page(1)[0], b'"position":1,', b'"position":"1",')],
    "a jump": lambda: page(1, 3),
    "the later one first": lambda: page(2, 1),
    "one twice": lambda: page(1, 1),
    "from the middle": lambda: page(2),
    "another service's": lambda: [event("supervision.fee_due.v1", "990102", 1)],
}  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_page_of_a_log_that_is_not_its_next_is_refused_whole(
    wrong: Callable[[], list[bytes]],
) -> None:
    """B80 to B84: what cannot be checked is no event; nothing of such a page is kept."""
    with pytest.raises(Malformed):
        checked("intake", wrong(), 0)
    assert [one.position for one in checked("intake", page(1, 2), 0)] == [1, 2]


async def test_a_type_that_only_a_later_release_knows_is_kept_and_given_to_nobody(
    platform: Platform,
) -> None:
    """B81: not guessed, not dropped: it stands among the arrivals for whoever may have it later."""
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        at.speakers.say("intake.never_heard_of.v7", fact={"what": "news"})
        at.speakers.say(REQUESTED)
        told = await at.until(tax, 1)
        assert told["size"] == 1 and told["held"] is None
        pool = await open_pool(at.database, size=1)
        rows = await pool.fetch("SELECT type FROM arrivals ORDER BY arrival")
        pool.terminate()
        assert [row["type"] for row in rows] == ["intake.never_heard_of.v7", REQUESTED]


async def test_a_log_that_says_nonsense_holds_up_itself_alone_until_it_is_mended(
    platform: Platform,
) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        good = at.speakers.say(REQUESTED)
        at.speakers.said["intake"][0] = spoilt(good, b'"990102"', b'"990103"')
        at.speakers.say("supervision.fee_due.v1")
        await at.until(tax, 1)
        async with at.client(tax) as client:
            held = lines((await client.get("/events")).content)
            assert [one["type"] for one in held] == ["supervision.fee_due.v1"]
            at.speakers.said["intake"][0] = good
            await at.until(tax, 2)
            last = lines((await client.get("/events", params={"after": 1})).content)
        assert last[0]["id"] == orjson.loads(good)["id"]


async def test_what_is_shouted_on_the_bus_is_a_hint_and_nothing_more(
    platform: Platform,
) -> None:
    """B80 to B84, B86, B87: the feed is the logs, whatever else is on the subjects."""
    tax = Member("tax")
    bus: Client = await connect_bus(platform.nats_url, name="test", token=platform.nats_token)
    js = bus.jetstream()
    await provision(js, ["intake"], [])
    try:
        async with door(platform, agency(tax)) as at:
            true = [at.speakers.say(REQUESTED) for _ in range(5)]
            forged = event(REQUESTED, "990102", 6)
            shouted = [b"", b"{", b"x" * 200_000, forged, true[2], true[4], true[0], forged,
                       spoilt(true[1], b'"990102"', b'"990103"')]  # fmt: skip
            for number, one in enumerate(shouted):
                again = {"Nats-Msg-Id": orjson.loads(true[0])["id"]} if number % 2 else None
                await bus.publish(SUBJECT, one, headers=again)
                await bus.publish(SUBJECT.upper(), one)
            await bus.flush()
            await at.until(tax, 5)
            at.speakers.say(REQUESTED)
            await at.until(tax, 6)
            async with at.client(tax) as client:
                given = lines((await client.get("/events")).content)
            said = [orjson.loads(one)["id"] for one in at.speakers.said["intake"]]
            assert [one["id"] for one in given] == said
            assert orjson.loads(forged)["id"] not in said
    finally:
        await js.delete_stream(stream_of("intake"))
        await bus.close()


# receivers


@pytest.mark.parametrize("address", [
    "64:ff9b::7f00:1", "2002:7f00:1::", "::ffff:169.254.169.254", "2001:0:0:0:0:0:80ff:fffe",
    "fd00::1", "fe80::1", "100.64.0.1", "198.18.0.1", "240.0.0.1", "224.0.0.1",
])  # fmt: skip
async def test_an_address_that_hides_another_network_is_not_called(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B93."""
    _answers(monkeypatch, address)
    with pytest.raises(Unreachable):
        await target_of(Webhook(url="https://hook.example.com/in"))


async def test_a_name_that_leads_inside_as_well_is_not_called_and_is_looked_up_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """B93: a name that changes its answer after it was allowed gains nothing by it."""
    _answers(monkeypatch, "93.184.216.34", "127.0.0.1")
    with pytest.raises(Unreachable, match=r"leads to 127\.0\.0\.1"):
        await target_of(Webhook(url="https://hook.example.com/in"))
    asked = _answers(monkeypatch, "93.184.216.34")
    target = await target_of(Webhook(url="https://hook.example.com:8443/in?x=1"))
    assert target.url == "https://93.184.216.34:8443/in?x=1"
    assert (target.host, target.authority) == ("hook.example.com", "hook.example.com:8443")
    assert len(asked) == 1


def _answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    async def getaddrinfo(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", getaddrinfo, raising=False)
    return asked


async def test_a_redirect_is_not_followed_but_parked(platform: Platform) -> None:
    """B93."""
    tax, inside = Member("tax"), list[str]()
    app = FastAPI()

    @app.post("/in")
    async def sends_on() -> Response:
        return Response(status_code=307, headers={"Location": "/secret"})

    @app.post("/secret")
    async def secret(request: Request) -> None:
        inside.append(request.url.path)

    sock = listening(0)
    async with answering(app, sock):
        hook = {"url": f"{address_of(sock)}/in", "reach": "loopback"}
        async with door(platform, agency(tax, webhook=hook)) as at, at.client(tax) as client:
            at.speakers.say(REQUESTED)
            async with asyncio.timeout(PATIENCE):
                while not (parked := (await client.get("/webhook/parked")).json()):
                    await asyncio.sleep(0.05)
    assert "307" in parked[0]["reason"] and inside == []


async def test_a_receiver_that_is_silent_for_days_loses_nothing_and_is_asked_ever_less(
    platform: Platform,
) -> None:
    """The clock is moved, not slept: three days of nothing, then everything, in order."""
    tax, receiver, now = Member("tax"), Receiver(), [datetime(2026, 4, 13, tzinfo=UTC)]
    async with door(platform, agency(tax)) as at, receiver.up() as url:
        for _ in range(150):
            at.speakers.say(REQUESTED)
        await at.until(tax, 150)
        (entry,) = read_register((at.home / "agencies.yaml").read_text()).agencies
        pool = await open_pool(at.database, size=4)
        seed = Path(at.told["ONEFILE_LOG_KEY_FILE"]).read_bytes()
        seal = Seal("onefile.box/test", Ed25519PrivateKey.from_private_bytes(seed))
        hook = Hook(entry, Webhook(url=url, reach="loopback"), pool, seal, lambda: now[0])
        await pool.execute("INSERT INTO hooks (feed) VALUES ($1)", entry.feed)
        receiver.status = lambda _: 503
        asked = 0
        began = now[0]
        while now[0] - began < timedelta(days=3):
            before = len(receiver.asked)
            assert await hook.turn() == 0
            asked += len(receiver.asked) > before
            now[0] += timedelta(seconds=60)
        longest = timedelta(days=3).total_seconds() / LONGEST_PAUSE
        assert longest * 0.9 < asked < longest * 1.1 + 20
        assert len(receiver.asked) < asked + 64, "one message at a time knocks"
        assert await pool.fetchval("SELECT count(*) FROM hook_parked") == 0
        receiver.status = lambda _: 204
        now[0] += timedelta(seconds=LONGEST_PAUSE)
        while await hook.turn():
            pass
        await hook.close()
        assert sorted(receiver.took) == list(range(1, 151))
        assert await pool.fetchval("SELECT position FROM hooks") == 150
        pool.terminate()


# readers


async def test_a_subscriber_that_never_acknowledges_harms_nobody_and_misses_nothing(
    platform: Platform,
) -> None:
    """Its stream forgets the oldest; the store does not, and others do not notice."""
    tax, water = Member("tax"), Member("water")
    few = {"stream_messages": 1_000}
    async with door(platform, agency(tax, quota=few), agency(water)) as at:
        client = await connect(at.bus.url, "tax", Key(tax.private.private_bytes_raw()))
        async with asyncio.timeout(PATIENCE), BusFeed(client, "tax") as feed:
            for _ in range(600):
                at.speakers.say(REQUESTED)
            await at.until(tax, 600)
            while not (taken := await feed.fetch(500, wait=1)):
                pass
            for _ in range(2_400):
                at.speakers.say(REQUESTED)
            await at.until(tax, 3_000)
            await at.until(water, 3_000)
            assert orjson.loads(taken[0].data)["feedposition"] == 1
            async with at.client(tax) as http:
                assert (await http.get("/feed")).json()["held"] is None
                held: list[dict[str, Any]] = []
                while len(held) < 3_000:
                    asked = {"after": len(held), "limit": 1_000}
                    held += lines((await http.get("/events", params=asked)).content)
            assert [one["feedposition"] for one in held] == list(range(1, 3_001))
            async with asyncio.timeout(PATIENCE):
                position = 0
                while position < 3_000:
                    batch = await feed.fetch(500, wait=1)
                    await feed.took(batch)
                    found = [orjson.loads(one.data)["feedposition"] for one in batch]
                    position = max([position, *found])
        await client.close()


async def test_a_reader_that_takes_nothing_is_cut_off_and_its_place_is_free_again(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B94. Its time is not waited for: it is over when the test says so."""
    patience = Patience()
    monkeypatch.setattr(streaming, "asyncio", patience)
    tax, one = Member("tax"), {"streams": 1}
    async with door(platform, agency(tax, quota=one)) as at, at.client(tax) as client:
        for _ in range(800):
            at.speakers.say(REQUESTED, fact={"number": "990102-2026-1", "note": "x" * 20_000})
        await at.until(tax, 800)
        url = httpx.URL(at.address)
        with contextlib.closing(socket.socket()) as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            deaf.settimeout(PATIENCE)
            deaf.connect((url.host, url.port))
            deaf.sendall(asking(client))
            assert await asyncio.to_thread(deaf.recv, 12) == b"HTTP/1.1 200"
            follow = {"follow": "true"}
            assert await _status(client, params=follow) == 429, "it is given its time"
            async with asyncio.timeout(PATIENCE):
                while await _status(client, params=follow) != 200:
                    patience.ends()
                    await asyncio.sleep(0.05)
            assert set(patience.seconds) == {streaming.SLOWEST_READ}


class Patience:
    """Asyncio for a door whose patience with its readers ends when a test wants it."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._given: list[asyncio.Timeout] = []

    def timeout(self, seconds: float) -> asyncio.Timeout:
        self.seconds.append(seconds)
        self._given.append(asyncio.timeout(None))
        return self._given[-1]

    def ends(self) -> None:
        for one in self._given:
            with contextlib.suppress(RuntimeError):  # what was sent is over
                one.reschedule(0.0)

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)


def asking(client: httpx.AsyncClient) -> bytes:
    """The bytes of a request to follow the feed."""
    return (
        f"GET /events?follow=true HTTP/1.1\r\nHost: x\r\n"
        f"Authorization: {client.headers['authorization']}\r\n\r\n"
    ).encode()


async def _status(client: httpx.AsyncClient, **more: Any) -> int:
    async with client.stream("GET", "/events", **more) as answer:
        return answer.status_code


async def test_a_thousand_subscriptions_at_once_are_refused_beyond_the_agreed(
    platform: Platform,
) -> None:
    """B94."""
    tax, few = Member("tax"), {"streams": 5, "requests_per_minute": 100_000}
    async with door(platform, agency(tax, quota=few)) as at:
        at.speakers.say(REQUESTED)
        await at.until(tax, 1)
        async with at.client(tax) as client:
            url = httpx.URL(at.address)
            open_ones: list[asyncio.StreamWriter] = []

            async def subscribe() -> bytes:
                reader, writer = await asyncio.open_connection(url.host, url.port)
                open_ones.append(writer)
                writer.write(asking(client))
                return (await reader.readline()).split()[1]

            said: list[bytes] = []
            for _ in range(10):
                said += await asyncio.gather(*(subscribe() for _ in range(100)))
            assert Counter(said) == {b"200": 5, b"429": 995}
            assert (await client.get("/feed")).status_code == 200, "questions are answered"
            for writer in open_ones:
                writer.close()
            async with asyncio.timeout(PATIENCE):
                while await _status(client, params={"follow": "true"}) != 200:
                    await asyncio.sleep(0.1)
