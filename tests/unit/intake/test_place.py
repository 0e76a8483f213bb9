"""Editions of a place's rules, notices and publicity (政策包与宣传)."""

from datetime import date

from contracts.intake import (
    NoticePublished,
    PackActivated,
    PackAmended,
    PackQuestionDecided,
    PackRegistered,
    PublicityLogged,
)
from services.intake.domain import PLACE
from services.intake.domain.place import (
    ActivatePack,
    AmendPack,
    DecidePackQuestion,
    Loaded,
    LogPublicity,
    PlaceFloor,
    PublishNotice,
    RegisterPack,
)
from shared.testing.spec import Spec
from tests.unit.intake.examples import CATALOGUE, ID, PACK, words

CALENDAR = "cn-national@1122334455667788"
NEWER = "cn-sample@0123456789abcdef"
LOADED = Loaded(PACK, CATALOGUE.edition, CALENDAR)
spec = Spec(PLACE, PlaceFloor({PACK.edition: LOADED, NEWER: LOADED}, ID, ("terms.words.urge",)))

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
