"""Who is the agent for an item: which people fit, how do they rank, and whose turn is it?"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from contracts.assignment import Ranked
from contracts.pack.sections import Slot
from services.assignment.domain.facts import MatterFacts, Request, chain
from services.assignment.domain.roster import RESERVE, Member
from services.assignment.domain.routing import bodies_for
from services.assignment.domain.state import Assigned
from shared.decider import Refused

AGENT_RULE = "team.rules.agent_never_decides"
RANKING = "assignment.ranking"
"""The name of our own weights (默认值) in `defaults`: no pack gives any."""
ONE_HAND, NAMED, SERVES, BODY, SITE, SKILL, LOAD = 100_000, 10_000, 4_000, 2_000, 500, 100, 10
MOST = 99
SHOWN = 5

ROLES: dict[str | None, frozenset[str]] = {
    "assist": frozenset({"helper", "agent"}),
    "agent": frozenset({"agent"}),
    "lead": frozenset({"agent", "chief_agent"}),
    None: frozenset({"helper", "agent"}),
}
"""Whose post it is to serve in a mode (YO-08, YO-09); None: nothing is chosen yet."""


def entitled(facts: MatterFacts, *acts: str) -> None:
    """Only the posts that the pack lets do it, at their bodies (YY-14); the administrator as a
    last resort. A pack that gives the act to no post leaves it to all who may ask.
    """
    able = [role for role in facts.pack.roles if set(role.can) & set(acts)]
    if facts.roles is None or not able or "admin" in facts.roles:
        return
    mine = {above for body in facts.bodies for above in chain(facts.pack, body)}
    held = [role for role in able if role.canonical in facts.roles]
    if any(not role.bodies or not mine.isdisjoint(role.bodies) for role in held):
        return
    raise Refused(
        "not_yours_to_assign",
        allowed=sorted(role.id for role in able),
        rule=f"roles.{able[0].id}.can",
        remedy="请由有此权限的岗位办理 / ask a post that may",
    )


@dataclass(frozen=True, slots=True)
class Wish:
    """What is looked for: an item (None: the matter), from which bodies, with which skills.

    `given` are the items this decision handed out so far, and their points.
    """

    item: str | None
    bodies: tuple[str, ...]
    skills: frozenset[str] = frozenset()
    given: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    handing_over: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who fits, and the points that make the rank (评分)."""

    member: Member
    parts: Mapping[str, int]

    @property
    def score(self) -> int:
        return sum(self.parts.values())

    def ranked(self) -> Ranked:
        return Ranked(person=self.member.person, score=self.score, parts=dict(self.parts))


@dataclass(frozen=True, slots=True)
class Excluded:
    """A person who cannot have it, and why. Who would fit otherwise was passed over."""

    member: Member
    because: tuple[str, ...]
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Standings:
    """Who can have it, best first, and who cannot."""

    ranked: tuple[Candidate, ...]
    excluded: tuple[Excluded, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """The person whose turn it is, who came first and could not take it, and the ranking."""

    member: Member
    passed_over: tuple[str, ...] = ()
    ranking: tuple[Ranked, ...] = ()


def wish_for(
    item: str | None, state: Assigned, facts: MatterFacts, request: Request | None = None
) -> Wish:
    """What the rules look for: the item's own group where it has one, else the routed bodies."""
    asked = request or facts.request
    own = bodies_for(item, facts, asked) if item and asked else ()
    return Wish(item, own or state.to)


def standings(wish: Wish, state: Assigned, facts: MatterFacts) -> Standings:
    """Everybody on the roster, ranked or left out: the same answer to the same question."""
    ranked: list[Candidate] = []
    excluded: list[Excluded] = []
    for member in facts.roster.staff.values():
        if lacking := unfit(member, wish, state, facts):
            excluded.append(Excluded(member, tuple(lacking)))
            continue
        candidate = Candidate(member, _parts(member, wish, state, facts))
        if reason := _kept_from(member, wish, state, facts):
            excluded.append(Excluded(member, (reason,), candidate.score))
        else:
            ranked.append(candidate)
    ranked.sort(key=lambda c: (-c.score, c.member.person))
    excluded.sort(key=lambda e: (e.score is None, -(e.score or 0), e.member.person))
    return Standings(tuple(ranked), tuple(excluded))


def next_in_turn(
    wish: Wish, state: Assigned, facts: MatterFacts, without: Container[str] = ()
) -> Turn:
    """Whose turn it is; raises `Refused("no_fitting_agent")`."""
    found = standings(wish, state, facts)
    best = next((c for c in found.ranked if c.member.person not in without), None)
    if best is None:
        passed = [e.member.person for e in found.excluded if e.score is not None]
        raise Refused(
            "no_fitting_agent",
            item=wish.item,
            bodies=list(wish.bodies),
            passed_over=[person for person in passed if person not in without],
            remedy=(
                "将合适人员列入花名册，或指定专员 / "
                "put somebody suitable on the roster, or name an agent"
            ),
        )
    before = [
        e.member.person
        for e in found.excluded
        if e.score is not None
        and e.member.person not in without
        and (-e.score, e.member.person) < (-best.score, best.member.person)
    ]
    return Turn(best.member, tuple(before), _shown(found))


def named(person: str, wish: Wish, state: Assigned, facts: MatterFacts) -> Turn:
    """The person a dispatcher named; refused with the reason when he does not fit."""
    member = facts.roster.staff.get(person)
    if member is None:
        raise Refused(
            "not_on_the_roster",
            person=person,
            remedy="先将此人列入花名册 / put this person on the roster first",
        )
    if reason := facts.roster.why_not(person, facts.today):
        raise Refused(
            "not_available",
            person=person,
            because=reason,
            remedy="此人不在岗，请另选专员 / this person is absent: choose another agent",
        )
    if wish.item and state.has_interest(person, wish.item):
        raise Refused(
            "conflict_of_interest",
            person=person,
            item=wish.item,
            rule=AGENT_RULE,
            remedy="请另选无利益冲突的人员 / choose somebody without that interest",
        )
    if lacking := unfit(member, wish, state, facts):
        raise Refused(
            "agent_does_not_fit",
            person=person,
            item=wish.item,
            because=lacking,
            remedy="请从候选人中选取 / choose one of the candidates",
        )
    return Turn(member, (), _shown(standings(wish, state, facts)))


def unfit(member: Member, wish: Wish, state: Assigned, facts: MatterFacts) -> list[str]:
    """What keeps `member` from serving: post, body, place in the team, item, site or skill."""
    mode = facts.request.mode if facts.request else None
    posts = ROLES.get(mode, ROLES[None]) | ({RESERVE} if wish.handing_over else set())
    above = set(chain(facts.pack, member.body))
    held = {r.id for r in facts.pack.roles if r.canonical in member.roles}
    slots = [slot for slot in slots_for(facts) if slot.role in held]
    allowed = {body for slot in slots for body in slot.bodies}
    tests = {
        "role": bool(member.roles & posts),
        "body": not above.isdisjoint(wish.bodies),
        "slot": not allowed or not above.isdisjoint(allowed),
        "item": not member.items or wish.item is None or wish.item in member.items,
        "site": not member.sites or state.site in member.sites,
        "skill": wish.skills <= member.skills,
    }
    return [name for name, fits in tests.items() if not fits]


def slots_for(facts: MatterFacts) -> list[Slot]:
    """The places of the team (名额) that serve in this mode, as the pack has them."""
    mode = facts.request.mode if facts.request else None
    posts = {r.id for r in facts.pack.roles if r.canonical in ROLES.get(mode, ROLES[None])}
    return [slot for slot in facts.pack.team.slots if slot.role in posts]


def hand_of(item: str | None, facts: MatterFacts) -> str:
    """Items with the same hand go to the same person: the whole matter, a stage, or each item."""
    kinds = [slot.per for slot in slots_for(facts) if slot.per in ("matter", "stage", "item")]
    kind = kinds[0] if kinds else ""
    one = facts.pack.team.per_matter == "one"
    if kind == "matter" or (one and not kind):
        return "matter"
    if kind == "stage" and facts.catalogue and item:
        return next((i.stage for i in facts.catalogue.items if i.id == item), item)
    return item or "matter"


def _kept_from(member: Member, wish: Wish, state: Assigned, facts: MatterFacts) -> str | None:
    """Why one who fits cannot have it now."""
    if reason := facts.roster.why_not(member.person, facts.today):
        return reason
    if wish.item and state.has_interest(member.person, wish.item):
        return "conflict_of_interest"
    if wish.item and (member.person, wish.item) in state.gave_up:
        return "handed_it_over"
    return None


def _parts(member: Member, wish: Wish, state: Assigned, facts: MatterFacts) -> dict[str, int]:
    """The points (默认值): one hand, then the item, then who serves, his body, his load.

    Each weighs more than all that come after it together, so that the order can be told.
    """
    person = member.person
    own = [item for item, (who, _) in wish.given.items() if who == person]
    held = (*state.items_of(person), *own)
    hand = hand_of(wish.item, facts)
    same = person in state.agents if hand == "matter" else False
    same = same or bool(own and hand == "matter")
    same = same or any(hand_of(item, facts) == hand for item in held if hand != item)
    load = facts.load.get(person, 0) + sum(n for who, n in wish.given.values() if who == person)
    found = {
        "one_hand": ONE_HAND if same or _full(person, held, wish, state, facts) else 0,
        "item": NAMED if wish.item in member.items else 0,
        "continuity": SERVES if person in state.agents or own else 0,
        "body": BODY if state.lead_body in set(chain(facts.pack, member.body)) else 0,
        "site": SITE if state.site in member.sites else 0,
        "skill": SKILL * min(len(member.skills & _words(wish, facts)), 4),
        "load": -LOAD * min(load, MOST),
        "fairness": -min(facts.recent.get(person, 0), LOAD - 1),
    }
    return {name: points for name, points in found.items() if points}


def _full(
    person: str, held: tuple[str, ...], wish: Wish, state: Assigned, facts: MatterFacts
) -> bool:
    """Whether the rule's number of people is reached: then one of them goes on."""
    then = next((r.then for r in facts.pack.routing if _is(r.id, state) and r.then), None)
    if then is None:
        return False
    people = {task.agent for task in state.items.values()}
    people |= {who for who, _ in wish.given.values()}
    return len(people) >= then.count and bool(held)


def _is(rule: str, state: Assigned) -> bool:
    return state.rule == f"routing.{rule}"


def _words(wish: Wish, facts: MatterFacts) -> frozenset[str]:
    """The words a skill may match: the item, its stage and kind, and the class of project."""
    found = {facts.request.project.project_class} if facts.request else set()
    for item in facts.catalogue.items if facts.catalogue else ():
        if item.id == wish.item:
            found |= {item.id.lower(), item.stage.lower(), item.kind}
    return frozenset(word for word in found if word)


def _shown(found: Standings) -> tuple[Ranked, ...]:
    return tuple(candidate.ranked() for candidate in found.ranked[:SHOWN])
