"""`given(...).when(...).then(...)` for any decider."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from contracts.event import Event, Personal
from shared.decider import Decider, Refused


@dataclass(frozen=True, slots=True)
class Spec[C, S, E: Event, F]:
    """A stream with a history, a question, and what is expected of the answer.

    The history is given as a stream gives it back: its personal fields are withheld, so a rule
    that leans on them fails here and not in service.
    """

    decider: Decider[C, S, E, F]
    facts: F
    history: tuple[E, ...] = ()
    command: C | None = None

    def given(self, *history: E) -> "Spec[C, S, E, F]":
        """The events that happened before, oldest first."""
        return Spec(self.decider, self.facts, tuple(_read_back(event) for event in history))

    def when(self, command: C, facts: F | None = None) -> "Spec[C, S, E, F]":
        """What is asked; `facts` instead of those of the specification."""
        held = self.facts if facts is None else facts
        return Spec(self.decider, held, self.history, command)

    def then(self, *expected: E) -> None:
        """Exactly these events are decided; a personal field left out and one not given are one."""
        decided = tuple(self._decide())
        same = [_without_nulls(e) for e in decided] == [_without_nulls(e) for e in expected]
        assert same, f"expected {expected}, got {decided}"

    def then_nothing(self) -> None:
        """There is nothing new to say."""
        decided = self._decide()
        assert not decided, f"expected nothing, got {decided}"

    def then_refused(self, code: str) -> dict[str, Any]:
        """The rules say no with this code; returns the details."""
        try:
            decided = self._decide()
        except Refused as refused:
            assert refused.code == code, f"refused ({refused.code}), not ({code})"
            return refused.details
        raise AssertionError(f"expected a refusal ({code}), got {decided}")

    def state(self) -> S:
        """Where the history leads."""
        return self.decider.fold(self.history)

    def _decide(self) -> Sequence[E]:
        assert self.command is not None, "say .when(command) first"
        return self.decider.decide(self.command, self.state(), self.facts)


def _read_back[E: Event](event: E) -> E:
    withheld = {name: Personal[Any](None) for name in event.personal_fields}
    return event.model_copy(update=withheld) if withheld else event


def _without_nulls[E: Event](event: E) -> E:
    absent = {
        n: Personal[Any](None) for n in event.personal_fields if getattr(event, n) is None
    }
    return event.model_copy(update=absent) if absent else event
