"""Only who is assigned to a matter sees it and acts in it, as intake hears from assignment."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from contracts.assignment import AgentAssigned, AgentReassigned, ItemDispatched, StewardPaired
from services.onebox.platform import Platform
from tests.integration.stand_in import StandIn
from tests.world import World, world


class Place:
    """Intake beside an assignment that says what the test wants."""

    def __init__(self, running: World, assignment: StandIn) -> None:
        self.world, self.assignment = running, assignment

    def id(self, key: str) -> str:
        return self.world.person(key).id

    async def matter(self) -> UUID:
        w = self.world
        known = {k: v for k, v in w.demo.projects["factory"].items() if k != "code"}
        body = {**known, "area": w.area}
        project = (await w.post("intake", "/projects", body, "unit", expect=201)).json()["id"]
        wish = {
            "project": project, "area": w.area, "channel": "window",
            "lead_name": "甲", "lead_phone": "000-0000001",
        }  # fmt: skip
        made = await w.post("intake", "/matters", wish, "unit", expect=201)
        return UUID(made.json()["id"])

    async def say(self, matter: UUID, *events: Any) -> None:
        pack = (await self.world.get("intake", f"/matters/{matter}", "auditor"))["pack"]
        await self.assignment.say(matter, *events, area=self.world.area, pack=pack)

    async def seen(self, matter: UUID, person: str, status: int, path: str = "") -> Any:
        """The answer, once it has this status."""

        async def ask() -> Any:
            return await self.world.client("intake", person).get(f"/matters/{matter}{path}")

        return (await self.world.eventually(ask, lambda a: a.status_code == status)).json()

    async def listed(self, person: str) -> list[str]:
        page = await self.world.get("intake", "/matters", person)
        return [row["id"] for row in page["items"]]


@asynccontextmanager
async def place(platform: Platform) -> AsyncIterator[Place]:
    assignment = StandIn("assignment")
    async with world(platform, [assignment.spec, "intake"]) as running:
        yield Place(running, assignment)


async def test_an_agent_sees_and_serves_what_is_assigned_to_him_and_nothing_else(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter, other = await at.matter(), await at.matter()
        absent = await at.world.client("intake", "agent").get(f"/matters/{UUID(int=7)}")
        strange = await at.world.client("intake", "agent").get(f"/matters/{matter}")
        assert strange.status_code == absent.status_code == 404
        assert strange.json().keys() == absent.json().keys()
        assert await at.listed("agent") == []

        await at.say(matter, assigned(at.id("agent")))
        await at.seen(matter, "agent", 200)
        assert await at.listed("agent") == [str(matter)]
        await at.seen(other, "agent", 404)
        note = {
            "topic": "tax_relief",
            "sources": ["duties.know_the_flow.zh"],
            "question": "问",
            "answer": "答",
        }
        for where, status in ((matter, 200), (other, 404)):
            await at.world.post(
                "intake", f"/matters/{where}/consultations", note, "agent", expect=status
            )
        for door in ("clerk", "liaison", "office"):
            await at.seen(other, door, 200)


async def test_who_handed_over_sees_it_no_more_and_the_next_one_does(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await at.matter()
        first, second = at.id("agent"), at.id("agent2")
        await at.say(
            matter, dispatched("S1-01", first), dispatched("S2-02", first), assigned(first)
        )
        await at.seen(matter, "agent", 200)
        await at.say(matter, relayed(first, second, "S1-01"))
        await at.seen(matter, "agent2", 200)
        await at.seen(matter, "agent", 200)
        await at.say(matter, relayed(first, second))
        await at.seen(matter, "agent", 404)
        assert await at.listed("agent") == []


async def test_assignment_is_asked_about_one_it_named_a_moment_ago(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.matter()
        at.assignment.answers[f"/matters/{matter}"] = {"agents": [at.id("agent")]}
        await at.seen(matter, "agent", 200)
        await at.seen(matter, "agent2", 404)


async def test_a_steward_sees_the_matter_until_another_takes_his_place(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await at.matter()
        await at.say(matter, paired(at.id("agent"), None))
        await at.seen(matter, "agent", 200)
        await at.say(matter, paired(at.id("agent2"), at.id("agent")))
        await at.seen(matter, "agent2", 200)
        await at.seen(matter, "agent", 404)


async def test_reading_a_telephone_number_leaves_a_trace(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.matter()
        await at.seen(matter, "agent", 404, "/people")
        found = await at.seen(matter, "clerk", 200, "/people?purpose=call")
        assert found["people"] == {"lead_name": "甲", "lead_phone": "000-0000001"}
        await at.seen(matter, "auditor", 403, "/people")
        connection = await asyncpg.connect(at.world.databases.services["intake"])
        try:
            rows = await connection.fetch(
                "SELECT actor, purpose FROM reads WHERE purpose = 'call'"
            )
        finally:
            await connection.close()
        assert [tuple(row) for row in rows] == [(at.id("clerk"), "call")]


def assigned(person: str) -> AgentAssigned:
    return AgentAssigned(agent=person, body="park_i", lead=True)


def paired(steward: str, replaces: str | None) -> StewardPaired:
    agent = "p:00000000-0000-7000-8000-000000000099"
    return StewardPaired(
        steward=steward, agent=agent, replaces=replaces, rule="team.pairs_with"
    )


def dispatched(item: str, person: str) -> ItemDispatched:
    return ItemDispatched(item=item, body="park_i", agent=person, rule="routing.by_item")


def relayed(left: str, agent: str, *items: str) -> AgentReassigned:
    return AgentReassigned(
        left=left, agent=agent, body="park_i", lead=not items, items=items, cause="relay"
    )
