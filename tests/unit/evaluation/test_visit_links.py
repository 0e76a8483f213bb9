"""The link to rate one visit or consultation: sent once, to who left word where he is reached."""

from dataclasses import replace
from uuid import UUID

from contracts.evaluation import EvaluationInvited
from contracts.event import Personal
from services.evaluation.domain import MATTER
from services.evaluation.domain.commands import InviteAgain, InviteVisitRating
from services.evaluation.domain.facts import Served
from tests.unit.evaluation.examples import AGENT, FACTS, LINK, given

CONSULTATION = UUID(int=77)
ASKED = replace(
    FACTS, served=Served(AGENT, "park_i", (AGENT,)), tokens={"visit": LINK}
)  # fmt: skip
INVITE = InviteVisitRating(visit=CONSULTATION)
SEND = InviteAgain(instrument="visit", contact=Personal("000-0000001"))
(_first,) = MATTER.decide(INVITE, MATTER.initial, ASKED)
assert isinstance(_first, EvaluationInvited)
FIRST = _first
SENT = FIRST.model_copy(update={"sending": 2, "contact": Personal("000-0000001")})


def test_the_link_goes_to_who_asked_where_he_said_that_he_is_reached() -> None:
    assert (FIRST.visit, FIRST.sending) == (CONSULTATION, 1)
    given(FIRST).when(SEND).then(SENT)


def test_the_link_of_a_visit_keeps_the_matter_that_it_concerns() -> None:
    of_matter = FIRST.model_copy(update={"concerns": UUID(int=5)})
    given(of_matter).when(SEND).then(SENT.model_copy(update={"concerns": UUID(int=5)}))


def test_without_a_contact_there_is_nobody_to_send_it_to() -> None:
    given(FIRST).when(InviteAgain(instrument="visit")).then_refused("contact_missing")


def test_it_is_sent_once_and_is_no_reminder() -> None:
    refusal = given(FIRST, SENT).when(SEND).then_refused("invited_often_enough")
    assert refusal["sent"] == 2
