"""Why does nobody wait while this process looks for garbage?"""

import asyncio
import gc

from shared.effects import Clock, system_clock
from shared.zone import LEGAL_ZONE

EVERY = 10.0
"""Seconds between two looks at what was made since the last one."""
NEVER = 1_000_000
"""Looks at young objects after which Python would look at the old ones by itself."""
NIGHT = 3
"""The legal hour in which everything is looked at (默认值)."""


async def short_pauses(clock: Clock = system_clock) -> None:
    """Look for garbage until cancelled, often at what is new, at everything once a night.

    A process that keeps what it knows of its matters in memory holds millions of objects. Python
    looks at all of them whenever a quarter has come new: for a second nobody was answered. What
    was not garbage at a look is set aside until the night; what is counted down goes at once.
    """
    looked, usual = clock().astimezone(LEGAL_ZONE).date(), gc.get_threshold()
    gc.set_threshold(*usual[:2], NEVER)
    try:
        while True:
            now = clock().astimezone(LEGAL_ZONE)
            if now.hour == NIGHT and now.date() != looked:
                looked = now.date()
                gc.unfreeze()
            gc.collect()
            gc.freeze()
            await asyncio.sleep(EVERY)
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
