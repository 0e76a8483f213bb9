"""On which legal day did it happen, as far as a list is concerned?"""

from datetime import date, datetime

from shared.clock import LEGAL_ZONE
from shared.projecting import Told


def legal_day(told: Told) -> date:
    """The legal day on which it happened."""
    text = told.about.effective
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(LEGAL_ZONE).date()
