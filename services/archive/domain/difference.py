"""How do two cuts of a matter differ: as data, and what happened between them?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

import orjson

from contracts.archive import DocumentFiled
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import CHINESE, Tongue
from services.archive.domain.replay import Replayed, as_document, stood
from services.archive.domain.story import Line, line_of
from services.archive.domain.telling import fold_leaves
from services.archive.domain.timetravel import Cut, History, Point


@dataclass(frozen=True, slots=True)
class Change:
    """One operation of an RFC 6902 patch; `before` is what stood there, None for nothing."""

    op: str
    path: tuple[str, ...]
    before: Any = None
    value: Any = None

    def as_json(self) -> dict[str, Any]:
        pointer = "".join("/" + p.replace("~", "~0").replace("/", "~1") for p in self.path)
        value = {} if self.op == "remove" else {"value": self.value}
        return {"op": self.op, "path": pointer, **value, "before": self.before}


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that moved: by how many days, and the entry that last said it, if one did."""

    item: str | None
    before: date | None
    after: date | None
    because: Line | None
    rules: tuple[str, ...]

    @property
    def days(self) -> int | None:
        return (self.after - self.before).days if self.after and self.before else None


@dataclass(frozen=True, slots=True)
class Difference:
    """From one cut to another: what changed, what came to be in view and what left it, and who."""

    before: Cut
    after: Cut
    changes: tuple[Change, ...]
    learned: tuple[Line, ...]
    dropped: tuple[Line, ...]
    people: Mapping[str, str]
    deadlines: tuple[Moved, ...]


def state_of(replayed: Replayed) -> dict[str, Any]:
    """The state of a matter as two cuts are compared: without the place of the cut."""
    document = as_document(replayed)
    del document["position"]
    plain: dict[str, Any] = orjson.loads(orjson.dumps(document))
    return plain


def hash_of(state: dict[str, Any]) -> str:
    """The SHA-256 of a state, over its members in order of their names."""
    return sha256(orjson.dumps(state, option=orjson.OPT_SORT_KEYS)).hexdigest()


def difference(
    history: History, before: Cut, after: Cut, tongue: Tongue = CHINESE
) -> Difference:
    """What leads from one cut to the other. Either may be the earlier."""
    one, other = stood(history, before), stood(history, after)
    seen = {p.position: p for p in history.seen(before)}
    then = {p.position: p for p in history.seen(after)}
    came = [point for at, point in then.items() if at not in seen and _tells(point)]
    left = [point for at, point in seen.items() if at not in then and _tells(point)]
    changed = tuple(changes(state_of(one), state_of(other)))
    learned = [line_of(p.position, p.entry.leaf, other.matter, tongue) for p in came]
    dropped = [line_of(p.position, p.entry.leaf, one.matter, tongue) for p in left]
    points, said = (*came, *left), (*learned, *dropped)
    return Difference(
        before=before,
        after=after,
        changes=changed,
        learned=tuple(learned),
        dropped=tuple(dropped),
        people={p.about.actor: line.who for p, line in zip(points, said, strict=True)},
        deadlines=tuple(_moved(history, changed, (one, other), after, tongue)),
    )


def changes(before: Any, after: Any, path: tuple[str, ...] = ()) -> Iterator[Change]:
    """The operations that make `after` of `before`; a list changes as a whole."""
    if before == after:
        return
    if not (isinstance(before, dict) and isinstance(after, dict)):
        yield Change("replace", path, before, after)
        return
    for name in sorted({*before, *after}):
        here = (*path, name)
        if name not in after:
            yield Change("remove", here, before[name])
        elif name not in before:
            yield Change("add", here, None, after[name])
        else:
            yield from changes(before[name], after[name], here)


def applied(patch: tuple[Change, ...], state: dict[str, Any]) -> dict[str, Any]:
    """The state after `patch`; the one given stays as it is."""
    made: dict[str, Any] = orjson.loads(orjson.dumps(state))
    for change in patch:
        place = made
        for name in change.path[:-1]:
            place = place[name]
        if change.op == "remove":
            del place[change.path[-1]]
        else:
            place[change.path[-1]] = change.value
    return made


def _tells(point: Point) -> bool:
    """Whether an entry is a line of the story: an index entry or a second copy is none."""
    if point.files:
        return point.entry.copy is not None
    return not (isinstance(point.own, DocumentFiled) and point.own.source is not None)


def _moved(
    history: History,
    changed: tuple[Change, ...],
    stood: tuple[Replayed, Replayed],
    after: Cut,
    tongue: Tongue,
) -> Iterator[Moved]:
    dues = {}
    for item in ("", *sorted({*stood[0].matter.items, *stood[1].matter.items})):
        was, now = (_due(replayed.matter, item) for replayed in stood)
        if was != now:
            dues[item] = was, now
    sayings = last_said(history, after, {item: _due_of(item) for item in dues})
    for item, (was, now) in dues.items():
        point = sayings.get(item)
        if point is None:
            yield Moved(item or None, was, now, None, ())
            continue
        line = line_of(point.position, point.entry.leaf, stood[1].matter, tongue)
        yield Moved(item or None, was, now, line, _rules(point))


def last_said[K](
    history: History, cut: Cut, watched: Mapping[K, Callable[[Matter], object]]
) -> dict[K, Point]:
    """The entries of the cut that gave the watched values what they are."""
    found: dict[K, Point] = {}
    if not watched:
        return found
    matter = history.told(Cut(known=0))
    values = {key: get(matter) for key, get in watched.items()}
    for point in history.days:
        copy = point.entry.copy
        if copy is None or not history.holds(point, cut):
            continue
        matter = fold_leaves([copy], matter)
        for key, get in watched.items():
            if (value := get(matter)) != values[key]:
                values[key], found[key] = value, point
    return found


def _due(matter: Matter, item: str) -> date | None:
    return matter.item(item).due_on if item else matter.forecast_on


def _due_of(item: str) -> Callable[[Matter], object]:
    return lambda matter: _due(matter, item)


def _rules(point: Point) -> tuple[str, ...]:
    """The paths of the rules that the fact itself names."""
    named = (getattr(point.event, name, None) for name in ("rule", "basis", "calendar"))
    return tuple(str(rule) for rule in named if isinstance(rule, str))
