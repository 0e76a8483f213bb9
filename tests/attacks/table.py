"""A pytest plugin that prints which attack was caught by what, and by which test it is known."""

from collections.abc import Iterator
from typing import Any

import pytest

WIDTH = 46


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What each attack is, and what catches it, by the marker `attack(what=…, by=…)`."""
    for item in items:
        marker = item.get_closest_marker("attack")
        if marker is None:
            continue
        name = getattr(item, "originalname", None) or item.name
        what = marker.kwargs.get("what") or name.removeprefix("test_").replace("_", " ")
        by = marker.kwargs.get("by") or _line(item)
        item.user_properties += [("attack", what), ("caught_by", by)]


def _line(item: pytest.Item) -> str:
    """The line of defence that a test module is about."""
    module = item.nodeid.split("::")[0].rsplit("/", 1)[-1]
    return {
        "test_verifier.py": "验证器 verifier (offline, one file)",
        "test_verifier_attacks.py": "验证器 verifier (offline, one file)",
        "test_guards.py": "数据库权限与触发器 grants and triggers",
        "test_erasure.py": "两人规则、密钥销毁 two persons, destroyed keys",
        "test_witness.py": "见证方 witnesses",
        "test_tree.py": "签名守卫 signing guard",
        "test_note.py": "签名说明 signed notes (C2SP vectors)",
        "test_merkle.py": "梅克尔证明 Merkle proofs (RFC 6962 vectors)",
    }.get(module, module.removeprefix("test_").removesuffix(".py").replace("_", " "))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for outcome in ("passed", "failed", "error"):
        for report in terminalreporter.stats.get(outcome, ()):
            told = dict(getattr(report, "user_properties", ()))
            if "attack" in told:
                place = report.nodeid.split("[")[0]
                found.setdefault((told["attack"], told["caught_by"]), []).append(
                    (outcome, place)
                )
    if not found:
        return
    terminalreporter.section("攻击 → 防线 → 测试 attack → caught by → test")
    for line in _lines(found):
        terminalreporter.write_line(line)


def _lines(found: dict[tuple[str, str], list[tuple[str, str]]]) -> Iterator[str]:
    caught = 0
    for (what, by), cases in sorted(found.items(), key=lambda one: one[1][0][1]):
        passed = sum(outcome == "passed" for outcome, _ in cases)
        caught += passed == len(cases)
        times = f" ×{len(cases)}" if len(cases) > 1 else ""
        sign = "✔" if passed == len(cases) else "✘"
        yield f"{sign} {what}{times}"
        yield f"    → {by}"
        yield f"    → {cases[0][1]}"
    yield f"{caught} / {len(found)} 种攻击被拦住或发现 kinds of attack were stopped or found"
