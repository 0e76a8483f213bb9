"""A sample service on real contracts: publicity in a stream, so that the floor can be tried alone."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from contracts.event import Event, Personal
from contracts.intake import EVENTS, PublicityLogged
from shared.command import Command
from shared.decider import Decider, Refused
from shared.effects import new_id
from shared.eventstore.disclosure import Keeper
from shared.eventstore.identity import origin_of
from shared.eventstore.log import Log, open_log
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import connect, open_pool
from shared.eventstore.units import Act
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Handling, Step

KEY = b"k" * 32
CLERK = "p:018f4e1c-0000-7000-8000-000000000001"


class LogPublicity(Command):
    """Make it known (宣传登记)."""

    title: Personal[str]
    at_most: int = 1_000_000


def decide(command: LogPublicity, state: int, facts: None) -> Sequence[Event]:
    if state >= command.at_most:
        raise Refused("enough", said=state)
    return [PublicityLogged(body="hall", medium="web", title=command.title)]


SAMPLE = Aggregate("sample", Decider(0, lambda state, _: state + 1, decide), Vocabulary(EVENTS))


@dataclass
class Sample:
    """The floor of one service, without HTTP: a log, its handling, and its address."""

    service: str
    dsn: str
    log: Log
    handling: Handling
    keeper: Keeper

    def step(
        self,
        key: str,
        *,
        stream: UUID | None = None,
        title: str = "公告",
        at_most: int = 1_000_000,
    ) -> Step[Any, Any, Any, Any]:
        stream = stream or new_id()
        act = Act(CLERK, "990100", "2026-11-21", channel="window", matter=stream)
        origin = origin_of(self.service, CLERK, "POST /publicity", key)
        command = LogPublicity(title=Personal(title), at_most=at_most)
        return Step(Asked(origin, act), SAMPLE, stream, command, None)


async def prepare(dsn: str, service: str) -> None:
    """Migrate `dsn` for `service`, the data keys in the same database (a test may)."""
    connection = await connect(dsn)
    try:
        await migrate(connection, service, [FLOOR])
        for step in sorted((FLOOR.parent / "keys").glob("*.sql")):
            await connection.execute(step.read_text())
    finally:
        await connection.close()


@asynccontextmanager
async def sample_on(
    dsn: str, service: str = "intake", *, fresh: bool = True
) -> AsyncIterator[Sample]:
    """A sample service on the database `dsn`."""
    async with AsyncExitStack() as stack:
        if fresh:
            await prepare(dsn, service)
        log = await stack.enter_async_context(open_log(service, dsn))
        keys = await open_pool(dsn, size=2)
        stack.callback(keys.terminate)
        keeper = Keeper(keys, KEY)
        yield Sample(service, dsn, log, Handling(log, keeper, KEY), keeper)
