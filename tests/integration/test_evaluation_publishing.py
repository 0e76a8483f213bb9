"""What is given to an assessment: two tables, their measures, ranks and formulas, replayable."""

import asyncio
import io
import json
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from typer.testing import CliRunner

from contracts.event import Event, Personal
from contracts.intake import MaterialReceived, MaterialRequested, ServiceRequested
from contracts.supervision import CorrectionRequested, ItemAccepted, ItemDecided
from services.evaluation.cli import main as evaluation_cli
from services.onebox.platform import Platform
from shared.clock import LEGAL_ZONE
from shared.effects import new_id
from tests.integration.evaluation_scene import EDITION, Place, place

CALENDAR = "cn@0123456789abcdef"


async def a_course(at: Place) -> None:
    """A matter that cost two papers and one trip, one item of which was decided in time."""
    matter = await at.serve()
    day = at.world.clock().astimezone(LEGAL_ZONE).date()
    asked = MaterialRequested(request=new_id(), items=("S1-01",), materials=("M01", "M04"))
    said: list[tuple[str, Event, str | None]] = [
        (
            "intake",
            ServiceRequested(
                number=f"{at.world.area}-2026-1",
                applicant=at.id("unit"),
                lead_name=Personal("甲"),
                lead_phone=Personal("000-0001"),
            ),
            "online_zone",
        ),
        ("intake", asked, None),
        ("intake", MaterialReceived(piece=new_id(), material="M04", originals=1), "window"),
        ("intake", MaterialReceived(piece=new_id(), material="M01", originals=1), "window"),
        (
            "supervision",
            ItemAccepted(item="S1-01", calendar=CALENDAR, commitment_due_on=day, accepted_on=day),
            None,
        ),
        ("supervision", CorrectionRequested(
                item="S1-01", round=1, materials=("M01",), demands=Personal("补正")
            ), None),
        ("supervision", ItemDecided(item="S1-01", outcome="approved", body="depts"), None),
    ]  # fmt: skip
    for speaker, event, channel in said:
        await at.others[speaker].say(
            matter, event, area=at.world.area, pack=EDITION, channel=channel
        )


async def test_a_quarter_is_given_to_the_assessment_that_the_rules_name(
    platform: Platform,
) -> None:
    async with place(platform) as at:
        for _ in range(2):
            await a_course(at)
        quarter = at.quarter
        command: dict[str, Any] = {"area": at.world.area, "quarter": quarter}

        async def publish(expect: int, person: str = "office", **more: Any) -> Any:
            answer = await at.world.post(
                "evaluation", "/appraisals/publications", {**command, **more}, person,
                expect=expect,
            )  # fmt: skip
            return answer.json()

        async def decided() -> Any:
            found = await at.office("/appraisals/table", quarter=quarter)
            (depts,) = [d for d in found["departments"] if d["body"] == "depts"]
            return {m["measure"]: m for m in depts["measures"]}

        await at.world.settled()
        seen = await decided()
        assert seen["decided"]["value"] == "2"
        assert seen["decided_in_time"]["shown"] == "2/2"
        assert seen["corrections_mean"]["value"] == "1.0000"
        assert "overall_mean" not in seen and "matters" not in seen
        early = await publish(409)
        assert (early["reason"], early["details"]["quarter"]) == ("quarter_not_over", quarter)
        at.quarter_passes()
        unknown = await publish(409, assessment=7)
        assert unknown["reason"] == "assessment_unknown"
        await publish(404, "agent")

        first = await publish(201)
        assert first["recorded"] == ["evaluation.appraisal_published.v1"]
        assert (await publish(201))["recorded"] == []
        reform = await publish(201, form="reform")
        assert reform["recorded"] == ["evaluation.appraisal_published.v1"]

        rows = (await at.office("/appraisals/publications", min_position=reform["position"]))[
            "rows"
        ]
        assert [row["form"] for row in rows] == ["reform", "performance"]
        assert rows[0]["assessment_zh"]
        told = await at.office(f"/appraisals/publications/{rows[0]['publication']}")
        assert told["recomputed"] is True and told["defaults"] if "defaults" in told else True
        (park,) = [c for c in told["centres"] if c["body"] == "park_i"]
        cost = {m["measure"]: m for m in park["measures"]}
        assert {k: cost[k]["value"] for k in ("trips_mean", "papers_mean", "matters")} == {
            "trips_mean": "1.0000",
            "papers_mean": "2.0000",
            "matters": "2",
        }
        assert cost["trips_mean"]["formula"] and cost["trips_mean"]["rank"] is None
        performance = await at.office(f"/appraisals/publications/{rows[1]['publication']}")
        (park,) = [c for c in performance["centres"] if c["body"] == "park_i"]
        names = {m["measure"] for m in park["measures"]}
        assert "load" in names and "trips_mean" not in names

        path = f"/appraisals/publications/{rows[0]['publication']}/matters"
        for table in ("centres", "departments"):
            for body in told[table]:
                for one in body["measures"]:
                    asked = {"body": body["body"], "measure": one["measure"]}
                    behind = await at.office(path, **asked)
                    assert behind["whole"] is True
                    counted = {
                        "trips_mean": 2, "papers_mean": 2, "days_mean": 2, "matters": 2,
                        "decided": 2, "decided_in_time": 2, "corrections_mean": 2,
                    }  # fmt: skip
                    if body["body"] in ("park_i", "depts") and one["measure"] in counted:
                        assert len(behind["rows"]) == counted[one["measure"]], one
        nothing = f"{path}?body=depts&measure=speed"
        assert await at.status(nothing, "office") == 404

        path = f"/appraisals/publications/{rows[0]['publication']}/export"
        client = at.world.client("evaluation", "office")
        sheet = load_workbook(io.BytesIO((await client.get(path)).content)).active
        assert sheet is not None
        lines = list(sheet.iter_rows(values_only=True))
        assert lines[0][0] == "表" and any("trips_mean" in map(str, line) for line in lines)
        text = (await client.get(path, params={"form": "csv"})).content.decode("utf-8-sig")
        assert "平均跑动次数" in text
        assert await at.status(path, "agent") in (403, 404)
        assert await at.status(f"/appraisals/publications/{new_id()}", "office") == 404


async def test_a_publication_is_previewed_given_taken_back_and_given_anew(
    platform: Platform, tmp_path: Path
) -> None:
    """Over the API, and over `onefile publication` as the office types it."""
    async with place(platform) as at:
        await a_course(at)
        area = at.world.area
        quarter = at.quarter
        root = "/appraisals/publications"
        asked: dict[str, Any] = {"area": area, "quarter": quarter}

        async def preview() -> Any:
            return await at.office(f"{root}/preview", quarter=quarter)

        await at.world.settled()
        seen = await preview()
        assert "'value': '1'" in str(seen["centres"]) and seen["departments"]
        assert seen["refusal"]["reason"] == "quarter_not_over"
        assert (seen["in_force"], seen["same"], seen["changed"]) == (None, False, [])
        assert (await at.office(root))["rows"] == []
        assert await at.status(f"{root}/preview?area={area}&quarter={quarter}", "agent") in (
            403, 404,
        )  # fmt: skip
        at.quarter_passes()
        assert (await preview())["refusal"] is None

        def box(person: str) -> Path:
            home = tmp_path / person
            home.mkdir(exist_ok=True)
            told = {"addresses": at.world.addresses, "issuer": at.world.addresses["issuer"]}
            told["tokens"] = {"auditor": at.world.token(person)}
            (home / "box.json").write_text(json.dumps(told))
            return home

        async def onefile(*words: str, person: str = "office") -> tuple[int, str]:
            line = ["publication", *words, "--home", str(box(person))]
            done = await asyncio.to_thread(CliRunner().invoke, evaluation_cli, line)
            return done.exit_code, done.output

        code, said = await onefile("preview", quarter, "--area", area, "--explain")
        assert code == 0 and "可以报送" in said and "办件数" in said, said
        code, said = await onefile("publish", quarter, "--area", area, person="agent")
        assert code == 2 and "404" in said
        code, said = await onefile("publish", quarter, "--area", area)
        assert (code, "已报送" in said) == (0, True), said
        code, said = await onefile("publish", quarter, "--area", area)
        assert (code, "in force already" in said) == (0, True), said
        (row,) = (await at.office(root))["rows"]
        assert (row["state"], row["withdrawn_on"]) == ("in_force", None)
        now = await preview()
        assert (now["in_force"], now["same"]) == (row["publication"], True)

        id = row["publication"]
        code, said = await onefile("show", id, "--explain")
        assert code == 0 and "一致 equal" in said and "现行" in said, said
        withdrawing = ["withdraw", id, "--area", area, "--reason", "数字有误"]
        code, said = await onefile(*withdrawing)
        assert (code, "已撤回" in said) == (0, True), said
        code, said = await onefile(*withdrawing)
        assert (code, "此前已撤回" in said) == (0, True), said
        body = {"area": area, "publication": str(new_id()), "reason": "不存在"}
        gone = await at.world.post(
            "evaluation", f"{root}/withdrawals", body, "office", expect=409
        )
        assert gone.json()["reason"] == "no_such_publication"
        await at.world.eventually(preview, lambda p: p["in_force"] is None)

        again = await at.world.post("evaluation", root, asked, "office", expect=201)
        assert again.json()["recorded"] == ["evaluation.appraisal_published.v1"]
        rows = (await at.office(root, min_position=again.json()["position"]))["rows"]
        assert [one["state"] for one in rows] == ["in_force", "withdrawn"]
        code, said = await onefile("list", "--area", area)
        assert code == 0 and "已撤回 withdrawn" in said and "现行 in force" in said, said
        late = {"area": area, "publication": id, "reason": "再撤"}
        same = await at.world.post(
            "evaluation", f"{root}/withdrawals", late, "office", expect=201
        )
        assert same.json()["recorded"] == []


async def test_the_rated_read_no_running_quarter_and_no_past_position(
    platform: Platform,
) -> None:
    """Six ratings are enough to be told, and each of them would still show by the next."""
    async with place(platform) as at:
        quarter = at.quarter
        mine = {"area": at.world.area, "quarter": quarter, "agent": at.id("agent")}
        for _ in range(6):
            await at.rate(await at.link(await at.serve()), "dissatisfied")
        read = await at.world.get("evaluation", "/appraisals/count", "agent", **mine)
        assert {m["measure"] for m in read["measures"]} == {
            "matters", "load", "complaints_upheld",
        }  # fmt: skip
        assert read["unrated"] is None and read["position"] is None
        client = at.world.client("evaluation", "agent")
        at_that_time = await client.get("/appraisals/count", params={**mine, "position": 9})
        assert at_that_time.status_code == 403
        assert at_that_time.json()["reason"] == "sealed_from_the_rated"
        at.quarter_passes()
        later = await at.world.get("evaluation", "/appraisals/count", "agent", **mine)
        assert "overall_mean" in {m["measure"] for m in later["measures"]}
