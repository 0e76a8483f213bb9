"""A matter closed among real services leaves the house as a ZIP that a stranger can verify."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from services.archive.service import SPEAKERS
from services.archive.verifier import verify as verifier
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.postgres import connect
from tests.integration.archive_scene import Scene, Speaker
from tests.world import world

pytestmark = pytest.mark.store
PATIENCE = 40.0


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    stage.serial += 1
    return replace(stage, matter=new_id(), project=new_id())


async def policy(s: Scene) -> str:
    """The keys of these logs, and no witness."""
    async with httpx.AsyncClient() as client:
        keys = [
            (await client.get(f"{s.w.addresses[name]}/log/vkey")).text
            for name in (*SPEAKERS, "archive")
        ]
    return "".join(f"log {key}" for key in keys) + "quorum none\n"


async def dossier(s: Scene) -> bytes:
    """As the auditor gets it, once everything is signed."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await s.w.client("archive", person="auditor").get(f"{s.path}/dossier")
            if answer.status_code == 200:
                assert answer.headers["content-type"] == "application/zip"
                return answer.content
            assert answer.status_code == 503, answer.text
            await asyncio.sleep(0.2)


async def sealed(s: Scene, stores: int) -> None:
    """Until archive has sealed what so many stores said."""
    connection = await connect(s.w.databases.services["archive"])
    query = "SELECT count(*) FROM events WHERE type = 'archive.heads_sealed.v1'"
    async with asyncio.timeout(PATIENCE):
        while await connection.fetchval(query) < stores:
            await asyncio.sleep(0.1)
    await connection.close()


async def test_a_stranger_verifies_the_dossier_of_a_matter(s: Scene, tmp_path: Path) -> None:
    await s.serve_to_the_end()
    await sealed(s, 1)
    file = tmp_path / "one.zip"
    file.write_bytes(await dossier(s))
    report = verifier.verify(str(file), await policy(s))
    assert report["number"] == s.number
    assert set(report["stores"]) == {*SPEAKERS, "archive"}
    assert report["withheld"] > 0
    assert report["disclosed"] == 0


async def test_who_may_not_read_the_file_gets_no_dossier(s: Scene) -> None:
    await s.serve_to_the_end()
    for person in ("other", "agent2"):
        answer = await s.w.client("archive", person=person).get(f"{s.path}/dossier")
        assert answer.status_code == 404, answer.text


async def test_there_is_no_dossier_of_nothing(s: Scene) -> None:
    answer = await s.w.client("archive", person="auditor").get(f"/matters/{new_id()}/dossier")
    assert answer.status_code == 404
