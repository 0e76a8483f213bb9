"""Orders of the 12345 line, booked visits, and the register of projects."""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from services.intake.service.lookup import legal_today
from services.onebox.platform import Platform
from shared.clock import LEGAL_ZONE
from shared.effects import new_id, system_clock
from tests.integration.door_scene import (
    ask,
    next_working,
    place,
    received,
    registered,
)
from tests.world import World, world


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One place and no other."""
    return place(tmp_path_factory.mktemp("plain"), "cn-500242-bangdaiban")


@pytest.fixture(scope="module")
async def w(platform: Platform, packs: Path) -> AsyncIterator[World]:
    async with world(platform, ["intake"], packs=packs) as made:
        yield made


# -- 12345 ---------------------------------------------------------------------------------------


async def test_an_order_is_taken_in_once_and_a_night_order_counts_from_the_next_working_day(
    w: World,
) -> None:
    yesterday = legal_today(system_clock()) - timedelta(days=1)
    night = datetime.combine(yesterday, time(21), LEGAL_ZONE)
    order = {
        "area": w.area, "order": f"12345-{new_id().hex}", "called_at": night,
        "limit_days": 3, "wording": "询问办理进度", "caller": "甲",
    }  # fmt: skip
    first = await ask(w, "/hotline-orders", order, expect=201)
    again = await ask(w, "/hotline-orders", order, expect=201)
    assert again["id"] == first["id"] and again["recorded"] == []
    listed = await w.until(
        "intake", "/hotline-orders?limit=200",
        lambda page: first["id"] in {row["id"] for row in page["items"]},
    )  # fmt: skip
    (row,) = [row for row in listed["items"] if row["id"] == first["id"]]
    assert (
        row["counts_from_on"] > yesterday.isoformat() and row["due_on"] > row["counts_from_on"]
    )
    path = f"/hotline-orders/{first['id']}"
    await ask(w, f"{path}/taking", {})
    refused = await ask(w, f"{path}/taking", {}, "liaison", 409)
    assert refused["details"]["owner"] == w.person("clerk").id
    await ask(w, f"{path}/answer", {"result": "answered", "answer": "已答复"})
    read = await w.get("intake", path)
    assert (read["state"], read["result"]) == ("answered", "answered")


async def test_an_order_about_an_agent_goes_to_the_supervisor_and_is_hidden_from_him(
    w: World,
) -> None:
    order = {
        "area": w.area, "order": f"12345-{new_id().hex}", "called_at": system_clock(),
        "wording": "反映代办人员态度", "about_staff": True, "concerns": w.person("agent").id,
    }  # fmt: skip
    made = await ask(w, "/hotline-orders", order, expect=201)
    path = f"/hotline-orders/{made['id']}"
    for who in ("agent", "clerk", "liaison"):
        assert (await w.client("intake", who).get(path)).status_code == 404
        await ask(w, f"{path}/taking", {}, who, 404)
        assert (await w.client("intake", who).get(f"{path}/words")).status_code == 404
    said = (await w.get("intake", f"{path}/words", "office"))["said"]
    assert said[0]["wording"] == "反映代办人员态度"
    read = await w.get("intake", path, "office")
    assert read["to_role"] == "office" and read["about_staff"]
    listed = await w.until(
        "intake", "/hotline-orders?limit=200",
        lambda page: made["id"] in {row["id"] for row in page["items"]}, "office",
    )  # fmt: skip
    assert listed
    hidden = await w.get("intake", "/hotline-orders", "clerk", limit=200)
    assert made["id"] not in {row["id"] for row in hidden["items"]}


async def test_lists_stand_by_who_waits_longest_over_all_their_pages(w: World) -> None:
    """Ids say nothing of when: what is due first, or comes first, stands on the first page."""
    now = system_clock()
    for days in (0, 5, 2, 9, 1):
        told = {
            "area": w.area, "order": f"12345-{new_id().hex}", "wording": "询问", "caller": "甲",
            "called_at": now - timedelta(days=days), "limit_days": 3,
        }  # fmt: skip
        await ask(w, "/hotline-orders", told, expect=201)
    first = next_working(w) + timedelta(days=7)
    slots = [
        (await ask(w, "/bookings", {"area": w.area, "begins_at": at}, expect=201))["id"]
        for at in (first + timedelta(hours=5), first, first + timedelta(hours=2))
    ]
    await w.settled()
    due = [row["due_on"] for row in await leafed(w, "/hotline-orders")]
    assert due == sorted(due) and len(set(due)) > 2
    booked = await leafed(w, "/bookings", day=str(first.date()))
    assert [row["id"] for row in booked] == [slots[1], slots[2], slots[0]]


async def leafed(w: World, path: str, **asked: Any) -> list[Any]:
    """The rows of every page of a list, two at a time."""
    page = await w.get("intake", path, limit=2, **asked)
    found = list(page["items"])
    while page["after"]:
        page = await w.get("intake", path, limit=2, after=page["after"], **asked)
        found += page["items"]
    return found


# -- bookings ------------------------------------------------------------------------------------


async def test_a_unit_books_moves_and_comes(w: World) -> None:
    begins = next_working(w)
    made = await ask(w, "/bookings", {"area": w.area, "begins_at": begins}, "unit", 201)
    path = f"/bookings/{made['id']}"
    await ask(w, f"{path}/moves", {"begins_at": begins + timedelta(hours=1)}, "unit")
    await ask(w, f"{path}/ending", {"ending": "kept"}, "unit", 409)
    assert (await w.client("intake", "other").get(path)).status_code == 404
    listed = await w.until(
        "intake", f"/bookings?day={begins.date()}",
        lambda page: any(r["id"] == made["id"] and r["moved"] for r in page["items"]),
    )  # fmt: skip
    assert listed
    contact = await received(w, booking=made["id"])
    assert (await w.get("intake", path))["ending"] == "kept"
    assert (await w.get("intake", f"/contacts/{contact}"))["state"] == "open"


async def test_a_visit_nobody_came_to_is_missed_the_day_after(
    platform: Platform, packs: Path
) -> None:
    async with world(platform, ["intake"], packs=packs) as w:
        begins = next_working(w)
        made = await ask(w, "/bookings", {"area": w.area, "begins_at": begins}, expect=201)
        w.advance(days=(begins.date() - legal_today(w.clock())).days + 1)
        read = await w.until("intake", f"/bookings/{made['id']}", lambda b: b["ending"])
        assert read["ending"] == "missed"


# -- the register --------------------------------------------------------------------------------


async def test_an_odd_code_is_taken_with_a_warning_and_mended_later(w: World) -> None:
    made = await registered(w, code="2611-310052-04-01-000123", unit_code="91110000600037341X")
    path = f"/projects/{made['id']}"
    warned = {one["warning"] for one in (await w.get("intake", path))["warnings"]}
    assert warned == {"code_region_elsewhere", "unit_code_check_digit"}
    mended = {"unit_code": "91110000600037341L"}
    await w.post("intake", f"{path}/amendments", mended, "clerk", if_match="*", expect=200)
    left = {one["warning"] for one in (await w.get("intake", path))["warnings"]}
    assert left == {"code_region_elsewhere"}


@pytest.mark.parametrize(
    ("member", "value", "status", "said"),
    [
        ("code", "2613-500242-04-01-000001", 409, "project_code_month_odd"),
        ("code", "２６１１-500242-04-01-000002", 422, "2611-500242-04-01-000002"),
        ("code", "2611-500242-04-01-00002", 422, "project_code_shape"),
        ("unit_code", "９1350100M000100220", 422, "91350100M000100220"),  # B19
        ("unit_code", "Α1110000600037341L", 422, "A1110000600037341L"),  # B20
        ("unit_code", "91350100m000100220", 422, "91350100M000100220"),  # B24
        ("unit_code", "9135010OM000100220", 422, "unit_code_shape"),
        ("unit_code", "9135010", 422, "unit_code_shape"),
        ("unit_code", "91350100M000100220", 201, ""),  # B25: remainder 0
        ("unit_code", "N2350100MF00100222", 201, ""),
        ("code", "2015-500242-47-03-000003", 201, ""),
    ],
)
async def test_codes_are_checked_as_the_standards_say(
    w: World, member: str, value: str, status: int, said: str
) -> None:
    answer = await registered(w, expect=status, **{member: value})
    assert said in str(answer)


async def test_a_later_extension_is_linked_to_the_project_it_extends(w: World) -> None:
    old = (await registered(w))["id"]
    new = (await registered(w, parent=old, facts={"nature": "extension"}))["id"]
    assert (await w.get("intake", f"/projects/{new}"))["parent"] == old
    refused = await registered(w, expect=409, parent=str(new_id()))
    assert refused["reason"] == "parent_unknown"
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    matters = []
    for project in (old, new):
        body = {"project": project, "area": w.area, "items": ["S1-05"], **contacts}
        made = await w.post("intake", "/matters", body, "clerk", expect=201)
        matters.append(made.json()["id"])
        path = f"/matters/{matters[-1]}/acceptance"
        await w.post("intake", path, {"body": "zone"}, "clerk", if_match="*", expect=200)
    paper = {"material": "M08", "copies": 1}
    path = f"/matters/{matters[0]}/materials"
    await w.post("intake", path, paper, "clerk", if_match="*", expect=200)
    offered = await w.get("intake", f"/projects/{new}/reusable")
    assert offered["items"][0]["material"] == "M08"
    again = {"material": "M08", "origin": "piece", "from_matter": matters[0]}
    path = f"/matters/{matters[1]}/material-reuses"
    await w.post("intake", path, again, "clerk", if_match="*", expect=200)


async def test_publicity_is_logged_with_its_address(w: World) -> None:
    (here,) = await w.get("intake", "/places")
    await w.until("intake", f"/places/{here['id']}", lambda p: p["active"])
    path = f"/places/{here['id']}/publicity"
    said = {"body": "ro", "medium": "web", "title": "服务公告"}
    await ask(w, path, {**said, "address": "javascript:alert(1)"}, "office", 422)
    await ask(w, path, {**said, "address": "https://example.invalid/notice/1"}, "office")


async def test_an_order_meets_the_case_of_its_project_code(w: World) -> None:
    code = "2611-500242-04-01-000999"
    project = (await registered(w, code=code))["id"]
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    body = {"project": project, "area": w.area, **contacts}
    matter = await ask(w, "/matters", body, expect=201)
    await w.get("intake", "/matters", min_position=matter["position"])
    order = {
        "area": w.area, "order": new_id().hex, "called_at": system_clock(), "code": code,
        "wording": "询问办理进度",
    }  # fmt: skip
    made = await ask(w, "/hotline-orders", order, expect=201)
    page = await w.get("intake", "/hotline-orders", limit=200, min_position=made["position"])
    (row,) = [row for row in page["items"] if row["id"] == made["id"]]
    assert row["leads_to"] == matter["id"]


async def test_requests_that_wait_say_until_when(w: World) -> None:
    project = (await registered(w))["id"]
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    body = {"project": project, "area": w.area, **contacts}
    matter = (await w.post("intake", "/matters", body, "clerk", expect=201)).json()["id"]
    waiting = await w.until(
        "intake", "/acceptances-due?limit=200",
        lambda page: matter in {row["id"] for row in page["items"]}, "office",
    )  # fmt: skip
    (row,) = [row for row in waiting["items"] if row["id"] == matter]
    assert row["due_on"] > row["requested_on"] and row["label"] == "默认值"
