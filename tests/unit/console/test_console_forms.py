"""From what a command takes to a form, and back: nothing typed is lost, nothing empty is said."""

from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData

from services.console.forms import Made, filled, is_file

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "area": {"type": "string", "pattern": "^[0-9]{6}$", "description": "(行政区划代码)."},
        "wish": {"anyOf": [{"type": "string", "maxLength": 2000}, {"type": "null"}]},
        "met": {"type": "boolean"},
        "gas": {"anyOf": [{"type": "boolean"}, {"type": "null"}]},
        "copies": {"type": "integer", "minimum": 0, "maximum": 2**53 - 1},
        "items": {"type": "array", "items": {"type": "string", "description": "(事项编码)."}},
        "powers": {"type": "array", "items": {"type": "string", "enum": ["submit", "urge"]}},
        "at": {"type": "string", "format": "date-time"},
        "facts": {"type": "object", "properties": {"land": {"type": "string"}}},
        "chain": {
            "type": "array",
            "items": {"type": "object", "properties": {"name": {"type": "string"}}},
        },
        "effective": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
    },
    "required": ["area", "copies"],
}


class Known:
    """A place with one item."""

    def options(self, name: str, about: str) -> Sequence[tuple[str, str]] | None:
        return [("S1-01", "备案")] if "事项编码" in about else None

    def suggested(self, name: str, about: str) -> Sequence[tuple[str, str]]:
        return ()

    def named(self, name: str, code: str) -> str:
        return code.upper()


def test_what_is_needed_comes_first_and_circumstances_last() -> None:
    form = Made(Known(), {"wish": "想问"}).form(SCHEMA)
    assert [one.name for one in form.needed] == ["area", "wish", "copies"]
    assert [one.name for one in form.circumstances] == ["effective"]
    assert {one.kind for one in form.more} >= {"check", "either", "many", "moment", "rows"}


def test_what_is_left_empty_is_not_said_at_all() -> None:
    given = FormData([("area", "990100"), ("wish", "  "), ("copies", ""), ("gas", "")])
    assert filled(SCHEMA, given, {}) == {"area": "990100"}


def test_every_kind_of_field_comes_back_as_the_command_has_it() -> None:
    given = FormData(
        [
            ("area", "990100"), ("wish", "问"), ("met.asked", "1"), ("gas", "no"),
            ("copies", "2"), ("items", "S1-01"), ("items", "S1-02"), ("powers", "urge"),
            ("at", "2026-11-23T09:30"), ("facts.land", "granted"),
            ("chain.0.name", "甲"), ("chain.1.name", ""),
        ]
    )  # fmt: skip
    assert filled(SCHEMA, given, {}) == {
        "area": "990100", "wish": "问", "met": False, "gas": False, "copies": 2,
        "items": ["S1-01", "S1-02"], "powers": ["urge"], "at": "2026-11-23T09:30:00+08:00",
        "facts": {"land": "granted"}, "chain": [{"name": "甲"}],
    }  # fmt: skip


def test_a_number_that_is_none_is_left_for_the_service_to_refuse() -> None:
    given = FormData([("area", "990100"), ("copies", "两份")])
    assert filled(SCHEMA, given, {})["copies"] == "两份"


def test_a_number_of_other_digits_is_not_fixed_silently() -> None:
    assert filled(SCHEMA, FormData([("copies", "９")]), {})["copies"] == "９"


def test_another_row_is_added_to_what_was_typed() -> None:
    made = Made(Known(), {"chain": [{"name": "甲"}]}, {}, frozenset({"chain"}))
    rows = next(one for one in made.form(SCHEMA).needed if one.name == "chain")
    assert [part.parts[0].value for part in rows.parts] == ["甲", None]


def test_a_file_is_known_by_what_is_said_of_it() -> None:
    assert is_file({"properties": {"sha256": {}, "size": {}, "media_type": {}, "name": {}}})
    assert not is_file({"properties": {"sha256": {}}})


def test_a_wrong_field_says_so() -> None:
    form = Made(Known(), {}, {"copies": "int_parsing"}).form(SCHEMA)
    assert next(one for one in form.needed if one.name == "copies").wrong == "int_parsing"
