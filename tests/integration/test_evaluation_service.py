"""Evaluation over HTTP, on a real database and a real bus: invite, rate, call back, put right."""

from typing import Any

from contracts.event import Personal
from contracts.intake import (
    HotlineOrderAnswered,
    HotlineOrderReceived,
)
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.evaluation_scene import SCORES, place


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
        assert await at.status(f"/matters/{matter}", "agent") == 404

        async def counts() -> Any:
            mine = {"area": at.world.area, "agent": at.id("agent")}
            return (await at.world.get("evaluation", "/released", "agent", **mine))["rows"]

        rows = await at.world.eventually(counts, lambda r: len(r) == 2)
        assert all(row["sealed"] == 1 and not sum(row["levels"].values()) for row in rows)
        at.world.advance(days=91)
        rows = await counts()
        assert [(r["levels"]["satisfied"], r["sealed"]) for r in rows] == [(1, 0), (1, 0)]
        others = f"/released?area={at.world.area}&agent={at.id('agent')}"
        assert await at.status(others, "agent2") in (403, 404)


async def test_looking_at_a_link_uses_nothing_up_and_its_days_end(platform: Platform) -> None:
    async with place(platform) as at:
        matter, other = await at.serve(), await at.serve()
        link, late = await at.link(matter), await at.link(other)
        unit = at.world.client("evaluation", "unit")
        for _ in range(3):
            preview = await unit.get(f"/invitations/{link}")
            assert preview.headers["cache-control"] == "no-store"
            assert preview.json()["rated"] is False
        assert (await at.world.client("evaluation").get(f"/invitations/{link}")).is_error
        await at.rate(str(new_id()), expect=404)
        await at.rate(link)
        assert (await at.rate(link, expect=409))["reason"] == "already_rated"

        at.world.advance(days=20)
        path = f"/matters/{other}/invitations"
        await at.world.eventually(
            lambda: at.world.get("evaluation", path, "unit"),
            lambda told: told["invitations"][0]["sending"] == 2,  # no reminder comes after that
        )
        at.world.advance(days=150)
        assert (await at.rate(late, expect=409))["reason"] == "link_expired"
        entry = {
            "instrument": "overall", "entry": "phone", "respondent": "applicant_lead",
            "level": "satisfied", "scores": SCORES,
        }  # fmt: skip
        await at.ask(other, "ratings", entry, "agent", expect=404)
        await at.ask(other, "ratings", entry, "evaluator")
        assert "overall" in (await at.read(other))["recorded"]


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


async def test_probity_goes_to_discipline_and_names_nobody(platform: Platform) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        words = {"kind": "probity", "anonymous": True, "words": "有人索要好处"}
        path = f"/matters/{matter}/complaints"
        await at.world.post("evaluation", path, words, "agent", expect=(403, 404))
        await at.world.post("evaluation", path, words, "unit", expect=200)
        log = await at.world.client("evaluation", "auditor").get("/log/messages")
        (said,) = [line for line in log.text.splitlines() if "complaint_received" in line]
        assert at.id("unit") not in said and "好处" not in said
        assert (await at.read(matter))["complaints_open"] == 0

        async def open_ones() -> Any:
            area = at.world.area
            answer = await at.world.get("evaluation", "/tasks", "discipline", area=area)
            return answer["complaints"]

        (complaint,) = await at.world.eventually(open_ones)
        assert (complaint["to_body"], complaint["against"]) == ("discipline", at.id("agent"))
        assert (complaint["matter"], complaint["concerns"]) == (None, str(matter))
        assert (await at.office("/tasks"))["complaints"] == []
        reply = {
            "area": at.world.area,
            "complaint": complaint["complaint"],
            "verdict": "unverifiable",
            "answer": "未查实",
        }
        answers = "/complaints/answers"
        refused = await at.world.post("evaluation", answers, reply, "office", expect=409)
        assert refused.json()["reason"] == "not_the_owner"
        await at.world.post("evaluation", answers, reply, "discipline", expect=201)


async def test_an_order_of_the_line_about_staff_is_a_complaint_to_close_back(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        now, order = at.world.clock(), new_id()
        today = at.world.today()
        came = HotlineOrderReceived(
            order="12345-1",
            called_at=now,
            counts_from_on=today,
            due_on=today,
            about_staff=True,
            concerns=at.id("agent"),
            to_role="supervisor",
            wording=Personal("态度不好"),
        )
        await at.say("intake", order, came)

        async def open_ones() -> Any:
            return (await at.office("/tasks"))["complaints"]

        (complaint,) = await at.world.eventually(open_ones)
        assert (complaint["order_no"], complaint["due_on"]) == ("12345-1", str(today))
        reply = {
            "area": at.world.area,
            "complaint": complaint["complaint"],
            "verdict": "upheld",
            "answer": "已道歉",
        }
        path = "/complaints/answers"
        done = await at.world.post("evaluation", path, reply, "office", expect=201)
        seen = done.json()["position"]
        left = await at.office("/tasks", min_position=seen)
        assert [o["order_no"] for o in left["orders_to_close"]] == ["12345-1"]
        answered = HotlineOrderAnswered(
            result="answered", answered_on=today, answer=Personal("已道歉")
        )
        await at.say("intake", order, answered)

        async def to_close() -> Any:
            return (await at.office("/tasks"))["orders_to_close"]

        await at.world.eventually(to_close, lambda rows: rows == [])
