"""Migrations are applied once, in order, and the log's own are never undone by a later one."""

import asyncio
import re
import shutil
from pathlib import Path

import asyncpg
import pytest

from shared.eventstore.migrate import FLOOR, MigrationRefused, migrate, number_of
from shared.eventstore.postgres import connect
from tests.conftest import REPOSITORY
from tests.integration.store import SERVICE, connected
from tests.patience import PATIENCE

pytestmark = pytest.mark.store

FLOOR_FILES = sorted(p.name for p in FLOOR.glob("*.sql"))
LAST_OF_THE_LOG = 4
TOUCHES_THE_LOG = re.compile(
    r"""\b(
        (INSERT\s+INTO | UPDATE | DELETE\s+FROM | COPY | MERGE\s+INTO
         | (TRUNCATE|LOCK)(\s+TABLE)? | (ALTER|DROP)\s+TABLE(\s+IF\s+EXISTS)?)(\s+ONLY)?
      | (CREATE|ALTER|DROP)\s+(CONSTRAINT\s+)?(TRIGGER|RULE|POLICY)\b[^;]*\b(ON|TO)
      | GRANT\b[^;]*\b(ALL|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|TRIGGER)\b[^;]*\bON
        (\s+TABLE)?[^;]*?
    )\s+(public\.)?"?(events|receipts)\b""",
    re.IGNORECASE | re.VERBOSE,
)


def touches_the_log(sql: str) -> bool:
    return TOUCHES_THE_LOG.search(re.sub(r"--[^\n]*", "", sql)) is not None


async def run(dsn: str, *folders: Path, service: str = SERVICE) -> list[str]:
    async with connected(dsn) as connection:
        return await migrate(connection, service, folders)


@pytest.fixture
def carried(tmp_path: Path) -> Path:
    """A copy of our migrations, to be tampered with."""
    return Path(shutil.copytree(FLOOR, tmp_path / "migrations"))


async def test_each_migration_is_applied_once(database: str) -> None:
    assert await run(database, FLOOR) == FLOOR_FILES
    assert await run(database, FLOOR) == []


async def test_services_that_start_together_apply_each_once(database: str) -> None:
    applied = await asyncio.gather(*(run(database, FLOOR) for _ in range(4)))
    assert sorted(applied) == [[], [], [], FLOOR_FILES]


async def test_two_databases_of_a_cluster_may_be_migrated_together(database: str) -> None:
    other = f"{database}_other"
    async with connected(database) as connection:
        await connection.execute(f"CREATE DATABASE {other.rpartition('/')[2]}")
        try:
            both = await asyncio.gather(
                *(run(d, FLOOR, service="fresh") for d in (database, other))
            )
            assert both == [FLOOR_FILES, FLOOR_FILES]
        finally:
            await connection.execute(f"DROP DATABASE {other.rpartition('/')[2]} (FORCE)")


async def test_a_migration_that_was_changed_later_is_refused(
    database: str, carried: Path
) -> None:
    await run(database, FLOOR)
    with (carried / FLOOR_FILES[0]).open("a") as changed:
        changed.write("-- a harmless word\n")
    with pytest.raises(MigrationRefused, match=FLOOR_FILES[0]):
        await run(database, carried)


async def test_a_database_of_a_later_version_is_refused(database: str, carried: Path) -> None:
    (carried / "9001_later.sql").write_text("CREATE TABLE later ()")
    assert await run(database, carried) == [*FLOOR_FILES, "9001_later.sql"]
    with pytest.raises(MigrationRefused, match="9001"):
        await run(database, FLOOR)


async def test_a_migration_that_fails_leaves_nothing_and_may_be_mended(
    database: str, carried: Path
) -> None:
    step = carried / "9001_step.sql"
    step.write_text("CREATE TABLE step (); SELECT 1 / 0;")
    with pytest.raises(asyncpg.DivisionByZeroError):
        await run(database, carried)
    async with connected(database) as connection:
        assert await connection.fetchval("SELECT to_regclass('step')") is None
    step.write_text("CREATE TABLE step ();")
    assert await run(database, carried) == ["9001_step.sql"]


async def test_folders_are_applied_in_the_order_of_their_numbers(
    database: str, tmp_path: Path
) -> None:
    (tmp_path / "0101_view.sql").write_text("CREATE VIEW seen AS SELECT position FROM events")
    assert await run(database, tmp_path, FLOOR) == [*FLOOR_FILES, "0101_view.sql"]


async def test_a_lock_of_a_lost_migrator_does_not_stay(database: str) -> None:
    lost = await connect(database)
    await lost.execute("SELECT pg_advisory_lock(hashtext('onefile.migrations'))")
    lost.terminate()
    async with asyncio.timeout(PATIENCE):
        assert await run(database, FLOOR) == FLOOR_FILES


def test_no_later_migration_touches_the_log() -> None:
    found = [
        path
        for root in ("shared", "services")
        for path in (REPOSITORY / root).rglob("migrations/*.sql")
    ]
    assert len(found) >= LAST_OF_THE_LOG
    later = [p for p in found if p.parent != FLOOR or number_of(p) > LAST_OF_THE_LOG]
    assert [p.name for p in later if touches_the_log(p.read_text())] == []


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE events SET fact = '{}'",
        "delete\nfrom only public.events",
        "INSERT INTO receipts SELECT 1",
        "ALTER TABLE IF EXISTS events DISABLE TRIGGER ALL",
        'DROP TABLE "receipts"',
        "TRUNCATE events",
        "DROP TRIGGER events_never_change ON events",
        "GRANT SELECT, INSERT ON cursors, events TO x",
    ],
)
def test_the_search_finds_what_it_looks_for(sql: str) -> None:
    assert touches_the_log(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO view_matters SELECT stream FROM events",
        "-- UPDATE events\nSELECT 1",
        "GRANT SELECT ON events TO x",
        "CREATE TRIGGER t BEFORE UPDATE ON reads FOR EACH ROW EXECUTE FUNCTION f()",
    ],
)
def test_the_search_lets_readers_of_the_log_pass(sql: str) -> None:
    assert not touches_the_log(sql)
