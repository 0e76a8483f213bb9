"""The decision table for a matter's assignment. The first row that fits decides."""

from collections import Counter
from collections.abc import Iterable, Sequence

from contracts.assignment import (
    AgentAssigned,
    AssignmentAcknowledged,
    ConflictDeclared,
    ItemDispatched,
    MatterRouted,
)
from contracts.event import Event
from services.assignment.domain import relay
from services.assignment.domain.choosing import AGENT_RULE, Turn, named, next_in_turn
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    DeclareConflict,
    DispatchItems,
    HandOver,
    MatterCommand,
    ReassignAgent,
    RouteMatter,
)
from services.assignment.domain.facts import MatterFacts, Request, chain, ours
from services.assignment.domain.relay import dual_posts
from services.assignment.domain.state import Assigned
from shared.decider import Refused


def decide(command: MatterCommand, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    match command:
        case RouteMatter():
            return _route(state, facts)
        case DispatchItems() if state.routed:
            return _dispatch(command, state, facts)
        case AcknowledgeAssignment() if facts.actor in state.agents:
            return _acknowledge(state, facts.actor)
        case ReassignAgent() if command.left in state.agents:
            return relay.reassign(command, state, facts)
        case ReassignAgent() if relay.handed_over(command, state):
            return relay.agreed_later(command, state)
        case HandOver() if command.left in state.agents:
            return relay.hand_over(command, state, facts)
        case HandOver():
            return []
        case DeclareConflict() if state.routed:
            return _declare(command, state, facts)
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state="routed" if state.routed else "not_routed",
        allowed=["RouteMatter"] if not state.routed else _allowed(state),
    )


def _allowed(state: Assigned) -> list[str]:
    served = ["AcknowledgeAssignment", "ReassignAgent"] if state.agents else []
    return ["DispatchItems", "DeclareConflict", *served]


def _route(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    request = _accepted(facts)
    routing = facts.pack.route(request.project)
    if routing.missing or not routing.to or request.site is None:
        raise Refused(
            "route_undecided",
            missing=sorted(routing.missing) or ["site"],
            rule="routing",
            remedy="在项目情况中补填选址后再派单",
        )
    rule = f"routing.{routing.rules[0]}"
    lead = request.body if request.body in routing.to else routing.to[0]
    event = MatterRouted(
        site=request.site,
        to=routing.to,
        lead=lead,
        jointly=routing.jointly,
        assisted_by=routing.assisted_by,
        rule=rule,
        defaults=ours(facts.pack, rule, "team.lead"),
    )
    if (state.site, state.to, state.lead_body) == (event.site, event.to, event.lead):
        return []
    if state.items:
        raise Refused(
            "already_dispatched", site=state.site, to=list(state.to), remedy="改用移交办理"
        )
    return [event]


def _accepted(facts: MatterFacts) -> Request:
    if facts.request is None or not facts.request.accepted:
        raise Refused("matter_not_accepted", remedy="先由受理环节决定受理")
    return facts.request


def _dispatch(command: DispatchItems, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    request = _accepted(facts)
    if request.mode == "none":
        raise Refused("service_not_wanted", mode="none", remedy="项目单位另选服务方式后再派单")
    items = _to_hand_out(command, state, request)
    given: Counter[str] = Counter()
    turns: dict[str, Turn] = {}
    for item in items:
        turns[item] = (
            named(command.agent, item, state, facts)
            if command.agent
            else next_in_turn(item, state, facts, given)
        )
        given[turns[item].member.person] += 1
    if not turns:
        return []
    return [
        *(_dispatched(item, turn, command, state, facts) for item, turn in turns.items()),
        *_answerable(turns, state, facts),
        *dual_posts(turns, state),
    ]


def _to_hand_out(command: DispatchItems, state: Assigned, request: Request) -> Iterable[str]:
    """What nobody has yet; refused when an item is out of scope or in other hands."""
    if not request.items:
        raise Refused("scope_not_fixed", remedy="先确定事项范围")
    wanted = dict.fromkeys(command.items or request.items)
    if strange := [item for item in wanted if item not in request.items]:
        raise Refused("item_not_in_scope", items=strange, scope=list(request.items))
    taken = {item: state.items[item].agent for item in wanted if item in state.items}
    if command.items and command.agent:
        if elsewhere := [item for item, agent in taken.items() if agent != command.agent]:
            raise Refused("item_already_dispatched", items=elsewhere, remedy="改用移交办理")
    return [item for item in wanted if item not in taken]


def _dispatched(
    item: str, turn: Turn, command: DispatchItems, state: Assigned, facts: MatterFacts
) -> ItemDispatched:
    """The item in its agent's hands. Whoever provides agents jointly assists (YO-22, YO-23)."""
    member = turn.member
    others = tuple(body for body in state.to if body != member.body) if state.jointly else ()
    rule = _item_rule(facts)
    return ItemDispatched(
        item=item,
        body=member.body,
        agent=member.person,
        assisted_by=tuple(dict.fromkeys((*others, *state.assisted_by))),
        passed_over=turn.passed_over,
        jumped=0 if state.items else facts.waiting,
        rule=rule,
        defaults=ours(facts.pack, rule),
        jump_reason=command.jump_reason if facts.waiting and not state.items else None,
    )


def _item_rule(facts: MatterFacts) -> str:
    rules = (r for r in facts.pack.routing if r.applies_to == "item")
    return next((f"routing.{rule.id}" for rule in rules), "team.per_matter")


def _answerable(
    turns: dict[str, Turn], state: Assigned, facts: MatterFacts
) -> Iterable[AgentAssigned]:
    """Everybody who is new to the matter; exactly one leads (专人负责, YO-12)."""
    people = dict.fromkeys(turn.member for turn in turns.values())
    lead = None
    if state.lead is None:
        own = (m for m in people if state.lead_body in set(chain(facts.pack, m.body)))
        lead = next(own, next(iter(people)))
        yield AgentAssigned(
            agent=lead.person,
            body=lead.body,
            lead=True,
            rule="team.lead",
            defaults=ours(facts.pack, "team.lead"),
        )
    for member in people:
        if member == lead or member.person in state.agents:
            continue
        items = tuple(item for item, turn in turns.items() if turn.member == member)
        yield AgentAssigned(
            agent=member.person,
            body=member.body,
            lead=False,
            items=items,
            rule="team.per_matter",
        )


def _acknowledge(state: Assigned, actor: str) -> Sequence[Event]:
    if actor in state.acknowledged:
        return []
    lead = actor == state.lead
    return [AssignmentAcknowledged(agent=actor, lead=lead, items=state.items_of(actor))]


def _declare(command: DeclareConflict, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    person = command.person or facts.actor
    items = tuple(dict.fromkeys(command.items))
    same = (person, items, command.kind, command.remedy)
    if any((c.person, c.items, c.kind, c.remedy) == same for c in state.conflicts):
        return []
    return [
        ConflictDeclared(
            person=person,
            items=items,
            kind=command.kind,
            remedy=command.remedy,
            rule=AGENT_RULE,
            reason=command.reason,
        )
    ]
