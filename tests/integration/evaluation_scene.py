"""Evaluation among stand-ins for the services it reads and hears."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from contracts.supervision import ItemClosed
from services.evaluation.domain.quarters import bounds, quarter_of
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs
from shared.runtime import ServiceSpec
from tests.integration.stand_in import StandIn
from tests.world import World, world

EDITION = Packs.load(None).for_area("500242").edition
SCORES = {"attitude": "satisfied", "efficiency": "satisfied", "probity": "very_satisfied"}


class Place:
    """Evaluation among stand-ins for the services it reads and hears."""

    def __init__(self, running: World, others: dict[str, StandIn]) -> None:
        self.world, self.others = running, others

    def id(self, key: str) -> str:
        return self.world.person(key).id

    @property
    def quarter(self) -> str:
        """The one that runs, by the legal day: from 16:00 UTC of its last day on, the next."""
        day = self.world.today()
        return f"{day.year}-Q{(day.month + 2) // 3}"

    def quarter_passes(self) -> None:
        """A hundred days, but not beyond the next quarter: what is appraised is the one before."""
        day = self.world.today()
        _, this = bounds(self.quarter)
        _, following = bounds(quarter_of(this + timedelta(days=1)))
        self.world.advance(days=min(100, (following - day).days))

    async def say(self, speaker: str, matter: UUID, event: Any) -> None:
        await self.others[speaker].say(matter, event, area=self.world.area, pack=EDITION)

    async def serve(self, *, invited: bool = True) -> UUID:
        """A matter whose service is over: agent and agent2 served it, the unit is invited."""
        matter = new_id()
        path = f"/matters/{matter}"
        self.others["intake"].answers[path] = {
            "area": self.world.area,
            "project": None,
            "pack": EDITION,
            "applicant": self.id("unit"),
            "opened_on": self.world.today().isoformat(),
        }
        self.others["assignment"].answers[path] = {
            "lead_agent": self.id("agent"),
            "lead_body": "park_i",
            "agents": [self.id("agent"), self.id("agent2")],
            "items": {"S1-01": {"agent": self.id("agent"), "body": "park_i"}},
        }
        self.others["supervision"].answers[path] = {"complete": invited}
        await self.say("supervision", matter, ItemClosed(item="S1-01", evidence=(new_id(),)))
        if invited:
            await self.world.until("evaluation", path, lambda m: len(m["invited"]) == 2)
        return matter

    async def link(self, matter: UUID) -> str:
        answer = await self.world.get("evaluation", f"/matters/{matter}/invitations", "unit")
        (row,) = answer["invitations"]
        return str(row["invitation"])

    async def rate(
        self, link: str, level: str = "satisfied", person: str = "unit", expect: int = 200
    ) -> Any:
        body = {"level": level, "scores": SCORES, "comment": "谢谢"}
        path = f"/invitations/{link}/rating"
        return (await self.world.post("evaluation", path, body, person, expect=expect)).json()

    async def ask(
        self, matter: UUID, what: str, json: Any, person: str, expect: int = 200
    ) -> Any:
        path = f"/matters/{matter}/{what}"
        answer = await self.world.post(
            "evaluation", path, json, person, if_match="*", expect=expect
        )
        return answer.json()

    async def read(self, matter: UUID, person: str = "auditor") -> Any:
        return await self.world.get("evaluation", f"/matters/{matter}", person)

    async def status(self, path: str, person: str) -> int:
        return (await self.world.client("evaluation", person).get(path)).status_code

    async def office(self, path: str, **parameters: Any) -> Any:
        area = self.world.area
        return await self.world.get("evaluation", path, "office", area=area, **parameters)


@asynccontextmanager
async def place(
    platform: Platform, evaluation: str | ServiceSpec = "evaluation"
) -> AsyncIterator[Place]:
    others = {name: StandIn(name) for name in ("intake", "assignment", "supervision")}
    services: list[str | ServiceSpec] = [*(o.spec for o in others.values()), evaluation]
    async with world(platform, services) as running:
        yield Place(running, others)
