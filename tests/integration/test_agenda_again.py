"""An agenda that begins anew, with other figures than before, neither stops nor says a thing twice."""

from dataclasses import replace

from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.app import SPEC
from services.supervision.service import Supervision
from shared.effects import new_id
from shared.runtime import Floor, Parts
from tests.integration.supervision_scene import FILING, placed

SILENT = "supervision.feed_silent.v1"


async def test_a_restart_while_a_feed_is_silent_says_it_once(platform: Platform) -> None:
    kept: list[Supervision] = []

    async def build(floor: Floor) -> Parts:
        parts = await SPEC.build(floor)
        assert isinstance(parts.service, Supervision)
        kept.append(parts.service)
        return replace(parts, agenda=None)

    async with placed(platform, replace(SPEC, build=build)) as place:
        w, service = place.world, kept[0]
        matter = await place.matter()
        line = f'{{"matter":"{matter}","item":"{FILING}","BLZT":"1","BLSJ":"{w.clock()}"}}'
        taken = await w.client("supervision", "clerk").post(
            "/imports/states",
            params={"area": w.area, "source": "nightly"},
            content=line.encode(),
            headers={"Content-Type": "application/x-ndjson", "Idempotency-Key": str(new_id())},
        )
        assert taken.status_code == 200, taken.text
        log = service.floor.log
        for minutes in (90, 7, 40):
            w.advance(minutes=minutes)
            assert await service.floor.views.reached(await log.position())
            await Agenda(service).due(w.clock())
        said = await log.pool.fetchval("SELECT count(*) FROM events WHERE type = $1", SILENT)
        assert said == 1
