"""What does assignment do under a pack: who fits, where matters go, who gets what, who is told?"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from contracts.assignment import StaffAdded
from contracts.event import Personal
from contracts.pack import Pack
from contracts.project import MatterFacts as Project
from contracts.vocabulary import CLOSED_LISTS, Mode, Role
from services.assignment.domain import MATTER, ROSTER
from services.assignment.domain.commands import (
    DispatchItems,
    PairSteward,
    ReassignAgent,
    RouteMatter,
    TransferItems,
)
from services.assignment.domain.facts import MatterFacts, Request, RosterFacts, Sheet
from services.assignment.domain.importing import staff_posts
from services.assignment.domain.membership import fits_the_pack, home_fits, kind_fits
from services.assignment.domain.places import places
from services.assignment.domain.roster import Roster
from services.assignment.domain.routing import route
from services.assignment.domain.state import Assigned
from services.assignment.domain.teams import teams
from services.assignment.domain.telling import notice_rule, notify
from tests.contract.probes.asking import (
    CALENDAR,
    CATALOGUE,
    CLERK,
    FRIDAY,
    HEAD,
    MONDAY,
    Base,
    answer,
    id_of,
    person,
    words,
)

ITEMS = tuple(
    [item.id for item in CATALOGUE.items if item.kind != "self"][:2]
    + [item.id for item in CATALOGUE.items if item.kind == "utility"][:1]
)
LEVELS = ("province", "city", "county")
LEVELLED = {
    level: CATALOGUE.model_copy(
        update={"items": tuple(i.model_copy(update={"level": level}) for i in CATALOGUE.items)}
    )
    for level in LEVELS
}
"""The catalogue as it were if all items belonged to one level."""
LONE = person(99)
"""Somebody with one post that serves no matter."""
MOST_ROUTES = 3
KINDS = words(CLOSED_LISTS["staff_kind"]) if "staff_kind" in CLOSED_LISTS else ()


@cache
def _roster(bodies: tuple[str, ...], kinds: tuple[str, ...]) -> Roster:
    """Somebody who may do anything in every body, two in the first."""
    staff = [
        StaffAdded.model_validate(
            {
                "person": person(100 + n * 2 + k), "body": body, "body_kind": kind,
                "roles": ("agent", "helper", "chief_agent", "guide", "steward"),
                "name": Personal("测试员"),
            }
        )
        for n, (body, kind) in enumerate(zip(bodies, kinds, strict=True))
        for k in ((0, 1) if n == 0 else (0,))
    ] + [
        StaffAdded.model_validate(
            {
                "person": LONE, "body": bodies[0], "body_kind": kinds[0],
                "roles": ("guide",), "name": Personal("测试员"),
            }
        )
    ]  # fmt: skip
    return ROSTER.fold(staff)


def _everybody(base: Base) -> Roster:
    return _roster(base.bodies, tuple(body.kind for body in base.pack.bodies))


def _facts(pack: Pack, base: Base, project: Project, mode: str | None = "agent") -> MatterFacts:
    request = Request(True, project.site, mode, ITEMS, base.bodies[0], project, wanted=mode)
    return MatterFacts(
        pack, FRIDAY, CLERK, request=request, catalogue=CATALOGUE, calendar=CALENDAR,
        bodies=frozenset(base.bodies), roster=_everybody(base), minutes=3,
        sheet=Sheet("交接", "0" * 64),
    )  # fmt: skip


def _routes(pack: Pack, base: Base) -> Iterator[object]:
    for project in base.projects:
        for mode in ("assist", "agent"):
            yield _routed(_facts(pack, base, project, mode))
    for level in LEVELS:
        facts = _facts(pack, base, base.projects[0])
        yield _routed(replace(facts, catalogue=LEVELLED[level]))
        if level != base.pack.jurisdiction.level:
            yield from _walk(replace(facts, catalogue=LEVELLED[level]))
    for facts in _different(pack, base):
        yield from _walk(facts)


def _routed(facts: MatterFacts) -> object:
    assert facts.request is not None
    return _plainly(route(facts, facts.request))


def _plainly(found: Any) -> object:
    said = [(name, str(getattr(found, name))) for name in found.__slots__ if name != "rule"]
    return found.rule and found.rule.id, said


def _different(pack: Pack, base: Base) -> Iterator[MatterFacts]:
    """A project for each of the first few routes that the pack knew before it was changed."""
    seen: list[object] = []
    for project in base.projects:
        facts = _facts(base.pack, base, project)
        assert facts.request is not None
        key = route(facts, facts.request).rules
        if key not in seen and len(seen) < MOST_ROUTES:
            seen.append(key)
            yield replace(facts, pack=pack)


def _walk(facts: MatterFacts) -> Iterator[object]:
    """From the route to who has what, and what is handed on."""
    state = Assigned()
    for command in (RouteMatter(), DispatchItems(), TransferItems()):
        yield answer(MATTER.decide, command, state, facts)
        state = _after(state, command, facts)


def _after(state: Assigned, command: Any, facts: MatterFacts) -> Assigned:
    try:
        return MATTER.fold(MATTER.decide(command, state, facts), state)
    except Exception:  # what was refused changes nothing
        return state


def _served(pack: Pack, base: Base, mode: str, **more: Any) -> tuple[Assigned, MatterFacts]:
    facts = replace(_facts(pack, base, base.projects[0], mode), **more)
    state = _after(_after(Assigned(), RouteMatter(), facts), DispatchItems(), facts)
    return state, facts


def _choosing(pack: Pack, base: Base) -> Iterator[object]:
    for mode in (*words(Mode), None):
        state, facts = _served(pack, base, str(mode) if mode else None)  # type: ignore[arg-type]
        yield [(i, t.agent, t.body) for i, t in state.items.items()], state.lead
    facts = _facts(pack, base, base.projects[0])
    routed = _after(Assigned(), RouteMatter(), facts)
    one = DispatchItems(items=ITEMS[:1])
    for role in words(Role):
        asked = replace(facts, roles=frozenset({role}))
        found = answer(MATTER.decide, one, routed, asked)
        yield found if isinstance(found, tuple) else "entitled"


def _handing_on(pack: Pack, base: Base) -> Iterator[object]:
    for mode in words(Mode):
        state, facts = _served(pack, base, mode)
        if state.lead is None:
            continue
        for agreed in (True, False):
            moved = ReassignAgent(
                left=state.lead, cause="leave", told_applicant=agreed, consented=agreed
            )
            for actor, roles in ((CLERK, None), (state.lead, frozenset({"agent"}))):
                asked = replace(facts, actor=actor, roles=roles)
                yield answer(MATTER.decide, moved, state, asked)


def _told(pack: Pack, base: Base) -> Iterator[object]:
    yield notice_rule(pack)
    for project in base.projects:
        facts = _facts(pack, base, project)
        assert facts.request is not None
        alone = replace(facts, request=replace(facts.request, items=ITEMS[:1]))
        yield answer(notify, Assigned(), alone)
    state, facts = _served(pack, base, "agent")
    for steward in (HEAD, LONE):
        pairing = PairSteward(steward=steward)
        yield answer(MATTER.decide, pairing, state, facts)


def _people(pack: Pack, base: Base) -> Iterator[object]:
    facts = RosterFacts(pack, CATALOGUE, MONDAY, id_of(90))
    yield [role.id for role in staff_posts(pack)]
    for body in base.bodies:
        for role in words(Role):
            yield answer(fits_the_pack, body, [role], facts)
        for home in base.bodies:
            yield answer(home_fits, body, home, facts)
    for role in words(Role):
        for kind in (None, *KINDS):
            yield answer(kind_fits, [role], kind, facts)


def _places(pack: Pack, base: Base) -> Iterator[object]:
    facts = RosterFacts(pack, CATALOGUE, MONDAY, id_of(90))
    yield places(pack, CATALOGUE)
    yield answer(teams, Roster(), facts)


_AT = "services.assignment.domain"
PROBES = {
    f"{_AT}.routing": lambda pack, base: list(_routes(pack, base)),
    f"{_AT}.choosing": lambda pack, base: list(_choosing(pack, base)),
    f"{_AT}.relay": lambda pack, base: list(_handing_on(pack, base)),
    f"{_AT}.telling": lambda pack, base: list(_told(pack, base)),
    f"{_AT}.membership": lambda pack, base: list(_people(pack, base)),
    f"{_AT}.places": lambda pack, base: list(_places(pack, base)),
}
