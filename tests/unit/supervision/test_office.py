"""Returns at quarter end, issue lists by territory, inspections."""

from dataclasses import replace
from datetime import date

from contracts.supervision import (
    InspectionMade,
    IssueListDispatched,
    ReturnDue,
    ReturnFiled,
)
from contracts.vocabulary import Reliance
from services.supervision.domain.commands import (
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
