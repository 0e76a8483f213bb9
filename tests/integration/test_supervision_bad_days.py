"""Days and counts that cannot be: refused with a problem that names them, and nothing breaks after."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from services.onebox.platform import Platform
from services.supervision.service import legal_day
from tests.integration.supervision_scene import FILING, PERMIT, Place, placed

NOTICE = {"sha256": "ab" * 32, "size": 9, "media_type": "application/pdf", "name": "n.pdf"}
REVIEW = {"procedure": "expert_review", "notice": NOTICE}
EXTENDED = {"approved_by": "organ", "reason": "情况复杂", "notice": NOTICE}
MEETING = {"kind": "coordination", "topic": "会商", "bodies": ["depts"], "binding": True}
NO_DAYS = ("2026-02-29", "2026-13-01", "0000-01-01", "9999-12-31T24:00", "20260301", 5)
FAR = ("0001-01-01", "9999-12-31")


@pytest.fixture(scope="module")
async def place(platform: Platform) -> AsyncIterator[Place]:
    async with placed(platform) as made:
        yield made


@pytest.fixture(scope="module")
async def matter(place: Place) -> Any:
    """Its filing is granted, its permit is accepted."""
    made = await place.matter()
    await place.granted(made, FILING)
    await place.filed(made, PERMIT)
    await place.ask(made, f"items/{PERMIT}/acceptance", {}, "approver")
    return made


async def refused(
    place: Place, matter: Any, what: str, body: Any, person: str = "approver", code: int = 422
) -> dict[str, Any]:
    answer = await place.ask(matter, what, body, person, expect=code)
    assert answer["type"].startswith("urn:onefile:problem:"), answer
    return dict(answer)


BADLY = [
    ("milestones", lambda day: {"milestone": "MS-LAND", "falls_on": day}, "agent"),
    (f"items/{PERMIT}/urges/answer", lambda day: {"reason": "在办", "expected_on": day}, "approver"),
    ("issues", lambda day: {"kind": "approval", "severity": "general", "description": "缓",
                            "due_on": day}, "agent"),
    (f"items/{PERMIT}/special-procedure", lambda day: {**REVIEW, "effective": day}, "approver"),
    (f"items/{PERMIT}/correction", lambda day: {"demands": "缺图", "notice": NOTICE,
                                                "due_on": day}, "approver"),
    ("fees", lambda day: {"item": PERMIT, "kind": "levy", "amount": "1.00", "basis": "依据",
                          "due_on": day}, "agent"),
    ("letters", lambda day: {"kind": "assistance", "to": "depts", "reply_by_on": day,
                             "wording": "请复"}, "agent"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "made", "person"), BADLY, ids=[one[0] for one in BADLY])
@pytest.mark.parametrize("day", [*NO_DAYS, *FAR])
async def test_a_day_that_cannot_be_is_named(
    place: Place, matter: Any, path: str, made: Any, person: str, day: Any
) -> None:
    problem = await refused(place, matter, path, made(day), person)  # B28
    assert problem["errors"], problem


@pytest.mark.parametrize("days", [-1, 10**9, "5", 1.5])
async def test_a_count_of_days_that_cannot_be_is_named(
    place: Place, matter: Any, days: Any
) -> None:
    pause = {**REVIEW, "expected_days": days}  # B31
    problem = await refused(place, matter, f"items/{PERMIT}/special-procedure", pause)
    assert problem["errors"][0]["at"][-1] == "expected_days"
    longer = {**EXTENDED, "days": days}
    problem = await refused(place, matter, f"items/{PERMIT}/extension", longer)
    assert problem["errors"][0]["at"][-1] == "days"


async def test_no_day_before_the_acceptance_or_in_the_future_is_taken(
    place: Place, matter: Any
) -> None:
    today = legal_day(place.world.clock())
    path = f"items/{PERMIT}/special-procedure"
    ahead = {**REVIEW, "effective": (today + timedelta(days=1)).isoformat()}
    problem = await refused(place, matter, path, ahead)  # B29
    assert problem["errors"][0]["code"] == "in_the_future"
    opened_on = date.fromisoformat(place.told(matter)["opened_on"])
    before = {**REVIEW, "effective": (opened_on - timedelta(days=1)).isoformat()}
    problem = await refused(place, matter, path, before)
    assert problem["errors"][0]["code"] == "before_the_matter"
    for stamp in ("2026-03-01T10:00:00", "2026-06-30T23:59:60Z"):  # B30
        await refused(place, matter, path, {**REVIEW, "effective": stamp})


async def test_what_is_dated_before_the_step_before_it_is_refused(place: Place) -> None:
    """Accepted before it was filed, resumed before it was suspended: each names the last step."""
    matter = await place.matter()
    place.world.advance(days=4)
    await place.granted(matter, FILING)
    await place.filed(matter, PERMIT)
    yesterday = (legal_day(place.world.clock()) - timedelta(days=1)).isoformat()
    early = {"effective": yesterday}
    problem = await refused(place, matter, f"items/{PERMIT}/acceptance", early, "approver", 409)
    assert problem["reason"] == "before_the_last_step"
    await place.ask(matter, f"items/{PERMIT}/acceptance", {}, "approver")
    path = f"items/{PERMIT}/special-procedure"
    problem = await refused(place, matter, f"{path}/end", {}, "approver", 409)  # B64
    assert problem["reason"] == "not_in_this_state" and problem["details"]["allowed"]
    await place.ask(matter, path, REVIEW, "approver")
    problem = await refused(place, matter, f"{path}/end", early, "approver", 409)
    assert problem["reason"] == "before_the_last_step"
    assert problem["details"]["last_step_on"] > yesterday


async def test_after_all_of_it_everything_can_be_read(place: Place, matter: Any) -> None:
    w = place.world
    for path in ("", "/plan", f"/items/{PERMIT}/why", f"/items/{PERMIT}/clocks"):
        await w.get("supervision", f"/matters/{matter}{path}", "auditor")
    await w.get("supervision", "/morning", "office", area=w.area)
