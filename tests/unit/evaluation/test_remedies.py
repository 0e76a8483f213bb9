"""Bad ratings and complaints (差评、投诉): looked into by others, answered, visited back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.evaluation import BadRatingRectified, ComplaintAnswered
from contracts.event import Personal
from services.evaluation.domain.commands import (
    AnswerAreaComplaint,
    AnswerComplaint,
    ReceiveAreaComplaint,
    ReceiveComplaint,
    RectifyBadRating,
)
from tests.unit.evaluation.examples import (
    AGENT,
    AREA,
    BAD,
    BY_HALL,
    BY_OFFICE,
    COMPLAINT,
    FACTS,
    INVITED,
    MADE,
    OFFICE_FACTS,
    OVER,
    UNIT,
    bad_opened,
    complained,
    given,
    given_office,
    rated,
)

HISTORY = (*INVITED, rated("dissatisfied"), bad_opened)


def rectify(**more: Any) -> RectifyBadRating:
    members = {
        "bad_rating": BAD,
        "verdict": "upheld",
        "visited_back": True,
        "measures": "已培训",
        "answer": "致歉",
    }
    return RectifyBadRating.model_validate({**members, **more})


rectified = BadRatingRectified(
    bad_rating=BAD,
    verdict="upheld",
    visited_back=True,
    measures=Personal("已培训"),
    answer=Personal("致歉"),
)


def test_a_bad_rating_is_looked_into_put_right_and_answered() -> None:
    assert given(*HISTORY).state().bad_rating_open
    given(*HISTORY).when(rectify(), BY_HALL).then(rectified)
    assert not given(*HISTORY, rectified).state().bad_rating_open


def test_rectifying_twice_changes_nothing() -> None:
    given(*HISTORY, rectified).when(rectify(), BY_HALL).then_nothing()


def test_the_office_that_appraises_may_rectify_too() -> None:
    given(*HISTORY).when(rectify(), BY_OFFICE).then(rectified)


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(replace(BY_HALL, bodies=frozenset({"park_i"})), id="the agent's own body"),
        pytest.param(replace(BY_HALL, actor=AGENT), id="the rated person"),
    ],
)
def test_the_rated_do_not_look_into_their_own_rating(by: Any) -> None:
    given(*HISTORY).when(rectify(), by).then_refused("not_the_owner")


def test_the_unit_is_visited_back_first() -> None:
    refusal = given(*HISTORY).when(rectify(visited_back=False), BY_HALL)
    assert refusal.then_refused("visit_back_first")["rule"] == "evaluation.bad_rating.revisit"


def test_there_is_nothing_to_rectify_in_a_good_rating() -> None:
    given(*INVITED, rated()).when(rectify(), BY_HALL).then_refused("no_such_bad_rating")


def complain(**more: Any) -> ReceiveComplaint:
    return ReceiveComplaint.model_validate({"kind": "delay", "words": "拖了很久", **more})


BY_UNIT = replace(OVER, actor=UNIT)


def test_a_complaint_goes_to_a_body_that_has_no_part_in_it() -> None:
    given().when(complain(), BY_UNIT).then(complained)


def test_the_body_that_served_does_not_look_into_itself() -> None:
    given().when(complain(to="park_i"), BY_UNIT).then_refused("own_service")
    given().when(complain(to="nobody"), BY_UNIT).then_refused("body_unknown")
    to_hall = complained.model_copy(update={"to": "hall"})
    given().when(complain(to="hall"), BY_UNIT).then(to_hall)


def test_who_is_complained_of_does_not_enter_the_complaint() -> None:
    given().when(complain(), replace(OVER, actor=AGENT)).then_refused("complained_of")


def test_an_anonymous_complaint_keeps_no_name() -> None:
    nameless = complain(anonymous=True, complainant="甲", contact="10000000000")
    given().when(nameless, BY_UNIT).then(complained.model_copy(update={"anonymous": True}))


def test_probity_never_enters_the_file_of_the_matter() -> None:
    given().when(complain(kind="probity"), BY_UNIT).then_refused("probity_has_its_route")


def probity(**more: Any) -> ReceiveAreaComplaint:
    members = {"area": AREA, "kind": "probity", "against": AGENT, "body": "park_i"}
    return ReceiveAreaComplaint.model_validate({**members, "words": "索要好处", **more})


to_discipline = complained.model_copy(
    update={
        "kind": "probity",
        "to": "discipline",
        "concerns": MADE,
        "due_on": date(2026, 4, 24),
        "rule": "evaluation.complaints.probity_to",
        "defaults": ("evaluation.complaints.probity_to", "evaluation.complaints.within"),
        "words": Personal("索要好处"),
    }
)
ABOUT = replace(OFFICE_FACTS, actor=UNIT, concerns=MADE, agents=frozenset({AGENT}))


def test_probity_goes_to_discipline_inspection_and_to_nobody_else() -> None:
    given_office().when(probity(), ABOUT).then(to_discipline)
    given_office().when(probity(to="ro"), ABOUT).then_refused("probity_has_its_route")
    by_agent = replace(ABOUT, actor=AGENT)
    given_office().when(probity(), by_agent).then_refused("complained_of")


def test_only_discipline_inspection_answers_it() -> None:
    reply = AnswerAreaComplaint(
        area=AREA, complaint=COMPLAINT, verdict="upheld", answer=Personal("已处理")
    )
    given_office(to_discipline).when(reply).then_refused("not_the_owner")
    inspector = replace(OFFICE_FACTS, bodies=frozenset({"discipline"}))
    given_office(to_discipline).when(reply, inspector).then(answered)


def test_an_order_of_the_line_is_answered_by_its_day_and_closed_with_the_answer() -> None:
    command = ReceiveAreaComplaint(
        area=AREA, kind="delay", against=AGENT, body="park_i", order="o-1",
        words=Personal("拖了很久"),
    )  # fmt: skip
    of_the_line = replace(OFFICE_FACTS, due_on=date(2026, 4, 7))
    came = complained.model_copy(
        update={"order": "o-1", "due_on": date(2026, 4, 7), "defaults": ()}
    )
    given_office().when(command, of_the_line).then(came)
    reply = AnswerAreaComplaint(
        area=AREA, complaint=COMPLAINT, verdict="upheld", answer=Personal("已处理")
    )
    given_office(came).when(reply).then(answered.model_copy(update={"order": "o-1"}))


def answer(verdict: str = "upheld") -> AnswerComplaint:
    members = {"complaint": COMPLAINT, "verdict": verdict, "answer": "已处理"}
    return AnswerComplaint.model_validate(members)


answered = ComplaintAnswered(complaint=COMPLAINT, verdict="upheld", answer=Personal("已处理"))


def test_a_complaint_is_answered_once_by_the_body_it_went_to() -> None:
    given(complained).when(answer(), BY_OFFICE).then(answered)
    given(complained, answered).when(answer(), BY_OFFICE).then_nothing()
    given(complained).when(answer(), BY_HALL).then_refused("not_the_owner")
    given(complained).when(answer(), replace(BY_OFFICE, actor=AGENT)).then_refused(
        "not_the_owner"
    )
    given().when(answer(), FACTS).then_refused("no_such_complaint")


def test_a_complaint_without_a_matter_goes_the_same_way() -> None:
    command = ReceiveAreaComplaint(
        area=AREA, kind="delay", against=AGENT, body="park_i", words=Personal("拖了很久")
    )
    day = complained.model_copy(update={"due_on": date(2026, 4, 24)})
    given_office().when(command).then(day)
    reply = AnswerAreaComplaint(
        area=AREA, complaint=COMPLAINT, verdict="upheld", answer=Personal("已处理")
    )
    given_office(complained).when(reply).then(answered)
    given_office().when(command, replace(OFFICE_FACTS, actor=AGENT)).then_refused(
        "complained_of"
    )
