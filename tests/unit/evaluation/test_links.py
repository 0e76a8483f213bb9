"""A rating link (评价链接): it ends, looking uses nothing up, and the office may take down instead."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.event import Personal
from contracts.pack import Pack
from contracts.pack.rules import Complaints, RatingLink
from contracts.pack.sections import Days
from services.evaluation.domain import terms
from services.evaluation.domain.commands import EnterRating, InviteAgain
from tests.unit.evaluation.examples import (
    AGENT,
    BY_HALL,
    BY_UNIT,
    EVALUATION,
    FACTS,
    INVITED,
    PACK,
    SCORES,
    bad_opened,
    given,
    link,
    rate,
    rated,
)

LAST = date(2026, 5, 1)


def test_a_link_can_be_used_on_its_last_day_and_not_after_it() -> None:
    given(*INVITED).when(rate(), replace(BY_UNIT, today=LAST)).then(rated())
    late = replace(BY_UNIT, today=date(2026, 5, 2))
    refusal = given(*INVITED).when(rate(), late).then_refused("link_expired")
    assert refusal["rule"] == "evaluation.link.expires"


def test_a_link_sent_without_an_end_has_none() -> None:
    endless = link.model_copy(update={"expires_at": None})
    given(endless).when(rate(), replace(BY_UNIT, today=date(2027, 5, 2))).then(rated())


def with_terms(**more: Any) -> Pack:
    """The pack as it would be with words of its own on links and complaints."""
    return PACK.model_copy(
        update={"evaluation": PACK.evaluation.model_copy(update=more)}, deep=False
    )


def test_the_pack_says_how_long_and_how_often() -> None:
    own = with_terms(link=RatingLink(expires=Days(days=10, unit="wd"), sendings=3))
    assert terms.expires(own).value.days == 10 and terms.expires(own).ours == ()
    assert terms.sendings(own).value == 3
    again = InviteAgain(instrument="overall")
    second = link.model_copy(update={"sending": 2})
    sent = {"overall": date(2026, 2, 2)}
    facts = replace(FACTS, pack=own, sent_on=sent)
    (third,) = (
        given(second).when(again, facts).decider.decide(again, given(second).state(), facts)
    )
    assert getattr(third, "sending", None) == 3


def test_what_a_pack_leaves_out_is_named_as_ours() -> None:
    assert terms.probity_to(PACK).value == terms.DISCIPLINE
    assert terms.probity_to(PACK).ours == ("evaluation.complaints.probity_to",)
    said = with_terms(complaints=Complaints(probity_to="watch"))
    assert terms.probity_to(said).value == "watch"
    assert terms.probity_to(said).ours == ()


def enter(entry: str = "phone", **more: Any) -> EnterRating:
    members = {
        "instrument": "overall",
        "entry": entry,
        "respondent": "applicant_lead",
        "level": "satisfied",
        "scores": SCORES,
    }
    return EnterRating.model_validate({**members, **more})


def entered(entry: str = "phone", **more: Any) -> Any:
    return rated(invitation=None, entry=entry, entered_by="hall", **more)


@pytest.mark.parametrize("entry", ["phone", "visit"])
def test_the_evaluation_office_takes_down_what_the_unit_said(entry: str) -> None:
    given(*INVITED).when(enter(entry), BY_HALL).then(entered(entry))


def test_it_may_do_so_after_the_link_has_ended() -> None:
    given(*INVITED).when(enter(), replace(BY_HALL, today=date(2026, 8, 1))).then(entered())


def test_what_was_written_on_paper_comes_with_the_paper() -> None:
    given(*INVITED).when(enter("paper"), BY_HALL).then_refused("paper_missing")
    sheet = {
        "document": "01990000-0000-7000-8000-0000000000d1",
        "digest": "sha256:" + "ab" * 32,
        "name": "评价表.pdf",
    }
    command = enter("paper")
    paper = command.model_copy(update={"paper": Personal(sheet)})
    given(*INVITED).when(paper, BY_HALL).then(
        entered("paper").model_copy(update={"paper": Personal(sheet)})
    )


def test_an_entry_uses_the_one_rating_up_and_is_refused_after_it() -> None:
    given(*INVITED, entered()).when(rate(), BY_UNIT).then_refused("already_rated")
    given(*INVITED, rated()).when(enter(), BY_HALL).then_refused("already_rated")
    given(*INVITED).when(enter(instrument="revisit", scores={}), BY_HALL).then_refused(
        "asked_in_a_visit"
    )
    given().when(enter(), BY_HALL).then_refused("not_invited")


@pytest.mark.parametrize(
    "by",
    [
        pytest.param(replace(BY_HALL, bodies=frozenset({"park_i"})), id="the agent's own body"),
        pytest.param(replace(BY_HALL, actor=AGENT), id="the rated person"),
    ],
)
def test_the_rated_take_nothing_down(by: Any) -> None:
    given(*INVITED).when(enter(), by).then_refused("own_service")


def test_a_bad_rating_on_paper_is_a_bad_rating() -> None:
    given(*INVITED).when(enter(level="dissatisfied"), BY_HALL).then(
        entered(level="dissatisfied"), bad_opened
    )


def test_a_burst_from_one_device_is_flagged_and_counts() -> None:
    device = EVALUATION
    second = replace(BY_UNIT, device=device, from_device=1)
    third = replace(BY_UNIT, device=device, from_device=2)
    given(*INVITED).when(rate(), second).then(rated(device=device))
    given(*INVITED).when(rate(), third).then(rated(device=device, flagged=("burst",)))
