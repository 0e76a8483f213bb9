"""Where can the assignment of a matter stand, and how does each event move it?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    AssignmentAcknowledged,
    ConflictDeclared,
    ItemDispatched,
    MatterRouted,
)
from contracts.event import Event


@dataclass(frozen=True, slots=True)
class Task:
    """An item in somebody's hands, and the bodies that assist (YO-22)."""

    agent: str
    body: str
    assisted_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """An interest that was declared: `remedy` says what follows from it (X-04)."""

    person: str
    items: tuple[str, ...]
    kind: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Relay:
    """A hand-over (移交) and whether the unit was told of it and agreed (民法典第169条)."""

    left: str
    agent: str
    told_applicant: bool
    consented: bool


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where the matter went and who answers for what.

    `agents` maps everybody answerable now to the body he comes from, in order of arrival.
    """

    site: str | None = None
    to: tuple[str, ...] = ()
    lead_body: str | None = None
    jointly: bool = False
    assisted_by: tuple[str, ...] = ()
    lead: str | None = None
    agents: Mapping[str, str] = MappingProxyType({})
    items: Mapping[str, Task] = MappingProxyType({})
    acknowledged: frozenset[str] = frozenset()
    conflicts: tuple[Conflict, ...] = ()
    relays: tuple[Relay, ...] = ()
    gave_up: frozenset[tuple[str, str]] = frozenset()

    @property
    def routed(self) -> bool:
        return bool(self.to)

    def items_of(self, person: str) -> tuple[str, ...]:
        """The items in `person`'s hands, in order."""
        return tuple(item for item, task in self.items.items() if task.agent == person)

    def has_interest(self, person: str, item: str) -> bool:
        """Whether `person` must not carry `item` because of a declared interest (X-04)."""
        replaced = (c for c in self.conflicts if c.remedy == "replaced")
        return any(c.person == person and item in c.items for c in replaced)

    def barred(self, person: str, item: str) -> bool:
        """Whether the order of turns passes `person` over for `item`."""
        return self.has_interest(person, item) or (person, item) in self.gave_up


def evolve(state: Assigned, event: Event) -> Assigned:
    match event:
        case MatterRouted():
            return replace(
                state,
                site=event.site,
                to=event.to,
                lead_body=event.lead,
                jointly=event.jointly,
                assisted_by=event.assisted_by,
            )
        case ItemDispatched(item=item, agent=agent, body=body, assisted_by=assisted_by):
            return replace(
                state,
                items=_with(state.items, item, Task(agent, body, assisted_by)),
                acknowledged=state.acknowledged - {agent},
            )
        case AgentAssigned(agent=agent, body=body, lead=lead):
            return replace(
                state,
                agents=_with(state.agents, agent, body),
                lead=agent if lead else state.lead,
            )
        case AgentReassigned():
            return _reassigned(state, event)
        case AssignmentAcknowledged(agent=agent):
            return replace(state, acknowledged=state.acknowledged | {agent})
        case ConflictDeclared(person=person, items=items, kind=kind, remedy=remedy):
            conflict = Conflict(person, items, kind, remedy)
            return replace(state, conflicts=(*state.conflicts, conflict))
        case _:
            return state


def _reassigned(state: Assigned, event: AgentReassigned) -> Assigned:
    """Named items move; without any, everything that `left` had."""
    moved = event.items or state.items_of(event.left)
    items = dict(state.items)
    for item in moved:
        if item in items:
            items[item] = replace(items[item], agent=event.agent, body=event.body)
    keeps = event.left in {task.agent for task in items.values()}
    agents = {k: v for k, v in state.agents.items() if k != event.left or keeps}
    agents.setdefault(event.agent, event.body)
    relay = Relay(event.left, event.agent, event.told_applicant, event.consented)
    returned = state.gave_up - {(event.agent, item) for item in moved}
    return replace(
        state,
        items=MappingProxyType(items),
        agents=MappingProxyType(agents),
        lead=event.agent if event.lead else state.lead,
        acknowledged=state.acknowledged
        - ({event.left, event.agent} if moved else {event.left}),
        relays=(*state.relays, relay),
        gave_up=returned | {(event.left, item) for item in moved},
    )


def _with[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})
