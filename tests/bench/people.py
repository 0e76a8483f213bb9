"""How long does a table of 5,000 people take, from the request to every one of them committed?"""

import asyncio
import json
import tempfile
from pathlib import Path

import httpx
import uvloop

from services.onebox.people import Person
from services.onebox.platform import Platform
from shared.effects import monotonic, new_id
from shared.packs import Packs
from shared.runtime import ServiceSpec
from shared.sheets.reading import XLSX
from shared.sheets.writing import workbook_of
from tests.integration.stand_in import StandIn
from tests.world import World, world

PEOPLE = 5_000
HEADER = ("姓名", "单位", "岗位角色", "联系电话", "职务", "可办事项", "技能标签")


def table(body: str) -> bytes:
    """A workbook of so many people, each with seven columns."""
    return workbook_of(
        "花名册",
        HEADER,
        [
            (
                f"测试{n}",
                body,
                "代办专员、帮办专员",
                "000-0000001",
                "科员",
                "S1-01、S2-02",
                "flow",
            )
            for n in range(PEOPLE)
        ],
    )


async def imported(platform: Platform) -> dict[str, float]:
    """Seconds of the preview, of the import, and until the read model shows the last one."""
    rules = next(r for r in Packs.load(None).all() if r.pack.team.model == "by_site")
    area = rules.pack.jurisdiction.code
    heard: list[str | ServiceSpec] = [StandIn(name).spec for name in ("intake", "supervision")]
    async with world(platform, [*heard, "assignment"], clock=False) as running:
        office = Person(
            key="office", id=f"p:{new_id()}", zh="测试员", post="工改办", roles=("office",),
            areas=(area,), bodies=("ro",),
        )  # fmt: skip
        content = table(rules.pack.body("park_i").zh)
        looked, _ = await _send(running, office, area, "/roster-imports/preview", content)
        taken, done = await _send(running, office, area, "/roster-imports", content)
        assert done["added"] == PEOPLE, done
        began = monotonic()
        await _shown(running, office, area, done["position"])
        return {
            "preview_s": round(looked, 2),
            "import_s": round(taken, 2),
            "import_shown_s": round(taken + monotonic() - began, 2),
        }


async def _send(
    running: World, who: Person, area: str, path: str, content: bytes
) -> tuple[float, dict[str, int]]:
    headers = {
        "Authorization": f"Bearer {running.issuer.token_of(who)}",
        "Idempotency-Key": new_id().hex,
        "Content-Type": XLSX,
    }
    async with httpx.AsyncClient(
        base_url=running.addresses["assignment"], timeout=60, trust_env=False
    ) as client:
        began = monotonic()
        answer = await client.post(
            path, params={"area": area}, content=content, headers=headers
        )
        seconds = monotonic() - began
    assert answer.status_code == 200, answer.text[:500]
    return seconds, answer.json()


async def _shown(running: World, who: Person, area: str, position: int) -> None:
    """Until the views have reached what was imported."""
    client = running.client("assignment")
    while True:
        answer = await client.get(
            "/staff",
            params={"area": area, "min_position": position, "limit": 1},
            headers={"Authorization": f"Bearer {running.issuer.token_of(who)}"},
        )
        if answer.status_code == 200:
            return
        await asyncio.sleep(0.05)


async def main() -> None:
    home = tempfile.mkdtemp(prefix="onefile-bench-")
    async with Platform(Path(home), pg_port=0, nats_port=0, say=lambda _: None) as platform:
        print(json.dumps(await imported(platform)))


if __name__ == "__main__":
    uvloop.run(main())
