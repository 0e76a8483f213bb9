"""What is wrong with this box or this machine, and what should its owner do about it?"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import httpx
from asyncpg import InvalidCatalogNameError, PostgresError

from contracts.subjects import SERVICES
from services.feeds.domain.faults import Unreadable, read_register
from services.onebox.agencies import REGISTER, STORE
from services.onebox.backup import LAST, superuser
from services.onebox.binaries import Server, find_nats, find_postgres
from services.onebox.box import clock_file_of, load_specs
from services.onebox.errors import PlatformError, ServerMissing
from services.onebox.keyring import KEY_LENGTH, Keyring
from services.onebox.own_servers import dsn_on
from services.onebox.ports import free_port
from services.onebox.state import State, running_box
from shared.effects import system_clock
from shared.eventstore.migrate import FLOOR, number_of
from shared.eventstore.postgres import Connection, connect
from shared.settings import PORTS

GIB = 1024**3
LITTLE, TOO_LITTLE = 5 * GIB, GIB
BACKUP_WANTED = timedelta(days=2)
LATE = timedelta(minutes=1)
FINE, LOOK, WRONG = "✓", "!", "✗"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: well (✓), worth a look (!), or in need of a person (✗)."""

    sign: str
    zh: str
    en: str
    remedy: str = ""


async def examined(home: Path) -> list[Finding]:
    """Everything that can be looked at without changing anything, the machine first."""
    findings = [*_machine(), *_home(home)]
    if not (home / "pg").exists():
        return [*findings, *_ports()]
    findings += _secrets(home)
    state = running_box(home)
    if state is None:
        findings.append(
            Finding(
                LOOK, "一体机没有运行", "The box is not running", f"onefile up --home {home}"
            )
        )
    try:
        async with superuser(home, lambda _: None) as (admin, _):
            findings += [one async for one in _stores(admin)]
    except (PlatformError, PostgresError, OSError) as error:
        findings.append(
            Finding(WRONG, "数据库打不开", "The database cannot be opened", str(error))
        )
    if state is not None:
        findings += [one async for one in _doors(state)]
    return findings


def _machine() -> Iterator[Finding]:
    python = ".".join(map(str, sys.version_info[:3]))
    yield Finding(FINE, f"Python {python}", f"at {sys.executable}")
    for name, find in (("PostgreSQL", find_postgres), ("nats-server", find_nats)):
        try:
            found: Server = find()
        except ServerMissing as error:
            yield Finding(WRONG, f"找不到 {name}", f"{name} is missing", str(error))
        else:
            yield Finding(FINE, f"{name} {found.label}", f"at {found.path}")


def _home(home: Path) -> Iterator[Finding]:
    place = next(p for p in (home.absolute(), *home.absolute().parents) if p.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / GIB:.1f} GiB"
    if free < TOO_LITTLE:
        yield Finding(
            WRONG,
            f"磁盘只剩 {told}",
            f"Only {told} free on the disk of {place}",
            "Free some space now: a full disk stops every service. Logs in log/ and old copies "
            "may go; never anything below pg/.",
        )
    elif free < LITTLE:
        yield Finding(
            LOOK, f"磁盘剩 {told}", f"{told} free on the disk of {place}", "Plan for more."
        )
    else:
        yield Finding(FINE, f"磁盘剩 {told}", f"{told} free on the disk of {place}")
    if not (home / "pg").exists():
        yield Finding(
            LOOK,
            f"{home} 还没有一体机",
            f"No box in {home} yet",
            f"onefile up --home {home} makes one, onefile restore brings one back.",
        )
    elif home.stat().st_mode & 0o066:
        yield Finding(
            WRONG,
            "数据目录对其他用户开放",
            f"{home} can be read or written by other users",
            f"chmod 700 {home}",
        )


def _ports() -> Iterator[Finding]:
    taken = [f"{name} {port}" for name, port in PORTS.items() if free_port(port) != port]
    if taken:
        yield Finding(
            LOOK,
            f"常用端口被占用：{'、'.join(taken)}",
            f"Usual ports are taken: {', '.join(taken)}",
            "The next free ones will be used, and printed.",
        )
    else:
        yield Finding(FINE, "常用端口空闲", "The usual ports are free")


def _secrets(home: Path) -> Iterator[Finding]:
    ring = Keyring(home)
    for zh, file in (("数据密钥", ring.deployment_key_file), ("日志密钥", ring.log_key_file)):
        if not file.exists() or file.stat().st_size != KEY_LENGTH:
            yield Finding(
                WRONG,
                f"{zh}缺失或损坏",
                f"{file} is missing or damaged",
                "Put it back from its own backup (the file of `onefile keys`). Do not make a "
                "new one: nothing could be read or recognised with it.",
            )
        elif file.stat().st_mode & 0o077:
            yield Finding(
                WRONG,
                f"{zh}可被他人读取",
                f"{file} can be read by others",
                f"chmod 600 {file}, and have the key changed if anybody had an account here.",
            )
        else:
            yield Finding(FINE, f"{zh}在位", f"{file.name} is there, for its owner alone")
    if clock_file_of(home).exists():
        yield Finding(
            LOOK,
            "有开发用时钟，事件上有标记",
            "This box has a development clock: its events are marked as such",
            "Never enter real cases here: start another home for those.",
        )
    yield from _register(home)
    yield _copied(home)


def _register(home: Path) -> Iterator[Finding]:
    """Agreements with agencies that cannot be read: nobody receives anything meanwhile."""
    file = home / REGISTER
    if not file.exists():
        return
    try:
        register = read_register(file.read_text())
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        yield Finding(
            WRONG,
            "订阅登记读不懂，所有机构暂停接收",
            f"{file} cannot be read: no agency receives anything",
            str(error),
        )
    else:
        yield Finding(FINE, f"订阅机构 {len(register.agencies)}", f"agencies in {file.name}")


def _copied(home: Path) -> Finding:
    try:
        last = json.loads((home / LAST).read_text())
        taken = datetime.fromisoformat(last["taken"])
    except (OSError, ValueError, KeyError, TypeError):
        return Finding(
            LOOK,
            "从未备份",
            "No backup was ever made",
            "onefile backup --to FOLDER every night, onefile keys --out FILE once, elsewhere.",
        )
    if system_clock() - taken > BACKUP_WANTED:
        return Finding(
            LOOK,
            f"上次备份在 {taken:%Y-%m-%d %H:%M}",
            f"The last backup is of {taken:%Y-%m-%d %H:%M} UTC",
            "Is the nightly `onefile backup` still running?",
        )
    return Finding(FINE, f"上次备份 {taken:%Y-%m-%d %H:%M}", f"Last backup: {last['folder']}")


async def _stores(admin: str) -> AsyncIterator[Finding]:
    specs = {spec.name: spec for spec in await asyncio.to_thread(load_specs)}
    for service in SERVICES:
        connection = await connect(dsn_on(admin, f"onefile_{service}"))
        try:
            carried = {
                number_of(step)
                for folder in (FLOOR, *specs[service].migrations)
                for step in folder.glob("*.sql")
            }
            async for finding in _steps(connection, service, carried):
                yield finding
            async for finding in _store(connection, service):
                yield finding
        finally:
            await connection.close()
    async for finding in _feeds(admin):
        yield finding


async def _feeds(admin: str) -> AsyncIterator[Finding]:
    """The agencies' store, which a box of an earlier version has not made yet."""
    try:
        connection = await connect(dsn_on(admin, f"onefile_{STORE.name}"))
    except InvalidCatalogNameError:
        return
    try:
        carried = {
            number_of(step)
            for folder in (FLOOR, *STORE.migrations)
            for step in folder.glob("*.sql")
        }
        async for finding in _steps(connection, STORE.name, carried):
            yield finding
    finally:
        await connection.close()


async def _steps(
    connection: Connection, service: str, carried: set[int]
) -> AsyncIterator[Finding]:
    done = {row[0] for row in await connection.fetch("SELECT number FROM migrations")}
    if done - carried:
        yield Finding(
            WRONG,
            f"{service} 的数据库比本版本新",
            f"The database of {service} was made by a newer Onefile",
            "Install that version again: an older one refuses to start.",
        )
    elif carried - done:
        yield Finding(
            LOOK,
            f"{service} 有 {len(carried - done)} 步升级待做",
            f"{len(carried - done)} migrations of {service} are to be done",
            "They are done at the next start of the box.",
        )


async def _store(connection: Connection, service: str) -> AsyncIterator[Finding]:
    row = await connection.fetchrow(_NEWEST)
    assert row is not None
    size, newest = row
    if newest is not None and newest - system_clock() > LATE:
        yield Finding(
            WRONG,
            f"{service} 最后一条记录时间在未来",
            f"The newest event of {service} was recorded at {newest}, which is still to come",
            "The clock of this machine went back: put it right (NTP) before anybody goes on.",
        )
    parked = await connection.fetchval(_PARKED)
    if parked:
        yield Finding(
            WRONG,
            f"{service} 有 {parked} 件被搁置",
            f"{parked} matters are held back in {service}",
            "GET /log/parked says why; after the cause is mended POST /log/parked/{matter}/release.",
        )
    yield Finding(FINE, f"{service} {size} 条事件", f"{service} holds {size} events")


_NEWEST = "SELECT coalesce(max(position), 0), max(recorded) FROM events"
_PARKED = "SELECT count(*) FROM parked WHERE released IS NULL"


async def _doors(state: State) -> AsyncIterator[Finding]:
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        for name, address in state.addresses.items():
            if name == "issuer":
                continue
            try:
                ready = await client.get(f"{address}/readyz")
                signed = await client.get(f"{address}/log/checkpoint")
            except httpx.HTTPError as error:
                yield Finding(
                    WRONG,
                    f"{name} 没有回答",
                    f"{name} does not answer at {address} ({error!r})",
                    "Stop the box and start it again; its log says why.",
                )
                continue
            if ready.status_code != 200:
                yield Finding(
                    WRONG,
                    f"{name} 未就绪",
                    f"{name} is not ready: {ready.text[:200]}",
                    "Which part is false says what to look at: the database, or the bus.",
                )
            if name in SERVICES and "Onefile-Not-Signing" in signed.headers:
                yield Finding(
                    WRONG,
                    f"{name} 的日志已停止签名",
                    f"The log of {name} is no longer signed",
                    f"Look for log_will_not_sign in {state.home}/log: it says why and how to go on.",
                )
