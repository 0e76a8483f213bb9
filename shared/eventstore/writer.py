"""The group-commit writer: gathers what concurrent commands append, and commits it together."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import structlog

from shared.effects import monotonic
from shared.eventstore.batch import Batch
from shared.eventstore.postgres import Connection, lost
from shared.eventstore.units import StoreUnavailable, Unit, Verdict

log = structlog.get_logger()

type Connect = Callable[[], Awaitable[Connection]]

DEADLINE = 5.0
"""Seconds for one batch. A black-holed connection is cut by nothing but a client-side limit."""
PATIENCE = 15.0
"""Seconds for which a unit is offered again after lost connections, before its caller is told."""
LARGEST = 512
"""Events in one batch, about."""
QUICK_SYNC = 0.0008
"""Seconds. A disk that syncs faster than this is no bottleneck: then two half batches, one laid
out here while the other is in the database, beat one whole batch; on a slower disk, the reverse."""

type _Waiting = tuple[Unit, asyncio.Future[Verdict], float]


@dataclass(slots=True, eq=False)
class _Lane:
    """One connection, and the batch that is on its way over it."""

    connection: Connection | None = None
    taken: list[_Waiting] = field(default_factory=list)
    task: asyncio.Task[None] | None = None


class Writer:
    """One per process and store, over two connections of its own.

    A lost connection leaves the fate of its batch unknown. The batch is then offered again:
    ids are derived from the request, and the database says under the lock whether it has them.
    A cancelled caller does not take its unit back: it may have been committed already.
    """

    def __init__(self, store: str, connect: Connect) -> None:
        self._store, self._connect = store, connect
        self._waiting: deque[_Waiting] = deque()
        self._wake = asyncio.Event()
        self._lanes = (_Lane(), _Lane())
        self._task: asyncio.Task[None] | None = None
        self._sync = 0.0

    async def __aenter__(self) -> "Writer":
        self._lanes[0].connection = await self._connect()
        self._task = asyncio.create_task(self._run(), name=f"writer-{self._store}")
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [t for t in (self._task, *(lane.task for lane in self._lanes)) if t]
        unanswered = [item for lane in self._lanes for item in lane.taken]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in self._lanes:
            if lane.connection:
                lane.connection.terminate()
        unanswered += self._waiting
        _answer(unanswered, [StoreUnavailable("the writer was stopped")] * len(unanswered))

    async def submit(self, unit: Unit) -> Verdict:
        """Offer `unit` to the log and return its verdict; raises `StoreUnavailable`."""
        answer: asyncio.Future[Verdict] = asyncio.get_running_loop().create_future()
        self._waiting.append((unit, answer, monotonic() + PATIENCE))
        self._wake.set()
        return await answer

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            while (lane := self._free_lane()) and (taken := self._take(self._share())):
                lane.taken = taken
                lane.task = asyncio.create_task(self._commit(lane, taken))
            await self._wake.wait()

    def _free_lane(self) -> _Lane | None:
        """A lane to start now: any when all are idle; the second only for as much as the first."""
        idle = [lane for lane in self._lanes if not lane.taken]
        underway = sum(len(lane.taken) for lane in self._lanes)
        if not self._waiting or not idle:
            return None
        if not underway:
            return idle[0]
        return idle[0] if self._sync < QUICK_SYNC and len(self._waiting) >= underway else None

    def _share(self) -> int:
        """How many units to take: half of them when the other half can overlap."""
        alone = not any(lane.taken for lane in self._lanes)
        split = alone and self._sync < QUICK_SYNC and len(self._waiting) >= 8
        return (len(self._waiting) + 1) // 2 if split else LARGEST

    def _take(self, share: int) -> list[_Waiting]:
        """The next batch: in order of arrival, no stream, cause or reader twice at a time."""
        taken: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        busy: set[UUID | str] = set()
        for lane in self._lanes:
            for unit, _, _ in lane.taken:
                busy.update(_touches(unit))
        events = 0
        while self._waiting and events < LARGEST and len(taken) < share:
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

    async def _commit(self, lane: _Lane, taken: list[_Waiting]) -> None:
        try:
            await self._settle(lane, taken)
        finally:
            lane.taken = []
            self._wake.set()

    async def _settle(self, lane: _Lane, taken: Sequence[_Waiting]) -> None:
        again = False
        while True:
            try:
                batch = Batch(self._store, [unit for unit, _, _ in taken])
                async with asyncio.timeout(DEADLINE):
                    if lane.connection is None:
                        lane.connection = await self._connect()
                    verdicts: list[Any] = await batch.offer(lane.connection, again=again)
                self._sync += (batch.sync_time - self._sync) / 8
            except Exception as error:
                if not lost(error):
                    # The statement itself was refused: a full disk, a read-only server, or a
                    # unit that breaks a rule no verdict is for. Find it by offering one at a
                    # time.
                    if len(taken) > 1:
                        for one in taken:
                            await self._settle(lane, [one])
                        return
                    verdicts = [error]
                else:
                    again = True
                    await self._lose_connection(lane, error)
                    if monotonic() < max(deadline for _, _, deadline in taken):
                        continue
                    away = StoreUnavailable(f"the database does not answer: {error!r}")
                    verdicts = [away] * len(taken)
            _answer(taken, verdicts)
            return

    async def _lose_connection(self, lane: _Lane, error: BaseException) -> None:
        log.warning("writer_lost_connection", store=self._store, error=repr(error))
        connection, lane.connection = lane.connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                connection.terminate()
        await asyncio.sleep(0.05)


def _answer(taken: Sequence[_Waiting], verdicts: Sequence[Any]) -> None:
    for (_, answer, _), verdict in zip(taken, verdicts, strict=True):
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
