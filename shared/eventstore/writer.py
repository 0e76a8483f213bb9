"""The group-commit writer: gathers what concurrent commands append, and commits it together."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from shared.effects import monotonic
from shared.eventstore.batch import Batch
from shared.eventstore.postgres import Connection, lost
from shared.eventstore.units import StoreUnavailable, Unit, Verdict
from shared.tracing import appending, here

log = structlog.get_logger()

type Connect = Callable[[], Awaitable[Connection]]

DEADLINE = 5.0
"""Seconds for one batch. A black-holed connection is cut by nothing but a client-side limit."""
PATIENCE = 15.0
"""Seconds for which a unit is offered again after lost connections, before its caller is told."""
LARGEST = 512
"""Events in one batch, about."""
LONGEST_PAUSE = 0.002
"""Seconds that a batch waits for company at most."""
CANNOT_WRITE = (
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.OperatorInterventionError,
)

type _Waiting = tuple[Unit, asyncio.Future[Verdict], float, Any]
"""What is offered, who waits for the verdict, until when, and which trace it is a part of."""


class Writer:
    """One per process and store, over a connection of its own.

    A lost connection leaves the fate of its batch unknown. The batch is then offered again:
    ids are derived from the request, and the database says under the lock whether it has them.
    A cancelled caller does not take its unit back: it may have been committed already.
    """

    def __init__(self, store: str, connect: Connect) -> None:
        self._store, self._connect = store, connect
        self._waiting: deque[_Waiting] = deque()
        self._underway: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._wanted = 1
        self._pause = 0.0
        self._task: asyncio.Task[None] | None = None
        self._connection: Connection | None = None

    async def __aenter__(self) -> "Writer":
        self._connection = await self._connect()
        self._task = asyncio.create_task(self._run(), name=f"writer-{self._store}")
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._connection:
            self._connection.terminate()
        unanswered = [*self._underway, *self._waiting]
        _answer(unanswered, [StoreUnavailable("the writer was stopped")] * len(unanswered))

    async def submit(self, unit: Unit) -> Verdict:
        """Offer `unit` to the log and return its verdict; raises `StoreUnavailable`."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, answer, monotonic() + PATIENCE, here()))
        if len(self._waiting) >= self._wanted:
            self._wake.set()
        return await answer

    async def _run(self) -> None:
        while True:
            await self._gather()
            began = monotonic()
            self._underway = self._take()
            with appending(self._store, [trace for *_, trace in self._underway]):
                await self._settle(self._underway)
            self._pause = min((monotonic() - began) / 4, LONGEST_PAUSE)
            self._wanted = len(self._underway) + len(self._waiting)
            self._underway = []

    async def _gather(self) -> None:
        """Wait for as many as were active a moment ago, but at most a quarter of a commit.

        Callers who were just answered tend to come back at once. Without the pause they split
        into two groups that each wait for the other's sync.
        """
        timer = asyncio.get_running_loop().call_later(self._pause, self._no_longer)
        while len(self._waiting) < self._wanted:
            self._wake.clear()
            await self._wake.wait()
        timer.cancel()

    def _no_longer(self) -> None:
        self._wanted = 1
        if self._waiting:
            self._wake.set()

    def _take(self) -> list[_Waiting]:
        """The next batch: in order of arrival, no stream, cause or reader twice."""
        taken: list[_Waiting] = []
        left: list[_Waiting] = []
        busy: set[UUID | str] = set()
        events = 0
        while self._waiting and events < LARGEST:
            item = self._waiting.popleft()
            touches = _touches(item[0])
            if busy.isdisjoint(touches):
                taken.append(item)
                events += sum(len(a.drafts) for a in item[0].appends) or 1
            else:
                left.append(item)
            busy.update(touches)
        self._waiting.extendleft(reversed(left))
        return taken

    async def _settle(self, taken: Sequence[_Waiting]) -> None:
        again = False
        while True:
            try:
                batch = Batch(self._store, [unit for unit, *_ in taken])
                async with asyncio.timeout(DEADLINE):
                    if self._connection is None:
                        self._connection = await self._connect()
                    verdicts: list[Any] = await batch.offer(self._connection, again=again)
            except Exception as error:
                if not lost(error):
                    # The statement itself was refused: a full disk, a read-only server, or a
                    # unit that breaks a rule no verdict is for. Find it by offering one at a
                    # time.
                    if len(taken) > 1:
                        for one in taken:
                            await self._settle([one])
                        return
                    verdicts = [_plainly(error)]
                else:
                    again = True
                    await self._lose_connection(error)
                    if monotonic() < max(deadline for _, _, deadline, _ in taken):
                        continue
                    away = StoreUnavailable(f"the database does not answer: {error!r}")
                    verdicts = [away] * len(taken)
            _answer(taken, verdicts)
            return

    async def _lose_connection(self, error: BaseException) -> None:
        log.warning("writer_lost_connection", store=self._store, error=repr(error))
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.terminate()
        await asyncio.sleep(0.05)


def _plainly(error: Exception) -> Exception:
    """A server that cannot write now (disk full, read-only) is away, not a fault of the unit."""
    if isinstance(error, CANNOT_WRITE):
        return StoreUnavailable(f"the database cannot write: {error}")
    return error


def _answer(taken: Sequence[_Waiting], verdicts: Sequence[Any]) -> None:
    for (_, answer, *_), verdict in zip(taken, verdicts, strict=True):
        if answer.done():
            continue
        if isinstance(verdict, BaseException):
            answer.set_exception(verdict)
        else:
            answer.set_result(verdict)


def _touches(unit: Unit) -> set[UUID | str]:
    touched: set[UUID | str] = {a.stream for a in unit.appends}
    touched.update(r.cause for r in unit.receipts)
    if unit.hearing:
        touched.add(unit.hearing.reader)
    return touched
