"""An agenda that begins anew, with other figures than before, neither stops nor says a thing twice."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.domain.due import Rulebook, Threshold, due
from services.supervision.domain.state import Matter
from shared.effects import new_id
from tests.integration.supervision_scene import FILING, PERMIT, settled, stood

SILENT = "supervision.feed_silent.v1"


async def test_a_restart_while_a_feed_is_silent_says_it_once(platform: Platform) -> None:
    async with stood(platform) as (place, service):
        w = place.world
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
            await settled(service)
            await Agenda(service).due(w.clock())
        said = await log.pool.fetchval("SELECT count(*) FROM events WHERE type = $1", SILENT)
        assert said == 1


async def test_a_matter_that_cannot_be_counted_holds_up_no_other(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumbling(matter: Matter, rules: Rulebook, today: date) -> Sequence[Threshold]:
        if matter.contacted_on is not None:
            raise ValueError("working days must be from 0 to 10000")
        return due(matter, rules, today)

    monkeypatch.setattr("services.supervision.agenda.due", stumbling)
    async with stood(platform) as (place, service):
        w = place.world
        broken, sound = await place.matter(), await place.matter()
        for matter in (broken, sound):
            await place.granted(matter, FILING)
            await place.filed(matter, PERMIT)
            await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
        await place.ask(broken, "progress", {"items": [PERMIT], "wording": "在办"})
        w.advance(days=20)
        log = service.floor.log
        await settled(service)
        agenda = Agenda(service)
        assert not await agenda.due(w.clock())
        types = {
            matter: [e.type for e in await log.history(matter)] for matter in (broken, sound)
        }
        assert "supervision.reminder_sent.v1" in types[sound]
        assert "supervision.reminder_sent.v1" not in types[broken]

        monkeypatch.setattr("services.supervision.agenda.due", due)
        w.advance(days=1)

        async def looked_again() -> bool:
            return await agenda.due(w.clock())

        await w.eventually(looked_again, bool)
        said = [entry.type for entry in await log.history(broken)]
        assert "supervision.reminder_sent.v1" in said
