"""No list of the office is cut in silence: the pages of each are together the whole."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import services.supervision
from services.onebox.platform import Platform
from services.supervision.app import SPEC
from services.supervision.service import legal_day
from shared.packs import Packs
from shared.runtime import Floor, Parts
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed

CENTRE = Packs.load(None).for_area("430600").edition
"""The rules of a place where to remind is everybody's duty."""
BAD = "urn:onefile:problem:bad_cursor"


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    """Three matters that were accepted and then forgotten."""
    async with placed(platform) as made:
        for _ in range(3):
            matter = await made.matter()
            await made.granted(matter, FILING)
            await made.filed(matter, PERMIT)
            await made.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
            made.told(matter)["pack"] = CENTRE
            await made.ask(matter, "log", {"kind": "note", "entry": "按另一地方案办理"})
        made.world.advance(days=60)
        until = legal_day(made.world.clock())
        span = {"since": f"{until - timedelta(days=90)}", "until": f"{until}"}
        await made.world.eventually(
            lambda: office(made, "/reminders/missed", limit=200, **span),
            lambda found: len({row["matter"] for row in found["rows"]}) == 3,
        )
        await made.world.settled()
        yield made


async def office(place: Place, path: str, **asked: Any) -> Any:
    return await place.world.get("supervision", path, "office", area=place.world.area, **asked)


def inspected(place: Place, position: int) -> str:
    """The list of inspections that shows what was recorded at the position."""
    return f"/inspections?area={place.world.area}&min_position={position}"


async def read(place: Place, path: str, rows: str, **asked: Any) -> list[list[Any]]:
    """Every page of a list, one row each."""
    found: list[list[Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = await office(place, path, limit=1, **asked, **more)
        found.append(page[rows])
        if page["after"] is None:
            return found
        more = {"after": page["after"]}


async def test_the_lists_of_a_morning_are_counted_and_read_on(place: Place) -> None:
    since = (legal_day(place.world.clock()) - timedelta(days=90)).isoformat()
    whole = await office(place, "/morning", since=since)
    assert whole["counts"]["crossed"] == {"all": 3, "shown": 3, "left_out": 0}
    assert whole["after"] == {}
    first = await office(place, "/morning", since=since, limit=1)
    assert first["counts"]["crossed"] == {"all": 3, "shown": 1, "left_out": 2}
    assert first["crossed_count"] == 3 and {"crossed", "stalled"} <= set(first["after"])
    for kind in ("crossed", "stalled"):
        pages, after = [], ""
        while after is not None:
            page = await office(place, "/morning", since=since, kind=kind, after=after, limit=1)
            pages.append(page[kind]["depts"] if kind == "crossed" else page[kind])
            after = page["after"].get(kind)
        expected = whole[kind]["depts"] if kind == "crossed" else whole[kind]
        assert [len(page) for page in pages] == [1, 1, 1]
        assert [row for page in pages for row in page] == expected


@pytest.mark.parametrize("after", ["x", "eA==", "NQ==", "WzFd", "W1tdXQ==", "bnVsbA=="])
async def test_what_is_no_place_in_a_list_is_refused(place: Place, after: str) -> None:
    asked = {"area": place.world.area, "since": "2026-01-01", "kind": "crossed", "after": after}
    client = place.world.client("supervision", "office")
    refused = await client.get("/morning", params=asked)
    assert (refused.status_code, refused.json()["type"]) == (400, BAD)
    wrong = await client.get("/morning", params={**asked, "kind": "all"})
    assert wrong.status_code == 422


async def test_what_nobody_was_reminded_of_and_what_went_past_the_system_has_pages(
    place: Place,
) -> None:
    today = legal_day(place.world.clock())
    span = {"since": (today - timedelta(days=90)).isoformat(), "until": today.isoformat()}
    noted = await place.world.eventually(
        lambda: office(place, "/reminders/missed", limit=200, **span),
        lambda found: len({row["matter"] for row in found["rows"]}) == 3,
    )
    assert noted["after"] is None
    pages = await read(place, "/reminders/missed", "rows", **span)
    assert [row for page in pages for row in page] == noted["rows"]
    assert all(len(page) == 1 for page in pages)
    items = await read(place, "/outside-system/items", "rows", **span)
    assert [len(page) for page in items] == [1, 1, 1]
    matter = noted["rows"][0]["matter"]
    for body in ("depts", "park_i"):
        report = {"kind": "outside_system", "items": [PERMIT], "body": body,
                  "description": "线下受理"}  # fmt: skip
        await place.ask(matter, "issues", report)
    whole = await place.world.eventually(
        lambda: office(place, "/outside-system", **span),
        lambda found: {row["body"] for row in found["rows"]} >= {"depts", "park_i"},
    )
    assert whole["after"] is None and whole["feeds"] == 0
    bodies = await read(place, "/outside-system", "rows", **span)
    assert [row for page in bodies for row in page] == whole["rows"]


async def test_inspections_have_pages_and_name_the_matters_that_were_looked_at(
    place: Place,
) -> None:
    w, matters = place.world, [str(await place.matter()) for _ in range(2)]
    position = 0
    for shortcomings, looked_at in ((1, []), (2, matters), (3, matters[:1])):
        made = await w.post(
            "supervision", "/inspections",
            {"area": w.area, "body": "park_i", "shortcomings": shortcomings,
             "matters": looked_at, "findings": "见记录"},
            "office", expect=201,
        )  # fmt: skip
        position = made.json()["position"]
    whole = await w.until("supervision", inspected(place, position), bool, "office")
    assert [(row["shortcomings"], row["matters"]) for row in whole["inspections"]] == [
        (3, matters[:1]), (2, matters), (1, []),
    ]  # fmt: skip
    pages = await read(place, "/inspections", "inspections")
    assert [row for page in pages for row in page] == whole["inspections"]
    assert [len(page) for page in pages] == [1, 1, 1]


async def test_what_was_inspected_before_the_list_led_to_matters_leads_to_them_too(
    platform: Platform,
) -> None:
    kept: list[Floor] = []

    async def build(floor: Floor) -> Parts:
        kept.append(floor)
        return await SPEC.build(floor)

    async with placed(platform, replace(SPEC, build=build)) as place:
        w, matter, position = place.world, str(await place.matter()), 0
        for looked_at in ([matter], []):
            body = {
                "area": w.area,
                "body": "park_i",
                "matters": looked_at,
                "findings": "见记录",
            }
            made = await w.post("supervision", "/inspections", body, "office", expect=201)
            position = made.json()["position"]
        before = await w.until("supervision", inspected(place, position), bool, "office")
        pool, folder = kept[0].log.pool, Path(services.supervision.__path__[0]) / "migrations"
        _, _, filling = (folder / "0361_inspected.sql").read_text().partition("UPDATE")
        await pool.execute("UPDATE view_inspections SET matters = '{}'")
        await pool.execute("UPDATE" + filling.partition(";")[0])
        after = await office(place, "/inspections")
        assert after["inspections"] == before["inspections"]
        assert [row["matters"] for row in after["inspections"]] == [[], [matter]]


async def test_what_is_kept_of_a_morning_is_what_would_be_reckoned_anew(place: Place) -> None:
    today = legal_day(place.world.clock())
    since, other = ((today - timedelta(days=n)).isoformat() for n in (90, 80))
    before = await office(place, "/morning", since=since)
    (one, *_) = before["crossed"]["depts"]
    await place.ask(
        one["matter"], f"items/{PERMIT}/decision", {"outcome": "approved"}, "approver"
    )
    moved = await place.world.eventually(
        lambda: office(place, "/morning", since=since),
        lambda found: found["counts"] != before["counts"],
    )
    await office(place, "/morning", since=other)
    assert await office(place, "/morning", since=since) == moved


async def test_a_department_reads_what_lies_with_it_by_due_day_and_not_what_lies_elsewhere(
    place: Place,
) -> None:
    world, area = place.world, place.world.area
    mine = await place.matter()
    await place.granted(mine, FILING)
    await place.filed(mine, PERMIT)
    await world.settled()
    asked = {"area": area, "body": ["depts"]}
    rows: list[Any] = []
    page: Any = {"after": ""}
    while page["after"] is not None:
        page = await world.get(
            "supervision", "/items/lying", "approver", **asked, limit=2, after=page["after"]
        )
        rows += page["rows"]
    due = [row["due_on"] or "9999" for row in rows]
    assert due == sorted(due) and {row["body"] for row in rows} == {"depts"}
    assert len({(row["matter"], row["item"]) for row in rows}) == len(rows) > 2
    assert (str(mine), PERMIT) in {(row["matter"], row["item"]) for row in rows}
    whole = await world.get("supervision", "/items/lying", "approver", **asked, limit=200)
    assert whole["rows"] == rows
    client = world.client("supervision", "approver")
    for path in ("/items/lying", "/owed"):
        key = "body" if path == "/items/lying" else "to"
        own = await client.get(path, params={"area": area, key: "depts"})
        assert own.status_code == 200
        for elsewhere in (
            {"area": area, key: "ro"},
            {"area": "430600", key: "depts"},
            {"area": area, key: "ro" if key == "to" else ["depts", "ro"]},
        ):
            refused = await client.get(path, params=elsewhere)
            assert (refused.status_code, refused.json()["type"]) in (
                (403, "urn:onefile:problem:forbidden"),
                (404, "urn:onefile:problem:not_found"),
            )
