"""Whoever is refused is told what to do instead, in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SERVICES = ROOT / "services"
DESKS = ("intake", "assignment")
OURS = ("services", "shared")
HAN, LATIN = re.compile(r"[一-鿿]"), re.compile(r"[A-Za-z]{2,} [A-Za-z]|[/·] [`(]?[A-Za-z]{3,}")
TOLD_TO_OPERATORS = {
    "PlatformError", "ServerMissing", "HomeInUse", "ForeignData", "ServerFailed", "BusRefused",
    "MigrationRefused", "TracingMissing", "CannotEdit", "FontsMissing", "SettingsRefused",
}  # fmt: skip
"""Errors whose sentence a terminal shows as it is; of settings and bodies it is ValueError."""
SHOWN = ("settings.py", "attesting.py", "scanning.py", "issuer.py")
"""Files whose every ValueError reaches somebody who set or asked for something."""
IN_ITS_LANGUAGE = {"zh": "中文", "en": "English"}
REMEDY = re.compile("remedy|remedies|advice", re.IGNORECASE)


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


def test_every_remedy_is_said_in_both_languages() -> None:
    files = [file for root in OURS for file in sorted((ROOT / root).rglob("*.py"))]
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for file in files
        for line, text in one_language(file.read_text("utf-8"), file.name)
    ]
    assert not found, "\n".join(found)


def one_language(source: str, name: str = "") -> Iterator[tuple[int, str]]:
    """The written-out remedies and operators' sentences that lack Chinese or English."""
    tree = ast.parse(source)
    known = {
        target.id: text
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and (text := written(node.value)) is not None
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for said in sentences(node, name):
            text = known.get(said.id) if isinstance(said, ast.Name) else written(said)
            if text and not (HAN.search(text) and LATIN.search(text)):
                yield said.lineno, text


def sentences(node: ast.AST, name: str) -> Iterator[ast.expr]:
    """What `node` says to a person: a remedy, a table of them, or the sentence of an error."""
    if isinstance(node, ast.Call):
        raised = ast.unparse(node.func).rsplit(".", 1)[-1]
        if raised in ("Refused", "Problem", "Finding", "Fault"):
            yield from choices(k.value for k in node.keywords if k.arg == "remedy")
        if raised in TOLD_TO_OPERATORS or (raised == "ValueError" and name in SHOWN):
            yield from choices(node.args[:1])
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name) and REMEDY.fullmatch(target.id):
                table = node.value
                yield from choices(table.values if isinstance(table, ast.Dict) else [table])


def choices(values: Iterator[ast.expr] | list[ast.expr]) -> Iterator[ast.expr]:
    for one in values:
        if isinstance(one, ast.IfExp):
            yield from choices([one.body, one.orelse])
        else:
            yield one


def written(node: ast.expr) -> str | None:
    """The words of a text that stands there; what is put into it at run time is left out, save
    that `x.zh` and `x.en` say by their names in which language they are.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = (
            IN_ITS_LANGUAGE.get(ast.unparse(one.value).rsplit(".", 1)[-1], "")
            if isinstance(one, ast.FormattedValue)
            else str(getattr(one, "value", ""))
            for one in node.values
        )
        return "".join(parts)
    return None


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('raise Refused("x", remedy="先办 / first")', []),
        ('raise Refused("x", remedy="先办")', [1]),
        ('raise Refused("x", remedy="请写明专员 agent（nil=true）")', [1]),
        ('raise Refused("x", remedy="do this first")', [1]),
        ('raise Refused("x", remedy=f"{a}先办")', [1]),
        ('WHY = "先办"\nraise Refused("x", remedy=WHY)', [2]),
        ('raise Refused("x", remedy="先办 / first" if y else "后办")', [1]),
        ('REMEDIES = {"a": "先办"}', [1]),
        ('raise PlatformError(f"{home} cannot be used")', [1]),
        ('raise PlatformError(f"{home} 不能用 · {home} cannot be used")', []),
    ],
)
def test_a_remedy_in_one_language_is_found(source: str, lines: list[int]) -> None:
    assert [line for line, _ in one_language(source)] == lines
