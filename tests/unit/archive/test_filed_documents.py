"""Documents of a file: versions, conditional kinds, the four properties, and what stops a close."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from contracts.archive import ArchiveTested, DocumentFiled, FileChecked, FileClosed, Lack
from contracts.event import Personal
from contracts.intake import MaterialReceived, ServiceRequested
from contracts.vocabulary import Document, TestResult
from services.archive.domain.commands import (
    AttachPaper,
    CheckFile,
    CloseFile,
    FileDocument,
    Kept,
    Report,
)
from services.archive.domain.completeness import asked_of
from services.archive.domain.fourfold import Bytes, checks_of, findings, results
from services.archive.domain.listing import kinds_of, unkept_of
from services.archive.domain.replay import replay
from services.archive.domain.verify import verify
from tests.unit.archive.examples import (
    CHECK,
    COURSE,
    DOCUMENT,
    FACTS,
    PACK,
    PIECE,
    RELIED_ON,
    given,
    matter,
    opened,
    told,
)

SCAN: Document = {
    "sha256": "a" * 64,
    "size": 3,
    "media_type": "application/pdf",
    "name": "x.pdf",
}
KEPT = Kept("c" * 64, "5a", "clean", SCAN)
OLD, NEW = PIECE, DOCUMENT
photo = DocumentFiled(document=OLD, content="photo", title=Personal("旧"))
checked = FileChecked(complete=True, relied_on=RELIED_ON, rule="archive.contents")
application = DocumentFiled(document=CHECK, content="application", title=Personal("材料"))


def put(**more: Any) -> FileDocument:
    return FileDocument(content="photo", title=Personal("新"), **more)


def test_an_upload_is_filed_under_its_commitment_and_the_hash_stays_sealed() -> None:
    filed = DocumentFiled(
        document=NEW, content="photo", commitment="c" * 64, media_check="clean",
        title=Personal("新"), scan=Personal(SCAN), salt=Personal("5a"),
    )  # fmt: skip
    given(opened).when(put(upload=NEW), replace(FACTS, kept=KEPT)).then(filed)
    assert "a" * 64 not in str(filed.public())


def test_the_same_upload_is_filed_once() -> None:
    there = DocumentFiled(document=NEW, content="photo", title=Personal("新"))
    given(opened, there).when(put(upload=NEW), replace(FACTS, kept=None)).then_nothing()


def test_a_paper_of_ones_own_act_is_an_attachment_once_and_not_in_a_closed_file() -> None:
    attach = AttachPaper(title=Personal("签字页"), upload=NEW)
    filed = DocumentFiled(
        document=NEW, content="attachment", commitment="c" * 64, media_check="clean",
        title=Personal("签字页"), scan=Personal(SCAN), salt=Personal("5a"),
    )  # fmt: skip
    facts = replace(FACTS, kept=KEPT)
    given(opened).when(attach, facts).then(filed)
    given(opened, filed).when(attach, facts).then_nothing()
    closed = FileClosed(checked_by=CHECK, entries=0, documents=0, relied_on=())
    given(opened, closed).when(attach, facts).then_refused("not_in_this_state")


def test_a_version_replaces_what_is_there_and_in_force_and_of_its_kind() -> None:
    replaced = DocumentFiled(document=NEW, content="photo", replaces=OLD, title=Personal("新"))
    given(opened, photo).when(put(replaces=OLD)).then(replaced)
    given(opened).when(put(replaces=OLD)).then_refused("document_not_on_file")
    later = replaced.model_copy(update={"document": CHECK})
    given(opened, photo, later).when(put(replaces=OLD)).then_refused(
        "document_already_replaced"
    )
    other = photo.model_copy(update={"content": "minutes"})
    given(opened, other).when(put(replaces=OLD)).then_refused("document_of_another_kind")


def test_a_document_whose_bytes_changed_is_named_and_keeps_the_file_open() -> None:
    facts = replace(FACTS, unsound=(OLD,))
    lack = Lack(condition="document_bytes", what=str(OLD))
    refused = (
        given(opened, application, checked)
        .when(CloseFile(), facts)
        .then_refused("file_not_complete")
    )
    assert refused["lacking"] == [lack.model_dump()]
    said = FileChecked(
        complete=False, lacking=(lack,), relied_on=RELIED_ON, rule="archive.contents",
        defaults=FACTS.defaults,
    )  # fmt: skip
    given(opened, application).when(CheckFile(), facts).then(said)


def _report(safe: TestResult) -> Report:
    said: dict[str, TestResult] = {
        "authentic": "passed", "complete": "passed", "usable": "passed", "safe": safe,
    }  # fmt: skip
    return Report(said, ("media",), NEW, KEPT)


def test_a_file_closes_with_the_report_of_its_test() -> None:
    facts = replace(FACTS, report=_report("not_proved"))
    given(opened, application, checked).when(CloseFile(), facts).then(
        ArchiveTested(
            authentic="passed", complete="passed", usable="passed", safe="not_proved",
            findings=("media",), report=NEW,
        ),
        DocumentFiled(
            document=NEW, content="four_property_report", commitment="c" * 64,
            media_check="clean", title=Personal("四性检测报告"), scan=Personal(SCAN),
            salt=Personal("5a"),
        ),
        FileClosed(checked_by=CHECK, entries=0, documents=2, relied_on=RELIED_ON),
    )  # fmt: skip


def test_a_file_that_fails_a_property_is_not_closed() -> None:
    facts = replace(FACTS, report=_report("failed"))
    refused = (
        given(opened, application, checked)
        .when(CloseFile(), facts)
        .then_refused("four_properties_not_passed")
    )
    assert refused["failed"] == ["safe"] and refused["findings"] == ["media"]


def test_a_meeting_makes_four_kinds_compulsory() -> None:
    met = replace(matter(*COURSE), seen=frozenset({"MeetingCalled"}))
    asked = {c.id: asked_of(c, met) for c in PACK.archive.contents}
    assert {k for k in asked if asked[k]} == {
        "basic", "application", "log", "notice", "sign_in", "photo", "minutes",
    }  # fmt: skip
    without = {c.id: asked_of(c, matter(*COURSE)) for c in PACK.archive.contents}
    assert {k for k in without if without[k]} == {"basic", "application", "log"}


def test_the_table_of_contents_follows_the_list_and_names_what_is_missing() -> None:
    story = told(*COURSE)
    replayed = replay(story.filed())
    kinds = kinds_of(story.filed(), replayed.file, replayed.matter, PACK.archive)
    assert [k.id for k in kinds] == [c.id for c in PACK.archive.contents]
    assert {k.id for k in kinds if k.missing} == {"application"}


@pytest.mark.parametrize(
    ("one", "property", "result", "code"),
    [
        (Bytes("d", "changed", "clean", None), "authentic", "failed", "document_bytes"),
        (Bytes("d", "gone", "clean", None), "authentic", "failed", "document_bytes"),
        (Bytes("d", "sound", "clean", False, "x"), "usable", "failed", "documents_open"),
        (Bytes("d", "infected", "infected", None), "safe", "failed", "media_infected"),
        (Bytes("d", "sound", "pending", True), "safe", "not_proved", "media_pending"),
    ],
)
def test_each_property_says_what_it_found(
    one: Bytes, property: str, result: str, code: str
) -> None:
    story = told(*COURSE)
    found = verify(story.filed(), story.bodies())
    checks = checks_of(found, (), (), [one], 0)
    assert results(checks)[property] == result and code in findings(checks)
    sound = checks_of(found, (), (), [Bytes("d", "sound", "clean", True)], 0)
    assert set(results(sound).values()) == {"passed"} and findings(sound) == ()


def test_what_could_not_be_compared_is_not_called_proved() -> None:
    found = verify(told(*COURSE).filed())
    assert results(checks_of(found, (), (), [], 0))["authentic"] == "not_proved"


def source_of(kind: type[Any]) -> UUID:
    """The fact of that kind in the told file."""
    story = told(*COURSE)
    said = (entry.copy.told() for entry in story.filed().entries if entry.copy)
    return next(about.id for about, event in said if isinstance(event, kind))


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        ({"content": "application", "source": source_of(MaterialReceived)}, "by_fact"),
        ({"content": "photo", "source": source_of(MaterialReceived)}, "unaccounted"),
        ({"content": "application", "source": source_of(ServiceRequested)}, "unaccounted"),
        ({"content": "application", "source": PIECE}, "unaccounted"),
        ({"content": "photo", "paper": True}, "on_paper"),
        ({"content": "photo"}, "unaccounted"),
    ],
)
def test_a_complete_file_is_proved_complete_and_what_is_not_says_why(
    listed: dict[str, Any], why: str
) -> None:
    story = told(*COURSE).own(DocumentFiled(document=NEW, title=Personal("测试"), **listed))
    filed = story.filed()
    unkept = unkept_of(filed, replay(filed).file)
    assert [(one.document, one.why) for one in unkept] == [(str(NEW), why)]
    checks = checks_of(verify(filed, story.bodies()), (), unkept, [], 0)
    proved = why != "unaccounted"
    assert results(checks)["complete"] == ("passed" if proved else "not_proved")
    assert findings(checks) == (() if proved else ("documents_without_bytes",))
    (named,) = [check for check in checks if check.about == (str(NEW),)]
    assert ("补传" in named.zh) is not proved
    assert ("not looked at" in named.en) is proved


def test_a_document_whose_bytes_are_kept_or_replaced_rests_on_them() -> None:
    bare = DocumentFiled(document=OLD, content="photo", title=Personal("旧"))
    later = DocumentFiled(
        document=NEW, content="photo", replaces=OLD, commitment="c" * 64, title=Personal("新")
    )
    filed = told(*COURSE).own(bare).own(later).filed()
    assert unkept_of(filed, replay(filed).file) == ()
