"""Which streams does supervision keep, and what is a legal day?"""

from datetime import date, datetime
from uuid import UUID

from contracts.supervision import EVENTS
from services.supervision.domain import DECIDER, OFFICE_DECIDER
from shared.asking import Command
from shared.clock import LEGAL_ZONE
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate

MATTER = Aggregate("matter", DECIDER, Vocabulary(EVENTS))
OFFICE = Aggregate("office", OFFICE_DECIDER, Vocabulary(EVENTS))


def office_of(area: str) -> UUID:
    """The office stream of an area."""
    return derived(NAMESPACE, f"office/{area}")


def legal_day(moment: datetime) -> date:
    """The legal day of an instant."""
    return moment.astimezone(LEGAL_ZONE).date()


def day_of(command: Command | None, now: datetime) -> date:
    """The legal day on which it happened: today, unless the command says otherwise (X-01)."""
    happened = command.effective if command is not None else None
    if happened is None:
        return legal_day(now)
    return legal_day(happened) if isinstance(happened, datetime) else happened
