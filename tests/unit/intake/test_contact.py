"""First contact (首问负责): whose a visitor is, until somebody takes him over."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.event import Event, Personal
from contracts.intake import (
    ConsultationAnswered,
    ConsultationReferred,
    ContactClosed,
    ContactHandedOver,
    ContactLeftOver,
    ContactLinked,
    HandoverDeclined,
    HandoverOffered,
    VisitorReceived,
)
from services.intake.domain.contact import CONTACT
from services.intake.domain.contact.commands import (
    AnswerContact,
    CloseContact,
    ContactCommand,
    DeclineHandover,
    LinkContact,
    OfferHandover,
    ReceiveVisitor,
    ReferQuestion,
    RemindOfContact,
    TakeContact,
    TellContact,
)
from services.intake.domain.desk import Desk
from shared.testing.spec import Spec
from tests.unit.intake.door_examples import (
    AGENT,
    ASKED,
    AT,
    BY_AGENT,
    CLERK,
    DAY,
    DESK,
    ID,
    LEADS,
    MATTER,
    OTHER,
    PLAIN,
    PROJECT,
    at,
    only,
)

spec: Spec[ContactCommand, Any, Event, Desk] = Spec(CONTACT, DESK)
AREA = PLAIN.jurisdiction.code
CHIEF = replace(DESK, actor=OTHER, chief=True)

received = VisitorReceived(owner=CLERK, received_on=DAY)
offered = HandoverOffered(offer=1, offered_by=CLERK, to_role="agent")
taken = ContactHandedOver(offer=1, left=CLERK, owner=AGENT)
closed = ContactClosed(outcome="advised", closed_on=DAY)
referred = ConsultationReferred(
    consultation=ASKED, items=("S3-05",), to_body="depts", to_role="approver",
    asked_at=AT - timedelta(minutes=7), found_by="fallback", question=Personal("问"),
)  # fmt: skip
answer = AnswerContact(
    consultation=ASKED, topic="drainage", items=("S3-05",), understood=True,
    question=Personal("问"), answer=Personal("答"),
)  # fmt: skip


def told(**more: Any) -> ConsultationAnswered:
    known = {
        "consultation": ASKED, "topic": "drainage", "items": ("S3-05",), "understood": True,
        "answered_by": "depts", "waited_minutes": 7, "question": Personal("问"),
        "answer": Personal("答"),
    }  # fmt: skip
    return ConsultationAnswered(**{**known, **more})


def test_a_visitor_is_received_though_nothing_is_known_of_him() -> None:
    spec.given().when(ReceiveVisitor(area=AREA)).then(received)


def test_one_entry_holds_who_what_and_outcome() -> None:
    command = ReceiveVisitor(
        area=AREA, topic="drainage", visitor=Personal("甲"), outcome="advised", project=PROJECT
    )
    spec.given().when(command).then(
        VisitorReceived(owner=CLERK, received_on=DAY, topic="drainage", visitor=Personal("甲")),
        ContactLinked(to_project=PROJECT),
        closed,
    )


def test_where_the_place_leads_from_the_door_leading_begins_on_arrival() -> None:
    decided = CONTACT.decide(ReceiveVisitor(area=AREA), CONTACT.initial, at(LEADS))
    (event,) = decided
    assert isinstance(event, VisitorReceived)
    assert event.mode == "lead" and event.rule == "modes.lead.enrol"


def test_an_item_nobody_knows_is_refused() -> None:
    command = ReceiveVisitor(area=AREA, items=("S9-99",))
    spec.given().when(command).then_refused("item_unknown")


def test_a_contact_is_tied_to_its_project_and_matter_once() -> None:
    link = LinkContact(project=PROJECT, matter=MATTER)
    linked = ContactLinked(to_project=PROJECT, to_matter=MATTER)
    spec.given(received).when(link).then(linked)
    spec.given(received, linked).when(link).then_nothing()


def test_its_owner_offers_it_and_the_same_offer_is_not_made_twice() -> None:
    offer = OfferHandover(to_role="agent")
    spec.given(received).when(offer).then(offered)
    spec.given(received, offered).when(offer).then_nothing()
    other = HandoverOffered(offer=2, offered_by=CLERK, to_body="zone")
    spec.given(received, offered).when(OfferHandover(to_body="zone")).then(other)


@pytest.mark.parametrize(
    ("offer", "facts", "code"),
    [
        (OfferHandover(to_person=CLERK), DESK, "handover_to_oneself"),
        (OfferHandover(to_body="nowhere"), DESK, "body_unknown"),
        (OfferHandover(to_role="agent"), BY_AGENT, "not_your_contact"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(
    offer: OfferHandover, facts: Desk, code: str
) -> None:
    details = spec.given(received).when(offer, facts).then_refused(code)
    assert details["remedy"]


def test_an_offer_names_somebody() -> None:
    with pytest.raises(ValidationError):
        OfferHandover()


def test_a_chief_may_see_to_a_contact_of_somebody_else() -> None:
    by_chief = offered.model_copy(update={"offered_by": OTHER})
    spec.given(received).when(OfferHandover(to_role="agent"), CHIEF).then(by_chief)


def test_one_who_was_asked_takes_it_and_it_is_his() -> None:
    spec.given(received, offered).when(TakeContact(), BY_AGENT).then(taken)
    spec.given(received, offered, taken).when(TakeContact(), BY_AGENT).then_nothing()


def test_one_who_was_asked_may_decline_with_a_reason_and_it_may_be_offered_again() -> None:
    no = DeclineHandover(reason=Personal("不属本单位职责"))
    declined = HandoverDeclined(offer=1, declined_by=AGENT, reason=Personal("不属本单位职责"))
    spec.given(received, offered).when(no, BY_AGENT).then(declined)
    spec.given(received, offered).when(no).then_refused("offered_to_others")
    after = spec.given(received, offered, declined)
    assert after.state().owner == CLERK and after.state().offer is None
    after.when(no, BY_AGENT).then_nothing()
    after.when(TakeContact(), BY_AGENT).then_refused("not_offered")
    again = HandoverOffered(offer=2, offered_by=CLERK, to_role="agent")
    after.when(OfferHandover(to_role="agent")).then(again)
    spec.given(received).when(no, BY_AGENT).then_refused("not_offered")


def test_it_stays_with_its_owner_until_it_is_taken() -> None:
    assert spec.given(received, offered).state().owner == CLERK
    assert spec.given(received, offered, taken).state().owner == AGENT


@pytest.mark.parametrize(
    ("history", "code"),
    [
        ((), "not_offered"),
        ((offered.model_copy(update={"to_role": "guide"}),), "offered_to_others"),
        ((offered, taken.model_copy(update={"owner": OTHER})), "taken_by_another"),
    ],
)
def test_whoever_comes_too_late_or_was_not_asked_learns_whose_it_is(
    history: tuple[Event, ...], code: str
) -> None:
    details = spec.given(received, *history).when(TakeContact(), BY_AGENT).then_refused(code)
    assert details["owner"]


def test_its_owner_closes_it_with_an_outcome() -> None:
    command = CloseContact(outcome="advised")
    spec.given(received).when(command).then(closed)
    spec.given(received, closed).when(command).then_nothing()
    spec.given(received).when(command, BY_AGENT).then_refused("not_your_contact")
    spec.given(received, closed).when(TakeContact()).then_refused("not_in_this_state")


def test_a_question_goes_to_the_body_that_decides_the_item() -> None:
    command = ReferQuestion(consultation=ASKED, items=("S3-05",), question=Personal("问"))
    found = referred.model_copy(update={"asked_at": AT})
    spec.given(received).when(command).then(found)
    spec.given(received, found).when(command).then_nothing()
    named = command.model_copy(update={"to_body": "nowhere"})
    spec.given(received).when(named).then_refused("body_unknown")


def test_a_person_who_answers_for_the_item_is_asked_by_name() -> None:
    command = ReferQuestion(consultation=ASKED, items=("S3-05",), question=Personal("问"))
    facts = replace(DESK, owners={"S3-05": OTHER})
    found = referred.model_copy(update={"asked_at": AT, "to_person": OTHER})
    spec.given(received).when(command, facts).then(found)


def test_the_answer_says_how_long_it_took_and_comes_once() -> None:
    spec.given(received, referred).when(answer).then(told())
    spec.given(received, referred, told()).when(answer).then_nothing()


def test_what_was_not_understood_is_explained_again() -> None:
    unclear = told(understood=False)
    spec.given(received, referred, unclear).when(answer).then(told())


def test_a_contact_with_an_open_question_closes_with_a_note_only() -> None:
    for history in ((referred,), (referred, told(understood=False))):
        open_one = spec.given(received, *history)
        open_one.when(CloseContact(outcome="done")).then_refused("question_open")
        note = CloseContact(outcome="left", note=Personal("来访人已离开"))
        open_one.when(note).then(
            ContactClosed(outcome="left", closed_on=DAY, note=Personal("来访人已离开"))
        )


def test_an_answer_on_the_spot_rests_on_an_entry_of_the_pack() -> None:
    on_the_spot = answer.model_copy(update={"consultation": None})
    spec.given(received).when(on_the_spot).then_refused("source_required")
    cited = on_the_spot.model_copy(update={"sources": ("duties.know_the_flow.zh",)})
    spec.given(received).when(cited).then(
        told(
            consultation=ID, sources=("duties.know_the_flow.zh",), answered_by=None,
            waited_minutes=None,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"channel": "video"}, "session_incomplete"),
        ({"channel": "phone", "began_at": AT}, "session_incomplete"),
        ({"ended_at": AT}, "session_ends_before_it_begins"),
        (
            {"recording": Personal({"sha256": "a" * 64, "size": 1, "media_type": "video/mp4",
                                    "name": "录像"})},
            "recording_needs_consent",
        ),
    ],
)  # fmt: skip
def test_a_session_is_whole_and_recorded_with_consent_only(
    more: dict[str, Any], code: str
) -> None:
    spec.given(received, referred).when(answer.model_copy(update=more)).then_refused(code)


def test_a_notice_lists_every_material_and_a_second_one_needs_a_reason() -> None:
    tell = TellContact(items=("S1-05", "S1-01"))
    first = only(CONTACT.decide(tell, spec.given(received).state(), DESK))
    wanted = {m for i in tell.items for m in DESK.catalogue.item(i).materials}
    assert set(first.materials) == wanted and first.ordinal == 1 and first.complete
    details = spec.given(received, first).when(tell).then_refused("noticed_already")
    assert details["ordinal"] == 2
    again = tell.model_copy(update={"reason": Personal("目录更新")})
    second = only(CONTACT.decide(again, spec.given(received, first).state(), DESK))
    assert second.ordinal == 2 and set(second.again) == set(tell.items)
    elsewhere = replace(DESK, told={"S1-01": 1})
    spec.given(received).when(tell, elsewhere).then_refused("noticed_already")
    spec.given(received).when(TellContact(items=("S9-99",))).then_refused("item_unknown")


def test_what_is_open_in_the_evening_is_brought_up_the_next_day_each_day_once() -> None:
    tomorrow = replace(DESK, day=date(2026, 11, 23))
    left = ContactLeftOver(owner=CLERK, nights=1, since_on=DAY)
    spec.given(received).when(RemindOfContact()).then_nothing()
    spec.given(received).when(RemindOfContact(), tomorrow).then(left)
    spec.given(received, left).when(RemindOfContact(), tomorrow).then(
        ContactLeftOver(owner=CLERK, nights=2, since_on=DAY)
    )
    spec.given(received, closed).when(RemindOfContact(), tomorrow).then_nothing()
