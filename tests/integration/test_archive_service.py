"""Archive among four speakers: everything is filed, checked, closed, read and proved."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from typer.testing import CliRunner

from contracts.assignment import MatterRouted
from contracts.evaluation import EvaluationInvited
from contracts.event import Event, Personal
from contracts.intake import (
    MaterialReceived,
    ServiceAccepted,
)
from contracts.supervision import (
    ItemClosed,
    OriginalsReturned,
    ResultDelivered,
    WorkLogged,
)
from services.archive import cli, inbox
from services.archive.service import SPEAKERS
from services.onebox.platform import Platform
from shared.effects import new_id
from tests.conftest import REPOSITORY
from tests.integration.archive_scene import Scene, Speaker
from tests.patience import START
from tests.world import world


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


async def test_every_fact_of_a_matter_is_filed_and_the_request_opens_the_file(s: Scene) -> None:
    entries = await s.serve_to_the_end()
    file = await s.file(entries)
    assert (file["number"], file["state"], file["entries"]) == (s.number, "open", entries)
    assert file["items"]["S1-01"]["closed"] is True and file["lacking"] == []
    contents = sorted(d["content"] for d in file["documents"])
    assert contents == ["application", "forms", "forms"]
    assert file["waiting"] == [] and await s.w.parked() == []


async def test_a_file_is_found_by_its_number(s: Scene) -> None:
    await s.request()
    found = await s.w.eventually(
        lambda: s.w.get("archive", "/matters", "auditor", number=s.number),
        lambda listed: listed["files"],
    )
    (row,) = found["files"]
    assert (row["matter"], row["closed"]) == (str(s.matter), False)
    first = await s.w.get("archive", "/matters", "auditor", limit=1)
    rest = await s.w.get("archive", "/matters", "auditor", after=first["next"], limit=200)
    assert first["files"][0] not in rest["files"]


async def test_the_whole_way_from_check_to_closing_to_proof(s: Scene, tmp_path: Path) -> None:
    await s.serve_to_the_end()
    checked = await s.w.post("archive", f"{s.path}/check", person="archivist", expect=200)
    assert checked.json()["recorded"] == ["archive.file_checked.v1"]
    closed = await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=200)
    assert closed.json()["recorded"] == [
        "archive.archive_tested.v1",
        "archive.document_filed.v1",
        "archive.file_closed.v1",
    ]
    file = await s.file()
    assert file["state"] == "closed" and file["check"]["complete"] is True

    entries = await s.w.get("archive", f"{s.path}/entries", "auditor")
    bodies = [json.loads(e["body"]) for e in entries["entries"]]
    last = {b["about"]["type"]: b["fact"] for b in bodies}
    relied = {r["store"]: r["position"] for r in last["archive.file_closed.v1"]["relied_on"]}
    assert relied.keys() == set(SPEAKERS) and all(relied.values())
    assert last["archive.file_closed.v1"]["checked_by"] in {b["about"]["id"] for b in bodies}

    proof = await s.w.get("archive", f"{s.path}/verification", "auditor")
    assert (proof["verdict"], proof["compared"]) == ("valid", True), proof
    told = await onefile("verify", str(s.matter), "--home", s.box(tmp_path / "box"))
    assert told.exit_code == 0, told.output
    assert "有效" in told.output and "不能证明" in told.output


@pytest.mark.parametrize(
    ("missing", "condition"),
    [
        (ItemClosed, "items_closed"),
        (ResultDelivered, "results_delivered"),
        (OriginalsReturned, "originals_returned"),
        (EvaluationInvited, "evaluation_invited"),
        (MaterialReceived, "content"),
    ],
)
async def test_what_is_lacking_is_named_and_keeps_the_file_open(
    s: Scene, missing: type[Event], condition: str
) -> None:
    await s.serve_to_the_end(leave_out=missing)
    await s.w.post("archive", f"{s.path}/check", person="archivist", expect=200)
    refused = await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=409)
    assert refused.json()["reason"] == "file_not_complete"
    lacking = {lack["condition"] for lack in refused.json()["details"]["lacking"]}
    assert lacking == {condition, "file_checked"}


async def test_an_approver_waives_a_content_with_reasons_and_the_file_closes(s: Scene) -> None:
    await s.serve_to_the_end(leave_out=MaterialReceived)
    waive = {"waive": ["application"], "waiver_reasons": "单位自行申报，材料未经手"}
    path = f"{s.path}/check"
    refused = await s.w.post("archive", path, waive, person="archivist", expect=409)
    assert refused.json()["reason"] == "waiver_needs_an_approver"
    await s.w.post("archive", path, waive, person="approver", expect=200)
    await s.w.post("archive", f"{s.path}/closing", person="archivist", expect=200)
    (waived,) = (await s.file())["check"]["waived"]
    assert waived == {"content": "application", "approver": s.w.person("approver").id}


async def test_documents_are_added_and_handed_over_to_the_unit(s: Scene) -> None:
    await s.request()
    await s.file()
    photo = {"content": "photo", "title": "会议照片", "paper": True}
    await s.w.post("archive", f"{s.path}/documents", photo, person="archivist", expect=200)
    (document,) = (await s.file())["documents"]
    assert document["content"] == "photo"
    over: dict[str, Any] = {
        "holder": "applicant",
        "documents": [document["document"]],
        "recipient": "测试公司经办人乙",
    }
    bare = await s.w.post(
        "archive", f"{s.path}/handovers", over, person="archivist", expect=409
    )
    assert bare.json()["reason"] == "list_not_signed"
    over["on_paper"] = True
    await s.w.post("archive", f"{s.path}/handovers", over, person="archivist", expect=200)
    assert (await s.file())["documents"][0]["handed_over"] is True
    entries = await s.w.get("archive", f"{s.path}/entries", "auditor")
    assert "会议照片" not in json.dumps(entries, ensure_ascii=False)  # a digest alone


async def test_strangers_see_no_file_and_the_unit_sees_its_own(s: Scene) -> None:
    await s.request()
    await s.file()

    async def status(person: str) -> int:
        return (await s.w.client("archive", person).get(s.path)).status_code

    assert await status("unit") == 200 and await status("clerk") == 200
    assert await status("agent2") == 404  # serves the place, has no part in this matter
    assert await status("handler") == 404  # an account of a unit, not of this one
    refused = await s.w.post("archive", f"{s.path}/closing", person="unit")
    assert refused.status_code == 403
    nothing = await s.w.client("archive", "auditor").get(f"/matters/{new_id()}")
    assert nothing.status_code == 404


async def test_a_cut_shows_the_file_as_it_stood_then(s: Scene) -> None:
    await s.request()
    at = (await s.file())["position"]
    await s.say("intake", ServiceAccepted(body="hall"))
    await s.file(2)
    then = await s.w.get("archive", s.path, "auditor", at=at)
    assert (then["standing"], then["position"], then["entries"]) == ("requested", at, 1)
    entries = await s.w.get("archive", f"{s.path}/entries", "auditor", at=at)
    assert len(entries["entries"]) == 2  # the file was opened, the request filed


async def test_every_promise_has_its_clock_in_the_file(s: Scene, tmp_path: Path) -> None:
    """Acceptance is promised within a working day, by the place or by a default of ours."""
    path = f"{s.path}/promises"
    began = s.w.today()
    await s.request()
    days = {began.isoformat(), s.w.today().isoformat()}  # the legal midnight may be between
    then = (await s.file())["position"]

    async def acceptance(**at: int) -> dict[str, Any]:
        found = await s.w.get("archive", path, "auditor", **at)
        (one,) = [p for p in found["promises"] if p["ends"] == "ServiceAccepted"]
        return one  # type: ignore[no-any-return]

    asked = await acceptance()
    (run,) = asked["runs"]
    assert (run["state"], run["of"]) == ("running", None) and run["started_on"] in days
    assert (asked["rule"], asked["label"]) == ("clocks.promises.acceptance", "默认值")
    s.w.advance(days=30)
    assert [one["state"] for one in (await acceptance())["runs"]] == ["overdue"]
    later = s.w.today()
    await s.say("intake", ServiceAccepted(body="hall"))
    days = {later.isoformat(), s.w.today().isoformat()}
    await s.file(2)
    (done,) = (await acceptance())["runs"]
    assert done["state"] == "late" and done["ended_on"] in days
    assert [one["state"] for one in (await acceptance(at=then))["runs"]] == ["running"]

    told = await onefile("promises", str(s.matter), "--home", s.box(tmp_path / "box"))
    assert told.exit_code == 0, told.output
    assert "clocks.promises.acceptance" in told.output and "逾期完成" in told.output
    stranger = await s.w.client("archive", "agent2").get(path)
    assert stranger.status_code == 404


async def test_the_story_is_told_in_both_languages_with_late_acts_on_their_day(
    s: Scene,
) -> None:
    await s.request()
    late = WorkLogged(kind="errand", entry=Personal("两天前跑办，今日补录"))
    await s.say("supervision", late, effective="2026-01-05")
    await s.file(2)
    chinese = await s.w.get("archive", f"{s.path}/story", "auditor")
    assert chinese["lines"][0]["day"] == "2026-01-05"
    assert "记工作日志" in chinese["lines"][0]["text"]
    client = s.w.client("archive", "auditor")
    headers = {"Accept-Language": "en", "Accept": "text/plain"}
    english = await client.get(f"{s.path}/story", headers=headers)
    assert "the unit" in english.text and english.text.startswith("2026-01-05")


async def test_a_project_has_one_history_over_its_matters(s: Scene) -> None:
    other = s.another()
    await s.register()
    await s.request()
    await other.request()
    project = await s.w.until(
        "archive", f"/projects/{s.project}", lambda p: len(p["lines"]) == 3
    )
    assert {m["matter"] for m in project["matters"]} == {str(s.matter), str(other.matter)}
    places = [line["position"] for line in project["lines"]]
    assert places == sorted(places) and project["lines"][0]["type"].endswith("registered.v1")


async def test_an_auditor_replays_and_watches_at_the_command_line(
    s: Scene, tmp_path: Path
) -> None:
    entries = await s.serve_to_the_end()
    await s.file(entries)
    home = s.box(tmp_path / "box")
    told = await onefile("replay", str(s.matter), "--home", home)
    assert told.exit_code == 0 and s.number in told.output, told.output
    assert "项目单位" in told.output and "已销号" in told.output
    told = await onefile("replay", str(s.matter), "--home", home, "--english", "--story")
    assert "asked for the service" in told.output, told.output
    told = await onefile("replay", str(s.matter), "--home", home, "--json", "--at", "1000000")
    first, *rows = [json.loads(line) for line in told.output.splitlines()]
    assert first["state"]["number"] == s.number and len(rows) >= entries
    told = await onefile("tail", "--home", home, "--last", "2", "--service", "evaluation")
    assert told.exit_code == 0 and "邀请单位评价" in told.output, told.output
    unknown = await onefile("replay", f"{s.w.area}-1999-1", "--home", home)
    assert unknown.exit_code == 2 and "没有这一办件" in unknown.output
    nowhere = await onefile("verify", str(s.matter), "--home", str(tmp_path / "none"))
    assert nowhere.exit_code == 2 and "onefile up" in nowhere.output


async def test_a_caused_fact_waits_for_its_cause_and_a_cause_nobody_told_is_not_waited_for(
    s: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    routed = MatterRouted(site="elsewhere", to=("depts",), lead="depts", rule="routing")
    await s.request()
    await s.file()
    await s.say("assignment", routed, heard=("intake", new_id()))
    waits = await s.w.until("archive", s.path, lambda f: f["waiting"])
    assert waits["entries"] == 1
    refused = await s.w.post("archive", f"{s.path}/check", person="archivist")
    assert refused.status_code == 503  # the file is not in order: nobody decides on it
    monkeypatch.setattr(inbox, "LONG_WAIT", 0.0)
    filed = await s.file(2)
    assert filed["waiting"] == []


async def test_copies_never_change_whoever_asks(s: Scene, platform: Platform) -> None:
    await s.request()
    await s.file()
    dsn = s.w.databases.services["archive"]
    owner = platform.pg_dsn(urlsplit(dsn).path.strip("/"))
    for asking, refusal in (
        (dsn, asyncpg.InsufficientPrivilegeError),
        (owner, asyncpg.RestrictViolationError),
    ):
        connection = await asyncpg.connect(asking)
        try:
            for change in (
                "UPDATE copies SET position = position + 1000",
                "DELETE FROM copies",
                "TRUNCATE copies CASCADE",
            ):
                with pytest.raises(refusal):
                    await connection.execute(change)
            with pytest.raises(asyncpg.CheckViolationError):
                await connection.execute(
                    "INSERT INTO copies (store, position, body, leafhash, origins)"
                    " SELECT store, 999999, body, '\\x00', origins FROM copies LIMIT 1"
                )
        finally:
            await connection.close()


async def test_an_auditor_follows_events_as_they_come(s: Scene, tmp_path: Path) -> None:
    arguments = ("tail", "--follow", "--last", "0", "--home", s.box(tmp_path / "box"))
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "from services.archive.cli import main; main()",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(REPOSITORY), "PYTHONUNBUFFERED": "1"},
    )
    assert child.stdout is not None
    try:
        async with asyncio.timeout(START):
            seen = b""
            while b"intake" not in seen:
                await s.say("intake", ServiceAccepted(body="hall"))
                with contextlib.suppress(TimeoutError):
                    seen = await asyncio.wait_for(child.stdout.readline(), 1)
            child.send_signal(signal.SIGINT)
            assert await child.wait() == 0
    finally:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
    assert "受理服务申请" in seen.decode()
