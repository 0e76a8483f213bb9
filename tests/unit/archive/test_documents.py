"""Documents put on file by hand, and papers handed over (AS-88, AS-90, YO-10)."""

from uuid import UUID

from contracts.archive import DocumentFiled, FileClosed, FileHandedOver
from contracts.event import Personal
from contracts.vocabulary import Document
from services.archive.domain.commands import FileDocument, HandOverFile
from tests.unit.archive.examples import CHECK, DOCUMENT, given, opened

photo = FileDocument(content="photo", title=Personal("会议照片"), sheets=2, paper=True)
filed = DocumentFiled(
    document=DOCUMENT, content="photo", title=Personal("会议照片"), sheets=2, paper=True
)
closed = FileClosed(checked_by=CHECK, entries=0, documents=1, relied_on=())
hand_over = HandOverFile(
    holder="applicant",
    documents=(DOCUMENT,),
    on_paper=True,
    recipient=Personal("测试公司经办人乙"),
)
handed_over = FileHandedOver(
    holder="applicant",
    documents=(DOCUMENT,),
    on_paper=True,
    recipient=Personal("测试公司经办人乙"),
)
to_the_archives = hand_over.model_copy(update={"holder": "archive_body"})


def test_a_document_is_put_on_an_open_file() -> None:
    given(opened).when(photo).then(filed)


def test_a_matter_without_a_file_takes_no_document() -> None:
    given().when(photo).then_refused("not_in_this_state")


def test_papers_are_handed_over_against_a_list() -> None:
    given(opened, filed).when(hand_over).then(handed_over)


def test_the_unit_signs_for_what_it_gets() -> None:
    unsigned = hand_over.model_copy(update={"on_paper": False})
    given(opened, filed).when(unsigned).then_refused("list_not_signed")
    scan = Document(name="移交清单.pdf", media_type="application/pdf", size=9, sha256="0" * 64)
    told = unsigned.model_copy(update={"list_signed": Personal(scan)})
    given(opened, filed).when(told).then(
        handed_over.model_copy(update={"on_paper": False, "list_signed": Personal(scan)})
    )


def test_papers_are_handed_over_once() -> None:
    given(opened, filed, handed_over).when(hand_over).then_nothing()


def test_a_paper_that_is_not_on_file_cannot_be_handed_over() -> None:
    strange = hand_over.model_copy(update={"documents": (UUID(int=7),)})
    given(opened, filed).when(strange).then_refused("document_not_on_file")


def test_the_archives_take_a_closed_file_only() -> None:
    given(opened, filed).when(to_the_archives).then_refused("file_not_closed")
    given(opened, filed, closed).when(to_the_archives).then(
        handed_over.model_copy(update={"holder": "archive_body"})
    )
