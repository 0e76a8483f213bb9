"""A return is made of what happened up to a cut: the same cut gives the same bytes."""

import json
from datetime import date
from typing import Any

from services.supervision.domain.ledger import Draft, Line, draft
from tests.unit.supervision.examples import AREA, FILING, LAND_PERMIT, MATTER, NEW


def line(position: int, what: str, on: str, item: str | None = FILING, **more: Any) -> Line:
    known = {"issue": None, "detail": None, "body": None, "served_by": None, **more}
    return Line(
        position=position,
        matter=MATTER,
        item=item,
        what=what,
        on=date.fromisoformat(on),
        **known,
    )


LINES = [
    line(4, "submitted", "2026-03-02", body="depts", served_by="park_i"),
    line(6, "accepted", "2026-03-03"),
    line(9, "urged", "2026-03-05"),
    line(12, "decided", "2026-03-06", detail="approved", body="depts"),
    line(20, "submitted", "2026-04-07", LAND_PERMIT, body="depts", served_by="park_i"),
    line(22, "opened", "2026-03-20", None, issue=NEW, body="park_i", detail="approval"),
    line(23, "raised", "2026-03-21", None, issue=NEW, detail="ro"),
]


def drawn(form: str = "ledger", body: str = "park_i", cut: int = 100, **more: Any) -> Draft:
    asked = {"area": AREA, "quarter": "2026-Q1", **more}
    return draft(LINES, form=form, body=body, cut=cut, **asked)


def rows(made: Draft) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(made.text)["rows"]
    return found


def test_the_ledger_holds_what_moved_in_the_quarter() -> None:
    (row,) = rows(drawn())

    assert row["item"] == FILING
    assert row["submitted_on"] == "2026-03-02"
    assert row["decided_on"] == "2026-03-06"
    assert (row["outcome"], row["urged"], row["deemed"]) == ("approved", 1, False)


def test_what_came_after_the_quarter_is_not_in_it() -> None:
    assert [row["item"] for row in rows(drawn(quarter="2026-Q2"))] == [LAND_PERMIT]


def test_both_the_department_and_the_body_that_serves_report_an_item() -> None:
    assert drawn(body="depts").rows == drawn(body="park_i").rows == 1
    assert drawn(body="town").rows == 0


def test_the_same_cut_gives_the_same_bytes() -> None:
    early = drawn(cut=9)
    later = draft(
        [*LINES, line(30, "closed", "2026-03-30")],
        area=AREA,
        form="ledger",
        quarter="2026-Q1",
        body="park_i",
        cut=9,
    )
    assert early.text == later.text
    assert early.text != drawn(cut=12).text


def test_the_issue_list_holds_the_open_problems_of_the_body() -> None:
    (row,) = rows(drawn("issues"))

    assert (row["issue"], row["raised_to"]) == (str(NEW), "ro")
    assert drawn("issues", body="depts").rows == 0


def test_a_settled_problem_is_not_reported_any_more() -> None:
    settled = line(24, "resolved", "2026-03-25", None, issue=NEW)
    made = draft(
        [*LINES, settled],
        area=AREA,
        form="issues",
        quarter="2026-Q1",
        body="park_i",
        cut=100,
    )
    assert made.rows == 0


def test_an_empty_return_has_bytes_too() -> None:
    assert rows(drawn(body="town")) == []
