"""Holding a file against the list (X-10, AS-88, AS-89)."""

from dataclasses import replace

import pytest

from contracts.archive import DocumentFiled, EntryFiled, FileChecked, Lack, Waiver
from contracts.event import Personal
from contracts.intake import MaterialReceived, ServiceDeclined
from contracts.supervision import ItemClosed, OriginalsReturned
from services.archive.domain.commands import CheckFile
from services.archive.domain.completeness import lacking
from services.archive.domain.state import File
from tests.unit.archive.examples import (
    APPROVER,
    CLERK,
    COURSE,
    DOCUMENT,
    FACTS,
    ITEM,
    NUMBER,
    PACK,
    PIECE,
    RELIED_ON,
    given,
    matter,
    opened,
    requested,
    without,
)

application = DocumentFiled(document=DOCUMENT, content="application", title=Personal("材料"))
check = CheckFile()
complete = FileChecked(
    complete=True,
    relied_on=RELIED_ON,
    rule="archive.contents",
    defaults=("archive.contents",),
)
lacking_papers = complete.model_copy(
    update={
        "complete": False,
        "lacking": (Lack(condition="content", what="application"),),
    }
)
EMPTY = File(number=NUMBER)


def test_a_file_that_lacks_nothing_is_complete_and_says_what_it_relied_on() -> None:
    given(opened, application).when(check).then(complete)


def test_what_is_lacking_is_named() -> None:
    given(opened).when(check).then(lacking_papers)


def test_checking_again_says_nothing_while_nothing_was_filed() -> None:
    given(opened, application, complete).when(check).then_nothing()


def test_checking_again_after_a_new_entry_is_a_new_check() -> None:
    entry = EntryFiled(store="intake", position=9, leafhash="0" * 64, entry_type="x.y.v1")
    given(opened, application, complete, entry).when(check).then(complete)


def test_an_approver_may_waive_a_content_in_principle() -> None:
    waive = CheckFile(
        waive=("application",), waiver_reasons=Personal("单位自行申报，材料未经手")
    )
    facts = replace(FACTS, actor=APPROVER, may_waive=True)
    waiver = Waiver(content="application", approver=APPROVER)
    given(opened).when(waive, facts).then(
        complete.model_copy(
            update={"waived": (waiver,), "waiver_reasons": waive.waiver_reasons}
        )
    )


def test_a_waiver_holds_at_the_next_check() -> None:
    waiver = Waiver(content="application", approver=APPROVER)
    waived = complete.model_copy(update={"waived": (waiver,)})
    given(opened, waived).when(check, replace(FACTS, actor=CLERK)).then_nothing()


def test_another_post_may_not_waive() -> None:
    given(opened).when(CheckFile(waive=("application",))).then_refused(
        "waiver_needs_an_approver"
    )


def test_a_waiver_needs_reasons() -> None:
    facts = replace(FACTS, may_waive=True)
    given(opened).when(CheckFile(waive=("application",)), facts).then_refused(
        "waiver_needs_reasons"
    )


def test_nothing_is_waived_where_the_list_is_compulsory() -> None:
    rules = PACK.archive.model_copy(update={"strength": "compulsory"})
    facts = replace(FACTS, may_waive=True, rules=rules)
    details = (
        given(opened)
        .when(CheckFile(waive=("application",)), facts)
        .then_refused("content_is_compulsory")
    )
    assert details["rule"] == "archive.strength"


def test_a_content_that_the_list_does_not_know_cannot_be_waived() -> None:
    facts = replace(FACTS, may_waive=True)
    given(opened).when(CheckFile(waive=("poem",)), facts).then_refused("content_unknown")


def test_a_file_that_is_not_open_is_not_checked() -> None:
    given().when(check).then_refused("not_in_this_state")


@pytest.mark.parametrize("kind", ["notice", "sign_in", "photo", "minutes"])
def test_a_meeting_makes_its_four_papers_compulsory(kind: str) -> None:
    held = replace(matter(*COURSE), seen=frozenset({"MeetingCalled"}))
    file = replace(EMPTY, documents={DOCUMENT: "application"})
    assert Lack(condition="content", what=kind) in lacking(file, held, PACK.archive)
    assert not lacking(file, matter(*COURSE), PACK.archive)


def test_a_declined_matter_has_nothing_to_close_and_nobody_to_rate() -> None:
    declined = ServiceDeclined(
        cause="ineligible", eligible=False, reason=Personal("政府投资项目")
    )
    lacks = lacking(EMPTY, matter(requested, declined), PACK.archive)
    assert {lack.condition for lack in lacks} == {"content"}


def test_a_matter_without_a_scope_lacks_its_scope() -> None:
    lacks = lacking(EMPTY, matter(requested), PACK.archive)
    assert Lack(condition="items_closed", what="scope") in lacks


def test_originals_of_every_piece_count_and_copies_do_not() -> None:
    other = MaterialReceived(piece=DOCUMENT, material="M05", originals=0, copies=2)
    lacks = lacking(EMPTY, matter(*COURSE, other), PACK.archive)
    assert "originals_returned" not in {lack.condition for lack in lacks}


def test_the_list_is_the_one_of_the_pack() -> None:
    kinds = {lack.what for lack in lacking(EMPTY, without(), PACK.archive)}
    assert kinds == {"application"}
    rules = PACK.archive.model_copy(update={"contents": ()})
    assert not lacking(EMPTY, without(), rules)


def test_facts_name_the_item_and_the_piece() -> None:
    lacks = lacking(EMPTY, without(ItemClosed, OriginalsReturned), PACK.archive)
    assert Lack(condition="items_closed", what=ITEM) in lacks
    assert Lack(condition="originals_returned", what=str(PIECE)) in lacks
