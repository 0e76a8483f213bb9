"""What do the lists of an area add up to: load, days to come, heat of departments?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from contracts.calendar import Calendar
from services.console.pictures.drawing import Bar

AT_WORK = ("submitted", "received", "accepted", "correcting", "suspended")
OPEN = (*AT_WORK, "waiting", "ready", "not_accepted")
AHEAD = 10
"""Working days that the forecast looks ahead (默认值)."""


def days_ahead(calendar: Calendar, today: date, many: int = AHEAD) -> list[date]:
    """Today and the working days after it."""
    found, day = [today], today
    while len(found) <= many:
        day += timedelta(days=1)
        if calendar.is_working(day):
            found.append(day)
    return found


def forecast(
    days: Sequence[date],
    items: Sequence[Mapping[str, Any]],
    foreseen: Sequence[Mapping[str, Any]],
) -> list[Bar]:
    """What is due on each day to come, by its limit or else by its plan, and how much of it is
    foreseen to be late.
    """
    late = {(one["matter"], one["item"]) for one in foreseen}
    due: Counter[str] = Counter()
    breached: Counter[str] = Counter()
    for one in items:
        day_due = one["due_on"] or one.get("planned_on")
        if one["state"] not in OPEN or not day_due:
            continue
        due[day_due] += 1
        breached[day_due] += (one["matter"], one["item"]) in late
    past = sum(count for day, count in due.items() if day < days[0].isoformat())
    rows = [Bar("", past, 0)] if past else []
    for day in days:
        text = day.isoformat()
        rows.append(Bar(text, breached[text], due[text] - breached[text]))
    return rows


def by_department(
    items: Sequence[Mapping[str, Any]], today: date
) -> list[tuple[str, tuple[int, int, int, int, int]]]:
    """Each body: items at work, urged once, twice, three times or more, overdue; worst first."""
    found: dict[str, list[int]] = {}
    for one in items:
        if one["state"] not in AT_WORK:
            continue
        row = found.setdefault(str(one["body"] or one["owner"] or ""), [0, 0, 0, 0, 0])
        urged = int(one.get("urges") or 0)
        row[0] += 1
        row[1] += urged == 1
        row[2] += urged == 2
        row[3] += urged > 2
        row[4] += bool(one["due_on"] and one["due_on"] < today.isoformat())
    rows = [(body, (r[0], r[1], r[2], r[3], r[4])) for body, r in found.items()]
    return sorted(rows, key=lambda row: (-row[1][4], -row[1][3], -row[1][2], row[0]))
