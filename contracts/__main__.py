"""How are the contracts built, checked and released?

`python -m contracts build | freeze [--although REASON] | check [--against REF|last]`. OpenAPI documents
are compared here too, and made by `make contracts`, since only the services know their doors.
"""

import argparse
import io
import json
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from contracts import golden, promises
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
KEPT = ("contracts/promises", "contracts/golden/SHA256SUMS")
SUMS = f"golden/{golden.SUMS}"
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
    return _files_at(ref, FROZEN, repository)


def frozen_today(repository: Path = HERE.parent) -> dict[str, bytes]:
    """The examples and schemas as they stand now, by path below `contracts/`."""
    contracts = repository / "contracts"
    found = (p for part in FROZEN for p in [repository / part, *(repository / part).rglob("*")])
    return {p.relative_to(contracts).as_posix(): p.read_bytes() for p in found if p.is_file()}


def broken_promises(repository: Path = HERE.parent) -> Iterator[str]:
    """Each promise that is broken today: of those frozen in the tree, and of those that ever were
    in the history that is here. Says on standard output what it was measured against.
    """
    today = frozen_today(repository)
    now = promises.present(repository / "contracts" / "promises")
    but = promises.allowed(now)
    if not now:
        yield "promises: missing; bring it back, or run: python -m contracts freeze"
    yield from promises.broken(promises.kept(now, today), today, but)
    print("compared with contracts/promises", end="")
    try:
        commits = _git(repository, "log", "--full-history", "--format=%H", "--", *KEPT).decode()
        shallow = _git(repository, "rev-parse", "--is-shallow-repository").decode().strip()
    except Unusable:
        print("; no git is here: not compared whether these promises were themselves changed")
        return
    for commit in commits.split():
        before = _files_at(commit, KEPT, repository)
        sums = before.pop(SUMS, b"")
        yield from golden.forgotten(sums, today.get(SUMS))
        before = {path.removeprefix("promises/"): one for path, one in before.items()}
        if before and before != now:
            yield from promises.broken(promises.kept(before, today), today, but)
            yield from promises.lost(before, now)
    print(f" and with all {len(commits.split())} commits here that changed them", end="")
    print("; history before this clone is not here: not compared" * (shallow == "true"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb; returns 0, 1 when something is wrong, 2 when it could not be checked."""
    parser = argparse.ArgumentParser("python -m contracts", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("build", help="write contracts/generated from the classes and examples")
    freeze = verbs.add_parser(
        "freeze",
        help="release: golden messages, schemas and doors of today are promised for good",
    )
    freeze.add_argument(
        "--although",
        metavar="REASON",
        help="write down and allow what it breaks of earlier ones",
    )
    check = verbs.add_parser("check", help="say whether contracts/generated is up to date")
    check.add_argument(
        "--against", metavar="REF",
        help="a git ref to compare with; last: everything that was ever frozen (contracts/promises)",
    )  # fmt: skip
    chosen = parser.parse_args(arguments)
    if chosen.verb == "build":
        golden.build()
        print(f"{len(build())} documents in {GENERATED.relative_to(HERE.parent)}")
        return 0
    if chosen.verb == "freeze":
        return _frozen(chosen.although)
    return _checked(chosen.against)


def _checked(against: str | None) -> int:
    problems = [f"generated/{line}; run: python -m contracts build" for line in drift()]
    problems += [f"golden/{line}" for line in golden.problems()]
    try:
        if against == LAST:
            problems += broken_promises()
        elif against:
            problems += incompatibilities(released(against), frozen_today())
            print(f"compared with {against}")
    except Unusable as error:
        print(error, file=sys.stderr)
        return 2
    return _told(problems)


def _frozen(although: str | None) -> int:
    if left := promises.freeze(frozen_today(), although=although):
        return _told([*left, "nothing was frozen; give the reason by --although, or mend it"])
    print(f"{len(golden.freeze())} messages more in {golden.GOLDEN / golden.SUMS}")
    print(f"promised: what is in {promises.PROMISES.relative_to(HERE.parent)}")
    return 0


def _told(problems: Iterable[str]) -> int:
    for problem in (found := list(dict.fromkeys(problems))):
        print(problem, file=sys.stderr)
    return 1 if found else 0


def _files_at(ref: str, wanted: Sequence[str], repository: Path) -> dict[str, bytes]:
    paths = [p for p in wanted if _git(repository, "ls-tree", "--name-only", ref, "--", p)]
    if not paths:
        return {}
    with tarfile.open(fileobj=io.BytesIO(_git(repository, "archive", ref, *paths))) as tar:
        files = [(member.name, tar.extractfile(member)) for member in tar if member.isfile()]
        return {name.removeprefix("contracts/"): file.read() for name, file in files if file}


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
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        raise Unusable("there is no git on this machine") from None
    if done.returncode:
        reason = done.stderr.decode(errors="replace").strip()
        raise Unusable(f"git could not answer: {reason}; name a commit, tag or branch")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
