"""Which quarter (季度) does a day belong to, and from when to when does one last?"""

from datetime import date, timedelta


def quarter_of(day: date) -> str:
    """`2026-Q2` for a day of April, May or June 2026."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def bounds(quarter: str) -> tuple[date, date]:
    """First and last day of `2026-Q2`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    following = date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, following - timedelta(days=1)


def before(quarter: str) -> str:
    """The quarter before."""
    first, _ = bounds(quarter)
    return quarter_of(first - timedelta(days=1))
