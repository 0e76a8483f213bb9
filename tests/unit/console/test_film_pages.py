"""What the film room compares, and what leaves it as a work-paper."""

from typing import Any

from services.console.film.auditing import as_csv
from services.console.film.comparing import compared

STATE: dict[str, Any] = {
    "number": "n", "standing": "accepted", "mode": "agent", "applicant": "p:1", "project": "x",
    "body": "hall", "pack": "k", "scope": ["S1-01"], "forecast_on": "2026-12-01", "invited": [],
    "originals_outstanding": [], "open_issues": [], "ratings": [],
    "items": {
        "S1-01": {
            "state": "accepted", "outcome": None, "collected": False, "delivered": False,
            "closed": False, "due_on": "2026-11-30", "promised": True,
        }
    },
}  # fmt: skip
INTAKE: dict[str, Any] = {
    "number": "n", "state": "accepted", "mode": "agent", "applicant": "p:1", "project": "x",
    "body": "hall", "pack": "k", "items": ["S1-01"],
}  # fmt: skip


def running(**changes: Any) -> dict[str, Any]:
    item = {
        "state": "accepted", "outcome": None, "collected": False, "delivered": False,
        "closed": False, "due_on": "2026-11-30", "statutory_due_on": "2026-12-30",
        "accepted_on": "2026-11-23", **changes,
    }  # fmt: skip
    return {
        "plan": {"forecast_on": "2026-12-01"}, "originals_outstanding": [],
        "issues": {"open": []}, "items": {"S1-01": item},
    }  # fmt: skip


def test_what_is_told_twice_the_same_is_equal() -> None:
    rows = compared(STATE, running(), INTAKE, {"levels": {}, "invited": []})
    assert rows and all(row.equal for row in rows)


def test_a_due_day_that_differs_is_named_with_its_item() -> None:
    rows = compared(STATE, running(due_on="2026-12-02"), INTAKE, None)
    (wrong,) = [row for row in rows if not row.equal]
    assert (wrong.item, wrong.what, wrong.replayed, wrong.live) == (
        "S1-01", "due_on", "2026-11-30", "2026-12-02",
    )  # fmt: skip


def test_before_it_is_accepted_an_item_is_due_by_its_plan() -> None:
    live = running(accepted_on=None, due_on=None)
    live["plan"]["lines"] = [{"item": "S1-01", "due_on": "2026-11-30"}]
    assert all(row.equal for row in compared(STATE, live, INTAKE, None))


def test_an_item_that_only_one_of_both_knows_is_told() -> None:
    live = running()
    live["items"]["S1-04"] = live["items"]["S1-01"]
    rows = compared(STATE, live, INTAKE, None)
    assert {row.item for row in rows if not row.equal} == {"S1-04"}


def test_a_service_that_was_not_read_is_not_taken_for_wrong() -> None:
    assert compared(STATE, None, None, None) == []


def test_no_cell_of_a_work_paper_is_a_formula() -> None:
    row = {
        "matter": "m", "number": "=1+1", "area": "990100", "opened": "2026-11-23", "entries": 3,
        "closed": True, "lot": "ab",
    }  # fmt: skip
    drawn = {"seed": "@x", "position": 3, "population": 1, "list_sha256": "cd", "drawn": [row]}
    text = as_csv(drawn, "zh")
    assert ",'=1+1," in text and "seed,'@x" in text
