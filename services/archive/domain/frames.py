"""What does one thing that happened look like on a film: its line, its two places, its two times?"""

from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

from contracts.archive import DocumentFiled, EntryFiled
from services.archive.domain.file import Entry, Filed, Leaf, event_of
from services.archive.domain.matter import Matter
from services.archive.domain.phrasing import CHINESE, Tongue
from services.archive.domain.story import Line, in_matter, line_from

_FILES: str = EntryFiled.model_fields["type"].default
_DOCUMENT: str = DocumentFiled.model_fields["type"].default


@dataclass(frozen=True, slots=True)
class Frame:
    """A line, with what a film draws beside it. `at` is the place in the store that told it.

    Who did it, and who is named in it, is said when the film is shown: what happens later can
    change it.
    """

    leaf: Leaf
    line: Line
    actor: str
    behalf: str | None
    effective: str
    recorded: str
    items: tuple[str, ...]
    body: str | None
    due_on: str | None

    @property
    def at(self) -> int:
        return self.leaf.position

    def shown(self, matter: Matter, tongue: Tongue) -> Line:
        """The line, with its people as the matter knows them now."""
        return in_matter(self.line, self.actor, self.behalf, matter, tongue)


type Told = MutableMapping[int, Frame]
"""Frames by archive's position, made before: what is in a log never changes."""


def frames(filed: Filed, told: Told, tongue: Tongue = CHINESE) -> Iterator[Frame]:
    """Every line of the file as a frame, in archive's order; only what is not in `told` is opened."""
    for entry in filed.entries:
        known = told.get(entry.position)
        if known is None or known.leaf.body != entry.leaf.body:
            if _says_nothing(entry):
                continue
            known = told[entry.position] = frame_of(entry.position, entry.leaf, tongue)
        yield known


def frame_of(position: int, leaf: Leaf, tongue: Tongue = CHINESE) -> Frame:
    """The frame of one entry."""
    about, fact = leaf.parts()
    event = event_of(about.type, fact)
    return Frame(
        leaf=leaf,
        line=line_from(position, leaf, about, event, tongue),
        actor=about.actor,
        behalf=about.behalf,
        effective=about.effective,
        recorded=leaf.glance("recorded"),
        items=_items(fact),
        body=_text(fact.get("body")),
        due_on=_text(fact.get("due_on")),
    )


def _says_nothing(entry: Entry) -> bool:
    """What only says that something was filed, and what was filed with the act it belongs to."""
    kind = entry.own.glance("type")
    if kind == _FILES:
        return entry.copy is None
    if kind != _DOCUMENT:
        return False
    event = entry.own.told()[1]
    return isinstance(event, DocumentFiled) and event.source is not None


def _items(fact: dict[str, Any]) -> tuple[str, ...]:
    one, many = fact.get("item"), fact.get("items")
    found = [one] if isinstance(one, str) else many if isinstance(many, list) else []
    return tuple(code for code in found if isinstance(code, str))


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
