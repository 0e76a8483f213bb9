"""What falls due without anyone asking: reminders, urging, deemed acceptance, returns?"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import structlog

from services.supervision import queries
from services.supervision.domain.commands import NoteSilentFeed
from services.supervision.domain.due import Rulebook, Threshold, due, returns_due
from services.supervision.domain.facts import OfficeFacts
from services.supervision.domain.statefeed import LATEST
from services.supervision.service import (
    MATTER,
    OFFICE,
    Supervision,
    legal_day,
    office_of,
)
from shared.asking import asked_by_agenda
from shared.decider import Refused
from shared.effects import monotonic
from shared.eventstore.identity import derived
from shared.eventstore.units import StoreUnavailable
from shared.handling import Contended, Step
from shared.problems import Problem

log = structlog.get_logger()

WAITED_OUT = (Problem, Refused, StoreUnavailable, Contended)
PAUSE = 2.0
"""Seconds before what could not be done is tried again."""
FEEDS_EVERY = 2.0
"""Seconds between two looks at how fresh the feeds are."""


class Agenda:
    """Looks at a matter when it moved and when a new legal day began; nothing is stored.

    Every threshold has a name of its own, and the log takes each name once, ever; the decider
    says once what is to be said once: a restart can neither lose nor repeat anything.
    """

    def __init__(self, service: Supervision) -> None:
        self._service, self._floor = service, service.floor
        self._day: date | None = None
        self._position = 0
        self._again: dict[UUID, queries.Open] = {}
        self._broken: dict[UUID, str] = {}
        self._pause_ends = 0.0
        self._feeds_again = 0.0
        self._silent: set[tuple[str, str, datetime]] = set()

    async def due(self, now: datetime) -> bool:
        """Do what fell due since the last time; what cannot be done now is tried again."""
        await self._feeds(now)
        pool, today = self._floor.log.pool, legal_day(now)
        if self._day != today and monotonic() >= self._pause_ends:
            matters = await queries.unfinished(pool)
            if await self._returns(now):
                self._day = today
            else:
                self._pause_ends = monotonic() + PAUSE
        else:
            matters = await queries.moved_since(pool, self._position)
        if self._again and monotonic() >= self._pause_ends:
            matters += self._again.values()
            self._again = {}
        for one in matters:
            if not await self._matter(one, now):
                self._again[one.matter] = one
                self._pause_ends = monotonic() + PAUSE
        self._position = max([self._position, *(one.position for one in matters)])
        return self._day == today and not self._again

    async def _matter(self, one: queries.Open, now: datetime) -> bool:
        try:
            rules = self._service.look.rules_for(one.area, one.pack)
            _, matter = await self._floor.handling.state_of(MATTER, one.matter, fresh=False)
            book = Rulebook(rules.pack, rules.catalogue, rules.calendar)
            if fallen := due(matter, book, legal_day(now)):
                await self._do(one, fallen, now)
        except WAITED_OUT as error:
            log.warning("agenda_waits", matter=str(one.matter), error=repr(error))
            return False
        except Exception as error:
            # One matter that cannot be counted must hold up no other, nor end the service.
            if self._broken.get(one.matter) != repr(error):
                self._broken[one.matter] = repr(error)
                log.exception("agenda_failed", matter=str(one.matter))
            return False
        self._broken.pop(one.matter, None)
        return True

    async def _do(self, one: queries.Open, fallen: Iterable[Threshold], now: datetime) -> None:
        engagement, team, _ = await self._service.look.standing_of(one.matter)
        rules = self._service.look.rules_for(engagement.area, engagement.pack)
        facts = self._service.look.facts(rules, now, engagement=engagement, team=team)
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
            made = replace(facts, new=derived(about.origin, "new"))
            step = Step(about, MATTER, one.matter, threshold.command, made)
            await self._floor.handling.handle(step)

    async def _feeds(self, now: datetime) -> None:
        """A feed that did not come for longer than it may is said to be silent, once (HS-12)."""
        if monotonic() < self._feeds_again:
            return
        self._feeds_again = monotonic() + FEEDS_EVERY
        try:
            for one in await queries.silent_feeds(self._floor.log.pool, now - LATEST):
                if one not in self._silent:
                    await self._silent_feed(*one, now)
                    self._silent.add(one)
        except WAITED_OUT as error:
            log.warning("agenda_waits", error=repr(error))

    async def _silent_feed(self, area: str, source: str, last: datetime, now: datetime) -> None:
        rules = self._floor.packs.for_area(area)
        today = legal_day(now)
        about = asked_by_agenda(
            self._service.name,
            f"{area}/feed/{source}/{last.isoformat()}/{now.isoformat()}",
            now,
            area=area,
            pack=rules.edition,
        )
        command = NoteSilentFeed(source=source, observed_at=last, noted_at=now)
        facts = OfficeFacts(today, today, rules.pack, rules.calendar)
        await self._floor.handling.handle(Step(about, OFFICE, office_of(area), command, facts))

    async def _returns(self, now: datetime) -> bool:
        """What the bodies of each area owe for the quarters that ended (YO-59, YO-60)."""
        try:
            for area, began in (await queries.areas(self._floor.log.pool)).items():
                await self._returns_of(area, began, now)
        except (Problem, StoreUnavailable, Contended) as error:
            log.warning("agenda_waits", error=repr(error))
            return False
        except Refused as error:
            log.error("returns_not_owed", code=error.code, details=error.details)
        return True

    async def _returns_of(self, area: str, began: date, now: datetime) -> None:
        rules = self._floor.packs.for_area(area)
        stream, today = office_of(area), legal_day(now)
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
