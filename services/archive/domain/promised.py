"""By which day did the place promise each next step of a matter, and was it kept (服务时限)?

A promise of a pack runs from one event to another, whichever services record them. A file hears
all of them, so that here the clock of every promise runs, those of places not yet seen among them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal
from uuid import UUID

from contracts.calendar import Calendar, Due
from contracts.event import Event
from contracts.pack import Pack
from contracts.pack.promising import is_ours, last_day, path_of
from contracts.pack.rules import Promise
from contracts.registry import BY_TYPE
from contracts.upcasting import kind_of
from services.archive.domain.matter import Matter
from services.archive.domain.timetravel import Point

type Keeping = Literal["not_started", "running", "overdue", "kept", "late", "lapsed"]
type Happened = tuple[int, date, Event]
"""The place in archive's order, the legal day, and what it was."""

SAID: dict[Keeping, tuple[str, str]] = {
    "not_started": ("未起算", "not started"),
    "running": ("进行中", "running"),
    "overdue": ("已超期", "overdue"),
    "kept": ("按期", "kept"),
    "late": ("逾期完成", "late"),
    "lapsed": ("不再需要", "no longer needed"),
}


@dataclass(frozen=True, slots=True)
class Span:
    """One run of a promise: `of` an item or a question, or of the whole matter (None)."""

    of: str | None
    started_at: int
    started_on: date
    ended_at: int | None = None
    ended_on: date | None = None


def happened(points: Iterable[Point], pack: Pack) -> tuple[Happened, ...]:
    """What begins or ends a promise of the place; of a long file nothing else is opened."""
    names = {name for one in pack.clocks.promises for name in (begins(one), one.ends)}
    found = []
    for point in points:
        kind = kind_of(point.entry.leaf.glance("type"))
        if kind is not None and kind.__name__ in names and (event := point.event) is not None:
            found.append((point.position, point.day, event))
    return tuple(found)


def begins(promise: Promise) -> str:
    """The event that lets the clock run; whole papers wait for the items before theirs."""
    return _WAITS.get(promise.starts, promise.starts)


_WAITS = {"MaterialSetCompleted": "ItemReady"}


def spans(promise: Promise, told: Iterable[Happened]) -> tuple[Span, ...]:
    """Every run, as things happened. What begins again while it runs goes on running."""
    starts = begins(promise)
    link = _link(starts, promise.ends)
    running: dict[str | None, Span] = {}
    done: list[Span] = []
    for position, day, event in told:
        name = type(event).__name__
        if name == promise.ends:
            for of in _ended(running, _about(event, link)):
                one = running.pop(of)
                done.append(Span(of, one.started_at, one.started_on, position, day))
        if name == starts:
            for of in _about(event, link) or (None,):
                running.setdefault(of, Span(of, position, day))
    return (*done, *running.values())


def _ended(running: Iterable[str | None], about: tuple[str, ...]) -> list[str | None]:
    """What names nothing ends all of it, and what is of the whole matter ends with anything."""
    return [of for of in running if of is None or not about or of in about]


def _about(event: Event, link: str | None) -> tuple[str, ...]:
    if link is None:
        return ()
    if link != "item":
        return (str(getattr(event, link)),)
    items = getattr(event, "items", None)
    return (event.item,) if items is None else tuple(items)  # type: ignore[attr-defined]


@cache
def _link(starts: str, ends: str) -> str | None:
    """The member by which two events are of one thing: a question, a visit …, else the items."""
    both = [_members(name) for name in (starts, ends)]
    shared = sorted(set.intersection(*both) - {"item"})
    if shared:
        return shared[0]
    return "item" if all("item" in one for one in both) else None


def _members(name: str) -> set[str]:
    found: set[str] = set()
    for kind in BY_TYPE.values():
        if kind.__name__ == name:
            fields = kind.model_fields
            found |= {n for n, field in fields.items() if field.annotation is UUID}
            found |= {"item"} if {"item", "items"} & fields.keys() else set()
    return found


def clocks(
    told: Iterable[Happened], matter: Matter, pack: Pack, calendar: Calendar, today: date
) -> Iterator[dict[str, Any]]:
    """Each promise of the place, and each run of it: since when, by when, how it stands today."""
    known = tuple(told)
    for promise in pack.clocks.promises:
        rule = {
            "promise": promise.id,
            "zh": promise.zh,
            "rule": path_of(promise),
            "starts": promise.starts,
            "ends": promise.ends,
            "days": promise.within.days,
            "unit": promise.within.unit,
            "label": "默认值" if is_ours(pack, promise) else None,
        }
        yield rule | {"runs": [_run(one, promise, matter, calendar, today) for one in
                               spans(promise, known)]}  # fmt: skip


def _run(
    span: Span, promise: Promise, matter: Matter, calendar: Calendar, today: date
) -> dict[str, Any]:
    due = last_day(calendar, span.started_on, promise.within)
    return {
        "of": span.of,
        "started_on": span.started_on.isoformat(),
        "started_at": span.started_at,
        "due_on": due.date.isoformat(),
        "estimated": due.estimated,
        "ended_on": span.ended_on and span.ended_on.isoformat(),
        "ended_at": span.ended_at,
        "state": keeping(span, due, matter, today),
    }


def keeping(span: Span, due: Due, matter: Matter, today: date) -> Keeping:
    """How a run of a promise stands on a day."""
    if span.ended_on is not None:
        return "kept" if span.ended_on <= due.date else "late"
    if _over(span.of, matter):
        return "lapsed"
    return "overdue" if today > due.date else "running"


def _over(of: str | None, matter: Matter) -> bool:
    """Whether the step will not come any more: declined, taken out of the scope, or over."""
    if matter.standing == "declined":
        return True
    item = matter.items.get(of or "")
    if item is None:
        return False
    return item.closed or (matter.scope is not None and of not in matter.scope)


def printed(clocks: Iterable[dict[str, Any]], *, english: bool = False) -> Iterator[str]:
    """One line for each run of a promise, to print at the terminal."""
    unit = {"wd": ("个工作日", "working days"), "cd": ("日", "days")}
    for one in clocks:
        label = ("（默认值）", " (our default)")[english] if one["label"] else ""
        yield f"{one['zh']}：{one['days']} {unit[one['unit']][english]}{label}  {one['rule']}"
        for run in one["runs"] or [{"state": "not_started"}]:
            said = SAID[run["state"]][english]
            if not one["runs"]:
                yield f"  {said}"
                continue
            of = f"{run['of']}  " if run["of"] else ""
            unsure = (" 预估", " estimated")[english] if run["estimated"] else ""
            ended = f" → {run['ended_on']}" if run["ended_on"] else ""
            yield f"  {of}{run['started_on']}{ended}  ≤ {run['due_on']}{unsure}  {said}"
