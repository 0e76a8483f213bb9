"""Whether papers print: whole, embedded, the same bytes, and nothing in a value is ever markup."""

import io
import subprocess
import sys
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from pypdf import PdfReader

from contracts.pack.words import FormKind
from shared.paper.check import parse_code
from shared.paper.fill import fill
from shared.paper.press import render
from shared.paper.sheet import Cell, Filled, Grid, Labelled, Listing, Prose
from tests.unit.paper.examples import CHECK, DAY, VALUES, form, known, packs, text_of

PACK = packs()[0]
A4 = (595.28, 841.89)
ELSEWHERE = {
    ("agreement", "number"), ("commission", "matter"), ("agreement", "content"),
    ("register", "number"), ("checklist", "items"), ("slip", "number"), ("slip", "content"),
}  # fmt: skip
"""Printed, but not as this value: the paper's own number, the matters entrusted, 见附件."""


def paper(
    kind: FormKind = "application", fields: str = "project unit", **more: object
) -> Filled:
    return fill(form(kind, fields), PACK, known(**more))


def plain(*blocks: Grid | Listing | Labelled | Prose) -> Filled:
    return Filled("plain", "测试用表", "示例县工改办", DAY, blocks)


def flat(text: str) -> str:
    return "".join(text.split())


def test_every_form_of_every_place_prints_what_is_known() -> None:
    for pack in packs():
        for one in pack.forms:
            filled = fill(one, pack, known())
            text = text_of(render(filled))
            assert flat(one.zh) in text, (pack.id, one.id)
            for field in one.fields:
                if one.kind in ("ledger", "roster") or (one.kind, field) in ELSEWHERE:
                    continue
                assert flat(VALUES.get(field, "")) in text, (one.id, field)


def test_every_font_is_embedded_and_the_paper_is_for_archives() -> None:
    reader = PdfReader(io.BytesIO(render(paper(values={"project": "𠮷"}))))
    objects: list[Any] = [
        reader.get_object(n) for n in range(1, int(str(reader.trailer["/Size"])))
    ]
    described = [o for o in objects if isinstance(o, dict) and o.get("/FontName")]
    assert len(described) >= 3
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in described)
    assert reader.xmp_metadata is not None
    assert b"pdfaid:part" in reader.xmp_metadata.stream.get_data()


def test_a_rare_ideograph_survives() -> None:
    values = {**VALUES, "unit": "𠮷野·阿凡提"}
    text = text_of(render(paper(values=values)))
    assert "𠮷野·阿凡提" in text and "字库未收" not in text


def test_a_character_no_font_holds_is_printed_as_its_code_with_a_note() -> None:
    text = text_of(render(paper(values={**VALUES, "unit": "测试\U00020000"})))
    assert "测试〔U+20000〕" in text and "字库未收的字以编码印出" in text


@pytest.mark.parametrize("name", ["长" * 60, "W" * 60, "李·" * 30])
def test_a_name_of_sixty_characters_wraps_and_stays_inside(name: str) -> None:
    page = plain(
        Grid((Cell("经办人", name), Cell("项目负责人", name))),
        Labelled("代理人：", name),
    )
    pdf = render(page)
    assert text_of(pdf).count(name) == 3
    sheet = pypdfium2.PdfDocument(pdf)[0]
    words = sheet.get_textpage()
    boxes = [words.get_charbox(n) for n in range(words.count_chars())]
    assert min(left for left, *_ in boxes) > 60
    assert max(right for _, _, right, _ in boxes) < A4[0] - 60


def test_the_same_input_makes_the_same_bytes_in_another_process() -> None:
    program = (
        "from tests.unit.paper.test_press import paper, render; from hashlib import sha256;"
        "print(sha256(render(paper('agreement'))).hexdigest())"
    )
    made = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == sha256(render(paper("agreement"))).hexdigest()


def test_a_red_head_is_large_and_red_and_only_where_it_is_due() -> None:
    red = fill(
        form("slip", "to project", red_head=True), PACK, known(number="示例函〔2026〕1号")
    )
    black = fill(form("slip", "to project"), PACK, known())
    assert "示例县工改办" in text_of(render(red)) and "示例函〔2026〕1号" in text_of(
        render(red)
    )
    assert _red_pixels(render(red)) > 2_000
    assert _red_pixels(render(black)) == 0


def _red_pixels(pdf: bytes) -> int:
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
    top = image.crop((0, 0, image.width, image.height // 4)).tobytes()
    triples = zip(top[0::3], top[1::3], top[2::3], strict=True)
    return sum(1 for r, g, b in triples if r > 180 and g < 80 and b < 80)


INERT = (
    '#import "@preview/x:1.0.0": *', "$x^2$", "\\", "*粗*_斜_", "#panic()", "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>", "' OR 1=1--", "${jndi:ldap://x}", "{{7*7}}", "= 标题", "// 注释",
    "../../etc/passwd", "@ref", "`raw`", "[x]", "</svg>",
)  # fmt: skip


@pytest.mark.parametrize("text", INERT)
def test_no_value_is_ever_read_as_markup(text: str) -> None:  # B36
    page = plain(
        Grid((Cell(text, text, wide=True, choices=((text, True),)),)),
        Labelled(text, text),
        Prose(text),
    )
    said = text_of(render(replace(page, title=text, number=text, issuer=text, notes=(text,))))
    assert said.count(flat(text)) >= 7


def test_the_code_on_the_paper_is_read_by_a_scanner() -> None:
    pdf = render(paper())
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    found = zxingcpp.read_barcodes(image)
    assert [one.text for one in found] == [CHECK.url]
    code = parse_code(found[0].text.rsplit("/", 1)[1])
    assert code is not None and str(code) == CHECK.code
    assert CHECK.code in text_of(pdf)


def test_a_paper_without_a_record_says_so_and_bears_no_code() -> None:
    pdf = render(paper(check=None))
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    assert not zxingcpp.read_barcodes(image)
    assert "本件尚无记录可供核验" in text_of(pdf)


def test_papers_are_a4_and_ledgers_lie_on_their_side() -> None:
    for kind, turned in (("application", False), ("ledger", True)):
        page = PdfReader(io.BytesIO(render(paper(kind)))).pages[0]  # type: ignore[arg-type]
        size = (float(page.mediabox.width), float(page.mediabox.height))
        assert size == pytest.approx(A4[::-1] if turned else A4, abs=0.1)


def test_a_copy_is_marked_with_who_took_it_and_when() -> None:
    pdf = render(paper("agreement"), copy="丙 2026-11-21 10:30")
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert all("2026-11-21" in page.extract_text() for page in pages)
    assert pdf != render(paper("agreement"))


def test_english_captions_stand_below_the_chinese_ones() -> None:
    filled = fill(form("application"), PACK, known(), language="en")
    text = text_of(render(filled))
    assert "项目名称Project" in text and "Applicationforservice" in text
    assert "Projectunit" not in text_of(render(paper()))


def test_a_title_too_long_for_a_line_is_set_in_two_even_ones() -> None:
    title = "测试用的很长很长的标题" * 4
    page = PdfReader(io.BytesIO(render(replace(plain(), title=title)))).pages[0]
    lines = [line for line in page.extract_text().split("\n") if "标题" in line]
    assert len(lines) == 2 and abs(len(lines[0]) - len(lines[1])) <= 1


def test_a_long_list_goes_on_with_its_head_on_the_next_page() -> None:
    rows = tuple((f"材料{n}", "1", "", "", "", "") for n in range(80))
    pdf = render(paper("receipt", "matter materials_received", lists={"received": rows}))
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) > 1
    assert all("材料名称" in page.extract_text() for page in pages[:2])
    assert "材料79" in text_of(pdf)
