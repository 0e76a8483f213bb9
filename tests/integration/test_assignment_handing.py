"""Ranking, hand-over sheets, notices, transfers and owners over HTTP (派单建议、交接、告知)."""

import asyncio
from hashlib import sha256
from typing import Any

import pytest

from contracts.event import Personal
from contracts.intake import ItemScopeFixed, ServiceRequested
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs
from tests.integration.test_assignment_service import Place, place

ANSHAN = Packs.load(None).for_area("210300")
YUEYANG = Packs.load(None).for_area("430600")
COUNTY = "430602"


async def served(at: Place) -> Any:
    """A matter in the hands of the first agent, with a second one beside him."""
    for key in ("agent", "agent2"):
        await at.add(key, "park_i")
    matter = await at.accept(number="500242-2026-00007")
    requested = ServiceRequested(
        number="500242-2026-7",
        applicant=at.id("unit"),
        lead_name=Personal("甲"),
        lead_phone=Personal("000-0000001"),
    )
    await at.say(at.intake, matter, requested)
    await at.ask(matter, "dispatch", {"agent": at.id("agent")}, "clerk")
    return matter


async def test_the_clerk_sees_who_is_offered_and_why(platform: Platform) -> None:
    async with place(platform) as at:
        for key in ("agent", "agent2"):
            await at.add(key, "park_i")
        matter = await at.accept()
        path = f"/matters/{matter}/candidates"
        told = await at.world.get("assignment", path, "clerk", item="S1-01")
        assert told["offered"] == at.id("agent") and told["because"] == "排名第一"
        today = at.world.today().isoformat()
        leave = {
            "area": at.world.area, "person": at.id("agent"), "kind": "leave",
            "begins_on": today, "ends_on": today,
        }  # fmt: skip
        await at.world.post("assignment", "/absences", leave, "office", expect=201)
        told = await at.world.get("assignment", path, "clerk", item="S1-01")
        assert told["offered"] == at.id("agent2")
        assert told["because"] == "1号请假或外出，因此改荐下一位"
        (first, *_) = told["excluded"]
        assert (first["person"], first["zh"]) == (at.id("agent"), "请假或外出")
        assert told["ranked"][0]["zh"] == {"牵头单位的人": 2000}
        for person, status in (("agent", 404), ("unit", 403), ("other", 404)):
            answer = await at.world.client("assignment", person).get(path)
            assert answer.status_code == status, person


async def test_the_matter_tells_why_it_went_where_it_went(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.accept()
        told = (await at.read(matter))["routing"]
        assert [rule["path"] for rule in told["rules"]] == [
            "routing.park_industrial",
            "routing.by_item",
        ]
        others = {one["path"]: one["because"] for one in told["not"]}
        assert "实为park-industrial" in others["routing.park_agricultural"]
        answer = at.intake.answers[f"/matters/{matter}"]
        answer["site"] = answer["facts"]["site"] = "park-agricultural"
        now = await at.world.get("assignment", f"/matters/{matter}/routing", "auditor")
        assert now["changed_since"]["site"] == {
            "was": "park-industrial",
            "is": "park-agricultural",
        }
        await at.say(at.intake, matter, scope("S1-01"))
        await at.world.until(
            "assignment", f"/matters/{matter}", lambda m: m["to"] == ["park_a"]
        )


async def test_what_intake_said_last_counts_before_it_was_heard(platform: Platform) -> None:
    """The site is put right, and the clerk dispatches before the news of it is here (YO-21)."""
    async with place(platform) as at:
        await at.add("agent", "park_a")
        matter = await at.accept()
        answer = at.intake.answers[f"/matters/{matter}"]
        answer["site"] = answer["facts"]["site"] = "park-agricultural"
        done = await at.ask(matter, "dispatch", {}, "clerk")
        assert done["recorded"][0] == "assignment.matter_routed.v1"
        told = await at.read(matter)
        assert (told["to"], told["lead_agent"]) == (["park_a"], at.id("agent"))


async def test_a_hand_over_leaves_a_sheet_and_tells_the_unit(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await served(at)
        path = f"/matters/{matter}/handover-sheet"
        sheet = await at.world.get("assignment", path, "agent")
        assert sheet["sheet"]["left"] == at.id("agent")
        assert sha256(sheet["text"].encode()).hexdigest() == sheet["digest"]
        plain = await at.world.client("assignment", "clerk").get(
            path, headers={"Accept": "text/plain"}
        )
        assert plain.text == sheet["text"] and "500242-2026-00007" in plain.text
        stranger = await at.world.client("assignment", "agent2").get(path)
        assert stranger.status_code == 404

        relay = {
            "left": at.id("agent"), "agent": at.id("agent2"), "cause": "relay",
            "told_applicant": True, "consented": True,
        }  # fmt: skip
        done = await at.ask(matter, "reassignment", relay, "clerk")
        assert done["recorded"] == [
            "assignment.handover_prepared.v1",
            "assignment.agent_reassigned.v1",
        ]
        assert (await at.read(matter))["handover_sheets"] == [sheet["digest"]]

        seen = {"matter": str(matter), "min_position": done["position"]}
        notices = await at.world.get("assignment", "/notices", "unit", **seen)
        changed = notices["rows"][-1]
        assert (changed["zh"], changed["replaced"], changed["person"]) == (
            "更换专员",
            at.id("agent"),
            at.id("agent2"),
        )
        assert (changed["told"], changed["consented"]) == (True, True)
        assert not (await at.world.get("assignment", "/notices", "other", **seen))["rows"]
        gone = await at.world.client("assignment", "agent").get(f"/matters/{matter}")
        assert gone.status_code == 404


async def test_names_of_who_serves_are_for_the_unit_and_leave_a_trace(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await served(at)
        path = f"/matters/{matter}/people"
        told = await at.world.get("assignment", path, "unit")
        assert [(p["person"], p["name"], p["lead"]) for p in told["people"]] == [
            (at.id("agent"), "测试员", True)
        ]
        for person in ("agent2", "other"):
            answer = await at.world.client("assignment", person).get(path)
            assert answer.status_code == 404


async def test_who_has_not_taken_over_and_what_nobody_decides_are_listed(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await served(at)
        area = at.world.area

        async def waiting() -> Any:
            return await at.world.get("assignment", "/unacknowledged", "office", area=area)

        found = await at.world.eventually(waiting, lambda f: f["rows"])
        assert found["rows"][0]["agent"] == at.id("agent") and found["rows"][0]["due_on"]
        assert found["defaults"]
        call = {"promised_at": at.world.clock().isoformat()}
        await at.ask(matter, "acknowledgement", call, "agent")
        await at.world.eventually(waiting, lambda f: not f["rows"])
        assert (await at.read(matter))["promised"].keys() == {at.id("agent")}

        async def unowned() -> Any:
            return await at.world.get("assignment", "/unowned", "office", area=area)

        rows = await at.world.eventually(unowned, lambda f: len(f["rows"]) == 2)
        assert [row["item"] for row in rows["rows"]] == ["S1-01", "S2-02"]
        owner = {"person": at.id("approver"), "body": "depts", "name": "辛"}
        await at.ask(matter, "items/S1-01/owner", owner, "approver")
        rows = await at.world.eventually(unowned, lambda f: len(f["rows"]) == 1)
        assert (await at.read(matter))["owners"] == {"S1-01": at.id("approver")}
        carrier = {"person": at.id("agent"), "body": "depts"}
        refused = await at.ask(matter, "items/S2-02/owner", carrier, "approver", expect=409)
        assert refused["reason"] == "agent_never_decides"


async def test_a_matter_of_another_place_follows_the_rules_of_that_place(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await at.accept()
        area, edition = ANSHAN.pack.jurisdiction.code, ANSHAN.edition
        other = at.intake.answers[f"/matters/{matter}"] | {
            "area": area, "pack": edition, "site": None, "wanted": "agent", "facts": {},
        }  # fmt: skip
        matter = new_id()
        at.intake.answers[f"/matters/{matter}"] = {**other, "id": str(matter)}
        await at.intake.say(matter, scope("S1-01", "S2-02"), area=area, pack=edition)
        told = await at.world.until(
            "assignment", f"/matters/{matter}", lambda m: m["to"] == ["team"]
        )
        assert told["notice"]["to"] == ["team"] and told["routing"]["file_at"]

        async def centre() -> Any:
            found = await at.world.get(
                "assignment", "/centre-notices", "auditor", area=area, unconfirmed=True
            )
            return found["rows"]

        rows = await at.world.eventually(centre)
        assert [row["bodies"] for row in rows] == [["team"]]
        await at.ask(matter, "transfer", {"items": ["S2-02"]}, "admin")

        async def sent() -> Any:
            found = await at.world.get(
                "assignment", "/transfers", "auditor", area=area, unconfirmed=True
            )
            return found["rows"]

        (row,) = await at.world.eventually(sent)
        assert (row["item"], row["to_body"], row["follow_until"]) == (
            "S2-02",
            "county",
            "ItemClosed",
        )
        assert row["confirm_by_on"] and row["overdue"] is False


@pytest.mark.parametrize("area", [YUEYANG.pack.jurisdiction.code, COUNTY])
async def test_a_project_that_is_helped_by_itself_waits_for_a_helper_and_gets_one(
    platform: Platform, area: str
) -> None:
    """Also in a county that has no pack of its own and follows that of its city."""
    async with place(platform) as at:
        template = at.intake.answers[f"/matters/{await at.accept()}"]
        matter = new_id()
        at.intake.answers[f"/matters/{matter}"] = template | {
            "id": str(matter), "area": area, "pack": YUEYANG.edition, "mode": "assist",
            "site": None, "facts": {"investment": "social"},
        }  # fmt: skip
        await at.intake.say(matter, scope("S1-01", "S2-02"), area=area, pack=YUEYANG.edition)

        async def queue() -> Any:
            found = await at.world.get("assignment", f"/matters/queue/{area}", "auditor")
            return found["waiting"]

        assert [row["matter"] for row in await at.world.eventually(queue)] == [str(matter)]
        staff = {
            "area": area, "person": at.id("helper"), "body": "wg_soc", "roles": ["helper"],
            "name": "测试员",
        }  # fmt: skip
        await at.world.post("assignment", "/staff", staff, "admin", expect=201)
        path = f"/matters/{matter}"
        served = await at.world.until("assignment", path, lambda m: m["lead_agent"])
        assert served["lead_agent"] == at.id("helper")
        assert {task["agent"] for task in served["items"].values()} == {at.id("helper")}


async def test_two_clerks_dispatch_at_once_and_one_of_them_did(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        matter = await at.accept()
        version = await at.world.version("assignment", f"/matters/{matter}", "clerk")
        path = f"/matters/{matter}/dispatch"
        answers = await asyncio.gather(
            *(
                at.world.post("assignment", path, {}, person, if_match=version)
                for person in ("clerk", "liaison")
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        assert (await at.read(matter))["version"] == version + 3


def scope(*items: str) -> ItemScopeFixed:
    return ItemScopeFixed(
        catalogue="items-representative@0123456789abcdef", stages=("S1",), items=items
    )
