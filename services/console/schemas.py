"""What can be asked of each service: its commands, as the service itself describes them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.console.backend import Caller
from services.console.settings import SERVICES
from services.console.wording import WORDS
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
    zh: str
    en: str
    about: str
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
        """What it is called on its button; a short name where there is one."""
        zh, en = WORDS.get(f"act.{self.name}", (None, None))
        return (zh or self.zh) if language == "zh" else (en or self.en)


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
        if not name or schema.get("type") != "object":
            continue
        zh, en = _both(str(post.get("summary", name)), name)
        about = str(schema.get("description", "")).partition("\n\n")[2]
        versioned = any(
            one["name"] == "If-Match" and one.get("required") for one in post["parameters"]
        )
        made.append(Operation(service, name, path, zh, en, about, schema, versioned))
    return made


def _both(summary: str, name: str) -> tuple[str, str]:
    """`中文术语 English sentence (ids).` or `中文：说明 (ids).` in its two languages."""
    plain = re.sub(r"\s*\([A-Z0-9, 《》\u4e00-\u9fff;-]*\)\.?\s*$", "", summary).strip()
    zh = re.match(r"[^A-Za-z]*[\u4e00-\u9fff）]", plain)
    first = (zh[0] if zh else plain).strip()
    rest = plain[len(first) :].strip(" .")
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).capitalize()
    english = rest if re.match(r"[A-Z][a-z]", rest) else spaced
    return re.split(r"[：:]", first, maxsplit=1)[0].strip() or spaced, english
