"""Whatever a desk shows in Chinese is Chinese: codes of closed lists, acts of ladders, labels."""

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_args

import pytest

from contracts.pack.words import Action
from contracts.subjects import SERVICES
from contracts.vocabulary import CLOSED_LISTS
from services.console.naming import names_of, word
from services.supervision.domain.foreseeing import REASONS
from services.supervision.domain.owed import SAID
from shared.command import Command

HAN = re.compile("[\u4e00-\u9fff]")
BEYOND_LISTS = (*get_args(Action.__value__), *REASONS, *SAID)


@pytest.mark.parametrize("name", CLOSED_LISTS)
def test_every_code_of_a_closed_list_has_a_word(name: str) -> None:
    codes = get_args(CLOSED_LISTS[name].__value__)
    bare = [code for code in codes if not HAN.search(word(code, "zh", name))]
    assert not bare
    assert not [code for code in codes if not HAN.search(word(code, "zh"))]
    assert not [code for code in codes if "_" in word(code, "en", name)]


def test_what_ladders_do_and_what_is_foreseen_and_owed_has_a_word_in_both_languages() -> None:
    assert not [code for code in BEYOND_LISTS if not HAN.search(word(code, "zh"))]
    assert not [code for code in BEYOND_LISTS if HAN.search(word(code, "en"))]


def test_a_rung_is_called_what_the_place_calls_it() -> None:
    names = names_of(None)
    pack = names.packs.for_area("500242").pack
    rungs = [one for ladder in pack.ladders for one in ladder.rungs]
    assert rungs
    for one in rungs:
        assert HAN.search(names.rung("500242", one.id))


def test_every_field_of_every_form_has_a_chinese_label() -> None:
    for service in SERVICES:
        import_module(f"services.{service}.app")
    bare = {
        (command.__name__, field)
        for command in _below(Command)
        if command.__module__.startswith("services.")
        for field in _fields(command.model_json_schema())
        if not HAN.search(word(field, "zh", "field"))
    }
    assert not bare


def _below(kind: type[Command]) -> Iterator[type[Command]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _fields(schema: Any) -> Iterator[str]:
    if isinstance(schema, dict):
        properties = schema.get("properties")
        yield from properties if isinstance(properties, dict) else ()
        for part in schema.values():
            yield from _fields(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from _fields(part)
