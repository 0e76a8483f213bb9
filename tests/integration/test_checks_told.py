"""A check's result is a fact of the log, once: also of an altered store, and of one that refused."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest
from typer.testing import CliRunner

from contracts.intake import HistoryChecked
from services.archive.app import SPEC as ARCHIVE
from services.onebox import checking
from services.onebox.platform import Platform
from shared import rechecking
from shared.checked import Teller
from shared.effects import system_clock
from shared.eventstore.log import open_log
from shared.handling import Handling
from shared.rechecking import NIGHT, Checker
from shared.zone import LEGAL_ZONE
from tests.integration.archive_scene import Scene, Speaker
from tests.integration.test_check import admin, checked
from tests.patience import PATIENCE
from tests.world import world

APPEND = "FUNCTION append_v1"
FREE = """
    SELECT NOT EXISTS (
        SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory'
          AND l.objid::bigint = hashtext('onefile.check')::bigint & 4294967295)
"""


@pytest.fixture(scope="module")
async def stage(platform: Platform) -> AsyncIterator[Scene]:
    speakers = {"intake": Speaker("intake")}
    with pytest.MonkeyPatch.context() as patched:
        # A process that looks each minute would tell what a test wants to see untold.
        patched.setattr(rechecking, "LOOK", 3_600.0)
        async with _living(platform, speakers) as scene:
            yield scene


@asynccontextmanager
async def _living(platform: Platform, speakers: dict[str, Speaker]) -> AsyncIterator[Scene]:
    async with world(platform, [speakers["intake"].spec(), "archive"]) as w:
        yield Scene(w, speakers, 0)


@pytest.fixture
async def s(stage: Scene) -> Scene:
    return await stage.opened()


async def said(s: Scene, service: str) -> list[dict[str, Any]]:
    """The facts of this kind in a log, each with what it is about."""
    connection = await asyncpg.connect(s.w.databases.services[service])
    try:
        rows = await connection.fetch(
            "SELECT position, stream::text, about, fact FROM events"
            " WHERE type LIKE '%.history_checked.v1' ORDER BY position"
        )
    finally:
        await connection.close()
    return [
        {
            **orjson.loads(row["fact"]),
            "about": orjson.loads(row["about"]),
            "at": row["position"],
        }
        for row in rows
    ]


async def told(s: Scene, service: str, number: int) -> dict[str, Any]:
    """The check of this number, once it stands in the log."""

    async def read() -> list[Any]:
        answer = await s.w.get(service, "/log/checks", "auditor", limit=20)
        return [one for one in answer["checks"] if one["number"] == number and one["position"]]

    return dict((await s.w.eventually(read))[0])


def checker(s: Scene, service: str = "intake", *, teller: bool = True) -> Checker:
    """What a process of this service checks with; `teller=False`: it dies before it can say so."""
    floor = s.speakers[service].floors[0]
    return Checker(
        service, s.w.databases.services[service], {}, {}, None, floor.settings.log_key(),
        system_clock, teller=Teller(floor.handling, floor.log.pool) if teller else None,
    )  # fmt: skip


async def test_a_result_is_one_fact_of_no_matter_that_names_the_kept_bytes(s: Scene) -> None:
    kept = await told(s, "intake", (await checked(s, "intake"))["number"])
    (fact,) = [one for one in await said(s, "intake") if one["check"] == kept["number"]]
    assert (fact["at"], fact["upto"], fact["found"]) == (kept["position"], kept["upto"], 0)
    assert fact["at"] > fact["upto"]  # it speaks of what was before it
    assert fact["report"] == sha256(kept["report"].encode()).hexdigest()
    assert fact["note"] == sha256(kept["note"].encode()).hexdigest()
    assert {part["part"] for part in fact["parts"]} == set(kept["parts"])
    about = fact["about"]
    assert (about["matter"], about["area"], about["actor"]) == (None, "000000", "s:intake")
    messages = await s.w.client("intake", "auditor").get(
        "/log/messages", params={"after": fact["at"] - 1, "limit": 1}
    )
    heard = orjson.loads(messages.content)
    assert heard["type"] == "intake.history_checked.v1" and heard["position"] == fact["at"]
    again = await checked(s, "intake")  # the fact itself, and its message, are compared as well
    assert again["found"] == 0 and again["upto"] >= fact["at"]


async def test_archive_files_it_apart_from_every_matter(s: Scene) -> None:
    kept = await told(s, "intake", (await checked(s, "intake"))["number"])
    connection = await asyncpg.connect(s.w.databases.services["archive"])

    async def filed() -> Any:
        return await connection.fetchrow(
            "SELECT f.matter FROM view_entries e LEFT JOIN view_files f ON f.matter = e.file"
            " WHERE e.store = 'intake' AND e.store_position = $1", kept["position"],
        )  # fmt: skip

    try:
        row = await s.w.eventually(filed, lambda row: row is not None)
    finally:
        await connection.close()
    assert row["matter"] is None
    story = await s.w.get("archive", f"{s.path}/story", "auditor")
    assert "history_checked" not in orjson.dumps(story).decode()


async def test_two_replicas_and_many_askings_say_it_once(s: Scene) -> None:
    kept = await told(s, "intake", (await checked(s, "intake"))["number"])
    floor = s.speakers["intake"].floors[0]
    key = sha256(b"command digests\x00" + floor.settings.deployment_key()).digest()
    await checker(s, teller=False).check()  # kept by a process that ended before it said so
    async with open_log("intake", s.w.databases.services["intake"]) as log:
        other = Teller(Handling(log, floor.keeper, key, simulated=True), log.pool)
        mine = Teller(floor.handling, floor.log.pool)
        await asyncio.gather(*(teller.tell() for teller in (mine, other, mine, other)))
    numbers = [one["check"] for one in await said(s, "intake")]
    assert numbers == sorted(set(numbers)) and numbers[-1] == kept["number"] + 1


async def test_what_a_process_kept_and_never_said_is_said_at_the_next_start(s: Scene) -> None:
    kept = [await checker(s, teller=False).check() for _ in range(2)]
    before = await said(s, "intake")
    assert not {one["number"] for one in kept} & {fact["check"] for fact in before}
    started = asyncio.create_task(checker(s).run())
    try:
        for one in kept:
            await told(s, "intake", one["number"])
    finally:
        started.cancel()
    facts = (await said(s, "intake"))[len(before) :]
    assert [fact["check"] for fact in facts] == [one["number"] for one in kept]
    for fact in facts:  # it happened when the check ended, and was written down later
        assert fact["about"]["effective"][:23] == fact["ended_at"].replace("Z", "")[:23]


async def test_a_store_is_due_once_a_night_has_passed_and_not_before(s: Scene) -> None:
    one = checker(s)
    await one.check()
    today = datetime.combine(system_clock().astimezone(LEGAL_ZONE).date(), NIGHT, LEGAL_ZONE)
    one.clock = lambda: today + timedelta(days=2, seconds=-1)
    assert await one._due()  # of the night before
    ended = rechecking.ENDED.labels("intake")._value.get()
    assert (
        abs(ended - system_clock().timestamp()) < 600
    )  # known without a check of this process
    one.clock = system_clock
    assert not await one._due()
    empty = replace(one, dsn=s.w.databases.services["archive"], service="archive")
    connection = await asyncpg.connect(empty.dsn)
    try:
        born = await connection.fetchval("SELECT recorded FROM events WHERE position = 1")
    finally:
        await connection.close()
    empty.clock = lambda: (
        born + timedelta(minutes=2)
    )  # a store of today waits for its first night
    nights = (
        born.astimezone(LEGAL_ZONE).time() < NIGHT < empty.clock().astimezone(LEGAL_ZONE).time()
    )
    assert await empty._due() is nights
    empty.clock = lambda: born + timedelta(days=2)
    assert await empty._due()


async def test_a_store_that_did_not_answer_once_is_checked_the_next_time(s: Scene) -> None:
    one = checker(s)
    away = replace(one, dsn="postgresql://nobody@127.0.0.1:9/nowhere")
    for _ in range(2):
        with pytest.raises(OSError):  # not `Busy`: nothing is under way
            await away.check()
        assert not away.running
    away.dsn = one.dsn
    assert (await away.check())["number"]
    assert (await one.check())["number"]  # and nothing holds the lock behind it


async def test_a_check_that_was_cut_off_leaves_nothing_and_is_made_again(s: Scene) -> None:
    began = asyncio.Event()

    async def forever(*_: Any) -> None:
        began.set()
        await asyncio.Event().wait()

    one = checker(s, teller=False)
    cut = replace(one, service="archive", dsn=s.w.databases.services["archive"],
                  projections={"files": forever})  # fmt: skip
    before = (await s.w.get("archive", "/log/checks", "auditor", limit=1))["checks"]
    under_way = asyncio.create_task(cut.check())
    await asyncio.wait_for(began.wait(), PATIENCE)
    under_way.cancel()
    with pytest.raises(asyncio.CancelledError):
        await under_way
    assert not cut.running and not cut.unkept
    assert (await s.w.get("archive", "/log/checks", "auditor", limit=1))["checks"] == before
    connection = await asyncpg.connect(s.w.databases.services["archive"])
    try:
        await s.w.eventually(
            lambda: connection.fetchval(FREE)
        )  # its lock goes with its session
    finally:
        await connection.close()
    again = await checked(s, "archive")
    assert (await told(s, "archive", again["number"]))["found"] == 0


@pytest.mark.attack(
    what="篡改视图并写入姓名: an altered view, with a name written into it",
    by="历史核对入日志 history_checked: the fact says table and column, and holds no word of a row",
)
async def test_an_altered_store_says_so_itself_without_an_intruders_words(
    s: Scene, platform: Platform
) -> None:
    owner = await admin(platform, s, "archive")
    await s.w.settled()
    try:
        await owner.execute(
            "UPDATE view_files SET entries = 99, number = '张三' WHERE matter = $1", s.matter
        )
        found = await checked(s, "archive")
        assert found["found"] > 0 and "张三" in found["report"]
        await told(s, "archive", found["number"])
        (fact,) = [one for one in await said(s, "archive") if one["check"] == found["number"]]
        (views,) = [part for part in fact["parts"] if part["part"] == "views"]
        assert fact["found"] == found["found"] and views["found"] > 0
        assert {"code": "value_differs", "place": "view_files.entries"} in views["differences"]
        told_of = orjson.dumps(fact["parts"]).decode()
        assert str(s.matter) not in told_of and "张三" not in told_of
        HistoryChecked.model_validate(
            {k: v for k, v in fact.items() if k not in ("about", "at")}
        )
    finally:
        entries = await owner.fetchval(
            "SELECT count(*) FROM view_entries WHERE file = $1", s.matter
        )
        await owner.execute(
            "UPDATE view_files SET entries = $2, number = $3 WHERE matter = $1",
            s.matter, entries, s.number,
        )  # fmt: skip
        await owner.close()


@pytest.mark.attack(
    what="库拒绝追加，想让坏结果不留痕: a log that takes no event is to hide a bad night",
    by="先存已签结果，可写时补记 the signed row is kept first, the fact follows",
)
async def test_a_log_that_refuses_events_keeps_the_row_and_gets_the_fact_later(
    s: Scene, platform: Platform
) -> None:
    owner = await admin(platform, s, "intake")
    await s.w.settled()
    position = await owner.fetchval("SELECT max(position) FROM events")
    fact = await owner.fetchval("SELECT fact FROM events WHERE position = $1", position)
    await owner.execute(f"REVOKE EXECUTE ON {APPEND} FROM intake_writer")
    try:
        await owner.execute("UPDATE events SET fact = '{}' WHERE position = $1", position)
        found = await checked(s, "intake")
        assert found["found"] > 0 and found["note"] and found["position"] is None
        one = checker(s)
        await one.catch_up()  # refused again, and the service goes on
        assert found["number"] not in [f["check"] for f in await said(s, "intake")]
    finally:
        await owner.execute("UPDATE events SET fact = $2 WHERE position = $1", position, fact)
        await owner.execute(f"GRANT EXECUTE ON {APPEND} TO intake_writer")
        await owner.close()
    await one.catch_up()
    kept = await told(s, "intake", found["number"])
    (said_late,) = [f for f in await said(s, "intake") if f["check"] == found["number"]]
    assert said_late["found"] == found["found"] == kept["found"]
    (log,) = [part for part in said_late["parts"] if part["part"] == "log"]
    assert {"code": "bytes_changed", "place": f"position:{position}"} in log["differences"]


@pytest.mark.attack(
    what="超级用户删改保存的核对结果: a superuser deletes or rewrites the result of a bad night",
    by="下次核对对照日志所记摘要 the next check holds it against the digest in the log",
)
async def test_a_kept_result_cannot_be_taken_away_again(s: Scene, platform: Platform) -> None:
    numbers = [(await checked(s, "intake"))["number"] for _ in range(2)]
    places = [(await told(s, "intake", number))["position"] for number in numbers]
    owner = await admin(platform, s, "intake")
    await owner.execute("ALTER TABLE checks DISABLE TRIGGER ALL")
    rows = [await owner.fetchrow("SELECT * FROM checks WHERE number = $1", n) for n in numbers]
    try:
        await owner.execute("DELETE FROM checks WHERE number = $1", numbers[0])
        await owner.execute(
            "UPDATE checks SET report = replace(report, '\"found\":0', '\"found\":1')"
            " WHERE number = $1", numbers[1],
        )  # fmt: skip
        log = (await checked(s, "intake"))["parts"]["log"]
        assert [(fault["code"], fault["where"]) for fault in log["faults"]] == [
            ("result_gone", f"position {places[0]}"),
            ("result_differs", f"position {places[1]}"),
        ]
    finally:
        await owner.execute("DELETE FROM checks WHERE number = ANY ($1)", numbers)
        await owner.executemany(
            "INSERT INTO checks (number, began, ended, upto, found, report, note)"
            " OVERRIDING SYSTEM VALUE VALUES ($1, $2, $3, $4, $5, $6, $7)", rows,
        )  # fmt: skip
        await owner.execute("ALTER TABLE checks ENABLE ALWAYS TRIGGER checks_never_change")
        await owner.close()
    assert (await checked(s, "intake"))["found"] == 0


async def test_a_fact_that_was_altered_is_no_reason_to_answer_nobody(
    s: Scene, platform: Platform
) -> None:
    kept = await told(s, "intake", (await checked(s, "intake"))["number"])
    owner = await admin(platform, s, "intake")
    fact = await owner.fetchval("SELECT fact FROM events WHERE position = $1", kept["position"])
    change = "UPDATE events SET fact = $2 WHERE position = $1"
    try:
        await owner.execute(change, kept["position"], '{"check":"x"}')
        found = await checked(s, "intake")
        assert f"position {kept['position']}" in [
            fault["where"] for fault in found["parts"]["log"]["faults"]
        ]
        answer = await s.w.get("intake", "/log/checks", "auditor", limit=5)
        (altered,) = [one for one in answer["checks"] if one["number"] == kept["number"]]
        assert altered["position"] is None
    finally:
        await owner.execute(change, kept["position"], fact)
        await owner.close()


async def test_a_result_that_cannot_even_be_kept_waits_and_is_shown(
    s: Scene, platform: Platform, tmp_path: Path
) -> None:
    owner = await admin(platform, s, "intake")
    await owner.execute("REVOKE INSERT ON checks FROM intake_writer")
    try:
        await s.w.post("intake", "/log/checks", {}, "auditor", expect=202)

        async def unkept() -> Any:
            return (await s.w.get("intake", "/log/checks", "auditor", limit=1))["unkept"]

        (shown,) = await s.w.eventually(unkept)
        assert (shown["number"], shown["position"], shown["found"]) == (None, None, 0)
        assert shown["note"]
        s.box(tmp_path)
        seen = await asyncio.to_thread(
            CliRunner().invoke, checking.main,
            ["check", "--last", "--service", "intake", "--home", str(tmp_path)],
        )  # fmt: skip
        assert seen.exit_code == 0 and "not kept: the store refuses writes" in seen.output
        mine = checker(s)
        assert (await mine.check())["number"] is None and len(mine.unkept) == 1
        await mine.catch_up()
        assert len(mine.unkept) == 1 and not await mine._due()  # not made anew every minute
    finally:
        await owner.execute("GRANT INSERT ON checks TO intake_writer")
        await owner.close()
    (waited,) = mine.unkept
    await mine.catch_up()
    assert not mine.unkept
    (fact,) = [
        one
        for one in await said(s, "intake")
        if one["report"] == sha256(waited.report.encode()).hexdigest()
    ]
    assert fact["ended_at"][:19] == waited.ended.isoformat()[:19]


async def test_a_server_that_is_read_only_puts_the_check_off_and_ends_nothing(
    s: Scene, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rechecking, "LOOK", 0.01)
    tried = asyncio.Event()

    class Tries(Checker):
        async def _due(self) -> bool:
            return True

        async def check(self) -> dict[str, Any]:
            try:
                return await super().check()
            finally:
                tried.set()

    plain = checker(s, teller=False)
    views = Tries("archive", s.w.databases.services["archive"], ARCHIVE.projections,
                  ARCHIVE.beside, None, plain.key, system_clock)  # fmt: skip
    name = s.w.databases.services["archive"].rpartition("/")[2]
    owner = await admin(platform, s, "archive")
    await owner.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    task = asyncio.create_task(views.run())
    try:
        for _ in range(2):
            tried.clear()
            await asyncio.wait_for(
                asyncio.wait(
                    {task, asyncio.create_task(tried.wait())},
                    return_when=asyncio.FIRST_COMPLETED,
                ),
                PATIENCE,
            )
            assert not task.done(), task
    finally:
        task.cancel()
        await owner.execute("SET default_transaction_read_only = off")
        await owner.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        await owner.close()
