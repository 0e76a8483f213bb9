"""What does the service do by itself when it first sees a project (第一眼: 自动纳入、主动对接)?"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.pack.sections import Mode
from contracts.project import MatterFacts
from services.intake.domain.commands import AmendProject, RegisterProject
from services.intake.domain.desk import Desk, on_arrival
from services.intake.domain.enrolment import EnrolProject, PromptHelp, enrols
from services.intake.domain.feed import FeedProjects, FeedRow, NoteFeed
from services.intake.domain.outreach import (
    REGISTERED,
    OpenOutreach,
    PublishChecklist,
    selected,
)
from services.intake.domain.project import Project
from services.intake.domain.rights import RIGHTS
from services.intake.queries import Opening
from services.intake.service import registers
from services.intake.service.lookup import Lookup, legal_today, rule_facts
from services.intake.service.streams import (
    CODE,
    FEED,
    MATTER,
    OUTREACH,
    PROJECT,
    code_stream,
    enrolled_stream,
    fed_stream,
    outreach_stream,
)
from shared.asking import By, asked, permit
from shared.decider import Refused
from shared.eventstore.identity import cause_of, derived, origin_of
from shared.handling import Done, Step
from shared.packs import Rules
from shared.rights import Principal, Standing

type Move = Step[Any, Any, Any, Any]
type Reserve = Callable[..., Awaitable[Move]]

ITSELF = Principal("s:intake", frozenset({"service"}))
OF_THE_DOOR = frozenset({"ContactHandedOver", "ContactClosed"})
"""Ends of a leading mode that come about in the contact itself: it needs no matter."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of a row of a feed, or why it was sent back."""

    row: int
    code: str
    outcome: str
    project: UUID | None = None
    reason: str | None = None
    remedy: str | None = None
    warnings: tuple[str, ...] = ()


class FirstSight:
    """What follows when a project is seen: help begins, outreach opens; each once, ever."""

    def __init__(self, look: Lookup, reserve: Reserve) -> None:
        self._look, self._reserve = look, reserve

    async def follow(
        self, project: UUID, now: datetime, *, source: str | None = None, led: bool = False
    ) -> None:
        """All that the place's rules make of a project as it is known now."""
        _, known, opening = await self._look.project_of(project)
        today = legal_today(now)
        try:
            rules = await self._look.rules_for_new(opening.area, today, fresh=False)
        except Refused:
            return  # the place takes nothing new on today
        mode = _begins(rules, led=led)
        if mode is not None:
            origin = (
                "feed" if source else "arrival" if mode.enrol == "on_arrival" else "registered"
            )
            await self._enrol(project, known, opening, rules, mode, origin, now)
        await self._reach_out(project, known, opening, rules, now)

    async def reach(self, project: UUID, now: datetime) -> None:
        """Outreach alone: the project has a matter already."""
        _, known, opening = await self._look.project_of(project)
        rules = self._look.floor.packs.for_area(opening.area)
        await self._reach_out(project, known, opening, rules, now)

    async def _enrol(
        self,
        project: UUID,
        known: Project,
        opening: Opening,
        rules: Rules,
        mode: Mode,
        origin: str,
        now: datetime,
    ) -> None:
        """One matter for a project that has none and that the place serves in this mode (YY-18).

        The number series is where two doors meet: whoever comes second is refused there.
        """
        stream = enrolled_stream(project)
        version, _ = await self._look.floor.handling.state_of(MATTER, stream)
        project_facts = rule_facts(known, mode.id)
        if version or not rules.pack.admits(project_facts, mode.id).ok:
            return
        if await self._look.rivals(project):
            return
        by = _by(f"{project}/enrol", now)
        reserve = await self._reserve("matter", opening.area, rules.pack, stream, project, by)
        command = EnrolProject(mode=mode.id, origin=origin)
        about = asked(
            command, by, area=opening.area, matter=stream, project=project, pack=rules.edition
        )
        facts = self._look.facts_for_new(
            rules, project_facts, legal_today(now), derived(by.origin, "id/0"), known.applicant
        )
        step: Move = Step(
            about, MATTER, stream, command,
            lambda earlier: replace(facts, number=earlier[0].number),  # type: ignore[attr-defined]
        )  # fmt: skip
        try:
            await self._look.floor.handling.handle(reserve, step)
        except Refused as refused:
            if refused.code != "joins_open_matter":
                raise

    async def policy(self, project: UUID, notice: UUID, occasion: str, now: datetime) -> None:
        """A policy was published, or was brought: what the rules make of that (HS-77, HS-79)."""
        _, known, opening = await self._look.project_of(project)
        rules = self._look.floor.packs.for_area(opening.area)
        await self._reach_out(project, known, opening, rules, now, occasion, notice)

    async def _reach_out(
        self,
        project: UUID,
        known: Project,
        opening: Opening,
        rules: Rules,
        now: datetime,
        occasion: str = REGISTERED,
        notice: UUID | None = None,
    ) -> None:
        """Each rule that selects the project: once, or once for each notice."""
        facts = rule_facts(known)
        for rule in selected(rules.pack, facts, occasion):
            path = f"proactive.{rule.id}"
            each = notice if not rule.once else None
            stream = outreach_stream(project, f"{path}/{each}" if each else path)
            version, state = await self._look.floor.handling.state_of(OUTREACH, stream)
            if version and (state.phase != "open" or not state.edition):
                continue
            command = PublishChecklist() if version else OpenOutreach(rule=path, notice=notice)
            by = _by(f"{stream}/{path}/{version}", now)
            about = asked(command, by, area=opening.area, project=project, pack=rules.edition)
            floor = self._floor(rules, by, facts)
            step: Move = Step(about, OUTREACH, stream, command, floor)
            await self._look.floor.handling.handle(step)

    def _floor(self, rules: Rules, by: By, facts: MatterFacts) -> Desk:
        return Desk(
            day=legal_today(by.now),
            at=by.now,
            pack=rules.pack,
            catalogue=rules.catalogue,
            calendar=rules.calendar,
            id=derived(by.origin, "id/0"),
            actor=ITSELF.id,
            project=facts,
        )

    # -- feeds ----------------------------------------------------------------------------------

    async def feed(
        self, command: FeedProjects, stream: UUID, by: By
    ) -> tuple[Done, list[Seen]]:
        """Each row by itself: one that is refused does not hold the others up (HS-73)."""
        permit(RIGHTS, by, "FeedProjects", Standing(command.area))
        rules = self._look.floor.packs.for_area(command.area)
        seen = [
            await self._row(command, n, row, replace(by, origin=derived(by.origin, f"row/{n}")))
            for n, row in enumerate(command.rows)
        ]
        count = {o: sum(one.outcome == o for one in seen) for o in
                 ("registered", "amended", "known", "refused")}  # fmt: skip
        note = NoteFeed(source=command.source, observed_at=command.observed_at, rows=len(seen))
        about = asked(command, by, area=command.area, pack=rules.edition)
        step: Move = Step(about, FEED, stream, note, count)
        return await self._look.floor.handling.handle(step), seen

    async def _row(self, feed: FeedProjects, n: int, row: FeedRow, by: By) -> Seen:
        try:
            outcome, project = await self._take(feed, row, by)
            await self.follow(project, by.now, source=feed.source)
            if row.self_filed:
                await self.prompt(project, row.self_filed, "feed", by)
        except Refused as refused:
            remedy = refused.details.get("remedy")
            return Seen(n, row.code, "refused", reason=refused.code, remedy=remedy)
        _, known = await self._look.floor.handling.state_of(PROJECT, project)
        return Seen(n, row.code, outcome, project, warnings=known.warnings)

    async def _take(self, feed: FeedProjects, row: FeedRow, by: By) -> tuple[str, UUID]:
        """A code that is known leads to its project; names are then left as they were told here."""
        handling = self._look.floor.handling
        _, known = await handling.state_of(CODE, code_stream(row.code))
        project = known or fed_stream(feed.area, row.code)
        entered = await self._look.floor.log.receipt(cause_of(by.origin, project))
        public: dict[str, Any] = {
            "code": row.code, "works": row.works, "facts": row.facts,
            "investment_amount": row.investment_amount, "land_area": row.land_area,
            "building_area": row.building_area, "source": feed.source,
            "observed_at": feed.observed_at,
        }  # fmt: skip
        if known is None or entered is not None:
            register = RegisterProject(
                area=feed.area, name=row.name, unit=row.unit, unit_code=row.unit_code,
                address=row.address, **public,
            )  # fmt: skip
            done = await registers.enter(self._look, register, project, by, None)
        else:
            _, _, opening = await self._look.project_of(project)
            if opening.area != feed.area:
                raise Refused(
                    "code_of_another_area", remedy="该代码不属本地 / not of this place"
                )
            amending = replace(by, origin=derived(by.origin, "amend"))
            amend = AmendProject(**public)
            done = await registers.change(self._look, amend, project, amending)
        types = {type for _, type in done.events}
        registered = "intake.project_registered.v1" in types
        return "registered" if registered else "amended" if types else "known", project

    async def prompt(self, project: UUID, items: tuple[str, ...], seen_by: str, by: By) -> None:
        """A prompt to offer help in the project's open matter, if it has one (YY-11)."""
        rivals = await self._look.rivals(project, enrolled_stream(project))
        for matter, rival in rivals.items():
            case = await self._look.case_of(matter)
            if case is None or not rival.open:
                continue
            command = PromptHelp(items=items, seen_by=seen_by)
            about = asked(
                command, by, area=case.opening.area, matter=matter, project=project,
                pack=case.rules.edition,
            )  # fmt: skip
            facts = self._look.facts(case, legal_today(by.now), derived(by.origin, "id/0"))
            step: Move = Step(about, MATTER, matter, command, facts)
            await self._look.floor.handling.handle(step)
            return


def _begins(rules: Rules, *, led: bool) -> Mode | None:
    """The mode that begins by itself: automatically, or on arrival where that needs a matter."""
    automatic = enrols(rules.pack)
    if automatic is not None:
        return automatic
    arriving = on_arrival(rules.pack)
    needs_matter = arriving is not None and arriving.ends_when not in OF_THE_DOOR
    return arriving if led and needs_matter else None


def _by(threshold: str, now: datetime) -> By:
    """The service by itself, once for each threshold."""
    return By(ITSELF, origin_of("intake", ITSELF.id, "agenda", threshold), None, now)
