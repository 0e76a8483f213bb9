"""How does work go from one agent to the next (接力移交), and what does that take?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from contracts.assignment import AgentReassigned, ConflictDeclared, HandoverPrepared
from contracts.event import Event, Personal
from services.assignment.domain.choosing import (
    AGENT_RULE,
    Turn,
    Wish,
    entitled,
    named,
    next_in_turn,
    wish_for,
)
from services.assignment.domain.commands import HandOver, ReassignAgent
from services.assignment.domain.facts import MatterFacts
from services.assignment.domain.roster import Member
from services.assignment.domain.state import Assigned
from shared.decider import Refused

CONSENT_RULE = "team.rules.replacement_needs_consent"


def dual_posts(turns: Mapping[str, Turn], state: Assigned) -> Iterable[ConflictDeclared]:
    """An agent who also approves carries the papers of his items and never decides them (X-04)."""
    for member in dict.fromkeys(turn.member for turn in turns.values()):
        items = tuple(i for i, turn in turns.items() if turn.member == member)
        known = {i for c in state.conflicts if c.person == member.person for i in c.items}
        new = tuple(item for item in items if item not in known)
        if "approver" in member.roles and new:
            yield ConflictDeclared(
                person=member.person,
                items=new,
                kind="own_department",
                remedy="carries_only",
                rule=AGENT_RULE,
            )


def reassign(command: ReassignAgent, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    items = tuple(dict.fromkeys(command.items or ()))
    held = state.items_of(command.left)
    if strange := [item for item in items if item not in held]:
        raise Refused(
            "not_his_item",
            person=command.left,
            items=strange,
            held=list(held),
            remedy="请选此人承办的事项 / choose items that this person serves",
        )
    if command.agent == command.left:
        raise Refused(
            "same_person", person=command.left, remedy="请另选专员 / choose another agent"
        )
    _may_hand_over(command, facts)
    wished = command.cause == "applicant_wish"
    _consent(command, facts, wished=wished)
    member = _successor(command, items or held, state, facts)
    whole = not items or set(items) == set(held)
    event = AgentReassigned(
        left=command.left,
        agent=member.person,
        body=member.body,
        lead=whole and state.lead == command.left,
        items=items,
        cause=command.cause,
        told_applicant=command.told_applicant or wished,
        consented=command.consented or wished,
        handover=command.handover,
    )
    posts = dual_posts({item: Turn(member) for item in items or held}, state)
    return [*prepared(command.left, member.person, items or held, facts), event, *posts]


def prepared(
    left: str, agent: str, items: tuple[str, ...], facts: MatterFacts
) -> Iterable[HandoverPrepared]:
    """The sheet that goes with it (交接单): its digest on record, its text sealed."""
    if facts.sheet is not None:
        yield HandoverPrepared(
            left=left,
            agent=agent,
            items=items,
            digest=facts.sheet.digest,
            relied_on=facts.sheet.relied_on,
            sheet=Personal(facts.sheet.text),
        )


def _may_hand_over(command: ReassignAgent, facts: MatterFacts) -> None:
    """Who assigns may; an agent his own, where no post of the pack assigns agents (YY-14)."""
    posts = any({"assign", "reassign"} & set(role.can) for role in facts.pack.roles)
    if not posts and facts.actor == command.left:
        return
    entitled(facts, "assign", "reassign", "dispatch")


def _consent(command: ReassignAgent, facts: MatterFacts, *, wished: bool) -> None:
    """In agency another agent needs the unit's knowledge and consent (民法典第169条)."""
    rules = {rule.id for rule in facts.pack.team.rules}
    agency = facts.request is not None and facts.request.mode == "agent"
    needed = agency and not wished and "replacement_needs_consent" in rules
    lacking = [n for n in ("told_applicant", "consented") if not getattr(command, n)]
    if needed and lacking:
        raise Refused(
            "consent_needed",
            rule=CONSENT_RULE,
            lacking=lacking,
            remedy=(
                "告知项目单位并取得其同意后再移交 / "
                "tell the unit and have its consent before handing over"
            ),
        )


def _successor(
    command: ReassignAgent, items: Sequence[str], state: Assigned, facts: MatterFacts
) -> Member:
    """One person for all that moves; a reserve who is activated may take it over."""
    wishes = [replace(wish_for(i, state, facts), handing_over=True) for i in items]
    wishes = wishes or [Wish(None, state.to, handing_over=True)]
    if command.agent:
        person = command.agent
    else:
        turn = next_in_turn(wishes[0], state, facts, without={command.left})
        person = turn.member.person
    return [named(person, wish, state, facts) for wish in wishes][-1].member


def handed_over(command: ReassignAgent, state: Assigned) -> bool:
    last = next((r for r in reversed(state.relays) if r.left == command.left), None)
    same = last is not None and command.agent in (None, last.agent)
    return same and last is not None and last.agent in state.agents


def agreed_later(command: ReassignAgent, state: Assigned) -> Sequence[Event]:
    """The unit was told of a hand-over, or agreed to it, after it had to be made (X-15)."""
    relay = next(r for r in reversed(state.relays) if r.left == command.left)
    told = relay.told_applicant or command.told_applicant
    consented = relay.consented or command.consented
    if (told, consented) == (relay.told_applicant, relay.consented):
        return []
    return [
        AgentReassigned(
            left=relay.left,
            agent=relay.agent,
            body=state.agents[relay.agent],
            lead=state.lead == relay.agent,
            cause=command.cause,
            told_applicant=told,
            consented=consented,
            handover=command.handover,
        )
    ]


def hand_over(command: HandOver, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """The holder is gone and work may not rest: consent is still to be had (X-15).

    An item in which the heir has an interest stays for a person to hand over (X-04).
    """
    if command.left not in state.agents:
        return []
    member = facts.roster.staff.get(command.agent)
    held = state.items_of(command.left)
    meant = tuple(item for item in held if command.items is None or item in command.items)
    movable = tuple(item for item in meant if not state.has_interest(command.agent, item))
    if member is None or (not movable and (meant or command.items is not None)):
        return []
    whole = movable == held
    event = AgentReassigned(
        left=command.left,
        agent=member.person,
        body=member.body,
        lead=whole and state.lead == command.left,
        items=() if whole else movable,
        cause=command.cause,
    )
    posts = dual_posts({item: Turn(member) for item in movable}, state)
    return [*prepared(command.left, member.person, movable, facts), event, *posts]
