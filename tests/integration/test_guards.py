"""Nobody writes the log but through its one door, and the door keeps its own order."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from shared.effects import new_id, system_clock
from shared.eventstore.postgres import Connection
from shared.eventstore.units import Appended, Disclosure
from tests.integration.store import (
    SERVICE,
    append,
    connected,
    login,
    migrated,
    offer,
    proven,
    receipt,
    unit,
)

pytestmark = pytest.mark.store

READERS = (f"{SERVICE}_reader", "auditor")
LOGINS = (f"{SERVICE}_writer", *READERS)
POWERS = ("superuser", "replica", "owner")
COLUMNS = "position, recorded, stream, id, version, type, prev, leafhash, about, fact"
ADD = f"INSERT INTO events ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
COPIED = f"""
    INSERT INTO events ({COLUMNS})
    SELECT position + 2, recorded, stream, gen_random_uuid(), version + 2, type, prev, leafhash,
           about, fact FROM events
"""
INSERTS = (
    COPIED,
    f"{COPIED} WHERE false",
    f"{COPIED} ON CONFLICT DO NOTHING",
    f"{COPIED} ON CONFLICT (id) DO UPDATE SET fact = '{{}}'",
)
CHANGES = (
    "UPDATE events SET fact = '{}' WHERE position = 1",
    "UPDATE events SET recorded = recorded WHERE false",
    "DELETE FROM events",
    "TRUNCATE events",
    "UPDATE receipts SET digest = ''",
    "DELETE FROM receipts",
    "TRUNCATE receipts",
)
DENIED = asyncpg.InsufficientPrivilegeError  # 42501
UNCHANGEABLE = asyncpg.RestrictViolationError  # 23001
OUT_OF_ORDER = asyncpg.IntegrityConstraintViolationError  # 23000


@pytest.fixture
async def admin(database: str) -> AsyncIterator[Connection]:
    """A superuser, on a log that holds one stream of two events and a receipt."""
    await migrated(database)
    async with connected(database) as connection:
        stream = new_id()
        first = append(stream, 0, "{}", "{}")
        given = receipt(first.drafts[0].cause, stream, 2, 2, b"d")
        wish = unit(stream, 0)._replace(appends=(first,), receipts=(given,))
        assert await offer(connection, wish) == [Appended(2)]
        yield connection
        assert [e.stream for e in await proven(connection)][:2] == [stream, stream]


@asynccontextmanager
async def acting(admin: Connection, database: str, who: str) -> AsyncIterator[Connection]:
    """A connection that acts as `who`."""
    if who in LOGINS:
        async with connected(await login(database, who)) as connection:
            yield connection
        return
    if who == "replica":
        await admin.execute("SET session_replication_role = replica")
    if who == "owner":
        await admin.execute(
            "DROP ROLE IF EXISTS owner_of_tables; CREATE ROLE owner_of_tables;"
            "GRANT ALL ON SCHEMA public TO owner_of_tables;"
            "ALTER TABLE events OWNER TO owner_of_tables;"
            "ALTER TABLE receipts OWNER TO owner_of_tables;"
            "SET ROLE owner_of_tables"
        )
    if who == "door":
        await admin.execute("SET ROLE onefile_door")
    yield admin
    await admin.execute("RESET ROLE; RESET session_replication_role")
    if who == "owner":
        await admin.execute("REASSIGN OWNED BY owner_of_tables TO CURRENT_USER")
        await admin.execute("DROP OWNED BY owner_of_tables; DROP ROLE owner_of_tables")


async def forged(connection: Connection, **wrong: Any) -> tuple[Any, ...]:
    """The row that could come next, but for what is `wrong` with it."""
    head = await connection.fetchrow("SELECT * FROM events ORDER BY position DESC LIMIT 1")
    assert head is not None
    row = {
        "position": head["position"] + 1, "recorded": system_clock(), "stream": head["stream"],
        "id": new_id(), "version": head["version"] + 1, "type": head["type"],
        "prev": head["leafhash"], "leafhash": sha256(b"forged").digest(), "about": "{}",
        "fact": "{}",
    }  # fmt: skip
    return tuple((row | wrong).values())


@pytest.mark.attack(
    what="应用、审计、属主、超级用户、复制角色改删清空: UPDATE, DELETE, TRUNCATE by any role",
    by="42501 无权 no grant; 23001 触发器 ENABLE ALWAYS trigger",
)
@pytest.mark.parametrize("who", [*LOGINS, *POWERS, "door"])
async def test_nobody_changes_or_removes_what_is_recorded(
    admin: Connection, database: str, who: str
) -> None:
    async with acting(admin, database, who) as connection:
        for statement in CHANGES:
            with pytest.raises(UNCHANGEABLE if who in POWERS else DENIED):
                await connection.execute(statement)


@pytest.mark.attack(
    what="绕过唯一入口插入、ON CONFLICT 覆盖: INSERT or upsert past the one door",
    by="42501；门内触发器 no grant; the door's trigger",
)
@pytest.mark.parametrize("who", [*LOGINS, *POWERS])
async def test_nobody_adds_to_the_log_but_the_door(
    admin: Connection, database: str, who: str
) -> None:
    row = await forged(admin)
    async with acting(admin, database, who) as connection:
        for statement in INSERTS:
            with pytest.raises((DENIED, UNCHANGEABLE) if "UPDATE" in statement else DENIED):
                await connection.execute(statement)
        with pytest.raises(DENIED):
            await connection.execute(ADD, *row)
        with pytest.raises(DENIED):
            await connection.copy_records_to_table(
                "events", records=[row], columns=COLUMNS.split(", ")
            )


@pytest.mark.attack(
    what="倒填位置、断链、跳版本: backdating, gaps, a broken chain",
    by="次序与前链触发器 the trigger of order and chain",
)
@pytest.mark.parametrize(
    "wrong",
    [
        {"position": 4},
        {"position": 0},
        {"position": -1},
        {"prev": None},
        {"prev": b"\x00" * 32},
        {"version": 4},
        {"version": 4, "prev": None},
        {"version": 7, "prev": None, "stream": new_id()},
        {"version": 1, "prev": b"\x00" * 32, "stream": new_id()},
        {"version": 1, "stream": new_id()},
    ],
    ids=lambda wrong: "-".join(wrong) + f"-{wrong.get('position') or wrong.get('version')}",
)
async def test_even_the_door_keeps_order_and_chain(
    admin: Connection, database: str, wrong: dict[str, Any]
) -> None:
    row = await forged(admin, **wrong)
    async with acting(admin, database, "door") as door:
        with pytest.raises(OUT_OF_ORDER) as refusal:
            await door.execute(ADD, *row)
        assert refusal.value.sqlstate == "23000"
        with pytest.raises(OUT_OF_ORDER):
            await door.copy_records_to_table(
                "events", records=[row], columns=COLUMNS.split(", ")
            )


@pytest.mark.attack(
    what="属主、超级用户、复制角色删表、拆触发器: dropping the log or its guards",
    by="事件触发器 event trigger (a superuser may switch it off: then the signed tree tells)",
)
@pytest.mark.parametrize("who", POWERS)
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE events CASCADE",
        "DROP TABLE receipts",
        "DROP TRIGGER events_never_change ON events",
        "DROP FUNCTION refuse_change CASCADE",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "ALTER TABLE events ENABLE TRIGGER events_keep_order_and_chain",
        "ALTER TABLE events RENAME TO old",
        "ALTER TABLE receipts SET SCHEMA pg_catalog",
    ],
)
async def test_whoever_owns_the_log_neither_drops_it_nor_its_guards(
    admin: Connection, database: str, who: str, statement: str
) -> None:
    async with acting(admin, database, who) as connection:
        with pytest.raises((UNCHANGEABLE, DENIED) if who == "owner" else UNCHANGEABLE):
            await connection.execute(statement)
    assert await admin.fetchval("SELECT count(*) FROM events") == 2


@pytest.mark.parametrize("who", ["owner", *LOGINS])
async def test_only_a_superuser_switches_that_off(
    admin: Connection, database: str, who: str
) -> None:
    async with acting(admin, database, who) as connection:
        for statement in (
            "ALTER EVENT TRIGGER log_guards_stand DISABLE",
            "DROP EVENT TRIGGER log_guards_stand",
        ):
            with pytest.raises(DENIED):
                await connection.execute(statement)


async def test_a_change_that_leaves_the_guards_alone_is_let_through(admin: Connection) -> None:
    await admin.execute("CREATE INDEX events_by_type ON events (type)")
    await admin.execute("CREATE TEMP TABLE mine (LIKE events)")
    await admin.execute("DROP TABLE mine")


async def test_the_door_holds_a_gap_inside_one_statement(
    admin: Connection, database: str
) -> None:
    new = {"version": 1, "prev": None}
    rows = [await forged(admin, position=p, stream=new_id(), **new) for p in (3, 5)]
    async with acting(admin, database, "door") as door:
        with pytest.raises(OUT_OF_ORDER):
            await door.copy_records_to_table(
                "events", records=rows, columns=COLUMNS.split(", ")
            )


@pytest.mark.attack(
    what="冒用另一登录角色: becoming another login",
    by="角色不继承 roles that do not inherit",
)
@pytest.mark.parametrize("who", LOGINS)
async def test_a_login_cannot_become_another(
    admin: Connection, database: str, who: str
) -> None:
    others = {"onefile_door", "postgres", *LOGINS} - {who}
    async with acting(admin, database, who) as connection:
        for other in sorted(others):
            with pytest.raises(DENIED):
                await connection.execute(f"SET ROLE {other}")
        for statement in (
            "SET session_replication_role = replica",
            "ALTER TABLE events DISABLE TRIGGER ALL",
            "DROP TRIGGER events_never_change ON events",
            "DROP TABLE events CASCADE",
            "CREATE TABLE public.mine ()",
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NULL; END'",
            f"GRANT onefile_door TO {who}",
        ):
            with pytest.raises((DENIED, asyncpg.InvalidGrantOperationError)):
                await connection.execute(statement)


@pytest.mark.parametrize("who", LOGINS)
async def test_only_a_writer_may_call_the_door(
    admin: Connection, database: str, who: str
) -> None:
    expected: AbstractAsyncContextManager[Any] | Any
    expected = pytest.raises(DENIED) if who in READERS else nullcontext()
    async with acting(admin, database, who) as connection:
        with expected:
            assert await offer(connection, unit(new_id(), 0)) == [Appended(3)]


async def test_no_function_of_ours_is_open_to_everyone(admin: Connection) -> None:
    functions = await admin.fetch(
        "SELECT p.proname, p.prosecdef, p.proconfig, p.proacl IS NULL OR EXISTS "
        "(SELECT FROM aclexplode(p.proacl) a WHERE a.grantee = 0) AS open "
        "FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    )
    assert {"append_v1", "refuse_change"} <= {f["proname"] for f in functions}
    assert [f["proname"] for f in functions if f["open"]] == []
    loose = [f["proname"] for f in functions if f["prosecdef"] and not f["proconfig"]]
    assert loose == []


@pytest.mark.attack(
    what="不留痕直接读个人信息: reading personal data without a trace",
    by="仅经留痕函数 the audited function alone",
)
@pytest.mark.parametrize("who", LOGINS)
async def test_disclosures_are_not_read_directly(
    admin: Connection, database: str, who: str
) -> None:
    secret = Disclosure("digest", "p:1", new_id(), b"cipher")
    await offer(admin, unit(new_id(), 0, disclosures=(secret,)))
    async with acting(admin, database, who) as connection:
        for statement in (
            "SELECT * FROM disclosures",
            "SELECT count(*) FROM disclosures",
            "DELETE FROM disclosures",
            "COPY disclosures TO STDOUT",
        ):
            with pytest.raises(DENIED):
                await connection.execute(statement)


async def test_tables_of_the_caller_do_not_stand_in_for_the_log(
    admin: Connection, database: str
) -> None:
    async with acting(admin, database, LOGINS[0]) as connection:
        await connection.execute(
            "CREATE TEMP TABLE events (LIKE public.events);"
            "CREATE TEMP TABLE receipts (LIKE public.receipts);"
            "CREATE TEMP TABLE cursors (LIKE public.cursors);"
            "SET search_path = pg_temp, public"
        )
        assert await offer(connection, unit(new_id(), 0)) == [Appended(3)]
        assert await connection.fetchval("SELECT count(*) FROM pg_temp.events") == 0
    assert len(await proven(admin)) == 3
