"""What does a file consist of: which bytes, in which order, from which store?"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from pydantic import ValidationError

from contracts import upcasting
from contracts.event import About, Event
from contracts.vocabulary import Store

LEGAL_ZONE = ZoneInfo("Asia/Shanghai")
"""Legal days are counted here (全国统一时间)."""


type Glimpsed = Literal["effective", "recorded", "type"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An event as a store holds it: its place there, its hash (hex), its exact body."""

    store: Store
    position: int
    leafhash: str
    body: bytes

    def glance(self, name: Glimpsed) -> str:
        """One member of `about`, without opening the rest: what puts an event into its place.

        In the canonical form `about` comes first, and none of its values has an escape in it.
        """
        start = self.body.find(b'"%s":"' % name.encode())
        end = self.body.find(b'},"fact":{')
        if not (0 < start < end and self.body.startswith(b'{"about":{')):
            about, _ = self.parts()
            found = getattr(about, name)
            return found.isoformat() if isinstance(found, datetime) else str(found)
        start += len(name) + 4
        return self.body[start : self.body.index(b'"', start)].decode()

    def parts(self) -> tuple[About, dict[str, Any]]:
        """The two members of the body; raises ValueError when there are not these two."""
        members = orjson.loads(self.body)
        if not isinstance(members, dict) or members.keys() != {"about", "fact"}:
            raise ValueError("an event body has exactly the members about and fact")
        return About.model_validate_json(orjson.dumps(members["about"])), members["fact"]

    def told(self) -> tuple[About, Event | None]:
        """Who, when and what; None for what only another version understands."""
        about, fact = self.parts()
        return about, event_of(about.type, fact)


@dataclass(frozen=True, slots=True)
class Entry:
    """One place in the file's order: archive's own event, and the copy it files, if it does."""

    own: Leaf
    copy: Leaf | None = None

    @property
    def position(self) -> int:
        """The place in archive's order."""
        return self.own.position

    @property
    def leaf(self) -> Leaf:
        """What this entry tells: the fact of a service, else archive's own."""
        return self.copy or self.own


@dataclass(frozen=True, slots=True)
class Filed:
    """A whole file: its entries in archive's order, and what the project tells beside it."""

    matter: UUID
    entries: tuple[Entry, ...]
    project: tuple[Leaf, ...] = ()

    def until(self, position: int | None) -> "Filed":
        """The file as it stood when archive's order had reached `position`."""
        if position is None:
            return self
        kept = tuple(entry for entry in self.entries if entry.position <= position)
        return Filed(self.matter, kept, self.project)


def event_of(type: str, fact: dict[str, Any]) -> Event | None:
    """The event, None for a type or a shape that only another version understands.

    Archive keeps and files those too: it may not lose what it cannot read.
    """
    try:
        return upcasting.event_of(type, fact)
    except ValidationError:
        return None


def legal_day(about: About) -> date:
    """The day on which it happened: `effective` is a date or an instant."""
    if len(about.effective) == 10:
        return date.fromisoformat(about.effective)
    return datetime.fromisoformat(about.effective).astimezone(LEGAL_ZONE).date()


def facts_of(leaves: Iterable[Leaf]) -> Iterator[tuple[About, Event]]:
    """What `leaves` tell, without what only a later version understands."""
    for leaf in leaves:
        about, event = leaf.told()
        if event is not None:
            yield about, event


def facts_in(filed: Filed) -> Iterator[tuple[About, Event]]:
    """What the project and then the services tell of the matter, in the order of the file."""
    yield from facts_of(filed.project)
    yield from facts_of(entry.copy for entry in filed.entries if entry.copy)


def as_json(filed: Filed) -> dict[str, Any]:
    """The file as it travels: bodies are text, byte for byte."""
    return {
        "matter": str(filed.matter),
        "entries": [
            {**_leaf(entry.own), "copy": _leaf(entry.copy) if entry.copy else None}
            for entry in filed.entries
        ],
        "project": [_leaf(leaf) for leaf in filed.project],
    }


def from_json(value: dict[str, Any]) -> Filed:
    """The file as it was sent; raises KeyError or ValueError for something else."""

    def leaf(part: dict[str, Any]) -> Leaf:
        return Leaf(part["store"], part["position"], part["leafhash"], part["body"].encode())

    entries: Sequence[dict[str, Any]] = value["entries"]
    return Filed(
        UUID(value["matter"]),
        tuple(Entry(leaf(e), leaf(e["copy"]) if e["copy"] else None) for e in entries),
        tuple(leaf(part) for part in value["project"]),
    )


def _leaf(leaf: Leaf) -> dict[str, Any]:
    return {
        "store": leaf.store,
        "position": leaf.position,
        "leafhash": leaf.leafhash,
        "body": leaf.body.decode(),
    }
