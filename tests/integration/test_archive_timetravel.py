"""A matter at another time, over HTTP and at the command line, and who looked at it."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from contracts.event import Personal
from contracts.intake import ServiceAccepted
from contracts.supervision import WorkLogged
from services.archive import cli
from services.archive.domain.file import LEGAL_ZONE
from services.archive.domain.timetravel import Cut
from services.archive.service import SPEAKERS
from services.archive.service.beginnings import Beginnings
from services.onebox.platform import Platform
from shared.eventstore.reading import read_personal
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.stored_file import queries_of
from tests.world import world

EVERY = 20
"""Entries of a long file, for a test."""


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    async with world(platform, [*(s.spec() for s in speakers.values()), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
def s(stage: Scene) -> Scene:
    """A new matter of a new project in the module's world."""
    return stage.anew()


async def onefile(*arguments: str) -> Any:
    """The auditor's command, run beside the services."""
    return await asyncio.to_thread(CliRunner().invoke, cli.main, list(arguments))


async def told(s: Scene) -> tuple[int, str]:
    """Requested; accepted; work of three days ago entered after. The place before, and that day."""
    await s.request()
    await s.say("intake", ServiceAccepted(body="hall"))
    await s.file(2)
    before = (await s.w.get("archive", f"{s.path}/state", "auditor"))["cut"]["known"]
    at = s.w.clock() - timedelta(days=3)
    late = WorkLogged(kind="errand", entry=Personal("跑办"))
    await s.say("supervision", late, effective=at.isoformat(timespec="milliseconds"))
    await s.file(3)
    return before, at.astimezone(LEGAL_ZONE).date().isoformat()


async def test_the_state_at_a_position_is_the_replay_there_with_its_hash_as_tag(
    s: Scene,
) -> None:
    before, _ = await told(s)
    client, path = s.w.client("archive", "auditor"), f"{s.path}/state"
    then = await client.get(path, params={"at": before})
    file = await s.w.get("archive", s.path, "auditor", at=before)
    state = then.json()["state"]
    assert {**state, "position": before} == {name: file[name] for name in (*state, "position")}
    assert then.headers["etag"] == f'"{then.json()["hash"]}"'
    same = await client.get(
        path, params={"at": before}, headers={"If-None-Match": then.headers["etag"]}
    )
    assert (same.status_code, same.content) == (304, b"")
    now = await client.get(path, headers={"If-None-Match": then.headers["etag"]})
    assert now.status_code == 200 and now.json()["state"]["entries"] == 3


async def test_a_time_of_the_clock_is_answered_with_the_position_it_meant(s: Scene) -> None:
    before, _ = await told(s)
    entries = (await s.w.get("archive", f"{s.path}/entries", "auditor"))["entries"]
    recorded = {e["position"]: json.loads(e["body"])["about"]["recorded"] for e in entries}
    meant = await s.w.get("archive", f"{s.path}/state", "auditor", when=recorded[before])
    assert meant["cut"] == {"known": before, "effective": None, "written": str(before)}
    known = [place for place in recorded if place <= before]
    assert meant["state"]["entries"] == 2 and before == max(known)


async def test_a_long_file_is_answered_from_its_beginning_as_from_the_whole(
    s: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    await s.request()
    await s.say("intake", ServiceAccepted(body="hall"))
    for module in ("domain.beginning", "service.beginnings"):
        monkeypatch.setattr(import_module(f"services.archive.{module}"), "EVERY", EVERY)
    lines = [WorkLogged(kind="errand", entry=Personal("跑办")) for _ in range(EVERY)]
    await s.say("supervision", *lines)
    await s.file(EVERY + 2)
    floor = s.speakers["intake"].floors[0]
    async with queries_of(s.w.databases.services["archive"]) as queries:
        kept = Beginnings(queries, floor.settings.deployment_key())

        async def folded() -> object:
            await kept.catch_up()
            return await kept.before(s.matter, Cut())

        await s.w.eventually(folded)
    path, client = f"{s.path}/state", s.w.client("archive", "auditor")
    filed = await s.w.get("archive", s.path, "auditor")
    questions: list[dict[str, Any]] = [
        {}, {"at": filed["position"]}, {"when": s.w.clock().isoformat()}
    ]  # fmt: skip
    with monkeypatch.context() as patched:
        patched.setattr(
            import_module("services.archive.api.timetravel"), "history_for", None
        )  # the whole file is not opened
        near = [(await client.get(path, params=asked)).json() for asked in questions]
        assert near[0]["state"]["entries"] == EVERY + 2
        stranger = await s.w.client("archive", "other").get(path)
        assert stranger.status_code in {403, 404}
        looked = await s.w.get("archive", f"{s.path}/looked", "auditor")
        purposes = [look["purpose"] for look in looked["looks"]]
        assert purposes.count("GET /matters/{id}/state") == len(questions)
    await s.w.get("archive", f"{s.path}/difference", "auditor", **{"from": "0"})
    assert near == [(await client.get(path, params=asked)).json() for asked in questions]


async def test_what_was_known_then_and_what_is_known_now_of_one_day_differ(s: Scene) -> None:
    before, day = await told(s)
    path = f"{s.path}/state"
    then = await s.w.get("archive", path, "auditor", effective=day, known="then")
    now = await s.w.get("archive", path, "auditor", effective=day)
    assert then["cut"]["known"] == 0 and now["cut"]["known"] > before
    assert (then["state"]["entries"], now["state"]["entries"]) == (0, 1)
    found = await s.w.get("archive", f"{s.path}/difference", "auditor", on=day)
    (line,) = found["learned"]
    assert (line["type"], line["day"]) == ("supervision.work_logged.v1", day)


@pytest.mark.attack(
    what="B90 过界的时点：负位置、未来位置、办件之前、未来时间: cuts past either end",
    by="时点查询 the answer says what it is: 422, 404, an empty state, as of now",
)
async def test_a_cut_past_either_end_is_refused_empty_or_said_to_be_now(s: Scene) -> None:
    await told(s)
    client, path = s.w.client("archive", "auditor"), f"{s.path}/state"
    for at in ("-1", "0", "x"):
        assert (await client.get(path, params={"at": at})).status_code == 422
    gone = await client.get(path, params={"at": 10**9})
    assert (gone.status_code, gone.json()["type"]) == (404, "urn:onefile:problem:not_found")
    before = (await client.get(path, params={"when": "2001-01-01"})).json()
    assert (before["state"]["number"], before["state"]["entries"]) == (None, 0)
    assert (before["cut"]["known"], before["as_of_now"]) == (0, False)
    now = (await client.get(path)).json()
    later = (s.w.clock() + timedelta(days=400)).isoformat()
    for asked in ({"when": later}, {"effective": later}, {"effective": "2099-01-01"}):
        answer = (await client.get(path, params=asked)).json()
        assert (answer["as_of_now"], answer["state"]) == (True, now["state"])
    earlier = (s.w.clock() - timedelta(days=400)).isoformat()
    assert not (await client.get(path, params={"effective": earlier})).json()["as_of_now"]


async def test_the_difference_is_told_in_words_and_as_a_patch(s: Scene) -> None:
    before, _ = await told(s)
    path = f"{s.path}/difference"
    found = await s.w.get("archive", path, "auditor", **{"from": "0", "to": str(before)})
    assert {"op": "replace", "path": "/number", "value": s.number, "before": None} in found[
        "patch"
    ]
    assert {p["actor"] for p in found["people"]} >= {s.w.person("clerk").id}
    assert any(s.number in line for line in found["text"])
    same = await s.w.get("archive", path, "auditor", **{"from": "3", "to": "3"})
    assert (same["patch"], same["learned"], same["people"]) == ([], [], [])


@pytest.mark.parametrize(
    "asked",
    ["state?when=soon", "state?at=3&when=2026-01-01", "state?known=then", "difference?from=x"],
)
async def test_a_cut_that_names_nothing_is_told_so(s: Scene, asked: str) -> None:
    await s.request()
    await s.file()
    answer = await s.w.client("archive", "auditor").get(f"{s.path}/{asked}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "cut_unclear"


async def test_a_past_view_shows_people_by_the_rights_of_today_alone(s: Scene) -> None:
    await told(s)
    titled = {"title": "测试材料", "content": "application"}
    await s.w.post("archive", f"{s.path}/documents", titled, "archivist", expect=(200, 201))
    path = f"{s.path}/state"
    at = (await s.w.get("archive", path, "archivist"))["cut"]["known"]
    shown = await s.w.get("archive", path, "archivist", at=at, personal=True)
    assert any("测试材料" in str(fields) for fields in shown["personal"].values())
    earlier = await s.w.get("archive", path, "archivist", at=at - 1, personal=True)
    assert "测试材料" not in str(earlier)
    outsider = s.w.client("archive", "agent2")
    assert (await outsider.get(path, params={"at": at})).status_code == 404
    assert (await outsider.get(f"{s.path}/difference")).status_code == 404


async def test_who_looked_is_told_for_every_service(s: Scene) -> None:
    await told(s)
    floor = s.speakers["intake"].floors[0]
    clerk = s.w.person("clerk").id
    await read_personal(floor.log, floor.keeper, s.matter, actor=clerk, purpose="test")
    asks = 0

    async def ask() -> Any:
        nonlocal asks
        asks += 1
        return await s.w.get("archive", f"{s.path}/looked", "auditor")

    answer = await s.w.eventually(ask, lambda told: told["silent"] == [])
    looks = [(look["service"], look["actor"], look["purpose"]) for look in answer["looks"]]
    assert ("intake", clerk, "test") in looks
    auditor = s.w.person("auditor").id
    assert ("archive", auditor, "GET /matters/{id}/state") in looks
    before, again = asks, await ask()
    asked = [look for look in again["looks"] if look["purpose"].endswith("/looked")]
    assert [look["actor"] for look in asked] == [auditor] * before
    refused = await s.w.client("archive", "clerk").get(f"{s.path}/looked")
    assert refused.status_code == 403


async def test_the_record_of_reads_is_for_auditors_and_asking_for_it_is_on_record(
    s: Scene,
) -> None:
    stream = {"stream": [str(s.matter), str(s.project)]}
    assert (
        await s.w.client("intake", "clerk").get("/log/reads", params=stream)
    ).status_code == 403
    first = await s.w.get("intake", "/log/reads", "auditor", **stream)
    assert first == {"service": "intake", "reads": []}
    second = await s.w.get("intake", "/log/reads", "auditor", **stream)
    assert {(r["actor"], r["purpose"], r["stream"]) for r in second["reads"]} == {
        (s.w.person("auditor").id, "GET /log/reads", one) for one in stream["stream"]
    }
    nothing = await s.w.client("intake", "auditor").get("/log/reads")
    assert nothing.status_code == 422


async def test_the_auditor_travels_at_the_command_line(s: Scene, tmp_path: Path) -> None:
    before, day = await told(s)
    home = ("--home", s.box(tmp_path / "home"))
    matter = str(s.matter)
    then = await onefile("replay", matter, "--at", str(before), "--effective", day, *home)
    assert then.exit_code == 0 and "未申请" in then.stdout
    diff = await onefile("diff", matter, "--from", "0", *home)
    assert diff.exit_code == 0 and "已受理" in diff.stdout and day in diff.stdout
    late = await onefile("diff", matter, "--on", day, "--english", *home)
    assert late.exit_code == 0 and f"now@{day}" in late.stdout
    patch = json.loads((await onefile("diff", matter, "--from", "0", "--json", *home)).stdout)
    assert {"op", "path"} <= patch[0].keys()
    same = await onefile("diff", matter, "--from", str(before), "--to", str(before), *home)
    assert "没有差别" in same.stdout
    looked = await onefile("looked", s.number, *home)
    assert looked.exit_code == 0 and s.w.person("auditor").id in looked.stdout
    for wrong in (("--from", "soon"), (), ("--from", "1", "--on", day)):
        assert (await onefile("diff", matter, *wrong, *home)).exit_code == 2


async def test_a_service_that_does_not_answer_is_named(platform: Platform) -> None:
    intake = Speaker("intake")
    async with world(platform, [intake.spec(), "archive"]) as w:
        s = Scene(w, {"intake": intake}, 1)
        await s.request()
        await s.file()
        answer = await w.get("archive", f"{s.path}/looked", "auditor")
        assert sorted(answer["silent"]) == ["assignment", "evaluation", "supervision"]
