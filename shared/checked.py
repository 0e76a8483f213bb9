"""How does the result of a check become a fact in the log of the very store that was checked?"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

import orjson
from asyncpg import Record

from contracts.checked import Checked, Difference, PartChecked
from contracts.event import Event
from contracts.registry import BY_TYPE
from contracts.subjects import NOWHERE
from shared.asking import asked_by_agenda
from shared.decider import Decider
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.postgres import Pool
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Handling, Step

PAGE = 100

_UNTOLD = """
    SELECT number, began, ended, upto, found, report, note FROM checks
    WHERE number > $1 ORDER BY number LIMIT $2
"""
# By pattern: a fact that was altered is just not found, and the answer still comes.
_TOLD = """
    SELECT substring(fact FROM '"check":([0-9]{1,15})[,}]')::bigint AS number, position
    FROM events WHERE stream = $1 ORDER BY version DESC LIMIT $2
"""
_UNSAFE = re.compile(r"[^A-Za-z0-9:._@/+-]")


@dataclass(frozen=True, slots=True)
class SayChecked:
    """Say what a check found, as it was kept. Asked by the service itself alone."""

    number: int
    event: Event


def evolve(last: int, event: Event) -> int:
    """The number of the last check that the log knows of."""
    return max(last, cast(Checked, event).check)


def decide(command: SayChecked, last: int, _: None) -> Sequence[Event]:
    """Each check is said once, in the order in which they were made."""
    return [command.event] if command.number > last else []


CHECKS: Decider[SayChecked, int, Event, None] = Decider(0, evolve, decide)


class Teller:
    """Says every kept result in the log, once, on a stream of its own that belongs to no matter.

    A result is kept beside the log first: it is there even where nothing can be appended. What
    was not said then is said later; asking again, or two replicas asking, says nothing twice.
    """

    def __init__(self, handling: Handling, pool: Pool) -> None:
        self._handling, self._pool = handling, pool
        service = handling.log.service
        self._service, self._kind = service, BY_TYPE[f"{service}.history_checked.v1"]
        self.stream: UUID = derived(NAMESPACE, f"{service}/checks")
        self._aggregate = Aggregate("checks", CHECKS, Vocabulary([self._kind]))

    async def tell(self) -> int:
        """Say what was not said yet, oldest first; how many were said."""
        said = 0
        _, last = await self._handling.state_of(self._aggregate, self.stream)
        while rows := await self._pool.fetch(_UNTOLD, last, PAGE):
            for row in rows:
                last, ended = row["number"], row["ended"]
                command = SayChecked(last, self._kind.model_validate(fact_of(row)))
                asked = asked_by_agenda(self._service, f"check/{last}", ended, area=NOWHERE)
                step = Step(asked, self._aggregate, self.stream, command, None)
                done = await self._handling.handle(step)
                said += not done.replayed
        return said

    async def told(self, limit: int) -> Mapping[int, int]:
        """Where in the log the newest results stand: number of the check to position."""
        rows = await self._pool.fetch(_TOLD, self.stream, limit)
        return {row["number"]: row["position"] for row in rows}


def fact_of(row: Record) -> dict[str, Any]:
    """The members of the fact, from a kept result."""
    report = orjson.loads(row["report"])
    note: str | None = row["note"]
    began: datetime = row["began"]
    return {
        "check": row["number"],
        "began_at": began,
        "ended_at": row["ended"],
        "upto": row["upto"],
        "found": row["found"],
        "parts": tuple(_part(name, part) for name, part in report["parts"].items()),
        "report": sha256(row["report"].encode()).hexdigest(),
        "note": sha256(note.encode()).hexdigest() if note else None,
    }


def _part(name: str, part: Mapping[str, Any]) -> PartChecked:
    seen = dict.fromkeys((fault["code"], _place(name, fault)) for fault in part["faults"])
    return PartChecked(
        part=name,
        upto=part["upto"],
        compared=part["compared"],
        found=part["found"],
        fingerprint=part.get("fingerprint") or None,
        differences=tuple(Difference(code=code, place=place) for code, place in seen),
    )


def _place(part: str, fault: Mapping[str, str]) -> str:
    """Where a difference is, without what somebody may have written there: a fact is for ever.

    Of a view that is the table, and the column if one differs; the row is named in the report.
    """
    where = fault["where"]
    if part == "views":
        table, column = where.partition(" ")[0], where.rpartition(" .")[2]
        where = f"{table}.{column}" if fault["code"] == "value_differs" else table
    return _UNSAFE.sub("_", where.replace(" ", ":"))[:200]
