"""How a matter stood at a position."""

from services.archive.domain.file import as_json, from_json
from services.archive.domain.namebook import names_of
from services.archive.domain.phrasing import ENGLISH, Tongue
from services.archive.domain.replay import as_document, as_text, replay
from tests.unit.archive.examples import (
    CATALOGUE,
    COURSE,
    ITEM,
    NUMBER,
    PACK,
    accepted,
    decided,
    logged,
    requested,
    scoped,
    told,
)


def test_the_present_is_the_last_position() -> None:
    filed = told(*COURSE).filed()
    now = replay(filed)
    assert now.position == filed.entries[-1].position
    assert now.matter.item(ITEM).closed and now.file.entries == len(COURSE)


def test_a_cut_shows_what_was_known_then_and_no_more() -> None:
    filed = told(requested, accepted, scoped, decided).filed()
    places = {entry.leaf.parts()[0].type: entry.position for entry in filed.entries}
    then = replay(filed, places[scoped.type])
    assert then.matter.scope == (ITEM,) and then.matter.item(ITEM).outcome is None
    assert then.file.entries == 3 and len(then.lines) == 4
    assert replay(filed, places[decided.type]).matter.item(ITEM).outcome == "approved"


def test_the_same_cut_gives_the_same_answer_after_more_was_filed() -> None:
    telling = told(requested, accepted)
    at = telling.entries[-1].position
    before = as_document(replay(telling.filed(), at))
    after = as_document(replay(telling.say(scoped, logged).filed(), at))
    assert before == after


def test_before_the_first_entry_nothing_was_known() -> None:
    then = replay(told(*COURSE).filed(), 0)
    assert (then.position, then.matter.number, then.file.condition) == (0, None, "unopened")


def test_the_state_reads_in_both_languages() -> None:
    replayed = replay(told(*COURSE).filed())
    text = "\n".join(as_text(replayed, Tongue(names=names_of(PACK, CATALOGUE))))
    assert NUMBER in text and "已销号" in text and "在档" in text
    assert "approved" in "\n".join(as_text(replayed, ENGLISH))


def test_a_file_travels_as_json_byte_for_byte() -> None:
    filed = told(*COURSE).filed()
    assert from_json(as_json(filed)) == filed
