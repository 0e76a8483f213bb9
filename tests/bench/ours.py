"""Our own side of the bench: the production store with every check, in one process."""

import asyncio
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal
from uuid import UUID

import asyncpg
import uvloop

from contracts.canonical import canonical
from contracts.event import Event
from shared.command import Command
from shared.decider import Decider
from shared.effects import monotonic, new_id
from shared.eventstore.disclosure import Keeper
from shared.eventstore.identity import cause_of, event_id, origin_of
from shared.eventstore.log import Log, open_log
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import open_pool
from shared.eventstore.units import Act, Append, Appended, Draft, Receipt, Unit
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Handling, Step
from tests.bench.peers import window

ACTOR = "p:018f4e1c-0000-7000-8000-000000000001"
TEXT = "x" * 120
PACK = "cn-990100-sample@0123456789abcdef"
MATTERS, REBUILT, LENGTH = 200, 400, 50


class WorkNoted(Event):
    """A line of text by somebody: what every peer stores too."""

    type: Literal["intake.work_noted.v1"] = "intake.work_noted.v1"

    by: str
    text: str


class WorkClosed(Event):
    """A second kind, so that decoding chooses."""

    type: Literal["intake.work_closed.v1"] = "intake.work_closed.v1"

    by: str


class NoteWork(Command):
    """Note a line."""

    text: str


@dataclass(frozen=True, slots=True)
class State:
    """What fifty lines come to."""

    lines: int = 0
    last: str = ""


def evolve(state: State, event: Event) -> State:
    match event:
        case WorkNoted(text=text):
            return State(state.lines + 1, text)
    return state


def decide(command: NoteWork, state: State, facts: None) -> Sequence[Event]:
    return [WorkNoted(by=ACTOR, text=command.text)]


MATTER = Aggregate(
    "matter", Decider(State(), evolve, decide), Vocabulary([WorkNoted, WorkClosed])
)


def act_on(stream: UUID) -> Act:
    return Act(ACTOR, "990100", "2026-11-21", channel="window", matter=stream, pack=PACK)


def unit(key: str) -> Unit:
    """One event for a new stream, with its whole envelope and its receipt."""
    stream = new_id()
    origin = origin_of("intake", ACTOR, "POST /matters", key)
    cause = cause_of(origin, stream)
    fact = canonical(WorkNoted(by=ACTOR, text=TEXT).public())
    draft = Draft(event_id(cause, 0), cause, WorkNoted.model_fields["type"].default,
                  act_on(stream), fact)  # fmt: skip
    receipt = Receipt(cause, origin, stream, 1, 1, b"\x00" * 32)
    return Unit((Append(stream, 0, (draft,)),), (receipt,))


async def prepare(dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    await migrate(connection, "intake", [FLOOR])
    for step in sorted((FLOOR.parent / "keys").glob("*.sql")):
        await connection.execute(step.read_text())
    await connection.close()


async def fill(log: Log, matters: int) -> list[UUID]:
    """`matters` streams of fifty events, one unit each."""
    streams = [new_id() for _ in range(matters)]

    def history(stream: UUID) -> Unit:
        cause = cause_of(origin_of("intake", ACTOR, "fill", str(stream)), stream)
        fact = canonical(WorkNoted(by=ACTOR, text=TEXT).public())
        drafts = tuple(
            Draft(event_id(cause, n), cause, "intake.work_noted.v1", act_on(stream), fact)
            for n in range(LENGTH)
        )
        return Unit((Append(stream, 0, drafts),))

    for begin in range(0, matters, 20):
        verdicts = await asyncio.gather(
            *(log.submit(history(s)) for s in streams[begin : begin + 20])
        )
        assert all(isinstance(v, Appended) for v in verdicts)
    return streams


async def append(log: Log, clients: int, seconds: float) -> str:
    keys = count()

    async def once(_: int) -> None:
        assert isinstance(await log.submit(unit(str(next(keys)))), Appended)

    return window.line(await window.drive_tasks(clients, seconds, once), seconds)


async def command(log: Log, handling: Handling, clients: int, seconds: float) -> str:
    streams = await fill(log, MATTERS)

    keys = count()

    async def once(_: int) -> None:
        stream = random.choice(streams)
        origin = origin_of("intake", ACTOR, "POST /matters/{id}/notes", str(next(keys)))
        step = Step(Asked(origin, act_on(stream)), MATTER, stream, NoteWork(text=TEXT), None)
        await handling.handle(step)

    return window.line(await window.drive_tasks(clients, seconds, once), seconds)


async def rebuild(log: Log, seconds: float) -> str:
    streams = await fill(log, REBUILT)
    latencies: list[float] = []
    pages = [streams[n : n + 20] for n in range(0, REBUILT, 20)]

    async def one(page: list[UUID]) -> None:
        for found in (await log.read_many(MATTER.vocabulary, page)).values():
            assert MATTER.decider.fold(found.facts).lines == found.version == LENGTH

    async def all_of_them() -> None:
        queue = iter(pages)

        async def lane() -> None:
            for page in queue:
                await one(page)

        await asyncio.gather(lane(), lane())

    await all_of_them()
    stop = monotonic() + seconds
    while (began := monotonic()) < stop:
        await all_of_them()
        each = (monotonic() - began) / REBUILT
        latencies += [each] * REBUILT
    return window.line(latencies, sum(latencies), events=LENGTH)


async def main(mode: str, clients: int, seconds: float, dsn: str) -> None:
    await prepare(dsn)
    async with open_log("intake", dsn, pool_size=clients) as log:
        keys = await open_pool(dsn, size=1)
        handling = Handling(log, Keeper(keys, b"k" * 32), b"k" * 32)
        match mode:
            case "append":
                line = await append(log, clients, seconds)
            case "command":
                line = await command(log, handling, clients, seconds)
            case "rebuild":
                line = await rebuild(log, seconds)
            case _:
                raise SystemExit(f"no such mode: {mode}")
        keys.terminate()
    print(line)


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), sys.argv[4]))
