"""How is a fact of an earlier version read as one of today's: by pure steps, one version at a time."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from contracts.event import Event
from contracts.registry import BY_TYPE

type Step = Callable[[dict[str, Any]], dict[str, Any]]

STEPS: dict[str, Step] = {}
"""`intake.thing_done.v1` -> what makes its fact one of `intake.thing_done.v2`.

A step is kept for ever, knows nothing but the fact, and adds no personal data: it says what a
reader may infer, and leaves out what was never said. The old class stays in the registry too;
nothing writes it any more. Bytes in a log never change: only how they are read.
"""


def next_version(type: str) -> str:
    """`intake.thing_done.v2` for `intake.thing_done.v1`."""
    name, _, number = type.rpartition(".v")
    return f"{name}.v{int(number) + 1}"


def today(type: str) -> str:
    """The version of `type` that today's code knows; `type` itself when there is no later one."""
    while type in STEPS:
        type = next_version(type)
    return type


def kind_of(type: str) -> type[Event] | None:
    """Today's class for a fact of `type`, of whatever version; None for news of a later release."""
    return BY_TYPE.get(today(type))


def raised(type: str, fact: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The fact as today's version of it says it, through every version in between."""
    made = dict(fact)
    while (step := STEPS.get(type)) is not None:
        type, made = next_version(type), step(made)
    return type, made


def event_of(type: str, fact: Mapping[str, Any]) -> Event | None:
    """The fact as an event of today's class; None for a type that only a later release knows.

    Raises pydantic's `ValidationError` for a fact that its type does not allow.
    """
    kind = kind_of(type)
    return kind.model_validate(raised(type, fact)[1]) if kind else None


def event_in(type: str, fact: str) -> Event | None:
    """The same from the text of the fact."""
    kind = kind_of(type)
    if kind is None:
        return None
    return kind.model_validate_json(fact if type not in STEPS else text_raised(type, fact))


def text_raised(type: str, fact: str) -> bytes:
    """The text of the fact as today's version of it says it."""
    return orjson.dumps(raised(type, orjson.loads(fact))[1])


def newer_than(types: Iterable[str]) -> dict[str, str]:
    """Of these types, those of which there is a later version that is not among them."""
    given = set(types)
    known = {type: _last(type) for type in given}
    return {old: new for old, new in sorted(known.items()) if new not in given}


def _last(type: str) -> str:
    while (later := next_version(type)) in BY_TYPE:
        type = later
    return type
