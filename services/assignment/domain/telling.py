"""Who is told, paired and named beside the agents: centre, steward, owner in the department?"""

from collections.abc import Sequence

from contracts.assignment import CentreNotified, ItemOwnerNamed, NoticeConfirmed, StewardPaired
from contracts.event import Event
from contracts.pack import Pack
from contracts.predicate import holds
from services.assignment.domain.choosing import AGENT_RULE
from services.assignment.domain.commands import NameOwner, PairSteward
from services.assignment.domain.facts import MatterFacts, chain, ours
from services.assignment.domain.routing import known_of, route
from services.assignment.domain.state import Assigned
from shared.decider import Refused

TELL = "report_to_team_at_once"


def notice_rule(pack: Pack) -> str | None:
    """The stage at which the centre must be told at once; None: the pack does not ask for it."""
    for stage in pack.process:
        if stage.done_when == "CentreNotified" or TELL in stage.must:
            return f"process.{stage.id}"
    return None


def notify(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """The body and the groups the matter will go to are told as soon as that is known (YY-52)."""
    rule = notice_rule(facts.pack)
    if rule is None or state.notice or facts.request is None:
        return []
    found = route(facts, facts.request)
    known = known_of(facts.pack, facts.catalogue, facts.request)
    groups = [g.body for g in facts.pack.team.working_groups if holds(g.when, known)]
    items = [body for group in found.groups for body in group.to]
    to = tuple(dict.fromkeys((*found.to, *groups, *items)))
    if not to:
        return []
    return [
        CentreNotified(
            to=to,
            received_at=facts.received_at,
            delay_minutes=facts.minutes,
            rule=rule,
            defaults=ours(facts.pack, rule),
        )
    ]


def confirm_notice(state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """By a person of a body that was told; the first one counts."""
    if state.notice is None:
        raise Refused(
            "nobody_was_told",
            rule=notice_rule(facts.pack),
            remedy="尚未发出告知 / no notice has been sent yet",
        )
    mine = {above for body in facts.bodies for above in chain(facts.pack, body)}
    if facts.roles is not None and mine.isdisjoint(state.notice.to):
        raise Refused(
            "not_told",
            to=list(state.notice.to),
            remedy="由被告知的单位确认 / the unit that was told confirms it",
        )
    if state.notice.confirmed_by:
        return []
    return [NoticeConfirmed(person=facts.actor, delay_minutes=facts.minutes)]


def pair(command: PairSteward, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """One steward and one agent, by name (一对一、点对点)."""
    post = facts.pack.team.pairs_with
    if post is None:
        raise Refused(
            "no_stewards_here",
            rule="team.pairs_with",
            remedy="本地方案不设管家结对 / the rules of this place know no stewards",
        )
    if state.lead is None:
        raise Refused(
            "no_lead_agent",
            remedy="先派单，再与管家结对 / dispatch first, then pair with a steward",
        )
    if command.steward in state.agents:
        raise Refused(
            "steward_is_agent",
            person=command.steward,
            remedy="管家与专员须为两人 / steward and agent must be two people",
        )
    member = facts.roster.staff.get(command.steward)
    if member is not None and "steward" not in member.roles:
        raise Refused(
            "not_a_steward",
            person=command.steward,
            rule=f"roles.{post}",
            remedy="请选任管家岗位的人员 / choose somebody who holds that post",
        )
    if member is not None and (why := facts.roster.why_not(command.steward, facts.today)):
        raise Refused(
            "not_available",
            person=command.steward,
            because=why,
            remedy="请另选在岗人员 / choose somebody who is at work",
        )
    if state.steward == command.steward:
        return []
    rule = "team.pairs_with"
    return [
        StewardPaired(
            steward=command.steward,
            agent=state.lead,
            replaces=state.steward,
            rule=rule,
            defaults=ours(facts.pack, rule),
            name=command.name,
            phone=command.phone,
        )
    ]


def name_owner(command: NameOwner, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """A person in the department, never the one who carries the item (X-04)."""
    scope = facts.request.items if facts.request else ()
    if command.item not in (*scope, *state.items):
        raise Refused(
            "item_not_in_scope",
            items=[command.item],
            scope=list(scope),
            remedy="请从服务事项中选取，或先调整范围 / choose items of the scope, or amend it",
        )
    known = {body.id for body in facts.pack.bodies}
    if command.body not in known:
        raise Refused(
            "body_unknown",
            bodies=[command.body],
            known=sorted(known),
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    task = state.items.get(command.item)
    bound = any(c.person == command.person and command.item in c.items for c in state.conflicts)
    if bound or (task and task.agent == command.person):
        raise Refused(
            "agent_never_decides",
            person=command.person,
            item=command.item,
            rule=AGENT_RULE,
            remedy=(
                "承办专员不得兼任审批责任人，请另定一人 / "
                "an agent may not answer for the approval too: name somebody else"
            ),
        )
    before = state.owners.get(command.item)
    if before and (before.person, before.body, before.post) == (
        command.person,
        command.body,
        command.post,
    ):
        return []
    return [
        ItemOwnerNamed(
            item=command.item,
            body=command.body,
            person=command.person,
            post=command.post,
            replaces=before.person if before and before.person != command.person else None,
            name=command.name,
        )
    ]
