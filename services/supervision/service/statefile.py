"""How does a file of the approval system become rows: JSON lines, CSV, or a workbook?"""

from collections.abc import Iterator

from services.supervision.domain.statefeed import FedRow, Unread, read_row
from shared.field_errors import wrong
from shared.problems import Problem
from shared.sheets.faults import BadTable
from shared.sheets.reading import CSV, XLSX, read_table
from shared.strict_json import BadJson, strict_loads

LINES = "application/x-ndjson"
MEDIA = (LINES, CSV, XLSX)
LARGEST = 65_536
"""Bytes of a file: a feed comes every half hour, so that its parts are small."""
MOST_ROWS = 500


def rows_of(content: bytes, media: str) -> tuple[FedRow, ...]:
    """The rows by their numbers in the file; raises `Problem("invalid")` for the file as a whole."""
    try:
        rows = tuple(_lines(content) if media == LINES else _table(content))
    except BadTable as error:
        raise _refused(error.fault.code, error.fault.zh, error.fault.en) from None
    except UnicodeDecodeError:
        raise _refused("not_a_table", "不是 UTF-8 文本", "this is not UTF-8 text") from None
    if not rows:
        raise _refused("no_rows", "没有数据行", "there are no rows")
    if len(rows) > MOST_ROWS:
        raise _refused(
            "too_many_rows",
            "行数超过上限，请分批导入",
            "there are too many rows: send them in parts",
        )
    return rows


def _refused(code: str, zh: str, en: str) -> Problem:
    return Problem("invalid", errors=[wrong(code, "body", message=(zh, en))])


def _lines(content: bytes) -> Iterator[FedRow]:
    for number, line in enumerate(content.decode().splitlines(), 1):
        if not line.strip():
            continue
        try:
            members = strict_loads(line.encode())
        except BadJson as error:
            yield FedRow(number, line, Unread("", error.code))
            continue
        read = read_row(members) if isinstance(members, dict) else Unread("", "not_an_object")
        yield FedRow(number, line, read)


def _table(content: bytes) -> Iterator[FedRow]:
    table = read_table(content, most_rows=MOST_ROWS)
    wrong = {fault.row: fault for fault in table.faults}
    for row in table.rows:
        text = ",".join(row.values)
        fault = wrong.get(row.number)
        if fault is not None:
            yield FedRow(row.number, text, Unread(fault.column or "", fault.code))
        elif len(row.values) > len(table.header):
            yield FedRow(row.number, text, Unread("", "wrong_number_of_cells"))
        else:
            members = dict(zip(table.header, row.values, strict=False))
            yield FedRow(row.number, text, read_row(members))
