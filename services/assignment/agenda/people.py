"""What falls due for the people of assignment: terms that end, tasks that move on?"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime

from contracts.vocabulary import ReassignCause
from services.assignment.agenda.places import places
from services.assignment.domain.commands import HandOver, VacatePost
from services.assignment.domain.facts import RosterFacts
from services.assignment.domain.roster import Roster
from services.assignment.service import MATTER, ROSTER, Assignment, roster_of
from shared.asking import asked_by_agenda
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.handling import Step
from shared.packs import Rules


def agenda(service: Assignment) -> Callable[[datetime], Awaitable[None]]:
    """A post whose period is over is vacated; the tasks of one who left move on (X-15)."""

    async def due(now: datetime) -> None:
        async for area, rules in places(service):
            version, roster = await service.floor.handling.state_of(ROSTER, roster_of(area))
            if version:
                await _end_periods(service, area, rules, roster, now)
                await _move_tasks(service, area, roster, now)

    return due


async def _end_periods(
    service: Assignment, area: str, rules: Rules, roster: Roster, now: datetime
) -> None:
    today = now.astimezone(LEGAL_ZONE).date()
    for post in roster.posts.values():
        if post.ends_on is None or post.ends_on >= today:
            continue
        command = VacatePost(area=area, post=post.post, person=post.person, cause="period_over")
        threshold = f"{area}/period_over/{post.post}/{post.person}/{post.ends_on}"
        asked = asked_by_agenda(service.name, threshold, now, area=area, pack=rules.edition)
        facts = RosterFacts(rules.pack, rules.catalogue, today, asked.origin)
        with suppress(Refused):  # the term was renewed meanwhile
            await service.floor.handling.handle(
                Step(asked, ROSTER, roster_of(area), command, facts)
            )


async def _move_tasks(service: Assignment, area: str, roster: Roster, now: datetime) -> None:
    """Read from a view: what it does not show yet is moved at the next look."""
    today = now.astimezone(LEGAL_ZONE).date()
    gone = {*roster.vacant, *roster.removed}
    answering = await service.queries.answering(area) if gone else []
    for person in sorted(gone.intersection(answering)):
        heir = roster.heir(person)
        if roster.available(person, today) or not (heir and roster.available(heir, today)):
            continue
        for id in await service.queries.matters_of(area, person):
            matter, state, _ = await service.matter(id)
            cause: ReassignCause = "left_post" if person in roster.removed else "leave"
            command = HandOver(left=person, agent=heir, cause=cause)
            number = len(state.relays)
            asked = asked_by_agenda(
                service.name,
                f"{id}/hand_over/{person}/{heir}/{cause}/{number}",
                now,
                area=area,
                matter=id,
                project=matter.project,
                pack=matter.pack,
            )
            sheet = await service.sheet(id, state, person)
            facts = service.facts(matter, f"s:{service.name}", now, roster=roster, sheet=sheet)
            await service.floor.handling.handle(Step(asked, MATTER, id, command, facts))
