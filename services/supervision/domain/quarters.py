"""Which quarter is a day in, and when does the quarter end (季度)?"""

from datetime import date, timedelta


def quarter_of(day: date) -> str:
    """`2026-Q2` for a day in April to June 2026."""
    return f"{day.year}-Q{(day.month + 2) // 3}"


def span_of(quarter: str) -> tuple[date, date]:
    """The first and the last day of `2026-Q2`."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    after = date(year + number // 4, 3 * number % 12 + 1, 1)
    return first, after - timedelta(days=1)


def ended_by(day: date) -> str:
    """The last quarter that ends on `day` or before."""
    quarter = quarter_of(day)
    first, last = span_of(quarter)
    return quarter if day == last else quarter_of(first - timedelta(days=1))
