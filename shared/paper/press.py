"""How is a filled form set and printed as PDF? The same form makes the same bytes."""

import re
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson

from shared.paper.check import qr_svg
from shared.paper.fonts import FALLBACK, SANS, SERIF, Library, library
from shared.paper.long import LongDocument
from shared.paper.sheet import Filled

if TYPE_CHECKING:
    import typst

SHEET = Path(__file__).with_name("sheet.typ")
LONG = Path(__file__).with_name("long.typ")
DRAWN = Path(__file__).with_name("drawn.typ")
_LONG = re.compile(r"[!-~]{28,}")
_BREAK = "\u200b"
_ABSENT = "字库未收的字以编码印出，请用笔补写："
_one_at_a_time = Lock()


def render(filled: Filled, *, copy: str = "", further: Path | None = None) -> bytes:
    """The paper as PDF/A-2u, every font embedded. It takes a moment: ask from a thread.

    `copy` is printed across every page (who took the copy, and when). A character that no font
    holds is printed as its code in brackets, with a note: never as an empty box.
    Raises `FontsMissing`.
    """
    fonts = library(further)
    given = {"watermark": copy, **asdict(filled)}
    absent = fonts.missing(_all_text(given))
    if absent:
        note = _ABSENT + "、".join(map(_coded, absent))
        given["notes"] = (*filled.notes, note)
        given = _with_codes(given, dict.fromkeys(absent))
    given["check"] = filled.check and {**asdict(filled.check), "qr": qr_svg(filled.check.url)}
    return _compile(SHEET, given, filled.day, fonts)


def render_long(document: LongDocument, *, further: Path | None = None) -> bytes:
    """A long document as PDF/A-2u, with contents, running heads and page numbers; as `render`."""
    fonts = library(further)
    given = asdict(document)
    absent = fonts.missing(_all_text(given))
    if absent:
        given = _with_codes(given, dict.fromkeys(absent))
        given["foot"]["zh"] = _ABSENT + "、".join(map(_coded, absent))
    return _compile(LONG, given, document.day, fonts)


def render_drawn(
    svg: str, *, title: str, issuer: str, day: date, further: Path | None = None
) -> bytes:
    """A drawing on one sheet, with its fonts; equal drawings make equal bytes. As `render`."""
    fonts = library(further)
    given = {
        "svg": _with_codes(svg, dict.fromkeys(fonts.missing(svg))),
        "title": title,
        "issuer": issuer,
        "across": not _is_tall(svg),
        "day": day,
    }
    return _compile(DRAWN, given, day, fonts)


def _is_tall(svg: str) -> bool:
    found = re.search(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg)
    return found is not None and float(found[2]) > float(found[1])


def _compile(template: Path, given: dict[str, Any], day: date, fonts: Library) -> bytes:
    """One at a time: the compiler keeps what it is told between two papers."""
    del given["day"]
    given["date"] = [day.year, day.month, day.day]
    given["fonts"] = {
        "song": [SERIF, FALLBACK, *fonts.families],
        "hei": [SANS, FALLBACK, *fonts.families],
    }
    told = orjson.dumps(_breakable(given)).decode()
    with _one_at_a_time:
        made = _compiler(template, fonts).compile(
            sys_inputs={"sheet": told},
            format="pdf",
            pdf_standards=["a-2u"],
            timestamp=datetime.combine(day, time(), UTC),
        )
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(template: Path, fonts: Library) -> "typst.Compiler":
    """It reads our template alone: no package, no system font, no network."""
    # Loaded with the first paper: most processes never print one.
    import typst

    held = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(folder) for folder in fonts.folders],
    )
    return typst.Compiler(
        str(template), root=str(template.parent), font_paths=held, ignore_system_fonts=True
    )


def _all_text(value: Any) -> str:
    match value:
        case str():
            return value
        case dict():
            return "".join(_all_text(member) for member in value.values())
        case list() | tuple():
            return "".join(_all_text(member) for member in value)
    return ""


def _coded(character: str) -> str:
    return f"〔U+{ord(character):04X}〕"


def _with_codes(value: Any, absent: dict[str, None]) -> Any:
    match value:
        case str():
            return "".join(_coded(c) if c in absent else c for c in value)
        case dict():
            return {key: _with_codes(member, absent) for key, member in value.items()}
        case list() | tuple():
            return [_with_codes(member, absent) for member in value]
    return value


def _breakable(value: Any, key: str = "") -> Any:
    """Long Latin runs may break anywhere, so that none leaves its cell."""
    match value:
        case str() if key not in ("qr", "url", "code", "svg"):
            return _LONG.sub(lambda run: _BREAK.join(run[0]), value)
        case dict():
            return {name: _breakable(member, name) for name, member in value.items()}
        case list() | tuple():
            return [_breakable(member, key) for member in value]
    return value
