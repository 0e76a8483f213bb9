"""What was made from an erased name goes too, unasked, and does not come back when it is made anew."""

from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.forgetting import Erasure, ErasureList, Protection
from shared.eventstore.postgres import open_pool
from tests.integration.door_scene import registered
from tests.integration.test_intake_door import packs
from tests.world import world

FIXTURES = (packs,)


@pytest.mark.attack(
    what="删除后由检索索引或重建的视图还原姓名: an erased name comes back from the index or a rebuild",
    by="遗忘者：随删随清，重建读不到 what is derived is dropped and cannot be made again",
)
async def test_the_index_forgets_an_erased_name_and_a_rebuild_does_not_bring_it_back(
    platform: Platform, packs: Path, tmp_path: Path
) -> None:
    async with world(platform, ["intake"], packs=packs) as w:
        gone = await registered(w, unit="将被遗忘测试公司")
        kept = await registered(w, unit="仍然在册测试公司")

        async def hits(name: str) -> Any:
            return (await w.get("intake", "/search", q=name))["items"]

        await w.eventually(lambda: hits("将被遗忘"), bool)
        await w.eventually(lambda: hits("仍然在册"), bool)
        keys = await open_pool(w.databases.keys, size=1)
        protection = Protection(keys, ErasureList(tmp_path / "erased.list"))
        destroyed = await protection.keys_of([gone["id"]], "applicant", None)
        await protection.erase(Erasure(new_id(), tuple(destroyed), ()))
        own = await asyncpg.connect(w.databases.services["intake"])

        async def tokens(project: Any) -> int:
            count = "SELECT count(*) FROM view_names WHERE project = $1"
            return int(await own.fetchval(count, project))

        async def left() -> tuple[int, bool]:
            return await tokens(gone["id"]), await tokens(kept["id"]) > 0

        await w.eventually(left, lambda found: found == (0, True))  # nobody searched
        await own.execute("DELETE FROM view_names")  # and the whole index is made anew
        await own.execute("UPDATE view_naming SET indexed = 0")
        await w.eventually(lambda: hits("仍然在册"), bool)
        assert await left() == (0, True)
        assert await hits("将被遗忘") == []
        await own.close()
        keys.terminate()
