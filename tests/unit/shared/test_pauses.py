"""Garbage: what lives is looked at once, what was dropped meanwhile goes at night."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from datetime import UTC, datetime

from shared import pauses
from shared.pauses import short_pauses
from tests.patience import PATIENCE


class Thing:
    """Holds itself, so that only a look at everything finds it once it is set aside."""

    def __init__(self) -> None:
        self.itself = self


async def test_what_lives_is_set_aside_until_the_night() -> None:
    before = gc.get_freeze_count()
    now = [datetime(2026, 11, 21, 4, 0, tzinfo=UTC)]  # noon
    thing = Thing()
    dropped = weakref.ref(thing)
    every, pauses.EVERY = pauses.EVERY, 0.001
    looking = asyncio.create_task(short_pauses(lambda: now[0]))
    try:
        await _until(lambda: gc.get_freeze_count() > before + 1_000)
        del thing
        gc.collect()
        assert dropped() is not None  # set aside: nobody waits for a look at it
        now[0] = datetime(2026, 11, 21, 19, 30, tzinfo=UTC)  # half past three
        await _until(lambda: dropped() is None)
    finally:
        pauses.EVERY = every
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert gc.get_freeze_count() == 0


async def _until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():
            await asyncio.sleep(0.001)
