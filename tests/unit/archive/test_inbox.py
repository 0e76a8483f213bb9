"""What archive makes of what it hears, before any database."""

from contracts.archive import DocumentFiled, EntryFiled
from contracts.event import Personal
from contracts.intake import FormConfirmed
from contracts.supervision import LetterSent
from services.archive.domain.completeness import brought_by
from services.archive.inbox import entry_of, heard_before, stream_without_matter
from services.archive.service import SPEAKERS
from tests.unit.archive.examples import (
    DOCUMENT,
    NUMBER,
    PIECE,
    Telling,
    given,
    heard,
    known,
    opened,
    received,
    requested,
)


def test_a_request_asks_for_a_file() -> None:
    assert entry_of(heard(Telling().body("intake", requested, PIECE))).number == NUMBER


def test_what_was_kept_is_filed_as_if_it_were_heard_again() -> None:
    leaf = Telling().body("intake", received, PIECE)
    assert entry_of(heard_before(leaf)) == entry_of(heard(leaf))


def test_each_store_has_one_stream_for_what_belongs_to_no_matter() -> None:
    assert len({stream_without_matter(store) for store in SPEAKERS}) == len(SPEAKERS)


def test_a_material_brings_a_document() -> None:
    leaf = Telling().body("intake", received, PIECE)
    command = entry_of(heard(leaf))
    (brought,) = command.brings
    assert (brought.content, brought.sheets) == ("application", 3)
    given(opened).when(command).then(
        EntryFiled(
            store="intake", position=1, leafhash=leaf.leafhash, entry_type=received.type
        ),
        DocumentFiled(
            document=brought.document,
            content="application",
            sheets=3,
            source=heard(leaf).id,
            title=Personal("M04（原件1份，复印件0份）"),
        ),
    )


def test_a_slip_and_a_letter_are_different_contents() -> None:
    def content(kind: str) -> str:
        sent = LetterSent(
            letter=PIECE,
            kind=kind,  # type: ignore[arg-type]
            to="depts",
            wording=Personal("请协助办理"),
        )
        return brought_by(DOCUMENT, PIECE, sent)[0].content

    assert [content("co_handling_slip"), content("contact_letter")] == ["slip", "letter"]


def test_the_same_fact_brings_the_same_document() -> None:
    form = FormConfirmed(item="S1-01", form="a", draft=1, confirmed_by=Personal("甲"))
    leaf = Telling().body("intake", form, PIECE)
    first, again = (entry_of(heard(leaf)).brings for _ in range(2))
    assert first == again and first[0].content == "forms"


def test_what_belongs_to_no_matter_opens_no_file_and_brings_nothing() -> None:
    leaf = Telling().body("intake", known, PIECE, matter=None)
    command = entry_of(heard(leaf))
    assert (command.number, command.brings) == (None, ())


def test_news_from_a_later_version_is_filed_as_it_is() -> None:
    leaf = Telling().body("intake", requested, PIECE, type="intake.something_new.v1")
    command = entry_of(heard(leaf))
    assert (command.entry_type, command.number) == ("intake.something_new.v1", None)
