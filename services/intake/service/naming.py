"""How are projects found by the name of the unit, though names stand in no event (检索)?"""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from services.intake.domain import naming
from services.intake.queries import sights as queries
from services.intake.queries.door import last_contact
from services.intake.service.lookup import Lookup
from services.intake.service.streams import PROJECT
from shared.eventstore.reading import read_personal

MOST = 10
"""Hits that are shown, and hence the most names that one search reads."""
INDEXING, SEARCHING = "name_index", "search"
"""The purposes under which names are read, on record."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave; `more` asks for further characters."""

    items: list[dict[str, Any]]
    more: bool


class Names:
    """The blind index of names: kept up by reading what was told, under an audit row each time."""

    def __init__(self, look: Lookup) -> None:
        self._look = look

    @cached_property
    def _key(self) -> bytes:
        """A key of its own, made from the deployment's: tokens say nothing without it."""
        deployment = self._look.floor.settings.deployment_key()
        return hmac.digest(deployment, b"onefile name index", "sha256")

    async def index(self) -> None:
        """Put the names that were told since into the index; asked again, it finds nothing."""
        pool = self._look.floor.log.pool
        for row in await queries.unnamed(pool):
            names = await self._read(row["project"], "s:intake", INDEXING)
            said = [
                b for name in _given(names, "unit", "name") for b in naming.beginnings(name)
            ]
            said += [f"#{code}" for code in _given(names, "unit_code")]
            found = naming.tokens(self._key, row["area"], said)
            await queries.name(pool, row["project"], row["area"], row["told"], found)

    async def forgotten(self, streams: frozenset[UUID]) -> None:
        """Drop what was made from names that were erased; what is left is indexed again."""
        await queries.read_again(self._look.floor.log.pool, sorted(streams))

    async def find(self, typed: naming.Wanted, areas: Sequence[str], actor: str) -> Found:
        """At most ten projects; names that were erased are no longer found, nor kept."""
        pool = self._look.floor.log.pool
        if typed.kind == "code":
            rows = await queries.coded(pool, areas, typed.text, MOST + 1)
            hits = [(row["project"], row["matter"], row["number"]) for row in rows[:MOST]]
            return Found([await self._shown(*hit, actor) for hit in hits], len(rows) > MOST)
        begins = (
            (f"#{typed.text}",) if typed.kind == "unit_code" else naming.looked_up(typed.text)
        )
        wanted = [t for area in areas for t in naming.tokens(self._key, area, begins)]
        projects = await queries.named(pool, areas, wanted, MOST + 1)
        shown = [await self._shown(id, None, None, actor) for id in projects[:MOST]]
        if gone := [one["project"] for one in shown if one["unit"] is None]:
            await queries.forget(pool, gone)
        items = [one for one in shown if one["unit"] is not None and _fits(one, typed)]
        return Found(items, len(projects) > MOST)

    async def _shown(
        self, project: UUID, matter: UUID | None, number: str | None, actor: str
    ) -> dict[str, Any]:
        """A hit as the desk needs it: who, which code, the last contact; reading is on record."""
        names = await self._read(project, actor, SEARCHING)
        _, known = await self._look.floor.handling.state_of(PROJECT, project)
        return {
            "project": project,
            "matter": matter,
            "number": number,
            "code": known.code,
            "name": names.get("name"),
            "unit": names.get("unit"),
            "warnings": known.warnings,
            "last_contact": await last_contact(self._look.floor.log.pool, project),
        }

    async def _read(self, project: UUID, actor: str, purpose: str) -> dict[str, Any]:
        """The names as they were told last, oldest first overridden by newer."""
        floor = self._look.floor
        by_event = await read_personal(
            floor.log, floor.keeper, project, actor=actor, purpose=purpose
        )
        order = await floor.log.pool.fetch(
            "SELECT id FROM events WHERE stream = $1 ORDER BY version", project
        )
        names: dict[str, Any] = {}
        for row in order:
            names |= by_event.get(row["id"], {})
        return names


def _given(names: Mapping[str, Any], *members: str) -> list[str]:
    return [names[m] for m in members if isinstance(names.get(m), str)]


def _fits(hit: Mapping[str, Any], typed: naming.Wanted) -> bool:
    """A token may stand for several names; the name itself decides."""
    if typed.kind == "unit_code":
        return True
    return any(naming.fits(name, typed.text) for name in _given(hit, "unit", "name"))
