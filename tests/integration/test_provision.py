"""Provisioning makes what a service needs and no more, and may be repeated at every start."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from services.onebox.keyring import KeyMissing, Keyring
from services.onebox.platform import Platform
from services.onebox.provision import Databases, provision_databases
from shared.eventstore.migrate import MigrationRefused
from shared.eventstore.postgres import connect
from shared.runtime import Floor, Parts, ServiceSpec

_serial = itertools.count(1)


async def build(_: Floor) -> Parts:
    raise AssertionError("nothing is run here")


def spec(name: str, *migrations: Path) -> ServiceSpec:
    return ServiceSpec(name, hears=(), build=build, migrations=migrations)


SPECS = [spec("intake"), spec("archive")]


@pytest.fixture
async def prefix(platform: Platform) -> AsyncIterator[str]:
    name = f"pv{next(_serial)}"
    yield name
    connection = await connect(platform.pg_dsn())
    try:
        for service in ("intake", "archive", "keys"):
            await connection.execute(f"DROP DATABASE IF EXISTS {name}_{service} WITH (FORCE)")
            await connection.execute(f"DROP ROLE IF EXISTS {name}_{service}")
    finally:
        await connection.close()


async def provisioned(platform: Platform, home: Path, prefix: str) -> Databases:
    return await provision_databases(
        platform.pg_dsn(), SPECS, Keyring(home).password_of, prefix=prefix
    )


async def ask(dsn: str, sql: str) -> object:
    connection = await connect(dsn)
    try:
        return await connection.fetchval(sql)
    finally:
        await connection.close()


async def test_each_service_may_do_what_a_writer_may_and_no_more(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    made = await provisioned(platform, tmp_path, prefix)
    dsn = made.services["intake"]
    assert await ask(dsn, "SELECT pg_has_role('intake_writer', 'USAGE')") is True
    assert await ask(dsn, "SELECT count(*) FROM events") == 0
    for forbidden in (
        "INSERT INTO receipts DEFAULT VALUES",
        "SELECT * FROM disclosures",
        "CREATE TABLE mine (a int)",
        "CREATE ROLE mine",
        "SELECT pg_read_file('postgresql.conf')",
    ):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(dsn, forbidden)


async def test_no_service_enters_another_ones_database(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    made = await provisioned(platform, tmp_path, prefix)
    for other in ("archive", "keys"):
        elsewhere = f"{made.services['intake'].rpartition('/')[0]}/{prefix}_{other}"
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await ask(elsewhere, "SELECT 1")


async def test_keys_are_kept_by_a_login_of_their_own_that_deletes_nothing(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    made = await provisioned(platform, tmp_path, prefix)
    assert await ask(made.keys, "SELECT count(*) FROM data_keys") == 0
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await ask(made.keys, "DELETE FROM data_keys")


async def test_it_may_be_repeated_and_a_lost_password_is_replaced(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    first = await provisioned(platform, tmp_path, prefix)
    assert await provisioned(platform, tmp_path, prefix) == first
    (tmp_path / "secrets" / f"{prefix}_intake.password").unlink()
    again = await provisioned(platform, tmp_path, prefix)
    assert again.services["intake"] != first.services["intake"]
    assert await ask(again.services["intake"], "SELECT 1") == 1
    with pytest.raises(asyncpg.InvalidPasswordError):
        await ask(first.services["intake"], "SELECT 1")


async def test_two_at_once_make_the_same(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    one, other = await asyncio.gather(
        *(provisioned(platform, tmp_path, prefix) for _ in range(2))
    )
    assert one == other
    assert await ask(one.services["archive"], "SELECT count(*) FROM events") == 0


async def test_a_database_of_a_later_version_is_refused(
    platform: Platform, tmp_path: Path, prefix: str
) -> None:
    await provisioned(platform, tmp_path, prefix)
    later = platform.pg_dsn(f"{prefix}_intake")
    await ask(later, "INSERT INTO migrations (number, name, sha256) VALUES (9999, 'x', '')")
    with pytest.raises(MigrationRefused, match="run the version that made it, or a later one"):
        await provisioned(platform, tmp_path, prefix)


def test_a_deployment_key_is_made_once_and_never_replaced(tmp_path: Path) -> None:
    keyring = Keyring(tmp_path / "box")
    keyring.open(first_time=True)
    key = keyring.deployment_key_file.read_bytes()
    assert keyring.deployment_key_file.stat().st_mode & 0o777 == 0o600
    keyring.open(first_time=False)
    keyring.open(first_time=True)
    assert keyring.deployment_key_file.read_bytes() == key
    keyring.deployment_key_file.unlink()
    with pytest.raises(KeyMissing, match="put the file back from its own backup"):
        keyring.open(first_time=False)
    assert not keyring.deployment_key_file.exists()
