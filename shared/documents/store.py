"""Where are the bytes kept, by whichever name, and can they be had again unchanged?"""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

CHUNK = 256 * 1024


class Absent(LookupError):
    """There are no bytes of this name."""


class Objects(Protocol):
    """Keeps bytes by name. What is kept is never written anew."""

    async def keep(self, name: str, file: Path) -> None:
        """Take the bytes of `file`, which may be moved away; safe on the disk when it returns."""
        ...

    def read(self, name: str) -> AsyncIterator[bytes]:
        """The bytes, in parts; raises `Absent` before the first."""
        ...

    async def forget(self, name: str) -> None:
        """Remove bytes that no file holds; that they are gone already is no error."""
        ...


def commitment(salt: bytes, digest: bytes) -> str:
    """What an event says in public of a document: nobody can tell what it is without the salt.

    The same bytes in two files have two commitments (B78).
    """
    return sha256(salt + digest).hexdigest()


async def digest_of(objects: Objects, name: str) -> bytes:
    """SHA-256 of the bytes as they are now; raises `Absent`."""
    found = sha256()
    async for chunk in objects.read(name):
        found.update(chunk)
    return found.digest()


@dataclass(frozen=True, slots=True)
class Folder:
    """A directory: one read-only file per object. Durable means the local fsync."""

    root: Path

    async def keep(self, name: str, file: Path) -> None:
        await asyncio.to_thread(self._keep, name, file)

    def _keep(self, name: str, file: Path) -> None:
        place = self._place(name)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.open("rb") as written:
            os.fsync(written.fileno())
        file.chmod(0o400)
        try:
            os.link(file, place)
        except FileExistsError:
            pass  # the name says which bytes these are
        file.unlink()
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        try:
            opened = await asyncio.to_thread(self._place(name).open, "rb")
        except FileNotFoundError:
            raise Absent(name) from None
        with opened:
            while chunk := await asyncio.to_thread(opened.read, CHUNK):
                yield chunk

    async def forget(self, name: str) -> None:
        await asyncio.to_thread(self._place(name).unlink, missing_ok=True)

    def _place(self, name: str) -> Path:
        return self.root / name[:2] / name


class Bucket:
    """An S3-compatible bucket below a prefix. The bucket's object lock is the operator's to set."""

    def __init__(self, address: str, **settings: Any) -> None:
        from obstore.store import S3Store

        parts = urlsplit(address)
        self._store = S3Store(parts.netloc, prefix=parts.path.strip("/") or None, **settings)

    async def keep(self, name: str, file: Path) -> None:
        import obstore

        with file.open("rb") as content:
            await obstore.put_async(self._store, name, content, use_multipart=True)
        file.unlink()

    async def read(self, name: str) -> AsyncIterator[bytes]:
        import obstore

        try:
            answer = await obstore.get_async(self._store, name)
        except FileNotFoundError:
            raise Absent(name) from None
        async for chunk in answer.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)

    async def forget(self, name: str) -> None:
        import obstore

        try:
            await obstore.delete_async(self._store, name)
        except FileNotFoundError:
            pass
