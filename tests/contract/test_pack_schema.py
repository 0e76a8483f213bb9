"""Editors and other software get a JSON Schema of a pack, in both languages, that fits the packs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contracts.edition import read_data
from contracts.pack import Pack, shipped_packs
from contracts.pack.words import named_events
from tests.unit.contracts.test_pack_inherit import child, city, faster

GENERATED = Path(__file__).parents[2] / "contracts" / "generated"
WHOLE = json.loads((GENERATED / "pack.schema.json").read_text())
CHILD = json.loads((GENERATED / "pack-child.schema.json").read_text())


def plain(data: dict[str, Any]) -> Any:
    return json.loads(json.dumps(data, default=str))


def errors(schema: Any, data: dict[str, Any]) -> list[str]:
    return [error.message for error in Draft202012Validator(schema).iter_errors(plain(data))]


@pytest.mark.parametrize("file", shipped_packs(), ids=lambda file: file.parent.name)
def test_every_shipped_pack_fits(file: Path) -> None:
    Draft202012Validator.check_schema(WHOLE)
    assert errors(WHOLE, read_data(file)) == []


def test_a_child_fits_the_schema_of_children_alone() -> None:
    Draft202012Validator.check_schema(CHILD)
    for data in (child(), faster()):
        assert errors(CHILD, data) == []
        assert errors(WHOLE, data)
    assert errors(CHILD, city()) == []


@pytest.mark.parametrize("schema", [WHOLE, CHILD], ids=["whole", "child"])
def test_an_unknown_key_does_not_fit(schema: Any) -> None:
    assert errors(schema, city() | {"moon": 1})
    assert errors(schema, child(clocks={"moon": 1}))


def test_an_event_that_is_no_event_does_not_fit() -> None:
    known = WHOLE["$defs"]["EventName"]["enum"]
    assert known == sorted(named_events())
    assert errors(CHILD, child(after=[{"id": "x", "zh": "x", "starts": "MoonLanded"}]))


def test_every_section_is_named_in_both_languages() -> None:
    for name in Pack.model_fields:
        title = WHOLE["properties"][name].get("title", "")
        if name not in ("pack",):
            assert re.search(r"[一-鿿].* / [A-Za-z]", title), name
