"""What runs behind the agencies' door: one listener per service, one worker per feed."""

import asyncio
import contextlib
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog
from nats.aio.client import Client

from services.feeds.domain.agencies import Agency
from services.feeds.projections import begin, fill
from services.feeds.service.credentials import Credentials
from services.feeds.service.leading import Leadership
from services.feeds.service.publishing import FeedStreamAhead, Publisher
from services.feeds.service.register import Agreements
from services.feeds.service.signing import Seal
from services.feeds.service.webhooks import Hook
from shared.effects import Clock
from shared.eventstore.postgres import Pool, connect, lost

log = structlog.get_logger()

POLL = 1.0
AGAIN = 1.0
TURN = 0.2


@dataclass(slots=True)
class Worker:
    """What runs for one feed, and what would have to change for it to run differently.

    Every replica fills (the store lets one do it at a time); only the one that leads the feed
    publishes and posts it: `told` are those tasks, which end by themselves once `leaving` is set.
    """

    agency: Agency
    hook: Hook | None
    publisher: Publisher | None
    filling: asyncio.Event = field(default_factory=asyncio.Event)
    filler: asyncio.Task[None] | None = None
    told: list[asyncio.Task[None]] = field(default_factory=list)
    held: str | None = None
    leaving: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def parts(self) -> list[Hook | Publisher]:
        return [part for part in (self.hook, self.publisher) if part]


class Feeds:
    """Every feed of this deployment: filled, published and posted while its agreement runs."""

    def __init__(
        self, dsn: str, pool: Pool, agreements: Agreements, seal: Seal, bus: Client | None,
        clock: Clock,
    ) -> None:  # fmt: skip
        self._dsn, self.pool, self.agreements = dsn, pool, agreements
        self.seal, self._bus, self.clock = seal, bus, clock
        self.credentials = Credentials(agreements, clock)
        self.workers: dict[str, Worker] = {}
        self.leadership = Leadership(dsn)
        self.grown = asyncio.Condition()

    async def run(self) -> None:
        """Until cancelled: start workers for agreements that run, stop those that ended."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._listen())
                group.create_task(self.agreements.run())
                while True:
                    await self._staff(group)
                    await self._lead(group)
                    await asyncio.sleep(TURN)
        finally:
            for worker in self.workers.values():
                await self._end(worker)
            self.leadership.close()

    def hook_of(self, agency: Agency) -> Hook | None:
        worker = self.workers.get(agency.feed)
        return worker.hook if worker else None

    def held(self, agency: Agency) -> str | None:
        """Why nothing more enters this feed, None while it grows."""
        worker = self.workers.get(agency.feed)
        return worker.held if worker else None

    async def _staff(self, group: asyncio.TaskGroup) -> None:
        wanted = {agency.feed: agency for agency in self.agreements.open}
        for feed, worker in list(self.workers.items()):
            if wanted.get(feed) != worker.agency:
                await self._end(worker)
                del self.workers[feed]
        for feed, agency in wanted.items():
            if feed not in self.workers:
                self.workers[feed] = self._worker(group, agency)

    async def _lead(self, group: asyncio.TaskGroup) -> None:
        """Take what nobody leads; what is not ours any more is let go of before anything else."""
        await self.leadership.take([feed for feed, one in self.workers.items() if one.parts])
        for feed, worker in self.workers.items():
            ours = feed in self.leadership.held
            if worker.told and not ours:
                await _ended(worker.told)
            elif ours and not worker.told:
                worker.leaving.clear()
                worker.told += [
                    group.create_task(self._kept(worker, part.run)) for part in worker.parts
                ]
        await self._share()

    async def _share(self) -> None:
        """Hand over what is above our share, each feed once what is under way with it has ended."""
        led = [worker for worker in self.workers.values() if worker.told]
        leaving = [worker for worker in led if worker.leaving.is_set()]
        staying = [worker for worker in led if not worker.leaving.is_set()]
        for worker in staying[: max(0, self.leadership.above_share() - len(leaving))]:
            worker.leaving.set()
            for part in worker.parts:
                part.wake.set()
        for worker in leaving:
            if all(task.done() for task in worker.told):
                worker.told.clear()
                await self.leadership.let_go(worker.agency.feed)
                log.info("feed_handed_over", feed=worker.agency.feed)

    async def _end(self, worker: Worker) -> None:
        await _ended(worker.told)
        await _ended([worker.filler] if worker.filler else [])
        await self.leadership.let_go(worker.agency.feed)
        if worker.hook:
            await worker.hook.close()

    def _worker(self, group: asyncio.TaskGroup, agency: Agency) -> Worker:
        hook = agency.webhook
        worker = Worker(
            agency,
            Hook(agency, hook, self.pool, self.seal, self.clock) if hook else None,
            Publisher(agency, self.pool, self._bus) if self._bus else None,
        )
        worker.filler = group.create_task(self._fill(worker))
        return worker

    async def _fill(self, worker: Worker) -> None:
        while True:
            worker.filling.clear()
            try:
                while await fill(self.pool, worker.agency):
                    pass
                worker.held = None
            except Exception as error:
                if not lost(error):
                    log.critical("feed_faulty", feed=worker.agency.feed, exc_info=error)
                    worker.held = repr(error)
                await asyncio.sleep(AGAIN)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(worker.filling.wait(), POLL)

    async def _kept(self, worker: Worker, run: Any) -> None:
        """A worker of one agency that fails is begun again and holds up nobody else."""
        await asyncio.sleep(0)
        while not worker.leaving.is_set():
            try:
                await begin(self.pool, worker.agency)
                doing: Coroutine[Any, Any, None] = run(worker.leaving)
                await doing
            except FeedStreamAhead as error:
                log.critical("feed_stream_ahead", feed=worker.agency.feed, why=str(error))
                worker.held = str(error)
                await asyncio.sleep(10 * AGAIN)
            except Exception as error:
                log.error("feed_worker_again", feed=worker.agency.feed, exc_info=error)
                await asyncio.sleep(AGAIN)

    async def _listen(self) -> None:
        """Told by the store that something arrived or was placed; the tables are the truth."""
        while True:
            connection = None
            try:
                connection = await connect(self._dsn)
                await connection.add_listener("arrivals", lambda *_: self._arrived())
                await connection.add_listener("entries", lambda *_: self._placed())
                while True:
                    await connection.fetchval("SELECT 1")
                    await asyncio.sleep(POLL)
            except Exception as error:
                if not lost(error):
                    raise
                log.warning("feeds_wait_for_store", error=repr(error))
                await asyncio.sleep(AGAIN)
            finally:
                if connection is not None:
                    connection.terminate()

    def _arrived(self) -> None:
        for worker in self.workers.values():
            worker.filling.set()

    def _placed(self) -> None:
        for worker in self.workers.values():
            for part in worker.parts:
                part.wake.set()
        self._telling = asyncio.ensure_future(self._tell())

    async def _tell(self) -> None:
        async with self.grown:
            self.grown.notify_all()


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    tasks.clear()
