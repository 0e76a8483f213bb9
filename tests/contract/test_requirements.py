"""The acceptance list: every row that the software must serve says where, and which test shows it."""

import ast
import tomllib
from functools import cache
from typing import Any

import pytest

from tests.conftest import REPOSITORY

TABLE = REPOSITORY / "tests" / "requirements.toml"
ROWS: dict[str, dict[str, Any]] = tomllib.loads(TABLE.read_text())["row"]
SERVED = {id: row for id, row in ROWS.items() if row["class"] != "N" and "open" not in row}
LATER = {"supervision", "evaluation", "archive"}
KINDS = {"E": "enforced", "A": "assisted", "L": "logged", "P": "pack data", "N": "organisational",
         "X": "cross-cutting"}  # fmt: skip


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((REPOSITORY / path).read_text())
    kinds = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, kinds))


def test_the_list_is_whole() -> None:
    totals = {"HS": 85, "YY": 59, "YO": 78, "AS": 105, "X": 15}
    assert {f"{k}-{n:02}" for k, last in totals.items() for n in range(1, last + 1)} == set(
        ROWS
    )
    assert {row["class"] for row in ROWS.values()} <= set(KINDS)


def test_only_what_comes_later_is_still_open() -> None:
    """A row may wait for a service that is not complete, never for one that is."""
    waiting = {id: row["open"] for id, row in ROWS.items() if "open" in row}
    assert set(waiting.values()) <= LATER, waiting
    assert not [id for id in waiting if ROWS[id].get("where")]


@pytest.mark.parametrize("id", sorted(SERVED))
def test_a_row_is_served_somewhere_and_shown_by_a_test(id: str) -> None:
    row = SERVED[id]
    assert row.get("where"), f"{id} ({row['text']}) is served nowhere"
    assert row.get("tests"), f"{id} ({row['text']}) is shown by no test"


@pytest.mark.parametrize("id", sorted(ROWS))
def test_a_row_points_to_what_exists(id: str) -> None:
    for target in (*ROWS[id].get("where", ()), *ROWS[id].get("tests", ())):
        path, _, name = target.partition("::")
        assert (REPOSITORY / path).exists(), f"{id}: {path} is gone"
        if name and path.endswith(".py"):
            assert name.split(".")[-1] in names_in(path), f"{id}: {target} is gone"
