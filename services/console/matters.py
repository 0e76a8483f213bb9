"""What a desk needs to know of several matters: each as intake and supervision have it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import batched
from typing import Any

from services.console.backend import Caller

AT_ONCE = 20
"""Matters on one page of a desk; the rest are on the next page, and it is said."""
AT_A_TIME = 50
"""Matters that intake tells of in one answer."""
FINISHED = ("closed", "withdrawn")
AT_WORK = ("submitted", "received", "accepted", "correcting", "suspended")


@dataclass(slots=True)
class Row:
    """An item of a matter, with what matters when one looks at the day."""

    matter: Mapping[str, Any]
    code: str
    item: Mapping[str, Any]
    weight: int
    due: date | None

    @property
    def state(self) -> str:
        return str(self.item["state"])


@dataclass(slots=True)
class Matters:
    """A page of matters: intake's rows, each with `course` (supervision's picture) or None."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    after: str | None = None

    def items(self, today: date) -> list[Row]:
        """Every open item, those first that cost most when nothing is done."""
        found = [
            Row(one, code, item, *weight(item, today))
            for one in self.rows
            for code, item in ((one["course"] or {}).get("items") or {}).items()
            if item["state"] not in FINISHED and one.get("state") != "declined"
        ]
        return sorted(found, key=lambda row: (row.weight, row.due or date.max, row.code))


def is_over(row: Mapping[str, Any]) -> bool:
    """Nothing is left to do: the service was declined, or every item is struck off or withdrawn."""
    items = ((row["course"] or {}).get("items") or {}).values()
    done = [item["state"] in FINISHED for item in items]
    return row.get("state") == "declined" or (bool(done) and all(done))


def weight(item: Mapping[str, Any], today: date) -> tuple[int, date | None]:
    """0: a promise is broken, 1: it breaks today, 2: within three days, 3: can go out now …"""
    due = day_of(item.get("due_on"))
    state = item["state"]
    if due and state in AT_WORK:
        left = (due - today).days
        if left <= 3:
            return (0 if left < 0 else 1 if left == 0 else 2), due
    order = {"ready": 3, "decided": 4, "collected": 4, "delivered": 5, "correcting": 3}
    return order.get(state, 6 if state in AT_WORK else 8), due


def day_of(text: object) -> date | None:
    """A legal day as JSON has it."""
    return date.fromisoformat(text[:10]) if isinstance(text, str) and text else None


async def matters_of(
    me: Caller, after: str | None = None, at_once: int = AT_ONCE, **wanted: Any
) -> Matters:
    """The matters this person serves or owns, with their courses, a page at a time."""
    page = await me.get("intake", "/matters", limit=at_once, after=after, **wanted)
    rows: Sequence[dict[str, Any]] = page["items"]
    asked = [row["id"] for row in rows]
    found = await me.maybe("supervision", "/several-matters", id=asked) if asked else None
    courses = {one["id"]: one for one in (found or {}).get("items", ())}
    return Matters(
        [{**row, "course": courses.get(row["id"])} for row in rows], page.get("after")
    )


async def numbers_of(me: Caller, matters: Iterable[str]) -> dict[str, str]:
    """The number of each matter; what this person may not see keeps its id.

    The list is asked first, and what it does not show yet then one by one.
    """
    numbers = {matter: matter[:8] for matter in matters}
    found = set[str]()
    for path in ("/matters", "/several-matters"):
        for some in batched([one for one in numbers if one not in found], AT_A_TIME):
            told = await me.maybe("intake", path, id=list(some)) or {}
            rows = {str(one["id"]): str(one["number"]) for one in told.get("items", ())}
            numbers |= rows
            found |= rows.keys()
    return numbers
