"""How are numbers drawn: bars, a heat of departments, tiles of areas, as SVG without styles inside?

Everything is escaped; colour never stands alone, the number is always written.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple
from unicodedata import east_asian_width

from markupsafe import Markup

from services.console.geometry import Placed

WIDE, LABEL, ROW = 720, 210, 26
INK, LATE, DUE, CALM, GRID = "#1c1e21", "#f3a6a6", "#ffc27a", "#bcd6ee", "#dfe2e6"
HEAT = ("#ffffff", "#fff4d6", "#ffd9a0", "#ffb27a", "#f08a7a")


class Bar(NamedTuple):
    """One bar: its name, how much of it is late and how much is not, where it leads."""

    name: str
    late: int
    rest: int
    href: str = ""


def bars(title: str, rows: Sequence[Bar]) -> Markup:
    """Bars from the left, the late part first and hatched by its number."""
    most = max((one.late + one.rest for one in rows), default=0) or 1
    height = ROW * len(rows) + 8
    return _svg(WIDE, height, title, _bars(rows, (WIDE - LABEL - 60) / most))


def _bars(rows: Sequence[Bar], unit: float) -> Iterator[str]:
    for n, one in enumerate(rows):
        y = 4 + ROW * n
        yield _linked(one.href, _text(0, y + 17, _short(one.name, 30)))
        late, rest = one.late * unit, one.rest * unit
        if one.late:
            yield _rect(LABEL, y + 3, late, ROW - 8, LATE)
            yield _text(LABEL + 3, y + 17, f"{one.late}!")
        if one.rest:
            yield _rect(LABEL + late, y + 3, rest, ROW - 8, CALM)
        yield _text(LABEL + late + rest + 5, y + 17, str(one.late + one.rest))


def heat(
    title: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    href: str = "",
) -> Markup:
    """A row for each department, a column for each rung; the number in every cell."""
    cell = (WIDE - LABEL) / max(1, len(columns))
    height = ROW * (len(rows) + 1) + 8
    most = max((value for _, values in rows for value in values), default=0) or 1

    def drawn() -> Iterator[str]:
        for n, name in enumerate(columns):
            yield _text(LABEL + cell * n + 4, 17, _short(name, 14))
        for m, (name, values) in enumerate(rows, 1):
            y = ROW * m
            yield _linked(href, _text(0, y + 17, _short(name, 30)))
            for n, value in enumerate(values):
                colour = HEAT[-(-value * (len(HEAT) - 1) // most)]
                yield _rect(LABEL + cell * n + 1, y + 1, cell - 2, ROW - 2, colour, GRID)
                yield _text(LABEL + cell * (n + 0.5), y + 18, str(value), "middle")

    return _svg(WIDE, height, title, drawn())


class Tile(NamedTuple):
    """An area: its code, its name, open and closed matters, where it leads."""

    code: str
    name: str
    open: int
    closed: int
    href: str = ""


def tiles(title: str, areas: Sequence[Tile]) -> Markup:
    """Areas as tiles by their codes: a row for each province, cities side by side.

    No geometry is needed: GB/T 2260 puts what lies together under one beginning.
    """
    rows: dict[str, list[Tile]] = {}
    for one in sorted(areas):
        rows.setdefault(one.code[:2], []).append(one)
    size, gap, across = 104, 6, 6
    placed = list(_placed(rows, across))
    height = (max((row for _, row, _ in placed), default=0) + 1) * (size + gap)
    most = max((one.open for one in areas), default=0) or 1

    def drawn() -> Iterator[str]:
        for one, row, column in placed:
            x, y = column * (size + gap) + 2, row * (size + gap) + 2
            colour = HEAT[-(-one.open * (len(HEAT) - 1) // most)]
            yield _linked(
                one.href,
                _rect(x, y, size, size, colour, "#55595f")
                + _text(x + 6, y + 20, _short(one.name, 12))
                + _text(x + 6, y + 40, one.code, small=True)
                + _text(x + size / 2, y + 70, str(one.open), "middle", large=True)
                + _text(x + size / 2, y + 92, f"/ {one.open + one.closed}", "middle"),
            )

    return _svg(across * (size + gap), height, title, drawn())


def _placed(rows: Mapping[str, Sequence[Tile]], across: int) -> Iterator[tuple[Tile, int, int]]:
    row = 0
    for province in rows.values():
        for n, one in enumerate(province):
            yield one, row + n // across, n % across
        row += -(-len(province) // across)


def outlines(
    title: str, shapes: Sequence[Placed], height: float, areas: Mapping[str, Tile]
) -> Markup:
    """Areas where they lie, with their numbers; neighbours of which nothing is known are blank."""
    most = max((one.open for one in areas.values()), default=0) or 1

    def drawn() -> Iterator[str]:
        for shape in shapes:
            one = areas.get(shape.code)
            colour = HEAT[-(-one.open * (len(HEAT) - 1) // most)] if one else "#eef0f2"
            rings = "".join(
                "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z"
                for ring in shape.rings
            )
            drawn = f'<path d="{rings}" fill="{colour}" stroke="#55595f" fill-rule="evenodd"/>'
            yield _linked(one.href if one else "", drawn)
        for shape in shapes:
            if one := areas.get(shape.code):
                x, y = shape.label
                name = _short(one.name, max(4, int(shape.width / 8)))
                yield _text(x, y - 2, name, "middle") + _text(
                    x, y + 15, f"{one.open} / {one.open + one.closed}", "middle"
                )

    return _svg(WIDE, max(height, 40), title, drawn())


def _svg(width: float, height: float, title: str, parts: Iterator[str]) -> Markup:
    said, drawn = escape(title), "".join(parts)
    role = "group" if "<a " in drawn else "img"
    return Markup(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="picture" role="{role}" '
        f'viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-label="{said}"><title>{said}</title>{drawn}</svg>'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, stroke: str = "") -> str:
    edge = f' stroke="{stroke}"' if stroke else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 1):.1f}" height="{height:.1f}" '
        f'fill="{fill}"{edge}/>'
    )


def _text(
    x: float,
    y: float,
    words: str,
    anchor: str = "",
    *,
    small: bool = False,
    large: bool = False,
) -> str:
    size = 12 if small else 26 if large else 14
    at = f' text-anchor="{anchor}"' if anchor else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{INK}"{at}>'
        f"{escape(words)}</text>"
    )


def _linked(href: str, drawn: str) -> str:
    return f'<a href="{escape(href)}">{drawn}</a>' if href else drawn


def _short(words: str, room: int) -> str:
    kept = ""
    for letter in words:
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 1:
            return f"{kept}…"
        kept += letter
    return kept
