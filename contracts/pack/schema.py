"""What does an editor need to know to help somebody write a pack: its JSON Schema."""

from typing import Any

from contracts.pack import Pack
from contracts.pack.vocabulary import KEYS, SECTIONS
from contracts.pack.words import named_events

type Schema = dict[str, Any]

EVENT_PATTERN = r"^[A-Z][A-Za-z]+$"


def pack_schema() -> Schema:
    """The shape of `pack.yaml`, each key with its name in both languages.

    References within a pack, sources and cycles are beyond a schema: `onefile pack check`.
    """
    made = Pack.model_json_schema(mode="validation")
    properties = made["properties"]
    for name, (zh, en) in SECTIONS.items():
        if name in properties:
            properties[name] |= {"title": f"{zh} / {en}"}
    for definition in made["$defs"].values():
        _name(definition)
    definitions = {name: _events(one) for name, one in made["$defs"].items()}
    return made | {"title": "政策包 / Policy pack", "$defs": definitions}


def child_schema() -> Schema:
    """The shape of a pack that inherits: a head, and of the rest only what differs."""
    made = pack_schema()
    for name, definition in made["$defs"].items():
        if name not in _WHOLE:
            definition["required"] = [n for n in definition.get("required", ()) if n == "id"]
    made["required"] = ["pack", "id", "version", "jurisdiction"]
    return made | {"title": "下级政策包 / Policy pack that inherits from the place above"}


_WHOLE = frozenset({"Jurisdiction", "SourceText", "OpenQuestion", "Days"})
"""Blocks in which a child says all or nothing."""


def _name(definition: Schema) -> None:
    """The keys of one block, each called by its name in both languages."""
    for name, found in definition.get("properties", {}).items():
        zh, en = KEYS.get(name, ("", ""))
        if zh and "$ref" not in found:
            found["title"] = f"{zh} / {en}"


def _events(definition: Any) -> Any:
    """The open pattern of an event's name made the closed list it is."""
    match definition:
        case {"pattern": pattern, **rest} if pattern == EVENT_PATTERN:
            return {**rest, "enum": sorted(named_events())}
        case dict():
            return {key: _events(value) for key, value in definition.items()}
        case list():
            return [_events(one) for one in definition]
    return definition
