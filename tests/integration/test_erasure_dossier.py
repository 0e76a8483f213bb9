"""Dossiers made before an erasure still verify; those made after it show less."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.archive.service import SPEAKERS
from services.archive.verifier import verify as verifier
from services.onebox.platform import Platform
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.test_dossier import dossier, policy
from tests.integration.test_erasure import WRONG, approve, proposed
from tests.world import world

READER = "500242/archivist"


@pytest.fixture(scope="module")
async def s(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 1)


@pytest.mark.attack(
    what="删除使卷宗失效，或卷宗仍显示被删内容: erasure breaks a dossier, or is not seen in it",
    by="摘要留存，盐与密文已毁 the digests stay, salts and keys are gone",
)
async def test_dossiers_verify_before_and_after_an_erasure(s: Scene, tmp_path: Path) -> None:
    await s.register()
    await s.request()
    await s.file(1)
    trust = await policy(s)
    before, after = tmp_path / "before.zip", tmp_path / "after.zip"
    before.write_bytes((await dossier(s, READER)).content)
    assert (await approve(s, await proposed(s, WRONG))).status_code == 200
    after.write_bytes((await dossier(s, READER)).content)
    # `verify` raises for a dossier that is not valid
    first, then = (verifier.verify(str(file), trust) for file in (before, after))
    assert first["erased"] == 0
    assert then["erased"] == 2
    assert then["disclosed"] <= first["disclosed"]
    assert "甲".encode() not in after.read_bytes()
