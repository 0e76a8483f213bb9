"""What falls due by itself, and what the reform office does: returns, lists, inspections."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.service import Supervision, legal_day
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed, stood
from tests.world import World


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


async def test_silence_warnings_and_returns_come_with_time_and_once(
    platform: Platform,
) -> None:
    async with stood(platform, alive=True) as (place, service):
        w = place.world
        matter = await place.matter(scope=(FILING, PERMIT, "S1-11"))
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await place.ask(matter, f"items/{PERMIT}/receipt", {}, "approver")
        w.advance(days=14)
        read = await w.until(
            "supervision", f"/matters/{matter}", lambda m: m["items"][PERMIT]["deemed"]
        )
        assert read["items"][PERMIT]["accepted_on"] == read["items"][PERMIT]["received_on"]
        await w.until("supervision", f"/matters/{matter}", lambda m: m["duties"]["urges"])
        w.advance(days=120)
        owed = await w.eventually(
            lambda: w.get("supervision", "/returns", "office", area=w.area),
            lambda found: len(found["returns"]) >= 8,
        )
        assert {row["body"] for row in owed["returns"]} == {"depts", "park_i", "park_a", "town"}
        await _nothing_is_due_twice(w, service)
        await _returns(place, owed["returns"][0]["quarter"])


async def _nothing_is_due_twice(w: World, service: Supervision) -> None:
    """An agenda that knows nothing, as after a restart, finds nothing left to do."""
    floor = service.floor

    async def rest() -> bool:
        before = await floor.log.position()
        reached = await floor.views.reached(before)
        await Agenda(service).due(w.clock())
        return reached and await floor.log.position() == before

    assert await w.eventually(rest)


async def _returns(place: Place, quarter: str) -> None:
    """The park files what the events give; the same cut gives the same bytes again."""
    w = place.world
    asked = {"area": w.area, "form": "ledger", "quarter": quarter, "body": "park_i"}
    client = w.client("supervision", "office")
    draft = await client.get("/returns/draft", params=asked)
    cut = draft.headers["onefile-cut"]
    filing = {**asked, "cut": int(cut)}
    await w.post("supervision", "/returns", {**filing, "nil": True}, "liaison", expect=409)
    await w.post("supervision", "/returns", filing, "department", expect=403)
    await w.post("supervision", "/returns", filing, "liaison", expect=201)
    again = await client.get("/returns/draft", params={**asked, "cut": cut})
    assert again.content == draft.content
    none = {**asked, "body": "depts", "form": "issues", "nil": True}
    await w.post("supervision", "/returns", none, "department", expect=201)


async def test_a_raised_problem_comes_back_by_territory(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    opened = {"kind": "coordination", "items": [PERMIT], "description": "管线迁改未定"}
    await place.ask(matter, "issues", opened)
    (issue,) = (await place.read(matter))["issues"]["open"]
    raised = {"issue": issue["id"], "signal": "beyond_power"}
    await place.ask(matter, "issues/raised", raised)
    day = legal_day(w.clock()) + timedelta(days=10)
    listed = await w.eventually(
        lambda: w.get("supervision", "/issues", "office", area=w.area),
        lambda page: any(row["raised_to"] for row in page["rows"]),
    )
    assert listed["rows"]
    sent = {"area": w.area, "quarter": "2026-Q4", "due_on": day, "issues": [issue["id"]]}
    await w.post("supervision", "/issue-lists", sent, "liaison", expect=403)
    await w.post("supervision", "/issue-lists", sent, "office", expect=201)
    still = (await place.read(matter))["issues"]["open"]
    (line,) = [one for one in still if one["kind"] == "listed"]
    assert (line["owner"], line["person"]) == ("park_i", place.id("agent"))
    settled = {"issue": line["id"], "outcome": "solved", "resolution": "已协调"}
    await place.ask(matter, "issues/resolved", settled)
    assert (await place.read(matter))["issues"]["open"] == []


async def test_inspections_and_lists_are_read_by_the_office(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.filed(matter)
    found = {"area": w.area, "body": "park_i", "shortcomings": 2, "findings": "两处不足"}
    made = await w.post("supervision", "/inspections", found, "office", expect=201)
    await w.post("supervision", "/inspections", found, "agent", expect=(403, 404))
    position = made.json()["position"]
    shown = await w.until(
        "supervision", f"/inspections?area={w.area}&min_position={position}", bool, "office"
    )
    assert shown["inspections"][0]["shortcomings"] == 2
    first = await w.get("supervision", "/items", "office", area=w.area, limit=1)
    assert len(first["rows"]) == 1
    second = await w.get(
        "supervision", "/items", "office", area=w.area, limit=1, after=first["after"]
    )
    assert second["rows"] != first["rows"]
    mine = await w.get(
        "supervision", "/items", "office", area=w.area, state="submitted", body="park_i"
    )
    assert str(matter) in {row["matter"] for row in mine["rows"]}
