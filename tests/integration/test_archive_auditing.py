"""An auditor draws a sample that anybody can draw again, and looks for events over all files."""

from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256

import pytest

from contracts.event import Personal
from contracts.intake import ServiceAccepted
from contracts.supervision import WorkLogged
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from tests.integration.archive_scene import Scene, Speaker
from tests.world import world


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
async def s(stage: Scene) -> Scene:
    """A new file of a new project, opened."""
    made = stage.anew()
    await made.request()
    await made.say("intake", ServiceAccepted(body="hall"))
    await made.file(2)
    await made.w.settled()
    return made


async def test_the_lowest_lots_are_drawn_and_the_list_is_named(s: Scene) -> None:
    asked = {"seed": "2026-11", "size": 200}
    found = await s.w.get("archive", "/sample", "auditor", **asked)
    lots = [one["lot"] for one in found["drawn"]]
    assert lots == sorted(lots) and len(lots) == found["population"]
    for one in found["drawn"]:
        assert one["lot"] == sha256(f"2026-11:{one['matter']}".encode()).hexdigest()
    listed = sorted(one["matter"] for one in found["drawn"])
    whole = "".join(f"{one}\n" for one in listed).encode()
    assert found["list_sha256"] == sha256(whole).hexdigest()
    assert str(s.matter) in listed


async def test_a_sample_is_drawn_again_from_the_list_of_then(s: Scene) -> None:
    first = await s.w.get("archive", "/sample", "auditor", seed="again", size=1)
    another = s.another()
    await another.request()
    await another.file(1)
    await s.w.settled()
    at = first["position"]
    again = await s.w.get("archive", "/sample", "auditor", seed="again", size=1, position=at)
    assert again["list_sha256"] == first["list_sha256"]
    assert [one["matter"] for one in again["drawn"]] == [
        one["matter"] for one in first["drawn"]
    ]
    now = await s.w.get("archive", "/sample", "auditor", seed="again", size=1)
    assert now["population"] == first["population"] + 1


async def test_events_entered_late_are_found_and_that_one_looked_is_on_record(s: Scene) -> None:
    at = s.w.clock() - timedelta(days=3)
    late = WorkLogged(kind="errand", entry=Personal("跑办"))
    await s.say("supervision", late, effective=at.isoformat(timespec="milliseconds"))
    await s.file(3)
    await s.w.settled()
    found = await s.w.get(
        "archive", "/events", "auditor", pattern="late", type="supervision.work_logged"
    )
    (event,) = [one for one in found["events"] if one["matter"] == str(s.matter)]
    assert (event["store"], event["type"]) == ("supervision", "supervision.work_logged.v1")
    assert event["text"] and event["day"] < event["recorded"][:10]
    assert len(event["leafhash"]) == 64
    none = await s.w.get(
        "archive", "/events", "auditor", pattern="late", type="intake.service_accepted"
    )
    assert str(s.matter) not in {one["matter"] for one in none["events"]}
    looks = await s.w.get("archive", f"{s.path}/reads", "auditor")
    assert "GET /events" in {one["purpose"] for one in looks["reads"]}


async def test_one_goes_on_where_the_last_answer_ended(s: Scene) -> None:
    first = await s.w.get("archive", "/events", "auditor", limit=1)
    second = await s.w.get("archive", "/events", "auditor", limit=1, before=first["before"])
    assert first["events"][0]["position"] > second["events"][0]["position"]


async def test_files_are_counted_by_area_for_whoever_may_read_them(s: Scene) -> None:
    for who in ("auditor", "clerk"):
        rows = (await s.w.get("archive", "/areas", who))["areas"]
        (row,) = [one for one in rows if one["area"] == s.w.area]
        assert row["open"] > 0 and row["closed"] == 0


async def test_an_entry_is_read_alone(s: Scene) -> None:
    whole = await s.w.get("archive", f"{s.path}/entries", "auditor")
    last = whole["entries"][-1]["position"]
    alone = await s.w.get("archive", f"{s.path}/entries", "auditor", after=last - 1)
    assert alone["entries"] == whole["entries"][-1:] and alone["position"] == last


@pytest.mark.parametrize("path", ["/sample?seed=x", "/events"])
async def test_whoever_is_no_auditor_draws_and_looks_for_nothing(s: Scene, path: str) -> None:
    answer = await s.w.client("archive", "clerk").get(path)
    assert answer.status_code == 403
