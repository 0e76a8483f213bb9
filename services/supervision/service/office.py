"""How is an area's office served: returns, issue lists by territory, inspections?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.event import Event
from services.supervision import queries
from services.supervision.domain import commands
from services.supervision.domain.facts import (
    Engagement,
    Facts,
    OfficeFacts,
    Team,
    Territory,
)
from services.supervision.domain.rights import RIGHTS
from services.supervision.domain.state import Matter
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import (
    MATTER,
    OFFICE,
    day_of,
    legal_day,
    office_of,
)
from shared.asking import By, Command, asked, permit
from shared.eventstore.identity import derived
from shared.handling import Done, Step
from shared.problems import Problem
from shared.rights import Standing


class OfficeDesk:
    """Commands for the office stream of an area, and what they lead to in matters."""

    def __init__(self, look: Lookup) -> None:
        self._look, self._floor = look, look.floor

    async def file(
        self,
        command: commands.FileReturn | commands.RecordInspection | commands.CallForReturn,
        new: UUID,
        by: By,
    ) -> Done:
        """A return, a call for one, or an inspection: decided in the office stream."""
        if isinstance(command, commands.CallForReturn):
            bodies = frozenset(command.bodies)
        else:
            bodies = frozenset({command.body})
        permit(RIGHTS, by, type(command).__name__, Standing(command.area, bodies=bodies))
        rows, cut = 0, 0
        if isinstance(command, commands.FileReturn):
            rows, cut = await self._rows(command)
        rules = self._floor.packs.for_area(command.area)
        facts = OfficeFacts(
            today=legal_day(by.now),
            on=day_of(command, by.now),
            pack=rules.pack,
            calendar=rules.calendar,
            new=new,
            rows=rows,
            cut=cut,
        )
        about = asked(command, by, area=command.area, pack=rules.edition)
        return await self._floor.handling.handle(
            Step(about, OFFICE, office_of(command.area), command, facts)
        )

    async def _rows(self, command: commands.FileReturn) -> tuple[int, int]:
        """How many lines the return has, and at which position of our log."""
        pool = self._floor.log.pool
        reached = await queries.ledger_position(pool)
        cut = reached if command.cut is None else command.cut
        if cut > reached and not await self._floor.views.reached(cut):
            raise Problem("behind")
        drafted = await queries.drafted(
            pool,
            area=command.area,
            form=command.form,
            quarter=command.quarter,
            body=command.body,
            cut=cut,
        )
        return drafted.rows, cut

    async def dispatch(self, command: commands.DispatchIssueList, new: UUID, by: By) -> Done:
        """The list goes out by territory, and each line becomes a problem in its matter."""
        permit(RIGHTS, by, "DispatchIssueList", Standing(command.area))
        rules = self._floor.packs.for_area(command.area)
        lines = await queries.raised(self._floor.log.pool, command.area, command.issues)
        placed = [(one, *(await self._look.standing_of(one.matter))[:2]) for one in lines]
        facts = OfficeFacts(
            today=legal_day(by.now),
            on=day_of(command, by.now),
            pack=rules.pack,
            calendar=rules.calendar,
            new=new,
            territories=_by_site(placed, by.origin),
        )
        about = asked(command, by, area=command.area, pack=rules.edition)
        office = Step(about, OFFICE, office_of(command.area), command, facts)
        taken = [self._listed(command, new, one, by) for one in placed]
        return await self._floor.handling.handle(office, *taken)

    def _listed(
        self,
        command: commands.DispatchIssueList,
        new: UUID,
        placed: tuple[queries.Raised, Engagement, Team],
        by: By,
    ) -> Step[Command, Matter, Event, Facts]:
        line, engagement, team = placed
        take = commands.TakeListedIssue.model_validate(
            {
                "issue": _listed_id(by.origin, line),
                "issue_list": new,
                "raised": line.issue,
                "severity": line.severity,
                "items": line.items,
                "owner": team.lead_body or "agent",
                "person": team.lead_agent,
                "due_on": command.due_on,
                "effective": command.effective,
            }
        )
        rules = self._look.rules_for(engagement.area, engagement.pack)
        facts = self._look.facts(rules, by.now, command=take, engagement=engagement, team=team)
        about = asked(
            take,
            by,
            area=engagement.area,
            matter=line.matter,
            project=engagement.project,
            pack=engagement.pack,
        )
        return Step(about, MATTER, line.matter, take, facts)


def _listed_id(origin: UUID, line: queries.Raised) -> UUID:
    return derived(origin, f"listed/{line.issue}")


def _by_site(
    placed: Sequence[tuple[queries.Raised, Engagement, Team]], origin: UUID
) -> tuple[Territory, ...]:
    """The lines of each site, for the body and the people who answer there (按属地)."""
    parts: dict[tuple[str, str], list[tuple[queries.Raised, Team]]] = {}
    for line, engagement, team in placed:
        key = engagement.site or "elsewhere", team.lead_body or "agent"
        parts.setdefault(key, []).append((line, team))
    return tuple(
        Territory(
            site=site,
            to=to,
            persons=tuple(sorted({t.lead_agent for _, t in lines if t.lead_agent})),
            issues=tuple(_listed_id(origin, line) for line, _ in lines),
        )
        for (site, to), lines in sorted(parts.items())
    )
