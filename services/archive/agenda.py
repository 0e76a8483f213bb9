"""What does archive do without anyone asking? It files what waited, and seals every hour."""

from datetime import datetime

import structlog

from services.archive.inbox import Filing
from services.archive.service import SPEAKERS, Archive
from services.archive.service.sealing import EVERY, OWN, seal
from shared.effects import monotonic
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended
from shared.problems import Problem
from shared.runtime import Agenda

log = structlog.get_logger()

LOOK_AGAIN = 30.0
"""Seconds between two askings of the scanner about what is pending."""


def agenda_of(service: Archive) -> Agenda:
    """Files what waited, seals what was heard; what cannot be done now is tried at the next turn."""
    filing, sealed, looked = Filing(service), dict[str, float](), dict[str, float]()

    async def turn(now: datetime) -> bool:
        try:
            await filing.release()
            await service.following.catch_up(now)
            await service.protecting.carry_out()
            if monotonic() - looked.get("", -LOOK_AGAIN) >= LOOK_AGAIN:
                looked[""] = monotonic()
                await service.documents.look_again()
                await service.beginnings.catch_up()
            closed = await service.queries.closed_since_sealed()
            for store in (*SPEAKERS, OWN):
                due = closed or monotonic() - sealed.get(store, -EVERY) >= EVERY
                if due and await seal(service.floor, service.queries, store, now):
                    sealed[store] = monotonic()
        except (StoreUnavailable, Contended, Problem) as error:
            log.warning("filing_waits", error=repr(error))
            return False
        return True

    return turn
