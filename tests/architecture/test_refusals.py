"""Whoever is refused is told what to do instead, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[2] / "services"
DESKS = ("intake", "assignment")


def refusals(service: str) -> Iterator[tuple[str, ast.Call]]:
    for file in sorted((SERVICES / service).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Refused":
                yield f"{file.relative_to(SERVICES)}:{node.lineno}", node


@pytest.mark.parametrize("service", DESKS)
def test_no_refusal_is_without_a_remedy(service: str) -> None:
    silent = [
        place
        for place, call in refusals(service)
        if not {"remedy", None} & {keyword.arg for keyword in call.keywords}
    ]
    assert not silent


@pytest.mark.parametrize("service", DESKS)
def test_a_remedy_that_is_written_out_speaks_chinese(service: str) -> None:
    for place, call in refusals(service):
        for keyword in call.keywords:
            said = keyword.value
            if keyword.arg == "remedy" and isinstance(said, ast.Constant):
                assert re.search(r"[一-鿿]", str(said.value)), place
