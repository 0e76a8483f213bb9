"""How does a box come back from a copy, and what proves that it is the same one?"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.onebox.backup import (
    ABOUT,
    ERASED,
    BackupRefused,
    Copied,
    check_copy,
    verified,
)
from services.onebox.binaries import find_postgres
from services.onebox.keyring import Keyring, write_key
from services.onebox.own_servers import dsn_on
from services.onebox.platform import Platform
from services.onebox.postgres import Cluster
from services.onebox.private import private_directory, write_private
from services.onebox.roots import Head, LogDiffers, Say, heads
from shared.eventstore.forgetting import ErasureList

BEFORE = "log.before.json"


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: every log whole, with its root; and the name under which it signs."""

    home: Path
    heads: Mapping[str, Head]
    contained: Mapping[str, Head]
    origin: str
    origin_before: str

    @property
    def renamed(self) -> bool:
        """Does the log go on under a new name, which readers must be told?"""
        return self.origin != self.origin_before


async def restore(
    folder: Path,
    home: Path,
    keys: Path,
    say: Say,
    *,
    same_origin: bool = False,
    erased: Path | None = None,
) -> Restored:
    """The box of the copy `folder` in the new `home`, checked row by row.

    What was signed after the copy was taken is lost, and a log must never sign two histories
    under one name: so it gets a new one, unless `same_origin` says that nothing was signed since.
    What is on the list `erased`, kept elsewhere, is erased again before anybody can read it.
    Raises `BackupRefused` or `LogDiffers`; then nothing is left in `home`.
    """
    if home.exists() and any(home.iterdir()):
        raise BackupRefused(
            f"{home} 不是空的 · {home} is not empty, and a restore never overwrites: name a new "
            "folder, or move this one away."
        )
    say("正在核对备份 Checking the copy …")
    copied = await asyncio.to_thread(check_copy, folder)
    secrets = _read_keys(keys)
    lists = [secrets["erased"], _read_list(erased) if erased else ""]
    server = await asyncio.to_thread(find_postgres)
    Cluster(folder.absolute(), server, durable=True).check()
    await asyncio.to_thread(verified, folder / "pg")
    private_directory(home)
    try:
        say("正在复制 Copying it into place …")
        await asyncio.to_thread(_place, folder, home, copied)
        _merge_lists(home / ERASED, map(str, lists), say)
        origin = _take_keys(home, secrets, copied, same_origin=same_origin)
        found = await _compared(home, copied, say)
    except BaseException:
        await asyncio.to_thread(shutil.rmtree, home, ignore_errors=True)
        raise
    return Restored(home, found, copied.heads, origin, copied.log)


async def rehearse(
    folder: Path, keys: Path, say: Say, *, erased: Path | None = None
) -> Restored:
    """The same into a temporary place that is cleared away: can this copy be relied on?"""
    with tempfile.TemporaryDirectory(
        prefix="onefile-drill-", ignore_cleanup_errors=True
    ) as place:
        return await restore(folder, Path(place) / "box", keys, say, erased=erased)


type Kept = bytes | str | dict[str, str]


def _read_keys(file: Path) -> dict[str, Kept]:
    try:
        told = json.loads(file.read_text())
        return {
            "deployment.key": bytes.fromhex(told["deployment.key"]),
            "log.key": bytes.fromhex(told["log.key"]),
            "last": dict(told["last"]),
            "erased": str(told.get("erased", "")),
        }
    except FileNotFoundError:
        raise BackupRefused(
            f"{file} 不存在 · {file} is missing: the keys are kept apart from the copy. Without "
            "them personal data stays sealed for ever; find the file of `onefile keys`."
        ) from None
    except (ValueError, KeyError, TypeError):
        raise BackupRefused(
            f"{file} 不是密钥文件 · {file} is not a file of `onefile keys`: name the right one."
        ) from None


def _read_list(file: Path) -> str:
    """A list of erasures that was kept elsewhere; raises `BackupRefused` for anything else."""
    try:
        text = file.read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BackupRefused(
            f"{file} 读不到 · {file} cannot be read ({error}): name the list of erasures "
            f"({ERASED}) that is kept apart from the copies."
        ) from None
    lines = text.splitlines()
    if len(list(ErasureList(file).all())) < len(lines) - (not text.endswith("\n")):
        raise BackupRefused(
            f"{file} 不是删除清单 · {file} is no list of erasures, or was altered: every line of "
            f"{ERASED} names one decision. Name the right file; nothing was restored."
        )
    return text


def _merge_lists(file: Path, others: Iterable[str], say: Say) -> None:
    """The copy's own list and the others, each erasure once: nothing erased comes back."""
    texts = [file.read_text() if file.exists() else "", *others]
    lines = dict.fromkeys(line for text in texts for line in text.splitlines() if line)
    if lines:
        write_private(file, "".join(f"{line}\n" for line in lines))
        say(
            f"删除清单 {len(lines)} 项，启动时再次删除 Erasures to be carried out again at the start"
        )


def _place(folder: Path, home: Path, copied: Copied) -> None:
    shutil.copytree(folder / "pg", home / "pg", symlinks=True)
    (home / "pg").chmod(0o700)
    for path in copied.files:
        target = home / path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copy2(folder / path, target)


def _take_keys(
    home: Path,
    secrets: Mapping[str, Kept],
    copied: Copied,
    *,
    same_origin: bool,
) -> str:
    ring = Keyring(home)
    deployment, log, last = secrets["deployment.key"], secrets["log.key"], secrets["last"]
    assert isinstance(deployment, bytes)
    assert isinstance(log, bytes)
    assert isinstance(last, dict)
    write_key(ring.deployment_key_file, deployment)
    write_key(ring.log_key_file, log)
    if same_origin:
        for name, text in last.items():
            write_private(home / Path(name).name, text)
        return ring.log_origin()
    ended = {"origin": copied.log, "last": last, "copy": copied.taken}
    write_private(home / BEFORE, json.dumps(ended, indent=2) + "\n")
    (home / "secrets" / "log.name").unlink(missing_ok=True)
    return ring.log_origin()


async def _compared(home: Path, copied: Copied, say: Say) -> dict[str, Head]:
    """Recovers the database and hashes every event again. Raises when a root is another."""
    say("正在恢复数据库 Recovering the database …")
    async with Platform(home, pg_port=0, nats_port=0, say=lambda _: None) as platform:
        admin = platform.pg_dsn()
        await _opens(dsn_on(admin, "onefile_keys"), Keyring(home).deployment_key_file)
        say("正在重算每条事件 Hashing every event again …")
        then = await heads(admin, say, at={n: h.size for n, h in copied.heads.items()})
        for service, head in copied.heads.items():
            if then[service] != head:
                raise LogDiffers(
                    f"{service} 前 {head.size} 条的树根不符 · the first {head.size} events of "
                    f"{service} have root {then[service].root}, and {ABOUT} says {head.root}: "
                    "the copy was altered. Use another one and tell the auditor."
                )
        return await heads(admin, say)


async def _opens(dsn: str, key_file: Path) -> None:
    """The deployment key opens the data keys of this copy."""
    connection = await asyncpg.connect(dsn)
    try:
        row = await connection.fetchrow(
            "SELECT id, wrapped FROM data_keys WHERE destroyed IS NULL LIMIT 1"
        )
    finally:
        await connection.close()
    if row is None:
        return
    wrapped = row["wrapped"]
    try:
        AESGCM(key_file.read_bytes()).decrypt(wrapped[:12], wrapped[12:], row["id"].bytes)
    except InvalidTag:
        raise BackupRefused(
            "密钥与备份不配 · these keys are not those of this copy: personal data would stay "
            "sealed. Name the file that `onefile keys` wrote for that box."
        ) from None
