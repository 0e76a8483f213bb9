"""Archive among four speakers: everything is filed in order, checked, closed and proved."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from typer.testing import CliRunner

from contracts.assignment import AgentAssigned, MatterRouted
from contracts.canonical import leaf_hash
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
from services.archive import cli, inbox
from services.archive.app import SPEC
from services.archive.inbox import Filing
from services.archive.service import FILE, SPEAKERS, Archive
from services.onebox.platform import Platform
from shared.decider import Decider, Refused
from shared.effects import new_id
from shared.envelope import Heard
from shared.eventstore.identity import origin_of
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Step
from shared.packs import Packs
from shared.runtime import Floor, Parts, ServiceSpec
from tests.unit.archive.examples import MATTER, Telling, accepted, heard, logged, requested
from tests.world import World, world

EDITION = Packs.load(None).all()[0].edition
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
        await self.file()
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


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    """A new matter of a new project in the module's world."""
    stage.serial += 1
    return replace(stage, matter=new_id(), project=new_id())


async def onefile(*arguments: str) -> Any:
    """The auditor's command, run beside the services."""
    return await asyncio.to_thread(CliRunner().invoke, cli.main, list(arguments))


async def test_every_fact_of_a_matter_is_filed_and_the_request_opens_the_file(s: Scene) -> None:
    entries = await s.serve_to_the_end()
    file = await s.file(entries)
    assert (file["number"], file["state"], file["entries"]) == (s.number, "open", entries)
    assert file["items"]["S1-01"]["closed"] is True and file["lacking"] == []
    assert [d["content"] for d in file["documents"]] == ["application", "forms", "forms"]
    assert file["waiting"] == [] and await s.w.parked() == []


async def test_a_file_is_found_by_its_number(s: Scene) -> None:
    await s.request()
    found = await s.w.eventually(
        lambda: s.w.get("archive", "/matters", "auditor", number=s.number),
        lambda listed: listed["files"],
    )
    (row,) = found["files"]
    assert (row["matter"], row["closed"]) == (str(s.matter), False)
    first = await s.w.get("archive", "/matters", "auditor", limit=1)
    rest = await s.w.get("archive", "/matters", "auditor", after=first["next"], limit=200)
    assert first["files"][0] not in rest["files"]


async def test_the_whole_way_from_check_to_closing_to_proof(s: Scene, tmp_path: Path) -> None:
    await s.serve_to_the_end()
    checked = await s.w.post("archive", f"{s.path}/check", person="archivist", expect=200)
    assert checked.json()["recorded"] == ["archive.file_checked.v1"]
    closed = await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=200)
    assert closed.json()["recorded"] == ["archive.file_closed.v1"]
    file = await s.file()
    assert file["state"] == "closed" and file["check"]["complete"] is True

    entries = await s.w.get("archive", f"{s.path}/entries", "auditor")
    bodies = [json.loads(e["body"]) for e in entries["entries"]]
    last = {b["about"]["type"]: b["fact"] for b in bodies}
    relied = {r["store"]: r["position"] for r in last["archive.file_closed.v1"]["relied_on"]}
    assert relied.keys() == set(SPEAKERS) and all(relied.values())
    assert last["archive.file_closed.v1"]["checked_by"] in {b["about"]["id"] for b in bodies}

    proof = await s.w.get("archive", f"{s.path}/verification", "auditor")
    assert (proof["verdict"], proof["compared"]) == ("valid", True), proof
    told = await onefile("verify", str(s.matter), "--home", s.box(tmp_path / "box"))
    assert told.exit_code == 0, told.output
    assert "有效" in told.output and "不能证明" in told.output


@pytest.mark.parametrize(
    ("missing", "condition"),
    [
        (ItemClosed, "items_closed"),
        (ResultDelivered, "results_delivered"),
        (OriginalsReturned, "originals_returned"),
        (EvaluationInvited, "evaluation_invited"),
        (MaterialReceived, "content"),
    ],
)
async def test_what_is_lacking_is_named_and_keeps_the_file_open(
    s: Scene, missing: type[Event], condition: str
) -> None:
    await s.serve_to_the_end(leave_out=missing)
    await s.w.post("archive", f"{s.path}/check", person="archivist", expect=200)
    refused = await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=409)
    assert refused.json()["reason"] == "file_not_complete"
    lacking = {lack["condition"] for lack in refused.json()["details"]["lacking"]}
    assert lacking == {condition, "file_checked"}


async def test_an_approver_waives_a_content_with_reasons_and_the_file_closes(s: Scene) -> None:
    await s.serve_to_the_end(leave_out=MaterialReceived)
    waive = {"waive": ["application"], "waiver_reasons": "单位自行申报，材料未经手"}
    path = f"{s.path}/check"
    refused = await s.w.post("archive", path, waive, person="archivist", expect=409)
    assert refused.json()["reason"] == "waiver_needs_an_approver"
    await s.w.post("archive", path, waive, person="approver", expect=200)
    await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=200)
    (waived,) = (await s.file())["check"]["waived"]
    assert waived == {"content": "application", "approver": s.w.person("approver").id}


async def test_documents_are_added_and_handed_over_to_the_unit(s: Scene) -> None:
    await s.request()
    await s.file()
    photo = {"content": "photo", "title": "会议照片", "paper": True}
    await s.w.post("archive", f"{s.path}/documents", photo, person="archivist", expect=200)
    (document,) = (await s.file())["documents"]
    assert document["content"] == "photo"
    over = {
        "holder": "applicant",
        "documents": [document["document"]],
        "recipient": "测试公司经办人乙",
    }
    await s.w.post("archive", f"{s.path}/handovers", over, person="archivist", expect=200)
    assert (await s.file())["documents"][0]["handed_over"] is True
    entries = await s.w.get("archive", f"{s.path}/entries", "auditor")
    assert "会议照片" not in json.dumps(entries, ensure_ascii=False)  # a digest alone


async def test_strangers_see_no_file_and_the_unit_sees_its_own(s: Scene) -> None:
    await s.request()
    await s.file()

    async def status(person: str) -> int:
        return (await s.w.client("archive", person).get(s.path)).status_code

    assert await status("unit") == 200 and await status("clerk") == 200
    assert await status("agent2") == 403  # serves the place, has no part in this matter
    assert await status("handler") == 404  # an account of a unit, not of this one
    refused = await s.w.post("archive", f"{s.path}/closing", person="unit")
    assert refused.status_code == 403
    nothing = await s.w.client("archive", "auditor").get(f"/matters/{new_id()}")
    assert nothing.status_code == 404


async def test_a_cut_shows_the_file_as_it_stood_then(s: Scene) -> None:
    await s.request()
    at = (await s.file())["position"]
    await s.say("intake", ServiceAccepted(body="hall"))
    await s.file(2)
    then = await s.w.get("archive", s.path, "auditor", at=at)
    assert (then["standing"], then["position"], then["entries"]) == ("requested", at, 1)
    entries = await s.w.get("archive", f"{s.path}/entries", "auditor", at=at)
    assert len(entries["entries"]) == 2  # the file was opened, the request filed


async def test_the_story_is_told_in_both_languages_with_late_acts_on_their_day(
    s: Scene,
) -> None:
    await s.request()
    late = WorkLogged(kind="errand", entry=Personal("两天前跑办，今日补录"))
    await s.say("supervision", late, effective="2026-01-05")
    await s.file(2)
    chinese = await s.w.get("archive", f"{s.path}/story", "auditor")
    assert chinese["lines"][0]["day"] == "2026-01-05"
    assert "记工作日志" in chinese["lines"][0]["text"]
    client = s.w.client("archive", "auditor")
    headers = {"Accept-Language": "en", "Accept": "text/plain"}
    english = await client.get(f"{s.path}/story", headers=headers)
    assert "the unit" in english.text and english.text.startswith("2026-01-05")


async def test_a_project_has_one_history_over_its_matters(s: Scene) -> None:
    other = s.another()
    await s.register()
    await s.request()
    await other.request()
    project = await s.w.until(
        "archive", f"/projects/{s.project}", lambda p: len(p["lines"]) == 3
    )
    assert {m["matter"] for m in project["matters"]} == {str(s.matter), str(other.matter)}
    places = [line["position"] for line in project["lines"]]
    assert places == sorted(places) and project["lines"][0]["type"].endswith("registered.v1")


async def test_an_auditor_replays_and_watches_at_the_command_line(
    s: Scene, tmp_path: Path
) -> None:
    entries = await s.serve_to_the_end()
    await s.file(entries)
    home = s.box(tmp_path / "box")
    told = await onefile("replay", str(s.matter), "--home", home)
    assert told.exit_code == 0 and s.number in told.output, told.output
    assert "项目单位" in told.output and "已销号" in told.output
    told = await onefile("replay", str(s.matter), "--home", home, "--english", "--story")
    assert "asked for the service" in told.output, told.output
    told = await onefile("replay", str(s.matter), "--home", home, "--json", "--at", "1000000")
    first, *rows = [json.loads(line) for line in told.output.splitlines()]
    assert first["state"]["number"] == s.number and len(rows) >= entries
    told = await onefile("tail", "--home", home, "--last", "2", "--service", "evaluation")
    assert told.exit_code == 0 and "邀请单位评价" in told.output, told.output
    unknown = await onefile("replay", f"{s.w.area}-1999-1", "--home", home)
    assert unknown.exit_code == 2 and "没有这一档" in unknown.output
    nowhere = await onefile("verify", str(s.matter), "--home", str(tmp_path / "none"))
    assert nowhere.exit_code == 2 and "onefile up" in nowhere.output


async def test_a_caused_fact_waits_for_its_cause_and_a_cause_nobody_told_is_not_waited_for(
    s: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    routed = MatterRouted(site="elsewhere", to=("depts",), lead="depts", rule="routing")
    await s.request()
    await s.file()
    await s.say("assignment", routed, heard=("intake", new_id()))
    waits = await s.w.until("archive", s.path, lambda f: f["waiting"])
    assert waits["entries"] == 1
    refused = await s.w.post("archive", f"{s.path}/check", person="archivist")
    assert refused.status_code == 503  # the file is not in order: nobody decides on it
    monkeypatch.setattr(inbox, "LONG_WAIT", 0.0)
    filed = await s.file(2)
    assert filed["waiting"] == []


async def test_copies_never_change_whoever_asks(s: Scene) -> None:
    await s.request()
    await s.file()
    connection = await asyncpg.connect(s.w.databases.services["archive"])
    try:
        for change in (
            "UPDATE copies SET position = position + 1000",
            "DELETE FROM copies",
            "TRUNCATE copies CASCADE",
        ):
            with pytest.raises(asyncpg.PostgresError):
                await connection.execute(change)
        with pytest.raises(asyncpg.CheckViolationError):
            await connection.execute(
                "INSERT INTO copies (store, position, body, leafhash, origins)"
                " SELECT store, 999999, body, '\\x00', origins FROM copies LIMIT 1"
            )
    finally:
        await connection.close()


@dataclass
class Listening:
    """Archive without ears: a test says what it hears, and when."""

    archive: Archive
    filing: Filing

    async def hear(self, *messages: Heard) -> None:
        """As an ear would, one unit for all."""
        steps = [step for h in messages for step in await self.filing.hear(h)]
        if steps:
            await self.archive.floor.handling.handle(*steps)

    async def order(self) -> list[tuple[str, int]]:
        """What is on file, in archive's order."""
        filed = await self.archive.queries.filed(MATTER)
        return [(e.copy.store, e.copy.position) for e in filed.entries if e.copy]


@pytest.fixture(scope="module")
async def alone(platform: Platform) -> AsyncIterator[list[Floor]]:
    floors: list[Floor] = []

    async def build(floor: Floor) -> Parts:
        floors.append(floor)
        return Parts(service=Archive(floor), routers=[])

    async with world(platform, [replace(SPEC, hears=(), build=build)]):
        yield floors


@pytest.fixture
def listening(alone: list[Floor]) -> Listening:
    archive = Archive(alone[0])
    return Listening(archive, Filing(archive))


async def test_effects_are_filed_after_their_causes_in_whatever_order_they_are_heard(
    listening: Listening,
) -> None:
    telling = Telling()
    request = heard(telling.body("intake", requested, MATTER))
    routed = MatterRouted(site="elsewhere", to=("depts",), lead="depts", rule="routing")
    cause = origin_of("assignment", "s:intake", "heard", str(request.id))
    effect = heard(telling.body("assignment", routed, MATTER), cause, "intake")
    behind = heard(telling.body("assignment", routed, MATTER))
    second = origin_of("supervision", "s:assignment", "heard", str(behind.id))
    later = heard(telling.body("supervision", logged, MATTER), second, "assignment")
    free = heard(telling.body("evaluation", invitation("s:hall"), MATTER))

    await listening.hear(later)
    await listening.hear(effect, behind)
    await listening.hear(effect)  # again, as after a crash
    await listening.filing.release()
    await listening.hear(free)
    assert await listening.order() == [("evaluation", 1)]
    await listening.hear(request)
    await listening.filing.release()
    await listening.filing.release()
    await listening.hear(request, effect, behind, later, free)  # all once more
    assert await listening.order() == [
        ("evaluation", 1),
        ("intake", 1),
        ("assignment", 1),
        ("assignment", 2),
        ("supervision", 1),
    ]
    assert await listening.archive.queries.waiting() == []


async def test_another_body_at_a_place_that_was_heard_is_refused(listening: Listening) -> None:
    telling, other = Telling(), new_id()
    for _ in range(40):
        telling.body("intake", accepted, other)
    true = heard(telling.body("intake", requested, other, matter=str(other)))
    await listening.hear(true)
    body = true.body.replace(b'"channel":null', b'"channel":"app"')
    forged = true._replace(body=body, leafhash=leaf_hash(body).hex())
    with pytest.raises(Refused) as refused:
        await listening.hear(forged)
    assert refused.value.code == "copy_differs"
    version, _ = await listening.archive.floor.handling.state_of(FILE, other)
    assert version == 2


async def test_nobody_closes_a_file_while_a_store_does_not_answer(platform: Platform) -> None:
    intake = Speaker("intake")
    async with world(platform, [intake.spec(), "archive"]) as w:
        s = Scene(w, {"intake": intake}, 1)
        await s.request()
        await s.file()
        unknown = await w.post("archive", f"{s.path}/closing", person="archivist")
        assert unknown.status_code == 503
