"""Does the operator bring servers of his own, and can they be used?"""

import asyncio
import os
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import nats
from nats.errors import Error as NatsError

from services.onebox.binaries import NATS_FLOOR, POSTGRES_FLOOR
from services.onebox.errors import PlatformError

PATIENCE = 5.0


@dataclass(frozen=True, slots=True)
class OwnServers:
    """Servers that run already; None: the embedded one is used.

    `pg_dsn` is the connection string of a superuser: databases and login roles are made with it.
    """

    pg_dsn: str | None = None
    nats_url: str | None = None
    nats_token: str | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """ONEFILE_PG_DSN, ONEFILE_NATS_URL and ONEFILE_NATS_TOKEN."""
        names = ("ONEFILE_PG_DSN", "ONEFILE_NATS_URL", "ONEFILE_NATS_TOKEN")
        return cls(*(os.environ.get(name) or None for name in names))


NO_OWN_SERVERS = OwnServers()


def dsn_on(admin: str, database: str) -> str:
    """The superuser's connection string for another database of the same cluster."""
    return urlunsplit(urlsplit(admin)._replace(path=f"/{quote(database, safe='')}"))


async def check_postgres(dsn: str) -> str:
    """The version of the operator's PostgreSQL; raises `PlatformError` with the remedy."""
    place = urlsplit(dsn).netloc.rpartition("@")[2]
    try:
        connection = await asyncpg.connect(dsn, timeout=PATIENCE)
    except (
        OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError
    ) as error:  # fmt: skip
        raise PlatformError(
            f"{place} 的 PostgreSQL (ONEFILE_PG_DSN) 用不了：请改正地址或口令，或不设而用内嵌的 · "
            f"PostgreSQL at {place} (ONEFILE_PG_DSN) cannot be used: {error}. Put the address or "
            "the password right, or leave ONEFILE_PG_DSN out to use the embedded one."
        ) from error
    try:
        row = await connection.fetchrow(
            "SELECT current_setting('server_version_num')::int AS version, rolsuper"
            " FROM pg_roles WHERE rolname = current_user"
        )
    finally:
        await connection.close()
    assert row is not None
    major, minor = divmod(row["version"], 10_000)
    if major < POSTGRES_FLOOR[0]:
        raise PlatformError(
            f"{place} 的 PostgreSQL {major}.{minor} 过旧：请升级，或不设 ONEFILE_PG_DSN · "
            f"PostgreSQL {major}.{minor} at {place} is too old: {POSTGRES_FLOOR[0]} or newer is "
            "needed. Upgrade it, or leave ONEFILE_PG_DSN out to use the embedded one."
        )
    if not row["rolsuper"]:
        raise PlatformError(
            f"{place} 的 ONEFILE_PG_DSN 用户不是超级用户，无法建库和角色：请用超级用户 · "
            f"The user of ONEFILE_PG_DSN at {place} is no superuser: databases, login roles and "
            "the owner of the one door to the log are made with it. Give a superuser's."
        )
    return f"{major}.{minor}"


async def check_nats(url: str, token: str | None) -> str:
    """The version of the operator's NATS; raises `PlatformError` with the remedy."""
    place = urlsplit(url).netloc.rpartition("@")[2]

    async def quiet(_: Exception) -> None:
        pass

    try:
        # Without a limit of its own the client asks a silent address for two minutes.
        async with asyncio.timeout(PATIENCE):
            client = await nats.connect(
                url, token=token, allow_reconnect=False, connect_timeout=5, error_cb=quiet
            )
    except (OSError, TimeoutError, ValueError, NatsError) as error:
        raise PlatformError(
            f"{place} 的 NATS (ONEFILE_NATS_URL) 用不了：请改正地址或令牌，或都不设而用内嵌的 · "
            f"NATS at {place} (ONEFILE_NATS_URL) cannot be used: {error!r}. Put the address or "
            "ONEFILE_NATS_TOKEN right, or leave both out to use the embedded one."
        ) from error
    try:
        version = client.connected_server_version
        found = version.major, version.minor
        if found < NATS_FLOOR:
            raise PlatformError(
                f"{place} 的 nats-server {found[0]}.{found[1]} 过旧：请升级，或不设 ONEFILE_NATS_URL · "
                f"nats-server {found[0]}.{found[1]} at {place} is too old: "
                f"{NATS_FLOOR[0]}.{NATS_FLOOR[1]} or newer is needed. Upgrade it, or leave "
                "ONEFILE_NATS_URL out to use the embedded one."
            )
        await client.jetstream(timeout=PATIENCE).account_info()
    except (TimeoutError, NatsError) as error:
        raise PlatformError(
            f"{place} 的 NATS 没有开 JetStream：请带 -js 启动，并设 sync_interval: always · "
            f"NATS at {place} runs without JetStream: start it with `-js` and a `store_dir`, and "
            "set `sync_interval: always`, so that what is acknowledged survives a power cut."
        ) from error
    finally:
        await client.close()
    return f"{found[0]}.{found[1]}"
