"""Which legal day does a fact belong to?"""

from datetime import date, datetime

from shared.clock import LEGAL_ZONE


def legal_day(effective: str) -> date:
    """The legal day (办理日) of an `effective` time: a date, or an instant with offset."""
    if len(effective) == len("2026-01-01"):
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()
