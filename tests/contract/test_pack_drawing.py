"""Is the flow chart (流程图) of every pack well made: whole, legible, and the same each time?"""

from xml.etree import ElementTree

import pytest

from contracts.pack import Pack, load_pack, shipped_packs
from contracts.pack.chart import PAD, SIDE, WIDTH, Box, Chart, chart_of, width_of, wrapped
from contracts.pack.draw import draw
from contracts.pack.wording import Lang

PACKS = [load_pack(file) for file in shipped_packs()]
EACH = pytest.mark.parametrize(
    ("pack", "lang"),
    [(pack, lang) for pack in PACKS for lang in ("zh", "en")],
    ids=[f"{pack.id}-{lang}" for pack in PACKS for lang in ("zh", "en")],
)
SVG = "{http://www.w3.org/2000/svg}"
A4 = 297 / 210


def boxes(chart: Chart, *kinds: str) -> list[Box]:
    return [box for box in chart.boxes if box.kind in kinds]


@EACH
def test_it_is_well_formed_and_names_itself(pack: Pack, lang: Lang) -> None:
    root = ElementTree.fromstring(draw(pack, lang))  # our own text
    title = root.find(f"{SVG}title")
    assert root.tag == f"{SVG}svg"
    assert title is not None
    assert pack.jurisdiction.zh in str(title.text)
    assert root.get("viewBox", "").startswith(f"0 0 {WIDTH} ")


@EACH
def test_every_stage_and_every_rung_is_there_by_name(pack: Pack, lang: Lang) -> None:
    root = ElementTree.fromstring(draw(pack, lang))
    said = "".join(root.itertext()).replace(" ", "")
    for stage in pack.process:
        assert stage.zh.replace(" ", "") in said, stage.id
    for ladder in pack.ladders:
        for rung in ladder.rungs:
            assert rung.zh.replace(" ", "") in said, rung.id


@EACH
def test_no_text_is_wider_or_taller_than_its_box(pack: Pack, lang: Lang) -> None:
    for box in boxes(chart_of(pack, lang), "stage", "rung", "ladder", "head", "bar"):
        for line in box.lines:
            assert width_of(line.words, line.size) <= box.width, (box.id, line.words)
        assert sum(line.size * 1.3 for line in box.lines) <= box.height, box.id


@EACH
def test_no_stage_lies_on_another_and_all_lie_on_the_sheet(pack: Pack, lang: Lang) -> None:
    chart = chart_of(pack, lang)
    placed = boxes(chart, "stage", "rung", "ladder")
    for n, one in enumerate(placed):
        assert 0 <= one.x
        assert one.x + one.width <= WIDTH
        assert one.y + one.height <= chart.height
        for other in placed[:n]:
            apart = (
                one.x >= other.x + other.width
                or other.x >= one.x + one.width
                or one.y >= other.y + other.height
                or other.y >= one.y + one.height
            )
            assert apart, (one.id, other.id)


@EACH
def test_no_arrow_runs_through_a_stage_it_does_not_touch(pack: Pack, lang: Lang) -> None:
    chart = chart_of(pack, lang)
    for arrow in chart.arrows:
        ends = {arrow.points[0], arrow.points[-1]}
        for (ax, ay), (bx, by) in zip(arrow.points, arrow.points[1:], strict=False):
            for box in boxes(chart, "stage"):
                inside = (
                    max(ax, bx) > box.x + 1
                    and min(ax, bx) < box.x + box.width - 1
                    and max(ay, by) > box.y + 1
                    and min(ay, by) < box.y + box.height - 1
                )
                touches = any(
                    box.x <= x <= box.x + box.width and box.y <= y <= box.y + box.height
                    for x, y in ends
                )
                assert not inside or touches, box.id


@EACH
def test_it_fits_a_sheet_of_a4(pack: Pack, lang: Lang) -> None:
    assert chart_of(pack, lang).height <= WIDTH * A4 * 1.02


def test_the_same_pack_makes_the_same_bytes() -> None:
    for file, pack in zip(shipped_packs(), PACKS, strict=True):
        assert draw(load_pack(file)) == draw(pack)


def test_a_lost_chart_is_said_to_be_inferred() -> None:
    for pack in PACKS:
        lost = any("流程图" in gap for gap in pack.instrument.gaps)
        assert ("本图由政策包推绘" in draw(pack)) == lost


def test_lines_break_before_they_are_too_wide_and_never_before_a_full_stop() -> None:
    for text in ("一二三四五，六七八九十。", "a b c, dd eee; ffffffffffffffffffffffff"):
        lines = wrapped(text, SIDE / 3 - 2 * PAD)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(line[0] not in "，。,;" for line in lines)
