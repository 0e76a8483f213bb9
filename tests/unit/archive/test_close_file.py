"""Closing a file: remove any one thing, and closing is refused and names it (X-10)."""

from dataclasses import replace

import pytest

from contracts.archive import DocumentFiled, FileChecked, FileClosed, Lack
from contracts.evaluation import EvaluationInvited
from contracts.event import Event, Personal
from contracts.supervision import ItemClosed, OriginalsReturned, ResultDelivered, WorkLogged
from services.archive.domain.commands import CheckFile, CloseFile, FileDocument
from tests.unit.archive.examples import (
    CHECK,
    DOCUMENT,
    FACTS,
    ITEM,
    PIECE,
    RELIED_ON,
    given,
    opened,
    without,
)

close = CloseFile()
application = DocumentFiled(document=DOCUMENT, content="application", title=Personal("材料"))
checked = FileChecked(complete=True, relied_on=RELIED_ON, rule="archive.contents")
closed = FileClosed(checked_by=CHECK, entries=0, documents=1, relied_on=RELIED_ON)


def test_a_complete_and_checked_file_is_closed_and_names_its_check() -> None:
    given(opened, application, checked).when(close).then(closed)


def test_closing_twice_changes_nothing() -> None:
    given(opened, application, checked, closed).when(close).then_nothing()


@pytest.mark.parametrize(
    ("missing", "condition", "what"),
    [
        (ItemClosed, "items_closed", ITEM),
        (ResultDelivered, "results_delivered", ITEM),
        (OriginalsReturned, "originals_returned", str(PIECE)),
        (EvaluationInvited, "evaluation_invited", "evaluation"),
        (WorkLogged, "content", "log"),
    ],
)
def test_each_condition_stops_the_closing_and_is_named(
    missing: type[Event], condition: str, what: str
) -> None:
    facts = replace(FACTS, matter=without(missing))
    details = (
        given(opened, application, checked).when(close, facts).then_refused("file_not_complete")
    )
    assert details["lacking"] == [{"condition": condition, "what": what}]
    assert details["rule"] == "archive.contents"


def test_a_file_nobody_checked_is_not_closed() -> None:
    details = given(opened, application).when(close).then_refused("file_not_complete")
    assert details["lacking"] == [{"condition": "file_checked", "what": "CheckFile"}]


def test_a_check_that_found_something_lacking_is_not_enough() -> None:
    lacks = (Lack(condition="items_closed", what=ITEM),)
    failed = checked.model_copy(update={"complete": False, "lacking": lacks})
    details = given(opened, application, failed).when(close).then_refused("file_not_complete")
    assert details["lacking"] == [{"condition": "file_checked", "what": "CheckFile"}]


def test_a_file_that_was_never_opened_is_not_closed() -> None:
    details = given().when(close).then_refused("not_in_this_state")
    assert details["allowed"] == ["FileEntry"]


@pytest.mark.parametrize(
    "command", [CheckFile(), FileDocument(content="photo", title=Personal("照片"))]
)
def test_a_closed_file_is_neither_checked_nor_added_to(
    command: CheckFile | FileDocument,
) -> None:
    given(opened, application, checked, closed).when(command).then_refused("not_in_this_state")
