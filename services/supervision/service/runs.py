"""How far is a long piece of work that somebody waits for (进度), whichever replica is asked?"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from shared.eventstore.postgres import LOST
from shared.runtime import Floor

type Told = Callable[[str, int], object]

EVERY = 0.5
"""Seconds between two words on how far it is."""
KEPT = timedelta(days=1)
"""So long is it remembered that a run was made."""

_OLD = "DELETE FROM runs WHERE told_at < clock_timestamp() - $1::interval"
_TELL = """
    INSERT INTO runs (run, owner, step, rows) VALUES ($1, $2, $3, $4)
    ON CONFLICT (run) DO UPDATE SET step = $3, rows = $4, told_at = clock_timestamp()
    WHERE runs.owner = $2
"""


@dataclass(frozen=True, slots=True)
class Progress:
    """A step, and how many lines it has come; `done` or `failed` at the end."""

    step: str
    rows: int = 0


class Runs:
    """What is under way, by the name that the caller gave it; kept where every replica reads."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor

    async def make[T](
        self, run: UUID | None, owner: str, work: Callable[[Told], Awaitable[T]]
    ) -> T:
        """Do `work`, saying how far it is; a run of somebody else is not touched."""
        if run is None:
            return await work(lambda step, rows: None)
        now = [Progress("reading")]

        def told(step: str, rows: int) -> None:
            now[0] = Progress(step, rows)

        teller = asyncio.create_task(self._tell(run, owner, now))
        end = Progress("failed")
        try:
            made = await work(told)
            end = Progress("done")
            return made
        finally:
            teller.cancel()
            with suppress(asyncio.CancelledError):
                await teller
            await self._write(run, owner, end)
            with suppress(*LOST):
                await self._floor.log.pool.execute(_OLD, KEPT)

    async def _tell(self, run: UUID, owner: str, now: list[Progress]) -> None:
        while True:
            await self._write(run, owner, now[0])
            await asyncio.sleep(EVERY)

    async def _write(self, run: UUID, owner: str, one: Progress) -> None:
        with suppress(*LOST):  # the work goes on without a word of it
            await self._floor.log.pool.execute(_TELL, run, owner, one.step, one.rows)

    async def of(self, run: UUID, owner: str) -> Progress | None:
        """How far it is; None for one that is not known, or not one's own."""
        row = await self._floor.log.pool.fetchrow(
            "SELECT step, rows FROM runs WHERE run = $1 AND owner = $2", run, owner
        )
        return Progress(row["step"], row["rows"]) if row else None
