"""The front door of intake, as a window clerk lives through her day (people.md 5.1)."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from services.onebox.platform import Platform
from shared.effects import monotonic, system_clock
from tests.integration.door_scene import (
    DOC,
    ask,
    is_working,
    place,
    received,
    registered,
    stranger,
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


# -- first contact -------------------------------------------------------------------------------


async def test_a_visitor_of_whom_nothing_is_known_can_be_received(w: World) -> None:
    contact = await received(w)
    read = await w.get("intake", f"/contacts/{contact}")
    assert read["state"] == "open" and read["owner"] == w.person("clerk").id
    mine = await w.until(
        "intake", "/contacts?mine=true&limit=200",
        lambda page: contact in {row["id"] for row in page["items"]}, "clerk",
    )  # fmt: skip
    assert all(row["owner"] == w.person("clerk").id for row in mine["items"])


async def test_one_entry_says_who_what_and_outcome(w: World) -> None:
    contact = await received(
        w, visitor="甲", unit="测试公司", topic="drainage", outcome="advised", note="已告知"
    )
    read = await w.get("intake", f"/contacts/{contact}")
    assert (read["state"], read["outcome"]) == ("closed", "advised")


async def test_a_contact_is_its_receivers_until_another_takes_it(w: World) -> None:
    contact = await received(w)
    await ask(w, f"/contacts/{contact}/handover", {}, "agent", 409)
    offer = {"to_person": w.person("agent").id}
    await ask(w, f"/contacts/{contact}/handover-offers", offer)
    offered = await w.until(
        "intake", "/contacts?offered=true", lambda page: page["items"], "agent"
    )
    assert contact in {row["id"] for row in offered["items"]}
    stays = await w.get("intake", f"/contacts/{contact}")
    assert stays["owner"] == w.person("clerk").id and stays["offer"]["person"]
    refused = await ask(w, f"/contacts/{contact}/handover", {}, "agent2", 409)
    assert refused["reason"] == "offered_to_others"
    await ask(w, f"/contacts/{contact}/handover", {}, "agent")
    assert (await w.get("intake", f"/contacts/{contact}"))["owner"] == w.person("agent").id
    refused = await ask(w, f"/contacts/{contact}/closing", {"outcome": "done"}, expect=409)
    assert refused["reason"] == "not_your_contact"
    assert refused["details"]["owner"] == w.person("agent").id
    await ask(w, f"/contacts/{contact}/closing", {"outcome": "done"}, "agent")


async def test_of_two_who_take_a_contact_at_once_one_wins_and_the_other_learns_who(
    w: World,
) -> None:
    contact = await received(w)
    await ask(w, f"/contacts/{contact}/handover-offers", {"to_role": "agent"})
    answers = await asyncio.gather(
        *(
            w.post("intake", f"/contacts/{contact}/handover", {}, who)
            for who in ("agent", "agent2")
        )
    )
    assert sorted(a.status_code for a in answers) == [200, 409]
    lost = next(a for a in answers if a.status_code == 409).json()
    won = (await w.get("intake", f"/contacts/{contact}"))["owner"]
    assert lost["reason"] == "taken_by_another" and lost["details"]["owner"] == won
    assert won in {w.person("agent").id, w.person("agent2").id}


async def test_another_areas_contact_is_not_there(w: World) -> None:  # B53
    contact = await received(w)
    other = stranger(w, "window_clerk", "supervisor", "auditor")
    for path in (f"/contacts/{contact}", "/contacts/00000000-0000-7000-8000-00000000ffff"):
        seen = await w.client("intake", other).get(path)
        assert seen.status_code == 404 and seen.json()["type"].endswith("not_found")
    for what, body in (("handover", {}), ("closing", {"outcome": "x"})):
        await ask(w, f"/contacts/{contact}/{what}", body, other, 404)
    page = await w.get("intake", "/contacts", other)
    assert page["items"] == []


async def test_what_was_left_open_is_shown_to_the_chief_next_morning(
    platform: Platform, packs: Path
) -> None:
    async with world(platform, ["intake"], packs=packs) as w:
        open_one = await received(w)
        await received(w, outcome="advised")
        w.advance(days=1)
        while not is_working(w):
            w.advance(days=1)
        left = await w.until(
            "intake", "/contacts?left_over=true",
            lambda page: page["items"] and page["items"][0]["nights"] == 1, "office",
        )  # fmt: skip
        assert [row["id"] for row in left["items"]] == [open_one]
        await ask(w, f"/contacts/{open_one}/closing", {"outcome": "done"}, "office")


# -- questions -----------------------------------------------------------------------------------


async def test_a_question_goes_to_whoever_decides_and_its_time_is_measured(w: World) -> None:
    contact, began = await received(w), monotonic()
    question = {"items": ["S3-05"], "question": "排水许可需要哪些条件"}
    await ask(w, f"/contacts/{contact}/referrals", question)
    (id,) = (await w.get("intake", f"/contacts/{contact}"))["waiting"]
    waiting = await w.until(
        "intake", "/questions?mine=true&limit=200",
        lambda page: id in {row["consultation"] for row in page["items"]}, "approver",
    )  # fmt: skip
    (row,) = [row for row in waiting["items"] if row["consultation"] == id]
    assert (row["to_body"], row["to_role"]) == ("depts", "approver")
    refused = await ask(w, f"/contacts/{contact}/closing", {"outcome": "done"}, expect=409)
    assert refused["reason"] == "question_open"
    answer = {
        "consultation": id, "topic": "drainage", "items": ["S3-05"], "understood": False,
        "question": "排水许可需要哪些条件", "answer": "按目录所列",
    }  # fmt: skip
    await ask(w, f"/contacts/{contact}/answers", answer, "approver")
    refused = await ask(w, f"/contacts/{contact}/closing", {"outcome": "done"}, expect=409)
    assert refused["details"] | {"remedy": ""} == {
        "waiting": [], "understood": False, "remedy": "",
    }  # fmt: skip
    await ask(w, f"/contacts/{contact}/answers", {**answer, "understood": True}, "approver")
    await ask(w, f"/contacts/{contact}/closing", {"outcome": "done"})
    every = await w.until(
        "intake", "/questions?all=true&limit=200",
        lambda page: any(r["consultation"] == id and r["answered"] for r in page["items"]),
    )  # fmt: skip
    (row,) = [row for row in every["items"] if row["consultation"] == id]
    assert 0 <= row["waited_minutes"] <= (monotonic() - began) / 60


async def test_what_was_said_is_read_by_those_who_need_it_and_on_record(w: World) -> None:
    contact = await received(w, visitor="甲", wish="询问排水")
    path = f"/contacts/{contact}/words"
    said = (await w.get("intake", path))["said"]
    assert said[0]["visitor"] == "甲" and said[0]["wish"] == "询问排水"
    for who in ("agent", "approver", "liaison"):
        assert (await w.client("intake", who).get(path)).status_code == 403
    await ask(w, f"/contacts/{contact}/referrals", {"question": "排水许可的条件"})
    asked = (await w.get("intake", path, "approver"))["said"]
    assert asked[-1]["question"] == "排水许可的条件"
    assert await _reads(w, contact, w.person("approver").id) == 1
    assert (await w.client("intake", stranger(w, "window_clerk")).get(path)).status_code == 404


async def test_the_directory_says_who_decides(w: World) -> None:
    found = await w.get("intake", "/directory", area=w.area, item="S3-05")
    assert (found["body"], found["role"]) == ("depts", "approver") and found["department"]
    unknown = await w.client("intake", "clerk").get(
        "/directory", params={"area": w.area, "item": "S9-99"}
    )
    assert unknown.status_code == 409 and unknown.json()["reason"] == "item_unknown"


async def test_a_video_session_says_when_and_with_whom_and_records_with_consent_only(
    w: World,
) -> None:
    contact = await received(w)
    path = f"/contacts/{contact}/answers"
    answer = {
        "topic": "drainage", "sources": ["duties.know_the_flow.zh"], "channel": "video",
        "question": "问", "answer": "答", "understood": True,
    }  # fmt: skip
    assert (await ask(w, path, answer, expect=409))["reason"] == "session_incomplete"
    session = {"began_at": system_clock(), "parties": ["visitor", "window_clerk"]}
    taped = {**answer, **session, "recording": DOC}
    assert (await ask(w, path, taped, expect=409))["reason"] == "recording_needs_consent"
    await ask(w, path, {**taped, "recorded_with_consent": True})


async def test_a_second_notice_needs_a_reason_and_stands_in_the_supervisors_list(
    w: World,
) -> None:
    contact = await received(w)
    notice = {"items": ["S1-01", "S1-05"], "receiver": "甲"}
    await ask(w, f"/contacts/{contact}/notices", notice)
    refused = await ask(w, f"/contacts/{contact}/notices", {"items": ["S1-05"]}, expect=409)
    assert refused["reason"] == "noticed_already" and refused["details"]["ordinal"] == 2
    await ask(w, f"/contacts/{contact}/notices", {"items": ["S1-05"], "reason": "目录更新"})
    second = await w.until(
        "intake", "/notices?second=true&limit=200",
        lambda page: contact in {row["stream"] for row in page["items"]}, "office",
    )  # fmt: skip
    (row,) = [row for row in second["items"] if row["stream"] == contact]
    assert (row["ordinal"], row["again"]) == (2, ["S1-05"])
    assert row["actor"] == w.person("clerk").id


async def test_a_notice_in_a_matter_counts_what_was_told_at_the_desk(w: World) -> None:
    project = (await registered(w))["id"]
    contact = await received(w, project=project)
    told = await ask(w, f"/contacts/{contact}/notices", {"items": ["S1-01"]})
    contacts = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}
    matter = (
        await ask(w, "/matters", {"project": project, "area": w.area, **contacts}, "clerk", 201)
    )["id"]
    await w.get("intake", "/notices", min_position=told["position"])
    path = f"/matters/{matter}/notices"
    refused = await ask(w, path, {"items": ["S1-01"]}, expect=409)
    assert refused["reason"] == "noticed_already"
    first = await ask(w, path, {"items": ["S1-05"]})
    assert first["recorded"] == ["intake.one_time_notice_issued.v1"]
    again = await ask(w, path, {"items": ["S1-05"]}, expect=409)
    assert again["details"]["items"] == ["S1-05"]


# -- search --------------------------------------------------------------------------------------


async def test_a_project_is_found_by_the_first_characters_of_its_units_name(w: World) -> None:
    made = await registered(
        w, unit="饲料测试有限公司", name="年产万吨饲料项目", code="2611-500242-04-01-000888",
        unit_code="91350100M000100220",
    )  # fmt: skip

    async def hits(q: str) -> list[str]:
        return [one["project"] for one in (await w.get("intake", "/search", q=q))["items"]]

    await w.eventually(lambda: hits("饲料测试"), lambda found: made["id"] in found)
    for typed in (
        "饲料测试有限",
        "饲料测试有限公司",
        "年产万吨",
        "91350100M000100220",
        "2611-500242-04-01-0008",
    ):
        assert made["id"] in await hits(typed), typed
    assert made["id"] not in await hits("饲料测验")
    contact = await received(w, project=made["id"], topic="drainage")
    await w.get(
        "intake",
        "/contacts",
        min_position=(await w.get("intake", f"/projects/{made['id']}"))["position"],
    )
    (found,) = [
        one
        for one in (await w.get("intake", "/search", q="饲料测试"))["items"]
        if one["project"] == made["id"]
    ]
    assert found["unit"] == "饲料测试有限公司" and found["last_contact"]["id"] == contact
    assert await _reads(w, made["id"], w.person("clerk").id) >= 1


async def _reads(w: World, stream: str, actor: str) -> int:
    connection = await asyncpg.connect(w.databases.services["intake"])
    try:
        return int(
            await connection.fetchval(
                "SELECT count(*) FROM reads WHERE stream = $1 AND actor = $2", stream, actor
            )
        )
    finally:
        await connection.close()


@pytest.mark.parametrize("q", ["", "甲", "%%%%", "x" * 200, "___", "1", "(a+)+$" * 20])
async def test_a_search_needs_enough_to_go_by(w: World, q: str) -> None:  # B38
    answer = await w.client("intake", "clerk").get("/search", params={"q": q})
    assert answer.status_code in (400, 414), answer.text


async def test_a_search_shows_nothing_of_another_area_and_is_not_for_everybody(
    w: World,
) -> None:
    made = await registered(w, unit="独一无二测试公司")

    async def hits() -> Any:
        return (await w.get("intake", "/search", q="独一无二"))["items"]

    await w.eventually(hits, bool)
    other = stranger(w, "window_clerk")
    assert (await w.get("intake", "/search", other, q="独一无二"))["items"] == []
    for who in ("agent", "unit", "auditor"):
        answer = await w.client("intake", who).get("/search", params={"q": "独一无二"})
        assert answer.status_code == 403
    assert made


async def test_an_erased_name_is_no_longer_found_and_leaves_the_index(
    platform: Platform, packs: Path
) -> None:
    async with world(platform, ["intake"], packs=packs) as w:
        made = await registered(w, unit="将被删除测试公司")

        async def hits() -> Any:
            return (await w.get("intake", "/search", q="将被删除"))["items"]

        await w.eventually(hits, bool)
        keys = await asyncpg.connect(w.databases.keys)
        await keys.execute("UPDATE data_keys SET destroyed = now(), wrapped = NULL")
        await keys.close()
        assert await hits() == []
        own = await asyncpg.connect(w.databases.services["intake"])
        left = await own.fetchval(
            "SELECT count(*) FROM view_names WHERE project = $1", made["id"]
        )
        await own.close()
        assert left == 0
