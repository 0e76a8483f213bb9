"""How did a matter and its file stand at a position of archive's order?"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from contracts.archive import EntryFiled
from contracts.event import Event
from services.archive.domain.file import Filed
from services.archive.domain.matter import Item, Matter
from services.archive.domain.phrasing import CHINESE, Tongue
from services.archive.domain.state import SEALED, UNOPENED, Check, File, evolve
from services.archive.domain.story import Line, lines
from services.archive.domain.timetravel import Cut, History, Moment, Point, history_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """What was known at `position`: the matter, the file, and every line up to there."""

    position: int
    matter: Matter
    file: File
    lines: tuple[Line, ...] = ()


def replay(
    filed: Filed,
    at: int | None = None,
    tongue: Tongue = CHINESE,
    effective: Moment | None = None,
) -> Replayed:
    """Fold the file up to archive's position `at` (None: all of it), as of `effective`.

    The cut is a position, not a time of day: what was known is a total order only by position.
    What the project itself says beside its matters is not cut.
    """
    history, cut = history_of(filed), Cut(at, effective)
    seen = Filed(filed.matter, tuple(point.entry for point in history.seen(cut)), filed.project)
    return replace(stood(history, cut), lines=lines(seen, tongue))


def stood(history: History, cut: Cut) -> Replayed:
    """How the matter and its file stood at a cut; without the lines.

    The matter is folded as things happened, by legal day and then by archive's order: a fact
    entered late stands on its day, in every cut that knows of it. The file is folded in archive's
    order, which is its own.
    """
    return Replayed(
        position=history.position(cut.known),
        matter=history.told(cut),
        file=counted(own_of(history.seen(cut))),
    )


def file_of(filed: Filed) -> File:
    """The file's own state, from archive's own events."""
    return _folded(entry.own.told()[1] for entry in filed.entries)


def _folded(own: Iterable[Event | None]) -> File:
    """As `evolve` one by one; a run of filed entries is counted at once."""
    return counted(
        Filing(event.store, event.position) if isinstance(event, EntryFiled) else event
        for event in own
    )


class Filing(NamedTuple):
    """That a place of a store was put on file, which is all that the file remembers of it."""

    store: str
    position: int


def own_of(points: Iterable[Point]) -> Iterator[Event | Filing | None]:
    """What archive recorded; an entry that names the copy beside it is not opened."""
    for point in points:
        copy = point.entry.copy
        if point.files and copy is not None:
            yield Filing(copy.store, copy.position)
        else:
            own = point.own
            yield Filing(own.store, own.position) if isinstance(own, EntryFiled) else own


def counted(own: Iterable[Event | Filing | None], file: File = UNOPENED) -> File:
    """The file after what archive recorded; a run of filed entries is counted at once."""
    filed, entries, unsealed = dict[str, int](), 0, 0
    for event in (*own, None):
        if isinstance(event, Filing):
            filed[event.store], entries = event.position, entries + 1
            unsealed += event.store != SEALED
            continue
        if entries:
            file = replace(
                file,
                filed=MappingProxyType({**file.filed, **filed}),
                entries=file.entries + entries,
                unsealed=file.unsealed + unsealed,
            )
            filed, entries, unsealed = {}, 0, 0
        file = file if event is None else evolve(file, event)
    return file


def as_document(replayed: Replayed) -> dict[str, Any]:
    """The state as JSON values: what `GET /matters/{id}` answers."""
    matter, file = replayed.matter, replayed.file
    return {
        "position": replayed.position,
        "number": matter.number,
        "state": file.condition,
        "area": matter.area,
        "project": matter.project and str(matter.project),
        "pack": matter.pack,
        "standing": matter.standing,
        "mode": matter.mode,
        "applicant": matter.applicant,
        "body": matter.body,
        "lead_agent": matter.lead,
        "agents": sorted(matter.agents),
        "opened_on": matter.opened_on and matter.opened_on.isoformat(),
        "forecast_on": matter.forecast_on and matter.forecast_on.isoformat(),
        "scope": matter.scope and list(matter.scope),
        "items": {code: _item(item) for code, item in sorted(matter.items.items())},
        "originals_outstanding": [str(piece) for piece in matter.outstanding],
        "invited": sorted(matter.invited),
        "ratings": [{"instrument": i, "level": level} for i, level in matter.ratings],
        "open_issues": [str(issue) for issue in sorted(matter.issues)],
        "fees_unpaid": [str(fee) for fee in sorted(matter.unpaid)],
        "entries": file.entries,
        "documents": [_document(id, file) for id in file.documents],
        "check": _check(file.checked) if file.checked else None,
        "defaults": list(matter.defaults),
    }


def as_text(replayed: Replayed, tongue: Tongue = CHINESE) -> list[str]:
    """The state as lines for people."""
    matter, file = replayed.matter, replayed.file
    english = tongue.english
    head = [
        (f"Matter {matter.number}, as known at position {replayed.position}")
        if english
        else f"办件{matter.number}，截至档案位置{replayed.position}",
        _said("Matter", "办件", _standing(matter.standing, tongue), tongue),
        _said("File", "档案", _standing(file.condition, tongue), tongue),
        _said("Mode", "方式", tongue.word("mode_choice", matter.mode or "—"), tongue),
        _said("Pack", "政策包", matter.pack or "—", tongue),
        _said("Forecast", "预计办完", str(matter.forecast_on or "—"), tongue),
    ]
    items = [_item_text(code, matter.item(code), tongue) for code in _codes(matter)]
    return head + items


STANDINGS = {
    "unknown": "未申请",
    "requested": "已申请",
    "accepted": "已受理",
    "declined": "不予受理",
    "unopened": "未建档",
    "open": "在档",
    "closed": "已结档",
}


def _standing(word: str, tongue: Tongue) -> str:
    return word if tongue.english else STANDINGS[word]


def _codes(matter: Matter) -> list[str]:
    scope = matter.scope or ()
    return [*scope, *(code for code in sorted(matter.items) if code not in scope)]


def _said(en: str, zh: str, value: str, tongue: Tongue) -> str:
    return f"{en}: {value}" if tongue.english else f"{zh}：{value}"


def _item_text(code: str, item: Item, tongue: Tongue) -> str:
    state = tongue.word("item_state", item.state)
    outcome = tongue.word("outcome", item.outcome) if item.outcome else ""
    due = (
        (f"due {item.due_on}" if tongue.english else f"{item.due_on}到期")
        if item.due_on
        else ""
    )
    return "  " + " ".join(part for part in (tongue.code(code), state, outcome, due) if part)


def _item(item: Item) -> dict[str, Any]:
    return {**asdict(item), "due_on": item.due_on and item.due_on.isoformat()}


def _document(id: UUID, file: File) -> dict[str, Any]:
    return {
        "document": str(id),
        "content": file.documents[id],
        "handed_over": id in file.handed_over,
    }


def _check(check: Check) -> dict[str, Any]:
    return {
        "complete": check.complete,
        "lacking": [lack.model_dump() for lack in check.lacking],
        "waived": [waiver.model_dump() for waiver in check.waived],
    }
