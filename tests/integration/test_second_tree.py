"""The second tree, by SM3: grown, signed by a device too, proved to strangers, checked at night."""

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from services.onebox.platform import Platform
from shared.attesting import Attestor, WillNotSign, second_key
from shared.checking import check_log
from shared.eventstore.postgres import Connection, connect
from shared.eventstore.tree import SECOND, Tree, consistency, inclusion, tile_at
from shared.tlog.checkpoint import read_checkpoint, read_proof
from shared.tlog.merkle import SM3, check_consistency, check_inclusion, root_of
from shared.tlog.note import SM2, believed, read_note, read_vkey
from tests.integration.store import SERVICE, connected
from tests.integration.test_tree import filled
from tests.patience import PATIENCE
from tests.world import World, world

pytestmark = pytest.mark.store
NOW = datetime(2026, 11, 21, tzinfo=UTC)
DEVICE = "tests.integration.second_signer:make"


@pytest.fixture(scope="module")
async def town(platform: Platform) -> AsyncIterator[World]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ONEFILE_SECOND_TREE", "sm3")
        patched.setenv("ONEFILE_LOG_SIGNER", DEVICE)
        async with world(platform, services=["intake"]) as made:
            yield made


async def by_sm3(connection: Connection) -> list[bytes]:
    rows = await connection.fetch("SELECT about, fact FROM events ORDER BY position")
    return [SM3.leaf(f'{{"about":{about},"fact":{fact}}}'.encode()) for about, fact in rows]


async def test_every_leaf_and_every_earlier_size_is_proved_from_its_tiles(
    connection: Connection,
) -> None:
    await filled(connection, 300)
    first = await Tree.load(connection, SECOND)
    await first.grow(connection)
    await filled(connection, 330)
    tree = await Tree.load(connection, SECOND)
    assert tree.size == 300 and tree.frontier.peaks == first.frontier.peaks
    await tree.grow(connection)
    leaves = await by_sm3(connection)
    root = root_of(leaves, SM3)
    assert (tree.size, tree.frontier.root()) == (630, root)
    for index in (0, 37, 255, 256, 511, 512, 629):
        proof = await inclusion(connection, index, 630, SECOND)
        check_inclusion(leaves[index], index, 630, proof, root, SM3)
    for old in (0, 1, 255, 300, 512, 629):
        proof = await consistency(connection, old, 630, SECOND)
        check_consistency(old, 630, root_of(leaves[:old], SM3), root, proof, SM3)
    assert await tile_at(connection, (0, 1), 256, SECOND) == b"".join(leaves[256:512])
    assert len(await tile_at(connection, (1, 0), 2, SECOND)) == 64


async def test_it_is_guarded_and_checked_like_the_first(
    connection: Connection, database: str, tmp_path: Path
) -> None:
    file = tmp_path / "log.key"
    file.write_bytes(b"k" * 32)
    key = second_key(file, "log.example", SERVICE, device=DEVICE)
    await filled(connection, 30)
    tree = await Tree.load(connection, SECOND)
    await tree.grow(connection)
    attestor = Attestor(SERVICE, "", key, lambda: NOW, SECOND)
    await attestor.sign(connection, tree)
    assert (await check_log(connection, [key.signer.verifier])).found == 0
    shorter = Tree(type(tree.frontier)(SM3), SECOND)
    again = Attestor(SERVICE, "", key, lambda: NOW, SECOND)
    with pytest.raises(WillNotSign, match="30 were signed"):
        await again.sign(connection, shorter)
    async with connected(database) as owner:
        await owner.execute("UPDATE sm3_nodes SET hash = $1 WHERE index = 3", b"x" * 32)
        await owner.execute("UPDATE checkpoints SET root = $1", b"y" * 32)
    part = await check_log(connection, [key.signer.verifier])
    assert {"tile_differs", "root_differs", "note_invalid"} <= {one.code for one in part.faults}


async def get(town: World, path: str) -> httpx.Response:
    async with httpx.AsyncClient(timeout=PATIENCE) as client:
        return await client.get(town.addresses["intake"] + path)


async def until_signed(town: World) -> int:
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await get(town, "/log/sm3/checkpoint")
            if answer.status_code == 200 and (size := int(answer.text.split("\n")[1])) > 0:
                return size
            await asyncio.sleep(0.05)


async def test_a_stranger_proves_an_event_by_sm3_and_by_the_devices_key(town: World) -> None:
    await until_signed(town)
    note = read_note((await get(town, "/log/sm3/checkpoint")).text)
    checkpoint = read_checkpoint(note)
    assert checkpoint.origin.endswith("/intake/sm3")
    own, device = map(read_vkey, (await get(town, "/log/sm3/vkeys")).text.split())
    assert believed(note, [own]) and believed(note, [device])
    assert device.algorithm == SM2
    assert (await get(town, "/log/sm3/vkey")).text.strip() == own.vkey
    connection = await connect(town.databases.services["intake"])
    leaves = await by_sm3(connection)
    await connection.close()
    size = checkpoint.size
    assert checkpoint.root == root_of(leaves[:size], SM3)
    many = (await get(town, f"/log/sm3/proofs?positions=1&size={size}")).json()
    path = [b64decode(one) for one in many["paths"]["1"]]
    check_inclusion(leaves[0], 0, size, path, checkpoint.root, SM3)
    shown = read_proof((await get(town, "/log/sm3/proof?position=1")).text)
    assert read_checkpoint(shown.note).origin == checkpoint.origin
    tile = await get(town, f"/log/sm3/tile/0/000.p/{size}")
    assert tile.content == b"".join(leaves[:size])
    first = read_checkpoint(read_note((await get(town, "/log/checkpoint")).text))
    assert f"{first.origin}/sm3" == checkpoint.origin


async def test_without_the_setting_there_is_no_second_tree(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ONEFILE_SECOND_TREE", "ONEFILE_LOG_SIGNER"):
        monkeypatch.delenv(name, raising=False)
    async with world(platform, services=["intake"]) as plain:
        for path in ("checkpoint", "vkey", "vkeys", "proof?position=1"):
            answer = await get(plain, f"/log/sm3/{path}")
            assert answer.status_code == 404
            assert answer.headers["content-type"] == "application/problem+json"
