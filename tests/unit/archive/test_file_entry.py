"""Filing what was heard."""

from dataclasses import replace

from contracts.archive import EntryFiled, FileClosed
from tests.unit.archive.examples import (
    CHECK,
    NUMBER,
    given,
    opened,
    paper,
)

filed = EntryFiled(
    store="intake", position=1, leafhash="0" * 64, entry_type="intake.service_requested.v1"
)


def test_a_fact_is_filed_by_its_place_and_hash() -> None:
    given().when(paper).then(filed)


def test_the_request_opens_the_file() -> None:
    given().when(replace(paper, number=NUMBER)).then(opened, filed)


def test_a_file_is_opened_once() -> None:
    second = replace(paper, position=2, number=NUMBER)
    given(opened, filed).when(second).then(filed.model_copy(update={"position": 2}))


def test_a_fact_is_filed_once() -> None:
    given(filed).when(paper).then_nothing()


def test_facts_are_filed_after_closing_too() -> None:
    close = FileClosed(checked_by=CHECK, entries=1, documents=0, relied_on=())
    given(opened, close).when(paper).then(filed)
