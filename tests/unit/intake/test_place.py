"""Editions of a place's rules, notices and publicity (政策包与宣传)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from contracts.intake import (
    NoticePublished,
    PackActivated,
    PackActivationAsked,
    PackAmended,
    PackQuestionDecided,
    PackRegistered,
    PackRetired,
    PublicityLogged,
)
from services.intake.domain import PLACE
from services.intake.domain.editions import Activation
from services.intake.domain.place import (
    ActivatePack,
    AmendPack,
    AskActivation,
    DecidePackQuestion,
    Loaded,
    LogPublicity,
    PlaceFloor,
    PublishNotice,
    RegisterPack,
    RetirePack,
)
from shared.testing.spec import Spec
from tests.unit.intake.examples import CATALOGUE, CLERK, HEAD, ID, PACK, words

CALENDAR = "cn-national@1122334455667788"
NEWER = "cn-sample@0123456789abcdef"
DRAFT = "cn-draft@0123456789abcdef"
LOADED = Loaded(PACK, CATALOGUE.edition, CALENDAR)


def dated(**text: Any) -> Loaded:
    """The pack with something else said about its document."""
    instrument = PACK.instrument.model_copy(update=text)
    pack = PACK.model_copy(update={"instrument": instrument})
    return Loaded(pack, CATALOGUE.edition, CALENDAR)


FLOOR = PlaceFloor(
    {PACK.edition: LOADED, NEWER: LOADED, DRAFT: dated(status="consultation_draft")},
    ID,
    ("terms.words.urge",),
)
spec = Spec(PLACE, FLOOR)

registered = PackRegistered(
    edition=PACK.edition,
    status="in_force",
    catalogue=CATALOGUE.edition,
    calendar=CALENDAR,
    issued_on=PACK.instrument.issued_on,
    defaults=tuple(sorted(path for q in PACK.open for path in q.paths)),
    title=words(PACK.instrument.title),
)
newer = registered.model_copy(update={"edition": NEWER})
draft = registered.model_copy(update={"edition": DRAFT, "status": "consultation_draft"})
activated = PackActivated(edition=PACK.edition, begins_on=date(2026, 11, 20))


def test_a_loaded_pack_is_registered_with_its_defaults_named() -> None:
    spec.given().when(RegisterPack(edition=PACK.edition)).then(registered)
    spec.given(registered).when(RegisterPack(edition=PACK.edition)).then_nothing()
    spec.given().when(RegisterPack(edition="cn-x@0000000000000000")).then_refused(
        "edition_not_loaded"
    )


def test_new_matters_follow_the_edition_that_is_activated() -> None:
    activate = ActivatePack(edition=PACK.edition, begins_on=date(2026, 11, 20))
    spec.given(registered).when(activate).then(activated)
    spec.given(registered, activated).when(activate).then_nothing()
    spec.given().when(activate).then_refused("edition_not_registered")
    later = ActivatePack(edition=NEWER, begins_on=date(2027, 1, 1))
    spec.given(registered, newer, activated).when(later).then(
        PackActivated(edition=NEWER, begins_on=date(2027, 1, 1), replaces=PACK.edition)
    )


def test_a_day_ahead_is_activated_while_the_present_edition_goes_on() -> None:
    ahead = PackActivated(edition=NEWER, begins_on=date(2027, 1, 1), replaces=PACK.edition)
    state = PLACE.fold((registered, newer, activated, ahead))
    assert state.editions.chosen(date(2026, 12, 31)) == Activation(
        PACK.edition, date(2026, 11, 20)
    )
    assert state.editions.chosen(date(2027, 1, 1)) == Activation(NEWER, date(2027, 1, 1))
    assert state.editions.chosen(date(2026, 11, 19)) is None
    again = ActivatePack(edition=PACK.edition, begins_on=date(2026, 12, 1))
    spec.given(registered, newer, activated, ahead).when(again).then_nothing()


def test_of_two_that_begin_on_one_day_the_later_act_counts() -> None:
    again = activated.model_copy(update={"edition": NEWER})
    state = PLACE.fold((registered, newer, activated, again))
    assert state.editions.chosen(date(2026, 11, 20)) == Activation(NEWER, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("text", "begins_on", "code"),
    [
        ({"expires_on": date(2026, 12, 31)}, date(2027, 1, 1), "pack_expired"),
        ({"effective_from": date(2027, 1, 1)}, date(2026, 12, 31), "pack_not_yet_effective"),
        (
            {"effective_from": "on_issue", "issued_on": date(2027, 1, 1)},
            date(2026, 12, 31),
            "pack_not_yet_effective",
        ),
        (
            {"effective_from": "on_issue", "issued_on": None},
            date(2026, 12, 31),
            "pack_not_yet_effective",
        ),
    ],
)
def test_an_edition_out_of_its_dates_is_not_activated(
    text: dict[str, Any], begins_on: date, code: str
) -> None:
    floor = replace(FLOOR, loaded={NEWER: dated(**text)})
    activate = ActivatePack(edition=NEWER, begins_on=begins_on)
    spec.given(newer).when(activate, floor).then_refused(code)
    whole = replace(FLOOR, loaded={NEWER: dated()})
    spec.given(newer).when(activate, whole).then(
        PackActivated(edition=NEWER, begins_on=begins_on)
    )


def test_a_draft_is_activated_for_live_matters_only_by_a_persons_word() -> None:
    plain = ActivatePack(edition=DRAFT, begins_on=date(2026, 11, 20))
    why = words("经领导小组同意先行试行")
    spec.given(draft).when(plain).then_refused("pack_is_draft")
    overruled = PackActivated(
        edition=DRAFT, begins_on=date(2026, 11, 20), draft=True, override=True, reason=why
    )
    word = plain.model_copy(update={"override": why})
    spec.given(draft).when(word).then(overruled)
    spec.given(draft, overruled).when(word).then_nothing()
    tried = PackActivated(edition=DRAFT, begins_on=date(2026, 11, 20), draft=True)
    trying = replace(FLOOR, drafts=True)
    spec.given(draft).when(plain, trying).then(tried)
    spec.given(draft, tried).when(word).then(overruled)


def test_one_person_asks_for_an_edition_and_another_activates_it() -> None:
    day = date(2026, 11, 20)
    ask, activate = (
        AskActivation(edition=PACK.edition, begins_on=day),
        ActivatePack(edition=PACK.edition, begins_on=day),
    )
    asking, approving = replace(FLOOR, actor=CLERK), replace(FLOOR, actor=HEAD)
    wish = PackActivationAsked(edition=PACK.edition, begins_on=day, asked_by=CLERK)
    spec.given().when(ask, asking).then_refused("edition_not_registered")
    spec.given(registered).when(activate, approving).then_refused("approval_not_asked")
    spec.given(registered).when(ask, asking).then(wish)
    spec.given(registered, wish).when(ask, asking).then_nothing()
    spec.given(registered, wish).when(activate, asking).then_refused("four_eyes")
    both = activated.model_copy(update={"asked_by": CLERK, "approver": HEAD})
    spec.given(registered, wish).when(activate, approving).then(both)
    spec.given(registered, wish, both).when(activate, approving).then_nothing()
    spec.given(registered, wish, both).when(ask, asking).then_nothing()
    other_day = activate.model_copy(update={"begins_on": date(2026, 12, 1)})
    spec.given(registered, wish).when(other_day, approving).then_refused("approval_not_asked")


def test_nobody_is_asked_for_a_draft_that_cannot_be_activated() -> None:
    plain = AskActivation(edition=DRAFT, begins_on=date(2026, 11, 20))
    spec.given(draft).when(plain, replace(FLOOR, actor=CLERK)).then_refused("pack_is_draft")


def test_a_reason_for_an_edition_in_force_overrides_nothing() -> None:
    word = ActivatePack(
        edition=PACK.edition, begins_on=date(2026, 11, 20), override=words("试行")
    )
    spec.given(registered).when(word).then(
        PackActivated(edition=PACK.edition, begins_on=date(2026, 11, 20), reason=words("试行"))
    )
    spec.given(registered, activated).when(word).then_nothing()


def test_a_retired_edition_is_followed_by_no_new_matter_until_it_is_activated_again() -> None:
    retire = RetirePack(
        edition=PACK.edition, ends_on=date(2026, 12, 1), reason=words("新方案施行")
    )
    retired = PackRetired(
        edition=PACK.edition, ends_on=date(2026, 12, 1), reason=words("新方案施行")
    )
    spec.given(registered, activated).when(retire).then(retired)
    spec.given(registered, activated, retired).when(retire).then_nothing()
    spec.given().when(retire).then_refused("edition_not_registered")
    again = ActivatePack(edition=PACK.edition, begins_on=date(2026, 12, 2))
    spec.given(registered, activated, retired).when(again).then(
        PackActivated(edition=PACK.edition, begins_on=date(2026, 12, 2))
    )


def test_an_amendment_says_what_changed_and_why() -> None:
    amend = AmendPack(edition=NEWER, amends=PACK.edition, reason=words("总结经验"))
    amended = PackAmended(
        edition=NEWER,
        amends=PACK.edition,
        changed=("terms.words.urge",),
        reason=words("总结经验"),
    )
    spec.given(registered, newer).when(amend).then(amended)
    spec.given(registered, newer, amended).when(amend).then_nothing()
    spec.given(registered).when(amend).then_refused("edition_not_registered")
    same = PlaceFloor({}, ID)
    spec.given(registered, newer).when(amend, same).then_refused("nothing_changed")


def test_an_open_question_of_the_pack_is_decided_once() -> None:
    settle = DecidePackQuestion(
        edition=PACK.edition, question="open.utilities", decision=words("报装不在内")
    )
    decided = PackQuestionDecided(
        edition=PACK.edition, question="open.utilities", decision=words("报装不在内")
    )
    spec.given(registered).when(settle).then(decided)
    spec.given(registered, decided).when(settle).then_nothing()
    strange = settle.model_copy(update={"question": "open.weather"})
    spec.given(registered).when(strange).then_refused("question_not_open")


def test_a_notice_is_published() -> None:
    notice = PublishNotice(kind="pack", edition=PACK.edition, medium="web", title=words("公告"))
    spec.given(registered).when(notice).then(
        NoticePublished(
            notice=ID, kind="pack", edition=PACK.edition, medium="web", title=words("公告")
        )
    )
    spec.given().when(notice).then_refused("edition_not_registered")


def test_publicity_is_logged_for_a_body_of_the_place() -> None:
    said = LogPublicity(body="ro", medium="radio", title=words("宣传"))
    spec.given(registered, activated).when(said).then(
        PublicityLogged(body="ro", medium="radio", title=words("宣传"))
    )
    spec.given(registered, activated).when(
        said.model_copy(update={"body": "nobody"})
    ).then_refused("body_unknown")
