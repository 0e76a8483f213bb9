"""Ladders, problems, ledgers and what is owed, through the doors of supervision."""

import io
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
from openpyxl import load_workbook

from services.onebox.platform import Platform
from services.supervision.service import legal_day
from tests.integration.supervision_scene import FILING, PERMIT, RULES, Place, placed


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


async def test_a_slow_item_is_taken_up_the_ladder_to_the_issue_list(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    await place.ask(matter, f"items/{PERMIT}/urges", {"signal": "stalled"})
    early = {"signal": "no_effect_after"}
    await place.ask(matter, f"items/{PERMIT}/report", early, expect=409)
    w.advance(days=9)
    await place.ask(matter, f"items/{PERMIT}/report", early)
    shown = await place.read(matter)
    climbed = [one["rung_id"] for one in shown["ladders"][PERMIT]["climbed"]]
    assert climbed[0] == "urge" and climbed[-1] == "issue_list"
    (issue,) = shown["issues"]["open"]
    assert (issue["raised_to"], issue["items"]) == ("ro", [PERMIT])
    assert not shown["strike_off"]["all_clear"]
    granted = {"outcome": "approved"}
    await place.ask(matter, f"items/{PERMIT}/decision", granted, "approver")
    helped = await place.read(matter)
    assert all(one["effect_on"] for one in helped["ladders"][PERMIT]["climbed"])
    effects = await w.eventually(
        lambda: w.get("supervision", "/ladders/effects", "office", area=w.area),
        lambda found: any(r["moved"] for r in found["rungs"] if r["rung_id"] == "issue_list"),
    )
    assert {"urge", "issue_list"} <= {row["rung_id"] for row in effects["rungs"]}
    settled = {"issue": issue["id"], "outcome": "solved", "resolution": "已办结"}
    await place.ask(matter, "issues/resolved", settled)
    assert (await place.read(matter))["strike_off"]["all_clear"]


async def test_departments_meet_over_a_problem_and_leave_actions(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    opened = {"kind": "coordination", "items": [PERMIT], "description": "管线迁改未定"}
    await place.ask(matter, "issues", opened)
    (issue,) = (await place.read(matter))["issues"]["open"]
    whistle = {"issue": issue["id"], "wording": "请报到"}
    refused = await place.ask(matter, "whistles", whistle, "office", expect=409)
    assert refused["reason"] == "no_such_rung"
    call = {
        "issue": issue["id"],
        "bodies": ["depts", "park_i"],
        "starts_at": (w.clock() + timedelta(days=1)).isoformat(),
        "topic": "管线迁改",
    }
    await place.ask(matter, "meetings", call, "unit", expect=403)
    await place.ask(matter, "meetings", call, "office")
    (meeting,) = (await place.read(matter))["meetings"]
    signed = {"meeting": meeting["id"], "body": "depts", "name": "甲"}
    await place.ask(matter, "meetings/attendance", signed, "office")
    await place.ask(
        matter, "meetings/minutes", {"meeting": meeting["id"], "decisions": "定"}, "office"
    )
    due_on = (legal_day(w.clock()) + timedelta(days=3)).isoformat()
    action = {
        "meeting": meeting["id"], "owner": "depts", "due_on": due_on, "wording": "出具意见",
    }  # fmt: skip
    await place.ask(matter, "actions", action, "office")
    held = {"issue": issue["id"], "outcome": "solved", "resolution": "已解决"}
    assert (await place.ask(matter, "issues/resolved", held, expect=409))["reason"] == (
        "actions_open"
    )
    w.advance(days=5)
    late = await w.eventually(
        lambda: w.get("supervision", "/owed", "office", area=w.area, late=True, to="depts"),
        lambda found: any(row["kind"] == "action" for row in found["rows"]),
    )
    assert late["rows"]
    (given,) = (await place.read(matter))["meetings"][0]["actions"]
    await place.ask(
        matter, "actions/done", {"action": given["id"], "outcome": "已出具"}, "office"
    )
    await place.ask(matter, "issues/resolved", held)
    digest = await w.eventually(
        lambda: w.get("supervision", "/issues/digest", "office", area=w.area),
        lambda found: any(row["struck_off"] for row in found["rows"]),
    )
    assert sum(row["opened"] for row in digest["rows"]) >= 1


async def test_an_early_opinion_and_a_joint_survey_decide_nothing(place: Place) -> None:
    matter = await place.matter()
    opinion = {"items": [PERMIT], "body": "depts", "opinion": "宜调整退让"}
    await place.ask(matter, "early-opinions", opinion, "agent", expect=403)
    await place.ask(matter, "early-opinions", opinion, "approver")
    survey = {
        "kind": "site_survey", "items": [PERMIT], "lead": "depts",
        "bodies": ["depts", "park_i"], "conclusion": "具备条件", "passed": True,
    }  # fmt: skip
    await place.ask(matter, "joint-sessions", survey, "approver")
    shown = await place.read(matter)
    assert shown["early_opinions"][0]["decision"] is False
    assert shown["joint_sessions"][0]["passed"] is True
    assert shown["items"][PERMIT]["outcome"] is None


async def test_a_ledger_of_the_quarter_is_made_again_byte_by_byte(place: Place) -> None:
    w = place.world
    matter = await place.matter()
    number = f"{w.area}-2026-7"
    place.intake.answers["/matters"] = {
        "items": [{"id": str(matter), "number": number}], "after": None,
    }  # fmt: skip
    await place.granted(matter, FILING)
    day = legal_day(w.clock())
    asked = {"area": w.area, "quarter": f"{day.year}-Q{(day.month + 2) // 3}"}
    client = w.client("supervision", "office")
    cut = (await w.get("supervision", f"/matters/{matter}", "auditor"))["position"]
    first = await client.get("/returns/ledger.xlsx", params={**asked, "cut": cut})
    assert first.status_code == 200, first.text
    await place.filed(await place.matter())
    again = await client.get("/returns/ledger.xlsx", params={**asked, "cut": cut})
    assert again.content == first.content
    book = load_workbook(io.BytesIO(first.content))
    assert book.sheetnames == ["报送情况", "工作台账", "问题清单"]
    rows = [row for row in book["工作台账"].iter_rows() if row[1].value == number]
    assert rows and all(cell.data_type != "f" for row in rows for cell in row)
    assert isinstance(rows[0][6].value, datetime)
    assert RULES.edition in str(book["工作台账"]["A3"].value)
    stranger = await w.client("supervision", "agent").get("/returns/ledger.xlsx", params=asked)
    assert stranger.status_code in (403, 404)
    areas = await w.get("supervision", "/areas", "office")
    assert areas["areas"] == [w.area]
