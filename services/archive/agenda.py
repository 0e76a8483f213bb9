"""What does archive do without anyone asking? It files what waited for its cause."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from services.archive.inbox import Filing
from services.archive.service import Archive
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended
from shared.problems import Problem

log = structlog.get_logger()


def agenda_of(service: Archive) -> Callable[[datetime], Awaitable[None]]:
    """Files what waited; what cannot be filed now is tried again at the next turn."""
    filing = Filing(service)

    async def due(_: datetime) -> None:
        try:
            await filing.release()
        except (StoreUnavailable, Contended, Problem) as error:
            log.warning("filing_waits", error=repr(error))

    return due
