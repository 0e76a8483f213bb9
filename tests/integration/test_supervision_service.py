"""Supervision over HTTP, on a real database and a real bus: from the plan to the last item closed."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event
from contracts.intake import ItemScopeAmended, ItemScopeFixed, MaterialSetCompleted
from services.onebox.platform import Platform
from services.supervision.app import SPEC
from services.supervision.service import legal_day
from shared.effects import new_id
from shared.packs import Packs
from tests.integration.stand_in import StandIn
from tests.world import World, world

RULES = Packs.load(None).all()[0]
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
        path = f"/matters/{matter}/{what}"
        answer = await self.world.post(
            "supervision", path, body, person, if_match="*", expect=expect
        )
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


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    intake, assignment = StandIn("intake"), StandIn("assignment")
    async with world(platform, [intake.spec, assignment.spec, SPEC]) as w:
        yield Place(w, intake, assignment)


async def test_a_fixed_scope_gets_a_plan_with_owners_and_days(place: Place) -> None:
    matter = await place.matter()
    read = await place.read(matter)

    assert [line["owner"] for line in read["plan"]["lines"]] == ["depts", "depts"]
    assert (
        read["plan"]["saved_days"]
        == read["plan"]["serial_days"] - read["plan"]["critical_days"]
    )
    assert read["open_items"] == list(SCOPE)
    assert not read["complete"]


async def test_an_amended_scope_revises_the_plan(place: Place) -> None:
    matter = await place.matter()
    changed = ItemScopeAmended(catalogue=RULES.catalogue.edition, added=("S1-06",))
    await place.hear(matter, changed)
    read = await place.world.until(
        "supervision", f"/matters/{matter}", lambda m: m["plan"]["number"] == 2
    )

    assert "S1-06" in read["items"]


async def test_whole_papers_make_an_item_ready(place: Place) -> None:
    matter = await place.matter()
    whole = MaterialSetCompleted(
        item=FILING, catalogue=RULES.catalogue.edition, materials=("M41", "M01")
    )
    await place.hear(matter, whole)
    await place.world.until(
        "supervision", f"/matters/{matter}", lambda m: m["items"][FILING]["state"] == "ready"
    )


async def test_an_item_goes_from_filing_to_the_end(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    assert (await place.item(matter, PERMIT))["state"] == "ready"
    await place.ask(matter, f"items/{FILING}/collection", {"originals": 1})
    lacking = await place.ask(matter, f"items/{FILING}/closing", {}, expect=409)
    assert lacking["details"]["missing"] == ["delivery"]
    handed = {"items": [FILING], "delivery": "hand", "recipient": "乙"}
    await place.ask(matter, "delivery", handed)
    await place.ask(matter, f"items/{FILING}/closing", {})
    await place.granted(matter, PERMIT, e_certificate=True)
    download = {"items": [PERMIT], "delivery": "e_certificate"}
    refused = await place.ask(matter, "delivery", download, expect=409)
    assert refused["reason"] == "the_unit_downloads_itself"
    await place.ask(matter, "delivery", download, "unit")
    await place.ask(matter, f"items/{PERMIT}/closing", {})

    read = await place.read(matter, "s:intake")
    assert read["open_items"] == []
    assert read["complete"]


async def test_the_agents_act_carries_the_commission_and_the_unit(place: Place) -> None:
    matter = await place.matter()
    await place.filed(matter)
    read = await place.world.client("supervision", "s:intake").get(
        "/log/messages", params={"after": 0, "limit": 500}
    )
    bodies = [line for line in read.text.splitlines() if "item_submitted" in line]
    commission = place.told(matter)["commission"]["id"]

    assert any(f'"authority":"{commission}"' in line for line in bodies)
    assert any(f'"behalf":"{place.id("unit")}"' in line for line in bodies)


async def test_after_the_commission_ended_nothing_is_filed(place: Place) -> None:
    matter = await place.matter()
    place.told(matter)["commission"] = None
    refused = await place.ask(matter, f"items/{FILING}/submission", {}, expect=409)

    assert refused["reason"] == "no_commission"


async def test_in_assistance_only_the_unit_files(place: Place) -> None:
    matter = await place.matter("assist")
    refused = await place.ask(matter, f"items/{FILING}/submission", {}, expect=409)
    assert refused["details"]["rule"] == "modes.assist.filed_by"

    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    assert (await place.item(matter, FILING))["state"] == "submitted"


async def test_strangers_do_not_learn_that_there_is_a_matter(place: Place) -> None:
    matter = await place.matter()
    client = place.world.client("supervision", "other")

    assert (await client.get(f"/matters/{matter}")).status_code == 404
    assert (await client.get(f"/matters/{new_id()}")).status_code == 404
    await place.ask(matter, f"items/{FILING}/decision", {"outcome": "approved"}, "clerk", 409)
    await place.ask(matter, f"items/{FILING}/submission", {}, "clerk", 403)


async def test_a_repeated_filing_is_answered_as_the_first(place: Place) -> None:
    matter = await place.matter()
    path = f"/matters/{matter}/items/{FILING}/submission"
    first = await place.world.post(
        "supervision", path, {}, "agent", if_match=1, key="k1", expect=200
    )
    again = await place.world.post(
        "supervision", path, {}, "agent", if_match=1, key="k1", expect=200
    )

    assert first.content == again.content


async def test_the_clocks_are_shown_day_by_day(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    shown = await place.world.get(
        "supervision", f"/matters/{matter}/items/{PERMIT}/clocks", "approver"
    )

    assert [clock["kind"] for clock in shown["clocks"]] == [
        "statutory",
        "commitment",
        "service",
        "applicant",
    ]
    assert "clocks.count_from" in shown["defaults"]


async def test_silence_warnings_and_returns_come_with_time_and_once(
    platform: Platform,
) -> None:
    intake, assignment = StandIn("intake"), StandIn("assignment")
    async with world(platform, [intake.spec, assignment.spec, SPEC]) as w:
        place = Place(w, intake, assignment)
        matter = await place.matter(scope=(FILING, PERMIT, "S1-11"))
        await place.granted(matter, FILING)
        await place.filed(matter, PERMIT)
        await place.ask(matter, f"items/{PERMIT}/receipt", {}, "approver")
        w.advance(days=14)
        read = await w.until(
            "supervision", f"/matters/{matter}", lambda m: m["items"][PERMIT]["deemed"]
        )
        assert read["items"][PERMIT]["accepted_on"] == read["items"][PERMIT]["received_on"]
        await w.until("supervision", f"/matters/{matter}", lambda m: m["duties"]["urges"])
        w.advance(days=120)
        owed = await w.eventually(
            lambda: w.get("supervision", "/returns", "office", area=w.area),
            lambda found: len(found["returns"]) >= 8,
        )
        assert {row["body"] for row in owed["returns"]} == {"depts", "park_i", "park_a", "town"}
        urges = (await place.read(matter))["duties"]["urges"]
        w.advance(days=1)
        await place.ask(matter, "log", {"kind": "note", "entry": "无变化"})
        assert (await place.read(matter))["duties"]["urges"] == urges
        await _returns(place, owed["returns"][0]["quarter"])


async def _returns(place: Place, quarter: str) -> None:
    """The park files what the events give; the same cut gives the same bytes again."""
    w = place.world
    asked = {"area": w.area, "form": "ledger", "quarter": quarter, "body": "park_i"}
    client = w.client("supervision", "office")
    draft = await client.get("/returns/draft", params=asked)
    cut = draft.headers["onefile-cut"]
    filing = {**asked, "cut": int(cut)}
    await w.post("supervision", "/returns", {**filing, "nil": True}, "liaison", expect=409)
    await w.post("supervision", "/returns", filing, "department", expect=403)
    await w.post("supervision", "/returns", filing, "liaison", expect=201)
    again = await client.get("/returns/draft", params={**asked, "cut": cut})
    assert again.content == draft.content
    none = {**asked, "body": "depts", "form": "issues", "nil": True}
    await w.post("supervision", "/returns", none, "department", expect=201)


async def test_a_raised_problem_comes_back_by_territory(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    opened = {"kind": "coordination", "items": [PERMIT], "description": "管线迁改未定"}
    await place.ask(matter, "issues", opened)
    (issue,) = (await place.read(matter))["issues"]["open"]
    raised = {"issue": issue["id"], "signal": "beyond_power"}
    await place.ask(matter, "issues/raised", raised)
    day = legal_day(w.clock()) + timedelta(days=10)
    listed = await w.eventually(
        lambda: w.get("supervision", "/issues", "office", area=w.area),
        lambda page: any(row["raised_to"] for row in page["rows"]),
    )
    assert listed["rows"]
    sent = {"area": w.area, "quarter": "2026-Q4", "due_on": day, "issues": [issue["id"]]}
    await w.post("supervision", "/issue-lists", sent, "liaison", expect=403)
    await w.post("supervision", "/issue-lists", sent, "office", expect=201)
    still = (await place.read(matter))["issues"]["open"]
    (line,) = [one for one in still if one["kind"] == "listed"]
    assert (line["owner"], line["person"]) == ("park_i", place.id("agent"))
    settled = {"issue": line["id"], "outcome": "solved", "resolution": "已协调"}
    await place.ask(matter, "issues/resolved", settled)
    assert (await place.read(matter))["issues"]["open"] == []


async def test_inspections_and_lists_are_read_by_the_office(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.filed(matter)
    found = {"area": w.area, "body": "park_i", "shortcomings": 2, "findings": "两处不足"}
    made = await w.post("supervision", "/inspections", found, "office", expect=201)
    await w.post("supervision", "/inspections", found, "agent", expect=403)
    position = made.json()["position"]
    shown = await w.get(
        "supervision", "/inspections", "office", area=w.area, min_position=position
    )
    assert shown["inspections"][0]["shortcomings"] == 2
    first = await w.get("supervision", "/items", "office", area=w.area, limit=1)
    assert len(first["rows"]) == 1
    second = await w.get(
        "supervision", "/items", "office", area=w.area, limit=1, after=first["after"]
    )
    assert second["rows"] != first["rows"]
    mine = await w.get(
        "supervision", "/items", "office", area=w.area, state="submitted", body="park_i"
    )
    assert str(matter) in {row["matter"] for row in mine["rows"]}
