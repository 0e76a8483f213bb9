"""What must be made in a cluster before the services of this version can start?"""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from asyncpg import InterfaceError, PostgresError
from nats.errors import Error as NatsError

from contracts.subjects import SERVICES, stream_of
from services.feeds.settings import Settings as FeedsSettings
from services.onebox.agencies import STORE
from services.onebox.box import load_specs
from services.onebox.errors import PlatformError
from services.onebox.own_servers import check_nats, check_postgres
from services.onebox.provision import Stored, provision_bus, provision_databases
from services.onebox.roots import Say
from shared.bus import BusRefused, connect_bus
from shared.effects import monotonic
from shared.eventstore.migrate import FLOOR, number_of
from shared.eventstore.postgres import connect
from shared.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """Where the cluster's servers are; what is None is left alone."""

    database: str | None
    passwords: Path | None
    nats: str | None
    token: str | None
    replicas: int


async def provisioned(told: Told, say: Say) -> str:
    """Makes what is missing; a sentence at the end. Raises `PlatformError`, `MigrationRefused`."""
    if not told.database and not told.nats:
        raise PlatformError(
            "没有指明服务器 · nothing to provision: give --database (ONEFILE_PG_DSN), --nats "
            "(ONEFILE_NATS_URL), or both."
        )
    specs = load_specs()
    if told.database:
        folder = told.passwords
        if folder is None:
            raise PlatformError(
                "没有口令目录 · --passwords (ONEFILE_ROLE_PASSWORDS) is needed: a folder with "
                "a file for each login role. None is ever made up."
            )
        stores: list[Stored] = [*specs, STORE]
        words = {role: _word(folder / role) for role in (_role(s.name) for s in stores)}
        words["onefile_keys"] = _word(folder / "onefile_keys")
        say(f"PostgreSQL {await check_postgres(told.database)}")
        await provision_databases(told.database, stores, words.__getitem__)
        say(f"数据库就绪 {len(words)} databases with their logins and tables are up to date")
    if told.nats:
        say(f"NATS {await check_nats(told.nats, told.token)}")
        await provision_bus(told.nats, told.token, specs, replicas=told.replicas)
        say("流和消费者就绪 Streams and consumers are up to date")
    return "完成 Done; it may be repeated at any time."


async def awaited(
    service: str, settings: Settings | FeedsSettings, say: Say, limit: float
) -> str:
    """Returns once the database and the streams of a service are what this version needs.

    Waits `limit` seconds at most. Raises `PlatformError` that says what is still missing.
    """
    stores: list[Stored] = [*load_specs(), STORE]
    spec = next(one for one in stores if one.name == service)
    carried = {
        number_of(p) for folder in (FLOOR, *spec.migrations) for p in folder.glob("*.sql")
    }
    deadline, said = monotonic() + limit, ""
    while missing := await _missing(settings, carried, service):
        if monotonic() > deadline:
            raise PlatformError(
                f"{missing}\n等了 {limit:.0f} 秒 · waited {limit:.0f} s: has `onefile provision` "
                "of this version run (the Job onefile-provision)? What does it say?"
            )
        if missing != said:
            say(missing)
            said = missing
        await asyncio.sleep(1)
    return f"{service}: 就绪 what it needs is there"


async def _missing(settings: Settings | FeedsSettings, carried: set[int], service: str) -> str:
    """What a service cannot start without and does not find; empty when all is there."""
    try:
        connection = await connect(settings.dsn())
        try:
            done = {row[0] for row in await connection.fetch("SELECT number FROM migrations")}
        finally:
            await connection.close()
        if carried - done:
            return f"等待数据库升级 migrations to come: {', '.join(map(str, sorted(carried - done)))}"
    except (OSError, TimeoutError, PostgresError, InterfaceError) as error:
        return f"等待数据库 the database cannot be used yet: {error!r}"
    token = settings.nats_token.get_secret_value() if settings.nats_token else None
    try:
        client = await connect_bus(settings.nats_url, name="onefile-wait", token=token)
        try:
            for speaker in SERVICES if service == STORE.name else (service,):
                await client.jetstream().stream_info(stream_of(speaker))
        finally:
            await client.close()
    except (OSError, TimeoutError, NatsError, BusRefused) as error:
        return f"等待消息总线 the bus cannot be used yet: {error!r}"
    return ""


def _role(service: str) -> str:
    return f"onefile_{service}"


def _word(file: Path) -> str:
    try:
        word = file.read_text().strip()
    except OSError as error:
        raise PlatformError(
            f"{file} 读不到 · {file} cannot be read ({error.strerror}): each login role needs a "
            "password in the folder that --passwords (ONEFILE_ROLE_PASSWORDS) names."
        ) from None
    if len(word) < 16:
        raise PlatformError(
            f"{file} 中的口令太短 · the password in {file} has fewer than 16 characters: make a "
            "random one."
        )
    return word
