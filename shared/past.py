"""What did a list say at an earlier position of the log: its views, made again up to there?"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, NamedTuple

from fastapi import Query, Response

from contracts.event import About
from shared.clock import LEGAL_ZONE
from shared.effects import Clock
from shared.eventstore.log import Log
from shared.eventstore.postgres import Connection, Reads, connect
from shared.problems import Problem
from shared.projecting import Project
from shared.shadow import shadow, told_between

LONGEST = 100_000
"""Events before a position up to which the views are still made again for a reader (默认值)."""
PATIENCE = 4.0
"""Seconds of one request; what was made again by then is kept, and the next one goes on there."""
KEPT = 2
"""Copies of the views that are kept, each at the position that was asked for last."""
IDLE = 300.0
"""Seconds after which a copy that nobody asks is let go."""
LOST_AFTER = 30.0
"""Seconds after which a link to the store that says nothing is given up."""

type At = Annotated[
    str | None,
    Query(
        max_length=40,
        description="截至：本服务日志的位置，或带时区的时刻；按当时所记答复 / As of: a position of "
        "this service's log, or an instant with its offset; answered as was recorded by then. "
        f"Beyond {LONGEST} events of a log what would have to be replayed is refused "
        "(`past_too_long`); `behind` says that it takes longer than a request: ask again.",
    ),
]

_HEARD = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND a.attname = 'heard_at' AND NOT a.attisdropped
"""
_UNTIL = "SELECT set_config('onefile.until', $1, false)"
_THERE = "SELECT recorded, about FROM events WHERE position = $1"


class Point(NamedTuple):
    """A position of the log, what day it was then, and up to when something had been heard."""

    position: int
    today: date
    until: datetime


class Then(NamedTuple):
    """Where to read a list: the views as they are, or a copy of them as of `position`."""

    over: Reads
    today: date
    position: int | None = None

    def of(self, last: int) -> int:
        """The position of what was read; `last` where it was read as it is now."""
        return last if self.position is None else self.position

    def told[R: Response](self, response: R) -> R:
        """The answer, with the position it is as of where that was asked for."""
        if self.position is not None:
            response.headers["Onefile-Position"] = str(self.position)
        return response


@dataclass(slots=True, eq=False)
class _Copy:
    """Views that were made again, each up to a position, behind a connection of their own."""

    connection: Connection
    tables: list[str]
    reached: dict[str, int] = field(default_factory=dict)
    fed: int = 0
    known: int = 0
    """Of how many fed events the store's planner knows what they made of the tables."""
    ends: asyncio.TimerHandle | None = None

    def before(self, views: tuple[str, ...], position: int) -> bool:
        return all(self.reached.get(view, 0) <= position for view in views)

    def at(self, views: tuple[str, ...]) -> int:
        return min(self.reached.get(view, 0) for view in views)

    async def empty(self) -> None:
        names = ", ".join(f'pg_temp."{name}"' for name in self.tables)
        await self.connection.execute(f"TRUNCATE {names}")
        self.reached.clear()
        self.fed = self.known = 0

    async def looked_over(self, fed: int) -> None:
        """Tell the planner how the tables grew, each time they have about doubled.

        Nobody else does: without it a join of two copies is planned as if both were empty.
        """
        self.fed += fed
        if self.fed >= 2 * self.known:
            names = ", ".join(f'pg_temp."{name}"' for name in self.tables)
            await self.connection.execute(f"ANALYZE {names}")
            self.known = self.fed


class Past:
    """The views of one service as of any position, for one reader after another.

    A projection reads its own tables and the fact alone: fed with the log up to a position it
    makes what it had made then. It is the replay of the nightly check, stopped earlier.
    """

    def __init__(
        self, log: Log, dsn: str, projections: Mapping[str, Project], clock: Clock
    ) -> None:
        self._log, self._dsn, self._clock = log, dsn, clock
        self._projections = projections
        self._turn = asyncio.Lock()
        self._copies: list[_Copy] = []
        self._asked: Counter[tuple[int, str]] = Counter()
        """Position and view of every request that is under way: they are replayed in one go."""

    @asynccontextmanager
    async def views(self, at: str | None, *views: str) -> AsyncIterator[Then]:
        """Where to read lists of these projections; raises `Problem` for a time that cannot be had."""
        point = await self.point(at)
        if point is None:
            yield Then(self._log.pool, self.today())
            return
        if point.position > LONGEST:
            raise Problem("past_too_long", position=point.position, at_most=LONGEST)
        asked = Counter((point.position, view) for view in views)
        self._asked += asked
        try:
            async with self._made(point, views) as then:
                yield then
        finally:
            self._asked -= asked

    @asynccontextmanager
    async def _made(self, point: Point, views: tuple[str, ...]) -> AsyncIterator[Then]:
        """The copy that was made again up to a point, for one reader after another."""
        until = asyncio.get_running_loop().time() + PATIENCE
        try:
            async with asyncio.timeout_at(until):
                await self._turn.acquire()
        except TimeoutError:
            raise Problem("behind") from None
        try:
            copy = await self._copy(views, point.position)
            try:
                async with asyncio.timeout(LOST_AFTER):
                    await self._fill(copy, views, point.position, until)
                    await copy.connection.execute(_UNTIL, point.until.isoformat())
                    yield Then(copy.connection, point.today, point.position)
            except Problem:
                self._keep(copy)
                raise
            except BaseException:
                self._let_go(copy)
                raise
            self._keep(copy)
        finally:
            self._turn.release()

    async def then(self, at: str | None) -> Then:
        """The same for what is folded from its stream: the position up to which, and the day."""
        point = await self.point(at)
        if point is None:
            return Then(self._log.pool, self.today())
        return Then(self._log.pool, point.today, point.position)

    async def point(self, at: str | None) -> Point | None:
        """The position that `at` names, None for now; raises `Problem("bad_parameter")`."""
        if at is None:
            return None
        position, instant = _asked(at)
        last = await self._log.position()
        if position is None:
            assert instant is not None
            position = await self._by(instant, last)
        if position > last:
            raise Problem("bad_parameter", parameter="at")
        row = await self._log.pool.fetchrow(_THERE, position)
        days = [instant.astimezone(LEGAL_ZONE).date()] if instant else []
        days += [_day_of(About.model_validate_json(row["about"]))] if row else []
        until = instant or (row["recorded"] if row else None)
        return Point(position, max(days, default=self.today()), until or self._clock())

    def today(self) -> date:
        """The legal day that it is now."""
        return self._clock().astimezone(LEGAL_ZONE).date()

    def close(self) -> None:
        """Let go of every copy."""
        for copy in list(self._copies):
            self._let_go(copy)

    async def _by(self, instant: datetime, last: int) -> int:
        """The last position recorded by an instant: positions are dense, and rise with time."""
        first = 0
        while first < last:
            middle = (first + last + 1) // 2
            row = await self._log.pool.fetchrow(_THERE, middle)
            if row is not None and row["recorded"] <= instant:
                first = middle
            else:
                last = middle - 1
        return first

    async def _copy(self, views: tuple[str, ...], position: int) -> _Copy:
        """The copy that is the nearest to a position and not beyond it; a new or emptied one else."""
        fit = [copy for copy in self._copies if copy.before(views, position)]
        if fit:
            copy = max(fit, key=lambda copy: (copy.at(views), self._copies.index(copy)))
        elif len(self._copies) < KEPT:
            copy = await self._opened()
        else:
            copy = self._copies[0]
            try:
                await copy.empty()
            except BaseException:
                self._let_go(copy)
                raise
        if copy in self._copies:
            self._copies.remove(copy)
        self._copies.append(copy)
        return copy

    async def _opened(self) -> _Copy:
        """Empty copies of the views; of what was heard beside them, that which had been by then."""
        connection = await connect(self._dsn)
        try:
            tables = [table["name"] for table in await shadow(connection)]
            for row in await connection.fetch(_HEARD):
                name = row["name"]
                await connection.execute(
                    f'CREATE TEMP VIEW "{name}" AS SELECT * FROM public."{name}"'
                    " WHERE heard_at <= current_setting('onefile.until')::timestamptz"
                )
        except BaseException:
            connection.terminate()
            raise
        return _Copy(connection, tables)

    async def _fill(
        self, copy: _Copy, views: tuple[str, ...], position: int, until: float
    ) -> None:
        """Feed the copy up to a position; raises `Problem("behind")` when time is up before.

        What others wait for at the same position is fed with it: the log is read and decoded once.
        """
        now = asyncio.get_running_loop().time
        while copy.at(views) < position:
            if now() > until:
                raise Problem("behind")
            fed = tuple(dict.fromkeys((*views, *self._beside(copy, position))))
            slice = await told_between(copy.connection, copy.at(fed), position)
            reached = slice[-1].entry.position
            async with copy.connection.transaction():
                for told in slice:
                    for view in fed:
                        if copy.reached.get(view, 0) < told.entry.position:
                            await self._projections[view](copy.connection, told)
            for view in fed:
                copy.reached[view] = max(copy.reached.get(view, 0), reached)
            await copy.looked_over(len(slice))

    def _beside(self, copy: _Copy, position: int) -> list[str]:
        """The views that others ask for at the same position, and which this copy can give them."""
        return [v for at, v in self._asked if at == position and copy.before((v,), position)]

    def _keep(self, copy: _Copy) -> None:
        """Until nobody has asked it for a while."""
        if copy.ends:
            copy.ends.cancel()
        copy.ends = asyncio.get_running_loop().call_later(IDLE, self._idle, copy)

    def _idle(self, copy: _Copy) -> None:
        if self._turn.locked():  # it may be the one that is asked just now
            self._keep(copy)
        else:
            self._let_go(copy)

    def _let_go(self, copy: _Copy) -> None:
        if copy.ends:
            copy.ends.cancel()
        if copy in self._copies:
            self._copies.remove(copy)
        copy.connection.terminate()


def _asked(at: str) -> tuple[int | None, datetime | None]:
    """A position or an instant, in which a URL may have made a blank of the plus sign."""
    if at.isascii() and at.isdecimal():
        return int(at), None
    try:
        instant = datetime.fromisoformat(at.strip().replace(" ", "+"))
        if instant.tzinfo is None:
            raise Problem("bad_parameter", parameter="at")
        instant.astimezone(LEGAL_ZONE)
    except (ValueError, OverflowError):
        raise Problem("bad_parameter", parameter="at") from None
    return None, instant


def _day_of(about: About) -> date:
    """The day on which it was written; a clock moved on for trying out is ahead of the store's."""
    text = about.effective
    if len(text) == len("2026-01-01"):
        happened = date.fromisoformat(text)
    else:
        happened = datetime.fromisoformat(text).astimezone(LEGAL_ZONE).date()
    return max(about.recorded.astimezone(LEGAL_ZONE).date(), happened)
