"""Did somebody who knows malware look at these bytes, and what did he say?"""

import asyncio
import shlex
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol
from urllib.parse import urlsplit

type Look = Literal["clean", "infected", "pending"]

PATIENCE = 60.0
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Verdict:
    """`pending` is not `clean`: nobody has looked yet, or who should have did not answer."""

    look: Look
    found: str = ""


PENDING = Verdict("pending")


class Scanner(Protocol):
    """Looks at a file. Never raises: who does not answer leaves it pending."""

    async def scan(self, file: Path) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Nobody:
    """No scanner is set up."""

    async def scan(self, file: Path) -> Verdict:
        return PENDING


@dataclass(frozen=True, slots=True)
class Clamd:
    """A clamd, by its INSTREAM command; `host` None: the socket at `path`."""

    host: str | None
    port: int = 3310
    path: str = ""

    async def scan(self, file: Path) -> Verdict:
        try:
            async with asyncio.timeout(PATIENCE):
                return _said(await self._ask(file))
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            return PENDING

    async def _ask(self, file: Path) -> bytes:
        opening = (
            asyncio.open_connection(self.host, self.port)
            if self.host
            else asyncio.open_unix_connection(self.path)
        )
        reader, writer = await opening
        try:
            writer.write(b"zINSTREAM\0")
            with file.open("rb") as content:
                while chunk := await asyncio.to_thread(content.read, _CHUNK):
                    writer.write(struct.pack(">I", len(chunk)) + chunk)
                    await writer.drain()
            writer.write(struct.pack(">I", 0))
            await writer.drain()
            return await reader.read(4096)
        finally:
            writer.close()


def _said(answer: bytes) -> Verdict:
    text = answer.rstrip(b"\0\n").decode("utf-8", "replace")
    if text == "stream: OK":
        return Verdict("clean")
    if text.startswith("stream: ") and text.endswith(" FOUND"):
        return Verdict("infected", text[8:-6][:100])
    return PENDING


@dataclass(frozen=True, slots=True)
class Program:
    """A program that is given the path and ends with 0 for clean, 1 for infected (clamscan)."""

    words: tuple[str, ...]

    async def scan(self, file: Path) -> Verdict:
        try:
            started = await asyncio.create_subprocess_exec(
                *self.words, str(file),
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )  # fmt: skip
        except OSError:
            return PENDING
        try:
            async with asyncio.timeout(PATIENCE):
                ended = await started.wait()
        except TimeoutError:
            started.kill()
            await started.wait()
            return PENDING
        return {0: Verdict("clean"), 1: Verdict("infected", "reported")}.get(ended, PENDING)


def scanner_of(address: str | None) -> Scanner:
    """`clamd://host:port`, `clamd:///path/of/socket` or `command:program …`; None: nobody.

    Raises ValueError with the remedy.
    """
    if address is None:
        return Nobody()
    if address.startswith("command:"):
        words = tuple(shlex.split(address.removeprefix("command:")))
        if words:
            return Program(words)
    parts = urlsplit(address)
    if parts.scheme == "clamd" and parts.hostname:
        return Clamd(parts.hostname, parts.port or 3310)
    if parts.scheme == "clamd" and parts.path:
        return Clamd(None, path=parts.path)
    raise ValueError(
        "ONEFILE_SCANNER 应为 clamd://主机:端口、clamd:///套接字路径 或 command:程序 · "
        "ONEFILE_SCANNER is clamd://host:port, clamd:///path/of/socket or command:program"
    )
