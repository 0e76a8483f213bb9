"""Evaluation over HTTP, on a real database and a real bus: invite, rate, call back, put right."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from contracts.intake import EligibilityAssessed, ModeChosen
from contracts.supervision import ItemClosed
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.packs import Packs
from shared.runtime import ServiceSpec
from tests.integration.stand_in import StandIn
from tests.world import World, world

EDITION = Packs.load(None).all()[0].edition
SCORES = {"attitude": "satisfied", "efficiency": "satisfied", "probity": "very_satisfied"}


class Place:
    """Evaluation among stand-ins for the services it reads and hears."""

    def __init__(self, running: World, others: dict[str, StandIn]) -> None:
        self.world, self.others = running, others

    def id(self, key: str) -> str:
        return self.world.person(key).id

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
            "opened_on": self.world.clock().date().isoformat(),
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
async def place(platform: Platform) -> AsyncIterator[Place]:
    others = {name: StandIn(name) for name in ("intake", "assignment", "supervision")}
    services: list[str | ServiceSpec] = [*(o.spec for o in others.values()), "evaluation"]
    async with world(platform, services) as running:
        yield Place(running, others)


async def test_the_unit_rates_over_its_link_and_the_hall_calls(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        link = await at.link(matter)
        form = await at.world.get("evaluation", f"/invitations/{link}", "handler")
        assert [i["id"] for i in form["indicators"]] == ["attitude", "efficiency", "probity"]
        assert len(form["levels"]) == 5

        receipt = await at.rate(link, person="handler")
        assert receipt["recorded"] == ["evaluation.evaluation_recorded.v1"]
        called = {"means": "phone", "reached": True, "respondent": "applicant_lead"}
        await at.ask(matter, "return-visits", {**called, "level": "satisfied"}, "evaluator")

        seen = await at.read(matter)
        assert seen["invited"] == ["revisit", "overall"]
        assert seen["recorded"] == ["overall", "revisit"]
        assert (seen["revisited"], seen["bad_rating_open"]) == (True, False)
        await at.rate(link, person="unit", expect=409)


async def test_the_rated_cannot_open_see_early_or_resend(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        link = await at.link(matter)
        for person in ("agent", "agent2"):
            for path in (
                f"/matters/{matter}",
                f"/matters/{matter}/invitations",
                f"/invitations/{link}",
            ):
                assert await at.status(path, person) == 404, (person, path)
            await at.rate(link, person=person, expect=404)
        reminder = {"instrument": "overall"}
        path = f"/matters/{matter}/reminders"
        for person in ("agent", "agent2"):
            await at.world.post("evaluation", path, reminder, person, if_match=2, expect=404)
        assert await at.status(f"/matters/{matter}/invitations", "evaluator") in (403, 404)
        assert await at.status(f"/matters/{matter}", "other") == 404

        await at.rate(link)
        assert await at.status(f"/matters/{matter}", "agent") == 404
        called = {"means": "phone", "reached": True, "respondent": "applicant_lead"}
        await at.ask(matter, "return-visits", {**called, "level": "satisfied"}, "evaluator")
        released = await at.read(matter, "agent")
        assert released["levels"] == {"overall": "satisfied", "revisit": "satisfied"}
        assert "谢谢" not in str(released) and at.id("unit") not in str(released)


async def test_nothing_is_asked_before_everything_is_done(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve(invited=False)
        early = await at.world.post(
            "evaluation", f"/matters/{matter}/invitations", {}, "evaluator", expect=409
        )
        assert early.json()["reason"] == "service_not_over"
        at.others["supervision"].answers[f"/matters/{matter}"] = {"complete": True}
        await at.world.post(
            "evaluation", f"/matters/{matter}/invitations", {}, "evaluator", expect=200
        )
        assert (await at.read(matter))["invited"] == ["revisit", "overall"]


async def test_who_does_not_rate_is_reminded_once_by_the_same_link(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        link = await at.link(matter)
        at.world.advance(days=20)

        async def sendings() -> Any:
            path = f"/matters/{matter}/invitations"
            return (await at.world.get("evaluation", path, "unit"))["invitations"]

        rows = await at.world.eventually(sendings, lambda r: r[0]["sending"] == 2)
        assert rows[0]["invitation"] == link
        at.world.advance(days=20)
        refused = await at.ask(
            matter, "reminders", {"instrument": "overall"}, "evaluator", expect=409
        )
        assert refused["reason"] == "invited_often_enough"


async def test_a_bad_rating_is_put_right_by_others_within_its_days(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        await at.rate(await at.link(matter), "dissatisfied")
        assert (await at.read(matter))["bad_rating_open"] is True

        async def tasks() -> Any:
            return await at.office("/tasks")

        listed = await at.world.eventually(tasks, lambda t: t["bad_ratings"])
        (bad,) = listed["bad_ratings"]
        assert bad["owner"] == "a:hall" and bad["due_on"] > bad["opened_on"]
        done = {
            "bad_rating": bad["bad_rating"],
            "verdict": "upheld",
            "visited_back": True,
            "measures": "已培训",
        }
        await at.ask(matter, "rectifications", done, "agent", expect=404)
        await at.ask(matter, "rectifications", done, "evaluator")
        assert (await at.read(matter))["bad_rating_open"] is False

        (prompt,) = (await at.office("/tasks"))["to_review"]
        review = {
            "area": at.world.area,
            "quarter": "2026-Q1",
            "prompted_by": [prompt["event"]],
            "shortcomings": "答复不够及时",
        }
        noted = await at.world.post("evaluation", "/reviews", review, "office", expect=201)
        left = await at.office("/tasks", min_position=noted.json()["position"])
        assert left["to_review"] == [] and left["bad_ratings"] == []


async def test_a_complaint_names_nobody_who_does_not_want_it(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        words = {"kind": "probity", "anonymous": True, "words": "有人索要好处"}
        await at.world.post(
            "evaluation", f"/matters/{matter}/complaints", words, "unit", expect=200
        )
        log = await at.world.client("evaluation", "auditor").get("/log/messages")
        (said,) = [line for line in log.text.splitlines() if "complaint_received" in line]
        assert at.id("unit") not in said and "好处" not in said

        async def open_ones() -> Any:
            return (await at.office("/tasks"))["complaints"]

        (complaint,) = await at.world.eventually(open_ones)
        assert (complaint["to_body"], complaint["against"]) == ("ro", at.id("agent"))
        reply = {
            "complaint": complaint["complaint"],
            "verdict": "unverifiable",
            "answer": "未查实",
        }
        await at.ask(matter, "complaints/answers", reply, "evaluator", expect=409)
        await at.ask(matter, "complaints/answers", reply, "office")
        assert (await at.read(matter))["complaints_open"] == 0


async def test_a_quarter_that_is_over_is_appraised_and_the_agent_reads_his_own(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        rated, unrated = await at.serve(), await at.serve()
        await at.rate(await at.link(rated))
        assert unrated != rated
        at.world.advance(days=100)

        async def results() -> Any:
            answer = await at.world.get(
                "evaluation", "/appraisals", "agent", area=at.world.area, agent=at.id("agent")
            )
            return answer["rows"]

        (row,) = await at.world.eventually(results)
        figures = {m["measure"]: m["value"] for m in row["measures"]}
        assert (figures["overall_mean"], figures["matters"], row["unrated"]) == (
            "4.0000",
            "2",
            2,
        )
        assert row["cut"][0]["store"] == "evaluation"

        path = f"/appraisals?area={at.world.area}&agent={at.id('agent')}"
        assert await at.status(path, "agent2") in (403, 404)
        again = {
            "area": at.world.area,
            "quarter": row["quarter"],
            "about_whom": "agent",
            "agent": at.id("agent"),
        }
        repeated = await at.world.post("evaluation", "/appraisals", again, "office", expect=201)
        assert repeated.json()["recorded"] == []


async def test_hearings_and_figures_are_the_offices(platform: Platform) -> None:
    async with place(platform) as at:
        hearing = {
            "area": at.world.area,
            "form": "meeting",
            "units": 8,
            "persons": 11,
            "heard": "希望材料清单更清楚",
        }
        await at.world.post("evaluation", "/hearings", hearing, "agent", expect=403)
        await at.world.post("evaluation", "/hearings", hearing, "office", expect=201)
        matter, other = new_id(), new_id()
        for id in (matter, other):
            await at.say(
                "intake",
                id,
                EligibilityAssessed(result="eligible", rule="scope.include.social"),
            )
        await at.say("intake", matter, ModeChosen(mode="agent"))
        year = at.world.clock().year

        async def figures() -> Any:
            return await at.office("/figures", since=f"{year}-01-01", until=f"{year}-12-31")

        found = await at.world.eventually(figures, lambda f: f["chose"] == 1)
        assert (found["eligible"], found["participation"]) == (2, "0.5000")
        assert [p["kind"] for p in (await at.office("/tasks"))["to_review"]] == ["hearing"]
