"""Where supervision is tried: among stand-ins for intake and assignment, with a matter in a park."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from contracts.event import Event
from contracts.intake import ItemScopeFixed
from services.onebox.platform import Platform
from services.supervision.app import SPEC
from services.supervision.service import Supervision, legal_day
from shared.effects import new_id
from shared.packs import Packs, Rules
from shared.runtime import Floor, Parts, ServiceSpec
from tests.integration.stand_in import StandIn
from tests.patience import PATIENCE
from tests.world import World, world

RULES = Packs.load(None).for_area("500242")
SCOPE = ("S1-01", "S1-05")
FILING, PERMIT = SCOPE


class Place:
    """Supervision among stand-ins for intake and assignment."""

    def __init__(self, w: World, intake: StandIn, assignment: StandIn) -> None:
        self.world, self.intake, self.assignment = w, intake, assignment

    def id(self, key: str) -> str:
        return self.world.person(key).id

    async def matter(self, mode: str = "agent", scope: tuple[str, ...] = SCOPE) -> UUID:
        """A matter in the industrial park, its scope fixed and its plan made."""
        matter = new_id()
        today = legal_day(self.world.clock())
        self.intake.answers[f"/matters/{matter}"] = {
            "id": str(matter),
            "position": 7,
            "area": self.world.area,
            "site": "park-industrial",
            "project": None,
            "pack": RULES.edition,
            "state": "accepted",
            "mode": mode,
            "items": list(scope),
            "applicant": self.id("unit"),
            "opened_on": today.isoformat(),
            "complete_items": list(scope),
            "confirmed_forms": dict.fromkeys(scope, 1),
            "pieces": [],
            "papers": {"online_application": True, "commission_written": True},
            "commission": {
                "id": str(new_id()),
                "agent": self.id("agent"),
                "items": list(scope),
                "powers": ["submit", "collect", "deliver", "supplement"],
                "begins_on": today.isoformat(),
                "ends_on": (today + timedelta(days=300)).isoformat(),
            },
        }
        self.assignment.answers[f"/matters/{matter}"] = {
            "id": str(matter),
            "position": 3,
            "to": ["park_i"],
            "lead_body": "park_i",
            "assisted_by": ["depts"],
            "lead_agent": self.id("agent"),
            "agents": [self.id("agent")],
            "items": {i: {"agent": self.id("agent"), "body": "park_i"} for i in scope},
            "conflicts": [],
        }
        fixed = ItemScopeFixed(catalogue=RULES.catalogue.edition, stages=("S1",), items=scope)
        await self.hear(matter, fixed)
        await self.world.until("supervision", f"/matters/{matter}", lambda m: m["plan"])
        return matter

    def told(self, matter: UUID) -> dict[str, Any]:
        """What intake answers about the matter, to be changed."""
        known: dict[str, Any] = self.intake.answers[f"/matters/{matter}"]
        return known

    async def hear(self, matter: UUID, *events: Event) -> None:
        area = self.world.area
        await self.intake.say(matter, *events, area=area, pack=RULES.edition)

    async def ask(
        self, matter: UUID, what: str, body: Any, person: str = "agent", expect: int = 200
    ) -> Any:
        """A command on the version seen now; when the agenda was faster, on the one after it."""
        path = f"/matters/{matter}/{what}"

        async def once() -> httpx.Response:
            return await self.world.post(
                "supervision", path, body, person, if_match="*", expect=(expect, 412)
            )

        answer = await self.world.eventually(once, lambda a: a.status_code == expect)
        return answer.json()

    async def item(self, matter: UUID, item: str, person: str = "auditor") -> dict[str, Any]:
        read = await self.world.get("supervision", f"/matters/{matter}", person)
        found: dict[str, Any] = read["items"][item]
        return found

    async def read(self, matter: UUID, person: str = "auditor") -> Any:
        return await self.world.get("supervision", f"/matters/{matter}", person)

    async def filed(self, matter: UUID, item: str = FILING) -> None:
        await self.ask(matter, f"items/{item}/submission", {})

    async def granted(self, matter: UUID, item: str = FILING, **more: Any) -> None:
        await self.filed(matter, item)
        if item != FILING:
            await self.ask(matter, f"items/{item}/acceptance", {}, "approver")
        decision = {"outcome": "approved", **more}
        await self.ask(matter, f"items/{item}/decision", decision, "approver")


@asynccontextmanager
async def placed(platform: Platform, spec: ServiceSpec = SPEC) -> AsyncIterator[Place]:
    """Supervision, running, with stand-ins beside it."""
    intake, assignment = StandIn("intake"), StandIn("assignment")
    async with world(platform, [intake.spec, assignment.spec, spec]) as w:
        yield Place(w, intake, assignment)


@asynccontextmanager
async def stood(
    platform: Platform, rules: Rules | None = None, *, alive: bool = False
) -> AsyncIterator[tuple[Place, Supervision]]:
    """Supervision with what answers in it; its agenda waits for the test unless `alive`."""
    kept: list[Supervision] = []

    async def build(floor: Floor) -> Parts:
        parts = await SPEC.build(floor)
        assert isinstance(parts.service, Supervision)
        if rules:
            parts.service.look.rules_for = lambda area, edition: rules  # type: ignore[method-assign]
        kept.append(parts.service)
        return parts if alive else replace(parts, agenda=None)

    async with placed(platform, replace(SPEC, build=build)) as place:
        yield place, kept[0]


async def settled(service: Supervision) -> None:
    """Once every list shows all that was recorded."""
    floor = service.floor
    assert await floor.views.reached(await floor.log.position(), patience=PATIENCE)
