"""How does a box move to another major version of PostgreSQL, with every event proved the same?"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import asyncpg

from services.onebox.backup import BackupRefused, tool
from services.onebox.binaries import find_postgres, postgres_of
from services.onebox.child import BEAT
from services.onebox.errors import ServerFailed
from services.onebox.own_servers import dsn_on
from services.onebox.ports import HOST, free_port, listens
from services.onebox.postgres import Cluster
from services.onebox.private import HomeLock, private_directory, write_private
from services.onebox.roots import Head, LogDiffers, Say, heads
from services.onebox.words import last_words
from shared.effects import monotonic

FRESH = "upgrade"
START, STOP = 120.0, 60.0
_DATABASES = """
    SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'
    ORDER BY datname
"""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """What was moved: from and to which PostgreSQL, where the old files are, and every root."""

    before: str
    after: str
    kept: Path
    heads: Mapping[str, Head]


async def upgrade(
    home: Path, say: Say, *, old: Path | None = None, durable: bool = True
) -> Upgraded | None:
    """The database of `home` in files of the PostgreSQL found now; None when it is so already.

    Everything is written into new files, hashed again and compared; only then do they take the
    place of the old ones, which are kept. Raises `PlatformError`; then nothing was changed.
    """
    made_by = _made_by(home)
    server = await asyncio.to_thread(find_postgres)
    if made_by == server.version[0]:
        return None
    before = await asyncio.to_thread(postgres_of, made_by, old)
    _room(home)
    lock = HomeLock(home)
    fresh = home / FRESH
    try:
        shutil.rmtree(fresh, ignore_errors=True)
        found = await _moved(
            Cluster(home.absolute(), before, durable),
            Cluster(private_directory(fresh).absolute(), server, durable),
            say,
        )
        kept = _swapped(home, fresh, made_by)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        lock.release()
    return Upgraded(before.label, server.label, kept, found)


def _made_by(home: Path) -> int:
    try:
        return int((home / "pg" / "PG_VERSION").read_text())
    except (OSError, ValueError):
        raise BackupRefused(
            f"{home} 里没有数据库 · {home} holds no database of a box: name it with --home."
        ) from None


def _room(home: Path) -> None:
    """Old files, a dump and new files lie side by side for a while."""
    held = sum(one.stat().st_size for one in (home / "pg").rglob("*") if one.is_file())
    free = shutil.disk_usage(home).free
    if free < 2 * held:
        raise BackupRefused(
            f"磁盘空间不足 · {free >> 20} MiB are free and about {2 * held >> 20} MiB are needed: "
            "the old files are kept beside the new ones. Free some space, then repeat."
        )


async def _moved(old: Cluster, new: Cluster, say: Say) -> Mapping[str, Head]:
    """Dumps the old cluster into the new one; raises `LogDiffers` unless every root is the same."""
    for cluster in (old, new):
        private_directory(cluster.home / "log")
        private_directory(cluster.home / "tmp")
    write_private(new.password_file, f"{old.password()}\n")
    dump = private_directory(new.home / "dump")
    async with _running(old) as admin:
        say(f"正在计算树根 Hashing every event in PostgreSQL {old.server.label} …")
        before = await heads(admin, say)
        say("正在导出 Writing everything out …")
        names = await _databases(admin)
        await _client(new, "pg_dumpall", admin, "--globals-only", f"--file={dump / 'globals'}")
        for name in names:
            await _client(
                new, "pg_dump", dsn_on(admin, name), "--format=custom", "--compress=0",
                f"--file={dump / name}",
            )  # fmt: skip
    _without_the_superuser(dump / "globals")
    await new.make()
    async with _running(new) as admin:
        say(f"正在导入 Reading it into PostgreSQL {new.server.label} …")
        await _client(
            new, "psql", admin, "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1",
            f"--file={dump / 'globals'}",
        )  # fmt: skip
        for name in names:
            await _client(
                new, "pg_restore", admin, "--create", "--exit-on-error", str(dump / name)
            )
        say("正在重算每条事件 Hashing every event again …")
        after = await heads(admin, say)
    for service, head in before.items():
        if after[service] != head:
            raise LogDiffers(
                f"{service} 搬迁前后树根不符 · {service} has root {after[service].root} after the "
                f"move and had {head.root}: the old files stay in use, nothing was changed."
            )
    return after


async def _databases(admin: str) -> list[str]:
    connection = await asyncpg.connect(admin)
    try:
        return [row[0] for row in await connection.fetch(_DATABASES)]
    finally:
        await connection.close()


def _without_the_superuser(file: Path) -> None:
    """Who is there already cannot be made again."""
    lines = [one for one in file.read_text().splitlines() if one != "CREATE ROLE postgres;"]
    file.write_text("\n".join(lines) + "\n")


async def _client(cluster: Cluster, program: str, dsn: str, *words: str) -> None:
    await tool(
        cluster, program, *words, f"--dbname={dsn}",
        remedy=("未作任何更改，仍使用原有文件 / "
"Nothing was changed: the old files stay in use"),
    )  # fmt: skip


@asynccontextmanager
async def _running(cluster: Cluster) -> AsyncIterator[str]:
    """A superuser's connection string of the cluster, which runs for as long as this is entered."""
    port = free_port(0)
    child = cluster.start(port)
    dsn = f"postgresql://postgres:{quote(cluster.password(), safe='')}@{HOST}:{port}/postgres"
    try:
        deadline = monotonic() + START
        while not await _answers(dsn, port):
            if child.exit_code is not None or monotonic() > deadline:
                raise ServerFailed(last_words(child, f"{cluster.server.label} did not start"))
            await asyncio.sleep(BEAT)
        yield dsn
    finally:
        await child.stop(STOP)


async def _answers(dsn: str, port: int) -> bool:
    if not await listens(port):
        return False
    try:
        connection = await asyncpg.connect(dsn, timeout=5)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        return False
    await connection.close()
    return True


def _swapped(home: Path, fresh: Path, made_by: int) -> Path:
    """The new files take the place of the old ones; each step leaves a box that can be mended."""
    kept = next(_names(home, made_by))
    (home / "pg").rename(kept)
    try:
        (fresh / "pg").rename(home / "pg")
    except OSError:
        kept.rename(home / "pg")
        raise
    return kept


def _names(home: Path, made_by: int) -> Iterator[Path]:
    number = 0
    while True:
        name = home / (f"pg.{made_by}" if number == 0 else f"pg.{made_by}.{number}")
        if not name.exists():
            yield name
        number += 1
