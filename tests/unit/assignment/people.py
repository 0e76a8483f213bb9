"""The four shapes of a team, and people to put in them: for the tests of posts and teams."""

from datetime import date, timedelta
from typing import Any

from contracts.assignment import PostFilled, StaffAdded
from contracts.event import Personal
from services.assignment.domain import ROSTER
from services.assignment.domain.commands import FillPost
from services.assignment.domain.facts import RosterFacts
from shared.packs import Packs, Rules
from shared.testing.spec import Spec
from tests.unit.assignment.examples import NEW, TODAY, person


def rules_of(model: str) -> Rules:
    """The pack whose team has this shape."""
    return next(r for r in Packs.load(None).all() if r.pack.team.model == model)


CHIEFED, LISTED, GROUPED, SITED = (
    RosterFacts(r.pack, r.catalogue, TODAY, NEW)
    for r in map(rules_of, ("one_plus_n", "roster", "by_investment", "by_site"))
)
"""1+N with reserves; specialists and liaisons; three working groups; by site."""

FAY, GUS, HAL, IDA = (person(n) for n in range(11, 15))
TOMORROW = TODAY + timedelta(days=1)


def joined(who: str, facts: RosterFacts, body: str, *roles: str, **more: Any) -> StaffAdded:
    """Somebody who stands on the roster of that place."""
    return StaffAdded.model_validate(
        {
            "person": who,
            "body": body,
            "body_kind": facts.pack.body(body).kind,
            "roles": roles,
            "name": Personal("测试员"),
            **more,
        }
    )


def at(facts: RosterFacts) -> Any:
    """`given(...)` under the rules of that place."""
    return Spec(ROSTER, facts).given


def into(facts: RosterFacts, who: str, slot: str, **more: Any) -> FillPost:
    """The command that puts somebody into a slot of the pack."""
    area = facts.pack.jurisdiction.code
    return FillPost.model_validate({"area": area, "person": who, "slot": slot, **more})


def post(who: str, name: str, role: str, body: str, **more: Any) -> PostFilled:
    """The fact that somebody fills a post."""
    given = {"begins_on": TODAY, **more}
    return PostFilled.model_validate(
        {"post": name, "role": role, "body": body, "person": who, **given}
    )


def before(days: int, day: date = TODAY) -> date:
    return day - timedelta(days=days)
