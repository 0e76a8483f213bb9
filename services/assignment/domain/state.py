"""Where can the assignment of a matter stand, and how does each event move it?"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType

from contracts.assignment import (
    AgentAssigned,
    AgentReassigned,
    AssignmentAcknowledged,
    CentreNotified,
    ConflictDeclared,
    Group,
    HandoverPrepared,
    ItemDispatched,
    ItemOwnerNamed,
    MatterRouted,
    MatterTransferred,
    NoticeConfirmed,
    StewardPaired,
    TransferConfirmed,
)
from contracts.event import Event


@dataclass(frozen=True, slots=True)
class Task:
    """An item in somebody's hands, and the bodies that assist (YO-22).

    `shadow`: another level serves it, and the agent here only follows (AS-67).
    """

    agent: str
    body: str
    assisted_by: tuple[str, ...] = ()
    shadow: bool = False


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
class Notice:
    """Who was told at first receipt (第一时间告知), and whether a person took note."""

    to: tuple[str, ...]
    delay_minutes: int | None
    confirmed_by: str | None = None
    confirmed_after: int | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    """Items that another level serves (转办), from when to when it must say so."""

    to: str
    confirm_by: date | None
    follow_until: str | None
    person: str | None = None
    late: bool = False
    sent_by: str | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """Who in the department answers for deciding an item (AS-94)."""

    person: str
    body: str
    post: str | None


@dataclass(frozen=True, slots=True)
class Assigned:
    """Where the matter went and who answers for what.

    `agents` maps everybody answerable now to the body he comes from, in order of arrival;
    `rule` decided the route, `rules` had a say, `known` is what they asked about; `sheets` are
    the digests of the hand-over sheets.
    """

    site: str | None = None
    to: tuple[str, ...] = ()
    to_roles: tuple[str, ...] = ()
    lead_body: str | None = None
    jointly: bool = False
    co_leads: tuple[str, ...] = ()
    assisted_by: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    file_at: str | None = None
    rule: str | None = None
    rules: tuple[str, ...] = ()
    known: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    notice: Notice | None = None
    lead: str | None = None
    agents: Mapping[str, str] = MappingProxyType({})
    items: Mapping[str, Task] = MappingProxyType({})
    co_leading: frozenset[str] = frozenset()
    acknowledged: frozenset[str] = frozenset()
    promised: Mapping[str, datetime] = field(default_factory=lambda: MappingProxyType({}))
    transfers: Mapping[str, Transfer] = field(default_factory=lambda: MappingProxyType({}))
    steward: str | None = None
    owners: Mapping[str, Owner] = field(default_factory=lambda: MappingProxyType({}))
    sheets: tuple[str, ...] = ()
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
        """Whether `person` must not carry `item`: a declared interest, or he decides it (X-04)."""
        owner = self.owners.get(item)
        if owner is not None and owner.person == person:
            return True
        replaced = (c for c in self.conflicts if c.remedy == "replaced")
        return any(c.person == person and item in c.items for c in replaced)

    def barred(self, person: str, item: str) -> bool:
        """Whether the order of turns passes `person` over for `item`."""
        return self.has_interest(person, item) or (person, item) in self.gave_up


def evolve(state: Assigned, event: Event) -> Assigned:
    match event:
        case MatterRouted():
            return _routed(state, event)
        case ItemDispatched(item=item, agent=agent, body=body):
            task = Task(agent, body, event.assisted_by, event.shadow)
            return replace(
                state,
                items=_with(state.items, item, task),
                acknowledged=state.acknowledged - {agent},
            )
        case AgentAssigned(agent=agent, body=body, lead=lead):
            return replace(
                state,
                agents=_with(state.agents, agent, body),
                lead=agent if lead else state.lead,
                co_leading=state.co_leading | ({agent} if event.co_lead else set()),
            )
        case AgentReassigned():
            return _reassigned(state, event)
        case AssignmentAcknowledged(agent=agent, promised_at=promised):
            known = _with(state.promised, agent, promised) if promised else state.promised
            return replace(state, acknowledged=state.acknowledged | {agent}, promised=known)
        case ConflictDeclared(person=person, items=items, kind=kind, remedy=remedy):
            conflict = Conflict(person, items, kind, remedy)
            return replace(state, conflicts=(*state.conflicts, conflict))
    return _evolve_beside(state, event)


def _evolve_beside(state: Assigned, event: Event) -> Assigned:
    """What stands beside the agents: notice, transfers, steward, owners, sheets."""
    match event:
        case CentreNotified(to=to, delay_minutes=minutes):
            return replace(state, notice=Notice(to, minutes))
        case NoticeConfirmed(person=person, delay_minutes=minutes) if state.notice:
            taken = replace(state.notice, confirmed_by=person, confirmed_after=minutes)
            return replace(state, notice=taken)
        case MatterTransferred(to=to, items=items):
            sent = Transfer(to, event.confirm_by_on, event.follow_until, sent_by=event.sent_by)
            new = {**state.transfers, **dict.fromkeys(items, sent)}
            return replace(state, transfers=MappingProxyType(new))
        case TransferConfirmed(items=items, person=person, late=late):
            known = {
                item: replace(sent, person=person, late=late) if item in items else sent
                for item, sent in state.transfers.items()
            }
            return replace(state, transfers=MappingProxyType(known))
        case StewardPaired(steward=steward):
            return replace(state, steward=steward)
        case ItemOwnerNamed(item=item, person=person, body=body, post=post):
            owner = Owner(person, body, post)
            return replace(state, owners=_with(state.owners, item, owner))
        case HandoverPrepared(digest=digest):
            return replace(state, sheets=(*state.sheets, digest))
    return state


def _routed(state: Assigned, event: MatterRouted) -> Assigned:
    return replace(
        state,
        site=event.site,
        to=event.to,
        to_roles=event.to_roles,
        lead_body=event.lead,
        jointly=event.jointly,
        co_leads=event.co_leads,
        assisted_by=event.assisted_by,
        groups=event.groups,
        file_at=event.filing,
        rule=event.rule,
        rules=event.rules or (event.rule,),
        known=MappingProxyType(dict(event.known)),
    )


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
        co_leading=_co_leading(state, event, keeps=keeps),
        acknowledged=state.acknowledged
        - ({event.left, event.agent} if moved else {event.left}),
        relays=(*state.relays, relay),
        gave_up=returned | {(event.left, item) for item in moved},
    )


def _co_leading(state: Assigned, event: AgentReassigned, *, keeps: bool) -> frozenset[str]:
    """Who led for his body hands that over with the last of his items."""
    if event.left not in state.co_leading or keeps:
        return state.co_leading
    return state.co_leading - {event.left} | {event.agent}


def _with[K, V](known: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return MappingProxyType({**known, key: value})
