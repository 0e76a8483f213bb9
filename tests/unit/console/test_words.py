"""Whatever a desk shows in Chinese is Chinese: codes of closed lists, acts of ladders, labels."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

from contracts.pack.words import Act, Action
from contracts.subjects import SERVICES
from contracts.vocabulary import CLOSED_LISTS
from services.console.naming import names_of, word
from services.console.wording import WORDS
from services.supervision.domain.foreseeing import REASONS
from services.supervision.domain.owed import SAID
from shared.command import Command

HAN = re.compile("[\u4e00-\u9fff]")
ROOT = Path(__file__).parents[3]
BEYOND_LISTS = (*get_args(Action.__value__), *get_args(Act.__value__), *REASONS, *SAID)


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


def test_every_field_of_every_form_has_a_label_in_both_languages() -> None:
    fields = {name for one in _commands() for name in _fields(one.model_json_schema())}
    assert len(fields) > 300
    assert not [name for name in fields if not _in_both(f"field.{name}")]


def test_every_command_is_named_in_both_languages() -> None:
    names = {one.__name__ for one in _commands() if not one.__subclasses__()}
    assert len(names) > 200
    assert not [name for name in names if not _in_both(f"act.{name}")]


def test_every_reason_for_which_a_command_is_refused_has_a_word() -> None:
    codes = set(_refusals())
    assert len(codes) > 300
    assert not [code for code in codes if not HAN.search(word(code, "zh", "refusal"))]
    assert not [code for code in codes if HAN.search(word(code, "en", "refusal"))]


def _commands() -> list[type[Command]]:
    for service in SERVICES:
        import_module(f"services.{service}.app")
    return [one for one in _below(Command) if one.__module__.startswith("services.")]


def _in_both(key: str) -> bool:
    zh, en = WORDS.get(key, ("", ""))
    return bool(HAN.search(zh) and en and not HAN.search(en))


def _refusals() -> Iterator[str]:
    """Every code that is written where a command is refused, of either branch of a choice."""
    for room in ("services", "shared"):
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                    yield from (_literals(node.args[0]) if node.args else ())


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_literals(node.body), *_literals(node.orelse))
    elif isinstance(node, ast.Constant):
        yield str(node.value)


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
