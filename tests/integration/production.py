"""A box in production as a process, and the commands of its administrator."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Event

import httpx

from services.onebox.ports import free_port
from shared.effects import monotonic
from shared.settings import PORTS
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE, START

BEAT = 0.1
ONEFILE = [sys.executable, "-c", "from services.cli import main; main()"]
turn = Event()


def onefile(home: Path, *arguments: str, code: int = 0) -> str:
    """What the command prints, as an administrator at the machine types it."""
    done = subprocess.run(
        [*ONEFILE, *arguments, "--home", str(home)],
        cwd=REPOSITORY, capture_output=True, text=True, timeout=START,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout if code == 0 else done.stderr


class Production:
    """`onefile up --production-mode` as a process."""

    def __init__(self, home: Path, *, named: bool = False) -> None:
        """`named`: people reach it by a name, which passkeys are kept for, and not by a number."""
        self.home, self._screen = home, home.parent / "screen"
        self._browsers: list[httpx.Client] = []
        port = self._start(f"http://localhost:{free_port(PORTS['console'])}" if named else None)
        while named and not self.console.endswith(f":{port}"):  # another box was quicker
            self.end()
            port = self._start(f"http://localhost:{port}")

    def _start(self, public: str | None) -> int:
        """Returns the port at which the console came to listen."""
        with self._screen.open("w") as screen:
            self.process = subprocess.Popen(
                [*ONEFILE, "up", "--production-mode", "--home", str(self.home),
                 *(("--public-address", public) if public else ())],
                cwd=REPOSITORY, stdout=screen, stderr=subprocess.STDOUT,
                start_new_session=True, env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )  # fmt: skip
        deadline = monotonic() + START
        while "Ctrl-C" not in self.said():
            assert self.process.poll() is None, self.said()
            assert monotonic() < deadline, self.said()
            turn.wait(BEAT)
        state = json.loads((self.home / "box.json").read_text())
        self.addresses, self.tokens = state["addresses"], state["tokens"]
        self.issuer = self.addresses["issuer"]
        self.console = public or self.addresses["console"]
        return int(self.addresses["console"].rpartition(":")[2])

    def said(self) -> str:
        return self._screen.read_text()

    def browser(self) -> httpx.Client:
        made = httpx.Client(base_url=self.console, follow_redirects=True, timeout=PATIENCE)
        self._browsers.append(made)
        return made

    def end(self) -> None:
        for browser in self._browsers:
            browser.close()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
