"""One call of append_v1: units laid out in columns, and the verdicts read back."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg

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

_EVENT = (
    "integer integer uuid integer uuid uuid text text text uuid text text text uuid text uuid text"
).split()
_RECEIPT = "integer uuid uuid text uuid integer integer integer bytea".split()
_DISCLOSURE = "integer uuid text text uuid bytea".split()
_HEARING = "integer text bigint bigint".split()
_COLUMNS = (*_EVENT, *_RECEIPT, *_DISCLOSURE, *_HEARING)
_SEPARATOR = "\x1f"
"""Between the values of a column. JSON escapes it, and no other value may hold it."""

# A column travels as one text: asyncpg looks at every element of an array to see whether it is
# an array too, which costs more than all the rest of the call. No value is empty, so '' is null.
CALL = (
    "SELECT unit, verdict, place, cause, version, events, digest FROM append_v1($1,"
    + ",".join(
        f"string_to_array(${n}, E'\\x1f', '')::{kind}[]" for n, kind in enumerate(_COLUMNS, 2)
    )
    + ")"
)


class Batch:
    """Columns for append_v1. Units are numbered from 1; a stream stands in one unit only."""

    def __init__(self, store: str, units: Sequence[Unit]) -> None:
        self._store, self._units = store, units
        self._columns: list[list[str]] = [[] for _ in _COLUMNS]
        self._ends: list[int] = []
        for number, unit in enumerate(units, 1):
            self._lay_out(number, unit)

    def _lay_out(self, number: int, unit: Unit) -> None:
        count = len(self._columns[0])
        for append in unit.appends:
            prior = 0
            for offset, draft in enumerate(append.drafts, 1):
                act = draft.act
                row = (
                    number, prior, append.stream, append.expected + offset, draft.id,
                    draft.cause, draft.type, act.actor, act.area, act.authority,
                    act.behalf, act.channel, act.effective, act.matter,
                    act.pack, act.project, draft.fact,
                )  # fmt: skip
                self._add(0, row)
                count += 1
                prior = count
                for d in draft.disclosures:
                    self._add(
                        len(_EVENT) + len(_RECEIPT),
                        (number, draft.id, d.digest, d.subject, d.data_key, _hex(d.ciphertext)),
                    )
        self._ends.append(count)
        for r in unit.receipts:
            self._add(
                len(_EVENT),
                (number, r.cause, r.origin, r.heard, r.stream, r.version, r.events, count,
                 _hex(r.digest)),
            )  # fmt: skip
        if h := unit.hearing:
            self._add(-len(_HEARING), (number, h.reader, h.after, h.upto))

    def _add(self, first: int, row: tuple[Any, ...]) -> None:
        for column, value in zip(self._columns[first:], row, strict=False):
            column.append("" if value is None else str(value))

    async def offer(self, connection: Connection, *, again: bool) -> list[Verdict]:
        """Append, and return one verdict per unit.

        `again` says that an earlier try was cut off: then a conflict may be our own success,
        and the stored ids tell.
        """
        texts = [_joined(column) for column in self._columns]
        rows = await connection.fetch(CALL, self._store, *texts)
        base = rows[0]["place"]
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


def _joined(column: Sequence[str]) -> str:
    """One text for a column; raises ValueError for a value that would shift all after it."""
    text = _SEPARATOR.join(column)
    if text.count(_SEPARATOR) != max(len(column) - 1, 0):
        raise ValueError("a value holds the separator U+001F, which no event may hold")
    return text


def _hex(value: bytes) -> str:
    return "\\x" + value.hex()


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
