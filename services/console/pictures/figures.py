"""What do the lists of an area add up to: load, days to come, heat of departments?"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from contracts.calendar import Calendar
from services.console.pictures.drawing import Bar

AT_WORK = ("submitted", "received", "accepted", "correcting", "suspended")
OPEN = (*AT_WORK, "waiting", "ready", "not_accepted")
MEASURES: Mapping[str, tuple[str, str]] = {
    "national_mean": ("“好差评”平均分", "mean national rating"),
    "national_satisfied": ("“好差评”满意率", "satisfied, national rating"),
    "matters": ("办结并已邀评的办件", "matters ended and asked about"),
    "load": ("加权工作量", "weighted load"),
    "participation": ("参评率", "participation"),
    "return_visits_reached": ("回访成功率", "return visits that reached somebody"),
    "bad_ratings": ("差评数", "bad ratings"),
    "bad_ratings_rectified": ("差评整改率", "bad ratings put right"),
    "bad_ratings_late": ("差评逾期率", "bad ratings put right late"),
    "complaints_upheld": ("投诉属实率", "complaints upheld"),
    "trips_mean": ("平均跑动次数", "mean trips"),
    "papers_mean": ("平均要件数", "mean papers asked for"),
    "days_mean": ("平均用时（日历日）", "mean calendar days"),
    "start_missed": ("未按期开始", "it did not begin in time"),
    "predecessor_late": ("前序事项晚", "what comes before it is late"),
    "waiting_on_unit": ("等单位补正", "it waits for the unit"),
    "not_accepted_yet": ("尚未受理", "not accepted yet"),
    "suspended": ("特别程序中", "a special procedure runs"),
    "with_the_body": ("在审批部门", "with the department"),
}
"""Names of measures, and of the reasons for which something is foreseen to be late."""
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
