"""How does a matter read as an object-centric event log (OCEL 2.0, JSON)?"""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from contracts.archive import DocumentFiled, EntryFiled
from contracts.event import About, Event
from services.archive.domain.dossier import json_of
from services.archive.domain.file import LEGAL_ZONE, Entry, Filed

ATTRIBUTES = ("store", "log_position", "archive_position", "leaf_hash", "recorded", "effective")
"""So that a mining result leads back to the evidence."""

QUALIFIERS = {
    "item": ("item", "about"),
    "items": ("item", "about"),
    "agent": ("actor", "carried by"),
    "applicant": ("actor", "applied by"),
    "decider": ("actor", "decided by"),
    "body": ("body", "at"),
    "document": ("document", "files"),
    "piece": ("piece", "moves"),
    "pieces": ("piece", "moves"),
    "issue": ("issue", "about"),
    "fee": ("fee", "about"),
    "stages": ("stage", "about"),
}
"""Members of a fact that name an object: its type, and what the event does to it."""


def ocel(filed: Filed) -> bytes:
    """The log; the same file makes the same bytes."""
    events, objects = [], dict[str, dict[str, Any]]()
    for entry in filed.entries:
        own_about, own = entry.own.told()
        if isinstance(own, EntryFiled) and entry.copy is None:
            continue
        if isinstance(own, DocumentFiled) and own.source is not None:
            continue
        about, event = entry.copy.told() if entry.copy else (own_about, own)
        related = list(_related(about, event, str(filed.matter)))
        for id, kind, _ in related:
            objects.setdefault(id, _object(id, kind))
        events.append(_event(entry, about, related))
    kinds = sorted({event["type"] for event in events})
    return json_of(
        {
            "objectTypes": [
                {"name": kind, "attributes": []}
                for kind in sorted({one["type"] for one in objects.values()})
            ],
            "eventTypes": [
                {"name": kind, "attributes": [{"name": a, "type": _TYPES.get(a, "string")}
                                              for a in ATTRIBUTES]}
                for kind in kinds
            ],
            "objects": [objects[id] for id in sorted(objects)],
            "events": events,
        }
    )  # fmt: skip


_TYPES = {"log_position": "integer", "archive_position": "integer", "recorded": "time"}


def _event(entry: Entry, about: About, related: list[tuple[str, str, str]]) -> dict[str, Any]:
    values = {
        "store": entry.leaf.store,
        "log_position": entry.leaf.position,
        "archive_position": entry.position,
        "leaf_hash": entry.leaf.leafhash,
        "recorded": _instant(about.recorded),
        "effective": about.effective,
    }
    return {
        "id": str(about.id),
        "type": about.type,
        "time": _instant(_happened(about)),
        "attributes": [{"name": name, "value": str(value)} for name, value in values.items()],
        "relationships": [
            {"objectId": id, "qualifier": how} for id, _, how in dict.fromkeys(related)
        ],
    }


def _related(about: About, event: Event | None, matter: str) -> Iterator[tuple[str, str, str]]:
    yield f"matter:{matter}", "matter", "in"
    if about.project:
        yield f"project:{about.project}", "project", "for"
    yield f"actor:{about.actor}", "actor", "done by"
    if about.behalf and about.behalf != about.actor:
        yield f"actor:{about.behalf}", "actor", "done for"
    fact = event.public() if event else {}
    for name, (kind, how) in QUALIFIERS.items():
        value = fact.get(name)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                yield f"{kind}:{one}", kind, how


def _object(id: str, kind: str) -> dict[str, Any]:
    return {"id": id, "type": kind, "attributes": [], "relationships": []}


def _happened(about: About) -> datetime:
    """A fact that knows only its day happened as it began, in the legal time zone."""
    found = datetime.fromisoformat(about.effective)
    return found if found.tzinfo else datetime.combine(found, time(), LEGAL_ZONE)


def _instant(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds")
