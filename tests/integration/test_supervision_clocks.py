"""Due days over HTTP: explained now and at any position, warned of once, whoever looks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from services.onebox.platform import Platform
from services.supervision.agenda import Agenda
from services.supervision.service import Supervision, legal_day
from shared.clock import LEGAL_ZONE
from shared.effects import system_clock
from tests.integration.supervision_scene import (
    FILING,
    PERMIT,
    RULES,
    Place,
    placed,
    settled,
    stood,
)

NOTICE = {
    "sha256": "ab" * 32,
    "size": 9,
    "media_type": "application/pdf",
    "name": "notice.pdf",
}


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


async def accepted(place: Place) -> Any:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    return matter


async def why(place: Place, matter: Any, **more: Any) -> Any:
    path = f"/matters/{matter}/items/{PERMIT}/why"
    return await place.world.get("supervision", path, "auditor", **more)


def clock(found: Any, name: str) -> Any:
    return next(one for one in found["clocks"] if one["clock"] == name)


async def test_every_due_day_says_why_and_is_the_recorded_one(place: Place) -> None:
    matter = await accepted(place)
    found = await why(place, matter)
    promised = clock(found, "commitment")
    item = await place.item(matter, PERMIT)

    assert promised["due_on"] == promised["recorded_due_on"] == item["due_on"]
    assert promised["agrees"]
    assert sum(day["counts"] for day in promised["days"]) == promised["allowed"]
    assert promised["basis"]["type"] == "supervision.item_accepted.v1"
    assert promised["zh"].startswith("承诺时限")
    assert len(found["sha256"]) == 64


async def test_at_an_earlier_position_it_says_what_was_known_then(place: Place) -> None:
    matter = await accepted(place)
    before = await why(place, matter)
    review = {"procedure": "expert_review", "notice": NOTICE}
    await place.ask(matter, f"items/{PERMIT}/special-procedure", review, "approver")
    stopped = await why(place, matter)
    then = await why(place, matter, at=before["position"])

    assert clock(stopped, "statutory")["state"] == "suspended"
    assert clock(stopped, "statutory")["due_on"] is None
    assert then["sha256"] == before["sha256"]
    assert then["clocks"] == before["clocks"]
    asked = clock(before, "commitment")["basis"]["position"]
    earlier = await why(place, matter, at=asked - 1)
    assert clock(earlier, "commitment")["state"] == "not_started"


async def test_a_position_or_an_item_that_is_not_there_is_not_found(place: Place) -> None:
    matter = await accepted(place)
    client = place.world.client("supervision", "auditor")
    for path in (f"items/{PERMIT}/why?at=99999999", "items/S9-99/why"):
        answer = await client.get(f"/matters/{matter}/{path}")
        assert answer.status_code == 404
    first = await client.get(f"/matters/{matter}/items/{PERMIT}/why", params={"at": 1})
    assert first.status_code == 404


async def test_the_ledger_can_be_printed(place: Place) -> None:
    matter = await accepted(place)
    client = place.world.client("supervision", "auditor")
    path = f"/matters/{matter}/items/{PERMIT}/why.txt"
    zh = await client.get(path)
    en = await client.get(path, params={"language": "en"})

    assert zh.headers["content-type"].startswith("text/plain")
    assert "工作日" in zh.text
    assert "working day" in en.text
    assert zh.text.splitlines()[-1].startswith("sha256 ")


async def test_nothing_is_suspended_without_the_written_notice(place: Place) -> None:
    matter = await accepted(place)
    path = f"items/{PERMIT}/special-procedure"
    refused = await place.ask(
        matter, path, {"procedure": "expert_review"}, "approver", expect=409
    )
    assert "suspension_without_notice" in str(refused)


async def test_replicas_and_restarts_cross_each_threshold_once(platform: Platform) -> None:
    async with stood(platform) as (place, service):
        w = place.world
        matter = await accepted(place)
        floor = service.floor
        await settled(service)
        w.advance(days=12)
        for _ in range(2):
            both = Agenda(service), Agenda(service)
            await asyncio.gather(*(one.due(w.clock()) for one in both))
            await settled(service)
        entries = await floor.log.history(matter)
        told = [
            (fact["to"], fact["signal"], fact["due_on"], fact.get("percent"))
            for fact in (e.members() for e in entries if e.type.endswith("reminder_sent.v1"))
        ]
        assert told
        assert len(told) == len(set(told))
        await _a_reminder_leans_on_a_ledger_that_can_be_made_again(place, matter, entries)
        await _the_morning_shows_it(place, service, matter)


async def _a_reminder_leans_on_a_ledger_that_can_be_made_again(
    place: Place, matter: Any, entries: Any
) -> None:
    """What was recorded with the reminder is what the log gives at that position (X-07)."""
    reckoned = [
        (entry.position, entry.members()["reckoning"])
        for entry in entries
        if "reckoning" in entry.members()
    ]
    assert reckoned
    for position, digest in reckoned:
        found = await why(place, matter, at=position)
        assert clock(found, "commitment")["reckoning"] == digest


async def _the_morning_shows_it(place: Place, service: Supervision, matter: Any) -> None:
    """The crossed line stands under its department, with its arithmetic; an answer is shown."""
    w = place.world
    since = (await place.item(matter, PERMIT))["accepted_on"]
    sheet = await w.get("supervision", "/morning", "office", area=w.area, since=since)
    (row,) = sheet["crossed"]["depts"]
    assert row["item"] == PERMIT
    assert row["remaining"] < 0
    assert "超期" in row["sum_zh"]
    assert {"holder": "body", "who": "depts"}.items() <= sheet["ball"][0].items()
    assert [one["item"] for one in sheet["stalled"]] == [PERMIT]

    answer = {"reason": "图纸正在核对", "expected_on": legal_day(w.clock()).isoformat()}
    await place.ask(matter, f"items/{PERMIT}/urges/answer", answer, "approver")
    await place.ask(matter, f"items/{PERMIT}/urges/answer", answer, "approver")
    await settled(service)
    sheet = await w.get("supervision", "/morning", "office", area=w.area, since=since)
    assert sheet["crossed"]["depts"][0]["answered_until"] is not None
    refused = await w.client("supervision", "unit").get("/morning", params={"area": w.area})
    assert refused.status_code in (403, 404)


async def test_an_announced_year_moves_days_and_lists_them(platform: Platform) -> None:
    today = system_clock().astimezone(LEGAL_ZONE).date()
    year = (today + timedelta(days=9)).year  # in whose December the matter begins
    known = replace(RULES.calendar, announced=frozenset(range(2025, year + 1)))
    async with stood(platform, replace(RULES, calendar=known)) as (place, service):
        w = place.world
        w.advance(days=(date(year, 12, 22) - legal_day(w.clock())).days)
        matter = await accepted(place)
        before = await why(place, matter)
        old = clock(before, "statutory")
        assert old["estimated"]

        first = date(year + 1, 1, 1)
        off = dict.fromkeys((first, known.next_working_day(first)), "元旦")
        announced = replace(
            known,
            edition="cn-national@00000000000000ff",
            announced=known.announced | {year + 1},
            off={**known.off, **off},
        )
        rules = replace(RULES, calendar=announced, older=(known,))
        service.look.rules_for = lambda area, edition: rules  # type: ignore[method-assign]
        await settled(service)
        await Agenda(service).due(w.clock())
        await settled(service)

        listed = await w.get(
            "supervision", "/due-shifts", "office", area=w.area, calendar=announced.edition
        )
        assert listed["after"] is None
        assert await _one_by_one(place) == listed["rows"] and len(listed["rows"]) > 1
        (moved,) = [row for row in listed["rows"] if row["clock"] == "statutory"]
        assert (moved["was_on"], moved["item"]) == (old["due_on"], PERMIT)
        assert moved["now_on"] > moved["was_on"]
        now, then = await why(place, matter), await why(place, matter, at=before["position"])
        assert clock(now, "statutory")["due_on"] == moved["now_on"]
        assert (now["calendar"], then["calendar"]) == (announced.edition, before["calendar"])
        assert clock(then, "statutory")["due_on"] == old["due_on"]
        page = await w.get("supervision", "/items", "office", area=w.area)
        (row,) = [one for one in page["rows"] if one["item"] == PERMIT]
        assert row["statutory_due_on"] == moved["now_on"]
        sheet = await w.get(
            "supervision",
            "/changes",
            "office",
            area=w.area,
            since=f"{year}-12-01",
            until=f"{year}-12-31",
        )
        assert {PERMIT, FILING} == {one["item"] for one in sheet["rows"]}


async def _one_by_one(place: Place) -> list[dict[str, Any]]:
    """The days that moved, though several moved at one position of the log."""
    w, found, after = place.world, list[dict[str, Any]](), "0"
    while after is not None:
        page = await w.get(
            "supervision", "/due-shifts", "office", area=w.area, after=after, limit=1
        )
        assert len(page["rows"]) == 1
        found += page["rows"]
        after = page["after"]
    wrong = {"area": w.area, "after": "x"}
    refused = await w.client("supervision", "office").get("/due-shifts", params=wrong)
    assert refused.status_code == 422
    return found
