"""Laws of evaluation, whatever people ask and in whatever order."""

from collections import Counter
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.evaluation import BadRatingOpened, EvaluationRecorded, ReturnVisitMade
from contracts.event import Event, Personal
from contracts.vocabulary import SATISFACTION
from services.evaluation.domain import MATTER
from services.evaluation.domain.commands import (
    InviteRating,
    MakeReturnVisit,
    RecordRating,
    RectifyBadRating,
)
from shared.decider import Refused
from tests.unit.evaluation.examples import (
    AGENT,
    BAD,
    CALL,
    HALL,
    LINK,
    OFFICER,
    OVER,
    SCORES,
    SECOND,
    UNIT,
)

levels = st.sampled_from(list(SATISFACTION))
commands = st.one_of(
    st.just(InviteRating()),
    st.builds(RecordRating, level=levels, scores=st.just(SCORES)),
    st.builds(
        MakeReturnVisit,
        means=st.just("phone"),
        reached=st.booleans(),
        respondent=st.just("applicant_lead"),
        level=st.none() | levels,
    ),
    st.builds(
        RectifyBadRating,
        bad_rating=st.just(BAD),
        verdict=st.just("upheld"),
        visited_back=st.booleans(),
        measures=st.just(Personal("已整改")),
    ),
)
facts = st.builds(
    replace,
    st.just(OVER),
    actor=st.sampled_from([AGENT, SECOND, UNIT, HALL, OFFICER]),
    bodies=st.sampled_from([frozenset({b}) for b in ("park_i", "hall", "ro")]),
    respondent=st.none() | st.just("applicant_lead"),
    invitation=st.sampled_from([None, LINK, CALL]),
    complete=st.booleans(),
)
asked = st.lists(st.tuples(commands, facts), max_size=20)


def recorded(questions: list[tuple[Any, Any]]) -> list[tuple[Any, Event]]:
    """What was recorded when all of it was asked, each with the facts it was decided on."""
    said: list[tuple[Any, Event]] = []
    state = MATTER.initial
    for command, at in [(InviteRating(), OVER), *questions]:
        try:
            decided = MATTER.decide(command, state, at)
        except Refused:
            continue
        said += [(at, event) for event in decided]
        state = MATTER.fold(decided, state)
    return said


@given(asked)
def test_a_matter_is_rated_at_most_once_by_each_instrument(questions: Any) -> None:
    said = [e for _, e in recorded(questions) if isinstance(e, EvaluationRecorded)]
    assert all(n == 1 for n in Counter(e.instrument for e in said).values())


@given(asked)
def test_nothing_is_ever_said_by_the_rated_or_their_body(questions: Any) -> None:
    for at, event in recorded(questions)[2:]:
        assert at.actor not in (AGENT, SECOND)
        assert not isinstance(event, ReturnVisitMade) or event.body != "park_i"


@given(asked)
def test_every_bad_level_and_no_other_has_an_owner_who_is_not_the_rated(questions: Any) -> None:
    events = [e for _, e in recorded(questions)]
    bad = {"dissatisfied", "very_dissatisfied"}
    rated = {
        e.evaluation for e in events if isinstance(e, EvaluationRecorded) and e.level in bad
    }
    opened = [e for e in events if isinstance(e, BadRatingOpened)]
    assert {e.evaluation for e in opened} == rated
    assert all(e.owner not in (AGENT, SECOND, "a:park_i") for e in opened)
