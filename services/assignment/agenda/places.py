"""Which places has assignment to look after, those under a city that follow its pack among them?"""

from collections.abc import AsyncIterator
from contextlib import suppress

from services.assignment.service import Assignment
from shared.decider import Refused
from shared.packs import Rules


async def places(service: Assignment) -> AsyncIterator[tuple[str, Rules]]:
    """Every place with rules of its own, and every other that people or matters here are of."""
    packs = service.floor.packs
    own = {rules.pack.jurisdiction.code: rules for rules in packs.all()}
    for area, rules in own.items():
        yield area, rules
    for area in await service.queries.areas():
        if area not in own:
            with suppress(Refused):  # its pack was taken out of this deployment
                yield area, packs.for_area(area)
