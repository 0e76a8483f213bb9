"""How stock eventsourcing reads our facts: by our closed vocabulary, never by an import."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    JSONTranscoder,
    Mapper,
    MapperDeserialisationError,
    NotSupportedError,
    StoredEvent,
)
from pydantic import ValidationError

from contracts.canonical import NotCanonical, canonical, leaf_hash, parse_canonical
from contracts.event import About, Event
from shared.eventstore.vocabulary import UnknownEvent, Vocabulary


@dataclass(frozen=True, slots=True)
class Placed[E: Event]:
    """A fact in its place; `leafhash` (32 bytes) is recomputed from the stored bytes."""

    originator_id: UUID
    originator_version: int
    about: About
    fact: E
    leafhash: bytes


class ContractMapper[E: Event](Mapper[UUID]):
    """Reads the rows of the view `stored_events`, whose state is the exact body of an event.

    What the columns say must be what the body says: anything else is refused with
    `MapperDeserialisationError`, and so are bytes that are not canonical, and unknown types.
    """

    def __init__(self, vocabulary: Vocabulary[E]) -> None:
        super().__init__(transcoder=JSONTranscoder())
        self._vocabulary = vocabulary

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Always raises: append_v1 is the only door to the log."""
        raise NotSupportedError("facts are appended by append_v1 alone, this mapper reads them")

    def to_domain_event(self, stored_event: StoredEvent) -> Placed[E]:
        place = f"{stored_event.originator_id} version {stored_event.originator_version}"
        try:
            body: dict[str, Any] = parse_canonical(stored_event.state)
            about = About.model_validate_json(canonical(body["about"]))
            fact = self._vocabulary.decode(stored_event.topic, canonical(body["fact"]))
        except (NotCanonical, ValidationError, UnknownEvent, KeyError, TypeError) as error:
            raise MapperDeserialisationError(f"{place} is not readable: {error!r}") from error
        said = (about.stream, about.version, about.type)
        if said != (
            stored_event.originator_id,
            stored_event.originator_version,
            stored_event.topic,
        ):
            raise MapperDeserialisationError(f"the bytes at {place} say another place: {said}")
        return Placed(about.stream, about.version, about, fact, leaf_hash(stored_event.state))
