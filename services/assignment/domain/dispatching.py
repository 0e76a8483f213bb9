"""Who gets which item of a matter, who leads, and who may say so (派单)?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contracts.assignment import AgentAssigned, ItemDispatched
from contracts.event import Event
from services.assignment.domain.choosing import (
    RANKING,
    ROLES,
    Turn,
    Wish,
    entitled,
    named,
    next_in_turn,
    wish_for,
)
from services.assignment.domain.commands import DispatchItems
from services.assignment.domain.facts import MatterFacts, Request, chain, ours
from services.assignment.domain.relay import dual_posts
from services.assignment.domain.routing import item_rule, path_of, transfer_of
from services.assignment.domain.state import Assigned
from shared.decider import Refused

SLOW, SLOWER = 5, 15
"""Working days beyond which an item weighs two and three points (默认值)."""


def accepted(facts: MatterFacts) -> Request:
    if facts.request is None or not facts.request.accepted:
        raise Refused(
            "matter_not_accepted", remedy="先由受理环节决定受理 / intake must accept it first"
        )
    return facts.request


def dispatch(command: DispatchItems, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    entitled(facts, "dispatch", "assign")
    request = accepted(facts)
    if request.mode == "none":
        raise Refused(
            "service_not_wanted",
            mode="none",
            remedy=(
                "项目单位另选服务方式后再派单 / "
                "dispatch after the unit has chosen another mode of service"
            ),
        )
    items = _to_hand_out(command, state, request)
    turns = _turns(items, command, state, facts)
    if not turns:
        return []
    return [
        *(_dispatched(item, turn, command, state, facts) for item, turn in turns.items()),
        *_answerable(turns, state, facts),
        *dual_posts(turns, state),
    ]


def help_at_once(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """A helper for who is helped without asking (YY-19); refused while nobody is free."""
    request = accepted(facts)
    automatic = any(m.id == "assist" and m.enrol == "automatic" for m in facts.pack.modes)
    if not state.routed or state.agents or request.mode == "none" or not automatic:
        return []
    if request.items:
        return dispatch(DispatchItems(), state, facts)
    turn = next_in_turn(wish_for(None, state, facts), state, facts)
    rule = "modes.assist.enrol"
    return [
        AgentAssigned(
            agent=turn.member.person,
            body=turn.member.body,
            lead=True,
            rule=rule,
            defaults=(*ours(facts.pack, rule), RANKING),
        )
    ]


def _turns(
    items: Iterable[str], command: DispatchItems, state: Assigned, facts: MatterFacts
) -> dict[str, Turn]:
    """One person for each item; items of one hand go to one person where that can be."""
    given: dict[str, tuple[str, int]] = {}
    turns: dict[str, Turn] = {}
    for item in items:
        wish = replace(
            wish_for(item, state, facts), skills=frozenset(command.skills), given=given
        )
        turns[item] = (
            named(command.agent, wish, state, facts)
            if command.agent
            else next_in_turn(wish, state, facts)
        )
        given = {**given, item: (turns[item].member.person, points_of(item, facts))}
    return turns


def points_of(item: str, facts: MatterFacts) -> int:
    """What an item weighs in somebody's hands: more the longer it takes (默认值)."""
    known = {i.id: i for i in facts.catalogue.items} if facts.catalogue else {}
    days = known[item].limit.planned_wd if item in known else 0
    return 1 + (days > SLOW) + (days > SLOWER)


def _to_hand_out(command: DispatchItems, state: Assigned, request: Request) -> list[str]:
    """What nobody has yet; refused when an item is out of scope or in other hands."""
    if not request.items:
        raise Refused(
            "scope_not_fixed", remedy="先确定事项范围 / settle the scope of items first"
        )
    wanted = dict.fromkeys(command.items or request.items)
    if strange := [item for item in wanted if item not in request.items]:
        raise Refused(
            "item_not_in_scope",
            items=strange,
            scope=list(request.items),
            remedy="请从服务事项中选取，或先调整范围 / choose items of the scope, or amend it",
        )
    taken = {item: state.items[item].agent for item in wanted if item in state.items}
    if command.items and command.agent:
        if elsewhere := [item for item, agent in taken.items() if agent != command.agent]:
            raise Refused(
                "item_already_dispatched",
                items=elsewhere,
                remedy="改用移交办理 / hand the matter over instead",
            )
    return [item for item in wanted if item not in taken]


def _dispatched(
    item: str, turn: Turn, command: DispatchItems, state: Assigned, facts: MatterFacts
) -> ItemDispatched:
    """The item in its agent's hands. Whoever provides agents jointly assists (YO-22, YO-23)."""
    member, request = turn.member, accepted(facts)
    others = tuple(body for body in state.to if body != member.body) if state.jointly else ()
    rule = _rule_of(item, facts, request)
    return ItemDispatched(
        item=item,
        body=member.body,
        agent=member.person,
        assisted_by=tuple(dict.fromkeys((*others, *state.assisted_by))),
        passed_over=turn.passed_over,
        ranking=turn.ranking,
        points=points_of(item, facts),
        shadow=item in state.transfers or transfer_of(item, facts, request) is not None,
        jumped=0 if state.items else facts.waiting,
        rule=rule,
        defaults=(*ours(facts.pack, rule), RANKING),
        jump_reason=command.jump_reason if facts.waiting and not state.items else None,
    )


def _rule_of(item: str, facts: MatterFacts, request: Request) -> str:
    rule = item_rule(item, facts, request)
    return path_of(rule) if rule else "team.per_matter"


def _answerable(
    turns: Mapping[str, Turn], state: Assigned, facts: MatterFacts
) -> Iterable[AgentAssigned]:
    """Everybody who is new to the matter; exactly one leads (专人负责, YO-12, AS-59)."""
    people = dict.fromkeys(turn.member for turn in turns.values())
    lead = None
    if state.lead is None or _cannot_lead(state.lead, facts):
        own = (m for m in people if state.lead_body in set(chain(facts.pack, m.body)))
        lead = next(own, next(iter(people)))
        yield AgentAssigned(
            agent=lead.person,
            body=lead.body,
            lead=True,
            rule="team.lead",
            defaults=ours(facts.pack, "team.lead"),
        )
    seen = {lead.body} if lead else set()
    for member in people:
        if member == lead or member.person in state.agents:
            continue
        above = set(chain(facts.pack, member.body))
        led = [body for body in state.co_leads if body in above and body != state.lead_body]
        yield AgentAssigned(
            agent=member.person,
            body=member.body,
            lead=False,
            co_lead=bool(led) and member.body not in seen,
            items=tuple(item for item, turn in turns.items() if turn.member == member),
            rule=state.rule if led else "team.per_matter",
        )
        seen.add(member.body)
    yield from _beside(people, state, facts)


def _beside(
    people: Iterable[object], state: Assigned, facts: MatterFacts
) -> Iterable[AgentAssigned]:
    """A body that leads too, and has nobody on the matter yet, names one (共同牵头)."""
    there = {getattr(m, "body", None) for m in people} | set(state.agents.values())
    on = {above for body in there if body for above in chain(facts.pack, body)}
    for body in state.co_leads:
        if body in on or body == state.lead_body or _has_items_to_come(body, state):
            continue
        try:
            member = next_in_turn(Wish(None, (body,)), state, facts).member
        except Refused:
            continue
        yield AgentAssigned(
            agent=member.person, body=member.body, lead=False, co_lead=True, rule=state.rule
        )


def _has_items_to_come(body: str, state: Assigned) -> bool:
    """A group's people come with its items."""
    return any(body in group.to for group in state.groups)


def _cannot_lead(person: str, facts: MatterFacts) -> bool:
    """A helper who was there first gives the lead to the agent once agency is chosen."""
    member = facts.roster.staff.get(person)
    mode = facts.request.mode if facts.request else None
    return member is not None and mode == "agent" and not member.roles & ROLES[mode]
