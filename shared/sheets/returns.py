"""How does a return leave as a workbook: typed cells, no formula, the same bytes every time?

A date is a date and a number a number, so that an office can sort and add. Text is text and is
never taken for a formula (B92). Nothing in the file depends on when or where it was written.
"""

import io
import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from shared.sheets.tables import Kind, Table, Value

FORMATS: dict[Kind, str] = {
    "text": "@",
    "count": "0",
    "amount": "#,##0.00",
    "day": "yyyy-mm-dd",
}
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time every part of the file carries: a ZIP cannot say less."""
_TIMES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*<")
"""The library writes the time of saving into the properties of the file."""
_EVERY = 1_000


@dataclass(slots=True)
class _Styles:
    bold: Font = field(default_factory=lambda: Font(bold=True))
    title: Font = field(default_factory=lambda: Font(bold=True, size=14))
    fill: PatternFill = field(default_factory=lambda: PatternFill("solid", fgColor="FFE7EEF7"))
    wrap: Alignment = field(
        default_factory=lambda: Alignment(wrap_text=True, vertical="center")
    )


def book_of(tables: Sequence[Table], progress: Callable[[int], object] | None = None) -> bytes:
    """The workbook; equal tables give equal bytes. `progress` is told the rows written so far."""
    book = Workbook(write_only=True)
    styles = _Styles()
    written = 0
    for table in tables:
        written = _sheet(book, table, styles, written, progress)
    book.properties.creator = "onefile"
    stream = io.BytesIO()
    book.save(stream)
    return _always_the_same(stream.getvalue())


def _sheet(
    book: Workbook,
    table: Table,
    styles: _Styles,
    written: int,
    progress: Callable[[int], object] | None,
) -> int:
    sheet = book.create_sheet(table.title[:31])
    sheet.freeze_panes = f"A{len(table.above) + 3}"
    for place, column in enumerate(table.columns, 1):
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.append([_cell(sheet, table.title, "text", font=styles.title)])
    for line in table.above:
        sheet.append([_cell(sheet, line, "text")])
    heads = [_cell(sheet, column.name, "text", font=styles.bold) for column in table.columns]
    for cell in heads:
        cell.fill, cell.alignment = styles.fill, styles.wrap
    sheet.append(heads)
    for row in table.rows:
        pairs = zip(row, table.columns, strict=True)
        sheet.append([_cell(sheet, value, column.kind) for value, column in pairs])
        written += 1
        if progress is not None and written % _EVERY == 0:
            progress(written)
    for line in table.below:
        sheet.append([_cell(sheet, line, "text")])
    return written


def _cell(
    sheet: WriteOnlyWorksheet, value: Value, kind: Kind, *, font: Font | None = None
) -> Cell:
    cell = WriteOnlyCell(sheet, value="")
    if font is not None:
        cell.font = font
    if value is None:
        return WriteOnlyCell(sheet, value=None)
    if isinstance(value, str | bool):
        cell.value = value if isinstance(value, str) else "是" if value else "否"
        cell.data_type = "s"
        cell.number_format = FORMATS["text"]
        return cell
    cell.value = value
    cell.number_format = FORMATS[kind]
    return cell


def _always_the_same(content: bytes) -> bytes:
    """The parts in order of their names, with one time for all, packed in one way."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as made,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as again,
    ):
        for name in sorted(made.namelist()):
            part = zipfile.ZipInfo(name, _WHEN)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.create_system = 0
            part.external_attr = 0
            again.writestr(part, _TIMES.sub(rb"\g<1>1980-01-01T00:00:00Z<", made.read(name)))
    return stream.getvalue()
