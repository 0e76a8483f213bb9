"""Setting the service up: explaining, registering, muting, asking again (登记与告知)."""

from dataclasses import replace
from typing import Any

from contracts.event import Event
from contracts.intake import (
    HelpMuted,
    ItemLimit,
    MaterialRequested,
    PrecheckFailed,
    ProcessExplained,
    RegistrationCompleted,
)
from services.intake.domain import MATTER
from services.intake.domain.commands import (
    ChooseMode,
    CompleteRegistration,
    ExplainProcess,
    MuteHelp,
    RequestMaterials,
)
from services.intake.domain.facts import Facts
from shared.testing.spec import Spec
from tests.unit.intake.examples import (
    ENTRUSTED,
    FACTS,
    ID,
    PACK,
    THIRD,
    completed,
    piece,
    words,
)
from tests.unit.intake.places import (
    MUTING,
    REGISTERING,
    accepted,
    by_unit,
    entrusted,
    facts_of,
)

CLERKS = facts_of(REGISTERING)
spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, CLERKS)
given = spec.given
AGENCY = (*accepted(REGISTERING, "agent", "S1-01"), entrusted("S1-01"))
NEEDS = words("代办立项备案")
register = CompleteRegistration(needs=NEEDS, clarified_by=("asked",))
explained = ProcessExplained(leaflet="2026-03")
REASON = words("图纸尚在修改")


def test_flow_and_duties_are_explained_with_a_leaflet() -> None:
    given(*AGENCY).when(ExplainProcess(leaflet="2026-03")).then(explained)
    given(*AGENCY, explained).when(ExplainProcess(leaflet="2026-03")).then_nothing()
    newer = ExplainProcess(leaflet="2026-11")
    given(*AGENCY, explained).when(newer).then(ProcessExplained(leaflet="2026-11"))


def test_the_register_waits_for_the_explanation_and_for_all_materials() -> None:
    details = given(*AGENCY).when(register).then_refused("process_not_explained")
    assert details["rule"] == "process.accept.must"
    details = given(*AGENCY, explained).when(register).then_refused("materials_not_collected")
    assert details["items"] == ["S1-01"]


def test_the_register_states_needs_items_limits_and_what_is_still_to_come() -> None:
    late = register.model_copy(update={"incomplete_reason": REASON})
    done = RegistrationCompleted(
        form="register", limits=(ItemLimit(item="S1-01", days=1),), complete_set=False,
        outstanding=("S1-01",), leaflet="2026-03",
        contacts=("applicant_lead", "applicant_handler"), clarified_by=("asked",),
        defaults=("catalogue",), needs=NEEDS, incomplete_reason=REASON,
    )  # fmt: skip
    given(*AGENCY, explained).when(late).then(done)
    given(*AGENCY, explained, done).when(late).then_nothing()
    own = late.model_copy(update={"limits": (ItemLimit(item="S1-01", days=2),)})
    (agreed,) = MATTER.decide(own, MATTER.fold([*AGENCY, explained]), CLERKS)
    assert isinstance(agreed, RegistrationCompleted)
    assert agreed.limits[0].days == 2 and agreed.defaults == ()
    strange = late.model_copy(update={"limits": (ItemLimit(item="S2-02", days=2),)})
    given(*AGENCY, explained).when(strange).then_refused("item_not_in_scope")


def test_a_place_without_a_register_completes_none() -> None:
    given(*ENTRUSTED).when(register, FACTS).then_refused("form_unknown")
    assert PACK.agreements == ()


WHOLE = (
    *ENTRUSTED, piece("M41"), piece("M01", THIRD), completed("S1-01", "M41", "M01", "M03"),
    completed("S1-05", "M41", "M04", "M05", "M08", "M03"),
)  # fmt: skip


def test_a_request_after_the_complete_set_needs_a_reason_and_is_flagged() -> None:
    again = RequestMaterials(items=("S1-05",), materials=("M08",))
    given(*WHOLE).when(again, FACTS).then_refused("reason_required")
    said = again.model_copy(update={"reason": words("总平图已调整")})
    given(*WHOLE).when(said, FACTS).then(
        MaterialRequested(
            request=ID, items=("S1-05",), materials=("M08",), late=True,
            defaults=("catalogue",), reason=words("总平图已调整"),
        )
    )  # fmt: skip


def test_what_a_precheck_found_wanting_is_asked_for_without_another_reason() -> None:
    failed = PrecheckFailed(item="S1-01", faulty=("M01",), faults=words("字迹不清"))
    (asked,) = MATTER.decide(
        RequestMaterials(items=("S1-01",), materials=("M01",)),
        MATTER.fold([*WHOLE, failed]),
        FACTS,
    )
    assert isinstance(asked, MaterialRequested) and asked.late


def test_help_that_comes_by_itself_is_muted_and_not_refused() -> None:
    helped, units = accepted(MUTING, "assist"), by_unit(facts_of(MUTING))
    details = (
        given(*helped)
        .when(ChooseMode(mode="none"), units)
        .then_refused("help_cannot_be_refused")
    )
    assert details["rule"] == "modes.assist.muting"
    given(*helped).when(MuteHelp(), units).then(HelpMuted(muted=True))
    given(*helped, HelpMuted(muted=True)).when(MuteHelp(), units).then_nothing()
    given(*helped, HelpMuted(muted=True)).when(MuteHelp(muted=False), units).then(
        HelpMuted(muted=False)
    )


def test_a_way_of_serving_that_was_chosen_is_not_muted() -> None:
    units = by_unit(CLERKS)
    given(*AGENCY).when(MuteHelp(), units).then_refused("mode_cannot_be_muted")


def test_the_register_takes_the_number_of_its_own_series() -> None:
    late = register.model_copy(update={"incomplete_reason": REASON})
    numbered = replace(CLERKS, number="210300-2026-0006")
    (done,) = MATTER.decide(late, MATTER.fold([*AGENCY, explained]), numbered)
    assert isinstance(done, RegistrationCompleted)
    assert (done.number, done.label) == ("210300-2026-0006", "2026年第0006号")
    given(*AGENCY, explained, done).when(late, numbered).then_refused("already_registered")
    given(*AGENCY, explained, done).when(late).then_nothing()
