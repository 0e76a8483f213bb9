"""Which step did a place promise, and by which day (服务时限)?"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from contracts.calendar import Calendar, Due

if TYPE_CHECKING:
    from contracts.pack import Pack
    from contracts.pack.rules import Promise
    from contracts.pack.sections import Days


def promise_of(pack: "Pack", ends: str, starts: str | None = None) -> "Promise | None":
    """The first promise that ends with an event, and begins with one where that is asked."""
    return next(
        (p for p in pack.clocks.promises if p.ends == ends and starts in (None, p.starts)), None
    )


def last_day(calendar: Calendar, start: date, within: "Days") -> Due:
    """The last day of a span that begins the day after `start`, in the unit of the pack."""
    if within.unit == "wd":
        return calendar.add_working_days(start, within.days)
    return Due(start + timedelta(days=within.days), estimated=False)


def path_of(promise: "Promise") -> str:
    return f"clocks.promises.{promise.id}"


def is_ours(pack: "Pack", promise: "Promise") -> bool:
    """Whether the days are a default of ours (默认值) and no words of the place."""
    return pack.leaf_source(f"{path_of(promise)}.within.days") is None
