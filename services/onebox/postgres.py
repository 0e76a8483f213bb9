"""How is the embedded PostgreSQL made and run: private, over TCP, with a password."""

import os
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from services.onebox.binaries import Server
from services.onebox.child import Child
from services.onebox.errors import ForeignData, ServerFailed
from services.onebox.ordinary import ordinary_user
from services.onebox.private import kept_secret, private_directory
from services.onebox.words import last_words

# What suits one box; an operator may change these by ALTER SYSTEM or in postgresql.conf.
DEFAULTS = """
# Onefile, one box: short transactions, many small ones.
jit = off
shared_buffers = 128MB
max_connections = 100
timezone = 'UTC'
log_timezone = 'UTC'
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A PostgreSQL data directory below `home`, and the server programs that run it."""

    home: Path
    server: Server
    durable: bool

    @property
    def data(self) -> Path:
        return self.home / "pg"

    @property
    def password_file(self) -> Path:
        return self.home / "postgres.password"

    def check(self) -> None:
        """Refuses a data directory we cannot run; nothing is ever changed or deleted."""
        if not self.data.exists():
            return
        made_by = self.data / "PG_VERSION"
        if not made_by.exists():
            raise ForeignData(
                f"{self.data} 不是 PostgreSQL 数据目录：请移开，或从备份放回原来的；未作任何更改 · "
                f"{self.data} exists but is no PostgreSQL data directory: move it away, or put "
                "the right one back from the backup; nothing was changed."
            )
        version = made_by.read_text().strip()
        if version != str(self.server.version[0]):
            raise ForeignData(
                f"{self.data} was made by PostgreSQL {version}, but the server found is "
                f"{self.server.label} ({self.server.path}). 用 `onefile upgrade-data --home "
                f"{self.home}` 搬迁 · moves it over and keeps the old files; or set "
                f"ONEFILE_PG_BIN to a PostgreSQL {version}. Nothing was changed."
            )
        if not self.password_file.exists():
            raise ForeignData(
                f"缺少 {self.password_file}，打不开 {self.data}：请从备份放回 · "
                f"{self.password_file} is missing, so {self.data} cannot be opened: put the "
                "file back from the backup."
            )

    def came_to(self, port: int) -> bool:
        """Whether this very server took the port and is ready: another may be quicker to it."""
        try:
            told = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return False
        return len(told) > 7 and told[3] == str(port) and told[7].strip() == "ready"

    def password(self) -> str:
        return kept_secret(self.password_file)

    async def make(self) -> None:
        """initdb, unless done before; an initdb cut short leaves nothing half-made behind."""
        if self.data.exists():
            return
        fresh = self.home / "pg.new"
        shutil.rmtree(fresh, ignore_errors=True)
        passing = self._pass_password()
        initdb = Child(
            "initdb",
            self._command("initdb", *self._choices(), f"--pwfile={passing}", "-D", fresh),
            log=self.home / "log" / "initdb.log",
            env=self._environment(),
            stop_signal=signal.SIGTERM,
        )
        try:
            finished = await initdb.ended(120)
        finally:
            await initdb.kill()
            passing.unlink(missing_ok=True)
        if not finished or initdb.exit_code != 0:
            raise ServerFailed(
                last_words(
                    initdb, "PostgreSQL 建不了文件 · PostgreSQL could not make its files"
                )
            )
        _finish(fresh, self.data, self.durable)

    def start(self, port: int) -> Child:
        """Starts the server on 127.0.0.1; the caller waits until it answers."""
        self._forget_stale_pid()
        return Child(
            "postgres",
            self._command("postgres", "-D", self.data)
            + _options(
                listen_addresses="127.0.0.1",
                port=str(port),
                unix_socket_directories="",
                # Without fsync a commit still reaches the kernel, so tests may kill -9.
                synchronous_commit="on",
                fsync=_switch(self.durable),
                full_page_writes=_switch(self.durable),
            ),
            log=self.home / "log" / "postgres.log",
            env=self._environment(),
            stop_signal=signal.SIGINT,  # fast shutdown: roll back, checkpoint, end
        )

    def _command(self, program: str, *arguments: str | Path) -> list[str]:
        prefix = ordinary_user(self.home, self.data, self.server.path / program)
        return [*prefix, str(self.server.path / program), *map(str, arguments)]

    def _choices(self) -> list[str]:
        """initdb's arguments, but for the places."""
        locale = ["--locale=C.UTF-8"]
        if self.server.version >= (17, 0):  # the same order on every operating system
            locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        sync = [] if self.durable else ["--no-sync"]
        access = ["--username=postgres", "--auth=scram-sha-256"]
        return [*access, "--encoding=UTF8", "--no-instructions", *locale, *sync]

    def _environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PG")}
        return inherited | {"TMPDIR": str(self.home / "tmp"), "LC_ALL": "C", "TZ": "UTC"}

    def _pass_password(self) -> Path:
        passing = private_directory(self.home / "tmp") / "initdb.password"
        passing.unlink(missing_ok=True)
        passing.touch(mode=0o600)
        passing.write_text(self.password())
        return passing

    def _forget_stale_pid(self) -> None:
        """After a reboot the pid in postmaster.pid may be someone else's: then it is stale."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = lock.read_text().split("\n", 1)[0].strip()
        command = Path(f"/proc/{pid}/comm")
        if command.exists() and not command.read_text().startswith("postgres"):
            lock.unlink()


def _options(**settings: str) -> list[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _switch(on: bool) -> str:
    return "on" if on else "off"


def _finish(fresh: Path, data: Path, durable: bool) -> None:
    """Settings in, then the name that makes it count: a crash before leaves no cluster."""
    with (fresh / "postgresql.conf").open("a") as settings:
        settings.write(DEFAULTS)
        settings.flush()
        if durable:
            os.fsync(settings.fileno())
    fresh.replace(data)
    if durable:
        parent = os.open(data.parent, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
