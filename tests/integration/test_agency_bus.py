"""The agencies' server: what an account may do is what its agreement says, and nothing besides."""

import asyncio
import base64
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import nats
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from nats.aio.client import Client
from nats.errors import NoServersError
from nats.js.errors import APIError
from onefile_client.bus import BusFeed, connect
from onefile_client.keys import Key

from services.feeds.domain.accounts import WRITER
from services.onebox.platform import Platform
from shared.effects import monotonic
from tests.integration.feeds_scene import Door, Member, agency, door
from tests.patience import PATIENCE

TAX, WATER = Member("tax"), Member("water")
REFUSED = (NoServersError, nats.errors.Error, OSError, TimeoutError)
"""What the library may say of a server that does not let one in, or is just being told."""


@pytest.fixture(scope="module")
async def at(platform: Platform) -> AsyncIterator[Door]:
    both = agency(TAX), agency(WATER, areas=["990103"])
    async with door(platform, *both) as running:
        for _ in range(5):
            running.speakers.say("intake.service_requested.v1", "990102")
            running.speakers.say("intake.service_requested.v1", "990103")
        await running.until(TAX, 5)
        await running.until(WATER, 5)
        yield running


def key_of(member: Member) -> Key:
    return Key(member.private.private_bytes_raw())


async def entered(at: Door, member: Member, said: list[str], **options: Any) -> Client:
    async def noted(error: Exception) -> None:
        said.append(str(error).lower())

    return await connect(
        at.bus.url, member.id, key_of(member), allow_reconnect=False, error_cb=noted, **options
    )


async def silent(_: Exception) -> None:
    """What a refused client says is told by the exception."""


async def refused(at: Door, **how: Any) -> bool:
    client = Client()
    try:
        await client.connect(
            at.bus.url, allow_reconnect=False, error_cb=silent, connect_timeout=3, **how
        )
    except REFUSED:
        if client._transport:
            client._transport.close()  # type: ignore[no-untyped-call]
        return True
    await client.close()
    return False


async def test_without_a_credential_nobody_enters(at: Door) -> None:
    assert await refused(at)
    assert await refused(at, token="guess")
    assert await refused(at, user=WRITER, password="guess")
    assert await refused(at, user="tax", password="")


async def let_in(at: Door, member: Member) -> Client:
    """Once the server has seen that those went who were in before: each takes a place of few."""
    deadline = monotonic() + PATIENCE
    while True:
        try:
            return await entered(at, member, [])
        except REFUSED:
            assert monotonic() < deadline
            await asyncio.sleep(0.05)


async def test_a_key_that_is_not_in_the_register_is_refused(at: Door) -> None:
    said: list[str] = []
    with pytest.raises(REFUSED):
        await entered(at, Member("tax"), said)


async def test_anothers_public_key_with_ones_own_signature_is_refused(at: Door) -> None:
    class Borrowed(Key):
        def __init__(self) -> None:
            super().__init__(Ed25519PrivateKey.generate().private_bytes_raw())
            self.public = TAX.nkey

    with pytest.raises(REFUSED):
        await connect(at.bus.url, "tax", Borrowed(), allow_reconnect=False, error_cb=silent)


OTHER = "FEED_WATER_X"
PUBLISHES = [
    "feed.tax-1", "feed.water-1", "onefile.water.next", "onefile.tax", "evt.any",
    "$JS.API.STREAM.DELETE.{stream}", "$JS.API.STREAM.PURGE.{stream}",
    "$JS.API.STREAM.MSG.GET.{stream}", "$JS.API.DIRECT.GET.{stream}",
    "$JS.API.STREAM.MSG.DELETE.{stream}", "$JS.API.STREAM.UPDATE.{stream}",
    "$JS.API.STREAM.SNAPSHOT.{stream}", "$JS.API.STREAM.RESTORE.{stream}",
    "$JS.API.STREAM.NAMES", "$JS.API.INFO", "$JS.API.CONSUMER.CREATE.{stream}",
    "$JS.API.CONSUMER.DURABLE.CREATE.{stream}.mine", "$JS.API.CONSUMER.DELETE.{stream}.tax",
    "$JS.API.CONSUMER.MSG.NEXT.{other}.water", "$JS.API.ACCOUNT.PURGE.FEEDS",
    "$JS.ACK.{other}.water.1.1.1.1.0", "$SYS.REQ.SERVER.PING", "$SYS.REQ.ACCOUNT.FEEDS.CONNZ",
    "_INBOX.water.x", "_INBOX.tax.x",
]  # fmt: skip
SUBSCRIBES = [
    "feed.>",
    "feed.*",
    ">",
    "_INBOX.>",
    "_INBOX.water.>",
    "$JS.>",
    "$SYS.>",
    "onefile.>",
]


async def streams(at: Door) -> dict[str, str]:
    async with at.client(TAX) as tax, at.client(WATER) as water:
        return {"stream": (await tax.get("/feed")).json()["stream"],
                "other": (await water.get("/feed")).json()["stream"]}  # fmt: skip


@pytest.mark.parametrize("subject", PUBLISHES)
async def test_an_agency_may_not_publish(at: Door, subject: str) -> None:
    said: list[str] = []
    client = await entered(at, TAX, said)
    try:
        await client.publish(subject.format(**await streams(at)), b"{}", reply="_INBOX.tax.r")
        await client.flush()
        await _eventually(
            lambda: any("permissions violation for publish" in one for one in said)
        )
    finally:
        await client.close()


@pytest.mark.parametrize("subject", SUBSCRIBES)
async def test_an_agency_may_not_listen(at: Door, subject: str) -> None:
    said: list[str] = []
    client = await entered(at, TAX, said)
    try:
        await client.subscribe(subject)
        await client.flush()
        await _eventually(
            lambda: any("permissions violation for subscription" in one for one in said)
        )
    finally:
        await client.close()


async def _eventually(true: Any) -> None:
    deadline = monotonic() + PATIENCE
    while not true():
        assert monotonic() < deadline, "nobody was refused"
        await asyncio.sleep(0.01)


async def test_each_receives_its_own_and_its_acknowledgements_arrive(at: Door) -> None:
    writer = await nats.connect(at.bus.url, user=WRITER, password=at.bus.password())
    for member, area in ((TAX, "990102"), (WATER, "990103")):
        client = await entered(at, member, [])
        async with asyncio.timeout(PATIENCE), BusFeed(client, member.id) as feed:
            found = await feed.fetch(5)
            while len(found) < 5:
                found += await feed.fetch(5 - len(found))
            told = [orjson.loads(message.data) for message in found]
            assert [m["feedposition"] for m in told] == [1, 2, 3, 4, 5]
            assert {m["data"]["about"]["area"] for m in told} == {area}
            async with at.client(member) as http:
                page = (await http.get("/events")).content.split(b"\n")[:5]
            assert [message.data for message in found] == page
            await feed.took(found)
        await client.close()
        stream = (await streams(at))["stream" if member is TAX else "other"]
        js = writer.jetstream()
        deadline = monotonic() + PATIENCE
        while (info := await js.consumer_info(stream, member.id)).num_ack_pending:
            assert monotonic() < deadline
            await asyncio.sleep(0.02)
        assert info.ack_floor and info.ack_floor.stream_seq == 5
    await writer.close()


async def test_a_reply_cannot_be_sent_into_anothers_inbox(at: Door) -> None:
    victim, thief = await let_in(at, WATER), await let_in(at, TAX)
    heard: list[bytes] = []

    async def hear(message: Any) -> None:
        heard.append(message.data)

    await victim.subscribe("_INBOX.water.victim", cb=hear)
    await victim.flush()
    at.speakers.say("intake.service_requested.v1", "990102")
    await at.until(TAX, 6)
    ask = orjson.dumps({"batch": 5, "expires": 300_000_000})
    await thief.publish("onefile.tax.next", ask, reply="_INBOX.water.victim")
    async with asyncio.timeout(PATIENCE), BusFeed(thief, "tax") as feed:
        while not await feed.fetch(5):  # asked after it: what there is comes to the own inbox
            pass
    await victim.publish("onefile.water.next", ask, reply="_INBOX.water.victim")
    await _eventually(lambda: heard)  # and what the victim itself asked for comes to its own
    assert not [one for one in heard if b'"990102"' in one]
    await victim.close()
    await thief.close()


async def test_not_even_we_can_take_a_message_out_of_a_feed(at: Door) -> None:
    writer = await nats.connect(at.bus.url, user=WRITER, password=at.bus.password())
    stream = (await streams(at))["stream"]
    with pytest.raises(APIError):
        await writer.jetstream().purge_stream(stream)
    with pytest.raises(APIError):
        await writer.jetstream().delete_msg(stream, 1)
    await writer.close()


async def test_more_connections_than_agreed_are_refused(at: Door) -> None:
    held = [await let_in(at, WATER) for _ in range(4)]
    with pytest.raises(REFUSED):
        await entered(at, WATER, [])
    for client in held:
        await client.close()


async def test_what_is_larger_than_a_message_ends_the_connection(at: Door) -> None:
    client = await let_in(at, WATER)
    with pytest.raises(nats.errors.MaxPayloadError):
        await client.publish("onefile.water.next", b"x" * 300_000)
    await client.close()


async def test_a_rotated_key_works_beside_the_old_and_a_revoked_one_is_cut_off(
    platform: Platform,
) -> None:
    old, new = Member("tax"), Member("tax")
    async with door(platform, agency(old)) as at:
        at.speakers.say("intake.service_requested.v1")
        await at.until(old, 1)
        at.write(agency(old, keys=[old.key(), new.key()]))
        await (await let_in(at, new)).close()
        inside = await entered(at, old, [])
        await at.until(old, 1)
        await at.until(new, 1)

        revoked = old.key(revoked=datetime.now(UTC))
        at.write(agency(old, keys=[revoked, new.key()]))
        deadline = monotonic() + PATIENCE
        while inside.is_connected:
            assert monotonic() < deadline, "a revoked key still has its connection"
            await asyncio.sleep(0.02)
        with pytest.raises(REFUSED):
            await entered(at, old, [])
        async with at.client(old) as client:
            while (answer := await client.get("/feed")).status_code != 401:
                assert monotonic() < deadline
                await asyncio.sleep(0.02)
        assert answer.json()["type"] == "urn:onefile:problem:unauthenticated"
        await at.until(new, 1)


async def test_a_register_that_cannot_be_read_gives_nobody_anything(platform: Platform) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        at.speakers.say("intake.service_requested.v1")
        await at.until(tax, 1)
        inside = await entered(at, tax, [])
        (at.home / "agencies.yaml").write_text("schema: onefile.agencies/v1\nagencis: []\n")
        deadline = monotonic() + PATIENCE
        async with at.client(tax) as client:
            while (answer := await client.get("/events")).status_code == 200:
                assert monotonic() < deadline
                await asyncio.sleep(0.02)
            assert answer.status_code == 503
            assert answer.json()["type"].endswith(":register_unreadable")
        while inside.is_connected:
            assert monotonic() < deadline
            await asyncio.sleep(0.02)
        at.write(agency(tax))
        await at.until(tax, 1)


async def test_keys_and_agreements_end_by_themselves(platform: Platform) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        inside = await entered(at, tax, [])
        end = datetime.now(UTC) + timedelta(seconds=2)
        at.write(agency(tax, keys=[tax.key(until=end)]))
        deadline = monotonic() + PATIENCE
        while inside.is_connected:
            assert monotonic() < deadline
            await asyncio.sleep(0.05)
        assert datetime.now(UTC) >= end
        async with at.client(tax) as client:
            while (await client.get("/feed")).status_code != 401:
                assert monotonic() < deadline
                await asyncio.sleep(0.05)
        at.write(agency(tax, until=date(2020, 1, 1)))
        async with at.client(tax) as client:
            while (answer := await client.get("/feed")).status_code != 403:
                assert monotonic() < deadline
                await asyncio.sleep(0.05)
        assert answer.json()["type"].endswith(":agreement_ended")
        with pytest.raises(REFUSED):
            await entered(at, tax, [])


def test_a_seed_and_a_public_key_are_written_as_nats_writes_them() -> None:
    key = Key(bytes(range(32)))
    assert key.public.startswith("U") and len(key.public) == 56
    assert base64.b32decode(key.public + "=" * (-len(key.public) % 8))[0] == 20 << 3
