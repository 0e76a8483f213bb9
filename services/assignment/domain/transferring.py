"""How do items of another level go there, and come to be confirmed (转办与交接)?"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from contracts.assignment import MatterTransferred, TransferConfirmed
from contracts.event import Event
from contracts.pack.sections import RoutingRule
from services.assignment.domain.choosing import entitled
from services.assignment.domain.commands import ConfirmTransfer, TransferItems
from services.assignment.domain.dispatching import accepted
from services.assignment.domain.facts import MatterFacts, Request, chain, ours
from services.assignment.domain.routing import is_transfer, path_of, receivers, transfer_of
from services.assignment.domain.state import Assigned
from shared.decider import Refused


def transfer(command: TransferItems, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """Everything that a rule sends to one body, or the named items by hand (AS-65)."""
    entitled(facts, "dispatch", "assign")
    request = accepted(facts)
    if command.items:
        return _by_hand(command, state, facts, request)
    found: dict[str, tuple[RoutingRule, list[str]]] = {}
    for item in request.items:
        rule = transfer_of(item, facts, request)
        if rule and item not in state.transfers:
            found.setdefault(rule.id, (rule, []))[1].append(item)
    return [_sent(rule, items, None, facts) for rule, items in found.values()]


def _by_hand(
    command: TransferItems, state: Assigned, facts: MatterFacts, request: Request
) -> Sequence[Event]:
    """A person knows whose item it is where the catalogue does not say."""
    rules = [rule for rule in facts.pack.routing if is_transfer(rule)]
    if not rules:
        raise Refused(
            "no_transfers_here",
            rule="routing",
            remedy="本地方案没有转办规则 / the rules of this place know no transfer",
        )
    items = tuple(dict.fromkeys(command.items or ()))
    if strange := [item for item in items if item not in request.items]:
        raise Refused(
            "item_not_in_scope",
            items=strange,
            scope=list(request.items),
            remedy="请从服务事项中选取，或先调整范围 / choose items of the scope, or amend it",
        )
    new = [item for item in items if item not in state.transfers]
    own = (transfer_of(item, facts, request) for item in new)
    rule = next((r for r in own if r), rules[0])
    return [_sent(rule, new, command.to, facts)] if new else []


def _sent(
    rule: RoutingRule, items: Iterable[str], to: str | None, facts: MatterFacts
) -> MatterTransferred:
    bodies, _ = receivers(facts.pack, rule)
    known = {body.id for body in facts.pack.bodies}
    if to is not None and to not in known:
        raise Refused(
            "body_unknown",
            bodies=[to],
            known=sorted(known),
            remedy="请选择本方案列明的单位 / name a body of the pack",
        )
    path = path_of(rule)
    return MatterTransferred(
        to=to or bodies[0],
        items=tuple(items),
        at_once=rule.at_once,
        confirm_by_on=_last_day(rule, facts),
        follow_until=rule.follow_until,
        sent_by=facts.actor,
        rule=path,
        defaults=ours(facts.pack, path),
    )


def _last_day(rule: RoutingRule, facts: MatterFacts) -> date | None:
    within = rule.confirm_within
    if within is None:
        return None
    if within.unit == "wd" and facts.calendar:
        return facts.calendar.add_working_days(facts.today, within.days).date
    return facts.today + timedelta(days=within.days)


def confirm(command: ConfirmTransfer, state: Assigned, facts: MatterFacts) -> Sequence[Event]:
    """Confirmed by the body that receives, and by somebody else than who sent it (AS-66)."""
    entitled(facts, "confirm_transfer")
    sent = {
        item: t for item, t in state.transfers.items() if not command.to or t.to == command.to
    }
    if not sent:
        raise Refused(
            "nothing_transferred",
            to=command.to,
            remedy="没有转到该单位的事项 / no item was transferred to this body",
        )
    bodies = sorted({t.to for t in sent.values()})
    if len(bodies) > 1:
        raise Refused(
            "which_body", bodies=bodies, remedy="请写明接收单位 / name the receiving body"
        )
    (to,) = bodies
    mine = {above for body in facts.bodies for above in chain(facts.pack, body)}
    if facts.roles is not None and to not in mine:
        raise Refused(
            "not_the_receiver",
            to=to,
            remedy="由接收单位的人员确认 / somebody of the receiving body confirms it",
        )
    wanted = command.items or tuple(sent)
    if strange := [item for item in wanted if item not in sent]:
        raise Refused(
            "item_not_transferred",
            items=strange,
            transferred=sorted(sent),
            remedy="请选已转办的事项 / choose items that were transferred",
        )
    new = tuple(item for item in dict.fromkeys(wanted) if sent[item].person is None)
    if not new:
        return []
    if any(sent[item].sent_by == facts.actor for item in new):
        raise Refused(
            "four_eyes", to=to, items=list(new), remedy="转办人不能自行确认，请由接收单位的人员确认 / "
            "somebody of the receiving body confirms, not who sent it",
        )  # fmt: skip
    lasts = [last for item in new if (last := sent[item].confirm_by)]
    return [
        TransferConfirmed(
            to=to,
            items=new,
            person=command.person or facts.actor,
            late=any(facts.today > last for last in lasts),
        )
    ]
