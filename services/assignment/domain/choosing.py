"""Who is the agent for an item: which people fit, and whose turn is it?"""

from collections import Counter
from collections.abc import Callable, Container
from dataclasses import dataclass

from services.assignment.domain.facts import MatterFacts, chain
from services.assignment.domain.roster import Member
from services.assignment.domain.state import Assigned
from shared.decider import Refused

ROLES: dict[str | None, frozenset[str]] = {
    "assist": frozenset({"helper", "agent"}),
    "agent": frozenset({"agent"}),
    "lead": frozenset({"agent", "chief_agent"}),
    None: frozenset({"helper", "agent"}),
}
"""Whose post it is to serve in a mode (YO-08, YO-09); None: nothing is chosen yet."""


@dataclass(frozen=True, slots=True)
class Turn:
    """The person whose turn it is, and who came first and could not take it (YO-74)."""

    member: Member
    passed_over: tuple[str, ...] = ()


def next_in_turn(
    item: str,
    state: Assigned,
    facts: MatterFacts,
    given: Counter[str],
    without: Container[str] = (),
) -> Turn:
    """Whose turn it is; raises `Refused("no_fitting_agent")`.

    The same order for everybody: who is named for the item, who serves the matter already,
    who comes from the leading body, who has the fewest open items, then by pseudonym.
    `given` counts what this decision handed out so far. Where one agent serves the whole
    matter, who serves already comes before everything else.
    """
    passed: list[str] = []
    for member in sorted(_fitting(item, state, facts), key=_order(item, state, facts, given)):
        if member.person in without:
            continue
        free = facts.roster.available(member.person, facts.today)
        if free and not state.barred(member.person, item):
            return Turn(member, tuple(passed))
        passed.append(member.person)
    raise Refused(
        "no_fitting_agent",
        item=item,
        bodies=list(state.to),
        passed_over=passed,
        remedy="将合适人员列入花名册，或指定专员",
    )


def named(person: str, item: str, state: Assigned, facts: MatterFacts) -> Turn:
    """The person a dispatcher named; refused with the reason when he does not fit."""
    member = facts.roster.staff.get(person)
    if member is None:
        raise Refused("not_on_the_roster", person=person, remedy="先将此人列入花名册")
    if not facts.roster.available(person, facts.today):
        raise Refused("not_available", person=person, remedy="此人已离岗，请另选专员")
    if state.has_interest(person, item):
        raise Refused("conflict_of_interest", person=person, item=item, rule=AGENT_RULE)
    if lacking := _unfit(member, item, state, facts):
        raise Refused("agent_does_not_fit", person=person, item=item, because=lacking)
    return Turn(member)


AGENT_RULE = "team.rules.agent_never_decides"


def _fitting(item: str, state: Assigned, facts: MatterFacts) -> list[Member]:
    everybody = facts.roster.staff.values()
    return [m for m in everybody if not _unfit(m, item, state, facts)]


def _unfit(member: Member, item: str, state: Assigned, facts: MatterFacts) -> list[str]:
    """What keeps `member` from serving: post, body, item or site."""
    mode = facts.request.mode if facts.request else None
    tests = {
        "role": bool(member.roles & ROLES.get(mode, ROLES[None])),
        "body": not set(chain(facts.pack, member.body)).isdisjoint(state.to),
        "item": not member.items or item in member.items,
        "site": not member.sites or state.site in member.sites,
    }
    return [name for name, fits in tests.items() if not fits]


type Order = Callable[[Member], tuple[bool, bool, bool, bool, int, str]]


def _order(item: str, state: Assigned, facts: MatterFacts, given: Counter[str]) -> Order:
    one = facts.pack.team.per_matter == "one"

    def key(member: Member) -> tuple[bool, bool, bool, bool, int, str]:
        person = member.person
        new = person not in state.agents and not given[person]
        return (
            one and new,
            item not in member.items,
            new,
            state.lead_body not in set(chain(facts.pack, member.body)),
            facts.load.get(person, 0) + given[person],
            person,
        )

    return key
