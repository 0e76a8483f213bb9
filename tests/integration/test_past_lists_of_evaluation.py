"""The lists of the evaluation office as of an earlier position say what they said then."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from contracts.event import Personal
from contracts.intake import (
    EligibilityAssessed,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    ModeChosen,
)
from contracts.supervision import VisitMade
from services.onebox.platform import Platform
from shared.effects import new_id, system_clock
from tests.integration.evaluation_scene import Place, place
from tests.integration.past_scene import Asked, Lists, patient

CALLED = {"means": "phone", "reached": True, "respondent": "applicant_lead"}


def of_area(at: Place) -> Sequence[Asked]:
    here = {"area": at.world.area}
    day = at.world.today()
    year = {"since": day - timedelta(days=200), "until": day + timedelta(days=200)}
    own = here | {"agent": at.id("agent")}
    return (
        ("/tasks", "office", here),
        ("/tasks", "discipline", here),
        ("/tasks", "office", here | {"kind": "return_visits"}),
        ("/ratings", "office", here),
        ("/ratings", "evaluator", own),
        ("/visits", "evaluator", here),
        ("/figures", "office", here | {key: str(one) for key, one in year.items()}),
        ("/appraisals", "office", here),
        ("/appraisals", "agent", own),
        ("/appeals", "agent", own),
        ("/appraisals/publications", "office", here),
    )


async def test_each_list_of_the_evaluation_office_says_at_every_position_what_it_said_then(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        lists = Lists(at.world, "evaluation", of_area(at))
        await lists.look()
        matter, other = await at.serve(), await at.serve()
        await lists.look()
        await _visited(at, matter)
        await at.rate(await at.link(matter), "dissatisfied")
        listed = await at.world.eventually(
            lambda: at.office("/tasks"), lambda tasks: tasks["bad_ratings"]
        )
        await lists.look()
        await at.ask(matter, "return-visits", {**CALLED, "level": "satisfied"}, "evaluator")
        await lists.look()
        done = {
            "bad_rating": listed["bad_ratings"][0]["bad_rating"], "verdict": "upheld",
            "visited_back": True, "measures": "已培训",
        }  # fmt: skip
        await at.ask(matter, "rectifications", done, "evaluator")
        await lists.look()
        await _complained(at, other)
        await lists.look()
        at.quarter_passes()
        await _appraised(at, at.quarter)
        await lists.look()
        await lists.hold()


async def _visited(at: Place, matter: UUID) -> None:
    """The agent came to the unit, which may rate that."""
    came = VisitMade(
        visit=new_id(), agent=at.id("agent"), arrived_at=at.world.clock(), purposes=("take_in",)
    )
    await at.say("supervision", matter, came)
    path = f"/matters/{matter}/visits"
    await at.world.until("evaluation", path, lambda told: told["visits"], "unit")


async def _complained(at: Place, matter: UUID) -> None:
    """One complaint to the office, which answers it, and one to discipline."""
    w, path = at.world, f"/matters/{matter}/complaints"
    for kind in ("conduct", "probity"):
        words = {"kind": kind, "words": "态度不好"}
        await w.post("evaluation", path, words, "unit", expect=200)
    listed = await w.eventually(lambda: at.office("/tasks"), lambda tasks: tasks["complaints"])
    reply = {
        "complaint": listed["complaints"][0]["complaint"], "verdict": "upheld",
        "answer": "已道歉",
    }  # fmt: skip
    await at.ask(matter, "complaints/answers", reply, "office")


async def _appraised(at: Place, quarter: str) -> None:
    """The quarter before is appraised by itself; the agent appeals, and it is published."""
    w = at.world
    own = {"area": w.area, "agent": at.id("agent")}
    (row,) = (
        await w.eventually(
            lambda: w.get("evaluation", "/appraisals", "agent", **own),
            lambda found: found["rows"],
        )
    )["rows"]
    appeal = {
        "area": w.area, "appraisal": row["appraisal"], "disputed": ["bad_ratings"],
        "grounds": "不是我的原因",
    }  # fmt: skip
    await w.post("evaluation", "/appeals", appeal, "agent", expect=201)
    given = {"area": w.area, "quarter": row["quarter"]}
    await w.post("evaluation", "/appraisals/publications", given, "office", expect=201)
    assert row["quarter"] < quarter


async def test_a_return_visit_that_was_made_since_waits_on_the_list_of_then_alone(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        asked: dict[str, Any] = {"area": at.world.area, "kind": "return_visits"}
        await at.world.until(
            "evaluation", f"/tasks?area={at.world.area}", lambda told: told["return_visits"],
            "office",
        )  # fmt: skip
        then = system_clock().isoformat()
        done = await at.ask(
            matter, "return-visits", {**CALLED, "level": "satisfied"}, "evaluator"
        )
        now = await at.office("/tasks", min_position=done["position"])
        assert now["return_visits"] == []
        was = await patient(at.world, "evaluation", "office", "/tasks", **asked, at=then)
        assert [row["matter"] for row in was.json()["return_visits"]] == [str(matter)]


async def test_what_was_open_to_rate_then_is_told_to_the_unit_and_never_its_link(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        matter = await at.serve()
        await _visited(at, matter)
        path, visits = f"/matters/{matter}/invitations", f"/matters/{matter}/visits"
        links = [
            (await at.world.get("evaluation", path, "unit"))["invitations"][0]["invitation"],
            (await at.world.get("evaluation", visits, "unit"))["visits"][0]["invitation"],
        ]

        asked = f"/matters/{matter}/open-invitations"
        other = await at.serve(invited=False)
        await _visited(at, other)
        early = await at.world.get("evaluation", f"/matters/{other}/open-invitations", "unit")
        assert (early["invitations"], len(early["visits"])) == ([], 1)

        async def open_then(rated: bool) -> None:
            told = await patient(at.world, "evaluation", "unit", asked, at=then)
            assert told.headers["Onefile-Position"]
            assert not any(link in told.text for link in links), told.text
            for name in ("invitations", "visits"):
                (row,) = told.json()[name]
                assert "invitation" not in row and row["rated"] is rated
                assert row["expires_at"]

        then = system_clock().isoformat()
        await open_then(rated=False)
        sent = f"/invitations/{links[1]}/rating"
        await at.world.post("evaluation", sent, {"level": "satisfied"}, "unit", expect=200)
        await at.rate(links[0])
        await at.world.until("evaluation", visits, lambda told: not told["visits"], "unit")
        assert (await at.world.get("evaluation", path, "unit"))["invitations"] == []
        await open_then(rated=True)
        for told in (
            await at.world.get("evaluation", asked, "unit"),
            (await patient(at.world, "evaluation", "unit", asked, at=0)).json(),
        ):
            assert told == {"invitations": [], "visits": []}
        for nobody in ("evaluator", "office", "agent", "agent2", "other"):
            answer = await patient(at.world, "evaluation", nobody, asked, at=then)
            assert answer.status_code in (403, 404), nobody


async def test_the_rated_sees_nothing_of_his_own_rating_of_then_either(
    platform: Platform,
) -> None:
    """Whatever post he holds besides, and whatever time he asks for (X-05)."""
    async with place(platform) as at:
        matter = await at.serve()
        await _visited(at, matter)
        before = system_clock().isoformat()
        await at.rate(await at.link(matter), "dissatisfied")
        await at.world.eventually(lambda: at.office("/tasks"), lambda told: told["bad_ratings"])
        after = system_clock().isoformat()
        w, lists = at.world, ("/tasks", "/ratings", "/visits")
        judge = w.person("evaluator").model_copy(update={"id": at.id("agent")})
        headers = {"Authorization": f"Bearer {w.issuer.token_of(judge)}"}
        client = w.client("evaluation")

        async def told(path: str, then: str) -> httpx.Response:
            async def page() -> httpx.Response:
                asked = {"area": w.area, "at": then}
                return await client.get(path, params=asked, headers=headers)

            return await w.eventually(page, lambda answer: answer.status_code != 503)

        for then in (before, after):
            for person in ("agent", "agent2"):
                answer = await patient(w, "evaluation", person, f"/matters/{matter}", at=then)
                assert answer.status_code == 404
            for path in lists:
                answer = await told(path, then)
                assert answer.status_code == 200, answer.text
                for word in (at.id("agent"), "dissatisfied"):
                    assert word not in answer.text, (path, then)
        others = [
            await patient(w, "evaluation", "evaluator", path, area=w.area, at=after)
            for path in lists
        ]
        assert all(at.id("agent") in answer.text for answer in others)
        judged = await patient(w, "evaluation", "office", f"/matters/{matter}", at=before)
        assert (judged.json()["recorded"], judged.json()["levels"]) == ([], {})


async def test_what_the_door_said_counts_from_when_it_was_heard(platform: Platform) -> None:
    async with place(platform) as at:
        today, order = at.world.today(), new_id()
        came = HotlineOrderReceived(
            order="12345-7", called_at=at.world.clock(), counts_from_on=today, due_on=today,
            about_staff=True, concerns=at.id("agent2"), to_role="supervisor",
            wording=Personal("态度不好"),
        )  # fmt: skip
        await at.say("intake", order, came)
        listed = await at.world.eventually(
            lambda: at.office("/tasks"), lambda told: told["complaints"]
        )
        reply = {
            "area": at.world.area, "complaint": listed["complaints"][0]["complaint"],
            "verdict": "upheld", "answer": "已道歉",
        }  # fmt: skip
        await at.world.post("evaluation", "/complaints/answers", reply, "office", expect=201)
        project = new_id()
        await at.say(
            "intake",
            project,
            EligibilityAssessed(result="eligible", rule="scope.include.social"),
        )
        year = {"since": f"{today.year}-01-01", "until": f"{today.year}-12-31"}

        async def known(then: str | None = None) -> tuple[int, int, int]:
            more = {"at": then} if then else {}
            area = {"area": at.world.area}
            tasks, figures = [
                (await patient(at.world, "evaluation", "office", path, **area, **asked)).json()
                for path, asked in (("/tasks", more), ("/figures", year | more))
            ]
            return len(tasks["orders_to_close"]), figures["eligible"], figures["chose"]

        await at.world.eventually(known, lambda found: found == (1, 1, 0))
        then = system_clock().isoformat()
        done = HotlineOrderAnswered(
            result="answered", answered_on=today, answer=Personal("已道歉")
        )
        await at.say("intake", order, done)
        await at.say("intake", project, ModeChosen(mode="agent"))
        await at.world.eventually(known, lambda found: found == (0, 1, 1))
        assert await known(then) == (1, 1, 0)
        assert await known(system_clock().isoformat()) == (0, 1, 1)
