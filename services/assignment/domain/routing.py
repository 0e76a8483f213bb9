"""Where does a matter go, and where do single items go, by the rules of its pack (派单规则)?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from contracts.assignment import Group
from contracts.catalogue import Catalogue
from contracts.pack import Pack
from contracts.pack.sections import RoutingRule
from contracts.predicate import holds, mentioned, unknown
from services.assignment.domain.facts import MatterFacts, Request

type Known = Mapping[str, object]
type Plain = bool | int | str | Decimal | tuple[str, ...]

CONNECTION = "utility_connection"
"""The flag by which rules ask for connections to water, power and gas (市政公用报装)."""
LEVELS = ("county", "city", "province")
REQUESTS = {"assist": "assist", "agent": "agency", "lead": "assist"}


@dataclass(frozen=True, slots=True)
class Route:
    """What the rules say: bodies and posts, the rules that said so, and what they asked about.

    While `missing` names facts, the rules could not be told apart.
    """

    to: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    rule: RoutingRule | None = None
    co_leads: tuple[str, ...] = ()
    groups: tuple[Group, ...] = ()
    file_at: str | None = None
    rules: tuple[str, ...] = ()
    known: dict[str, Plain] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()


def route(facts: MatterFacts, request: Request) -> Route:
    """Where the matter goes. For bodies and for the place of filing the first rule decides."""
    pack, known = facts.pack, known_of(facts.pack, facts.catalogue, request)
    rule, missing = _first([r for r in _rules(pack, "matter") if r.to], known)
    if rule is None:
        return Route(missing=missing, known=asked(pack, known))
    filing, _ = _first([r for r in pack.routing if r.file_at], known)
    to, roles = receivers(pack, rule)
    groups = tuple(_groups(facts, request))
    led = [r for r in _rules(pack, "item") if r.co_lead]
    beside = [b for g in groups for r in led if g.rule == path_of(r) for b in g.to]
    co_leads = [*(to if rule.co_lead else ()), *beside]
    about_items = [r for r in _rules(pack, "item") if holds(r.when, known)]
    used = [rule, *([filing] if filing else []), *about_items]
    paths = [*map(path_of, used), *(group.rule for group in groups)]
    return Route(
        to,
        roles,
        rule,
        tuple(dict.fromkeys(co_leads)),
        groups,
        f"{path_of(filing)}.file_at" if filing else None,
        tuple(dict.fromkeys(paths)),
        asked(pack, known),
    )


def path_of(rule: RoutingRule) -> str:
    """Where the rule stands in the pack."""
    return f"routing.{rule.id}"


def known_of(pack: Pack, catalogue: Catalogue | None, request: Request) -> Known:
    """What rules may ask about the matter: its project, the request, and its level.

    The level of a matter is that of its highest item (分级负责).
    """
    levels = [level_of(item, pack, catalogue) for item in request.items]
    return {
        **dict(request.project),
        "site_kind": pack.site_kind(request.project.site),
        "request": REQUESTS.get(request.mode or request.wanted or ""),
        "item_level": max(levels, key=LEVELS.index, default=pack.jurisdiction.level),
        "item_count": len(request.items) or None,
    }


def level_of(item: str, pack: Pack, catalogue: Catalogue | None) -> str:
    """Whose item it is; where the catalogue does not say, the place's own (默认值)."""
    known = {i.id: i.level for i in catalogue.items} if catalogue else {}
    return known.get(item) or pack.jurisdiction.level


def item_rule(item: str, facts: MatterFacts, request: Request) -> RoutingRule | None:
    """The first rule about items that holds for `item`; None when no rule singles it out."""
    pack, catalogue = facts.pack, facts.catalogue
    flags = request.project.flags - {CONNECTION}
    utilities = {i.id for i in catalogue.items if i.kind == "utility"} if catalogue else set()
    known = {
        **known_of(pack, catalogue, request),
        "item_level": level_of(item, pack, catalogue),
        "flags": flags | ({CONNECTION} if item in utilities else set()),
    }
    return next((r for r in _rules(pack, "item") if holds(r.when, known)), None)


def bodies_for(item: str, facts: MatterFacts, request: Request) -> tuple[str, ...]:
    """The bodies to which the rules send this one item; none when it goes where all go."""
    rule = item_rule(item, facts, request)
    if rule is None or is_transfer(rule):
        return ()
    return tuple(b for b in rule.to if b in _body_ids(facts.pack))


def transfer_of(item: str, facts: MatterFacts, request: Request) -> RoutingRule | None:
    """The rule by which the item is handed to another level, if one does (立即转办)."""
    rule = item_rule(item, facts, request)
    return rule if rule and is_transfer(rule) else None


def is_transfer(rule: RoutingRule) -> bool:
    """Whether a rule hands over to a body that confirms it, or that the sender follows."""
    return rule.follow_until is not None or rule.confirm_within is not None


def receivers(pack: Pack, rule: RoutingRule) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The bodies and the posts that a rule names; a post stands for the bodies that have it."""
    bodies = _body_ids(pack)
    roles = [role for role in pack.roles if role.id in rule.to and role.id not in bodies]
    found = [b for name in rule.to for b in ([name] if name in bodies else [])]
    found += [b for role in roles for b in role.bodies]
    return tuple(dict.fromkeys(found)), tuple(role.id for role in roles)


def asked(pack: Pack, known: Known) -> dict[str, Plain]:
    """What the rules ask about, as far as it is known, in plain words for an event."""
    names = sorted({fact for rule in pack.routing for fact in mentioned(rule.when)})
    said = {name: _plain(known.get(name)) for name in names}
    return {name: value for name, value in said.items() if value is not None}


def _plain(value: object) -> Plain | None:
    match value:
        case frozenset():
            return tuple(sorted(map(str, value)))
        case Decimal():
            return int(value) if value == int(value) else value
        case bool() | int() | str() | None:
            return value
        case date():
            return value.isoformat()
    return str(value)


def _groups(facts: MatterFacts, request: Request) -> Iterator[Group]:
    """Items that go to other bodies than the matter: one project may have two groups (YY-40)."""
    found: dict[str, tuple[tuple[str, ...], list[str]]] = {}
    for item in request.items:
        to = bodies_for(item, facts, request)
        rule = item_rule(item, facts, request)
        if to and rule:
            found.setdefault(path_of(rule), (to, []))[1].append(item)
    for path, (to, items) in found.items():
        yield Group(rule=path, to=to, items=tuple(items))


def _rules(pack: Pack, applies_to: str) -> list[RoutingRule]:
    return [rule for rule in pack.routing if rule.applies_to == applies_to]


def _first(
    rules: Sequence[RoutingRule], known: Known
) -> tuple[RoutingRule | None, frozenset[str]]:
    """The first rule that holds; when one before it cannot be told, what must be known."""
    for rule in rules:
        verdict = holds(rule.when, known)
        if verdict is None:
            facts = unknown(rule.when, known)
            return None, frozenset("site" if f == "site_kind" else f for f in facts)
        if verdict:
            return rule, frozenset()
    return None, frozenset()


def _body_ids(pack: Pack) -> frozenset[str]:
    return frozenset(body.id for body in pack.bodies)
