"""What does a condition (条件) written as data say of some facts: yes, no, or unknown?"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

type Facts = Mapping[str, object]
type Scalar = str | int | bool
type Operator = Literal["eq", "gt", "ge", "lt", "le"]
type Atom = OneOf | Compare | Contains
type Test = Callable[[Facts], bool | None]
type Predicate = All | Any | Not | Atom


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; with no parts it always holds."""

    parts: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part holds."""

    parts: tuple[Predicate, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Predicate


@dataclass(frozen=True, slots=True)
class OneOf:
    """The fact has one of these values."""

    fact: str
    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """The fact is a number on this side of the bound."""

    fact: str
    operator: Operator
    bound: int


@dataclass(frozen=True, slots=True)
class Contains:
    """The fact is a set that contains this member (a flag of the project, 标记)."""

    fact: str
    member: str


ALWAYS = All()


def holds(predicate: Predicate, facts: Facts) -> bool | None:
    """Whether `predicate` holds; None when a fact it turns on is not known (三值逻辑)."""
    match predicate:
        case All(parts):
            return _both(holds(part, facts) for part in parts)
        case Any(parts):
            return _invert(_both(_invert(holds(part, facts)) for part in parts))
        case Not(part):
            return _invert(holds(part, facts))
        case OneOf(fact, values):
            found = facts.get(fact)
            return None if found is None else found in values
        case Compare(fact, operator, bound):
            number = facts.get(fact)
            if isinstance(number, bool) or not isinstance(number, int | Decimal):
                return None
            return _compare(number, operator, bound)
        case Contains(fact, member):
            members = facts.get(fact)
            return member in members if isinstance(members, frozenset) else None


def compiled(predicate: Predicate) -> Test:
    """`holds` made ready for one predicate: the same verdict, several times as fast."""
    match predicate:
        case All(parts):
            return _conjunction(tuple(compiled(part) for part in parts))
        case Any(parts):
            return _disjunction(tuple(compiled(part) for part in parts))
        case Not(part):
            inner = compiled(part)
            return lambda facts: None if (verdict := inner(facts)) is None else not verdict
        case OneOf(fact, values):
            wanted = frozenset(values)
            return lambda facts: None if (found := facts.get(fact)) is None else found in wanted
    return lambda facts: holds(predicate, facts)


def mentioned(predicate: Predicate) -> frozenset[str]:
    """The names of all facts `predicate` looks at."""
    return frozenset(atom.fact for atom, _ in atoms(predicate))


def unknown(predicate: Predicate, facts: Facts) -> frozenset[str]:
    """The facts someone must supply before `predicate` is decided; empty when it is."""
    if holds(predicate, facts) is not None:
        return frozenset()
    open_atoms = (atom for atom, _ in atoms(predicate) if holds(atom, facts) is None)
    return frozenset(atom.fact for atom in open_atoms)


def against(predicate: Predicate, facts: Facts) -> tuple[tuple[Atom, bool], ...]:
    """The atoms that speak against `predicate`, each with whether it was wanted to hold."""
    return tuple(
        (atom, wanted)
        for atom, wanted in atoms(predicate)
        if holds(atom, facts) is (not wanted)
    )


def atoms(predicate: Predicate, wanted: bool = True) -> Iterator[tuple[Atom, bool]]:
    """Yield the single tests inside `predicate`, each with whether it should hold."""
    match predicate:
        case All(parts) | Any(parts):
            for part in parts:
                yield from atoms(part, wanted)
        case Not(part):
            yield from atoms(part, not wanted)
        case _:
            yield predicate, wanted


def _conjunction(tests: tuple[Test, ...]) -> Test:
    if len(tests) == 1:
        return tests[0]

    def test(facts: Facts) -> bool | None:
        verdict: bool | None = True
        for part in tests:
            found = part(facts)
            if found is False:
                return False
            if found is None:
                verdict = None
        return verdict

    return test


def _disjunction(tests: tuple[Test, ...]) -> Test:
    def test(facts: Facts) -> bool | None:
        verdict: bool | None = False
        for part in tests:
            found = part(facts)
            if found:
                return True
            if found is None:
                verdict = None
        return verdict

    return test


def _both(verdicts: Iterator[bool | None]) -> bool | None:
    found = set(verdicts)
    if False in found:
        return False
    return None if None in found else True


def _invert(verdict: bool | None) -> bool | None:
    return None if verdict is None else not verdict


def _compare(number: int | Decimal, operator: Operator, bound: int) -> bool:
    match operator:
        case "eq":
            return number == bound
        case "gt":
            return number > bound
        case "ge":
            return number >= bound
        case "lt":
            return number < bound
        case "le":
            return number <= bound
