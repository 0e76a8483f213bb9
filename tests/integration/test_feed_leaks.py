"""Random agreements over random traffic: at every door, exactly what the plain oracle says."""

import asyncio
import gzip
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import orjson
import pytest
from fastapi import FastAPI, Request, Response
from onefile_client.bus import BusFeed, connect
from onefile_client.keys import Key

from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.effects import monotonic
from tests.integration.feeds_scene import Member, agency, door, fits, lines
from tests.patience import PATIENCE

TYPES = [
    "intake.service_requested.v1", "intake.mode_chosen.v1", "assignment.agent_assigned.v1",
    "supervision.fee_due.v1", "supervision.fee_paid.v1", "supervision.item_decided.v1",
    "evaluation.evaluation_recorded.v1", "archive.file_opened.v1",
]  # fmt: skip
AREAS = ["990101", "990102", "990201", "980101", "990100"]
SCOPES = ["99", "9901", "990102", "9902", "98", "990100"]


@asynccontextmanager
async def receiver() -> AsyncIterator[tuple[str, dict[str, list[bytes]]]]:
    """Somebody who takes every webhook, by the path it came to."""
    app, took = FastAPI(), dict[str, list[bytes]]()

    @app.post("/{name}")
    async def take(request: Request, name: str) -> Response:
        took.setdefault(name, []).append(await request.body())
        return Response(status_code=204)

    sock = listening(0)
    async with answering(app, sock):
        yield address_of(sock), took


@pytest.mark.parametrize("seed", [8, 63])
async def test_no_event_outside_the_agreement_leaves_by_any_door(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """HTTP page and stream, Server-Sent Events, NATS, webhook, snapshot: the same bytes or none."""
    monkeypatch.setattr(sys.modules["services.feeds.api.agency"], "PART", 256)
    chance, parts_seen = random.Random(seed), 0
    async with receiver() as (address, took):
        members = [Member(f"ag{n}") for n in range(4)]
        policies: dict[str, dict[str, Any]] = {}
        for member in members:
            first = member is members[0]
            types = TYPES if first else chance.sample(TYPES, chance.randint(1, 4))
            policies[member.id] = {
                "areas": ["99"] if first else chance.sample(SCOPES, chance.randint(1, 2)),
                "events": [{"types": [t], "fields": chance.choice(["all", []])} for t in types],
                "webhook": {"url": f"{address}/{member.id}", "reach": "loopback"},
            }
        async with door(platform, *(agency(m, **policies[m.id]) for m in members)) as at:
            said = []
            for _ in range(600):
                message = at.speakers.say(chance.choice(TYPES), chance.choice(AREAS))
                said.append(orjson.loads(message))
            for member in members:
                policy = policies[member.id]
                types = [t for given in policy["events"] for t in given["types"]]
                wanted = {m["id"] for m in said if fits(types, policy["areas"], m)}
                await at.until(member, len(wanted))
                page = await _page(at, member)
                assert {m["id"] for m in lines(page)} == wanted
                assert sorted(_raw(page)) == sorted(await _over_nats(at, member, len(wanted)))
                await _posted(took, member.id, len(wanted))
                assert sorted(took[member.id]) == sorted(_raw(page))
                for m in lines(page):
                    given = next(g for g in policy["events"] if m["type"] in g["types"])
                    assert given["fields"] == "all" or m["data"]["fact"] == {}
                for accept in ("application/x-ndjson", "text/event-stream"):
                    assert await _followed(at, member, accept, len(wanted)) == _raw(page)
                async with at.client(member) as client:
                    parts = (await client.get("/feed/snapshot")).json()["parts"]
                    assert len(parts) == len(wanted) // 256
                    parts_seen += len(parts)
                    whole = [
                        line
                        for number in range(len(parts))
                        for line in _raw(gzip.decompress(
                            (await client.get(f"/feed/snapshot/{number}")).content
                        ))
                    ]  # fmt: skip
                    assert whole == _raw(page)[: 256 * len(parts)]
            assert parts_seen, "there were snapshots to look into"


def _raw(page: bytes) -> list[bytes]:
    return [line for line in page.split(b"\n") if line]


async def _page(at: Any, member: Member) -> bytes:
    async with at.client(member) as client:
        content: bytes = (await client.get("/events", params={"limit": 1000})).content
        again = {"after": content.count(b"\n"), "limit": 1000}
        return content + bytes((await client.get("/events", params=again)).content)


async def _followed(at: Any, member: Member, accept: str, count: int) -> list[bytes]:
    """The first `count` messages of the stream, and that nothing else comes with them."""
    found: list[bytes] = []
    async with (
        asyncio.timeout(PATIENCE),
        at.client(member) as client,
        client.stream(
            "GET", "/events", params={"follow": "true"}, headers={"Accept": accept}
        ) as answer,
    ):
        async for line in answer.aiter_lines():
            text = line.removeprefix("data: ")
            if text.startswith("{"):
                found.append(text.encode())
            else:
                assert not text or text[:2] in (": ", "id", "ev"), text
            if len(found) == count:
                break
    return found


async def _over_nats(at: Any, member: Member, count: int) -> list[bytes]:
    client = await connect(at.bus.url, member.id, Key(member.private.private_bytes_raw()))
    found: list[bytes] = []
    async with asyncio.timeout(PATIENCE), BusFeed(client, member.id) as feed:
        while len(found) < count:
            batch = await feed.fetch(200, wait=0.5)
            found += [message.data for message in batch]
            await feed.took(batch)
    await client.close()
    return found


async def _posted(took: dict[str, list[bytes]], name: str, count: int) -> None:
    deadline = monotonic() + PATIENCE
    while len(took.get(name, [])) < count:
        assert monotonic() < deadline, f"{len(took.get(name, []))} of {count} were posted"
        await asyncio.sleep(0.02)
