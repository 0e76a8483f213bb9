"""Papers: asked for once, taken in, used again, complete, read through (材料)."""

from dataclasses import replace
from datetime import date

from contracts.intake import (
    MaterialReceived,
    MaterialRequested,
    MaterialReused,
    MaterialSuperseded,
    PrecheckFailed,
    PrecheckPassed,
)
from services.intake.domain.commands import (
    NoteResult,
    PrecheckItem,
    RequestMaterials,
    ReuseMaterial,
)
from tests.unit.intake.examples import (
    ACCEPTED,
    ASSISTED,
    BY_AGENT,
    BY_UNIT,
    ENTRUSTED,
    FACTS,
    FOURTH,
    ID,
    OTHER,
    THIRD,
    agency,
    commission,
    completed,
    given,
    piece,
    receive,
    scope,
    words,
)

LACKING = ("M01", "M04", "M05", "M08", "M41")
asked = MaterialRequested(
    request=ID, items=("S1-01", "S1-05"), materials=LACKING, defaults=("catalogue",)
)
FULL = (*ENTRUSTED, piece("M41"), piece("M01", THIRD), completed("S1-01", "M41", "M01", "M03"))


def test_everything_that_is_lacking_is_asked_for_at_once() -> None:
    given(*ENTRUSTED).when(RequestMaterials()).then(asked)


def test_nothing_is_asked_twice() -> None:
    given(*ENTRUSTED, asked).when(RequestMaterials()).then_nothing()
    given(*ENTRUSTED, asked).when(RequestMaterials(materials=("M01",))).then_nothing()
    details = (
        given(*ENTRUSTED, piece("M01"))
        .when(RequestMaterials(materials=("M01", "M08")))
        .then_refused("already_held")
    )
    assert details["materials"] == ["M01"]


def test_a_paper_that_came_and_expired_is_asked_for_again() -> None:
    short = piece("M08", valid_until_on=date(2026, 11, 10))
    again = RequestMaterials(items=("S1-05",), materials=("M08",))
    one = MaterialRequested(
        request=ID, items=("S1-05",), materials=("M08",), defaults=("catalogue",)
    )
    given(*ENTRUSTED, one, short).when(again).then(one)
    given(*ENTRUSTED, one, short, one).when(again).then_nothing()


def test_only_what_the_catalogue_lists_is_asked_for() -> None:
    given(*ENTRUSTED).when(RequestMaterials(materials=("M33",))).then_refused(
        "material_not_needed"
    )


def test_the_papers_of_a_later_item_may_be_asked_for_early() -> None:
    ahead = RequestMaterials(items=("S1-05",), materials=("M08",), ahead=True)
    given(*ENTRUSTED).when(ahead).then(
        MaterialRequested(
            request=ID, items=("S1-05",), materials=("M08",), ahead=True,
            defaults=("catalogue",),
        )
    )  # fmt: skip


def test_a_paper_is_taken_in_and_serves_every_item_that_needs_it() -> None:
    received = MaterialReceived(piece=ID, material="M41", originals=1)
    given(*ENTRUSTED).when(receive("M41"), BY_AGENT).then(
        received, MaterialReused(material="M41", items=("S1-05",), origin="piece", piece=ID)
    )


def test_the_last_paper_completes_the_set() -> None:
    received = MaterialReceived(piece=ID, material="M01", originals=1)
    given(*ENTRUSTED, piece("M41")).when(receive("M01"), BY_AGENT).then(
        received, completed("S1-01", "M41", "M01", "M03")
    )


def test_a_piece_entered_twice_is_taken_in_once() -> None:
    given(*ENTRUSTED, piece("M41")).when(receive("M41", piece=OTHER), BY_AGENT).then_nothing()


def test_in_assist_mode_the_agent_collects_nothing_but_the_unit_hands_in() -> None:
    given(*ASSISTED).when(receive("M01"), BY_AGENT).then_refused("act_not_in_mode")
    received = MaterialReceived(piece=ID, material="M01", originals=1)
    given(*ASSISTED).when(receive("M01"), BY_UNIT).then(received)


def test_a_paper_that_is_not_one_is_refused() -> None:
    given(*ENTRUSTED).when(receive("M99")).then_refused("material_unknown")
    nothing = receive("M01").model_copy(update={"originals": 0})
    given(*ENTRUSTED).when(nothing).then_refused("nothing_received")
    expired = receive("M01", valid_until_on=date(2026, 11, 19))
    given(*ENTRUSTED).when(expired).then_refused("material_expired")
    given(*ENTRUSTED, piece("M41")).when(receive("M01", replaces=OTHER)).then_refused(
        "replaces_nothing"
    )


def test_without_the_commission_an_agency_set_is_not_complete() -> None:
    before = (*ACCEPTED, agency, scope("S1-01"), piece("M41"))
    received = MaterialReceived(piece=ID, material="M01", originals=1)
    given(*before).when(receive("M01"), BY_AGENT).then(received)
    given(*before, commission).when(receive("M01"), BY_AGENT).then(
        received, completed("S1-01", "M41", "M01", "M03")
    )


def test_the_result_of_one_item_is_a_paper_of_the_next() -> None:
    reused = MaterialReused(
        material="M04", items=("S1-05",), origin="item_result", from_item="S1-01"
    )
    given(*FULL).when(NoteResult(item="S1-01")).then(reused)
    given(*FULL, reused).when(NoteResult(item="S1-01")).then_nothing()
    others = [piece(m, n) for m, n in (("M05", ID), ("M08", FOURTH))]
    given(*FULL, *others).when(NoteResult(item="S1-01")).then(
        reused, completed("S1-05", "M41", "M04", "M05", "M08", "M03")
    )


def test_a_result_that_is_no_paper_or_no_matter_of_ours_says_nothing() -> None:
    given(*FULL).when(NoteResult(item="S3-12")).then_nothing()
    given().when(NoteResult(item="S1-01")).then_nothing()


def test_what_is_held_elsewhere_is_used_and_not_asked_for() -> None:
    borrow = ReuseMaterial(material="M08", origin="piece", from_matter=OTHER, piece=THIRD)
    given(*ENTRUSTED).when(borrow).then_refused("not_held_there")
    reused = MaterialReused(
        material="M08", items=("S1-05",), origin="piece", piece=THIRD, from_matter=OTHER
    )
    offered = replace(FACTS, offered=True)
    given(*ENTRUSTED).when(borrow, offered).then(reused)
    given(*ENTRUSTED, reused).when(borrow, offered).then_nothing()
    licence = ReuseMaterial(material="M01", origin="e_certificate")
    given(*ENTRUSTED, piece("M41")).when(licence, offered).then(
        MaterialReused(material="M01", items=("S1-01",), origin="e_certificate"),
        completed("S1-01", "M41", "M01", "M03"),
    )


def test_the_agent_reads_complete_papers_through() -> None:
    check = PrecheckItem(item="S1-01", in_order=True)
    passed = PrecheckPassed(item="S1-01", pieces=(OTHER, THIRD))
    given(*FULL).when(check, BY_AGENT).then(passed)
    given(*FULL, passed).when(check, BY_AGENT).then_nothing()
    details = given(*ENTRUSTED).when(check, BY_AGENT).then_refused("materials_missing")
    assert details["materials"] == ["M41", "M01"]
    given(*ASSISTED).when(check, BY_AGENT).then_refused("act_not_in_mode")


def test_faults_are_named_at_once_and_a_new_paper_mends_them() -> None:
    wrong = PrecheckItem(
        item="S1-01", in_order=False, faulty=("M01",), faults=words("字迹不清")
    )
    failed = PrecheckFailed(item="S1-01", faulty=("M01",), faults=words("字迹不清"))
    given(*FULL).when(wrong, BY_AGENT).then(failed)
    received = MaterialReceived(piece=ID, material="M01", originals=1, replaces=THIRD)
    given(*FULL, failed).when(receive("M01", replaces=THIRD), BY_AGENT).then(
        received,
        MaterialSuperseded(piece=THIRD, by=ID, material="M01", items=("S1-01",)),
        completed("S1-01", "M41", "M01", "M03"),
    )
    unnamed = wrong.model_copy(update={"faulty": ("M33",)})
    given(*FULL).when(unnamed, BY_AGENT).then_refused("faults_must_be_named")


def test_a_replaced_paper_undoes_the_precheck() -> None:
    passed = PrecheckPassed(item="S1-01", pieces=(OTHER, THIRD))
    state = given(*FULL, passed, piece("M01", ID, replaces=THIRD)).state()
    assert "S1-01" not in state.prechecked
