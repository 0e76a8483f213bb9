"""What is wrong with a pack file, all of it at once, on which line, in both languages?"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contracts.edition import DataRefused, Problem, build, read_lines
from contracts.pack import Pack, load_pack, parent_beside
from contracts.pack.checks import problems_of, refuse_repetitions
from contracts.pack.inherit import inherit, merged, parent_of
from contracts.pack.soundness import doubtful
from contracts.pack.sources import sources_of

type Level = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a pack with an `error` is not loaded, a `warning` is to be looked at."""

    line: int | None
    path: str
    zh: str
    en: str
    level: Level = "error"

    def __str__(self) -> str:
        place = f"{self.line or '?'}: {self.path or '(file)'}"
        return f"{place}: {self.level}: {self.zh} / {self.en}"


def check_file(path: Path) -> tuple[Finding, ...]:
    """Everything found in a pack file, by line; empty when it is without fault.

    A file that is no proper YAML is told that alone; a child is checked as it stands once it
    is completed by its parent.
    """
    try:
        data, lines = read_lines(path)
    except DataRefused as refused:
        return _told(refused.problems, {}, "error")
    errors = dict.fromkeys(_errors(path, data))
    if errors:
        return _told(errors, lines, "error")
    return _told(doubtful(load_pack(path)), lines, "warning")


def _errors(path: Path, data: Mapping[str, Any]) -> Iterator[Problem]:
    """The errors of every step that can be taken; a later step may rest on an earlier one."""
    yield from _refusals(lambda: refuse_repetitions(data))
    whole: Mapping[str, Any] = data
    if parent_of(data) is not None:
        try:
            parent = parent_beside(path, data)
        except DataRefused as refused:
            yield from refused.problems
            return
        yield from _refusals(lambda: inherit(parent.data, parent.sources(), data))
        whole = merged(parent.data, data)
    try:
        pack = build(Pack, whole)
    except DataRefused as refused:
        yield from refused.problems
        return
    yield from problems_of(pack, whole)
    if parent_of(data) is None:
        yield from _refusals(lambda: sources_of(data))


def _refusals(attempt: Callable[[], object]) -> tuple[Problem, ...]:
    try:
        attempt()
    except DataRefused as refused:
        return refused.problems
    return ()


def _told(
    problems: Iterable[Problem], lines: Mapping[str, int], level: Level
) -> tuple[Finding, ...]:
    found = [Finding(_line(p, lines), p.path, p.zh, p.en, level) for p in problems]
    return tuple(sorted(found, key=lambda one: (one.line or 0, one.path)))


def _line(problem: Problem, lines: Mapping[str, int]) -> int | None:
    """The line of the path, or of the nearest branch above it that the file has."""
    if problem.line is not None:
        return problem.line
    steps = problem.path.split(".")
    heads = (".".join(steps[:length]) for length in range(len(steps), 0, -1))
    return next((lines[head] for head in heads if head in lines), 1 if lines else None)
