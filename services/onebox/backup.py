"""How is a whole box copied while it works, so that the copy can be proved to be one?"""

import asyncio
import hashlib
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from urllib.parse import quote, urlsplit

from services.onebox.binaries import find_postgres
from services.onebox.errors import PlatformError
from services.onebox.keyring import Keyring
from services.onebox.platform import Platform
from services.onebox.ports import HOST
from services.onebox.postgres import Cluster
from services.onebox.private import private_directory, write_private
from services.onebox.roots import Head, Say, heads, sizes
from services.onebox.state import running_box
from shared.effects import system_clock

FORM = 1
ABOUT = "backup.json"
MANIFEST = "backup_manifest"
LAST = "backup.last.json"
ERASED = "erased.list"
LEFT = (
    "pg",
    "pg.new",
    "upgrade",
    "nats",
    "agency-nats",
    "log",
    "tmp",
    "lock",
    "box.json",
    "deployment.key",
    "log.key",
    LAST,
)
"""What is not copied from a home as it lies there: the two keys go apart, the rest is made again."""
SIGNING = ("secrets/issuer.jwk", "secrets/console.key")
"""With these a stolen copy could sign in as anybody; made anew, they end today's sign-ins alone."""


class BackupRefused(PlatformError):
    """A copy cannot be made or used; the message says why and what to do. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Copied:
    """What a copy says of itself. `heads` are contained for certain; the copy may hold more."""

    form: int
    version: str
    taken: str
    postgres: str
    log: str
    heads: dict[str, Head]
    files: dict[str, str]

    def save(self, folder: Path) -> None:
        write_private(folder / ABOUT, json.dumps(asdict(self), indent=2, sort_keys=True) + "\n")

    @classmethod
    def read(cls, folder: Path) -> "Copied":
        """Raises `BackupRefused` for a folder that is no copy, or one we cannot read."""
        try:
            told = json.loads((folder / ABOUT).read_text())
            told["heads"] = {name: Head(**head) for name, head in told["heads"].items()}
            copied = cls(**told)
        except FileNotFoundError:
            raise BackupRefused(
                f"{folder} 不是备份 · {folder} is no backup: {ABOUT} is missing. Name the folder "
                "that `onefile backup` printed."
            ) from None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise BackupRefused(
                f"{folder / ABOUT} 读不懂 · {folder / ABOUT} cannot be read ({error}): it was "
                "altered, or made by a newer Onefile. Take another copy or install that version."
            ) from None
        if copied.form != FORM:
            raise BackupRefused(
                f"{folder} 的格式是 {copied.form} · this copy has form {copied.form} and this "
                f"Onefile reads {FORM}: use the Onefile that made it ({copied.version})."
            )
        return copied


async def back_up(home: Path, into: Path, say: Say) -> Path:
    """Copy the box of `home` below `into`, running or not; returns the folder of the copy.

    It appears under its name only when it is whole and was verified. Raises `PlatformError`.
    """
    taken = system_clock()
    private_directory(into)
    done = into / f"onefile-{taken:%Y%m%dT%H%M%SZ}"
    part = done.with_suffix(".part")
    if done.exists() or part.exists():
        raise BackupRefused(
            f"{done} 已存在 · {done} exists already: wait a second, then repeat."
        )
    private_directory(part)
    try:
        async with superuser(home, say) as (admin, cluster):
            at = await sizes(admin)
            say(f"正在备份 Copying {sum(at.values())} events and what belongs to them …")
            await _base(cluster, admin, part / "pg")
            say("正在计算树根 Hashing every event again …")
            found = await heads(admin, say, at=at)
        files = await asyncio.to_thread(_beside, home, part)
        await asyncio.to_thread(verified, part / "pg")
        Copied(
            FORM,
            version("onefile"),
            taken.isoformat(),
            cluster.server.label,
            Keyring(home).log_origin(),
            found,
            files,
        ).save(part)
        _settled(part)
        part.rename(done)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    write_private(
        home / LAST, json.dumps({"taken": taken.isoformat(), "folder": str(done)}) + "\n"
    )
    return done


def keep_keys(home: Path, file: Path) -> None:
    """The two keys of the box, what was signed last and what was erased, in one 0600 file.

    Raises `BackupRefused` when the file exists or a key is missing.
    """
    if file.exists():
        raise BackupRefused(
            f"{file} 已存在 · {file} exists already and keys are never overwritten: name another."
        )
    ring = Keyring(home)
    try:
        kept = {
            "deployment.key": ring.deployment_key_file.read_bytes().hex(),
            "log.key": ring.log_key_file.read_bytes().hex(),
            "last": {one.name: one.read_text() for one in sorted(home.glob("log.*.last"))},
            "erased": _erased(home),
        }
    except FileNotFoundError as error:
        raise BackupRefused(
            f"{error.filename} 不存在 · {error.filename} is missing: is {home} the home of a box?"
        ) from None
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(file, json.dumps(kept, indent=2) + "\n")


def _erased(home: Path) -> str:
    """The list of what was erased; an older copy of the box does not know it."""
    file = home / ERASED
    return file.read_text() if file.exists() else ""


@asynccontextmanager
async def superuser(home: Path, say: Say) -> AsyncIterator[tuple[str, Cluster]]:
    """A superuser's connection string for the box: of the running one, else started for this."""
    if not (home / "pg").exists():
        raise BackupRefused(
            f"{home} 里没有数据库 · {home} holds no database of a box. Name it with --home; a "
            "cluster of your own (ONEFILE_PG_DSN) has its own backup, see deploy/README.md."
        )
    cluster = Cluster(home.absolute(), await asyncio.to_thread(find_postgres), durable=True)
    cluster.check()
    if running_box(home) is not None:
        yield _address(cluster), cluster
        return
    say("一体机没有运行，先启动数据库 The box is not running: its database is started for this")
    async with Platform(home, pg_port=0, nats_port=0, say=lambda _: None) as platform:
        yield platform.pg_dsn(), cluster


def _address(cluster: Cluster) -> str:
    """Of the running server, from the file in which it says on which port it listens."""
    try:
        port = int((cluster.data / "postmaster.pid").read_text().splitlines()[3])
    except (OSError, IndexError, ValueError):
        raise BackupRefused(
            f"{cluster.data} 没有在运行 · the database of {cluster.home} does not run although "
            "its box does: wait until it is up, then repeat."
        ) from None
    return f"postgresql://postgres:{quote(cluster.password())}@{HOST}:{port}/postgres"


async def _base(cluster: Cluster, admin: str, into: Path) -> None:
    """One instant of all databases, with the write-ahead log that makes them whole."""
    parts = urlsplit(admin)
    await tool(
        cluster,
        "pg_basebackup",
        f"--host={parts.hostname}",
        f"--port={parts.port}",
        "--username=postgres",
        "--no-password",
        f"--pgdata={into}",
        "--wal-method=stream",
        "--checkpoint=fast",
        "--manifest-checksums=SHA256",
        password=cluster.password(),
        remedy=(
            "请查看磁盘是否有空间、当前用户能否写入 / "
            "Is there room on the disk, and may this user write there?"
        ),
    )


def verified(folder: Path) -> None:
    """Every file of the database's copy as PostgreSQL's manifest says; raises `BackupRefused`.

    What `pg_verifybackup` does but for reading the write-ahead log, which a restore proves; that
    program is not to be relied on: in the wheel of our default server it does not run.
    """
    text = (folder / MANIFEST).read_bytes()
    manifest = json.loads(text)
    signed = text[: text.rindex(b'"Manifest-Checksum"')]
    if hashlib.sha256(signed).hexdigest() != manifest["Manifest-Checksum"]:
        raise _damaged(folder / MANIFEST)
    for one in manifest["Files"]:
        file = folder / one["Path"]
        if (
            not file.is_file()
            or file.stat().st_size != one["Size"]
            or digest_of(file) != one["Checksum"]
        ):
            raise _damaged(file)


def _damaged(file: Path) -> BackupRefused:
    return BackupRefused(
        f"备份中的 {file} 缺失或已被改动 · {file} is missing or was altered: use another copy."
    )


async def tool(
    cluster: Cluster, program: str, *words: str, remedy: str, password: str = ""
) -> None:
    """One of PostgreSQL's own programs; raises `BackupRefused` with its last words."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
    process = await asyncio.create_subprocess_exec(
        str(cluster.server.path / program),
        *words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=inherited | {"LC_ALL": "C", "TZ": "UTC", "PGPASSWORD": password},
    )
    try:
        said, _ = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        last = said.decode(errors="replace").strip()[-800:]
        raise BackupRefused(f"{program} 失败 · {program} failed. {remedy}\n{last}")


def _beside(home: Path, into: Path) -> dict[str, str]:
    """Copies what is beside the database, after it: a document is there before its event."""
    files = {}
    for one in sorted(home.rglob("*")):
        path = one.relative_to(home)
        if path.parts[0] in LEFT or path.match("log.*.last") or path.parts[0].startswith("pg."):
            continue
        if not one.is_file() or path.as_posix() in SIGNING:
            continue
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(one, target)
        files[str(path)] = digest_of(target)
    return files


def digest_of(file: Path) -> str:
    """SHA-256 of a file, in hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def check_copy(folder: Path) -> Copied:
    """What the copy says of itself, with every file beside the database as it was.

    Raises `BackupRefused` that names the first file that differs.
    """
    copied = Copied.read(folder)
    for path, digest in copied.files.items():
        file = folder / path
        if not file.is_file() or digest_of(file) != digest:
            raise _damaged(file)
    return copied


def _settled(folder: Path) -> None:
    """Whatever is named by a copy that is done is on the disk."""
    for place, folders, files in os.walk(folder):
        for name in [*folders, *files, "."]:
            descriptor = os.open(Path(place) / name, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
