"""What stands in a quarterly return (台账与清单): the same facts up to a cut give the same bytes?"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from contracts.canonical import canonical
from services.supervision.domain.quarters import span_of


class Line(NamedTuple):
    """One thing that happened, as the ledger needs it. `what` is the event's own word."""

    position: int
    matter: UUID
    item: str | None
    issue: UUID | None
    what: str
    detail: str | None
    body: str | None
    served_by: str | None
    on: date


@dataclass(frozen=True, slots=True)
class Draft:
    """A return as it would be filed: how many rows, and its exact bytes."""

    rows: int
    text: bytes


def draft(
    lines: Iterable[Line], *, area: str, form: str, quarter: str, body: str, cut: int
) -> Draft:
    """The return `form` of `body` for `quarter`, from the lines up to position `cut` (X-09).

    `issues` lists the problems of the body that are open at the end; every other form is the
    work ledger: the items that moved in the quarter.
    """
    seen = [line for line in lines if line.position <= cut]
    rows = rows_of(seen, form=form, quarter=quarter, body=body)
    text = canonical(
        {
            "area": area,
            "body": body,
            "cut": cut,
            "form": form,
            "quarter": quarter,
            "rows": rows,
        }
    )
    return Draft(len(rows), text.encode())


def rows_of(
    lines: Iterable[Line], *, form: str, quarter: str, body: str | None
) -> list[dict[str, Any]]:
    """The rows of one return; with no body those of the whole place."""
    _, last = span_of(quarter)
    seen = sorted((line for line in lines if line.on <= last), key=lambda line: line.position)
    return _issues(seen, body) if form == "issues" else _ledger(seen, quarter, body)


def _ledger(lines: list[Line], quarter: str, body: str | None) -> list[dict[str, Any]]:
    first, last = span_of(quarter)
    by_item: dict[tuple[str, str], list[Line]] = defaultdict(list)
    for line in lines:
        if line.item is not None and line.issue is None:
            by_item[str(line.matter), line.item].append(line)
    rows = []
    for (matter, item), course in sorted(by_item.items()):
        concerned = {line.body for line in course} | {line.served_by for line in course}
        if (body is None or body in concerned) and any(
            first <= line.on <= last for line in course
        ):
            rows.append({"matter": matter, "item": item, **_course(course)})
    return rows


def _course(lines: list[Line]) -> dict[str, Any]:
    """The days and counts of one item."""
    days = {f"{line.what}_on": line.on.isoformat() for line in lines if line.what in _DAYS}
    counts = {name: sum(line.what == name for line in lines) for name in ("corrected", "urged")}
    outcome = next((line.detail for line in reversed(lines) if line.what == "decided"), None)
    body = next((line.body for line in reversed(lines) if line.body), None)
    served = next((line.served_by for line in reversed(lines) if line.served_by), None)
    deemed = any(line.what == "accepted" and line.detail == "deemed" for line in lines)
    found = {"body": body, "served_by": served, "outcome": outcome, **days, **counts}
    return {**found, "deemed": deemed}


_DAYS = ("submitted", "received", "accepted", "refused", "decided", "delivered", "closed")


def _issues(lines: list[Line], body: str | None) -> list[dict[str, Any]]:
    by_issue: dict[UUID, list[Line]] = defaultdict(list)
    for line in lines:
        if line.issue is not None:
            by_issue[line.issue].append(line)
    rows = []
    for issue, course in sorted(by_issue.items()):
        opened = next((line for line in course if line.what == "opened"), None)
        settled = any(line.what == "resolved" for line in course)
        if opened is None or settled or body not in (None, opened.body):
            continue
        raised = next((line.detail for line in reversed(course) if line.what == "raised"), None)
        rows.append(
            {
                "issue": str(issue),
                "matter": str(opened.matter),
                "kind": opened.detail,
                "opened_on": opened.on.isoformat(),
                "raised_to": raised,
            }
        )
    return rows
