"""How a stranger's table becomes rows of text: unpacked within bounds, or refused."""

import csv
import datetime
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.sheets.faults import BadTable, Fault
from shared.strict_json import BadJson, clean_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"
LARGEST = 5_000_000
"""Bytes of a file."""
UNPACKED = 60_000_000
RATIO = 200
PARTS = 200
_PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
COLUMNS = 60
LONGEST_CELL = 2_000

_OLE = b"\xd0\xcf\x11\xe0"
"""What an encrypted workbook, and every old .xls, begins with."""
_ODD_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["'](?!utf-8|us-ascii)""", re.I)
LEADS = "=+-@\t\r＝＋－＠"
"""What a spreadsheet program may take for a formula in a text file."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file; every value is text in NFC, '' for an empty cell."""

    number: int
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first sheet: the names of its columns, its rows, and what is wrong in its cells."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read_table(content: bytes, *, most_rows: int = 5_000) -> Table:
    """The table in `content`; raises `BadTable` when the file as a whole cannot be taken."""
    if not content:
        raise BadTable("empty_file")
    if content.startswith(_OLE):
        raise BadTable("encrypted")
    workbook = content.startswith(b"PK\x03\x04")
    cells = _of_workbook(content) if workbook else _of_text(content)
    return _table(cells, most_rows)


type _Cells = Iterator[Sequence[tuple[Any, bool]]]
"""Rows of (value, whether it is a formula)."""


def _table(cells: _Cells, most_rows: int) -> Table:
    header: tuple[str, ...] = ()
    rows: list[Row] = []
    faults: list[Fault] = []
    for number, wide in enumerate(cells, 1):
        raw = _trimmed(wide)
        if len(raw) > COLUMNS:
            raise BadTable("too_many_columns")
        values = tuple(_values(number, raw, header, faults))
        if not any(values):
            continue
        if not header:
            header = values
            continue
        if len(rows) == most_rows:
            raise BadTable("too_many_rows")
        rows.append(Row(number, values))
    if not header:
        raise BadTable("no_header")
    if not rows:
        raise BadTable("no_rows")
    return Table(header, tuple(rows), tuple(faults))


def _trimmed(raw: Sequence[tuple[Any, bool]]) -> Sequence[tuple[Any, bool]]:
    """The row without the empty cells at its end."""
    end = len(raw)
    while end and raw[end - 1][0] in (None, ""):
        end -= 1
    return raw[:end]


def _values(
    number: int,
    raw: Sequence[tuple[Any, bool]],
    header: tuple[str, ...],
    faults: list[Fault],
) -> Iterator[str]:
    for place, (value, formula) in enumerate(raw):
        try:
            yield _text(value, formula)
        except (_Odd, BadJson) as odd:
            column = header[place] if place < len(header) else str(place + 1)
            faults.append(Fault(odd.code, number, column))
            yield ""


class _Odd(ValueError):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _text(value: Any, formula: bool) -> str:
    """The cell as text: no formula, no odd character, and no number written as 1.0."""
    if formula:
        raise _Odd("formula")
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case datetime.datetime() if value.time() == datetime.time():
            return value.date().isoformat()
        case datetime.datetime() | datetime.date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
    text = clean_text(str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONGEST_CELL:
        raise _Odd("too_long")
    if text.startswith("#") and text in {"#REF!", "#NAME?", "#VALUE!", "#N/A", "#DIV/0!"}:
        raise _Odd("error_value")
    return text


def _of_text(content: bytes) -> _Cells:
    """A .csv, in UTF-8 or, as older office software here writes it, in GB 18030."""
    if b"\x00" in content or content.lstrip()[:1] in (b"<", b"{", b"%"):
        raise BadTable("not_a_table")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise BadTable("not_a_table")
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            yield [_unquoted(cell) for cell in row]
    except csv.Error:
        raise BadTable("not_a_table") from None


def _unquoted(cell: str) -> tuple[str, bool]:
    """An apostrophe before a formula's first character marks text, as our own export does."""
    if cell[:1] == "'" and cell[1:2] and cell[1] in LEADS:
        return cell[1:], False
    return cell, bool(cell) and cell[0] in LEADS


def _of_workbook(content: bytes) -> _Cells:
    _refuse_unsafe(content)
    # Loaded with the first workbook: 10 MB that most processes never need.
    from openpyxl import load_workbook

    try:
        book = load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        sheet = book.worksheets[0]
        # A sheet may claim a million columns: the claim is not believed.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=COLUMNS + 1):
            yield [(cell.value, cell.data_type == "f") for cell in row]
    except Exception as odd:
        # The parser meets what strangers made: whatever it stumbles over is no table.
        raise BadTable("not_a_table") from odd


def _refuse_unsafe(content: bytes) -> None:
    """Everything that can be told from the directory of the archive, then part by part (B74)."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise BadTable("not_a_table") from None
    with archive:
        parts = archive.infolist()
        names = [part.filename for part in parts]
        if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
            raise BadTable("not_a_table")
        if len(parts) > PARTS or len(set(names)) != len(names) or any(map(_strays, names)):
            raise BadTable("unsafe_archive")
        if any(part.flag_bits & 1 for part in parts):
            raise BadTable("encrypted")
        if any(part.compress_type not in _PACKED for part in parts):
            raise BadTable("unsafe_archive")
        size = sum(part.file_size for part in parts)
        if size > UNPACKED or size > RATIO * max(len(content), 20_000):
            raise BadTable("unpacks_too_large")
        for name in names:
            _refuse_kind(name.lower())
        for part in parts:
            _refuse_part(archive, part)


def _strays(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in name.split("/") or "\\" in name


def _refuse_kind(name: str) -> None:
    if (
        "vba" in name
        or "macrosheets" in name
        or (name.endswith(".bin") and "printer" not in name)
    ):
        raise BadTable("macros")
    if "externallinks/" in name or name.endswith(("connections.xml", "querytable1.xml")):
        raise BadTable("external_links")
    if name.endswith((".zip", ".xlsx", ".docx", ".exe", ".dll", ".js", ".html", ".htm")):
        raise BadTable("embedded")
    if "embeddings/" in name or "activex/" in name:
        raise BadTable("embedded")


def _refuse_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """No entity, no other encoding that hides one, no relation that points outside."""
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return
    try:
        text = archive.read(part)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError):
        raise BadTable("unsafe_archive") from None
    if text[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in text[:64]:
        raise BadTable("unsafe_archive")
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or _ODD_ENCODING.search(text[:200]):
        raise BadTable("unsafe_archive")
    if part.filename.endswith(".rels") and b'TargetMode="External"' in text:
        raise BadTable("external_links")
