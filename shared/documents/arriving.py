"""How do the bytes of an upload come in: hashed as they stream, in a memory that does not grow?"""

import asyncio
import os
import re
import unicodedata
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from shared.documents.faults import Unfit
from shared.effects import new_id

WRITE = 1024 * 1024
"""Bytes gathered before they are written, from a thread."""
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/=]{44}):")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?")
LONGEST_NAME = 120


class TooLarge(Exception):
    """More bytes came than are taken."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came: where it waits, how much it is, its SHA-256."""

    file: Path
    size: int
    digest: bytes


@contextmanager
def quarantine(folder: Path) -> Iterator[Path]:
    """A new file in `folder` that is gone afterwards, unless it was moved away."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / new_id().hex
    try:
        yield file
    finally:
        file.unlink(missing_ok=True)


async def arrive(chunks: AsyncIterator[bytes], file: Path, *, largest: int) -> Arrived:
    """Write what streams in to `file`, hashing it; raises `TooLarge`."""
    size, running, gathered = 0, sha256(), bytearray()
    opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > largest:
                raise TooLarge
            gathered += chunk
            if len(gathered) >= WRITE:
                await asyncio.to_thread(_put, opened, running, gathered)
                gathered = bytearray()
        await asyncio.to_thread(_put, opened, running, gathered)
    finally:
        os.close(opened)
    return Arrived(file, size, running.digest())


def _put(opened: int, running: Any, gathered: bytearray) -> None:
    running.update(gathered)
    view = memoryview(gathered)
    while view:
        view = view[os.write(opened, view) :]


def declared_digest(header: str | None) -> bytes | None:
    """The SHA-256 in `Content-Digest` (RFC 9530), None without one; raises `Unfit`."""
    if header is None:
        return None
    found = _DIGEST.search(header)
    try:
        digest = b64decode(found[1], validate=True) if found else b""
    except NotBase64:
        digest = b""
    if len(digest) != 32:
        raise Unfit(
            "digest_malformed",
            "Content-Digest 应为 sha-256=:base64:",
            "Content-Digest must be sha-256=:base64:",
        )
    return digest


def clean_name(name: str, ending: str) -> str:
    """A display name without path, control or direction characters; the ending is the real one."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(
        c for c in base if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    kept = re.sub(r'[<>:"|?*]', "_", kept).strip(" .")
    stem = kept.rpartition(".")[0] or kept
    if not stem or _RESERVED.fullmatch(stem):
        stem = "文件"
    return f"{stem[:LONGEST_NAME]}.{ending}"
