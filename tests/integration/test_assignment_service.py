"""Assignment over HTTP, on a real database and a real bus: route, dispatch, take over, relay."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from contracts.intake import ModeChosen, ServiceAccepted
from contracts.supervision import ItemClosed
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs
from shared.runtime import ServiceSpec
from tests.integration.stand_in import StandIn
from tests.world import World, world

EDITION = Packs.load(None).for_area("500242").edition


class Place:
    """Assignment among stand-ins for intake and supervision."""

    def __init__(self, running: World, intake: StandIn, supervision: StandIn) -> None:
        self.world, self.intake, self.supervision = running, intake, supervision

    def id(self, key: str) -> str:
        return self.world.person(key).id

    async def add(self, key: str, body: str, person: str = "office", **more: Any) -> None:
        staff = {
            "area": self.world.area,
            "person": self.id(key),
            "body": body,
            "roles": ["agent", "helper"],
            "name": "测试员",
            **more,
        }
        await self.world.post("assignment", "/staff", staff, person, expect=201)

    async def accept(self, site: str = "park-industrial", **more: Any) -> UUID:
        """A matter that intake accepted and assignment routed."""
        matter = new_id()
        self.intake.answers[f"/matters/{matter}"] = {
            "id": str(matter),
            "area": self.world.area,
            "project": None,
            "pack": EDITION,
            "state": "accepted",
            "site": site,
            "mode": "agent",
            "items": ["S1-01", "S2-02"],
            "body": "zone",
            "applicant": self.id("unit"),
            "opened_on": self.world.today().isoformat(),
            "facts": {"site": site, "flags": []},
            **more,
        }
        await self.say(self.intake, matter, ServiceAccepted(body="zone"))
        await self.world.until("assignment", f"/matters/{matter}", lambda m: m["to"])
        return matter

    async def say(self, speaker: StandIn, matter: UUID, event: Any) -> None:
        await speaker.say(matter, event, area=self.world.area, pack=EDITION)

    async def ask(
        self, matter: UUID, what: str, json: Any, person: str, expect: int = 200
    ) -> Any:
        path = f"/matters/{matter}/{what}"
        response = await self.world.post(
            "assignment", path, json, person, if_match="*", expect=expect
        )
        return response.json()

    async def read(self, matter: UUID, person: str = "auditor") -> Any:
        return await self.world.get("assignment", f"/matters/{matter}", person)


@asynccontextmanager
async def place(platform: Platform) -> AsyncIterator[Place]:
    intake, supervision = StandIn("intake"), StandIn("supervision")
    services: list[str | ServiceSpec] = [intake.spec, supervision.spec, "assignment"]
    async with world(platform, services) as running:
        yield Place(running, intake, supervision)


async def test_an_accepted_matter_finds_its_agent_who_takes_it_over(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        await at.add("helper", "depts")
        matter = await at.accept()
        routed = await at.read(matter)
        assert (routed["to"], routed["assisted_by"], routed["lead_agent"]) == (
            ["park_i"],
            ["depts"],
            None,
        )

        receipt = await at.ask(matter, "dispatch", {}, "clerk")
        assert receipt["recorded"] == [
            "assignment.item_dispatched.v1",
            "assignment.item_dispatched.v1",
            "assignment.agent_assigned.v1",
        ]
        served = await at.read(matter)
        assert served["lead_agent"] == at.id("agent")
        assert served["items"]["S1-01"] == {
            "agent": at.id("agent"),
            "body": "park_i",
            "assisted_by": ["depts"],
            "shadow": False,
        }

        await at.ask(matter, "acknowledgement", {}, "agent")
        assert (await at.read(matter))["acknowledged"] == [at.id("agent")]


async def test_a_strangers_matter_is_not_there_and_the_unit_sees_its_own(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        matter = await at.accept()
        await at.ask(matter, "dispatch", {}, "liaison")
        for person, status in (("unit", 200), ("other", 404), ("agent", 200), ("agent2", 404)):
            answer = await at.world.client("assignment", person).get(f"/matters/{matter}")
            assert answer.status_code == status, person
        await at.ask(matter, "acknowledgement", {}, "agent2", expect=404)
        await at.ask(matter, "dispatch", {}, "unit", expect=403)


async def test_a_matter_is_dispatched_before_the_news_of_its_acceptance_arrives(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        known = await at.accept()
        matter = new_id()
        at.intake.answers[f"/matters/{matter}"] = at.intake.answers[f"/matters/{known}"]
        await at.world.post(
            "assignment", f"/matters/{matter}/dispatch", {}, "clerk", if_match=0, expect=200
        )
        assert (await at.read(matter))["to"] == ["park_i"]
        await at.say(at.intake, matter, ServiceAccepted(body="zone"))
        await at.world.settled()
        assert (await at.read(matter))["version"] == 4
        assert await at.world.parked() == []


async def test_a_body_builds_its_own_team_and_the_office_sees_all(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i", person="liaison")
        foreign = {
            "area": at.world.area,
            "person": at.id("helper"),
            "body": "depts",
            "roles": ["helper"],
            "name": "测试员",
        }
        await at.world.post("assignment", "/staff", foreign, "liaison", expect=403)
        moved = {"area": at.world.area, "person": at.id("agent"), "body": "depts"}
        await at.world.post("assignment", "/staff/amendments", moved, "liaison", expect=403)
        done = await at.world.post("assignment", "/staff", foreign, "department", expect=201)

        position = done.json()["position"]
        page = await at.world.get(
            "assignment", "/staff", "office", area=at.world.area, min_position=position, limit=1
        )
        rest = await at.world.get(
            "assignment", "/staff", "office", area=at.world.area, after=page["after"]
        )
        seen = [row["person"] for row in page["rows"] + rest["rows"]]
        assert seen == [at.id("agent"), at.id("helper")]
        assert "测试员" not in str(page)


async def test_the_tasks_of_one_who_leaves_move_to_his_successor(platform: Platform) -> None:
    async with place(platform) as at:
        for key in ("agent", "agent2"):
            await at.add(key, "park_i")
        matter = await at.accept()
        await at.ask(matter, "dispatch", {"agent": at.id("agent")}, "clerk")
        leaves = {
            "area": at.world.area,
            "person": at.id("agent"),
            "cause": "left",
            "successor": at.id("agent2"),
        }
        await at.world.post("assignment", "/staff/removals", leaves, "office", expect=201)
        moved = await at.world.until(
            "assignment", f"/matters/{matter}", lambda m: m["lead_agent"] == at.id("agent2")
        )
        assert moved["agents"] == [at.id("agent2")]
        assert [h["consented"] for h in moved["hand_overs"]] == [False]

        agreed = {
            "left": at.id("agent"),
            "cause": "left_post",
            "told_applicant": True,
            "consented": True,
        }
        await at.ask(matter, "reassignment", agreed, "liaison")
        assert (await at.read(matter))["hand_overs"][-1]["consented"] is True


async def test_a_post_whose_period_is_over_is_vacated_by_itself(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        ends = at.world.today().isoformat()
        post = {
            "area": at.world.area,
            "post": "lead_agent",
            "role": "agent",
            "person": at.id("agent"),
            "ends_on": ends,
        }
        await at.world.post("assignment", "/posts", post, "liaison", expect=201)
        at.world.advance(days=2)

        async def history() -> Any:
            found = await at.world.get("assignment", "/posts", "office", area=at.world.area)
            return found["posts"]

        rows = await at.world.eventually(history, lambda p: p and p[0]["vacated_on"])
        assert [(r["cause"], r["acting"]) for r in rows] == [("period_over", False)]


async def test_queue_load_and_jumps_are_open_to_the_office(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        first, second = await at.accept(), await at.accept()
        area = at.world.area

        async def queue() -> Any:
            return await at.world.get("assignment", f"/matters/queue/{area}", "office")

        waiting = await at.world.eventually(queue, lambda q: len(q["waiting"]) == 2)
        assert [row["matter"] for row in waiting["waiting"]] == [str(first), str(second)]
        assert waiting["waiting"][0]["due_on"] and waiting["defaults"]

        await at.ask(second, "dispatch", {"jump_reason": "停工在即"}, "clerk")
        jumped = await at.world.eventually(queue, lambda q: q["jumped"])
        assert [(r["matter"], r["jumped"]) for r in jumped["jumped"]] == [(str(second), 1)]
        assert "停工" not in str(jumped)

        await at.say(at.supervision, second, ItemClosed(item="S1-01", evidence=(new_id(),)))

        async def load() -> Any:
            return await at.world.get("assignment", "/load", "office", area=area)

        lighter = await at.world.eventually(
            load, lambda a: [row["items"] for row in a["load"]] == [1]
        )
        assert lighter["load"][0]["agent"] == at.id("agent") and lighter["orphaned"] == []

        await at.say(at.intake, first, ModeChosen(mode="none"))
        await at.world.eventually(queue, lambda q: not q["waiting"])


async def test_trainings_show_who_came_and_which_body_sent_nobody(platform: Platform) -> None:
    async with place(platform) as at:
        await at.add("agent", "park_i")
        await at.add("helper", "depts")
        held = await at.world.post(
            "assignment",
            "/trainings",
            {"area": at.world.area, "body": "ro", "topics": ["policy"], "title": "业务培训"},
            "office",
            expect=201,
        )
        came = await at.world.post(
            "assignment",
            "/trainings/attendance",
            {"area": at.world.area, "training": held.json()["id"], "persons": [at.id("agent")]},
            "office",
            expect=201,
        )
        seen = await at.world.get(
            "assignment",
            "/trainings",
            "office",
            area=at.world.area,
            min_position=came.json()["position"],
        )
        assert [(t["attended"], t["absent"]) for t in seen["trainings"]] == [
            ([at.id("agent")], ["depts"])
        ]
        year = at.world.today().year
        turned = await at.world.get(
            "assignment",
            "/turnover",
            "office",
            area=at.world.area,
            since=f"{year}-01-01",
            until=f"{year}-12-31",
        )
        assert [(b["body"], b["joined"], b["left"]) for b in turned["bodies"]] == [
            ("depts", 1, 0),
            ("park_i", 1, 0),
        ]
