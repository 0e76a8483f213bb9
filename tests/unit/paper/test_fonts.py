"""Whether a missing or foreign font is named with its remedy, and further fonts are taken in."""

from dataclasses import replace
from pathlib import Path

import pylopdf_fonts_zh_cn
import pytest

from shared.paper.fonts import FACES, SANS, FontsMissing, library


def test_our_fonts_hold_every_ideograph_of_the_common_standards() -> None:
    ours = library().characters
    assert all(n in ours for n in range(0x4E00, 0x9FFF + 1))
    assert all(n in ours for n in range(0x3400, 0x4DBF + 1))
    assert {0x20BB7, 0x2CBB1, 0x00B7, 0x25A1} <= ours


def test_an_absent_font_is_an_error_with_the_remedy() -> None:
    absent = replace(FACES[0], package="no_such_fonts_here")
    with pytest.raises(FontsMissing, match=r"缺少中文字体.*bootstrap\.sh.*no-such-fonts-here"):
        library(None, (absent,))


def test_another_file_in_its_place_is_refused() -> None:
    foreign = replace(FACES[0], sha256="0" * 64)
    with pytest.raises(FontsMissing, match="不是核定的字体文件"):
        library(None, (foreign,))


def test_the_operators_fonts_come_after_ours(tmp_path: Path) -> None:
    (tmp_path / "more.otf").symlink_to(pylopdf_fonts_zh_cn.sans_path())
    (tmp_path / "readme.txt").write_text("not a font")
    more = library(tmp_path)
    assert more.families == (SANS,) and tmp_path in more.folders


def test_a_folder_of_fonts_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="ONEFILE_FONTS"):
        library(tmp_path / "absent")


def test_missing_characters_are_named_once_each() -> None:
    assert library().missing("甲\U00020000乙\U00020000\n") == ["\U00020000"]
