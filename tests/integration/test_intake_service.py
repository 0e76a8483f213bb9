"""Intake from the first knock to complete papers, over HTTP, PostgreSQL and NATS."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from fastapi import APIRouter

from contracts.archive import FileClosed
from contracts.event import Event
from contracts.pack import POLICIES
from contracts.supervision import ItemDecided
from services.onebox.people import demos
from services.onebox.platform import Platform
from shared.asking import Ask, By, Command, asked, takes
from shared.decider import Decider
from shared.effects import new_id
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.runtime import Floor, Parts, ServiceSpec
from tests.integration.stand_in import Serving
from tests.world import World, world

PAPER = {
    "sha256": "a" * 64,
    "size": 1024,
    "media_type": "application/pdf",
    "name": "扫描件.pdf",
}
CONTACTS = {"lead_name": "甲", "lead_phone": "000-0000001", "channel": "window"}


@pytest.fixture(scope="module")
async def w(platform: Platform) -> AsyncIterator[World]:
    serving = Serving(*(demo.person("agent").id for demo in demos()))
    async with world(platform, [serving.spec, "intake"]) as made:
        yield made


async def registered(w: World, person: str = "unit", **more: Any) -> str:
    """A factory project of the demonstration unit, without its code."""
    known = {k: v for k, v in w.demo.projects["factory"].items() if k != "code"}
    body = {**known, "area": w.area, **more}
    return str((await w.post("intake", "/projects", body, person, expect=201)).json()["id"])


async def requested(w: World, project: str, person: str = "unit", **more: Any) -> str:
    body = {"project": project, "area": w.area, **CONTACTS, **more}
    made = await w.post("intake", "/matters", body, person, expect=201)
    return str(made.json()["id"])


async def act(
    w: World, matter: str, what: str, body: Any, person: str = "clerk", expect: int = 200
) -> Any:
    path = f"/matters/{matter}/{what}"
    answer = await w.post("intake", path, body, person, if_match="*", expect=expect)
    return answer.json()


async def accepted(w: World, **more: Any) -> str:
    matter = await requested(w, await registered(w), **more)
    await act(w, matter, "acceptance", {"body": "zone"})
    return matter


def commission(w: World, **more: Any) -> dict[str, Any]:
    today = w.today()
    return {
        "agent": w.person("agent").id,
        "powers": ["prepare", "fill_forms", "submit", "collect", "deliver"],
        "begins_on": today - timedelta(days=1),
        "ends_on": today + timedelta(days=300),
        "signed_on": today - timedelta(days=1),
        "signing": "seal_and_signature",
        "agent_name": "戊",
        "principal": "测试公司",
        "signatory": "甲",
        "paper": PAPER,
        **more,
    }


async def test_a_request_is_numbered_assessed_and_accepted(w: World) -> None:
    years = {w.today().year}
    matter = await accepted(w, wanted="agent")
    years.add(w.today().year)  # the last midnight of a year may be between
    read = await w.get("intake", f"/matters/{matter}")
    assert read["state"] == "accepted" and read["eligibility"] == "eligible"
    assert read["number"].startswith(tuple(f"{w.area}-{year}-" for year in years))
    assert read["body"] == "zone" and read["site"] == "park-industrial"
    assert read["applicant"] == w.person("unit").id
    assert read["pack"] == read["in_force"]


async def test_in_agency_the_papers_of_an_item_become_complete(w: World) -> None:
    matter = await accepted(w)
    await act(w, matter, "mode", {"mode": "agent"}, "unit")
    await act(w, matter, "scope", {})
    await act(w, matter, "commission", commission(w))
    await act(w, matter, "materials", {"material": "M01", "originals": 1}, "agent")
    form = {"item": "S1-01", "content": PAPER}
    await act(w, matter, "forms", form, "agent")
    assert (await w.get("intake", f"/matters/{matter}"))["complete_items"] == []
    await act(
        w, matter, "form-confirmations",
        {"item": "S1-01", "draft": 1, "confirmed_by": "甲"}, "unit",
    )  # fmt: skip
    read = await w.get("intake", f"/matters/{matter}")
    assert read["complete_items"] == ["S1-01"]
    assert read["confirmed_forms"] == {"S1-01": 1}
    assert read["commission"]["number"].startswith(f"{w.area}-")
    await act(w, matter, "prechecks", {"item": "S1-01", "in_order": True}, "agent")
    assert (await w.get("intake", f"/matters/{matter}"))["prechecked"] == ["S1-01"]


async def test_a_second_door_leads_to_the_matter_that_is_open(w: World) -> None:
    project = await registered(w)
    matter = await requested(w, project, channel="online_zone")
    body = {"project": project, "area": w.area, **CONTACTS}
    again = (await w.post("intake", "/matters", body, "clerk", expect=409)).json()
    assert again["reason"] == "joins_open_matter"
    assert again["details"]["matter"] == matter


async def test_one_project_code_leads_to_one_project(w: World) -> None:
    code = {"code": "2611-500242-04-01-000777"}
    first = await registered(w, **code)
    again = await w.post(
        "intake", "/projects", {**w.demo.projects["factory"], **code, "area": w.area}, "clerk",
        expect=409,
    )  # fmt: skip
    assert again.json()["reason"] == "project_code_taken"
    assert again.json()["details"]["project"] == first


async def test_a_repeated_request_gets_the_first_answer(w: World) -> None:
    project = await registered(w)
    body = {"project": project, "area": w.area, **CONTACTS}
    first = await w.post("intake", "/matters", body, "unit", key="same-key", expect=201)
    again = await w.post("intake", "/matters", body, "unit", key="same-key", expect=201)
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"


async def test_a_stranger_sees_nothing(w: World) -> None:
    matter = await requested(w, await registered(w))
    for path in (f"/matters/{matter}", f"/matters/{matter}/materials"):
        assert (await w.client("intake", "other").get(path)).status_code == 404


async def test_a_government_project_is_declined_with_a_pointer(w: World) -> None:
    body = {**w.demo.projects["relocation"], "area": w.area}
    project = (await w.post("intake", "/projects", body, "unit", expect=201)).json()["id"]
    matter = await requested(w, project)
    refused = await act(w, matter, "acceptance", {"body": "zone"}, expect=409)
    assert refused["reason"] == "not_eligible"
    assert refused["details"]["pointer"] == "scope.refer.government"
    await act(w, matter, "refusal", {"cause": "ineligible", "reason": "政府投资项目"})
    assert (await w.get("intake", f"/matters/{matter}"))["state"] == "declined"


async def test_lists_are_paged_and_limited_to_what_is_ones_own(w: World) -> None:
    ids = {await requested(w, await registered(w)) for _ in range(3)}
    position = (await w.get("intake", f"/matters/{next(iter(ids))}"))["position"]
    found: set[str] = set()
    after: dict[str, str] = {}
    while True:
        page = await w.get(
            "intake", "/matters", "unit", limit=2, min_position=position, **after
        )
        found |= {row["id"] for row in page["items"]}
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    assert ids <= found
    assert (await w.get("intake", "/matters", "other"))["items"] == []
    clerk = await w.get("intake", "/matters", "clerk", limit=200)
    assert ids <= {row["id"] for row in clerk["items"]}


async def test_the_pack_is_registered_when_the_service_starts(w: World) -> None:
    places = await w.get("intake", "/places")
    place = next(p for p in places if p["area"] == "500242")
    read = await w.until("intake", f"/places/{place['id']}", lambda p: p["active"])
    assert read["registered"] == [read["active"]]
    assert {c["kind"] for c in read["channels"]} == {"online_zone", "window"}
    assert all(d["label"] == "默认值" for d in read["defaults"])
    said = {"body": "ro", "medium": "radio", "title": "帮代办服务宣传"}
    await w.post("intake", f"/places/{place['id']}/publicity", said, "office", expect=200)


async def test_a_commission_ends_when_its_period_is_over(platform: Platform) -> None:
    async with world(platform, ["intake"]) as w:
        matter = await accepted(w)
        await act(w, matter, "mode", {"mode": "agent"}, "unit")
        await act(w, matter, "scope", {"items": ["S1-01"]})
        # Its last day is tomorrow: also when the legal midnight passes before it is heard.
        tomorrow = w.today() + timedelta(days=1)
        await act(w, matter, "commission", commission(w, ends_on=tomorrow))
        w.advance(days=3)
        read = await w.until("intake", f"/matters/{matter}", lambda m: m["commission"] is None)
        assert read["mode"] == "agent"
        lines = (await w.get("intake", f"/matters/{matter}/materials"))["items"]
        (m03,) = [m for m in lines[0]["materials"] if m["material"] == "M03"]
        assert m03["missing"]


class Say(Command):
    """Say what a neighbour of intake would say of a matter."""

    area: str
    matter: UUID


class Neighbour:
    """A neighbour that says one thing when it is asked."""

    def __init__(self, name: str, floor: Floor, event: Event) -> None:
        self.name, self.floor = name, floor
        decider: Decider[Say, int, Event, None] = Decider(
            0, lambda n, _: n + 1, lambda *_: [event]
        )
        self.kind = Aggregate("said", decider, Vocabulary([type(event)]))

    async def do(self, command: Say, stream: UUID, by: By) -> Done:
        about = asked(command, by, area=command.area, matter=command.matter)
        return await self.floor.handling.handle(
            Step(about, self.kind, command.matter, command, None)
        )


def neighbour(name: str, event: Event) -> ServiceSpec:
    async def build(floor: Floor) -> Parts:
        router = APIRouter()
        takes(router, Ask("/said", Say))
        return Parts(Neighbour(name, floor, event), [router])

    return ServiceSpec(name, hears=(), build=build)


DECIDED = ItemDecided(item="S1-01", outcome="approved", body="depts")
CLOSED = FileClosed(checked_by=UUID(int=1), entries=1, documents=1, relied_on=())
NEIGHBOURS = (neighbour("supervision", DECIDED), neighbour("archive", CLOSED))


async def test_a_decided_item_yields_a_paper_and_a_closed_file_ends_the_commission(
    platform: Platform,
) -> None:
    async with world(platform, ["intake", *NEIGHBOURS]) as w:
        matter, other = await accepted(w), await requested(w, await registered(w))
        await act(w, matter, "mode", {"mode": "agent"}, "unit")
        await act(w, matter, "scope", {"items": ["S1-01", "S1-05"]})
        await act(w, matter, "commission", commission(w))
        said = {"area": w.area, "matter": matter}
        await w.post("supervision", "/said", said, expect=201)
        read = await w.until("intake", f"/matters/{matter}", lambda m: m["reused"])
        assert read["reused"] == {"M04": "item_result"}
        await w.post("archive", "/said", said, expect=201)
        await w.until("intake", f"/matters/{matter}", lambda m: m["commission"] is None)
        still = await w.get("intake", "/matters", "office", open=True)
        assert [row["id"] for row in still["items"]] == [other]
        one = await w.get("intake", "/matters", "office", id=[matter])
        assert [row["id"] for row in one["items"]] == [matter]
        assert (await w.get("intake", "/matters", "unit", id=[new_id()]))["items"] == []
        oldest = await w.get("intake", "/matters", "office")
        latest = await w.get("intake", "/matters", "office", latest=True, limit=1)
        rest = await w.get("intake", "/matters", "office", latest=True, after=latest["after"])
        assert latest["items"] + rest["items"] == oldest["items"][::-1]
        assert await w.parked() == []


async def test_an_act_entered_later_shows_both_times(w: World) -> None:
    matter = await requested(w, await registered(w))
    opened = date.fromisoformat((await w.get("intake", f"/matters/{matter}"))["opened_on"])
    early = {"body": "zone", "effective": opened - timedelta(days=1), "channel": "visit"}
    refused = await act(w, matter, "acceptance", early, expect=422)
    assert refused["errors"][0]["code"] == "before_the_matter"
    await act(w, matter, "acceptance", {"body": "zone", "effective": opened})
    client = w.client("intake", "s:intake")
    lines = (await client.get("/log/messages", params={"limit": 500})).content.split(b"\n")
    about = [orjson.loads(line)["data"]["about"] for line in lines]
    (done,) = [
        a for a in about if a["matter"] == matter and a["type"].endswith("service_accepted.v1")
    ]
    assert done["effective"] == opened.isoformat() and len(done["recorded"]) > 20
    (asked_for,) = [
        a for a in about if a["matter"] == matter and a["type"].endswith("service_requested.v1")
    ]
    assert asked_for["actor"] == w.person("unit").id and asked_for["channel"] == "window"


async def test_a_commission_filed_at_the_window_says_for_whom(w: World) -> None:
    matter = await accepted(w)
    await act(w, matter, "mode", {"mode": "agent"})
    await act(w, matter, "scope", {"items": ["S1-01"]})
    first = await act(w, matter, "commission", commission(w))
    assert "intake.number_reserved.v1" not in first["recorded"]
    await act(w, matter, "forms", {"item": "S1-01", "content": PAPER}, "agent")
    lines = await w.client("intake", "s:intake").get("/log/messages", params={"limit": 500})
    about = [orjson.loads(line)["data"]["about"] for line in lines.content.split(b"\n")]
    mine = {a["type"]: a for a in about if a["matter"] == matter}
    assert mine["intake.mode_chosen.v1"]["behalf"] == w.person("unit").id
    drafted = mine["intake.form_drafted.v1"]
    read = await w.get("intake", f"/matters/{matter}")
    assert drafted["authority"] == read["commission"]["id"]
    assert drafted["behalf"] == w.person("unit").id


async def test_what_one_matter_holds_is_used_in_another(w: World) -> None:
    project = await registered(w)
    one = await requested(w, project, items=["S1-01"])
    await act(w, one, "acceptance", {"body": "zone"})
    await act(w, one, "materials", {"material": "M08", "copies": 1}, "unit")
    other = await requested(w, project, items=["S1-05"])
    await act(w, other, "acceptance", {"body": "zone"})
    borrow = {"material": "M08", "origin": "piece", "from_matter": one}
    await act(w, other, "material-reuses", borrow)
    assert (await w.get("intake", f"/matters/{other}"))["reused"] == {"M08": "piece"}
    strange = await accepted(w)
    await act(w, strange, "material-reuses", {**borrow, "material": "M09"}, expect=409)


async def test_a_number_of_an_open_matter_is_kept_and_another_may_be_voided(w: World) -> None:
    matter = await requested(w, await registered(w))
    number = (await w.get("intake", f"/matters/{matter}"))["number"]
    year = int(number.split("-")[1])
    series = await w.get("intake", "/numbers", area=w.area, year=year)
    assert number in series["numbers"] and series["last"] == len(series["numbers"])
    path = f"/numbers/{series['id']}/voids"
    void = {"number": number, "cause": "entered_twice"}
    seen = {"if_match": series["version"]}
    await w.post("intake", path, void, "clerk", **seen, expect=409)
    await act(w, matter, "refusal", {"cause": "duplicate", "reason": "重复录入"})
    await act(w, matter, "refusal-approval", {"reason": "重复录入"}, "office")
    await w.post("intake", path, void, "clerk", **seen, expect=200)
    series = await w.get("intake", "/numbers", area=w.area, year=year)
    assert series["voided"] == [number] and number in series["numbers"]


@pytest.mark.parametrize(
    ("what", "body", "person", "status"),
    [
        ("acceptance", {"body": "zone"}, "unit", 403),
        ("acceptance", {"body": "zone"}, "agent", 403),
        ("mode", {"mode": "agent"}, "agent", 403),
        ("mode", {"mode": "agent"}, "other", 404),
        ("prechecks", {"item": "S1-01", "in_order": True}, "unit", 403),
        ("acceptance", {"body": "zone", "unknown": 1}, "clerk", 422),
    ],
)
async def test_only_its_post_may_do_an_act(
    w: World, what: str, body: Any, person: str, status: int
) -> None:
    matter = await requested(w, await registered(w))
    answer = await w.post(
        "intake", f"/matters/{matter}/{what}", body, person, if_match=2, expect=status
    )
    assert answer.status_code == status


async def test_a_running_matter_keeps_its_edition_until_it_is_moved(
    platform: Platform, tmp_path: Path
) -> None:
    shipped = POLICIES / "cn-500242-bangdaiban" / "pack.yaml"
    text = shipped.read_text()
    for name, version in (("a", "2023"), ("b", "2027")):
        (tmp_path / name).mkdir()
        changed = text.replace('version: "2023"', f'version: "{version}"')
        (tmp_path / name / "pack.yaml").write_text(changed)
        (tmp_path / name / "demo.yaml").write_text((shipped.parent / "demo.yaml").read_text())
    async with world(platform, ["intake"], packs=tmp_path) as w:
        (place,) = await w.get("intake", "/places")
        path = f"/places/{place['id']}"
        known = await w.until("intake", path, lambda p: p["active"])
        older, newer = known["registered"]
        assert known["active"] == newer
        amend = {"edition": newer, "amends": older, "reason": "总结经验"}
        await w.post("intake", f"{path}/amendments", amend, "office", expect=200)
        assert (await w.get("intake", path))["amended"] == {newer: older}
        matter = await requested(w, await registered(w))
        await act(w, matter, "migration", {"taken": older, "reason": "项目单位要求"}, "office")
        read = await w.get("intake", f"/matters/{matter}")
        assert read["pack"] == older and read["in_force"] == newer
        await act(w, matter, "acceptance", {"body": "zone"})


async def test_participation_and_awareness_are_counted(platform: Platform) -> None:
    async with world(platform, ["intake"]) as w:
        for mode in ("agent", "none"):
            matter = await requested(w, await registered(w), learned_through="radio")
            await act(w, matter, "mode", {"mode": mode}, "unit")
        question = {
            "area": w.area, "topic": "tax_relief", "sources": ["duties.know_the_flow.zh"],
            "learned_through": "press", "question": "配套费能否减免", "answer": "可以申请",
        }  # fmt: skip
        await w.post("intake", "/consultations", question, "clerk", expect=201)
        path = f"/figures/participation?area={w.area}"
        figures = await w.until(
            "intake", path, lambda f: f["learned_through"] == {"press": 1, "radio": 2}, "office"
        )
        assert (figures["chose"], figures["eligible"]) == (1, 2)
