"""Which of many rules can hold at all, given some facts, without asking every one of them?"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contracts.predicate import All, Any, Contains, Facts, OneOf, Predicate, Test

type Tested[R] = Sequence[tuple[R, Test]]
type Keys = tuple[str, frozenset[object]]


class Conditional(Protocol):
    """A rule with a condition."""

    @property
    def when(self) -> Predicate: ...


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The places of the rules that ask one fact, and of each value they ask for."""

    every: tuple[int, ...]
    by_value: dict[object, tuple[int, ...]]

    def places(self, value: object) -> set[int]:
        if value is None:
            return {*self.every}
        values = value if isinstance(value, frozenset) else (value,)
        return {place for one in values for place in self.by_value.get(one, ())}


@dataclass(frozen=True, slots=True)
class Index[R]:
    """Rules in their order, shelved by one fact that each of them asks for plainly."""

    rules: Tested[R]
    shelves: dict[str, _Shelf]
    rest: frozenset[int]

    def possible(self, known: Facts) -> Tested[R]:
        """The rules, in their order, whose condition is not plainly false."""
        if not self.shelves:
            return self.rules
        places = self.rest.union(
            *(shelf.places(known.get(fact)) for fact, shelf in self.shelves.items())
        )
        return [self.rules[place] for place in sorted(places)]


def index_of[R: Conditional](rules: Tested[R]) -> Index[R]:
    """Shelve `rules` by that of their facts for which most values are asked."""
    asked = [_keys(rule.when) for rule, _ in rules]
    values: defaultdict[str, set[object]] = defaultdict(set)
    for keys in asked:
        for fact, wanted in keys:
            values[fact] |= wanted
    shelved: defaultdict[str, dict[int, frozenset[object]]] = defaultdict(dict)
    for place, keys in enumerate(asked):
        if keys:
            fact, wanted = max(keys, key=lambda one: len(values[one[0]]))
            shelved[fact][place] = wanted
    on_a_shelf = {place for places in shelved.values() for place in places}
    return Index(
        rules,
        {fact: _shelf(places) for fact, places in shelved.items()},
        frozenset(range(len(rules))) - on_a_shelf,
    )


def _shelf(places: dict[int, frozenset[object]]) -> _Shelf:
    by_value: defaultdict[object, list[int]] = defaultdict(list)
    for place, wanted in places.items():
        for value in wanted:
            by_value[value].append(place)
    return _Shelf(tuple(places), {value: tuple(found) for value, found in by_value.items()})


def _keys(predicate: Predicate) -> list[Keys]:
    """Facts with values of which one is needed for the condition to hold."""
    match predicate:
        case OneOf(fact, values):
            return [(fact, frozenset(values))]
        case Contains(fact, member):
            return [(fact, frozenset({member}))]
        case All(parts):
            return [keys for part in parts for keys in _keys(part)]
        case Any(parts) if parts and all(len(_keys(part)) == 1 for part in parts):
            found = [_keys(part)[0] for part in parts]
            if len({fact for fact, _ in found}) == 1:
                return [(found[0][0], frozenset().union(*(wanted for _, wanted in found)))]
    return []
