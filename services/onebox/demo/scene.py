"""What do the acts of the demonstration share: the people, the rules, the matter, and the screen."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from contracts.catalogue import Item, Material
from contracts.pack import Pack
from contracts.pack.sections import Mode, Role
from services.onebox.demo.walk import OFFICE_CLOSES, Unexpected, Walk
from services.onebox.people import Demo, Person
from shared.clock import LEGAL_ZONE
from shared.packs import Rules

type Picture = dict[str, Any]

LINE = 96


@dataclass(slots=True)
class Scene:
    """The matter that is lived through. `say` prints a line.

    `servers` says which of the people carries an item, `hand` who signs and confirms for the
    unit beside its lead; `climbed` is the item that went up the ladder.
    """

    walk: Walk
    demo: Demo
    rules: Rules
    say: Callable[[str], object]
    project: str = ""
    matter: str = ""
    number: str = ""
    hand: str = "unit"
    scope: list[str] = field(default_factory=list)
    handed_in: set[str] = field(default_factory=set)
    servers: dict[str, str] = field(default_factory=dict)
    acts: int = 0
    climbed: str | None = None

    @property
    def area(self) -> str:
        return self.demo.area

    @property
    def pack(self) -> Pack:
        return self.rules.pack

    @property
    def path(self) -> str:
        return f"/matters/{self.matter}"

    @property
    def mode(self) -> Mode:
        """Agency, which every place offers: what the unit chooses here."""
        return self.pack.mode("agent")

    @property
    def works(self) -> dict[str, Any]:
        """The project of the story, as its unit tells of it."""
        return self.demo.projects[self.demo.story.project]

    async def heading(self, zh: str, en: str) -> None:
        """The next act; they are counted as they come."""
        await self.walk.settled()
        self.acts += 1
        self.say("")
        self.say(f"== {COUNT[self.acts - 1]}、{zh}  {en}")

    async def tell(self, person: str, text: str) -> None:
        """One line: the day, who, what."""
        one = self.walk.people[person]
        line = f"  {await self.walk.today()}  {one.zh}（{one.post}）  {text}"
        self.say(line if len(line) <= LINE else line[:LINE] + "……")

    async def act(
        self, person: str, service: str, what: str, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """A command on the matter: `what` is the path after `/matters/{id}/`."""
        return await self.walk.do(person, service, f"{self.path}/{what}", body)

    async def seen(self, person: str, service: str) -> Picture:
        """What a service shows of the matter."""
        found: Picture = await self.walk.read(person, service, self.path)
        return found

    async def picture(self, person: str = "approver") -> Picture:
        """What supervision shows of the matter."""
        return await self.seen(person, "supervision")

    # -- people -------------------------------------------------------------------------------

    def who(self, *canonical: str) -> str | None:
        """The first of the people in one of these posts (contracts' words)."""
        return next((p.key for p in self.demo.people if set(canonical) & set(p.roles)), None)

    def must(self, *canonical: str) -> str:
        """The same, where the story cannot go on without him."""
        found = self.who(*canonical)
        if found is None:
            raise Unexpected(f"the demonstration of {self.area} has no {canonical}")
        return found

    def holders(self, post: str) -> Iterator[str]:
        """The people who hold a post of the pack, by its id."""
        role = next((r for r in self.pack.roles if r.id == post), None)
        for person in self.demo.people:
            if role and self._holds(person, role):
                yield person.key

    def able(self, *acts: str, near: Collection[str] = ()) -> str | None:
        """Whom the pack lets do one of `acts`; somebody of the bodies `near` before others."""
        posts = [role for role in self.pack.roles if set(acts) & set(role.can)]
        able = [p for p in self.demo.people if any(self._holds(p, r) for r in posts)]
        at_hand = [p for p in able if set(near) & self._bodies(p)]
        return next((p.key for p in (*at_hand, *able)), None)

    def _holds(self, person: Person, role: Role) -> bool:
        fits = not role.bodies or bool(set(role.bodies) & self._bodies(person))
        return role.canonical in person.roles and fits

    def _bodies(self, person: Person) -> set[str]:
        """The bodies a person acts for, and those above them."""
        parents = {body.id: body.parent for body in self.pack.bodies}
        found: set[str] = set()
        for body in person.bodies:
            step: str | None = body
            while step is not None and step not in found:
                found.add(step)
                step = parents.get(step)
        return found

    def key_of(self, id: str) -> str:
        """How the person with that pseudonym is called here."""
        return self.demo.person(id).key

    def names(self, bodies: Collection[str]) -> str:
        return "、".join(self.pack.body(body).zh for body in bodies)

    @property
    def agent(self) -> str:
        """Who leads the service: the first of those who carry items."""
        return next(iter(self.servers.values()))

    def server(self, item: str) -> str:
        """Who carries the item."""
        return self.servers[item]

    # -- items --------------------------------------------------------------------------------

    def item(self, code: str) -> Item:
        return self.rules.catalogue.item(code)

    def material(self, code: str) -> Material:
        return next(m for m in self.rules.catalogue.materials if m.id == code)

    def makers_of(self, material: str) -> frozenset[str]:
        """The items served whose result the material is; empty when someone hands it in."""
        found = self.material(material)
        made = found.source.split("|") if found.share == "result" else ()
        return frozenset(made) & frozenset(self.scope)

    # -- time and refusals --------------------------------------------------------------------

    async def next_working_day(self) -> date:
        """Offices are open for hours yet: else the clock is moved on to a working day's morning."""
        now = (await self.walk.now_is()).astimezone(LEGAL_ZONE)
        day = now.date()
        if now.time() >= OFFICE_CLOSES or not self.rules.calendar.is_working(day):
            day = self.rules.calendar.next_working_day(day)
        await self.walk.until_day(day)
        return day

    async def refused(
        self, person: str, service: str, path: str, body: Mapping[str, Any], *reasons: str
    ) -> dict[str, Any]:
        """A command that the rules must refuse for one of `reasons`; the remedy is shown."""
        problem = await self.walk.refused(person, service, path, body)
        found = problem.get("reason", problem["type"].rpartition(":")[2])
        if found not in reasons:
            raise Unexpected(
                f"{service} {path}: refused with {found}, not {reasons}: {problem}"
            )
        remedy = problem.get("details", {}).get("remedy", problem["title"])
        await self.tell(person, f"✗ 被拒绝 refused（{found}）：{remedy}")
        return problem


COUNT = (*"一二三四五六七八九十", "十一", "十二")
