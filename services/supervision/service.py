"""What must supervision look up before it decides?"""

import asyncio
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from contracts.event import Event
from contracts.supervision import EVENTS
from services.supervision import queries
from services.supervision.domain import DECIDER, OFFICE_DECIDER, commands
from services.supervision.domain.facts import (
    Engagement,
    Facts,
    OfficeFacts,
    Team,
    Territory,
)
from services.supervision.domain.rights import RIGHTS
from services.supervision.domain.state import Matter
from shared.asking import By, Command, asked, permit
from shared.clock import LEGAL_ZONE
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Principal, Standing
from shared.runtime import Floor

MATTER = Aggregate("matter", DECIDER, Vocabulary(EVENTS))
OFFICE = Aggregate("office", OFFICE_DECIDER, Vocabulary(EVENTS))

FOR_THE_UNIT = (
    commands.SubmitItem,
    commands.SupplyCorrection,
    commands.CollectResult,
    commands.SendResult,
    commands.DeliverResult,
    commands.ReturnOriginals,
)
"""Acts done in the unit's name, under its commission."""

PROOFS = frozenset({"item_refused", "item_decided", "result_delivered", "originals_returned"})
"""Events that show that an item is done (销号依据)."""


def office_of(area: str) -> UUID:
    """The office stream of an area."""
    return derived(NAMESPACE, f"office/{area}")


def legal_day(moment: datetime) -> date:
    """The legal day of an instant."""
    return moment.astimezone(LEGAL_ZONE).date()


class Supervision:
    """The one way in, whoever knocks."""

    name = "supervision"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    async def do(self, command: Any, stream: UUID, by: By) -> Done:
        """Decide `command` for the matter `stream`, or for an area's office."""
        match command:
            case commands.FileReturn() | commands.RecordInspection():
                return await self._office(command, stream, by)
            case commands.DispatchIssueList():
                return await self._dispatch(command, stream, by)
        return await self._matter(command, stream, by)

    async def standing_of(self, stream: UUID) -> tuple[Engagement, Team, Standing]:
        """What the neighbours say of the matter; raises `Problem` for none, or no answer."""
        told, team = await asyncio.gather(
            self.floor.peers.get("intake", f"/matters/{stream}"),
            self.floor.peers.get("assignment", f"/matters/{stream}"),
        )
        if told is None:
            raise Problem("not_found")
        engagement = Engagement.model_validate(told)
        known = Team.model_validate(team or {})
        standing = Standing(
            engagement.area, engagement.applicant, known.everyone(), known.bodies()
        )
        return engagement, known, standing

    def rules_for(self, area: str, edition: str | None) -> Rules:
        """The rules a matter follows: its own edition (X-08), else those of its area."""
        packs = self.floor.packs
        return packs.edition(edition) if edition else packs.for_area(area)

    def facts(
        self,
        rules: Rules,
        now: datetime,
        *,
        command: Command | None = None,
        engagement: Engagement | None = None,
        **more: Any,
    ) -> Facts:
        """What a decision about a matter may look at."""
        return Facts(
            today=legal_day(now),
            on=_day_of(command, now),
            pack=rules.pack,
            catalogue=rules.catalogue,
            calendar=rules.calendar,
            engagement=engagement,
            **more,
        )

    async def look(self, stream: UUID, principal: Principal) -> tuple[int, Matter, Facts]:
        """A matter for reading: its version, its state, and the facts to show it with."""
        version, matter = await self.floor.handling.state_of(MATTER, stream)
        if version == 0:
            raise Problem("not_found")
        engagement, team, standing = await self.standing_of(stream)
        self.may(principal, "Read", standing)
        rules = self.rules_for(engagement.area, engagement.pack)
        now = self.floor.clock()
        facts = self.facts(rules, now, engagement=engagement, team=team)
        return version, matter, facts

    def may(self, principal: Principal, action: str, standing: Standing | None) -> None:
        """Raise `Problem` unless the principal may."""
        by = By(principal, NAMESPACE, None, self.floor.clock())
        permit(RIGHTS, by, action, standing)

    async def _matter(self, command: Command, stream: UUID, by: By) -> Done:
        version, _ = await self.floor.handling.state_of(MATTER, stream)
        if version == 0:
            raise Problem("not_found")
        engagement, team, standing = await self.standing_of(stream)
        permit(RIGHTS, by, type(command).__name__, standing)
        facts = self.facts(
            self.rules_for(engagement.area, engagement.pack),
            by.now,
            command=command,
            engagement=engagement,
            actor=by.principal.id,
            roles=by.principal.roles,
            new=derived(by.origin, "new"),
            team=team,
            evidence=await self._evidence(command, stream),
        )
        about = asked(
            command,
            by,
            area=engagement.area,
            opened=engagement.opened_on,
            matter=stream,
            project=engagement.project,
            pack=engagement.pack,
            **_in_whose_name(command, facts),
        )
        step = Step(about, MATTER, stream, command, facts, expected=by.expected)
        return await self.floor.handling.handle(step)

    async def _evidence(self, command: Command, stream: UUID) -> tuple[UUID, ...]:
        """The ids of the facts that show that an item is done (YO-25)."""
        if not isinstance(command, commands.CloseItem):
            return ()
        found = []
        for entry in await self.floor.log.history(stream):
            if entry.type.split(".")[1] in PROOFS:
                fact = orjson.loads(entry.fact)
                named = [fact.get("item"), *fact.get("items", ())]
                if command.item in named or "pieces" in fact:
                    found.append(entry.id)
        return tuple(found)

    async def _office(
        self, command: commands.FileReturn | commands.RecordInspection, new: UUID, by: By
    ) -> Done:
        bodies = frozenset({command.body})
        permit(RIGHTS, by, type(command).__name__, Standing(command.area, bodies=bodies))
        rows, cut = 0, 0
        if isinstance(command, commands.FileReturn):
            rows, cut = await self._rows(command)
        rules = self.floor.packs.for_area(command.area)
        facts = OfficeFacts(
            today=legal_day(by.now),
            on=_day_of(command, by.now),
            pack=rules.pack,
            calendar=rules.calendar,
            new=new,
            rows=rows,
            cut=cut,
        )
        about = asked(command, by, area=command.area, pack=rules.edition)
        return await self.floor.handling.handle(
            Step(about, OFFICE, office_of(command.area), command, facts)
        )

    async def _rows(self, command: commands.FileReturn) -> tuple[int, int]:
        """How many lines the return has, and at which position of our log."""
        pool = self.floor.log.pool
        reached = await queries.ledger_position(pool)
        cut = reached if command.cut is None else command.cut
        if cut > reached and not await self.floor.views.reached(cut):
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

    async def _dispatch(self, command: commands.DispatchIssueList, new: UUID, by: By) -> Done:
        """The list goes out by territory, and each line becomes a problem in its matter."""
        permit(RIGHTS, by, "DispatchIssueList", Standing(command.area))
        rules = self.floor.packs.for_area(command.area)
        lines = await queries.raised(self.floor.log.pool, command.area, command.issues)
        placed = [(one, *(await self.standing_of(one.matter))[:2]) for one in lines]
        facts = OfficeFacts(
            today=legal_day(by.now),
            on=_day_of(command, by.now),
            pack=rules.pack,
            calendar=rules.calendar,
            new=new,
            territories=_by_site(placed, by.origin),
        )
        about = asked(command, by, area=command.area, pack=rules.edition)
        office = Step(about, OFFICE, office_of(command.area), command, facts)
        taken = [self._listed(command, new, one, by) for one in placed]
        return await self.floor.handling.handle(office, *taken)

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
        rules = self.rules_for(engagement.area, engagement.pack)
        facts = self.facts(rules, by.now, command=take, engagement=engagement, team=team)
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


def _day_of(command: Command | None, now: datetime) -> date:
    happened = command.effective if command is not None else None
    if happened is None:
        return legal_day(now)
    return legal_day(happened) if isinstance(happened, datetime) else happened


def _in_whose_name(command: Command, facts: Facts) -> dict[str, Any]:
    """An agent's act carries the commission and the unit (X-01)."""
    known = facts.engagement
    if known is None or facts.by_applicant or not isinstance(command, FOR_THE_UNIT):
        return {}
    commission = known.commission if known.mode == "agent" else None
    return {
        "behalf": known.applicant,
        "authority": commission.id if commission else None,
    }
