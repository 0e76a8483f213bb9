"""Archive among four speakers: everything is filed in order, checked, closed and proved."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from typer.testing import CliRunner

from contracts.event import Event, Personal
from contracts.evaluation import EvaluationInvited
from contracts.intake import (
    ItemScopeFixed,
    MaterialReceived,
    ProjectRegistered,
    ServiceAccepted,
    ServiceRequested,
)
from contracts.assignment import AgentAssigned, MatterRouted
from contracts.registry import BY_SERVICE
from contracts.supervision import (
    ItemClosed,
    ItemDecided,
    OriginalsReturned,
    ResultDelivered,
    WorkLogged,
)
from services.archive import cli
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.decider import Decider
from shared.effects import new_id
from shared.eventstore.identity import origin_of
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.packs import Packs
from shared.runtime import Floor, Parts, ServiceSpec
from tests.world import World, world

CATALOGUE = "items-representative@0123456789abcdef"
DOCUMENT = {"sha256": "0" * 64, "size": 1, "media_type": "application/pdf", "name": "样本.pdf"}


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
        self,
        stream: UUID,
        *events: Event,
        heard: tuple[str, UUID] | None = None,
        **about: Any,
    ) -> UUID:
        """Record `events`; `heard` is the speaker and event that made it do so. The first id."""
        if heard:
            origin = origin_of(self.name, f"s:{heard[0]}", "heard", str(heard[1]))
        else:
            origin = new_id()
        aggregate = Aggregate(
            "said",
            Decider(None, lambda s, _: s, lambda c, *_: list(c.events)),
            Vocabulary(BY_SERVICE[self.name]),
        )
        asked = Asked(origin, Act(**about), heard=heard[0] if heard else None)
        step = Step(asked, aggregate, stream, Words(tuple(events)), None)
        done = await self.floors[0].handling.handle(step)
        return UUID(str(done.events[0][0]))


@dataclass(frozen=True)
class Words:
    events: tuple[Event, ...]


@dataclass
class Scene:
    """A world with archive and four speakers, and one matter to talk about."""

    w: World
    speakers: dict[str, Speaker]
    matter: UUID = field(default_factory=new_id)
    project: UUID = field(default_factory=new_id)

    def about(self, **more: Any) -> dict[str, Any]:
        edition = Packs.load(None).for_area(self.w.area).edition
        return {
            "actor": self.w.person("clerk").id,
            "area": self.w.area,
            "effective": self.w.clock().isoformat(timespec="milliseconds"),
            "matter": self.matter,
            "project": self.project,
            "pack": edition,
            "channel": "window",
            **more,
        }

    async def say(self, speaker: str, *events: Event, **more: Any) -> UUID:
        heard = more.pop("heard", None)
        stream = more.pop("stream", self.matter)
        about = self.about(**more)
        return await self.speakers[speaker].say(stream, *events, heard=heard, **about)

    async def request(self) -> UUID:
        await self.say(
            "intake",
            ProjectRegistered(facts={}, name=Personal("测试项目"), unit=Personal("测试公司")),
            stream=self.project,
            matter=None,
        )
        unit = self.w.person("unit").id
        return await self.say(
            "intake",
            ServiceRequested(
                number=f"{self.w.area}-2026-1",
                applicant=unit,
                lead_name=Personal("甲"),
                lead_phone=Personal("000-0001"),
            ),
            behalf=unit,
        )

    async def file(self, entries: int) -> Any:
        return await self.w.until(
            "archive", f"/matters/{self.matter}", lambda f: f["entries"] >= entries
        )

    async def serve_to_the_end(self) -> int:
        """Everything X-10 asks for; returns how many entries the file then has."""
        requested = await self.request()
        piece, invitation = new_id(), new_id()
        said: Sequence[tuple[str, Event]] = [
            ("intake", ServiceAccepted(body="hall")),
            ("intake", ItemScopeFixed(catalogue=CATALOGUE, stages=("S1",), items=("S1-01",))),
            ("intake", MaterialReceived(piece=piece, material="M04", originals=1)),
            ("assignment", AgentAssigned(agent=self.w.person("agent").id, body="depts", lead=True)),
            ("supervision", WorkLogged(kind="errand", entry=Personal("跑办"))),
            ("supervision", ItemDecided(item="S1-01", outcome="approved", body="depts")),
            ("supervision", ResultDelivered(items=("S1-01",), delivery="hand")),
            ("supervision", OriginalsReturned(pieces=(piece,), originals=1, delivery="hand")),
            ("supervision", ItemClosed(item="S1-01", evidence=(requested,))),
            (
                "evaluation",
                EvaluationInvited(
                    invitation=invitation, instrument="overall", agent=self.w.person("agent").id,
                    asked_by="hall", respondent="applicant_lead", contact=Personal("000-0001"),
                    rule="evaluation.instruments.overall",
                ),
            ),
        ]  # fmt: skip
        for speaker, event in said:
            await self.say(speaker, event)
        return 1 + len(said)

    def box(self, home: Any) -> Any:
        """The file by which a tool finds the running box."""
        home.mkdir(exist_ok=True)
        state = {"addresses": self.w.addresses, "tokens": {"auditor": self.w.token("auditor")}}
        (home / "box.json").write_text(json.dumps(state))
        return home


@asynccontextmanager
async def scene(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers)


async def onefile(*arguments: str) -> Any:
    """The auditor's command, run beside the services."""
    return await asyncio.to_thread(CliRunner().invoke, cli.main, list(arguments))


async def test_every_fact_of_a_matter_is_filed_once_and_the_request_opens_the_file(
    platform: Platform,
) -> None:
    async with scene(platform) as s:
        entries = await s.serve_to_the_end()
        file = await s.file(entries)
        assert (file["number"], file["state"]) == (f"{s.w.area}-2026-1", "open")
        assert file["items"]["S1-01"]["closed"] is True
        assert [d["content"] for d in file["documents"]] == ["application", "forms", "forms"]
        assert file["waiting"] == [] and await s.w.parked() == []
        listed = await s.w.get("archive", "/matters", "auditor", number=file["number"])
        assert [row["matter"] for row in listed["files"]] == [str(s.matter)]


async def test_a_caused_fact_is_filed_after_its_cause_even_when_it_is_heard_first(
    platform: Platform,
) -> None:
    async with scene(platform) as s:
        await s.request()
        cause = new_id()
        await s.file(1)
        # assignment reacts to an event of intake that archive has not heard yet
        connection = await asyncpg.connect(s.w.databases.services["archive"])
        try:
            await s.say(
                "assignment",
                MatterRouted(site="elsewhere", to=("depts",), lead="depts", rule="routing"),
                heard=("intake", cause),
            )
            await s.w.eventually(lambda: connection.fetchval("SELECT count(*) FROM waiting"))
            file = await s.file(1)
            assert file["entries"] == 1
            assert [w["store"] for w in file["waiting"]] == ["assignment"]
        finally:
            await connection.close()


async def test_a_file_is_closed_when_nothing_is_lacking_and_refusal_names_what_is(
    platform: Platform,
) -> None:
    async with scene(platform) as s:
        await s.request()
        await s.say("intake", ServiceAccepted(body="hall"))
        await s.file(2)
        refused = await s.w.post(
            "archive", f"/matters/{s.matter}/closing", person="archivist", expect=409
        )
        named = {lack["condition"] for lack in refused.json()["details"]["lacking"]}
        assert {"items_closed", "evaluation_invited", "content", "file_checked"} <= named


async def test_the_whole_way_from_check_to_closing_to_proof(
    platform: Platform, tmp_path: Any
) -> None:
    async with scene(platform) as s:
        await s.file(0) if False else None
        entries = await s.serve_to_the_end()
        path = f"/matters/{s.matter}"
        checked = await s.w.post("archive", f"{path}/check", person="archivist", expect=200)
        assert checked.json()["recorded"] == ["archive.file_checked.v1"]
        closed = await s.w.post("archive", f"{path}/closing", person="archivist", expect=200)
        assert closed.json()["recorded"] == ["archive.file_closed.v1"]
        file = await s.file(entries)
        assert file["state"] == "closed" and file["check"]["complete"] is True

        proof = await s.w.get("archive", f"{path}/verification", "auditor")
        assert (proof["verdict"], proof["compared"]) == ("valid", True), proof

        home = s.box(tmp_path / "box")
        told = await onefile("verify", file["number"], "--home", str(home))
        assert told.exit_code == 0, told.output
        assert "有效" in told.output and "不能证明" in told.output
        told = await onefile("replay", str(s.matter), "--home", str(home))
        assert told.exit_code == 0 and "项目单位" in told.output, told.output
        told = await onefile("replay", str(s.matter), "--home", str(home), "--json")
        rows = [json.loads(line) for line in told.output.splitlines()]
        assert rows[0]["state"]["state"] == "closed"
        told = await onefile("tail", "--home", str(home), "--last", "3")
        assert told.exit_code == 0 and "evaluation" in told.output, told.output
