"""Which way of serving a matter ends with what happened to a visitor's contact (modes.*.ends_when)?"""

from typing import Any
from uuid import UUID

from services.intake.domain.commands import EndMode
from services.intake.service.lookup import Lookup, legal_today
from services.intake.service.streams import MATTER
from shared.asking import By, asked
from shared.eventstore.identity import derived
from shared.handling import Step


async def ends_with(
    look: Lookup, after: str, matter: UUID | None, by: By
) -> list[Step[Any, Any, Any, Any]]:
    """The step for the contact's matter, in one unit with the contact; none without a matter."""
    case = await look.case_of(matter) if matter else None
    if case is None:
        return []
    command = EndMode(after=after)
    about = asked(
        command, by, area=case.opening.area, matter=case.id, project=case.opening.project,
        pack=case.rules.edition,
    )  # fmt: skip
    facts = look.facts(case, legal_today(by.now), derived(by.origin, "id/1"))
    return [Step(about, MATTER, case.id, command, facts)]
