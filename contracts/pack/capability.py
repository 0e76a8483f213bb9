"""What does this software do with each leaf of a policy pack: act on it, print it, or show it?

A leaf in no row is refused by name when the pack is loaded, so that nothing is silently ignored
(不得静默忽略). A row says `enforced` only where a module reads the leaf and decides otherwise when
it changes; tests/contract/test_pack_capability.py holds every leaf of every pack to that.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from contracts.edition import DataRefused, Problem, children
from contracts.pack.capabilities import DESCRIBED, ENFORCED, PRINTED, SHOWN

if TYPE_CHECKING:
    from contracts.pack import Pack

type Use = Literal["enforced", "printed", "shown", "described"]

CODING = frozenset({"src", "law", "note"})


@dataclass(frozen=True, slots=True)
class Capability:
    """What becomes of the leaves that fit `pattern`, and `by` which modules or on which page.

    `described` leaves say what a thing is called, where it is, what it is for; nobody would
    expect anything to act on them. `shown` leaves ask for something that people must do.
    """

    pattern: str
    use: Use
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnlyShown:
    """A leaf that people read and that nothing acts on (只展示，不自动执行), and why."""

    path: str
    zh: str
    en: str


def _rows() -> Iterator[Capability]:
    tables: tuple[tuple[Use, Mapping[str, str]], ...] = (
        ("enforced", ENFORCED),
        ("printed", PRINTED),
        ("shown", SHOWN),
        ("described", DESCRIBED),
    )
    for use, table in tables:
        for by, patterns in table.items():
            for pattern in patterns.split():
                yield Capability(pattern, use, tuple(by.split()))


CAPABILITIES = tuple(_rows())


class _Node(dict[str, "_Node"]):
    """One step of the patterns; `row` is what becomes of what ends or is empty here."""

    row: Capability | None = None

    def below(self, step: str) -> "_Node | None":
        """The node one step down; a named step wins over any."""
        found = self.get(step)
        return self.get("*") if found is None else found

    @property
    def open_ended(self) -> bool:
        """Whether everything below is taken as a whole, as a condition is."""
        return self.row is not None and not self and self.row.pattern.endswith("**")


def _grown() -> _Node:
    root = _Node()
    for row in CAPABILITIES:
        node = root
        for step in row.pattern.split("."):
            if step == "**":
                break
            node = node.setdefault(step, _Node())
            node.row = node.row or row
        node.row = row
    return root


_ROOT = _grown()


def capability_of(path: str) -> Capability | None:
    """What becomes of the leaf at `path`; None when no row knows it."""
    node = _ROOT
    for step in path.split("."):
        if step in CODING:
            return Capability(f"**.{step}", "described", ("onefile pack show",))
        found = node.below(step)
        if found is None:
            return node.row if node.open_ended else None
        node = found
    return node.row


def refuse_unknown_capability(pack: "Pack", data: Mapping[str, Any]) -> None:
    """Raise `DataRefused` for everything that this software cannot do, by name."""
    from contracts.pack.limits import impossible

    problems = [*_unknown(data, _ROOT, ""), *impossible(pack)]
    if problems:
        raise DataRefused(*problems)


def _unknown(data: Any, node: _Node, path: str) -> Iterator[Problem]:
    """Leaves and branches that no pattern reaches; one walk over the data."""
    if node.open_ended:
        return
    for step, child in children(data):
        if step in CODING:
            continue
        found = node.below(step)
        if found is None:
            zh = "本软件没有与此条目对应的功能：请删去，或改用其他写法；规则不会被悄悄忽略"
            en = "nothing in this software acts on it or shows it: remove it"
            yield Problem(f"{path}.{step}" if path else step, zh, en)
        elif isinstance(child, dict | list):
            yield from _unknown(child, found, f"{path}.{step}" if path else step)


def use_of(pack: "Pack", path: str) -> Use:
    """What becomes of the leaf at `path` of this very pack."""
    from contracts.pack.limits import idle

    row = capability_of(path)
    if row is None:
        return "described"
    if row.use in ("enforced", "printed") and idle(pack, row.pattern, path):
        return "shown"
    return row.use


def shown_only(pack: "Pack") -> tuple[OnlyShown, ...]:
    """The leaves of this pack that ask for something and that nothing acts on."""
    from contracts.pack.limits import idle

    found = []
    for path in pack.sources():
        row = capability_of(path)
        if row is None or row.use == "described":
            continue
        why = idle(pack, row.pattern, path)
        if row.use == "shown":
            why = "只展示，不自动执行", "shown only, not acted on"
        if why is not None:
            found.append(OnlyShown(path, *why))
    return tuple(found)
