"""An item without any limit over HTTP: no list, sheet, file or look of the agenda stumbles on it."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from openpyxl import load_workbook

from contracts.catalogue import REPRESENTATIVE, load_catalogue
from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.service import Supervision, legal_day
from tests.integration.supervision_scene import FILING, PERMIT, RULES, Place, settled, stood

LIMIT = "limit: {statutory: 20, unit: wd, conf: h, commit_wd: 3}, after: [S1-01, S1-04]"
NONE = LIMIT.replace(
    "{statutory: 20, unit: wd, conf: h, commit_wd: 3}",
    "{statutory: null, unit: none, conf: l, commit_wd: null}",
)


@asynccontextmanager
async def unlimited(platform: Platform) -> AsyncIterator[tuple[Place, Supervision]]:
    """Supervision whose catalogue names no time for the permit."""
    text = REPRESENTATIVE.read_text()
    assert text.count(LIMIT) == 1
    catalogue = load_catalogue(text.replace(LIMIT, NONE).encode())
    async with stood(platform, replace(RULES, catalogue=catalogue)) as found:
        yield found


async def test_every_surface_answers_for_it(platform: Platform) -> None:
    async with unlimited(platform) as (place, service):
        w = place.world
        matter = await place.matter()
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
        w.advance(days=40)
        floor = service.floor
        await settled(service)
        await Agenda(service).due(w.clock())
        await settled(service)

        item = await place.item(matter, PERMIT)
        assert item["due_on"] is None and item["statutory_due_on"] is None
        assert {"no_limit"} <= {clock["state"] for clock in item["clocks"]}
        entries = [entry.members() for entry in await floor.log.history(matter)]
        late = [e for e in entries if e.get("signal") == "overdue" and PERMIT in e["items"]]
        assert late == []

        plan = await w.get("supervision", f"/matters/{matter}/plan", "auditor")
        assert plan["without_limit"] == [PERMIT]
        why = await w.get("supervision", f"/matters/{matter}/items/{PERMIT}/why", "auditor")
        said = {one["clock"]: one for one in why["clocks"]}
        assert (
            said["commitment"]["state"] == "no_limit" and "no limit" in said["commitment"]["en"]
        )
        await _the_other_readings(place, matter)


async def _the_other_readings(place: Place, matter: Any) -> None:
    w = place.world
    client = w.client("supervision", "auditor")
    for path in ("plan.svg", "plan.pdf", f"items/{PERMIT}/clocks", f"items/{PERMIT}/why.txt"):
        answer = await client.get(f"/matters/{matter}/{path}")
        assert answer.status_code == 200, (path, answer.text[:300])
    page = await w.get("supervision", "/items", "office", area=w.area)
    (row,) = [one for one in page["rows"] if one["item"] == PERMIT]
    assert row["due_on"] is None
    sheet = await w.get("supervision", "/morning", "office", area=w.area, since="2020-01-01")
    assert [one["item"] for one in sheet["stalled"]] == [PERMIT]
    assert not [one for rows in sheet["crossed"].values() for one in rows]
    place.intake.answers["/matters"] = {"items": [], "after": None}
    day = legal_day(w.clock())
    quarters = {f"{day.year}-Q{(day.month + 2) // 3}"}
    accepted = (await place.item(matter, PERMIT))["accepted_on"]
    quarters.add(f"{accepted[:4]}-Q{(int(accepted[5:7]) + 2) // 3}")
    found = []
    for quarter in quarters:
        answer = await w.client("supervision", "office").get(
            "/returns/ledger.xlsx", params={"area": w.area, "quarter": quarter}
        )
        assert answer.status_code == 200, answer.text
        book = load_workbook(io.BytesIO(answer.content))
        found += [row for row in book["工作台账"].iter_rows(values_only=True) if PERMIT in row]
    assert found
