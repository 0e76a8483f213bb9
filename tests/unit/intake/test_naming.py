"""Finding a project by its unit's name, though names stand in no event (检索)."""

import pytest

from services.intake.domain.naming import (
    Unsearchable,
    beginnings,
    fits,
    folded,
    looked_up,
    tokens,
    wanted,
)

NAME = "北州市东县测试饲料有限公司"


@pytest.mark.parametrize(
    "typed", ["", " ", "甲", "1", "26", "%%%%", "___", "。。。。", "x" * 61]
)
def test_too_little_and_too_much_is_refused(typed: str) -> None:
    with pytest.raises(Unsearchable):
        wanted(typed)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("2611-500242", "code"),
        ("500242-2026-1", "code"),
        ("91350100M000100220", "unit_code"),
        ("测试饲料", "name"),
        ("(a+)+$", "name_or_nothing"),
    ],
)
def test_what_is_typed_says_what_is_looked_for(typed: str, kind: str) -> None:
    if kind == "name_or_nothing":
        with pytest.raises(Unsearchable):
            wanted(typed)
    else:
        assert wanted(typed).kind == kind


def test_width_case_and_marks_do_not_count() -> None:
    assert folded("ＡＢＣ（测试） 公司") == folded("abc(测试)公司") == "abc测试公司"
    assert folded("cafe\u0301 公司") == folded("caf\u00e9公司")  # B18


def test_a_name_is_found_with_and_without_the_place_it_sits_in() -> None:
    found = beginnings(NAME)
    assert folded(NAME)[:4] in found and "测试饲料" in found
    assert f"={folded(NAME)}" in found
    assert fits(NAME, "测试饲料有") and fits(NAME, "北州市东") and not fits(NAME, "饲料")


@pytest.mark.parametrize(
    "typed", ["测试饲料", "测试饲料有限", "测试饲料有限公司", "北州市东县测"]
)
def test_every_beginning_of_four_characters_or_more_is_looked_up_where_it_stands(
    typed: str,
) -> None:
    assert set(looked_up(folded(typed))) & set(beginnings(NAME))


def test_a_short_name_is_found_whole() -> None:
    assert set(looked_up("丰和")) & set(beginnings("丰和"))
    assert not set(looked_up("丰和")) & set(beginnings("丰和饲料"))


def test_a_token_needs_the_key_and_the_place() -> None:
    (one,) = tokens(b"k" * 32, "990100", ["测试饲料"])
    assert len(one) == 16 and "测试".encode() not in one
    assert one != tokens(b"l" * 32, "990100", ["测试饲料"])[0]
    assert one != tokens(b"k" * 32, "990200", ["测试饲料"])[0]
