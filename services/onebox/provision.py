"""What must exist before a service can run: its database, login and tables, streams and consumers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from services.onebox.own_servers import dsn_on
from shared.bus import connect_bus
from shared.bus import provision as provision_streams
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import FIRST_LINK, Connection, connect
from shared.runtime import ServiceSpec

KEYS = FLOOR.parent / "keys"


class Stored(Protocol):
    """Whatever keeps a database: a service, or a door that is none."""

    @property
    def name(self) -> str: ...

    @property
    def migrations(self) -> Sequence[Path]: ...


@dataclass(frozen=True, slots=True)
class Store:
    """A database of something that is no service: its name and its own tables."""

    name: str
    migrations: Sequence[Path]


type PasswordOf = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Databases:
    """Connection strings for the login roles: of each service by its name, and of the keys."""

    services: Mapping[str, str]
    keys: str


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One database, its login role, and who that role may act as."""

    service: str
    database: str
    role: str
    password: str
    migrations: tuple[Path, ...]
    member_of: str | None


async def provision_databases(
    admin: str,
    specs: Sequence[Stored],
    password_of: PasswordOf,
    *,
    prefix: str = "onefile",
) -> Databases:
    """Databases `<prefix>_<service>` and `<prefix>_keys`, each with a login role of its name.

    `admin` is the connection string of a superuser of the cluster. Can be repeated at every
    start: what is there stays, what is new is added. Raises `MigrationRefused`.
    """
    wanted = [
        _wanted(prefix, s.name, password_of, (FLOOR, *s.migrations), f"{s.name}_writer")
        for s in specs
    ]
    keys = _wanted(prefix, "keys", password_of, (KEYS,), None)
    outcomes = await asyncio.gather(
        *(_provide(admin, one) for one in (*wanted, keys)), return_exceptions=True
    )
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return Databases({one.service: _login(admin, one) for one in wanted}, _login(admin, keys))


async def provision_bus(
    url: str, token: str | None, specs: Sequence[ServiceSpec], *, replicas: int = 1
) -> None:
    """Streams and consumers for what `specs` say and hear; `replicas` counts for new streams."""
    hearers = [(spec.name, speaker) for spec in specs for speaker in spec.hears]
    speakers = sorted({spec.name for spec in specs} | {speaker for _, speaker in hearers})
    client = await connect_bus(url, name="onefile-provision", token=token)
    try:
        await provision_streams(client.jetstream(), speakers, hearers, replicas=replicas)
    finally:
        await client.close()


def _wanted(
    prefix: str,
    service: str,
    password_of: PasswordOf,
    migrations: tuple[Path, ...],
    member_of: str | None,
) -> _Wanted:
    name = f"{prefix}_{service}"
    return _Wanted(service, name, name, password_of(name), migrations, member_of)


def _login(admin: str, one: _Wanted) -> str:
    parts = urlsplit(admin)
    place = parts.netloc.rpartition("@")[2]
    login = f"{quote(one.role, safe='')}:{quote(one.password, safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=login, path=f"/{quote(one.database, safe='')}"))


async def _provide(admin: str, one: _Wanted) -> None:
    """Whoever provisions the same at the same time waits: two boxes may share a cluster."""
    async with _connected(admin) as cluster:
        await cluster.execute("SELECT pg_advisory_lock(hashtext($1))", one.database, timeout=60)
        await _make(cluster, one)
        async with _connected(dsn_on(admin, one.database)) as database:
            await _fill(database, one)


@asynccontextmanager
async def _connected(dsn: str) -> AsyncIterator[Connection]:
    connection = await connect(dsn, patience=FIRST_LINK)
    try:
        yield connection
    finally:
        await connection.close()


async def _make(cluster: Connection, one: _Wanted) -> None:
    """The login role and the empty database."""
    verb = "ALTER" if await _exists(cluster, "pg_roles", "rolname", one.role) else "CREATE"
    word = one.password.replace("'", "''")
    await cluster.execute(
        f'{verb} ROLE "{one.role}" LOGIN INHERIT NOSUPERUSER NOCREATEDB NOCREATEROLE '
        f"PASSWORD '{word}'"
    )
    if await _exists(cluster, "pg_database", "datname", one.database):
        return
    # It waits for the disk: that may take longer than a query should.
    await cluster.execute(f'CREATE DATABASE "{one.database}"', timeout=60)


async def _exists(cluster: Connection, catalogue: str, column: str, name: str) -> bool:
    found = await cluster.fetchval(f"SELECT true FROM {catalogue} WHERE {column} = $1", name)
    return found is True


async def _fill(database: Connection, one: _Wanted) -> None:
    """Tables and rights; nobody but its own login enters the database."""
    await migrate(database, one.service, one.migrations)
    await database.execute(
        f'REVOKE ALL ON DATABASE "{one.database}" FROM PUBLIC; '
        f'GRANT CONNECT, TEMPORARY ON DATABASE "{one.database}" TO "{one.role}"; '
        f'GRANT SELECT ON migrations TO "{one.role}"'
    )
    if one.member_of:
        await database.execute(f'GRANT "{one.member_of}" TO "{one.role}"')
    else:
        await database.execute(
            f'GRANT USAGE ON SCHEMA public TO "{one.role}"; '
            f'GRANT SELECT, INSERT, UPDATE ON data_keys TO "{one.role}"; '
            f'GRANT SELECT, INSERT ON erased, corrections TO "{one.role}"'
        )
