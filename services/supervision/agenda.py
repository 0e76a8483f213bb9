"""What falls due without anyone asking: reminders, urging, deemed acceptance, returns?"""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

import structlog

from services.supervision import queries
from services.supervision.domain.due import Rulebook, Threshold, due, returns_due
from services.supervision.domain.facts import Engagement, Facts, OfficeFacts, Team
from services.supervision.service import (
    MATTER,
    OFFICE,
    Supervision,
    legal_day,
    office_of,
)
from shared.asking import asked_by_agenda
from shared.decider import Refused
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended, Step
from shared.problems import Problem

log = structlog.get_logger()

WAITED_OUT = (Problem, Refused, StoreUnavailable, Contended)


class Agenda:
    """Looks at a matter when it moved and when a new legal day began; nothing is stored.

    Every threshold has a name of its own, and the log takes each name once, ever: a restart
    can neither lose nor repeat one.
    """

    def __init__(self, service: Supervision) -> None:
        self._service, self._floor = service, service.floor
        self._day: date | None = None
        self._position = 0

    async def due(self, now: datetime) -> None:
        """Do what fell due since the last time; what cannot be done now is tried again."""
        today = legal_day(now)
        pool = self._floor.log.pool
        fresh = self._day != today
        matters = await queries.moved_since(pool, 0 if fresh else self._position)
        done = [await self._matter(one, now) for one in matters]
        if fresh:
            done += [await self._returns(now)]
        if not all(done):
            self._day = None
            return
        self._day = today
        self._position = max([self._position, *(one.position for one in matters)])

    async def _matter(self, one: queries.Open, now: datetime) -> bool:
        try:
            rules = self._service.rules_for(one.area, one.pack)
            _, matter = await self._floor.handling.state_of(MATTER, one.matter)
            book = Rulebook(rules.pack, rules.catalogue, rules.calendar)
            fallen = due(matter, book, legal_day(now))
            if fallen:
                engagement, team, _ = await self._service.standing_of(one.matter)
                await self._do(one, fallen, now, engagement, team)
        except WAITED_OUT as error:
            log.warning("agenda_waits", matter=str(one.matter), error=repr(error))
            return False
        return True

    async def _do(
        self,
        one: queries.Open,
        fallen: Iterable[Threshold],
        now: datetime,
        engagement: Engagement,
        team: Team,
    ) -> None:
        rules = self._service.rules_for(engagement.area, engagement.pack)
        facts: Facts = self._service.facts(rules, now, engagement=engagement, team=team)
        for threshold in fallen:
            about = asked_by_agenda(
                self._service.name,
                f"{one.matter}/{threshold.name}",
                now,
                area=one.area,
                matter=one.matter,
                project=one.project,
                pack=engagement.pack,
            )
            step = Step(about, MATTER, one.matter, threshold.command, facts)
            await self._floor.handling.handle(step)

    async def _returns(self, now: datetime) -> bool:
        """What the bodies of each area owe for the quarters that ended (YO-59, YO-60)."""
        try:
            for area, began in (await queries.areas(self._floor.log.pool)).items():
                await self._returns_of(area, began, now)
        except WAITED_OUT as error:
            log.warning("agenda_waits", error=repr(error))
            return False
        return True

    async def _returns_of(self, area: str, began: date, now: datetime) -> None:
        rules = self._floor.packs.for_area(area)
        stream: UUID = office_of(area)
        today = legal_day(now)
        _, office = await self._floor.handling.state_of(OFFICE, stream)
        facts = OfficeFacts(today, today, rules.pack, rules.calendar)
        for threshold in returns_due(office, rules.pack, today, began):
            about = asked_by_agenda(
                self._service.name,
                f"{area}/{threshold.name}",
                now,
                area=area,
                pack=rules.edition,
            )
            await self._floor.handling.handle(
                Step(about, OFFICE, stream, threshold.command, facts)
            )
