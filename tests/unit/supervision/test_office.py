"""Returns at quarter end, issue lists by territory, inspections."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from contracts.event import Event, Personal
from contracts.pack import POLICIES, load_pack
from contracts.supervision import (
    InspectionMade,
    IssueListDispatched,
    ReturnDue,
    ReturnFiled,
)
from contracts.vocabulary import Reliance
from services.supervision.domain import OFFICE_DECIDER
from services.supervision.domain.commands import (
    CallForReturn,
    DispatchIssueList,
    FileReturn,
    NoteReturnDue,
    RecordInspection,
)
from services.supervision.domain.facts import Territory
from tests.unit.supervision.examples import (
    AGENT,
    AREA,
    DEED,
    NEW,
    given_office,
    office_facts,
    text,
)

Q1 = "2026-Q1"
LAST = date(2026, 3, 31)
owed = ReturnDue(
    form="ledger",
    quarter=Q1,
    body="park_i",
    to="ro",
    due_on=LAST,
    rule="reporting.ledger",
    defaults=("reporting.ledger.nil",),
)
file_it = FileReturn(area=AREA, form="ledger", quarter=Q1, body="park_i")
three = replace(office_facts, today=LAST, on=LAST, rows=3, cut=2210)


def filed(**changes: object) -> ReturnFiled:
    return ReturnFiled.model_validate(
        {
            "form": "ledger",
            "quarter": Q1,
            "body": "park_i",
            "to": "ro",
            "nil": False,
            "rows": 3,
            "cut": (Reliance(store="supervision", position=2210),),
            **changes,
        }
    )


def test_at_quarter_end_a_return_is_owed() -> None:
    note = NoteReturnDue(form="ledger", quarter=Q1, body="park_i")
    given_office().when(note).then(owed)


def test_a_return_is_owed_once() -> None:
    note = NoteReturnDue(form="ledger", quarter=Q1, body="park_i")
    given_office(owed).when(note).then_nothing()


def test_a_form_the_pack_does_not_know_is_not_owed() -> None:
    note = NoteReturnDue(form="hearing", quarter=Q1, body="ro")
    given_office().when(note).then_refused("no_such_return")


def test_a_person_confirms_what_the_events_give() -> None:
    given_office(owed).when(file_it, three).then(filed())


def test_a_late_return_is_marked() -> None:
    late = replace(three, on=date(2026, 4, 3))
    given_office(owed).when(file_it, late).then(filed(late_days=3))


def test_a_return_is_filed_once() -> None:
    given_office(owed, filed()).when(file_it, three).then_nothing()


def test_nil_is_said_and_never_inferred() -> None:
    empty = replace(three, rows=0)
    given_office(owed).when(file_it, empty).then_refused("nil_not_said")
    nil = file_it.model_copy(update={"nil": True})
    given_office(owed).when(nil, empty).then(filed(nil=True, rows=0))


def test_nil_is_refused_when_there_was_something() -> None:
    nil = file_it.model_copy(update={"nil": True})
    given_office(owed).when(nil, three).then_refused("not_nil")


def test_a_body_the_pack_does_not_ask_files_nothing() -> None:
    other = file_it.model_copy(update={"body": "hall"})
    given_office().when(other, three).then_refused("not_a_sender")


def test_a_quarter_that_has_not_begun_has_no_return() -> None:
    ahead = file_it.model_copy(update={"quarter": "2026-Q3"})
    given_office().when(ahead, three).then_refused("quarter_not_begun")


dispatch = DispatchIssueList(area=AREA, quarter=Q1, due_on=date(2026, 4, 10))
park = Territory("park-industrial", "park_i", (AGENT,), (DEED,))
town = Territory("elsewhere", "depts", (), (NEW,))


def test_the_list_is_split_by_territory() -> None:
    facts = replace(office_facts, territories=(park, town))
    parts = [
        IssueListDispatched(
            issue_list=NEW,
            quarter=Q1,
            site=part.site,
            to=part.to,
            persons=part.persons,
            issues=part.issues,
            due_on=date(2026, 4, 10),
            rule="reporting.issues.then",
        )
        for part in (park, town)
    ]
    given_office().when(dispatch, facts).then(*parts)


def test_an_empty_list_is_not_sent() -> None:
    given_office().when(dispatch).then_refused("nothing_to_dispatch")


def test_a_list_is_not_due_in_the_past() -> None:
    facts = replace(office_facts, territories=(park,), on=date(2026, 5, 1))
    given_office().when(dispatch, facts).then_refused("due_in_the_past")


inspect = RecordInspection(area=AREA, body="park_i", shortcomings=2, findings=text("两处不足"))


def test_an_inspection_is_recorded_with_its_findings() -> None:
    given_office().when(inspect).then(
        InspectionMade(inspection=NEW, body="park_i", shortcomings=2, findings=text("两处不足"))
    )


def test_a_body_the_pack_does_not_know_is_not_inspected() -> None:
    strange = inspect.model_copy(update={"body": "moon"})
    given_office().when(strange).then_refused("body_unknown")


# -- a return that is asked for by an hour ------------------------------------------------------

NOON = datetime(2026, 2, 23, 4, tzinfo=UTC)
comment = replace(
    office_facts,
    pack=load_pack(POLICIES / "cn-341525-bangdaiban" / "pack.yaml"),
    today=date(2026, 2, 20),
    on=date(2026, 2, 20),
)
call = CallForReturn(
    area="341525",
    form="comments",
    bodies=("housing", "ecology"),
    due_at=NOON,
    media=("electronic", "sealed"),
)
comments = FileReturn(area="341525", form="comments", quarter=Q1, body="housing")
paper: Any = Personal({"sha256": "0" * 64, "size": 1, "media_type": "a/b", "name": "意见"})


def called() -> list[Event]:
    return list(OFFICE_DECIDER.decide(call, given_office().state(), comment))


def test_a_return_is_asked_for_by_an_hour_and_in_two_forms() -> None:
    first, second = called()
    assert isinstance(first, ReturnDue) and isinstance(second, ReturnDue)
    assert (first.body, second.body) == ("housing", "ecology")
    assert (first.due_on, first.due_at) == (date(2026, 2, 23), NOON)
    assert first.media == ("electronic", "sealed")
    given_office(first, second).when(call, comment).then_nothing()


def test_silence_is_no_answer_and_both_copies_are_owed() -> None:
    owed = called()
    given_office(*owed).when(comments, comment).then_refused("nil_not_said")
    nothing = comments.model_copy(update={"nil": True})
    given_office(*owed).when(nothing, comment).then_refused("media_missing")
    both = nothing.model_copy(update={"document": paper, "sealed": paper})
    (filed,) = OFFICE_DECIDER.decide(both, given_office(*owed).state(), comment)
    assert isinstance(filed, ReturnFiled)
    assert (filed.nil, filed.media) == (True, ("electronic", "sealed"))
    given_office(*owed, filed).when(both, comment).then_nothing()


def test_what_nobody_asked_for_is_not_filed() -> None:
    given_office().when(comments, comment).then_refused("not_called_for")
    strange = call.model_copy(update={"bodies": ("moon",)})
    given_office().when(strange, comment).then_refused("not_a_sender")
    late = replace(comment, on=date(2026, 3, 1))
    given_office().when(call, late).then_refused("due_in_the_past")


def test_a_quarterly_return_is_owed_by_itself() -> None:
    by_hand = CallForReturn(area=AREA, form="ledger", due_at=NOON)
    given_office().when(by_hand).then_refused("owed_by_itself")
