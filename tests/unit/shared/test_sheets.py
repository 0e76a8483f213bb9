"""Tables that strangers send are read as text or refused; tables that leave hold text only."""

import io
import warnings
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from shared.sheets.faults import FAULTS, BadTable
from shared.sheets.reading import read_table
from shared.sheets.writing import text_table, workbook_of

HEADER = ("姓名", "单位")


def book(*rows: Any, change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook as office software writes it."""
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def packed(parts: dict[str, bytes], of: bytes | None = None) -> bytes:
    """The archive `of` with `parts` put in or in place."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        if of is not None:
            with zipfile.ZipFile(io.BytesIO(of)) as old:
                for name in old.namelist():
                    if name not in parts:
                        made.writestr(name, old.read(name))
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


GOOD = book(HEADER, ("甲", "测试公司"))


def refused(content: bytes, **more: Any) -> str:
    with pytest.raises(BadTable) as bad:
        read_table(content, **more)
    return bad.value.fault.code


def test_a_workbook_is_read_as_rows_of_text() -> None:
    table = read_table(book(HEADER, ("甲", 12), (None, None), ("乙", 1.0), ("丙", True)))
    assert table.header == HEADER
    assert [(r.number, r.values) for r in table.rows] == [
        (2, ("甲", "12")),
        (4, ("乙", "1")),
        (5, ("丙", "1")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_text_table_is_read_in_the_encodings_office_software_writes(encoding: str) -> None:
    content = "姓名,单位\r\n甲,测试公司\r\n".encode(encoding)
    assert read_table(content).rows[0].values == ("甲", "测试公司")


def test_names_keep_their_characters_and_come_in_one_form() -> None:  # B18, B21
    table = read_table(book(HEADER, ("𠮷野·阿凡提", "e\u0301")))
    assert table.rows[0].values == ("𠮷野·阿凡提", "é")


def test_a_formula_is_refused_and_text_that_looks_like_one_is_text() -> None:  # B92
    def quoted(sheet: Any) -> None:
        sheet["A3"].value = "=1+1"
        sheet["A3"].data_type = "s"

    table = read_table(book(HEADER, ("=1+1", "甲"), ("", "乙"), change=quoted))
    assert [(f.code, f.row, f.column) for f in table.faults] == [("formula", 2, "姓名")]
    assert table.rows[1].values[0] == "=1+1"


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "＝1+1", "-2+3", "@x", "+1"])
def test_a_formula_in_a_text_table_is_refused_unless_it_is_marked_as_text(cell: str) -> None:
    plain = read_table(f"姓名,单位\n{cell},甲\n".encode())
    assert [f.code for f in plain.faults] == ["formula"]
    assert read_table(f"姓名,单位\n'{cell},甲\n".encode()).rows[0].values[0] == cell


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a\u202eb", "bidirectional_control"),  # B16
        ("a\u200bb", "invisible_character"),  # B17
        ("a\uffffb", "control_or_unassigned_character"),  # B22
        ("x" * 2_001, "too_long"),  # B23
    ],
)
def test_odd_characters_are_named_by_row_and_column(text: str, code: str) -> None:
    table = read_table(f"姓名,单位\n甲,乙\n丙,{text}\n".encode())
    assert [(f.code, f.row, f.column) for f in table.faults] == [(code, 3, "单位")]


def test_what_is_no_table_is_refused() -> None:  # B73
    assert refused(b"") == "empty_file"
    assert refused(b"<html><table></table></html>") == "not_a_table"
    assert refused(b"%PDF-1.7") == "not_a_table"
    assert refused(b"MZ\x90\x00\x03") == "not_a_table"
    assert refused(b"PK\x03\x04nonsense") == "not_a_table"
    assert refused(packed({"readme.txt": b"x"})) == "not_a_table"
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == "encrypted"
    assert refused(GOOD[: len(GOOD) // 2]) == "not_a_table"
    assert refused(packed({"xl/worksheets/sheet1.xml": b"<worksheet><"}, GOOD)) == "not_a_table"


def test_what_hides_in_a_workbook_is_refused() -> None:  # B73, B74
    entity = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    outside = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="r1" Type="t" Target="http://x.invalid/" TargetMode="External"/>'
        b"</Relationships>"
    )
    for parts, code in (
        ({"xl/vbaProject.bin": b"x"}, "macros"),
        ({"xl/externalLinks/externalLink1.xml": b"<x/>"}, "external_links"),
        ({"xl/worksheets/_rels/sheet1.xml.rels": outside}, "external_links"),
        ({"xl/embeddings/a.docx": b"x"}, "embedded"),
        ({"xl/inner.zip": b"x"}, "embedded"),
        ({"xl/sharedStrings.xml": entity}, "unsafe_archive"),
        (
            {"xl/sharedStrings.xml": '<?xml version="1.0"?><a/>'.encode("utf-16")},
            "unsafe_archive",
        ),
        ({"../../evil.xml": b"<x/>"}, "unsafe_archive"),
        ({f"xl/media/{n}.png": b"" for n in range(300)}, "unsafe_archive"),
    ):
        assert refused(packed(parts, GOOD)) == code, parts.keys()


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:  # B74
    bomb = packed({"xl/sharedStrings.xml": b"\x20" * 70_000_000}, GOOD)
    assert len(bomb) < 200_000
    assert refused(bomb) == "unpacks_too_large"


def test_rows_and_columns_are_bounded() -> None:
    assert refused(book(HEADER, *[("甲", "乙")] * 6), most_rows=5) == "too_many_rows"
    assert refused(book(["x"] * 61, ["y"])) == "too_many_columns"
    assert refused(book(HEADER)) == "no_rows"
    assert refused(b" \n,\n") == "no_header"


def test_a_sheet_that_claims_a_million_columns_is_read_as_it_is() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    claimed = sheet.replace(b'ref="A1:B2"', b'ref="A1:XFD1048576"')
    assert claimed != sheet
    table = read_table(packed({"xl/worksheets/sheet1.xml": claimed}, GOOD))
    assert table.rows[0].values == ("甲", "测试公司")


ODD = ["=HYPERLINK(1)", "＝1+1", "-2+3", "\tx", "@SUM", "+1", "甲"]


def test_every_cell_of_a_workbook_that_leaves_is_text() -> None:  # B92
    content = workbook_of("表", HEADER, [(text, "x") for text in ODD], choices={"单位": ["甲"]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert kinds == {"s"}
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ODD
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.hyperlink]


def test_a_drop_down_holds_the_words_of_its_column() -> None:
    content = workbook_of("表", HEADER, (), choices={"单位": ["甲", "乙"]})
    made = load_workbook(io.BytesIO(content))
    validations = made["表"].data_validations.dataValidation
    assert [(str(v.sqref), v.formula1) for v in validations] == [
        ("B2:B5001", "'选项'!$B$2:$B$3")
    ]
    assert [c.value for c in made["选项"]["B"]] == ["单位", "甲", "乙"]


def test_a_text_table_marks_what_could_be_a_formula_and_reads_back() -> None:
    content = text_table(HEADER, [(text, "x") for text in ODD])
    assert b"'=HYPERLINK" in content and content.startswith(b"\xef\xbb\xbf")
    read = read_table(content)
    assert not read.faults
    assert [row.values[0] for row in read.rows] == [text.strip() for text in ODD]


def test_every_fault_is_said_in_two_languages() -> None:
    assert all(zh and en for zh, en in FAULTS.values())
