"""The ranking: who is offered, why, and who is left out (派单排名)."""

from dataclasses import replace
from types import MappingProxyType

import pytest

from contracts.assignment import ConflictDeclared, ItemDispatched
from services.assignment.domain import MATTER, ROSTER
from services.assignment.domain.choosing import RANKING, SHOWN, standings, wish_for
from services.assignment.domain.commands import DispatchItems, RouteMatter
from services.assignment.domain.dispatching import points_of
from services.assignment.domain.facts import MatterFacts
from services.assignment.domain.state import Assigned
from shared.decider import Refused
from tests.unit.assignment.examples import (
    ADA,
    BEN,
    FACTS,
    PARK_STAFF,
    RULES,
    busy,
    decided,
    facts,
    of_kind,
    person,
    routed,
    staff,
)
from tests.unit.assignment.places import (
    ANSHAN,
    FAY,
    GIL,
    HAL,
    YUEYANG,
    asked,
    at,
    away,
    member,
    standing_on,
)


def ranks(given: MatterFacts = FACTS, item: str | None = "S1-01") -> list[tuple[str, int]]:
    state = MATTER.fold([routed])
    found = standings(wish_for(item, state, given), state, given)
    return [(c.member.person, c.score) for c in found.ranked]


def left_out(given: MatterFacts, state: Assigned | None = None) -> dict[str, tuple[str, ...]]:
    known = state or MATTER.fold([routed])
    found = standings(wish_for("S1-01", known, given), known, given)
    return {e.member.person: e.because for e in found.excluded}


def test_load_counts_and_ties_go_by_pseudonym() -> None:
    assert ranks() == [(ADA, 2000), (BEN, 2000)]
    assert ranks(busy(ada=3)) == [(BEN, 2000), (ADA, 1970)]


def test_who_got_less_lately_comes_first_among_equals() -> None:
    lately = replace(FACTS, recent=MappingProxyType({ADA: 2}))
    assert ranks(lately) == [(BEN, 2000), (ADA, 1998)]


def test_a_site_and_a_skill_of_ones_own_count_and_a_named_item_counts_most() -> None:
    here = staff(BEN, "park_i", sites=("park-industrial",))
    assert ranks(facts(PARK_STAFF[0], here))[0] == (BEN, 2500)
    able = staff(BEN, "park_i", skills=("s1",))
    skilled = replace(facts(PARK_STAFF[0], able), catalogue=RULES.catalogue)
    assert ranks(skilled)[0] == (BEN, 2100)
    named = staff(BEN, "park_i", items=("S1-01",))
    assert ranks(facts(PARK_STAFF[0], named))[0] == (BEN, 12000)


def test_one_on_leave_is_passed_over_with_the_reason_and_the_second_is_offered() -> None:
    given = facts(*PARK_STAFF, away(ADA))
    assert left_out(given)[ADA] == ("absent",)
    first = of_kind(ItemDispatched, decided((routed,), DispatchItems(), given))[0]
    assert (first.agent, first.passed_over) == (BEN, (ADA,))
    assert [r.person for r in first.ranking] == [BEN]


def test_interest_place_and_skill_keep_a_person_out() -> None:
    bound = ConflictDeclared(person=ADA, items=("S1-01",), kind="kinship", remedy="replaced")
    state = MATTER.fold([routed, bound])
    out = left_out(FACTS, state)
    assert out[ADA] == ("conflict_of_interest",)
    assert {reason for who, why in out.items() if who != ADA for reason in why} == {"body"}
    with pytest.raises(Refused) as refused:
        decided((routed,), DispatchItems(skills=("english",)))
    assert refused.value.code == "no_fitting_agent"


def test_the_ranking_of_the_moment_is_stored_and_holds_points_and_pseudonyms_only() -> None:
    crowd = tuple(staff(person(n), "park_i") for n in range(1, 9))
    first = of_kind(ItemDispatched, decided((routed,), DispatchItems(), facts(*crowd)))[0]
    assert len(first.ranking) == SHOWN and RANKING in first.defaults
    told = first.public()["ranking"]
    assert told[0] == {"person": ADA, "score": 2000, "parts": {"body": 2000}}
    assert all(isinstance(n, int) for r in told for n in (r["score"], *r["parts"].values()))


def test_the_same_question_has_the_same_answer_however_the_roster_came_about() -> None:
    backwards = replace(FACTS, roster=ROSTER.fold(tuple(reversed(PARK_STAFF))))
    assert ranks(backwards) == ranks()


def test_a_longer_item_weighs_more() -> None:
    given = replace(FACTS, catalogue=RULES.catalogue)
    weights = {i.limit.planned_wd: points_of(i.id, given) for i in RULES.catalogue.items}
    assert {points for days, points in weights.items() if days <= 5} == {1}
    assert max(weights.values()) == 3


def test_one_agent_serves_the_whole_matter_where_the_place_says_so() -> None:
    given = at(
        ANSHAN, asked("S1-01", "S2-02"), member(FAY, "team", "agent"),
        member(GIL, "team", "agent"), load={FAY: 0, GIL: 1},
    )  # fmt: skip
    state, events = standing_on(given, RouteMatter(), DispatchItems())
    assert {e.agent for e in of_kind(ItemDispatched, events)} == {FAY}
    assert (state.lead, list(state.agents)) == (FAY, [FAY])


def test_the_second_group_names_its_own_lead_beside_the_first() -> None:
    given = at(
        YUEYANG, asked("S1-01", "S3-12", investment="social"),
        member(FAY, "wg_soc", "agent"), member(GIL, "wg_util", "agent"),
        member(HAL, "wg_gov", "agent"),
    )  # fmt: skip
    state, events = standing_on(given, RouteMatter(), DispatchItems())
    assert {e.item: e.agent for e in of_kind(ItemDispatched, events)} == {
        "S1-01": FAY,
        "S3-12": GIL,
    }
    assert (state.lead, sorted(state.co_leading)) == (FAY, [GIL])


def test_reserves_are_not_offered_to_new_matters() -> None:
    given = at(ANSHAN, asked(), member(FAY, "team", "reserve_agent"))
    state, _ = standing_on(given, RouteMatter())
    found = standings(wish_for("S1-01", state, given), state, given)
    assert [e.because for e in found.excluded] == [("role",)]
