"""What have we promised: frozen in the tree, so that no later commit hides that it was broken?

`promises/` holds the doors and the schemas of events as they were when `freeze` was last run, without
their prose, and the digests of the examples. A break is measured against them, not against git; git,
where it is there, shows whether they themselves were ever changed by hand.
"""

import json
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from contracts.compatibility import PROSE, incompatibilities
from contracts.documents import HERE

PROMISES = HERE / "promises"
EXAMPLES = "EXAMPLES.SHA256SUMS"
BROKEN = "BROKEN.md"
KINDS = {"openapi": "generated/openapi/", "schemas": "generated/schemas/"}
"""Folder of `promises/`: what it freezes, by path below `contracts/`."""
_INTRODUCTION = """# Promises that were broken / 已变更的承诺

Each line was allowed once by `python -m contracts freeze --although REASON`; no other break passes.
每行均经 `python -m contracts freeze --although 理由` 允许一次；此外的变更一律不得通过。

"""
_LINE = re.compile(r"^- (.+) — .+$", re.MULTILINE)

type Files = Mapping[str, bytes]
"""Files by path below `contracts/`."""


def freeze(today: Files, root: Path = PROMISES, although: str | None = None) -> list[str]:
    """Promise what is there today; returns what it would break, in which case nothing is done.

    `although` gives the reason for which each break is written down and allowed.
    """
    found = broken(kept(present(root), today), today, allowed(present(root)))
    if found and although is None:
        return found
    for path, content in _made(today).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    if found:
        listed = root / BROKEN
        before = listed.read_text("utf-8") if listed.exists() else _INTRODUCTION
        lines = "".join(f"- {one} — {although}\n" for one in found)
        listed.write_text(before + lines, "utf-8")
    return []


def broken(promised: Files, today: Files, but: frozenset[str] = frozenset()) -> list[str]:
    """A sentence for each promise that `today` breaks, those left out that are allowed."""
    return [one for one in incompatibilities(promised, today) if one not in but]


def kept(promises: Files, today: Files) -> dict[str, bytes]:
    """What `promises` (files of such a folder) hold, as the files that they were made of.

    Of an example only the digest is kept: it is today's bytes, or bytes that are lost.
    """
    found: dict[str, bytes] = {}
    for path, content in promises.items():
        if path.split("/")[0] in KINDS:
            found |= {name: _text(one) for name, one in json.loads(content).items()}
    for line in promises.get(EXAMPLES, b"").decode("ascii").splitlines():
        digest, path = line.split("  ", 1)
        same = sha256(today.get(path, b"")).hexdigest() == digest
        found[path] = today[path] if same else b""
    return found


def allowed(promises: Files) -> frozenset[str]:
    """The sentences of the breaks that somebody gave a reason for."""
    return frozenset(_LINE.findall(promises.get(BROKEN, b"").decode()))


def _made(today: Files) -> dict[str, bytes]:
    parts: dict[str, dict[str, Any]] = {}
    for path, content in sorted(today.items()):
        for kind, prefix in KINDS.items():
            if path.startswith(prefix) and path.endswith(".json"):
                name = path.removeprefix(prefix).split("/")[0].removesuffix(".json")
                part = parts.setdefault(f"{kind}/{name}.json", {})
                part[path] = _without_prose(json.loads(content))
    examples = (p for p in sorted(today) if p.startswith("examples/") and p.count("/") == 2)
    sums = "".join(f"{sha256(today[p]).hexdigest()}  {p}\n" for p in examples)
    return {path: _text(part) for path, part in parts.items()} | {EXAMPLES: sums.encode()}


def present(root: Path = PROMISES) -> dict[str, bytes]:
    """The frozen files as they stand, by path below the folder."""
    paths = (path for path in sorted(root.rglob("*")) if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _without_prose(node: Any, named: bool = False) -> Any:
    """`node` without descriptions and the like; `named`: its keys are names of ours."""
    if isinstance(node, list):
        return [_without_prose(one) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_prose(one, key in ("properties", "schemas", "$defs", "paths"))
        for key, one in node.items()
        if named or key not in PROSE | {"summary", "tags", "examples"}
    }


def _text(node: Any) -> bytes:
    return (json.dumps(node, ensure_ascii=False, indent=0, sort_keys=True) + "\n").encode()


def lost(before: Files, now: Files) -> Iterator[str]:
    """The allowances that a list of breaks has lost: it only grows."""
    for one in sorted(allowed(before) - allowed(now)):
        yield f"promises/{BROKEN}: a line is never taken out: {one}"
