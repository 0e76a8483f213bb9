"""How a table leaves: every cell is text, so that no program takes it for a formula (B92)."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from shared.sheets.reading import LEADS

LISTS = "选项"
"""The sheet that the drop-downs take their words from."""
_LAST = 5_001


def workbook_of(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    notes: Mapping[str, str] | None = None,
) -> bytes:
    """A workbook of one table. `choices` gives a column its drop-down, `notes` its hint."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, name in enumerate(header, 1):
        sheet.column_dimensions[get_column_letter(place)].width = max(12, 2 * len(name) + 6)
    for place, name in enumerate(header, 1):
        letter = get_column_letter(place)
        known = list((choices or {}).get(name, ()))
        hint = (notes or {}).get(name)
        if known or hint:
            sheet.data_validations.append(
                _validation(letter, place, len(known), hint, strict=bool(known) and not hint)
            )
    sheet.append([_heading(sheet, name) for name in header])
    for row in rows:
        sheet.append([_plain(sheet, value) for value in row])
    if choices:
        _lists(book, header, choices)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _heading(sheet: WriteOnlyWorksheet, name: str) -> Cell:
    cell = _plain(sheet, name)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor="FFE7EEF7")
    cell.alignment = Alignment(wrap_text=True, vertical="center")
    return cell


def _plain(sheet: WriteOnlyWorksheet, value: str) -> Cell:
    cell = WriteOnlyCell(sheet, value="")
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def _validation(
    letter: str, place: int, known: int, hint: str | None, *, strict: bool
) -> DataValidation:
    span = f"{letter}2:{letter}{_LAST}"
    if known:
        column = get_column_letter(place)
        made = DataValidation(
            type="list",
            formula1=f"'{LISTS}'!${column}$2:${column}${known + 1}",
            allow_blank=True,
            showErrorMessage=strict,
        )
    else:
        made = DataValidation(type=None, allow_blank=True)
    if hint:
        made.promptTitle, made.prompt, made.showInputMessage = letter, hint, True
    made.add(span)
    return made


def _lists(book: Workbook, header: Sequence[str], choices: Mapping[str, Sequence[str]]) -> None:
    """The words of each drop-down under the same column letter as in the table."""
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    columns = [[name, *choices.get(name, ())] for name in header]
    for line in range(max(map(len, columns))):
        sheet.append([_plain(sheet, c[line] if line < len(c) else "") for c in columns])


def text_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The same as .csv in UTF-8 with a mark, which office software here needs to read Chinese."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    for row in (header, *rows):
        writer.writerow([f"'{v}" if v[:1] in tuple(LEADS) else v for v in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()
