"""How does a table become people of the roster: looked through, and then taken in whole?"""

import asyncio
import hmac
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from services.assignment.domain.commands import AddStaff, ImportStaff
from services.assignment.domain.faults import RowFault
from services.assignment.domain.importing import Words, columns_of, person_of
from services.assignment.service import Assignment
from services.assignment.service.staffing import facts_of, staffing
from services.assignment.service.streams import ROSTER
from shared.asking import By
from shared.decider import Refused
from shared.handling import Done
from shared.packs import Rules
from shared.problems import Problem
from shared.sheets.faults import BadTable, Fault
from shared.sheets.reading import read_table

MOST_ROWS = 5_000

type _Read = tuple[ImportStaff | None, list[int], int, tuple[RowFault | Fault, ...]]


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do; nothing while there are faults."""

    rows: int
    added: int
    unchanged: int
    faults: tuple[RowFault | Fault, ...]

    def told(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "added": self.added,
            "unchanged": self.unchanged,
            "ready": not self.faults,
            "errors": [told(fault) for fault in self.faults],
        }


def told(fault: RowFault | Fault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "column": fault.column,
        "code": fault.code,
        "zh": fault.zh,
        "en": fault.en,
    }


async def preview(service: Assignment, area: str, content: bytes, new: UUID, by: By) -> Preview:
    """Every row looked through, all that is wrong named by row and column; nothing recorded."""
    rules = service.floor.packs.for_area(area)
    try:
        command, numbers, rows, faults = await _read(service, rules, area, content)
    except BadTable as bad:
        return Preview(0, 0, 0, (bad.fault,))
    decided, wrong = await _decided(service, rules, command, numbers, faults, new, by)
    if command is None or wrong:
        return Preview(rows, 0, 0, wrong)
    added = max(decided - 1, 0)
    return Preview(rows, added, len(command.rows) - added, ())


async def _decided(
    service: Assignment,
    rules: Rules,
    command: ImportStaff | None,
    numbers: list[int],
    faults: tuple[RowFault | Fault, ...],
    new: UUID,
    by: By,
) -> tuple[int, tuple[RowFault | Fault, ...]]:
    """How many facts the readable rows would make, and every fault: of reading and of rules."""
    if command is None:
        return 0, faults
    step = await staffing(service.floor, command, new, by)
    _, roster = await service.floor.handling.state_of(ROSTER, step.stream)
    try:
        made = ROSTER.decider.decide(command, roster, facts_of(rules, by.now, new))
    except Refused as refused:
        return 0, _in_order(*faults, *_of_rows(refused, numbers))
    return len(made), faults


async def take_in(
    service: Assignment, area: str, content: bytes, new: UUID, by: By
) -> tuple[ImportStaff, Done]:
    """The whole table in one unit; raises `Problem("invalid")` with what is wrong, row by row."""
    rules = service.floor.packs.for_area(area)
    try:
        command, numbers, _, faults = await _read(service, rules, area, content)
    except BadTable as bad:
        raise Problem("invalid", errors=[told(bad.fault)]) from None
    if command is None or faults:
        _, wrong = await _decided(service, rules, command, numbers, faults, new, by)
        raise Problem("invalid", errors=[told(fault) for fault in wrong])
    try:
        return command, await service.do(command, new, by)
    except Refused as refused:
        if refused.code != "rows_refused":
            raise
        late = _of_rows(refused, numbers)
        raise Problem("invalid", errors=[told(fault) for fault in late]) from None


async def _read(service: Assignment, rules: Rules, area: str, content: bytes) -> _Read:
    """The rows that can be read as one command, their numbers in the file, how many rows there
    are in all, and the faults."""
    return await asyncio.to_thread(_parsed, _secret(service), rules, area, content)


def _parsed(secret: bytes, rules: Rules, area: str, content: bytes) -> _Read:
    table = read_table(content, most_rows=MOST_ROWS)
    columns, wrong = columns_of(table.header)
    faults: list[RowFault | Fault] = [*wrong, *table.faults]
    total = len(table.rows)
    if wrong:
        return None, [], total, _in_order(*faults)
    words = Words(rules.pack, rules.catalogue)
    people: list[AddStaff] = []
    kept: list[int] = []
    odd = {fault.row for fault in table.faults}
    for row in table.rows:
        cells = {c.key: v for place, c in columns.items() if (v := _at(row.values, place))}
        person, faulty = person_of(
            area, row.number, cells, words, lambda told: f"p:{_uuid(secret, told)}"
        )
        if row.number not in odd:
            faults.extend(faulty)
        if person is not None:
            people.append(person)
            kept.append(row.number)
    if not people:
        return None, [], total, _in_order(*faults)
    batch = _uuid(secret, f"batch\x1f{area}\x1f{sha256(content).hexdigest()}")
    command = ImportStaff(area=area, batch=batch, rows=tuple(people))
    return command, kept, total, _in_order(*faults)


def _in_order(*faults: RowFault | Fault) -> tuple[RowFault | Fault, ...]:
    """As one goes down the table."""
    return tuple(sorted(faults, key=lambda fault: fault.row or 0))


def _at(values: tuple[str, ...], place: int) -> str:
    return values[place] if place < len(values) else ""


def _of_rows(refused: Refused, numbers: list[int]) -> tuple[RowFault, ...]:
    """A refusal of rows, by their numbers in the file."""
    if refused.code != "rows_refused":
        raise refused
    return tuple(
        RowFault(fault["reason"], numbers[fault["row"]], None)
        for fault in refused.details["rows"]
    )


def _secret(service: Assignment) -> bytes:
    """A pseudonym must tell nothing to one who can guess a name and a number."""
    return sha256(b"roster pseudonyms\x00" + service.floor.settings.deployment_key()).digest()


def _uuid(secret: bytes, text: str) -> UUID:
    return UUID(bytes=hmac.digest(secret, text.encode(), "sha256")[:16], version=5)
