"""What we print is PDF/A-2u as far as its structure shows it, and the check that says so can fail."""

import io
from collections.abc import Callable

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from shared.paper.long import Both, Chapter, Facts, LongDocument, Table, Text, Width
from shared.paper.press import render, render_drawn, render_long
from tests.unit.paper.examples import DAY
from tests.unit.paper.pdfa import faults
from tests.unit.paper.test_press import paper

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"><text x="5" y="20">甲 a</text>'
    '<rect width="9" height="9" fill="red" opacity="0.5"/></svg>'
)


LONG = LongDocument(
    title=Both("案卷", "Case book"),
    subtitle=Both("测试"),
    issuer="测试",
    day=DAY,
    cover=((Both("编号", "Number"), Both("990100-2026-000001")),),
    running="案卷",
    chapters=(
        Chapter(
            Both("第一章", "One"),
            (
                Text(Both("文字 𠮷", "words")),
                Facts(((Both("名", "name"), Both("值", "value")),)),
                Table((Width(Both("列", "column"), mono=True),), ((Both("a" * 64),),) * 60),
            ),
        ),
    ),
)


@pytest.mark.parametrize(
    "made",
    [
        lambda: render(paper(), copy="测试 2026-04-14"),
        lambda: render(paper("register")),
        lambda: render_long(LONG),
        lambda: render_drawn(SVG, title="图", issuer="测试", day=DAY),
    ],
)
def test_what_we_print_is_pdf_a(made: Callable[[], bytes]) -> None:
    assert faults(made()) == []


def _without(within: str, *names: str) -> Callable[[PdfWriter], None]:
    def spoil(writer: PdfWriter) -> None:
        for one in writer._objects:
            if isinstance(one, DictionaryObject) and one.get("/Type") == within:
                for name in names:
                    one.pop(NameObject(name), None)

    return spoil


def _bare(writer: PdfWriter) -> None:
    writer.root_object.pop(NameObject("/OutputIntents"))


def _nameless(writer: PdfWriter) -> None:
    writer.root_object.pop(NameObject("/Metadata"))


def _acting(writer: PdfWriter) -> None:
    script = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    action = DictionaryObject({NameObject(name): value for name, value in script.items()})
    writer.root_object[NameObject("/OpenAction")] = action


SPOILT: list[tuple[Callable[[PdfWriter], object], str]] = [
    (_bare, "no output intent with an ICC profile"),
    (_nameless, "no XMP metadata"),
    (_without("/Font", "/ToUnicode"), "does not say which characters it shows"),
    (_without("/FontDescriptor", "/FontFile2", "/FontFile3"), "is not embedded"),
    (_acting, "something acts"),
    (lambda w: w.add_attachment("a.txt", b"x"), "files are embedded"),
    (lambda w: w.encrypt("secret", algorithm="RC4-128"), "it is encrypted"),
]


@pytest.mark.parametrize(("spoil", "named"), SPOILT, ids=[named for _, named in SPOILT])
def test_a_spoilt_file_is_named_for_what_it_lacks(
    spoil: Callable[[PdfWriter], object], named: str
) -> None:
    writer = PdfWriter(clone_from=io.BytesIO(render(paper())))
    spoil(writer)
    out = io.BytesIO()
    writer.write(out)
    assert any(named in fault for fault in faults(out.getvalue()))


def test_a_tail_and_a_claim_of_another_part_are_seen() -> None:
    made = render(paper())
    assert faults(made + b"%more") == ["something follows the end of the file"]
    other = made.replace(b"<pdfaid:part>2<", b"<pdfaid:part>1<")
    assert other != made and faults(other) == ["pdfaid:part is not 2"]
    assert str(PdfReader(io.BytesIO(made)).root_object["/Lang"]) == "zh-CN"
