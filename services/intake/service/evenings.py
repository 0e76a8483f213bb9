"""What falls due at the front door when a day is over, or when something new was seen?"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.intake.domain.booking import MissBooking
from services.intake.domain.contact.commands import RemindOfContact
from services.intake.domain.outreach import PUBLISHED, PUSHED
from services.intake.queries import door as lists
from services.intake.queries import sights
from services.intake.service.door import desk
from services.intake.service.lookup import Lookup, legal_today
from services.intake.service.naming import Names
from services.intake.service.sights import ITSELF, FirstSight
from services.intake.service.streams import BOOKING, CONTACT
from shared.asking import By, Command, asked
from shared.decider import Refused
from shared.eventstore.identity import origin_of
from shared.handling import Aggregate, Step


class Evenings:
    """Contacts left over, visits nobody came to, projects seen and names told since last asked."""

    def __init__(self, look: Lookup, first: FirstSight, names: Names) -> None:
        self._look, self._first, self._names = look, first, names
        self._seen = self._pushed = 0

    async def due(self, now: datetime) -> None:
        """Do what is due now; asked again, it finds nothing."""
        today = legal_today(now)
        await self._left_over(today, now)
        await self._missed(today, now)
        await self._sights(now)
        await self._policies(now)
        await self._pushes(now)
        await self._names.index()

    async def _left_over(self, today: date, now: datetime) -> None:
        """On the next working day the chief is told what was left open (AS-41)."""
        packs = self._look.floor.packs
        for row in await lists.left_over(self._look.floor.log.pool, today):
            area, threshold = row["area"], f"{row['id']}/left/{today}"
            if packs.for_area(area).calendar.is_working(today):
                await self._ask(CONTACT, row["id"], RemindOfContact(), threshold, now, area)

    async def _missed(self, today: date, now: datetime) -> None:
        for row in await lists.missed(self._look.floor.log.pool, today):
            threshold = f"{row['id']}/missed"
            await self._ask(BOOKING, row["id"], MissBooking(), threshold, now, row["area"])

    async def _ask(
        self,
        aggregate: Aggregate[Any, Any, Any, Any],
        stream: UUID,
        command: Command,
        threshold: str,
        now: datetime,
        area: str,
    ) -> None:
        by = By(ITSELF, origin_of("intake", ITSELF.id, "agenda", threshold), None, now)
        rules = self._look.floor.packs.for_area(area)
        about = asked(command, by, area=area, pack=rules.edition)
        facts = desk(self._look, rules, command, by)
        await self._look.floor.handling.handle(Step(about, aggregate, stream, command, facts))

    async def _sights(self, now: datetime) -> None:
        """Every project that was told of since the last look, once after each start."""
        for row in await sights.seen_after(self._look.floor.log.pool, self._seen):
            try:
                if not row["has_matter"]:
                    await self._first.follow(
                        row["project"], now, source=row["source"], led=row["led"]
                    )
                else:
                    await self._first.reach(row["project"], now)
            except Refused:
                pass  # what the rules do not allow now is looked at again when it is amended
            self._seen = row["position"]

    async def _policies(self, now: datetime) -> None:
        """Bring what was published to the projects it fits, fifty at a time (HS-77)."""
        pool = self._look.floor.log.pool
        for row in await sights.policies_due(pool):
            found = await sights.projects_of(pool, row["area"], row["reached"])
            for project in found:
                await self._first.policy(project, row["notice"], PUBLISHED, now)
            await sights.policy_reached(pool, row["notice"], found[-1] if found else None)

    async def _pushes(self, now: datetime) -> None:
        """Where the place goes to the door after a policy was brought (HS-79)."""
        for row in await sights.pushed_after(self._look.floor.log.pool, self._pushed):
            await self._first.policy(row["project"], row["notice"], PUSHED, now)
            self._pushed = row["position"]
