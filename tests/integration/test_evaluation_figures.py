"""What evaluation counts: a quarter, the matters behind a figure, what anybody may read."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from contracts.intake import (
    EligibilityAssessed,
    ModeChosen,
)
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.integration.evaluation_scene import place
from tests.integration.typed import typed


async def test_a_quarter_that_is_over_is_appraised_and_the_agent_reads_his_own(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        rated, unrated = await at.serve(), await at.serve()
        await at.rate(await at.link(rated))
        assert unrated != rated
        at.quarter_passes()

        async def results() -> Any:
            answer = await at.world.get(
                "evaluation", "/appraisals", "agent", area=at.world.area, agent=at.id("agent")
            )
            return answer["rows"]

        (mine,) = await at.world.eventually(results)
        seen = {m["measure"]: m["value"] for m in mine["measures"]}
        assert seen["matters"] == "2" and "overall_mean" in mine["sealed"]
        assert not [name for name in seen if name.startswith("overall")]
        (row,) = (await at.office("/appraisals", agent=at.id("agent")))["rows"]
        figures = {m["measure"]: m["value"] for m in row["measures"]}
        assert (figures["overall_mean"], figures["matters"], row["unrated"]) == (
            "4.0000",
            "2",
            2,
        )
        assert figures["load"] == "2" and figures["participation"] == "1"
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


async def test_quarters_that_ended_while_nobody_was_there_are_appraised_all(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        quarters = []
        for days in (100, 300):
            quarters.append(at.quarter)
            await at.rate(await at.link(await at.serve()))
            at.world.advance(days=days)

        async def appraised() -> list[str]:
            found = await at.office("/appraisals", agent=at.id("agent"))
            return sorted(row["quarter"] for row in found["rows"])

        await at.world.eventually(appraised, lambda found: found == quarters)


async def test_every_number_opens_its_matters_and_is_counted_again_at_any_place(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        rated, unrated = await at.serve(), await at.serve()
        await at.rate(await at.link(rated))
        early = (await at.read(rated))["position"]
        quarter = at.quarter
        await at.rate(await at.link(unrated), "dissatisfied")
        whose = {"agent": at.id("agent"), "quarter": quarter}

        async def means(**more: Any) -> Any:
            found = await at.office("/appraisals/count", **whose, **more)
            return {m["measure"]: m for m in found["measures"]}

        assert (await means())["overall_mean"]["value"] == "3.0000"
        before = (await means(position=early))["overall_mean"]
        assert (before["value"], before["facts"]) == ("4.0000", 1)
        assert (await means())["overall_satisfied"]["shown"] == "1/2"

        at.quarter_passes()

        async def results() -> Any:
            return (await at.office("/appraisals", agent=at.id("agent")))["rows"]

        (row,) = await at.world.eventually(results)
        told = await at.office(f"/appraisals/{row['appraisal']}")
        assert told["recomputed"] is True
        path = f"/appraisals/{row['appraisal']}/matters"
        for measure in (m["measure"] for m in row["measures"]):
            rows = (await at.office(path, measure=measure))["rows"]
            assert {r["matter"] for r in rows} <= {str(rated), str(unrated)}
        bad = (await at.office(path, measure="bad_ratings"))["rows"]
        assert [r["matter"] for r in bad] == [str(unrated)]
        assert await at.status(f"{path}?measure=overall_mean", "agent") == 403
        assert await at.status(f"{path}?measure=matters", "agent") == 200
        assert await at.status(f"{path}?measure=speed", "office") == 404

        appeal = {
            "area": at.world.area,
            "appraisal": row["appraisal"],
            "disputed": ["bad_ratings"],
            "grounds": "不是我的原因",
        }
        await at.world.post("evaluation", "/appeals", appeal, "agent2", expect=(403, 404))
        done = await at.world.post("evaluation", "/appeals", appeal, "agent", expect=201)
        mine = {"area": at.world.area, "agent": at.id("agent")}
        mine |= {"min_position": done.json()["position"]}
        (open_one,) = (await at.world.get("evaluation", "/appeals", "agent", **mine))["rows"]
        decision = {
            "area": at.world.area,
            "appeal": open_one["appeal"],
            "verdict": "upheld",
            "excluded": [str(unrated)],
            "reason": "已核实",
        }
        path = "/appeals/decisions"
        await at.world.post("evaluation", path, decision, "agent", expect=(403, 404))
        out = await at.world.post("evaluation", path, decision, "office", expect=201)
        now = await means(min_position=out.json()["position"])
        assert (now["overall_mean"]["value"], now["bad_ratings"]["value"]) == ("4.0000", "0")
        assert (await at.office(f"/appraisals/{row['appraisal']}"))["recomputed"] is True
        tables = await at.office("/appraisals/table", quarter=quarter)
        (park,) = [c for c in tables["centres"] if c["body"] == "park_i"]
        assert {m["measure"]: m["value"] for m in park["measures"]}["matters"] == "2"
        of_departments = {m["measure"] for d in tables["departments"] for m in d["measures"]}
        assert of_departments and "matters" not in of_departments
        path = f"/appraisals/table?area={at.world.area}&quarter={quarter}"
        assert await at.status(path, "agent") in (403, 404)


async def test_an_appraisal_is_explained_without_a_further_word(
    platform: Platform, tmp_path: Path
) -> None:
    """`onefile appraisal --explain`: the quarter that runs, of every place that is served."""
    async with place(platform) as at:
        matters = {str(await at.serve()) for _ in range(5)}
        for matter in matters:
            await at.rate(await at.link(UUID(matter)))
        code, said = await typed(at.world, tmp_path, "appraisal", "--explain")
        assert code == 0, said
        quarter = at.quarter
        heads = [line for line in said.splitlines() if f"  {quarter}  @" in line]
        known = await at.world.client("evaluation").get("/public/places")
        assert len(heads) == len(known.json()["places"]) > 1
        assert "好评率 = 评为基本满意及以上的评价数 ÷ 评价数  [GB/T 39735-2020]" in said
        assert "100.0%" in said and "未评价 unrated" in said
        one = await typed(at.world, tmp_path, "appraisal", "--explain", "--area", at.world.area)
        assert one[1].count(f"  {quarter}  @") == 1 and one[0] == 0
        mine = ("appraisal", "--area", at.world.area, "--matters")
        code, said = await typed(at.world, tmp_path, *mine, "overall_mean")
        assert code == 0 and said.splitlines()[0].endswith("5 件") and len(matters) == 5
        assert all(matter in said for matter in matters) and "satisfied" in said
        code, said = await typed(at.world, tmp_path, *mine, "no_such_figure")
        assert code == 2 and "404" in said
        asked = {"area": at.world.area, "quarter": quarter, "agent": at.id("agent")}
        for measure, status in (("overall_mean", 403), ("matters", 200)):
            told = await at.world.client("evaluation", "agent").get(
                "/appraisals/count/matters", params={**asked, "measure": measure}
            )
            assert told.status_code == status, measure


async def test_anybody_reads_sums_and_no_sum_of_a_few(platform: Platform) -> None:
    async with place(platform) as at:
        for _ in range(5):
            await at.rate(await at.link(await at.serve()))
        quarter = at.quarter
        anybody = at.world.client("evaluation")

        async def figures() -> Any:
            parameters = {"area": at.world.area, "quarter": quarter}
            answer = await anybody.get("/public/figures", params=parameters)
            return {m["measure"]: m["shown"] for m in answer.json()["measures"]}

        early = await at.world.eventually(figures, lambda f: f.get("matters") == "5")
        assert not {"overall_satisfied", "participation", "overall_mean"} & early.keys()
        at.quarter_passes()
        found = await at.world.eventually(figures, lambda f: f.get("participation") == "100.0%")
        assert found["overall_satisfied"] == "100.0%"
        matter = await at.serve()
        called = {"means": "phone", "reached": True, "respondent": "applicant_lead"}
        await at.ask(matter, "return-visits", {**called, "level": "satisfied"}, "evaluator")
        assert not [name for name in await figures() if name.startswith("revisit")]

        read = await anybody.get("/public", params={"area": at.world.area, "quarter": quarter})
        assert read.headers["content-type"].startswith("text/html")
        assert "100.0%" in read.text and "评价率" in read.text and "participation" in read.text
        policy = read.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy
        assert "<script" not in read.text and "style=" not in read.text
        style = read.text.split("<style>")[1].split("</style>")[0]
        assert b64encode(sha256(style.encode()).digest()).decode() in policy
        assert not [who for who in ("agent", "unit") if at.id(who) in read.text]
        assert (await anybody.get("/public", params={"area": "999999"})).status_code == 404


MANY = 100_000
_SOMEBODY = "'p:01990000-0000-7000-8000-' || lpad((n % 400)::text, 12, '0')"
_FILLED = (
    "INSERT INTO view_invitations (matter, instrument, invitation, area, agent, agent_body, "
    "asked_by, sending, first_on, last_on, position, items) SELECT md5('m' || n)::uuid, "
    "'overall', md5('i' || n)::uuid, $1, " + _SOMEBODY + ", 'park_i', 'hall', 1, $2::date, "
    "$2::date, 0, 1 + n % 20 FROM generate_series(1, $3::int) n",
    "INSERT INTO view_ratings (evaluation, matter, area, instrument, agent, agent_body, level, "
    "scores, rated_on, position) SELECT md5('r' || n)::uuid, md5('m' || n)::uuid, $1, "
    "'overall', " + _SOMEBODY + ", 'park_i', (array['satisfied', 'very_satisfied', "
    "'dissatisfied'])[1 + n % 3], '{\"attitude\": \"satisfied\"}', $2::date, 0 "
    "FROM generate_series(1, $3::int) n WHERE n % 10 <> 0",
)


async def test_an_appraisal_of_a_hundred_thousand_matters_takes_seconds(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        day = at.world.today()
        connection = await asyncpg.connect(at.world.databases.services["evaluation"])
        for filled in _FILLED:
            await connection.execute(filled, at.world.area, day, MANY)
        await connection.execute("ANALYZE view_invitations, view_ratings")
        await connection.close()
        found = await at.office("/appraisals/count", quarter=at.quarter, body="park_i")
        figures = {m["measure"]: m for m in found["measures"]}
        assert (figures["matters"]["value"], found["unrated"]) == (str(MANY), MANY // 10)
        assert figures["participation"]["shown"] == "90.0%"
        assert figures["overall_satisfied"]["facts"] == MANY - MANY // 10


async def test_hearings_and_figures_are_the_offices(platform: Platform) -> None:
    async with place(platform) as at:
        hearing = {
            "area": at.world.area,
            "form": "meeting",
            "units": 8,
            "persons": 11,
            "heard": "希望材料清单更清楚",
        }
        await at.world.post("evaluation", "/hearings", hearing, "agent", expect=404)
        await at.world.post("evaluation", "/hearings", hearing, "office", expect=201)
        matter, other = new_id(), new_id()
        for id in (matter, other):
            await at.say(
                "intake",
                id,
                EligibilityAssessed(result="eligible", rule="scope.include.social"),
            )
        await at.say("intake", matter, ModeChosen(mode="agent"))
        year = at.world.today().year

        async def figures() -> Any:
            return await at.office("/figures", since=f"{year}-01-01", until=f"{year}-12-31")

        found = await at.world.eventually(figures, lambda f: f["chose"] == 1)
        assert (found["eligible"], found["participation"]) == (2, "0.5000")
        assert [p["kind"] for p in (await at.office("/tasks"))["to_review"]] == ["hearing"]
