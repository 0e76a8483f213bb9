"""The life of items over HTTP: all at once, taken back, extended, followed, and told by a feed."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from typer.testing import CliRunner

from contracts.intake import ItemScopeFixed
from services.onebox.platform import Platform
from services.supervision.cli import main
from shared.clock import LEGAL_ZONE
from shared.effects import new_id
from tests.integration.supervision_scene import FILING, PERMIT, RULES, Place, placed

CODE = "2603-990100-04-01-123456"
OTHER = "2603-990100-04-01-654321"
FEED = "/imports/states"


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        hour = made.world.clock().astimezone(LEGAL_ZONE)
        if (hour.hour, hour.minute) < (0, 30):  # lines say minutes ago, which is of today then
            made.world.advance(minutes=30)
        yield made


async def sent(place: Place, content: bytes, media: str, source: str, person: str) -> Any:
    """The answer to a file of states, asked again while the lists are behind."""
    client, key = place.world.client("supervision", person), str(new_id())

    async def once() -> Any:
        return await client.post(
            FEED,
            params={"area": place.world.area, "source": source},
            content=content,
            headers={"Content-Type": media, "Idempotency-Key": key},
        )

    return await place.world.eventually(once, lambda answer: answer.status_code != 503)


async def feed(
    place: Place, *lines: str, person: str = "clerk", source: str = "approval_system"
) -> Any:
    content = "\n".join(lines).encode()
    return await sent(place, content, "application/x-ndjson", source, person)


def line(place: Place, code: int, minutes: int = 0, **members: str) -> str:
    at = (place.world.clock() - timedelta(minutes=10 - minutes)).isoformat()
    shown = {"BLZT": str(code), "BLSJ": at, **members}
    return "{" + ", ".join(f'"{k}": "{v}"' for k, v in shown.items()) + "}"


def outcomes(answer: Any) -> list[tuple[str, str | None]]:
    assert answer.status_code == 200, answer.text
    return [(row["outcome"], row["reason"]) for row in answer.json()["rows"]]


async def with_project(place: Place, mode: str = "assist") -> UUID:
    matter, project = await place.matter(mode), new_id()
    place.told(matter)["project"] = str(project)
    place.intake.answers[f"/projects/{project}"] = {"id": str(project), "code": CODE}
    place.intake.answers["/projects"] = {"items": [{"id": str(project)}], "after": None}
    return matter


async def test_one_action_files_everything_that_is_ready(place: Place) -> None:
    matter = await place.matter(scope=("S1-01", "S1-03"))
    done = await place.ask(matter, "submission", {})
    submitted = [one for one in done["recorded"] if "item_submitted" in one]
    read = await place.read(matter)

    assert submitted
    assert {item["state"] for item in read["items"].values()} == {"submitted"}
    again = await place.ask(matter, "submission", {})
    assert again["recorded"] == []


async def test_a_filing_is_taken_back_and_filed_again(place: Place) -> None:
    matter = await place.matter()
    await place.filed(matter)
    await place.ask(matter, f"items/{FILING}/withdrawal", {"reason": "方案调整"})
    taken = await place.item(matter, FILING)
    await place.filed(matter)

    assert (taken["state"], taken["withdrawn"]) == ("withdrawn", "withdrawn")
    assert (await place.item(matter, FILING))["state"] == "submitted"


async def test_a_limit_is_extended_by_the_department_alone(place: Place) -> None:
    matter = await place.matter()
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    before = await place.item(matter, PERMIT)
    longer = {"days": 10, "reason": "需现场核查"}
    await place.ask(matter, f"items/{PERMIT}/extension", longer, "unit", 403)
    await place.ask(matter, f"items/{PERMIT}/extension", longer, "approver")
    after = await place.item(matter, PERMIT)

    assert after["extended_days"] == 10
    assert after["statutory_due_on"] > before["statutory_due_on"]
    assert after["due_on"] == before["due_on"]
    refused = await place.ask(
        matter, f"items/{PERMIT}/extension", {"days": 1, "reason": "忙"}, "approver", 409
    )
    assert refused["reason"] == "extended_too_far"


async def test_utilities_stand_on_the_plan_and_are_only_followed(place: Place) -> None:
    matter = new_id()
    made = await place.matter()
    for service in (place.intake, place.assignment):
        service.answers[f"/matters/{matter}"] = service.answers[f"/matters/{made}"]
    fixed = ItemScopeFixed(
        catalogue=RULES.catalogue.edition,
        stages=("S1", "S3"),
        items=(FILING, "S3-03"),
        not_wanted=("S3-12", "S1-05"),
    )
    await place.hear(matter, fixed)
    read = await place.world.until(
        "supervision", f"/matters/{matter}", lambda m: m["plan"] is not None
    )
    assert {line["item"]: line["tracked"] for line in read["plan"]["lines"]} == {
        FILING: False,
        "S3-03": False,
        "S3-12": True,
    }
    assert read["open_items"] == [FILING, "S3-03"]

    today = place.world.today().isoformat()
    await place.ask(matter, "plan/tracked", {"item": "S3-12", "finished_on": today}, "unit")
    refused = await place.ask(
        matter, "plan/tracked", {"item": FILING, "finished_on": today}, expect=409
    )
    assert refused["reason"] == "not_a_tracked_item"


async def test_a_feed_is_followed_row_by_row(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    answer = await feed(
        place,
        line(place, 1, 1, XMDM=CODE, SPSXBM=FILING, SPSXSLBM=f"SL-{matter}"),
        line(place, 11, 3, SPSXSLBM=f"SL-{matter}"),
    )
    assert outcomes(answer) == [("followed", None), ("followed", None)]
    item = await place.item(matter, FILING)
    assert (item["state"], item["outcome"]) == ("decided", "approved")
    assert item["told_by"]["decided_on"]["source"] == "approval_system"
    assert item["told_by"]["decided_on"]["system_state"] == 11


async def test_bad_rows_are_answered_one_by_one_and_nothing_is_lost(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    ref = f"SL-{matter}"
    good = line(place, 1, 1, XMDM=CODE, SPSXBM=FILING, SPSXSLBM=ref)
    answer = await feed(
        place,
        good,
        good,
        line(place, 77, 2, SPSXSLBM=ref),
        line(place, 3, 4, XMDM=OTHER, SPSXSLBM=ref),
        line(place, 3, 4, SPSXSLBM="SL-nobody-knows", SPSXBM=FILING),
        line(place, 3, 60, SPSXSLBM=ref),
        "not json",
    )
    assert outcomes(answer) == [
        ("followed", None),
        ("known", None),
        ("unknown_code", None),
        ("refused", "different_project_code"),
        ("refused", "matter_unknown"),
        ("refused", "in_the_future"),
        ("refused", "unreadable"),
    ]
    assert (await place.item(matter, FILING))["state"] == "received"
    older = await feed(place, line(place, 3, -5, matter=str(matter), SPSXBM=FILING))
    assert outcomes(older) == [("older", None)]
    assert (await place.item(matter, FILING))["state"] == "received"


async def test_a_conflict_is_shown_and_overwrites_nothing(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    decision = {"outcome": "not_approved", "reason": "不符"}
    await place.ask(matter, f"items/{FILING}/decision", decision, "approver")
    answer = await feed(place, line(place, 11, 1, matter=str(matter), SPSXBM=FILING))
    item = await place.item(matter, FILING)

    assert outcomes(answer) == [("conflict", "another_outcome")]
    assert item["outcome"] == "not_approved"
    (shown,) = item["conflicts"]
    assert (shown["source"], shown["system_state"], shown["field"]) == (
        "approval_system",
        11,
        "decided_on",
    )


async def test_the_same_file_sent_twice_changes_nothing(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    row = line(place, 1, 1, matter=str(matter), SPSXBM=FILING)
    assert outcomes(await feed(place, row)) == [("followed", None)]
    version = (await place.read(matter))["version"]
    assert outcomes(await feed(place, row)) == [("known", None)]
    assert (await place.read(matter))["version"] == version


async def test_a_file_in_csv_is_read_as_well(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    at = (place.world.clock() - timedelta(minutes=2)).isoformat()
    content = f"办件标识,事项编码,办理状态,办理时间\r\n{matter},{FILING},1,{at}\r\n"
    answer = await sent(place, content.encode("gb18030"), "text/csv", "county_export", "clerk")
    assert outcomes(answer) == [("followed", None)]


async def test_who_may_not_import_is_told_before_the_file_is_read(place: Place) -> None:
    answer = await feed(place, "x", person="unit")
    assert answer.status_code in (403, 404)


async def test_a_file_that_is_too_large_is_refused(place: Place) -> None:
    answer = await feed(place, "x" * 70_000)
    assert answer.status_code == 413


async def test_a_feed_that_fell_silent_is_marked_late(place: Place) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    answer = await feed(
        place, line(place, 1, 1, matter=str(matter), SPSXBM=FILING), source="silent_system"
    )
    position = answer.json()["position"]

    async def late() -> bool:
        asked = f"/imports?area={place.world.area}&min_position={position}"
        read = await place.world.until("supervision", asked, bool)
        (one,) = [i for i in read["imports"] if i["source"] == "silent_system"]
        return bool(one["late"])

    assert not await late()
    place.world.advance(minutes=31)
    assert await late()


async def test_the_plan_is_shown_at_the_terminal_and_drawn(
    place: Place, tmp_path: Path
) -> None:
    matter = await with_project(place)
    await place.ask(matter, f"items/{FILING}/submission", {}, "unit")
    state = {
        "addresses": place.world.addresses,
        "tokens": {"auditor": place.world.token("auditor")},
    }
    (tmp_path / "box.json").write_text(json.dumps(state))
    chart = tmp_path / "plan.svg"
    sheet = tmp_path / "plan.pdf"
    asked = ["plan", str(matter), "--home", str(tmp_path), "--svg", str(chart)]
    asked += ["--pdf", str(sheet)]
    told = await asyncio.to_thread(CliRunner().invoke, main, asked)
    project = place.told(matter)["project"]
    again = ["plan", project, "--home", str(tmp_path), "--english"]
    by_project = await asyncio.to_thread(CliRunner().invoke, main, again)

    assert told.exit_code == 0, told.output
    assert "企业投资项目备案" in told.output
    assert chart.read_text().startswith("<svg")
    assert sheet.read_bytes().startswith(b"%PDF")
    assert by_project.exit_code == 0, by_project.output
    assert "in parallel" in by_project.output


async def test_the_plan_and_its_chart_are_shown_to_who_may_see_the_matter(
    place: Place,
) -> None:
    matter = await place.matter()
    agent = place.world.client("supervision", "agent")
    shown = (await agent.get(f"/matters/{matter}/plan")).json()
    drawn = await agent.get(f"/matters/{matter}/plan.svg?language=en")

    assert [one["item"] for one in shown["ready_set"]] == [FILING]
    assert shown["ready_set"][0]["refused"] is None
    assert shown["blocker"]["item"] == FILING
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert drawn.text == (await agent.get(f"/matters/{matter}/plan.svg?language=en")).text
    stranger = place.world.client("supervision", "other")
    assert (await stranger.get(f"/matters/{matter}/plan.svg")).status_code == 404
