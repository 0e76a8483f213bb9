"""Which sizes of which logs are sealed, so that a dossier cannot leave its last event out?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from contracts.archive import HeadsSealed
from contracts.event import Event
from contracts.vocabulary import Store
from shared.decider import Decider


@dataclass(frozen=True, slots=True)
class SealHeads:
    """封存 Seal the heads of a store at a size of its log. Asked by the agenda alone."""

    store: Store
    log_size: int
    count: int
    root: str


type Sealed = Mapping[str, int]
"""The size up to which each store is sealed."""


def evolve(state: Sealed, event: Event) -> Sealed:
    match event:
        case HeadsSealed(store=store, log_size=size):
            return MappingProxyType({**state, store: size})
    return state


def decide(command: SealHeads, state: Sealed, _: None) -> Sequence[Event]:
    """Sealed when the log has grown since; the same size twice is once."""
    if command.log_size <= state.get(command.store, 0):
        return []
    return [
        HeadsSealed(
            store=command.store,
            log_size=command.log_size,
            count=command.count,
            root=command.root,
        )
    ]


SEALS: Decider[SealHeads, Sealed, Event, None] = Decider(MappingProxyType({}), evolve, decide)
