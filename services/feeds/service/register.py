"""Which agreements hold now: `agencies.yaml`, read again whenever it changes."""

import asyncio
from pathlib import Path

import structlog
from prometheus_client import Gauge

from services.feeds.domain.agencies import NOBODY, Agency, Register
from services.feeds.domain.faults import Unreadable, read_register
from shared.effects import Clock
from shared.problems import Problem

log = structlog.get_logger()

PERIOD = 0.5
READABLE = Gauge("onefile_feeds_register_readable", "1 while agencies.yaml can be read")


class Agreements:
    """The register as it is in the file. While it cannot be read, nobody receives anything.

    It could have been a revocation that was typed wrongly: going on with the old one is no choice.
    """

    def __init__(self, file: Path, clock: Clock) -> None:
        self._file, self._clock = file, clock
        self._register: Register = NOBODY
        self._text: str | None = None
        self.fault: Unreadable | OSError | None = None
        self._changed = asyncio.Condition()

    def read(self) -> bool:
        """Read the file if it changed; whether it did. A missing file is an empty register."""
        try:
            text = self._file.read_text("utf-8")
        except FileNotFoundError:
            text = ""
        except (OSError, UnicodeDecodeError) as error:
            return self._refuse(Unreadable([]) if isinstance(error, ValueError) else error)
        if text == self._text and self.fault is None:
            return False
        same, self._text = text == self._text, text
        try:
            self._register = read_register(text) if text.strip() else NOBODY
        except Unreadable as error:
            return not same and self._refuse(error)
        self.fault = None
        READABLE.set(1)
        return True

    def _refuse(self, error: Unreadable | OSError) -> bool:
        log.critical("agencies_unreadable", file=str(self._file), faults=str(error))
        self.fault = error
        READABLE.set(0)
        return True

    @property
    def all(self) -> tuple[Agency, ...]:
        """Every agency of the register; none while it cannot be read."""
        return () if self.fault else self._register.agencies

    @property
    def open(self) -> tuple[Agency, ...]:
        """Those whose agreement runs and who have a key that is good now."""
        now = self._clock()
        return tuple(a for a in self.all if a.in_force(now) and a.good_keys(now))

    def agency(self, id: str) -> Agency:
        """By id; raises `Problem`."""
        if self.fault:
            raise Problem("register_unreadable")
        found = next((agency for agency in self.all if agency.id == id), None)
        if found is None:
            raise Problem("not_found")
        return found

    async def run(self) -> None:
        """Follow the file until cancelled."""
        while True:
            if self.read():
                async with self._changed:
                    self._changed.notify_all()
            await asyncio.sleep(PERIOD)
