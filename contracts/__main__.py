"""How the contracts are built and checked: `python -m contracts build | check [--against REF]`."""

import argparse
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import yaml

from contracts.compatibility import incompatibilities
from contracts.documents import HERE, documents

GENERATED = HERE / "generated"
OURS = (
    "schemas", "asyncapi", "about.schema.json", "envelope.schema.json", "feed.schema.json",
    "pack.schema.json", "pack-child.schema.json", "DO-NOT-EDIT.md",
)  # fmt: skip
FROZEN = ("contracts/examples", "contracts/generated/schemas")


class Unusable(Exception):
    """The check could not be made; the message says what to do."""


def build(root: Path = GENERATED) -> list[str]:
    """Write every generated document below `root`, remove what is no longer made; return paths."""
    made = documents()
    for path, text in made.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
    for path in sorted(_present(root) - made.keys()):
        (root / path).unlink()
    return sorted(made)


def drift(root: Path = GENERATED) -> list[str]:
    """One sentence per file below `root` that differs from what would be built now."""
    made = documents()
    present = _present(root)
    missing = [f"{path}: missing" for path in made.keys() - present]
    stale = [f"{path}: no longer made" for path in present - made.keys()]
    differing = [
        f"{path}: differs"
        for path in made.keys() & present
        if _parsed(path, made[path]) != _parsed(path, (root / path).read_text("utf-8"))
    ]
    return sorted([*missing, *stale, *differing])


def released(ref: str, repository: Path = HERE.parent) -> dict[str, bytes]:
    """The examples and schemas as they stood at git `ref`, by path below `contracts/`."""
    paths = [p for p in FROZEN if _git(repository, "ls-tree", "--name-only", ref, "--", p)]
    if not paths:
        return {}
    with tarfile.open(fileobj=io.BytesIO(_git(repository, "archive", ref, *paths))) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
        return {name.removeprefix("contracts/"): file.read() for name, file in files if file}


def frozen_today(repository: Path = HERE.parent) -> dict[str, bytes]:
    """The examples and schemas as they stand now, by path below `contracts/`."""
    contracts = repository / "contracts"
    found = (p for part in FROZEN for p in (repository / part).rglob("*.json"))
    return {p.relative_to(contracts).as_posix(): p.read_bytes() for p in found}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns 0, 1 when something is wrong, 2 when it could not be checked."""
    parser = argparse.ArgumentParser("python -m contracts", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("build", help="write contracts/generated from the classes and examples")
    check = verbs.add_parser("check", help="say whether contracts/generated is up to date")
    check.add_argument("--against", metavar="REF", help="a released git ref to compare with")
    chosen = parser.parse_args(arguments)
    if chosen.verb == "build":
        print(f"{len(build())} documents in {GENERATED.relative_to(HERE.parent)}")
        return 0
    problems = [f"generated/{line}; run: python -m contracts build" for line in drift()]
    try:
        if chosen.against:
            problems += incompatibilities(released(chosen.against), frozen_today())
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _present(root: Path) -> set[str]:
    found = (p for part in OURS for p in [root / part, *(root / part).rglob("*")])
    return {path.relative_to(root).as_posix() for path in found if path.is_file()}


def _parsed(path: str, text: str) -> Any:
    parse: Callable[[str], Any] = str
    if path.endswith(".json"):
        parse = json.loads
    elif path.endswith(".yaml"):
        parse = yaml.safe_load
    try:
        return parse(text)
    except (ValueError, yaml.YAMLError):
        return None


def _git(repository: Path, *arguments: str) -> bytes:
    command = ["git", "-C", str(repository), *arguments]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise Unusable(f"git could not answer: {reason}; name a commit, tag or branch")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
