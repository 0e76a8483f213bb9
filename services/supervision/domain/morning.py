"""What does a supervisor see in the morning: lines crossed, standstills, whose turn (今日督办)?"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal
from uuid import UUID

from contracts.catalogue import Item
from services.supervision.domain.clocks import within
from services.supervision.domain.course import Course
from services.supervision.domain.due import Rulebook
from services.supervision.domain.foreseeing import foreseen
from services.supervision.domain.saying import sentence
from services.supervision.domain.state import Matter
from services.supervision.domain.why import Rules, digest_of, reckon

type Holder = Literal["body", "unit", "service", "third_party", "nobody"]
type Kind = Literal["crossed", "due_soon", "stalled", "foreseen", "silent"]
"""A list of a morning."""
type Row = dict[str, Any]
type Key = tuple[Any, ...]
"""Where a row stands in its list: no two rows of a list have the same."""

AT_WORK = ("submitted", "received", "accepted")
_BALL: dict[str, Holder] = {
    "waiting": "nobody",
    "ready": "service",
    "submitted": "body",
    "received": "body",
    "correcting": "unit",
    "accepted": "body",
    "not_accepted": "service",
    "withdrawn": "service",
    "suspended": "third_party",
    "decided": "service",
    "collected": "service",
    "delivered": "service",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A matter that is not finished, and the rules it follows."""

    id: UUID
    matter: Matter
    rules: Rulebook


def turn(course: Course) -> tuple[Holder, str | None]:
    """Who has the ball, and which body or side that is."""
    holder = _BALL.get(course.state, "nobody")
    if (
        holder == "unit"
        and course.corrections
        and course.corrections[-1].waiting_on != "applicant"
    ):
        return "third_party", "applicant"
    named = {
        "body": course.body,
        "unit": "applicant",
        "service": course.served_by,
        "third_party": course.specials[-1].procedure if course.specials else None,
    }
    return holder, named.get(holder)


@dataclass(slots=True)
class Part:
    """What one matter adds to the lists of a morning; it stands until the matter or the day moves."""

    crossed: list[dict[str, Any]] = field(default_factory=list)
    soon: list[dict[str, Any]] = field(default_factory=list)
    still: list[dict[str, Any]] = field(default_factory=list)
    ahead: list[dict[str, Any]] = field(default_factory=list)
    silent: list[dict[str, Any]] = field(default_factory=list)
    balls: Counter[tuple[str, str]] = field(default_factory=Counter)
    oldest: dict[tuple[str, str], date] = field(default_factory=dict)
    missed: Counter[str] = field(default_factory=Counter)


def part_of(one: Seen, since: date, today: date) -> Part:
    """The part of one matter."""
    part = Part()
    for course in _open(one.matter):
        line = _line(one, course)
        holder, name = turn(course)
        key = (holder, name or "")
        part.balls[key] += 1
        if course.moved_on is not None:
            part.oldest[key] = min(course.moved_on, part.oldest.get(key, course.moved_on))
        part.missed[course.body or ""] += sum(since <= day < today for day in course.missed)
        due_on = course.commitment_due_on
        if course.state == "accepted" and due_on is not None:
            if since <= due_on < today:
                part.crossed.append(line | _arithmetic(one, course, today))
            elif due_on >= today and _near(one, course, today):
                part.soon.append(line | {"answered_until": _day(course.quiet_until)})
        if _stands_still(one, course, today):
            part.still.append(line | {"answered_until": _day(course.quiet_until)})
    part.ahead += _ahead(one, today)
    part.silent += _silent(one, today)
    return part


@dataclass(frozen=True, slots=True)
class Shown:
    """What is asked of a morning: all lists from their beginning, or one of them read on."""

    most: int = 200
    kind: Kind | None = None
    after: Key | None = None


EVERYTHING = Shown()


def morning(
    seen: Iterable[Seen], since: date, today: date, shown: Shown = EVERYTHING
) -> dict[str, Any]:
    """The lists of one morning as JSON values, a page of each, with how many there are in all."""
    return together((part_of(one, since, today) for one in seen), since, today, shown)


def together(
    parts: Iterable[Part], since: date, today: date, shown: Shown = EVERYTHING
) -> dict[str, Any]:
    """The same, of parts that are known already; raises TypeError for a key that is none of ours."""
    whole = _whole(parts)
    pages = {
        kind: _page(rows, KEYS[kind], shown)
        for kind, rows in _lists(whole).items()
        if shown.kind in (None, kind)
    }
    lists: dict[str, Any] = {kind: page.rows for kind, page in pages.items()}
    if "crossed" in lists:
        lists["crossed"] = _by_body(lists["crossed"])
    return {
        "since": since.isoformat(),
        "on": today.isoformat(),
        **lists,
        "crossed_count": len(whole.crossed),
        "counts": {kind: page.counts() for kind, page in pages.items()},
        "after": {kind: page.after for kind, page in pages.items() if page.after},
        "missed_reminders": {
            body: count for body, count in sorted(whole.missed.items()) if count
        },
        "ball": _ball(whole),
    }


def _whole(parts: Iterable[Part]) -> Part:
    whole = Part()
    for part in parts:
        whole.crossed += part.crossed
        whole.soon += part.soon
        whole.still += part.still
        whole.ahead += part.ahead
        whole.silent += part.silent
        whole.balls.update(part.balls)
        whole.missed.update(part.missed)
        for key, day in part.oldest.items():
            whole.oldest[key] = min(day, whole.oldest.get(key, day))
    return whole


def _lists(whole: Part) -> dict[Kind, list[Row]]:
    return {
        "crossed": whole.crossed,
        "due_soon": whole.soon,
        "stalled": whole.still,
        "foreseen": whole.ahead,
        "silent": whole.silent,
    }


KEYS: Mapping[Kind, Callable[[Row], Key]] = {
    "crossed": lambda row: (row["due_on"], row["matter"], row["item"]),
    "due_soon": lambda row: (row["due_on"], row["matter"], row["item"]),
    "stalled": lambda row: (row["moved_on"], row["matter"], row["item"]),
    "foreseen": lambda row: (-row["late"], row["matter"], row["item"]),
    "silent": lambda row: (-row["working_days"], row["matter"]),
}
"""How each list is ordered: what is longest overdue, due next, standing or silent longest first."""


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of a list from one place in it, how many it has, and how many follow."""

    rows: list[Row]
    after: Key | None
    total: int
    left_out: int

    def counts(self) -> dict[str, int]:
        """How many there are in all, how many are shown here, how many come after these."""
        return {"all": self.total, "shown": len(self.rows), "left_out": self.left_out}


def _page(rows: Sequence[Row], key: Callable[[Row], Key], shown: Shown) -> Page:
    after = shown.after
    going = sorted((row for row in rows if after is None or key(row) > after), key=key)
    page = going[: shown.most]
    more = len(going) > len(page)
    return Page(page, key(page[-1]) if more else None, len(rows), len(going) - len(page))


def _ball(whole: Part) -> list[Row]:
    return [
        {
            "holder": holder,
            "who": name or None,
            "items": count,
            "oldest_since": _day(whole.oldest.get((holder, name))),
        }
        for (holder, name), count in sorted(whole.balls.items())
    ]


def _open(matter: Matter) -> Iterator[Course]:
    for code in matter.scope():
        course = matter.items[code]
        if course.state != "closed":
            yield course


def _line(one: Seen, course: Course) -> dict[str, Any]:
    holder, name = turn(course)
    return {
        "matter": str(one.id),
        "item": course.item,
        "zh": _item(one, course).zh,
        "state": course.state,
        "body": course.body,
        "served_by": course.served_by,
        "due_on": _day(course.commitment_due_on),
        "moved_on": _day(course.moved_on),
        "holder": holder,
        "who": name,
    }


def _item(one: Seen, course: Course) -> Item:
    return one.rules.catalogue.item(course.item)


def _arithmetic(one: Seen, course: Course, today: date) -> dict[str, Any]:
    """How the crossed line was counted: in one sentence, with the digest of its ledger."""
    rules = Rules(_item(one, course), one.rules.pack, one.rules.calendar)
    found = reckon(course, rules, today, "commitment")
    counted = found.account
    zh, en = sentence(found, estimated=bool(counted and counted.estimated))
    return {
        "used": counted.used if counted else None,
        "allowed": counted.run.allowed if counted else None,
        "remaining": counted.remaining if counted else None,
        "sum_zh": zh,
        "sum_en": en,
        "reckoning": digest_of(found, one.rules.calendar.edition),
        "answered_until": _day(course.quiet_until),
    }


def _near(one: Seen, course: Course, today: date) -> bool:
    """Whether the first warning point of the pack has gone by (due soon, YY-54)."""
    calendar, start, due_on = one.rules.calendar, course.accepted_on, course.commitment_due_on
    if start is None or due_on is None:
        return False
    spans = course.spans()
    lost = sum(calendar.working_days_between(first, last) for first, last in spans)
    allowed = calendar.working_days_between(start, due_on) - lost
    gone = calendar.working_days_between(start, today) - lost
    points = one.rules.pack.clocks.warn_at_percent
    return bool(points) and gone * 100 >= min(points) * allowed


def _stands_still(one: Seen, course: Course, today: date) -> bool:
    since = course.moved_on
    if course.state not in AT_WORK or since is None:
        return False
    return today > within(one.rules.calendar, since, one.rules.pack.clocks.silence)


def _ahead(one: Seen, today: date) -> Iterator[dict[str, Any]]:
    items = {item.id: item for item in one.rules.catalogue.items}
    for late in foreseen(one.matter, items, one.rules.calendar, today):
        if late.reason != "predecessor_late":
            yield {
                "matter": str(one.id),
                "item": late.item,
                "zh": items[late.item].zh,
                "owner": late.owner,
                "due_on": late.due_on.isoformat(),
                "expected_on": late.expected_on.isoformat(),
                "late": late.late,
                "reason": late.reason,
                "affects": list(late.affects),
            }


def _silent(one: Seen, today: date) -> Iterator[dict[str, Any]]:
    """A matter under way of which nobody spoke with the unit for as long as the pack allows (HS-35)."""
    matter, rules = one.matter, one.rules
    since = matter.contacted_on or (matter.plan.starts_on if matter.plan else None)
    if since is None or not matter.open_items():
        return
    if today > within(rules.calendar, since, rules.pack.clocks.silence):
        yield {
            "matter": str(one.id),
            "contacted_on": _day(matter.contacted_on),
            "working_days": rules.calendar.working_days_between(since, today),
        }


def _by_body(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (str(row["body"]), str(row["due_on"]))):
        found.setdefault(str(row["body"] or "departments"), []).append(row)
    return found


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
