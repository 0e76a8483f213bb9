"""A return as a workbook: typed cells, no formula, the same bytes every time."""

import io
import zipfile
from datetime import date
from decimal import Decimal

from openpyxl import load_workbook

from shared.sheets.returns import book_of
from shared.sheets.tables import Heading, Table

COLUMNS = (
    Heading("名称"),
    Heading("次数", "count"),
    Heading("日期", "day"),
    Heading("金额", "amount"),
    Heading("是否"),
)


def table(
    *rows: tuple[str | None, int | None, date | None, Decimal | None, bool | None],
) -> Table:
    return Table("工作台账", ("季度：2026-Q4",), COLUMNS, rows)


NASTY = ("=cmd|' /C calc'!A0", 3, date(2026, 3, 2), Decimal("1.50"), True)


def test_a_cell_has_the_kind_of_its_value() -> None:
    sheet = load_workbook(io.BytesIO(book_of([table(NASTY)])))["工作台账"]
    text, count, day, amount, flag = (cell for cell in sheet[4])
    assert (text.data_type, text.value) == ("s", NASTY[0])
    assert (count.data_type, count.value) == ("n", 3)
    assert str(day.value).startswith("2026-03-02") and day.number_format == "yyyy-mm-dd"
    assert amount.value == 1.5 and amount.number_format == "#,##0.00"
    assert flag.value == "是"


def test_nothing_is_ever_a_formula() -> None:
    texts = ["=1+1", "+1", "-1", "@x", "\t=1", "＝1+1", "1"]
    rows = [(text, None, None, None, None) for text in texts]
    content = book_of([table(*rows)])
    sheet = load_workbook(io.BytesIO(content))["工作台账"]
    assert {cell.data_type for row in sheet for cell in row if cell.value} == {"s"}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        pages = [archive.read(n) for n in archive.namelist() if "worksheets/" in n]
    assert not any(b"<f>" in page for page in pages)


def test_equal_tables_give_equal_bytes_without_the_time_of_day() -> None:
    content = book_of([table(NASTY)])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = archive.read("docProps/core.xml").decode()
    assert properties.count("1980-01-01") == 2
    assert content == book_of([table(NASTY)])


def test_progress_is_told_while_many_rows_are_written() -> None:
    told: list[int] = []
    rows = [("甲", n, None, None, None) for n in range(2_500)]
    book_of([table(*rows)], told.append)
    assert told == [1_000, 2_000]
