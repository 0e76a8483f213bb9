"""Which PostgreSQL and NATS does this one box stand on, and are they up."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

import asyncpg

from services.onebox.binaries import find_nats, find_postgres
from services.onebox.child import BEAT, Child
from services.onebox.errors import HomeInUse, PlatformError, ServerFailed
from services.onebox.nats_server import Bus
from services.onebox.own_servers import (
    NO_OWN_SERVERS,
    OwnServers,
    check_nats,
    check_postgres,
    dsn_on,
)
from services.onebox.ports import HOST, free_port, greeting, listens
from services.onebox.postgres import Cluster
from services.onebox.private import HomeLock, private_directory
from services.onebox.words import last_words, port_was_taken, still_held

START_LIMIT = 60.0
STOP_LIMIT = 20.0
LOCK_LIMIT = 1.0
NATS_READY = "Server is ready"

type ServerName = Literal["postgres", "nats"]


class Platform:
    """PostgreSQL and NATS as child processes, with their data below `home`.

    `durable=False` is for tests: nothing is synced to disk. A port of 0 means any free one;
    a taken port means the next free one, which is said. Raises `PlatformError` with a
    sentence and the remedy. Enter it from the main thread: the servers end with the thread
    that started them, so that even kill -9 leaves nothing behind (Linux). Servers of the
    operator's `own` are used instead, and neither started nor stopped.
    """

    def __init__(
        self,
        home: Path,
        *,
        durable: bool = True,
        pg_port: int = 8632,
        nats_port: int = 8642,
        own: OwnServers = NO_OWN_SERVERS,
        say: Callable[[str], object] = lambda _: None,
    ) -> None:
        self.home = home.absolute()
        self.durable = durable
        self.pg_port = pg_port
        self.nats_port = nats_port
        self._own = own
        self._say = say
        self._lock: HomeLock | None = None
        self._children: dict[ServerName, Child] = {}

    def pg_dsn(self, database: str = "postgres") -> str:
        """Superuser connection string of a database; it contains the password."""
        if self._own.pg_dsn:
            return dsn_on(self._own.pg_dsn, database)
        return (
            f"postgresql://postgres:{self._cluster.password()}@{HOST}:{self.pg_port}"
            f"/{quote(database, safe='')}"
        )

    @property
    def nats_url(self) -> str:
        return self._own.nats_url or f"nats://{HOST}:{self.nats_port}"

    @property
    def nats_token(self) -> str:
        """Empty when servers of the operator's own ask for none."""
        return self._own.nats_token or "" if self._own.nats_url else self._bus.token()

    async def __aenter__(self) -> Self:
        try:
            await self._open()
        except BaseException:
            await self._close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._close()

    async def start_postgres(self) -> None:
        """Starts PostgreSQL and returns when it answers SQL."""
        began = _now()
        self._free("postgres")
        await self._cluster.make()
        deadline = _now() + START_LIMIT
        self.pg_port = await self._start(
            "postgres", self._cluster.start, self._pg_answers, self.pg_port, deadline
        )
        self._ready("PostgreSQL", self._cluster.server.label, self.pg_port, began)

    async def start_nats(self) -> None:
        """Starts NATS and returns when JetStream is up."""
        began = _now()
        self._free("nats")
        deadline = _now() + START_LIMIT
        self.nats_port = await self._start(
            "nats", self._bus.start, self._nats_answers, self.nats_port, deadline
        )
        self._ready("NATS", self._bus.server.label, self.nats_port, began)

    async def kill_postgres(self) -> None:
        """kill -9 of the postmaster; its backends end on their own a moment later."""
        await self._children["postgres"].kill()

    async def kill_nats(self) -> None:
        """kill -9 of the NATS server."""
        await self._children["nats"].kill()

    async def stop(self, name: ServerName) -> None:
        """Asks one server to end, as an operator would."""
        await self._children[name].stop(STOP_LIMIT)

    def pause(self, name: ServerName) -> None:
        """Freezes a server with all its processes: it keeps its connections, says nothing."""
        self._children[name].pause()

    def resume(self, name: ServerName) -> None:
        self._children[name].resume()

    def pid(self, name: ServerName) -> int:
        return self._children[name].pid

    async def failure(self) -> str:
        """Returns, once a server has ended, the sentence that says which and why."""
        while True:
            for child in self._children.values():
                if child.exit_code is not None:
                    return last_words(child, f"{child.name} ended unexpectedly")
            await asyncio.sleep(10 * BEAT)

    async def _open(self) -> None:
        _prepare(self.home)
        self._lock = await _locked(self.home)
        outcomes = await asyncio.gather(
            self._open_postgres(), self._open_nats(), return_exceptions=True
        )
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    async def _open_postgres(self) -> None:
        if self._own.pg_dsn:
            version = await check_postgres(self._own.pg_dsn)
            self._say(f"PostgreSQL {version} of your own is used")
            return
        server = await asyncio.to_thread(find_postgres)
        self._cluster = Cluster(self.home, server, self.durable)
        self._cluster.check()
        await self.start_postgres()

    async def _open_nats(self) -> None:
        if self._own.nats_url:
            version = await check_nats(self._own.nats_url, self._own.nats_token)
            self._say(f"NATS {version} of your own is used")
            return
        self._bus = Bus(self.home, await asyncio.to_thread(find_nats), self.durable)
        await self.start_nats()

    async def _close(self) -> None:
        await asyncio.gather(*(child.stop(STOP_LIMIT) for child in self._children.values()))
        self._children.clear()
        if self._lock:
            self._lock.release()
            self._lock = None

    def _free(self, name: ServerName) -> None:
        child = self._children.get(name)
        if child and child.exit_code is None:
            raise PlatformError(
                f"{name} 已在运行（进程 {child.pid}） · {name} runs already (process {child.pid})."
            )

    async def _start(
        self,
        name: ServerName,
        start: Callable[[int], Child],
        answers: Callable[[int], Awaitable[bool]],
        wanted: int,
        deadline: float,
    ) -> int:
        """Starts until it answers; another port when taken, once more while data is held."""
        again = name in self._children  # clients know the port already: it must stay
        port = wanted if again else self._free_port(name, wanted)
        while True:
            child = self._children[name] = start(port)
            while child.exit_code is None and _now() < deadline:
                if await answers(port) and child.exit_code is None:
                    return port
                await asyncio.sleep(BEAT)
            said = child.said()
            if child.exit_code is None or _now() >= deadline:
                raise ServerFailed(
                    last_words(child, f"{name} 没有就绪 · {name} did not become ready")
                )
            if port_was_taken(said):
                port = port if again else self._free_port(name, port + 1)
            elif not still_held(said):
                raise ServerFailed(last_words(child, f"{name} 没有启动 · {name} did not start"))
            await asyncio.sleep(5 * BEAT)

    def _free_port(self, name: ServerName, wanted: int) -> int:
        port = free_port(wanted)
        if wanted and port != wanted:
            self._say(f"Port {wanted} is taken: {name} uses {port}")
        return port

    def _ready(self, what: str, version: str, port: int, began: float) -> None:
        self._say(f"{what} {version} ready on {HOST}:{port} in {_now() - began:.1f} s")

    async def _pg_answers(self, port: int) -> bool:
        # Asking the port first is cheap; a driver would wait or raise at length.
        if not self._cluster.came_to(port) or not await listens(port):
            return False
        try:
            connection = await asyncpg.connect(
                host=HOST,
                port=port,
                user="postgres",
                password=self._cluster.password(),
                database="postgres",
                ssl=False,
                timeout=5,
            )
        except asyncpg.InvalidPasswordError as refusal:
            raise ServerFailed(
                f"端口 {port} 的 PostgreSQL 不认 {self._cluster.password_file} 中的口令："
                "请从备份放回 · "
                f"PostgreSQL on port {port} refuses the password in "
                f"{self._cluster.password_file}: put the file back from the backup."
            ) from refusal
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    async def _nats_answers(self, port: int) -> bool:
        if NATS_READY not in self._children["nats"].said():
            return False  # another may have been quicker to the port
        word, _, about = (await greeting(port)).partition(" ")
        return word == "INFO" and json.loads(about).get("jetstream") is True


async def _locked(home: Path) -> HomeLock:
    """A holder that was just killed lets go within moments; one that lives does not."""
    deadline = _now() + LOCK_LIMIT
    while True:
        try:
            return HomeLock(home)
        except HomeInUse:
            if _now() >= deadline:
                raise
        await asyncio.sleep(BEAT)


def _prepare(home: Path) -> None:
    try:
        private_directory(home)
        private_directory(home / "log")
        private_directory(home / "tmp")
    except OSError as error:
        raise PlatformError(
            f"{home} 不能使用：请让当前用户可写，或另选目录 (ONEFILE_HOME) · "
            f"{home} cannot be used ({error.strerror}): make it writable for this user, or "
            "choose another home directory (ONEFILE_HOME)."
        ) from error


def _now() -> float:
    return asyncio.get_running_loop().time()
