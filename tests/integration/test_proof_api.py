"""Anybody can check what a service vouches for: checkpoint, proof, tiles, without a token."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator

import httpx
import pytest

from services.onebox.platform import Platform
from shared.eventstore.postgres import connect
from shared.tlog.checkpoint import read_checkpoint, read_proof
from shared.tlog.merkle import check_consistency, check_inclusion, root_of
from shared.tlog.note import read_note
from tests.patience import PATIENCE
from tests.world import World, world

pytestmark = pytest.mark.store


@pytest.fixture(scope="module")
async def town(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, services=["intake"]) as made:
        yield made


async def leaves(town: World) -> list[bytes]:
    connection = await connect(town.databases.services["intake"])
    rows = await connection.fetch("SELECT leafhash FROM events ORDER BY position")
    await connection.close()
    return [row[0] for row in rows]


async def until_signed(town: World, size: int) -> httpx.Response:
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await get(town, "/log/checkpoint")
            if answer.status_code == 200 and int(answer.text.split("\n")[1]) >= size:
                return answer
            await asyncio.sleep(0.05)


async def get(town: World, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(town.addresses["intake"] + path)


async def test_an_event_is_proved_to_a_stranger(town: World) -> None:
    answer = await until_signed(town, 1)
    known = await leaves(town)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    checkpoint = read_checkpoint(read_note(answer.text))
    assert checkpoint.origin.endswith("/intake")
    assert checkpoint.root == root_of(known[: checkpoint.size])
    shown = read_proof((await get(town, "/log/proof?position=1")).text)
    size = read_checkpoint(shown.note).size
    root = root_of(known[:size])
    check_inclusion(known[0], 0, size, shown.path, root)
    many = (await get(town, f"/log/proofs?positions=1,{size}&size={size}")).json()
    for position in (1, size):
        path = [b64decode(one) for one in many["paths"][str(position)]]
        check_inclusion(known[position - 1], position - 1, size, path, root)
    assert read_checkpoint(read_note(many["checkpoint"])).size == size
    lines = (await get(town, f"/log/consistency?old=0&new={size}")).text
    path = [b64decode(line) for line in lines.splitlines()]
    check_consistency(0, size, root_of([]), root, path)
    tile = await get(town, f"/log/tile/0/000.p/{size}")
    assert tile.content == b"".join(known[:size])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log/proof?position=999999", 404),
        ("/log/proof?position=0", 422),
        ("/log/proof?position=x", 422),
        ("/log/consistency?old=2&new=1", 404),
        ("/log/consistency?old=-1&new=1", 422),
        ("/log/proofs?positions=1,999999", 404),
        ("/log/proofs?positions=1&size=999999", 404),
        ("/log/proofs?positions=0", 422),
        ("/log/proofs?positions=1;2", 422),
        ("/log/proofs?positions=" + ",".join(["1"] * 501), 404),
        ("/log/tile/0/000", 404),
        ("/log/tile/0/000.p/255", 404),
        ("/log/tile/64/000", 422),
        ("/log/tile/0/../../etc", 404),
        ("/log/tile/5/000.p/1", 404),
    ],
)
async def test_what_cannot_be_proved_is_told_so(town: World, path: str, status: int) -> None:
    await until_signed(town, 1)
    answer = await get(town, path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
