"""How are the contracts built, checked and released?

`python -m contracts build | freeze | check [--against REF|last]`. OpenAPI documents are compared
here too, and made by `make contracts`, since only the services know their doors.
"""

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

from contracts import golden
from contracts.compatibility import incompatibilities
from contracts.documents import HERE, documents

GENERATED = HERE / "generated"
OURS = (
    "schemas", "asyncapi", "about.schema.json", "envelope.schema.json", "feed.schema.json",
    "pack.schema.json", "pack-child.schema.json", "DO-NOT-EDIT.md",
)  # fmt: skip
FROZEN = (
    "contracts/examples", "contracts/golden/SHA256SUMS", "contracts/generated/openapi",
    "contracts/generated/schemas",
)  # fmt: skip
LAST = "last"


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
    found = (p for part in FROZEN for p in [repository / part, *(repository / part).rglob("*")])
    return {p.relative_to(contracts).as_posix(): p.read_bytes() for p in found if p.is_file()}


def last_release(repository: Path = HERE.parent) -> str | None:
    """What a change is measured against: the last tag; before there is one, the commit before.

    None where there is neither: no git, or a clone of one commit alone.
    """
    for question in (
        ("describe", "--tags", "--abbrev=0", "--match", "v*"),
        ("rev-parse", "--verify", "--quiet", "HEAD^1"),
    ):
        try:
            return _git(repository, *question).decode().strip()
        except Unusable:
            continue
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns 0, 1 when something is wrong, 2 when it could not be checked."""
    parser = argparse.ArgumentParser("python -m contracts", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("build", help="write contracts/generated from the classes and examples")
    verbs.add_parser(
        "freeze", help="release: the golden messages of today are never edited again"
    )
    check = verbs.add_parser("check", help="say whether contracts/generated is up to date")
    check.add_argument(
        "--against", metavar="REF",
        help="a released git ref to compare with; last: the last tag, else the commit before",
    )  # fmt: skip
    chosen = parser.parse_args(arguments)
    if chosen.verb == "build":
        golden.build()
        print(f"{len(build())} documents in {GENERATED.relative_to(HERE.parent)}")
        return 0
    if chosen.verb == "freeze":
        print(f"{len(golden.freeze())} messages more in {golden.GOLDEN / golden.SUMS}")
        return 0
    return _checked(chosen.against)


def _checked(against: str | None) -> int:
    problems = [f"generated/{line}; run: python -m contracts build" for line in drift()]
    problems += [f"golden/{line}" for line in golden.problems()]
    try:
        ref = last_release() if against == LAST else against
        if ref:
            problems += incompatibilities(released(ref), frozen_today())
            print(f"compared with {ref}")
        elif against:
            print("nothing to compare with: no tag and no commit before this one is here")
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
