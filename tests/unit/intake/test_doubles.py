"""The same files handed in twice are one paper, told by a token that says nothing (重复提交)."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from contracts.event import Event, Personal
from contracts.intake import ApplicationFormFiled, MaterialReceived
from contracts.vocabulary import Document
from services.intake.domain import MATTER
from services.intake.domain.commands import FileApplication, ReceiveMaterial
from services.intake.domain.doubles import first_of
from services.intake.domain.facts import Facts
from services.intake.service.marks import Marks
from shared.testing.spec import Spec
from tests.unit.intake.places import SIGNING, accepted, by_unit, facts_of

MARKS = Marks(b"k" * 32)
MATTER_ID, OTHER_MATTER = UUID(int=7), UUID(int=8)
FIRST, SECOND = UUID(int=101), UUID(int=102)
UNIT_FACTS = by_unit(facts_of(SIGNING))
spec: Spec[Any, Any, Event, Facts] = Spec(MATTER, UNIT_FACTS)


def file(letter: str) -> Document:
    return {"sha256": letter * 64, "size": 9, "media_type": "application/pdf", "name": "件.pdf"}


def hand_in(*letters: str, **more: Any) -> ReceiveMaterial:
    return ReceiveMaterial(
        material="M04", scans=Personal(tuple(file(one) for one in letters)), **more
    )


def marked(command: Any, id: UUID = FIRST, facts: Facts = UNIT_FACTS) -> Facts:
    return replace(facts, mark=MARKS.of(command, MATTER_ID), id=id)


def after(*commands: Any) -> tuple[Event, ...]:
    """What a matter has on file when these were asked one after the other."""
    events = list(accepted(SIGNING))
    for number, command in enumerate(commands):
        state = MATTER.fold(events)
        events += MATTER.decide(command, state, marked(command, UUID(int=101 + number)))
    return tuple(events)


def test_the_same_files_are_taken_in_once_and_the_first_is_named() -> None:
    once = hand_in("a", "b")
    again = hand_in("b", "a", title=Personal("另一个标题"))
    known = after(once)
    spec.given(*known).when(again, marked(again, SECOND)).then_nothing()
    assert first_of(again, marked(again).mark, MATTER.fold(known)) == str(FIRST)


@pytest.mark.parametrize(
    "other",
    [
        hand_in("c"),
        hand_in("a", originals=1),
        hand_in("a", copies=2),
        ReceiveMaterial(material="M05", scans=Personal((file("a"),))),
    ],
    ids=["another file", "with the original", "with copies", "as another material"],
)
def test_what_differs_is_taken_in(other: ReceiveMaterial) -> None:
    events = after(hand_in("a"), other)
    assert sum(isinstance(event, MaterialReceived) for event in events) == 2


def test_paper_without_a_file_is_never_taken_for_the_same() -> None:
    paper = ReceiveMaterial(material="M04", originals=1)
    events = after(paper, paper)
    assert sum(isinstance(event, MaterialReceived) for event in events) == 2


def test_a_file_that_was_replaced_may_come_back() -> None:
    events = after(hand_in("a"), hand_in("b", replaces=FIRST), hand_in("a"))
    assert sum(isinstance(event, MaterialReceived) for event in events) == 3


def test_the_same_application_is_no_new_revision() -> None:
    def filing(letter: str, **more: Any) -> FileApplication:
        return FileApplication(content=Personal(file(letter)), **more)

    known = after(filing("a"))
    again = filing("a", form="application")
    spec.given(*known).when(again, marked(again)).then_nothing()
    assert first_of(again, marked(again).mark, MATTER.fold(known)) == "application/1"
    events = after(filing("a"), filing("b"), filing("a"))
    filed = [event for event in events if isinstance(event, ApplicationFormFiled)]
    assert [event.revision for event in filed] == [1, 2, 3]


def test_the_token_says_nothing_without_the_key_or_in_another_matter() -> None:
    command = hand_in("a")
    here = MARKS.of(command, MATTER_ID)
    assert here and "a" * 8 not in here
    assert here != MARKS.of(command, OTHER_MATTER)
    assert here != Marks(b"x" * 32).of(command, MATTER_ID)
