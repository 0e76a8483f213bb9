"""What do the acts of the demonstration share: the people, the rules, the matter, and the screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.catalogue import Item, Material
from services.onebox.demo.walk import Unexpected, Walk
from services.onebox.people import Demo
from shared.packs import Rules

type Picture = dict[str, Any]


@dataclass(slots=True)
class Scene:
    """The matter that is lived through. `say` prints a line."""

    walk: Walk
    demo: Demo
    rules: Rules
    say: Callable[[str], object]
    project: str = ""
    matter: str = ""
    number: str = ""
    scope: list[str] = field(default_factory=list)
    handed_in: set[str] = field(default_factory=set)

    @property
    def area(self) -> str:
        return self.demo.area

    @property
    def path(self) -> str:
        return f"/matters/{self.matter}"

    def heading(self, zh: str, en: str) -> None:
        self.say("")
        self.say(f"== {zh}  {en}")

    async def tell(self, person: str, text: str) -> None:
        """One line: the day, who, what."""
        one = self.walk.people[person]
        self.say(f"  {await self.walk.today()}  {one.zh}（{one.post}）  {text}")

    async def act(
        self, person: str, service: str, what: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """A command on the matter: `what` is the path after `/matters/{id}/`."""
        return await self.walk.do(person, service, f"{self.path}/{what}", body)

    async def picture(self, person: str = "agent") -> Picture:
        """What supervision shows of the matter."""
        found: Picture = await self.walk.read(person, "supervision", self.path)
        return found

    def item(self, code: str) -> Item:
        return self.rules.catalogue.item(code)

    def material(self, code: str) -> Material:
        return next(m for m in self.rules.catalogue.materials if m.id == code)

    def makers_of(self, material: str) -> frozenset[str]:
        """The items whose result the material is; empty when someone hands it in."""
        found = self.material(material)
        return frozenset(found.source.split("|") if found.share == "result" else ())

    async def next_working_day(self) -> date:
        """Offices are open: the clock is moved on to a working day."""
        day = await self.walk.today()
        if not self.rules.calendar.is_working(day):
            day = self.rules.calendar.next_working_day(day)
            await self.walk.until_day(day)
        return day

    async def shown_refusal(
        self, person: str, service: str, what: str, body: Mapping[str, Any], reason: str
    ) -> dict[str, Any]:
        """A command that the rules must refuse for `reason`; its explanation is shown."""
        problem = await self.walk.refused(person, service, f"{self.path}/{what}", body)
        found = problem.get("reason", problem["type"].rpartition(":")[2])
        if found != reason:
            raise Unexpected(f"{service} {what}: refused with {found}, not {reason}: {problem}")
        remedy = problem.get("details", {}).get("remedy", problem["title"])
        await self.tell(person, f"✗ 被拒绝 refused（{reason}）：{remedy}")
        return problem
