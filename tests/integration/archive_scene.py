"""Four speakers that say what a test tells them, and one matter that archive hears of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.assignment import AgentAssigned
from contracts.evaluation import EvaluationInvited
from contracts.event import Event, Personal
from contracts.intake import (
    ItemScopeFixed,
    MaterialReceived,
    ProjectRegistered,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.registry import BY_SERVICE
from contracts.supervision import (
    ItemClosed,
    ItemDecided,
    OriginalsReturned,
    ResultDelivered,
    WorkLogged,
)
from shared.decider import Decider
from shared.effects import new_id
from shared.eventstore.identity import origin_of
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.packs import Packs
from shared.runtime import Floor, Parts, ServiceSpec
from tests.world import World

EDITION = Packs.load(None).for_area("500242").edition
CATALOGUE = "items-representative@0123456789abcdef"


@dataclass(frozen=True)
class Words:
    """What a speaker is told to say."""

    events: tuple[Event, ...]


@dataclass
class Speaker:
    """A service that says what a test tells it to say."""

    name: str
    floors: list[Floor] = field(default_factory=list)

    def spec(self) -> ServiceSpec:
        return ServiceSpec(self.name, (), self._build)

    async def _build(self, floor: Floor) -> Parts:
        self.floors.append(floor)
        return Parts(service=self, routers=[])  # type: ignore[arg-type]

    async def say(
        self, stream: UUID, *events: Event, heard: tuple[str, UUID] | None, **about: Any
    ) -> UUID:
        """Record `events`, because of what was heard of another, if anything; the first's id."""
        origin = new_id()
        if heard:
            origin = origin_of(self.name, f"s:{heard[0]}", "heard", str(heard[1]))
        said: Aggregate[Words, None, Event, None] = Aggregate(
            "said",
            Decider(None, lambda state, _: state, lambda words, _, __: words.events),
            Vocabulary(BY_SERVICE[self.name]),
        )
        asked = Asked(origin, Act(**about), heard=heard[0] if heard else None)
        step = Step(asked, said, stream, Words(events), None)
        done = await self.floors[0].handling.handle(step)
        return UUID(str(done.events[0][0]))


@dataclass
class Scene:
    """A world with archive and four speakers, and one matter to talk about."""

    w: World
    speakers: dict[str, Speaker]
    serial: int
    matter: UUID = field(default_factory=new_id)
    project: UUID = field(default_factory=new_id)

    @property
    def number(self) -> str:
        return f"{self.w.area}-2026-{self.serial}"

    @property
    def path(self) -> str:
        return f"/matters/{self.matter}"

    def anew(self) -> "Scene":
        """A new matter of a new project in the same world."""
        self.serial += 1
        return replace(self, matter=new_id(), project=new_id())

    async def opened(self) -> "Scene":
        """The same, with its file opened by a request."""
        scene = self.anew()
        await scene.register()
        await scene.request()
        await scene.file(1)
        return scene

    def another(self) -> "Scene":
        """Another matter of the same project."""
        return replace(self, matter=new_id(), serial=self.serial + 500)

    async def say(self, speaker: str, *events: Event, **more: Any) -> UUID:
        heard = more.pop("heard", None)
        stream = more.pop("stream", self.matter)
        about = {
            "actor": self.w.person("clerk").id,
            "area": self.w.area,
            "effective": self.w.clock().isoformat(timespec="milliseconds"),
            "matter": self.matter,
            "project": self.project,
            "pack": EDITION,
            "channel": "window",
            **more,
        }
        return await self.speakers[speaker].say(stream, *events, heard=heard, **about)

    async def register(self) -> None:
        await self.say(
            "intake",
            ProjectRegistered(facts={}, name=Personal("测试项目"), unit=Personal("测试公司")),
            stream=self.project,
            matter=None,
        )

    async def request(self) -> UUID:
        unit = self.w.person("unit").id
        return await self.say(
            "intake",
            ServiceRequested(
                number=self.number,
                applicant=unit,
                lead_name=Personal("甲"),
                lead_phone=Personal("000-0001"),
            ),
            behalf=unit,
        )

    async def serve_to_the_end(self, *, leave_out: type[Event] | None = None) -> int:
        """Everything X-10 asks for; returns how many entries the file then has."""
        await self.register()
        request = await self.request()
        agent, piece = self.w.person("agent").id, new_id()
        said: Sequence[tuple[str, Event]] = [
            ("intake", ServiceAccepted(body="hall")),
            ("intake", ItemScopeFixed(catalogue=CATALOGUE, stages=("S1",), items=("S1-01",))),
            ("intake", MaterialReceived(piece=piece, material="M04", originals=1)),
            ("assignment", AgentAssigned(agent=agent, body="depts", lead=True)),
            ("supervision", WorkLogged(kind="errand", entry=Personal("跑办"))),
            ("supervision", ItemDecided(item="S1-01", outcome="approved", body="depts")),
            ("supervision", ResultDelivered(items=("S1-01",), delivery="hand")),
            ("supervision", OriginalsReturned(pieces=(piece,), originals=1, delivery="hand")),
            ("supervision", ItemClosed(item="S1-01", evidence=(request,))),
            ("evaluation", invitation(agent)),
        ]
        said = [(speaker, event) for speaker, event in said if type(event) is not leave_out]
        for speaker, event in said:
            await self.say(speaker, event)
        await self.file(1 + len(said))
        return 1 + len(said)

    async def file(self, entries: int = 1) -> Any:
        """The file, once it has so many entries."""
        return await self.w.until("archive", self.path, lambda f: f["entries"] >= entries)

    def box(self, home: Path) -> str:
        """The file by which a tool finds the running box."""
        home.mkdir(exist_ok=True)
        state = {"addresses": self.w.addresses, "tokens": {"auditor": self.w.token("auditor")}}
        (home / "box.json").write_text(json.dumps(state))
        return str(home)


def invitation(agent: str) -> EvaluationInvited:
    return EvaluationInvited(
        invitation=new_id(),
        instrument="overall",
        agent=agent,
        asked_by="hall",
        respondent="applicant_lead",
        contact=Personal("000-0001"),
        rule="evaluation.instruments.overall",
    )
