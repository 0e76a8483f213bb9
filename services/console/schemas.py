"""What can be asked of each service: its commands, as the service itself describes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.console.backend import Caller
from services.console.naming import word
from services.console.settings import SERVICES
from shared.effects import monotonic

GOOD_FOR = 120.0
"""Seconds after which a service is asked again what it can be asked."""
_HOLE = re.compile(r"{(\w+)}")


@dataclass(frozen=True, slots=True)
class Operation:
    """A command of a service: where it is posted and what it takes."""

    service: str
    name: str
    path: str
    schema: Mapping[str, Any]
    versioned: bool

    @property
    def holes(self) -> tuple[str, ...]:
        """The names in the path: `id`, `item` …"""
        return tuple(_HOLE.findall(self.path))

    @property
    def creates(self) -> bool:
        return "id" not in self.holes

    def title(self, language: str) -> str:
        """What it is called on its button."""
        return word(self.name, language, "act")


async def operations(me: Caller, kept: dict[str, Any], service: str) -> Mapping[str, Operation]:
    """Every command of a service by name; kept for a while, since services are updated."""
    if service not in SERVICES:
        return {}
    until, known = kept.get(service, (0.0, {}))
    if monotonic() > until:
        document = await me.get(service, "/openapi.json")
        known = {one.name: one for one in _of(service, document)}
        kept[service] = monotonic() + GOOD_FOR, known
    found: Mapping[str, Operation] = known
    return found


def _of(service: str, document: Mapping[str, Any]) -> list[Operation]:
    made = []
    for path, methods in document["paths"].items():
        post = methods.get("post", {})
        content = post.get("requestBody", {}).get("content", {})
        schema = content.get("application/json", {}).get("schema", {})
        name = schema.get("title")
        stranger = path.startswith("/public/")  # what strangers send has a page of its own
        if not name or stranger or schema.get("type") != "object":
            continue
        versioned = any(
            one["name"] == "If-Match" and one.get("required") for one in post["parameters"]
        )
        made.append(Operation(service, name, path, schema, versioned))
    return made
