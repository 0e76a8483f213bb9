"""Whether the page for agencies shows what is true."""

import json
import re
from pathlib import Path
from typing import Any

import contracts
from contracts.documents import examples_of, specimen

PAGE = (Path(contracts.__file__).parent / "README.md").read_text("utf-8")


def block(language: str) -> str:
    """The first code block of the page in `language`."""
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.S)
    assert found
    return found[1]


def test_the_event_on_the_page_is_the_example_in_its_envelope() -> None:
    fact = examples_of("intake.service_requested.v1")["online"]
    assert json.loads(block("json")) == specimen("intake.service_requested.v1", fact, 412)


def test_the_check_on_the_page_finds_the_leaf_hash_and_any_change() -> None:
    names: dict[str, Any] = {"event": json.loads(block("json"))}
    exec(block("python"), names)
    changed = json.loads(block("json"))["data"]
    changed["fact"]["number"] = "990100-2026-99"
    assert names["leaf_hash"](changed) != names["event"]["leafhash"]


def test_the_files_the_page_names_exist() -> None:
    folder = Path(contracts.__file__).parent
    named = re.findall(r"`([a-z_]+(?:/|\.py))`", PAGE)
    assert named
    assert all((folder / name).exists() for name in named)
