"""Inviting the unit to rate (邀请评价): by every instrument, after the service, not too often."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType

from contracts.pack.sections import Days
from services.evaluation.domain import MATTER
from services.evaluation.domain.commands import InviteAgain, InviteRating
from tests.unit.evaluation.examples import (
    FACTS,
    INVITED,
    LINK,
    OVER,
    PACK,
    call,
    given,
    invited,
    link,
    rated,
)


def test_when_the_service_is_over_the_unit_is_invited_by_every_instrument() -> None:
    given().when(InviteRating(), OVER).then(call, link)


def test_inviting_again_changes_nothing() -> None:
    given(*INVITED).when(InviteRating(), OVER).then_nothing()


def test_before_the_service_is_over_nobody_is_invited() -> None:
    given().when(InviteRating(), replace(OVER, complete=False)).then_refused("service_not_over")


def test_without_an_agent_there_is_nobody_to_rate() -> None:
    given().when(InviteRating(), replace(OVER, served=None)).then_refused("nobody_to_rate")


def sent(day: int) -> MappingProxyType[str, date]:
    return MappingProxyType({"overall": date(2026, 2, day)})


AGAIN = InviteAgain(instrument="overall")
LATER = replace(FACTS, sent_on=sent(25))
second = invited(
    "overall",
    LINK,
    sending=2,
    rule="evaluation.remind_after",
    defaults=(
        "evaluation.remind_after.days",
        "evaluation.remind_after.unit",
        "evaluation.link.sendings",
        "evaluation.link.expires",
    ),
)


def test_who_has_not_rated_in_three_working_days_is_reminded_by_the_same_link() -> None:
    given(*INVITED).when(AGAIN, LATER).then(second)


def test_a_reminder_does_not_come_early() -> None:
    # 28 February 2026 is a make-up working day: two working days since the 27th.
    refusal = given(*INVITED).when(AGAIN, replace(FACTS, sent_on=sent(27)))
    assert refusal.then_refused("too_early_to_remind")["rule"] == "evaluation.remind_after"


def test_the_days_before_a_reminder_are_of_the_unit_that_the_pack_names() -> None:
    """Sent on Wednesday: three working days are over on Monday, three plain days on Saturday."""
    plain = PACK.evaluation.model_copy(update={"remind_after": Days(days=3, unit="cd")})
    by_plain = PACK.model_copy(update={"evaluation": plain})
    saturday = replace(FACTS, sent_on=sent(4), today=date(2026, 2, 7))
    given(*INVITED).when(AGAIN, saturday).then_refused("too_early_to_remind")
    said = MATTER.decide(AGAIN, given(*INVITED).state(), replace(saturday, pack=by_plain))
    assert [type(one).__name__ for one in said] == ["EvaluationInvited"]


def test_the_link_is_not_sent_more_often_than_the_rule_allows() -> None:
    given(*INVITED, second).when(AGAIN, LATER).then_refused("invited_often_enough")


def test_who_has_rated_is_not_reminded() -> None:
    given(*INVITED, rated()).when(AGAIN, LATER).then_nothing()


def test_a_return_visit_is_no_link_to_send() -> None:
    command = InviteAgain(instrument="revisit")
    given(*INVITED).when(command, LATER).then_refused("asked_in_a_visit")


def test_nobody_is_reminded_of_what_he_was_not_invited_to() -> None:
    given().when(AGAIN, LATER).then_refused("not_invited")
