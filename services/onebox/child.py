"""How is one server process started, watched, paused and ended."""

import asyncio
import contextlib
import math
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

BEAT = 0.02
LOG_LIMIT = 16 * 1024 * 1024


def dying_with_us(with_signal: str) -> list[str]:
    """Command prefix by which Linux ends the child when we are killed.

    The kernel watches the thread that started the child, so servers are started from the
    event loop's thread. Entering a user namespace forgets the wish: the prefix goes inside.
    Elsewhere than on Linux with util-linux there is no such prefix.
    """
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return [setpriv, "--pdeathsig", with_signal] if setpriv else []


class Child:
    """A child process in a session of its own, with what it says appended to a log."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str],
        stop_signal: signal.Signals,
    ) -> None:
        self.name = name
        self.log = log
        self._stop_signal = stop_signal
        _rotate(log)
        with log.open("ab") as out:
            self._log_start = out.tell()
            # A session of its own: Ctrl-C reaches only us, and we stop the servers in order.
            self._process = subprocess.Popen(
                [str(word) for word in argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env=dict(env),
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def said(self) -> str:
        """What this run has written to its log so far."""
        with self.log.open("rb") as lines:
            lines.seek(self._log_start)
            return lines.read().decode(errors="replace")

    async def ended(self, limit: float = math.inf) -> bool:
        """Waits for the end, at most `limit` seconds; tells whether it came."""
        deadline = asyncio.get_running_loop().time() + limit
        while self.exit_code is None:
            if asyncio.get_running_loop().time() >= deadline:
                return False
            await asyncio.sleep(BEAT)
        return True

    async def stop(self, limit: float) -> None:
        """Asks it to end, and kills it when `limit` seconds were not enough."""
        if self.exit_code is None:
            self._signal(self._stop_signal)
            self.resume()
            if not await self.ended(limit):
                await self.kill()

    async def kill(self) -> None:
        """kill -9, as a crash would."""
        if self.exit_code is None:
            self._signal(signal.SIGKILL)
        await self.ended()

    def pause(self) -> None:
        """Freezes the process and its children (parent first: it must not start more)."""
        self._signal(signal.SIGSTOP)
        self._signal_children(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a frozen process and its children go on."""
        if self.exit_code is not None:
            return
        self._signal_children(signal.SIGCONT)
        self._signal(signal.SIGCONT)

    def _signal_children(self, number: signal.Signals) -> None:
        for pid in _children_of(self.pid):
            with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
                os.kill(pid, number)

    def _signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)


def _children_of(parent: int) -> list[int]:
    """The children's pids, from /proc (none elsewhere than on Linux)."""
    children = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = stat.read_text(errors="replace").rpartition(")")[2].split()
        except OSError:  # it ended meanwhile
            continue
        if int(after_name[1]) == parent:
            children.append(int(stat.parent.name))
    return children


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
