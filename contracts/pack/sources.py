"""Where does each leaf of a pack come from: the instrument, a law, or a default of ours?"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.edition import DataRefused, Problem, children

# Coding of ours that states no rule: names under which a pack's parts refer to each other.
CODING = frozenset({"id", "src", "law", "note"})
_WHOLE_SECTIONS = frozenset({"pack", "version", "open"})


@dataclass(frozen=True, slots=True)
class Source:
    """`text` is the phrase or the law; None when the leaf answers open `question` by default."""

    text: str | None
    question: str | None


def sources_of(data: Mapping[str, Any]) -> dict[str, Source]:
    """Leaf path → its source, for every leaf that states a rule.

    The nearest of block source and open question wins, the question on a tie. Raises
    `DataRefused` for a leaf that has neither, and for a question about nothing.
    """
    questions = {path: q["id"] for q in data["open"] for path in q["paths"]}
    found: dict[str, Source] = {}
    problems: list[Problem] = []
    used: set[str] = set()
    for path, source, asked in _walk(data, questions):
        used |= {asked} if asked else set()
        if source is None:
            zh = "既无出处(src/law)，也未列入 open：请注明来源或列为默认值"
            problems.append(Problem(path, zh, "no src, no law, and not listed under open"))
        else:
            found[path] = source
    for path in sorted(questions.keys() - used):
        zh = f"open 所指的“{path}”不存在，或其下各项均另有出处"
        en = f"{path!r} names no leaf that lacks a source of its own"
        problems.append(Problem(f"open.{questions[path]}.paths", zh, en))
    if problems:
        raise DataRefused(*problems)
    return found


def phrases_of(data: Any) -> Iterator[tuple[str, str]]:
    """Yield (path, phrase) for every phrase said to stand in the instrument; `…` joins pieces."""
    for step, child in children(data):
        if step == "src":
            phrases = child if isinstance(child, list) else [child]
            yield from (("src", piece) for phrase in phrases for piece in phrase.split("…"))
        else:
            yield from ((f"{step}.{path}", piece) for path, piece in phrases_of(child))


def _walk(
    data: Mapping[str, Any], questions: Mapping[str, str]
) -> Iterator[tuple[str, Source | None, str | None]]:
    pending: list[tuple[str, Any, Source | None, str | None]] = [("", data, None, None)]
    while pending:
        path, value, source, asked = pending.pop()
        if isinstance(value, dict) and (text := _text(value)):
            source, asked = Source(text, None), None
        if path in questions:
            source, asked = Source(None, questions[path]), path
        steps = [(step, child) for step, child in children(value) if step not in CODING]
        if path == "":
            steps = [(step, child) for step, child in steps if step not in _WHOLE_SECTIONS]
        if not steps and not (isinstance(value, dict) and value):
            yield path, source, asked
        for step, child in reversed(steps):
            pending.append((f"{path}.{step}" if path else step, child, source, asked))


def _text(block: Mapping[str, Any]) -> str | None:
    src, law = block.get("src"), block.get("law")
    phrases = src if isinstance(src, list) else [src]
    return "；".join(str(part) for part in [*phrases, law] if part) or None
