"""The shape of every functional core: three pure values, no I/O."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any


class Refused(Exception):
    """The rules say no and nothing is recorded.

    `code` is part of the API and never reworded; `details` are JSON values that name what
    stands in the way (a rule's place in the pack, what is missing, what is allowed instead).
    """

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


@dataclass(frozen=True, slots=True)
class Decider[C, S, E, F]:
    """`decide` turns a command into events; `evolve` turns events into state.

    Both are pure: time, ids and everything looked up come in as `facts`. An empty list is a
    full answer: there is nothing new to say.
    """

    initial: S
    evolve: Callable[[S, E], S]
    decide: Callable[[C, S, F], Sequence[E]]

    def fold(self, events: Iterable[E], state: S | None = None) -> S:
        return reduce(self.evolve, events, self.initial if state is None else state)
