"""A file of the approval system is read row by row, and a bad row says what is wrong with it."""

import pytest

from services.supervision.domain.statefeed import FedRow, StateRow, Unread, by_time
from services.supervision.service import statefile
from services.supervision.service.statefile import LINES
from shared.problems import Problem
from shared.sheets.reading import CSV

CODE = "2603-990100-04-01-123456"
LINE = f'{{"XMDM": "{CODE}", "SPSXBM": "S1-05", "BLZT": 3, "BLSJ": "2026-03-04 09:30:00"}}'


def rows_of(content: str, media: str = LINES) -> tuple[FedRow, ...]:
    return statefile.rows_of(content.encode(), media)


def only(content: str, media: str = LINES) -> StateRow | Unread:
    (row,) = rows_of(content, media)
    return row.read


def test_the_national_names_are_understood() -> None:
    row = only(LINE)

    assert isinstance(row, StateRow)
    assert (row.project_code, row.item, row.state) == (CODE, "S1-05", 3)
    assert row.at.isoformat() == "2026-03-04T09:30:00+08:00"


def test_so_are_ours_and_the_chinese_ones_in_csv() -> None:
    row = only("审批事项实例编码,办理状态,办理时间\nSL-1,11,2026/03/04 09:30\n", CSV)

    assert isinstance(row, StateRow)
    assert (row.system_ref, row.state, row.item) == ("SL-1", 11, None)


def test_the_legal_day_is_that_of_the_place() -> None:
    row = only('{"system_ref": "SL-1", "state": 3, "at": "2026-03-04T17:00:00Z"}')
    assert isinstance(row, StateRow)
    assert row.on.isoformat() == "2026-03-05"


@pytest.mark.parametrize(
    ("line", "member"),
    [
        ('{"system_ref": "SL-1", "state": 0, "at": "2026-03-04"}', "state"),
        ('{"system_ref": "SL-1", "state": "zz", "at": "2026-03-04"}', "state"),
        ('{"system_ref": "SL-1", "state": true, "at": "2026-03-04"}', "state"),
        ('{"system_ref": "SL-1", "state": 3}', "at"),
        ('{"system_ref": "SL-1", "state": 3, "at": "2026-02-29"}', "at"),
        ('{"system_ref": "SL-1", "state": 3, "at": "2026-13-01"}', "at"),
        ('{"XMDM": "abc", "state": 3, "at": "2026-03-04"}', "project_code"),
        ('{"state": 3, "state": 4}', ""),
        ("[1, 2]", ""),
        ("nonsense", ""),
    ],
)
def test_a_bad_row_names_the_member(line: str, member: str) -> None:
    row = only(line)
    assert isinstance(row, Unread)
    assert row.member == member


def test_a_bad_row_holds_up_no_other_and_keeps_its_words() -> None:
    rows = rows_of(f"oops\n{LINE}\n\n{LINE}")

    assert [row.number for row in rows] == [1, 2, 4]
    assert (rows[0].text, isinstance(rows[0].read, Unread)) == ("oops", True)


def test_a_row_with_a_cell_too_many_is_not_guessed() -> None:
    rows = rows_of("state,at\n3,2026-03-04,x\n3,2026-03-04\n", CSV)
    assert [isinstance(row.read, Unread) for row in rows] == [True, False]


def test_rows_are_taken_as_they_happened() -> None:
    later = LINE.replace("03-04", "03-05")
    rows = rows_of(f"{later}\n{LINE}")
    assert [row.number for row in by_time(rows)] == [2, 1]


@pytest.mark.parametrize(
    ("content", "media", "code"),
    [
        ("\n\n", LINES, "no_rows"),
        ("state,at\n", CSV, "no_rows"),
        ("", CSV, "empty_file"),
        ("state,at\n" + "3,2026-03-04\n" * 501, CSV, "too_many_rows"),
        (f"{LINE}\n" * 501, LINES, "too_many_rows"),
    ],
)
def test_a_file_without_rows_or_with_too_many_is_refused(
    content: str, media: str, code: str
) -> None:
    with pytest.raises(Problem) as refused:
        rows_of(content, media)
    assert refused.value.more["errors"][0]["code"] == code


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(Problem):
        statefile.rows_of(b"\xff\xfe\x00", LINES)


def test_a_formula_in_a_cell_is_not_taken() -> None:
    row = only("system_ref,state,at\n=1+1,3,2026-03-04\n", CSV)
    assert row == Unread("system_ref", "formula")
