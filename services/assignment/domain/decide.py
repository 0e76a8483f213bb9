"""The decision table for a matter's assignment. The first row that fits decides."""

from collections.abc import Sequence
from contextlib import suppress

from contracts.assignment import (
    AssignmentAcknowledged,
    ConflictDeclared,
    MatterRouted,
    MatterTransferred,
)
from contracts.event import Event
from services.assignment.domain import relay, telling, transferring
from services.assignment.domain.choosing import AGENT_RULE
from services.assignment.domain.commands import (
    AcknowledgeAssignment,
    ArrangeMatter,
    ConfirmNotice,
    ConfirmTransfer,
    DeclareConflict,
    DispatchItems,
    HandOver,
    MatterCommand,
    NameOwner,
    PairSteward,
    ReassignAgent,
    RouteMatter,
    TransferItems,
)
from services.assignment.domain.dispatching import accepted, dispatch, help_at_once
from services.assignment.domain.facts import MatterFacts, ours
from services.assignment.domain.routing import path_of, route
from services.assignment.domain.state import Assigned, evolve
from shared.decider import Refused


def decide(command: MatterCommand, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    match command:
        case RouteMatter():
            return _route(state, facts)
        case DispatchItems() if state.routed:
            return dispatch(command, state, facts)
        case ArrangeMatter():
            return _arrange(state, facts)
        case AcknowledgeAssignment() if facts.actor in state.agents:
            return _acknowledge(command, state, facts.actor)
        case ReassignAgent() if command.left in state.agents:
            return relay.reassign(command, state, facts)
        case ReassignAgent() if relay.handed_over(command, state):
            return relay.agreed_later(command, state)
        case HandOver():
            return relay.hand_over(command, state, facts)
    return _decide_beside(command, state, facts)


def _decide_beside(
    command: MatterCommand, state: Assigned, facts: MatterFacts
) -> Sequence[Event]:
    """What is decided beside the agents: notice, transfers, conflicts, steward, owners."""
    match command:
        case ConfirmNotice():
            return telling.confirm_notice(state, facts)
        case TransferItems() if state.routed:
            return transferring.transfer(command, state, facts)
        case ConfirmTransfer() if state.transfers:
            return transferring.confirm(command, state, facts)
        case DeclareConflict() if state.routed:
            return _declare(command, state, facts)
        case PairSteward() if state.routed:
            return telling.pair(command, state, facts)
        case NameOwner() if state.routed:
            return telling.name_owner(command, state, facts)
    raise Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state="routed" if state.routed else "not_routed",
        allowed=["RouteMatter"] if not state.routed else _allowed(state),
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


def _allowed(state: Assigned) -> list[str]:
    served = ["AcknowledgeAssignment", "ReassignAgent", "PairSteward"] if state.agents else []
    sent = ["ConfirmTransfer"] if state.transfers else []
    return ["DispatchItems", "TransferItems", "NameOwner", "DeclareConflict", *served, *sent]


def _arrange(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """Told, routed, transferred, helped: each as far as the rules can decide it now."""
    decided: list[Event] = []
    for arrange in (telling.notify, _route, _transfer_at_once, help_at_once):
        with suppress(Refused):
            new = arrange(state, facts)
            decided.extend(new)
            for event in new:
                state = evolve(state, event)
    return decided


def _transfer_at_once(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    sent = transferring.transfer(TransferItems(), state, facts) if state.routed else ()
    return [event for event in sent if isinstance(event, MatterTransferred) and event.at_once]


def _route(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    request = accepted(facts)
    found = route(facts, request)
    if found.rule is None or not found.to:
        raise Refused(
            "route_undecided",
            missing=sorted(found.missing),
            rule=path_of(found.rule) if found.rule else "routing",
            remedy=(
                "在项目情况中补填所缺情况（如选址）后再派单 / "
                "add what is lacking to the project (its site, say), then dispatch"
            ),
        )
    rule = path_of(found.rule)
    lead = request.body if request.body in found.to else found.to[0]
    event = MatterRouted(
        site=request.site,
        to=found.to,
        to_roles=found.roles,
        lead=lead,
        jointly=found.rule.jointly,
        co_leads=tuple(body for body in found.co_leads if body != lead),
        assisted_by=found.rule.assisted_by,
        groups=found.groups,
        filing=found.file_at,
        rule=rule,
        rules=found.rules,
        known=found.known,
        defaults=ours(facts.pack, rule, "team.lead"),
    )
    after = evolve(state, event)
    if _course(after) == _course(state):
        return []
    if state.items:
        raise Refused(
            "already_dispatched",
            site=state.site,
            to=list(state.to),
            remedy="改用移交办理 / hand the matter over instead",
        )
    return [event]


def _course(state: Assigned) -> tuple[object, ...]:
    """What of a route people act upon."""
    bodies = (state.to, state.lead_body, state.co_leads, state.assisted_by, state.groups)
    return (state.site, state.rule, state.jointly, state.file_at, *bodies)


def _acknowledge(
    command: AcknowledgeAssignment, state: Assigned, actor: str
) -> Sequence[Event]:
    promised = command.promised_at
    if actor in state.acknowledged and promised in (None, state.promised.get(actor)):
        return []
    return [
        AssignmentAcknowledged(
            agent=actor,
            lead=actor == state.lead,
            items=state.items_of(actor),
            promised_at=promised,
        )
    ]


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
