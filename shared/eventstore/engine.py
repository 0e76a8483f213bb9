"""How synchronous code uses the log: an event loop in a thread of its own, and an orderly end."""

import asyncio
import contextlib
import threading
import weakref
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import CancelledError, Future
from typing import Any

import asyncpg
from eventsourcing.persistence import (
    DataError,
    IntegrityError,
    OperationalError,
    PersistenceError,
    ProgrammingError,
)

from shared.eventstore.postgres import LOST, Pool, connect, open_pool
from shared.eventstore.units import StoreUnavailable
from shared.eventstore.writer import Writer

_TRANSLATIONS: tuple[tuple[tuple[type[BaseException], ...], type[PersistenceError]], ...] = (
    ((asyncpg.CheckViolationError, asyncpg.DataError), DataError),
    ((asyncpg.IntegrityConstraintViolationError,), IntegrityError),
    ((asyncpg.SyntaxOrAccessError,), ProgrammingError),
    ((*LOST, StoreUnavailable, CancelledError), OperationalError),
    ((asyncpg.PostgresError,), PersistenceError),
)


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """Raise the eventsourcing library's errors for those of the driver and of the log."""
    try:
        yield
    except Exception as error:
        for kinds, theirs in _TRANSLATIONS:
            if isinstance(error, kinds):
                raise theirs(str(error) or repr(error)) from error
        raise


class Engine:
    """A pool and a writer, run in a thread. Ends with `close()`, its last user, or the process.

    `close` may be called twice, and from any thread: the garbage collector does both.
    """

    def __init__(self, store: str, dsn: str, pool_size: int) -> None:
        self.dsn = dsn
        self._loop = asyncio.new_event_loop()
        self._gate = threading.RLock()
        resources = contextlib.AsyncExitStack()
        thread = threading.Thread(
            target=_live, args=(self._loop, resources), name="onefile-engine", daemon=True
        )
        self._finalizer = weakref.finalize(self, _end, self._loop, thread, self._gate)
        thread.start()
        try:
            self.pool, self.writer = self.run(_open(resources, store, dsn, pool_size))
        except BaseException:
            self.close()
            raise

    def run[T](self, work: Coroutine[Any, Any, T]) -> T:
        """The result of `work`, which runs in the engine's loop; not to be called from there."""
        with translated():
            return self.start(work).result()

    def start[T](self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin `work` and return its future; raises OperationalError after `close`."""
        with self._gate:
            if not self._finalizer.alive:
                work.close()
                raise OperationalError("the connections were closed")
            return asyncio.run_coroutine_threadsafe(work, self._loop)

    def call(self, callback: Callable[[], object]) -> None:
        """Call `callback` in the loop, unless that has ended."""
        with self._gate:
            if self._finalizer.alive:
                self._loop.call_soon_threadsafe(callback)

    def close(self) -> None:
        self._finalizer()


async def _open(
    resources: contextlib.AsyncExitStack, store: str, dsn: str, pool_size: int
) -> tuple[Pool, Writer]:
    pool = await open_pool(dsn, size=pool_size)
    resources.callback(pool.terminate)
    return pool, await resources.enter_async_context(Writer(store, lambda: connect(dsn)))


def _live(loop: asyncio.AbstractEventLoop, resources: contextlib.AsyncExitStack) -> None:
    asyncio.set_event_loop(loop)
    loop.run_forever()
    loop.run_until_complete(resources.aclose())
    while tasks := asyncio.all_tasks(loop):
        for task in tasks:
            task.cancel()
        loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.run_until_complete(asyncio.sleep(0))  # connections say goodbye
    loop.close()


def _end(
    loop: asyncio.AbstractEventLoop, thread: threading.Thread, gate: threading.RLock
) -> None:
    with gate:
        loop.call_soon_threadsafe(loop.stop)
    if threading.current_thread() is not thread:
        thread.join(10)
