"""A data file is read strictly, and its name changes exactly when its content does."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from contracts.edition import MAX_BYTES, Data, DataRefused, build, edition_of, leaves, read_data


class Part(Data):
    id: str
    size: int = Field(ge=0)


class Whole(Data):
    begun_on: date
    parts: tuple[Part, ...]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2",
        "a: {b: 1, b: 2}",
        "a: no",
        "a: On",
        "a: TRUE",
        "no: 1",
        "on: 1",
        "1: a",
        "2026-01-01: a",
        "a: 0.7",
        "a: 1e3\nb: 1.5e3",
        "a: &x 1\nb: *x",
        "a: !!python/object/apply:os.getcwd []",
        "a: !secret x",
        "a: 2026-02-30",
        "- a",
        "",
        "a: [",
        "a: 1\n---\nb: 2",
        "a: " + "[" * 50 + "]" * 50,
    ],
)
def test_a_surprising_file_is_refused(text: str) -> None:
    with pytest.raises(DataRefused):
        read_data(text.encode())


def test_a_file_too_large_or_not_text_is_refused() -> None:
    with pytest.raises(DataRefused, match="1 MiB"):
        read_data(b"a" * (MAX_BYTES + 1))
    with pytest.raises(DataRefused, match="UTF-8"):
        read_data(b"a: \xff")


def test_words_and_numbers_mean_what_they_look_like() -> None:
    data = read_data(b'a: true\nb: 007\nc: "no"\nd: 2026-01-02\ne: ~\nf: 12\ng: 1:30')

    assert data == {
        "a": True,
        "b": "007",
        "c": "no",
        "d": date(2026, 1, 2),
        "e": None,
        "f": 12,
        "g": "1:30",
    }


def test_every_problem_is_named_by_its_path_in_both_languages() -> None:
    data = {"begun_on": date(2026, 1, 1), "parts": [{"id": "x", "size": "9", "colour": 1}, {}]}

    with pytest.raises(DataRefused) as refused:
        build(Whole, data)

    problems = {problem.path: problem for problem in refused.value.problems}
    assert problems.keys() == {"parts.x.size", "parts.x.colour", "parts.1.id", "parts.1.size"}
    assert "不认识的键" in problems["parts.x.colour"].zh
    assert "unknown key" in problems["parts.x.colour"].en


def test_dates_stay_dates() -> None:
    whole = build(Whole, read_data(b"begun_on: 2026-01-02\nparts: []"))

    assert whole.begun_on == date(2026, 1, 2)


def test_layout_comments_and_order_do_not_change_the_edition() -> None:
    one = read_data(b"a: 1\nb: [2026-01-02]\n")
    two = read_data("# 说明\nb:\n  - 2026-01-02\na: 1\n".encode())

    assert edition_of("x", one) == edition_of("x", two)
    assert edition_of("x", one).startswith("x@")
    assert len(edition_of("x", one)) == len("x@") + 16


@given(st.dictionaries(st.text(max_size=5), st.integers(-(2**53) + 1, 2**53 - 1), min_size=1))
def test_another_value_makes_another_edition(data: dict[str, int]) -> None:
    key = sorted(data)[0]

    assert edition_of("x", data) != edition_of("x", {**data, key: str(data[key])})


def test_a_number_json_cannot_carry_is_refused() -> None:
    with pytest.raises(DataRefused, match="规范形式"):
        edition_of("x", {"a": 2**60})


def test_leaves_are_named_by_the_ids_of_their_lists() -> None:
    data = {"a": [{"id": "x", "b": [1, 2]}, {"b": []}], "c": {}}

    assert dict(leaves(data)) == {"a.x.id": "x", "a.x.b": [1, 2], "a.1.b": [], "c": {}}
