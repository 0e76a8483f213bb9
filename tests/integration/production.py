"""A box in production as a process, and the commands of its administrator."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread

import httpx

from services.onebox.child import dying_with_us
from services.onebox.ports import HOST
from shared.effects import monotonic
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


class Door(ThreadingTCPServer):
    """The port that people know before the box is up: nobody else can be quicker to it.

    Bytes go through as they are, to the port at which the console came to listen (`inner`).
    """

    daemon_threads, inner = True, 0

    def __init__(self) -> None:
        super().__init__((HOST, 0), Through)
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def close(self) -> None:
        self.shutdown()
        self.server_close()


class Through(BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Door)
        with socket.create_connection((HOST, self.server.inner)) as console:
            back = Thread(target=_poured, args=(console, self.request), daemon=True)
            back.start()
            _poured(self.request, console)
            back.join()


def _poured(source: socket.socket, into: socket.socket) -> None:
    with suppress(OSError):  # either side may go at any moment
        while said := source.recv(1 << 16):
            into.sendall(said)
        into.shutdown(socket.SHUT_WR)


class Production:
    """`onefile up --production-mode` as a process."""

    def __init__(self, home: Path, *, named: bool = False) -> None:
        """`named`: people reach it by a name, which passkeys are kept for, and not by a number."""
        self.home, self._screen = home, home.parent / "screen"
        self._browsers: list[httpx.Client] = []
        self._door = Door() if named else None
        public = f"http://localhost:{self._door.port}" if self._door else None
        with self._screen.open("w") as screen:
            self.process = subprocess.Popen(
                [*dying_with_us("INT"), *ONEFILE, "up", "--production-mode", "--home", str(self.home),
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
        if self._door:
            self._door.inner = int(self.addresses["console"].rpartition(":")[2])

    def said(self) -> str:
        return self._screen.read_text()

    def browser(self) -> httpx.Client:
        made = httpx.Client(base_url=self.console, follow_redirects=True, timeout=PATIENCE)
        self._browsers.append(made)
        return made

    def end(self) -> None:
        for browser in self._browsers:
            browser.close()
        if self._door:
            self._door.close()
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
