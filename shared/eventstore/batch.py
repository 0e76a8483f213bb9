"""One call of append_v1: units laid out in columns, and the verdicts read back."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

from shared.effects import monotonic
from shared.eventstore.postgres import Connection
from shared.eventstore.units import (
    Appended,
    Conflicting,
    Moved,
    Receipt,
    Repeated,
    Unit,
    Verdict,
)

_EVENT, _RECEIPT, _DISCLOSURE, _HEARING = 17, 9, 6, 4
CALL = (
    "SELECT unit, verdict, place, cause, version, events, digest FROM append_v1("
    + ",".join(f"${n}" for n in range(1, 2 + _EVENT + _RECEIPT + _DISCLOSURE + _HEARING))
    + ")"
)


class Batch:
    """Columns for append_v1. Units are numbered from 1; a stream stands in one unit only."""

    def __init__(self, store: str, units: Sequence[Unit]) -> None:
        self._store, self._units = store, units
        self._columns: list[list[Any]] = [
            [] for _ in range(_EVENT + _RECEIPT + _DISCLOSURE + _HEARING)
        ]
        self._ends: list[int] = []
        self.sync_time = 0.0
        for number, unit in enumerate(units, 1):
            self._lay_out(number, unit)

    def _lay_out(self, number: int, unit: Unit) -> None:
        columns = self._columns
        count = len(columns[0])
        for append in unit.appends:
            prior = 0
            for offset, draft in enumerate(append.drafts, 1):
                act = draft.act
                row = (
                    number, prior, append.stream, append.expected + offset, draft.id,
                    draft.cause, draft.type, act.actor, act.area, act.authority, act.behalf,
                    act.channel, act.effective, act.matter, act.pack, act.project, draft.fact,
                )  # fmt: skip
                for column, value in zip(columns, row, strict=False):
                    column.append(value)
                count += 1
                prior = count
                for d in draft.disclosures:
                    self._add(
                        _EVENT + _RECEIPT,
                        (number, draft.id, d.digest, d.subject, d.data_key, d.ciphertext),
                    )
        self._ends.append(count)
        for r in unit.receipts:
            self._add(
                _EVENT,
                (number, r.cause, r.origin, r.heard, r.stream, r.version, r.events, count,
                 r.digest),
            )  # fmt: skip
        if h := unit.hearing:
            self._add(_EVENT + _RECEIPT + _DISCLOSURE, (number, h.reader, h.after, h.upto))

    def _add(self, first: int, row: tuple[Any, ...]) -> None:
        for column, value in enumerate(row, first):
            self._columns[column].append(value)

    async def offer(self, connection: Connection, *, again: bool) -> list[Verdict]:
        """Append, and return one verdict per unit.

        `again` says that an earlier try was cut off: then a conflict may be our own success,
        and the stored ids tell. Afterwards `sync_time` is what the commit took, in seconds: the
        call without the time that append_v1 spent inside.
        """
        began = monotonic()
        rows = await connection.fetch(CALL, self._store, *self._columns)
        base = rows[0]["place"]
        self.sync_time = monotonic() - began - rows[0]["events"] / 1e6
        refused: dict[int, list[asyncpg.Record]] = defaultdict(list)
        for row in rows:
            if row["unit"]:
                refused[row["unit"]].append(row)
        verdicts: list[Verdict] = []
        skipped = begin = 0
        for number, (unit, end) in enumerate(zip(self._units, self._ends, strict=True), 1):
            if number in refused:
                skipped += end - begin
                verdict = _verdict(unit, refused[number])
                if again:
                    verdict = await _own_success(connection, unit, verdict) or verdict
                verdicts.append(verdict)
            else:
                verdicts.append(Appended(base + end - skipped))
            begin = end
        return verdicts


def _verdict(unit: Unit, rows: Sequence[asyncpg.Record]) -> Verdict:
    by_cause = {row["cause"]: row for row in rows if row["verdict"] == "repeated"}
    if by_cause:
        return Repeated(
            tuple(
                Receipt(
                    cause=r.cause,
                    origin=r.origin,
                    stream=r.stream,
                    heard=r.heard,
                    version=row["version"],
                    events=row["events"],
                    position=row["place"],
                    digest=row["digest"],
                )
                for r in unit.receipts
                if (row := by_cause.get(r.cause))
            )
        )
    moved = [row for row in rows if row["verdict"] == "moved"]
    if moved:
        return Moved(moved[0]["place"] or 0)
    return Conflicting(tuple(row["version"] for row in rows))


async def _own_success(connection: Connection, unit: Unit, verdict: Verdict) -> Verdict | None:
    """What the try that was cut off had achieved: all of the unit, or None."""
    if isinstance(verdict, Repeated):
        first = {r.cause: r for r in verdict.receipts}
        ours = all(
            r.cause in first and first[r.cause].digest == r.digest for r in unit.receipts
        )
        return Appended(max(r.position for r in verdict.receipts)) if ours else None
    ids: list[UUID] = [draft.id for append in unit.appends for draft in append.drafts]
    found = await connection.fetch("SELECT position FROM events WHERE id = ANY ($1)", ids)
    if ids and len(found) == len(ids):
        return Appended(max(row["position"] for row in found))
    return None
