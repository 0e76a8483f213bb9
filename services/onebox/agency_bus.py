"""How is the agencies' own nats-server run: accounts from agencies.yaml, reloaded when it changes."""

import asyncio
import json
import os
import signal
from datetime import datetime
from pathlib import Path

import structlog

from services.feeds.domain.accounts import server
from services.feeds.domain.agencies import NOBODY, Register
from services.feeds.domain.faults import Unreadable, read_register
from services.onebox.binaries import Server
from services.onebox.child import BEAT, Child, dying_with_us
from services.onebox.errors import ServerFailed
from services.onebox.ports import free_port
from services.onebox.private import kept_secret, private_directory, write_private
from services.onebox.words import last_words, port_was_taken
from shared.effects import Clock

log = structlog.get_logger()

START_LIMIT = 20.0
STOP_LIMIT = 10.0
READY = "Server is ready"
"""What nats-server says once it listens: a greeting may come from another at the same port."""
TURN = 0.5
"""Seconds between two looks at the agreements and at the clock: keys end by themselves."""


class AgencyBus:
    """A server apart from the one our services trust, with an account for each agency.

    While the register cannot be read there are no agencies in it, hence no way in.
    """

    def __init__(
        self, home: Path, register: Path, program: Server, clock: Clock, *, durable: bool
    ) -> None:
        self.home, self._register, self._program = home, register, program
        self._clock, self._durable = clock, durable
        self._child: Child | None = None
        self._text = ""
        self.port = 0

    def password(self) -> str:
        """By which our own side signs in there."""
        return kept_secret(self.home / "agency-nats.password")

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    async def start(self, port: int) -> None:
        """Start on 127.0.0.1, at the next free port if another is quicker, and return when it
        answers; raises `ServerFailed`.
        """
        while not await self._listens_at(port):
            port = free_port(port + 1)

    async def _listens_at(self, port: int) -> bool:
        """Whether this very server came to listen; False where another took the port."""
        self.port = port
        for folder in ("agency-nats", "log", "tmp"):
            private_directory(self.home / folder)
        self._text = self.configuration(self._clock())
        write_private(self._file, self._text)
        child = self._child = Child(
            "agency-nats",
            [*dying_with_us("TERM"), self._program.path, "--config", self._file],
            log=self.home / "log" / "agency-nats.log",
            env=dict(os.environ) | {"TMPDIR": str(self.home / "tmp")},
            stop_signal=signal.SIGTERM,
        )
        deadline = asyncio.get_running_loop().time() + START_LIMIT
        while READY not in child.said():
            if child.exit_code is not None and port_was_taken(child.said()):
                return False
            if child.exit_code is not None or asyncio.get_running_loop().time() > deadline:
                raise ServerFailed(
                    last_words(child, "agency-nats 没有启动 · agency-nats did not start")
                )
            await asyncio.sleep(BEAT)
        return True

    async def stop(self) -> None:
        if self._child:
            await self._child.stop(STOP_LIMIT)

    async def keep(self) -> None:
        """Until cancelled: give the server new accounts when agreements or keys change."""
        while True:
            self.refresh()
            await asyncio.sleep(TURN)

    def refresh(self) -> bool:
        """Reload the server if its accounts are no longer what the register says."""
        text = self.configuration(self._clock())
        if text == self._text or self._child is None or self._child.exit_code is not None:
            return False
        self._text = text
        write_private(self._file, text)
        os.kill(self._child.pid, signal.SIGHUP)
        log.info("agency_accounts_reloaded")
        return True

    def configuration(self, now: datetime) -> str:
        """The configuration file's text, for the keys that are good at `now`."""
        made = server(
            register_in(self._register),
            now,
            password=self.password(),
            port=self.port,
            store=str(self.home / "agency-nats"),
            synced=self._durable,
        )
        return json.dumps(made, indent=2, ensure_ascii=False)

    @property
    def _file(self) -> Path:
        return self.home / "agency-nats.conf"


def register_in(file: Path) -> Register:
    """What the file says; nobody, where it says nothing that can be read."""
    try:
        text = file.read_text("utf-8")
        return read_register(text) if text.strip() else NOBODY
    except FileNotFoundError:
        return NOBODY
    except (OSError, Unreadable, UnicodeDecodeError) as error:
        log.critical("agencies_unreadable", file=str(file), faults=str(error))
        return NOBODY
