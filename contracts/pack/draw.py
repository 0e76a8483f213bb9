"""What does a place's way of working look like: the flow chart (流程图) of a pack, as SVG?

Lanes are posts, time runs down. Boxes are stages in their order, bars stages that go on
throughout, and the steps to the right a ladder climbs. Drawn from the pack alone; equal packs
make equal bytes.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from contracts.pack.chart import LEAD, MARGIN, SIZE, SMALL, WIDTH, Box, Chart, chart_of
from contracts.pack.wording import Lang

if TYPE_CHECKING:
    from contracts.pack import Pack

_STYLE = """text{font-family:"Noto Sans CJK SC","Source Han Sans SC","Microsoft YaHei",
"PingFang SC",sans-serif;fill:#16242c}.t{font-size:20px;font-weight:600}
.z{font-size:14px}.s{font-size:12px;fill:#42525c}
.lane{fill:#f4f7f9;stroke:#d5dee4}.head{fill:#dde8ef;stroke:#b9cbd6}
.stage{fill:#fff;stroke:#245a7c;stroke-width:1.5}.bar{fill:#e7efd9;stroke:#6b8a3a}
.rung{fill:#fdf4e4;stroke:#b07a1e}.ladder{fill:#f6e3bf;stroke:#b07a1e}
.f{stroke:#245a7c;stroke-width:1.5;fill:none}.d{stroke:#b07a1e;stroke-width:1.3;fill:none;
stroke-dasharray:5 3}"""


def draw(pack: "Pack", lang: Lang = "zh") -> str:
    """The flow chart as an SVG document."""
    return "".join(_svg(chart_of(pack, lang)))


def _svg(chart: Chart) -> Iterator[str]:
    width, height = WIDTH, round(chart.height)
    millimetres = round(height * 210 / WIDTH)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="210mm" '
        f'height="{millimetres}mm" role="img" aria-label={quoteattr(chart.title)}>\n'
        f"<title>{escape(chart.title)}</title>\n<style>{_STYLE}</style>\n<defs>"
        f"{_marker('f', '#245a7c')}{_marker('d', '#b07a1e')}</defs>\n"
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n'
    )
    for box in chart.boxes:
        if box.kind in ("lane", "head"):
            yield from _boxed(box)
    for arrow in chart.arrows:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in arrow.points)
        yield f'<polyline class="{arrow.kind}" points="{points}" marker-end="url(#{arrow.kind})"/>\n'
    for box in chart.boxes:
        if box.kind not in ("lane", "head"):
            yield from _boxed(box)
    for y, text in chart.notes:
        style, words = _CLASS[text.size], escape(text.words)
        yield f'<text x="{MARGIN}" y="{y:.1f}" class="{style}">{words}</text>\n'
    yield "</svg>\n"


_CLASS = {20: "t", SIZE: "z", SMALL: "s"}


def _marker(id: str, colour: str) -> str:
    return (
        f'<marker id="{id}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    )


def _boxed(box: Box) -> Iterator[str]:
    rounded = 0 if box.kind in ("lane", "head") else 5
    yield (
        f'<g id={quoteattr(box.id)}><rect class="{box.kind}" x="{box.x:.1f}" y="{box.y:.1f}" '
        f'width="{box.width:.1f}" height="{box.height:.1f}" rx="{rounded}"/>'
    )
    tall = sum(line.size * LEAD for line in box.lines)
    y = box.y + (box.height - tall) / 2 if box.kind != "bar" else box.y + 6
    for line in box.lines:
        y += line.size * LEAD
        baseline = y - line.size * 0.36
        yield (
            f'<text x="{box.x + box.width / 2:.1f}" y="{baseline:.1f}" text-anchor="middle" '
            f'class="{_CLASS[line.size]}">{escape(line.words)}</text>'
        )
    yield "</g>\n"
