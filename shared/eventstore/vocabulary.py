"""The closed vocabulary of a service's streams: which facts may stand in them, and how they decode."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal, TypedDict

import orjson
from pydantic import Field, TypeAdapter, ValidationError

from contracts.event import Event
from contracts.upcasting import STEPS, raised, text_raised, today


class UnknownEvent(LookupError):
    """A stream of our own holds a type that this version does not know: run a later version."""


class OtherStream(LookupError):
    """The stream began with a fact that this kind of stream never holds: it is another thing."""


class Vocabulary[E: Event]:
    """Decodes whole streams in one call. Types come from this list, never from an import.

    A fact of an earlier version is read as today's: whoever folds a stream knows no other.
    """

    def __init__(self, events: Sequence[type[E]]) -> None:
        self.by_type: dict[str, type[E]] = {
            wire_type(e): e for e in events if wire_type(e) not in STEPS
        }
        self._earlier = [f'"{old}"' for old in STEPS if today(old) in self.by_type]
        kinds: list[Any] = [
            TypedDict(e.__name__, {"t": Literal[type], "f": e})  # type: ignore[operator]
            for type, e in self.by_type.items()
        ]
        union: Any = reduce(or_, kinds)
        tagged = union if len(kinds) == 1 else Annotated[union, Field(discriminator="t")]
        self._stream: TypeAdapter[list[dict[str, E]]] = TypeAdapter(
            list[tagged]  # type: ignore[valid-type]
        )

    def decode_stream(self, text: str, *, whole: bool = True) -> list[E]:
        """Decode a JSON array of `{"t": type, "f": fact}`; `whole`: from the first fact on.

        Raises `OtherStream` when the first fact of a stream is of no type of ours. A later one
        that is unknown was written by a newer version, and is an error of its own.
        """
        if any(old in text for old in self._earlier):
            text = _all_raised(text)
        try:
            return [told["f"] for told in self._stream.validate_json(text)]
        except ValidationError as error:
            first = orjson.loads(text)[0]["t"]
            if whole and first not in self.by_type:
                raise OtherStream(first) from error
            raise

    def decode(self, type: str, fact: str) -> E:
        """Decode one fact; raises `UnknownEvent` for a type that is not in the list."""
        known = self.by_type.get(today(type))
        if known is None:
            raise UnknownEvent(type)
        return known.model_validate_json(text_raised(type, fact) if type in STEPS else fact)


def _all_raised(text: str) -> str:
    facts = (raised(told["t"], told["f"]) for told in orjson.loads(text))
    return orjson.dumps([{"t": type, "f": fact} for type, fact in facts]).decode()


def wire_type(event: type[Event]) -> str:
    """The name of the event on the wire: `intake.service_accepted.v1`."""
    name: str = event.model_fields["type"].default
    return name
