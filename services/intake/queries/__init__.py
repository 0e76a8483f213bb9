"""What can be read of intake's log and views."""

from services.intake.queries.approvals import approvals
from services.intake.queries.assigned import (
    hear_assigned,
    hear_filed,
    hear_handed_over,
    hear_steward,
    serving,
    serving_project,
)
from services.intake.queries.authority import (
    agreements,
    agreements_due,
    entrusted_is_open,
    over,
    pieces,
)
from services.intake.queries.door import told_before
from services.intake.queries.figures import participation, publicity
from services.intake.queries.lists import Wanted, matters, matters_of, matters_of_unit, projects
from services.intake.queries.opening import Opening, legal_day, opening_of
from services.intake.queries.paging import Page

__all__ = [
    "Opening",
    "Page",
    "Wanted",
    "agreements",
    "agreements_due",
    "approvals",
    "entrusted_is_open",
    "hear_assigned",
    "hear_filed",
    "hear_handed_over",
    "hear_steward",
    "legal_day",
    "matters",
    "matters_of",
    "matters_of_unit",
    "opening_of",
    "over",
    "participation",
    "pieces",
    "projects",
    "publicity",
    "serving",
    "serving_project",
    "told_before",
]
