"""Every store is checked from its bytes alone, and each way to change one is named where it is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import nats
import pytest
from nats.js.errors import APIError
from typer.testing import CliRunner

from contracts.canonical import body_of, leaf_hash
from services.archive.service import SPEAKERS
from services.intake.app import SPEC as INTAKE
from services.onebox import checking
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.tlog.note import believed, read_note, read_vkey
from tests.integration.archive_scene import Scene, Speaker
from tests.patience import PATIENCE
from tests.world import world


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {name: Speaker(name) for name in SPEAKERS}
    specs = [
        replace(one.spec(), projections=INTAKE.projections, migrations=INTAKE.migrations,
                beside=INTAKE.beside) if name == "intake" else one.spec()
        for name, one in speakers.items()
    ]  # fmt: skip
    async with world(platform, [*specs, "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
async def s(stage: Scene) -> Scene:
    return await stage.opened()


async def checked(s: Scene, service: str) -> dict[str, Any]:
    """Begin a check and wait for its result."""

    async def read() -> dict[str, Any]:
        return dict(await s.w.get(service, "/log/checks", "auditor", limit=1))

    async def resting() -> dict[str, Any]:
        """What is kept once no check is under way: that is seen before the rest is."""
        await s.w.eventually(read, lambda a: not a["running"])
        return await read()

    before = await resting()
    last = before["checks"][0]["number"] if before["checks"] else 0

    async def made() -> dict[str, Any]:
        """Asked again where none came of it: one under way is not begun twice, and a store that
        did not answer in time is not checked.
        """
        await s.w.post(service, "/log/checks", {}, "auditor", expect=202)
        return await resting()

    after = await s.w.eventually(
        made, lambda a: a["checks"] and a["checks"][0]["number"] > last
    )
    return dict(after["checks"][0])


async def admin(platform: Platform, s: Scene, service: str) -> Any:
    """A superuser past every trigger."""
    name = s.w.databases.services[service].rpartition("/")[2]
    connection = await asyncpg.connect(f"{platform.pg_dsn().rpartition('/')[0]}/{name}")
    await connection.execute("SET session_replication_role = replica")
    await connection.execute("ALTER EVENT TRIGGER log_guards_stand DISABLE")
    await connection.execute("ALTER TABLE events DISABLE TRIGGER ALL")
    return connection


async def test_a_true_store_has_no_difference_and_the_result_is_signed(s: Scene) -> None:
    for service in ("intake", "archive", "supervision"):
        found = await checked(s, service)
        assert found["found"] == 0, found
        assert found["upto"] == found["parts"]["log"]["compared"]
        async with httpx.AsyncClient(trust_env=False, timeout=PATIENCE) as client:
            vkey = (await client.get(f"{s.w.addresses[service]}/log/vkey")).text
        assert believed(read_note(found["note"]), [read_vkey(vkey)])
    found = await checked(s, "archive")
    assert found["parts"]["views"]["compared"] >= 1
    assert found["parts"]["stream"]["compared"] >= 2


@pytest.mark.attack(
    what="改动视图中的值、删行、加行（不动事件）: a view says other than its events",
    by="影子重放 shadow replay, by table, key and column",
)
async def test_a_view_that_says_other_than_its_events_is_named_by_row_and_column(
    s: Scene, platform: Platform
) -> None:
    owner = await admin(platform, s, "archive")
    other = s.another()
    await other.request()
    await other.file(1)
    await s.w.settled()
    await owner.execute("UPDATE view_files SET entries = 99 WHERE matter = $1", s.matter)
    await owner.execute("DELETE FROM view_files WHERE matter = $1", other.matter)
    views = (await checked(s, "archive"))["parts"]["views"]
    named = {(f["code"], f["where"]) for f in views["faults"]}
    assert ("value_differs", f"view_files {s.matter} .entries") in named
    assert ("row_missing", f"view_files {other.matter}") in named
    await owner.execute("DELETE FROM view_files")
    await owner.execute("DELETE FROM view_entries")
    await owner.execute("DELETE FROM cursors WHERE reader LIKE 'view:%'")  # made again
    await owner.close()

    async def whole() -> bool:
        return int((await checked(s, "archive"))["parts"]["views"]["found"]) == 0

    await s.w.eventually(whole)


@pytest.mark.attack(
    what="超级用户停用触发器后改一条事件: a superuser edits an event past every trigger",
    by="叶摘要 leaf hash, recomputed from the bytes",
)
async def test_a_changed_event_is_named_by_its_position(s: Scene, platform: Platform) -> None:
    owner = await admin(platform, s, "supervision")
    await s.say("supervision", *said())
    await s.w.settled()
    position = await owner.fetchval("SELECT max(position) FROM events")
    fact = await owner.fetchval("SELECT fact FROM events WHERE position = $1", position)
    try:
        await owner.execute("UPDATE events SET fact = '{}' WHERE position = $1", position)
        log = (await checked(s, "supervision"))["parts"]["log"]
        assert [f["where"] for f in log["faults"]] == [f"position {position}"]
        assert log["faults"][0]["code"] == "bytes_changed"
    finally:
        await owner.execute("UPDATE events SET fact = $2 WHERE position = $1", position, fact)
        await owner.close()


@pytest.mark.attack(
    what="改写查询列、瓦片、检查点: columns, tiles or checkpoints say other than the bytes",
    by="核对 onefile check: every column, tile and note",
)
async def test_columns_and_checkpoints_are_held_against_the_bytes(
    s: Scene, platform: Platform
) -> None:
    owner = await admin(platform, s, "evaluation")
    await s.say("evaluation", *said("evaluation"))
    await s.w.until("evaluation", "/log/position", lambda a: a["position"] >= 1)

    async def signs() -> int:
        return int(await owner.fetchval("SELECT count(*) FROM checkpoints WHERE size > 0"))

    await s.w.eventually(signs)
    await owner.execute("UPDATE checkpoints SET root = $1", b"x" * 32)
    await owner.execute(
        "UPDATE events SET recorded = recorded - interval '1 day' WHERE position = 1"
    )
    log = (await checked(s, "evaluation"))["parts"]["log"]
    codes = {f["code"] for f in log["faults"]}
    assert {"root_differs", "note_invalid", "column_differs"} <= codes
    await owner.close()


@pytest.mark.attack(
    what="超级用户改事件并重算叶摘要: a superuser rewrites an event and recomputes its hash",
    by="已签根摘要与消息流 signed root, and the stream's own copy",
)
async def test_a_rewritten_event_with_a_fitting_hash_differs_from_root_and_stream(
    s: Scene, platform: Platform
) -> None:
    owner = await admin(platform, s, "assignment")
    await s.say("assignment", *said("assignment"))
    position = await owner.fetchval("SELECT max(position) FROM events")

    async def signed() -> int:
        return int(await owner.fetchval("SELECT coalesce(max(size), 0) FROM checkpoints"))

    await s.w.eventually(signed, lambda size: size >= position)
    await s.w.settled()  # so it was heard, over the stream
    row = await owner.fetchrow("SELECT * FROM events WHERE position = $1", position)
    forged = row["fact"].replace('"hall"', '"park"')
    leaf = leaf_hash(body_of(row["about"], forged))
    change = "UPDATE events SET fact = $2, leafhash = $3 WHERE position = $1"
    await owner.execute(change, position, forged, leaf)
    parts = (await checked(s, "assignment"))["parts"]
    assert "root_differs" in {f["code"] for f in parts["log"]["faults"]}
    assert [(f["code"], f["where"]) for f in parts["stream"]["faults"]] == [
        ("message_differs", f"sequence {position}")
    ]
    await owner.execute(change, position, row["fact"], row["leafhash"])
    assert (await checked(s, "assignment"))["found"] == 0
    await owner.close()


@pytest.mark.attack(
    what="删改消息流中的消息: somebody deletes a message of the stream",
    by="NATS 流禁止删除 the stream denies deletion",
)
async def test_the_stream_lets_nobody_delete_a_message(s: Scene) -> None:
    settings = s.speakers["intake"].floors[0].settings
    token = settings.nats_token.get_secret_value() if settings.nats_token else None
    client = await nats.connect(settings.nats_url, token=token)
    try:
        with pytest.raises(APIError, match="not permitted"):
            await client.jetstream().delete_msg("ONEFILE_INTAKE", 1)
    finally:
        await client.close()


async def test_strangers_neither_begin_a_check_nor_read_one(s: Scene) -> None:
    assert (await s.w.client("intake", "clerk").get("/log/checks")).status_code == 403
    assert (await s.w.post("intake", "/log/checks", {}, "clerk")).status_code == 403


async def test_a_person_sees_it_at_the_command_line(s: Scene, tmp_path: Path) -> None:
    s.box(tmp_path)
    state = json.loads((tmp_path / "box.json").read_text())
    state["addresses"] = {"intake": state["addresses"]["intake"]}
    (tmp_path / "box.json").write_text(json.dumps(state))
    done = await asyncio.to_thread(
        CliRunner().invoke, checking.main, ["check", "--home", str(tmp_path)]
    )
    assert done.exit_code == 0, done.output
    assert "无差异 ok" in done.output and "in the log at" in done.output
    again = await asyncio.to_thread(
        CliRunner().invoke, checking.main, ["check", "--last", "--home", str(tmp_path)]
    )
    assert again.exit_code == 0, again.output


def said(store: str = "supervision") -> tuple[Any, ...]:
    from contracts.event import Personal
    from contracts.supervision import WorkLogged
    from tests.integration.archive_scene import invitation
    from tests.integration.test_erasure import staff

    match store:
        case "evaluation":
            return (invitation(f"p:{new_id()}"),)
        case "assignment":
            return (staff(f"p:{new_id()}"),)
    return (WorkLogged(kind="errand", entry=Personal("跑办")),)
