"""The agencies' door: an agency receives what its agreement names, from zero, in order, at once."""

import asyncio
import gzip

import orjson
from nats.js.errors import NotFoundError  # noqa: F401

from services.onebox.platform import Platform
from shared.tlog.merkle import SHA256, root_of
from tests.integration.feeds_scene import Member, agency, door, lines
from tests.patience import PATIENCE


async def test_a_feed_is_dense_from_zero_and_holds_what_the_agreement_names(
    platform: Platform,
) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        for n in range(30):
            at.speakers.say("intake.service_requested.v1", "990102" if n % 3 else "990103")
            at.speakers.say("supervision.fee_due.v1")
            at.speakers.say("supervision.item_decided.v1")
        await at.until(tax, 50)
        async with at.client(tax) as client:
            first = await client.get("/events", params={"limit": 20})
            second = await client.get("/events", params={"after": 20, "limit": 100})
        told = lines(first.content) + lines(second.content)
        assert [m["feedposition"] for m in told] == list(range(1, 51))
        assert [m["feedprevious"] for m in told] == list(range(50))
        raw = [line for line in (first.content + second.content).split(b"\n") if line]
        leaves = [SHA256.leaf(line).hex() for line in raw]
        assert [m["feedprevhash"] for m in told] == [None, *leaves[:-1]]
        whole = [m for m in told if m["type"] == "intake.service_requested.v1"]
        assert len(whole) == 20 and all(m["leafhash"] == m["viewhash"] for m in whole)
        part = [m for m in told if m["type"] == "supervision.fee_due.v1"]
        assert all(set(m["data"]["fact"]) <= {"item", "amount"} for m in part)
        assert all(m["leafhash"] != m["viewhash"] for m in part)
        async with at.client(tax) as client:
            shown = {
                "feed": told[0]["feed"],
                "size": 50,
                "root": root_of([SHA256.leaf(r) for r in raw]).hex(),
            }
            assert (await client.post("/feed/proof", json=shown)).json()["equal"] is True
            wrong = shown | {"root": "0" * 64}
            assert (await client.post("/feed/proof", json=wrong)).json()["equal"] is False
            assert (await client.get("/feed")).json()["proven"] == 50


async def test_a_stream_goes_on_as_events_come_and_can_be_taken_up_again(
    platform: Platform,
) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        at.speakers.say("intake.service_requested.v1")
        await at.until(tax, 1)
        async with at.client(tax) as client:
            for accept, follow in (
                ("text/event-stream", {}),
                ("application/x-ndjson", {"follow": "true"}),
            ):
                seen: list[int] = []
                async with client.stream(
                    "GET", "/events", params=follow, headers={"Accept": accept}
                ) as answer:
                    async with asyncio.timeout(PATIENCE):
                        async for line in answer.aiter_lines():
                            text = line.removeprefix("data: ")
                            if not text.startswith("{"):
                                continue
                            seen.append(orjson.loads(text)["feedposition"])
                            if len(seen) == 1:
                                at.speakers.say("intake.service_requested.v1")
                            if len(seen) == 2:
                                break
                assert seen == [1, 2]
            async with client.stream(
                "GET", "/events", headers={"Accept": "text/event-stream", "Last-Event-ID": "2"}
            ) as answer:
                async with asyncio.timeout(PATIENCE):
                    async for line in answer.aiter_lines():
                        if line.startswith("id: "):
                            assert line == "id: 3"
                            break


async def test_a_snapshot_proves_itself_part_by_part(platform: Platform) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax)) as at:
        for _ in range(4_100):
            at.speakers.say("intake.service_requested.v1")
        await at.until(tax, 4_100)
        async with at.client(tax) as client:
            told = (await client.get("/feed/snapshot")).json()
            assert told["size"] == 4_096 and len(told["parts"]) == 1
            packed = (await client.get("/feed/snapshot/0")).content
            again = (await client.get("/feed/snapshot/0")).content
            assert packed == again
            found = [line for line in gzip.decompress(packed).split(b"\n") if line]
            assert root_of([SHA256.leaf(one) for one in found]).hex() == told["parts"][0]
            assert told["root"] == told["parts"][0] and told["checkpoint"].startswith(
                "onefile.box"
            )
            assert (await client.get("/feed/snapshot/1")).status_code == 404
            level1 = (
                await client.get("/feed/hashes", params={"level": 1, "count": 4096})
            ).content
            assert len(level1) == 16 * 32
