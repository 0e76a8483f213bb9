"""Views read the log together where they stand together, and each from its own place where not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from shared.eventstore.log import Entry, Log
from shared.eventstore.postgres import Connection
from shared.projecting import Project, Told, Views


class Cursors:
    """A connection as far as views use one: where each of them stands."""

    def __init__(self, **standing: int) -> None:
        self.standing = {f"view:{name}": at for name, at in standing.items()}

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        before = dict(self.standing)
        try:
            yield
        except BaseException:
            self.standing = before
            raise

    async def execute(self, statement: str, reader: str, position: int = 0) -> None:
        if statement.startswith("UPDATE"):
            self.standing[reader] = position

    async def fetchval(self, _: str, reader: str) -> int:
        return self.standing[reader]


class Positions:
    """A log of so many facts, which counts how often it was read."""

    service = "test"

    def __init__(self, length: int) -> None:
        self.length, self.read = length, 0

    async def after(self, position: int, limit: int, **_: Any) -> list[int]:
        self.read += 1
        return list(range(position + 1, min(position + limit, self.length) + 1))


class At:
    def __init__(self, position: int) -> None:
        self.position = position


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact is its position: what it says is decoded elsewhere."""

    def told_of(entry: Any) -> Told:
        return Told(cast(Entry, At(entry)), cast(Any, None), cast(Any, None))

    monkeypatch.setattr("shared.projecting.told_of", told_of)


def seeing() -> tuple[list[int], Project]:
    seen: list[int] = []

    async def project(_: Connection, told: Told) -> None:
        seen.append(told.entry.position)

    return seen, project


async def advanced(length: int, cursors: Cursors, **views: Project) -> tuple[int, Positions]:
    log = Positions(length)
    taken = await Views(cast(Log, log), "", views).advance(cast(Connection, cursors))
    return taken, log


async def test_views_at_one_place_read_the_log_once() -> None:
    (one, first), (two, second) = seeing(), seeing()
    cursors = Cursors(one=3, two=3)
    taken, log = await advanced(5, cursors, one=first, two=second)
    assert (one, two, taken, log.read) == ([4, 5], [4, 5], 2, 1)
    assert set(cursors.standing.values()) == {5}


async def test_a_view_that_was_left_behind_reads_from_its_own_place() -> None:
    (one, first), (two, second) = seeing(), seeing()
    cursors = Cursors(one=0, two=4)
    _, log = await advanced(5, cursors, one=first, two=second)
    assert (one, two, log.read) == ([1, 2, 3, 4, 5], [5], 2)


async def test_what_one_view_cannot_take_moves_it_nowhere() -> None:
    two, second = seeing()

    async def first(_: Connection, told: Told) -> None:
        raise RuntimeError(told.entry.position)

    cursors = Cursors(two=0, one=0)
    with pytest.raises(RuntimeError):
        await advanced(3, cursors, two=second, one=first)
    assert two == [1, 2, 3] and cursors.standing == {"view:two": 3, "view:one": 0}
