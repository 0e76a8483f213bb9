"""What must be looked up before evaluation decides? The one way in, whoever knocks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from contracts.evaluation import EvaluationInvited, LeagueRow, Measure
from contracts.vocabulary import Reliance, Respondent
from services.evaluation.domain import MATTER as MATTER_DECIDER
from services.evaluation.domain import MATTER_EVENTS, OFFICE_EVENTS
from services.evaluation.domain import OFFICE as OFFICE_DECIDER
from services.evaluation.domain.appraising import MISSED, measures
from services.evaluation.domain.commands import (
    AppealAppraisal,
    ComputeAppraisal,
    InviteAgain,
    InviteRating,
    PublishAppraisal,
    ReceiveAreaComplaint,
    ReceiveComplaint,
    RecordRating,
)
from services.evaluation.domain.facts import Appealed, MatterFacts, OfficeFacts, Served
from services.evaluation.domain.league import (
    COST,
    DECISIONS,
    OF_DEPARTMENTS,
    cost_measures,
    decision_measures,
    exported,
    table_of,
)
from services.evaluation.domain.links import Links
from services.evaluation.domain.publishing import in_force
from services.evaluation.domain.quarters import bounds
from services.evaluation.domain.receipts import Receipts
from services.evaluation.domain.rights import RIGHTS
from services.evaluation.domain.state import Judged
from services.evaluation.domain.terms import PROBITY
from services.evaluation.projections import legal_day
from services.evaluation.queries import Queries, Whose
from services.evaluation.queries.courses import Courses
from shared.asking import By, asked, permit
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.effects import new_id
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Asked, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.rights import Principal, Standing, accounts, can
from shared.runtime import Floor
from shared.turnstile import Turnstile

MATTER = Aggregate("matter", MATTER_DECIDER, Vocabulary(MATTER_EVENTS))
OFFICE = Aggregate("office", OFFICE_DECIDER, Vocabulary(OFFICE_EVENTS))

MOST_BEHIND = 10_000
"""So many matters are listed behind a figure; that there are more is said."""

UNIT: tuple[Respondent, ...] = ("applicant_lead", "applicant_handler", "applicant_proxy")


def office_of(area: str) -> UUID:
    """The stream of an area's office."""
    return derived(NAMESPACE, f"office/{area}")


@dataclass(frozen=True, slots=True)
class Matter:
    """Where a matter belongs, for good; the unit is known when intake was asked."""

    area: str
    project: UUID | None
    pack: str
    unit: frozenset[str] = frozenset()
    opened: date | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted, and for whom."""

    whose: Whose
    measures: tuple[Measure, ...]
    unrated: int


@dataclass(frozen=True, slots=True)
class InForce:
    """What was given last to an assessment and was not taken back."""

    publication: UUID
    rows: tuple[LeagueRow, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be given, why it may not be, and what it would replace."""

    rows: tuple[LeagueRow, ...]
    cut: tuple[Reliance, ...]
    refused: Refused | None
    in_force: InForce | None


class Evaluation:
    """The service behind API, inbox and agenda."""

    name = "evaluation"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.queries = Queries(floor.log.pool)
        self.courses = Courses(floor.log.pool)
        settings = floor.settings
        self.links = Links(settings.deployment_key(), settings.links_lead_to())
        self.receipts = Receipts(settings.deployment_key())
        self.turnstile = Turnstile(most=60, within=60)

    async def do(self, command: Any, stream: UUID, by: By) -> Done:
        """Raises `Problem` (rights, unknown matter) and what `Handling.handle` raises."""
        if isinstance(command, RecordRating):
            return await self._rate(command, stream, by)
        if hasattr(command, "area"):
            return await self._office(command, by)
        if isinstance(command, ReceiveComplaint) and command.kind == PROBITY:
            return await self._probity(command, stream, by)
        return await self._matter(command, stream, by)

    async def matter(self, id: UUID, *, ask_intake: bool = False) -> tuple[Matter, Judged, int]:
        """A matter as evaluation knows it, or as intake does; raises `Problem("not_found")`."""
        version, state = await self.floor.handling.state_of(MATTER, id)
        about = await self.queries.first_about(id) if version else None
        matter = Matter(about.area, about.project, about.pack or "") if about else None
        if ask_intake or matter is None:
            answer = await self.floor.peers.get("intake", f"/matters/{id}")
            matter = matter_of(answer) if answer else matter
        if matter is None:
            raise Problem("not_found")
        return matter, state, version

    async def invited(self, invitation: UUID, who: Principal) -> tuple[UUID, Judged]:
        """The matter behind a link. For anybody but the unit, and for the rated, there is none."""
        now = self.floor.clock()
        if not can(RIGHTS, who, "OpenInvitation", None, now).allowed:
            raise Problem("not_found")
        id = await self.queries.matter_of(invitation)
        if id is None:
            if not await self.floor.views.reached(await self.floor.log.position()):
                raise Problem("behind")  # the link may be good: nobody is told that it is not
            id = await self.queries.matter_of(invitation)
        if id is None:
            raise Problem("not_found")
        _, state = await self.floor.handling.state_of(MATTER, id)
        if who.id in state.served_by:
            raise Problem("not_found")
        return id, state

    async def may_read(
        self, id: UUID, who: Principal, action: str = "Read"
    ) -> tuple[Judged, int]:
        """The matter, once the caller may see it; the rated see no rating by itself,
        since a matter has one unit and so names the rater (X-05)."""
        units = bool(who.roles & set(UNIT))
        matter, state, version = await self.matter(id, ask_intake=units)
        if version == 0 or who.id in state.served_by:
            raise Problem("not_found")
        standing = Standing(matter.area, matter.unit, state.served_by)
        permit(RIGHTS, By(who, id, None, self.floor.clock()), action, standing)
        return state, version

    async def may_rate_visits(self, id: UUID, who: Principal) -> None:
        """Raises `Problem` unless the caller is the unit, also of a matter that it was not asked to
        rate yet."""
        matter, state, _ = await self.matter(id, ask_intake=True)
        if who.id in state.served_by:
            raise Problem("not_found")
        by = By(who, id, None, self.floor.clock())
        permit(RIGHTS, by, "ListInvitations", Standing(matter.area, matter.unit))

    async def served(self, id: UUID) -> Served | None:
        """Who served the matter; None when nobody did. Raises `Problem("unavailable")`."""
        answer = await self.floor.peers.get("assignment", f"/matters/{id}")
        return served_of(answer) if answer else None

    async def complete(self, id: UUID) -> bool:
        """Whether supervision holds everything of the matter to be done."""
        answer = await self.floor.peers.get("supervision", f"/matters/{id}")
        return bool(answer and answer["complete"])

    def facts(
        self, rules: Rules, origin: UUID, actor: str, now: datetime, **more: Any
    ) -> MatterFacts:
        """What a decision about a matter may look at."""
        today = now.astimezone(LEGAL_ZONE).date()
        made = derived(origin, "made")
        return MatterFacts(rules.pack, rules.calendar, today, actor, made, **more)

    def tokens(self, rules: Rules) -> Mapping[str, UUID]:
        """Unguessable: random, never derived from what others know."""
        return {instrument.id: new_id() for instrument in rules.pack.evaluation.instruments}

    async def sent_on(self, id: UUID, upto: int | None = None) -> Mapping[str, date]:
        """The day each instrument's last invitation went out."""
        found: dict[str, date] = {}
        for entry in await self.floor.log.history(id, upto=upto):
            if entry.type == EvaluationInvited.model_fields["type"].default:
                day = legal_day(entry.circumstances().effective)
                found[entry.members()["instrument"]] = day
        return found

    async def _rate(self, command: RecordRating, invitation: UUID, by: By) -> Done:
        id, _ = await self.invited(invitation, by.principal)
        matter, _, _ = await self.matter(id)
        respondent = next(role for role in UNIT if role in by.principal.roles)
        more: dict[str, Any] = {"invitation": invitation, "respondent": respondent}
        if command.device is not None:
            device = derived(NAMESPACE, f"device/{command.device.reveal()}")
            today = by.now.astimezone(LEGAL_ZONE).date()
            more["device"] = device
            more["from_device"] = await self.queries.from_device(device, today)
        return await self._handle(command, id, by, matter, **more)

    async def _matter(self, command: Any, id: UUID, by: By) -> Done:
        first = isinstance(command, InviteRating | ReceiveComplaint)
        matter, state, version = await self.matter(id, ask_intake=first)
        if version == 0 and not first:
            raise Problem("not_found")
        if by.principal.id in state.served_by and not isinstance(command, ReceiveComplaint):
            raise Problem("not_found")
        standing = Standing(matter.area, matter.unit)
        permit(RIGHTS, by, type(command).__name__, standing)
        more: dict[str, Any] = {}
        if first:
            more["served"] = await self.served(id)
        if isinstance(command, InviteRating):
            more["complete"] = await self.complete(id)
        if isinstance(command, InviteAgain):
            more["sent_on"] = await self.sent_on(id)
        return await self._handle(command, id, by, matter, **more)

    async def complained(self, command: ReceiveAreaComplaint, by: By, made: UUID) -> Done:
        """A complaint of somebody without an account; `made` names it (社会监督; HS-19)."""
        return await self._recorded(command, by, made=made)

    async def _probity(self, command: ReceiveComplaint, id: UUID, by: By) -> Done:
        """Kept out of the matter's stream, which the agent's own people read (HS-18)."""
        matter, _, _ = await self.matter(id, ask_intake=True)
        permit(RIGHTS, by, "ReceiveComplaint", Standing(matter.area, matter.unit))
        served = await self.served(id)
        area = ReceiveAreaComplaint.model_validate(
            {
                **{name: getattr(command, name) for name in type(command).model_fields},
                "area": matter.area,
                "against": command.against or (served.lead if served else None),
                "body": command.body or (served.body if served else None),
            }
        )
        agents = frozenset(served.agents) if served else frozenset()
        return await self._recorded(area, by, concerns=id, agents=agents)

    async def _handle(
        self, command: Any, id: UUID, by: By, matter: Matter, **more: Any
    ) -> Done:
        rules = self.floor.packs.edition(matter.pack)
        circumstances = asked(
            command,
            by,
            area=matter.area,
            matter=id,
            project=matter.project,
            pack=matter.pack,
            opened=matter.opened,
        )
        facts = self.facts(
            rules,
            by.origin,
            by.principal.id,
            by.now,
            bodies=by.principal.bodies,
            tokens=self.tokens(rules),
            **more,
        )
        step = Step(
            unnamed(command, circumstances), MATTER, id, command, facts, expected=by.expected
        )
        return await self.floor.handling.handle(step)

    async def _office(self, command: Any, by: By) -> Done:
        area = command.area
        bodies = frozenset(b for b in (getattr(command, "body", None),) if b)
        agents: frozenset[str] = frozenset()
        if isinstance(command, AppealAppraisal):
            about = await self._appealed(command)
            agents = frozenset({about.agent} if about and about.agent else ())
            bodies = frozenset({about.body} if about and not about.agent else ())
        where = Standing(area, agents=agents, bodies=bodies)
        permit(RIGHTS, by, type(command).__name__, where)
        return await self._recorded(command, by)

    async def _recorded(self, command: Any, by: By, **more: Any) -> Done:
        area = command.area
        rules = self.floor.packs.for_area(area)
        circumstances = asked(command, by, area=area, pack=rules.edition)
        facts = await self.office_facts(command, rules, by.origin, by.principal.id, by.now)
        facts = replace(facts, bodies=by.principal.bodies, **more)
        step = Step(
            unnamed(command, circumstances),
            OFFICE,
            office_of(area),
            command,
            facts,
            expected=by.expected,
        )
        return await self.floor.handling.handle(step)

    async def office_facts(
        self, command: Any, rules: Rules, origin: UUID, actor: str, now: datetime
    ) -> OfficeFacts:
        """For an appraisal: everything counted as of one place in the log."""
        today = now.astimezone(LEGAL_ZONE).date()
        made = derived(origin, "made")
        facts = OfficeFacts(rules.pack, rules.calendar, today, actor, made)
        if isinstance(command, AppealAppraisal):
            return replace(facts, appealed=await self._appealed(command))
        if isinstance(command, PublishAppraisal):
            cuts = await self.cuts()
            first, last = bounds(command.quarter)
            rows = await self.league(rules, command.area, first, last, cuts, command.quarter)
            named = tuple(exported(command.form, rules.pack, rows))
            return replace(facts, rows=named, cut=relied(cuts))
        if not isinstance(command, ComputeAppraisal):
            return facts
        cuts = await self.cuts()
        counted = {"evaluation": cuts["evaluation"]}
        if self.reminds(command.area):
            counted["supervision"] = cuts["supervision"]
        agent = command.agent if command.about_whom == "agent" else None
        body = await self.queries.body_of(command.area, agent) if agent else command.body
        found = await self.counted_at(
            command.area,
            command.quarter,
            agent,
            body,
            counted["evaluation"],
            counted.get("supervision"),
        )
        return replace(
            facts,
            body=body,
            measures=found.measures,
            unrated=found.unrated,
            cut=relied(counted),
        )

    async def previewed(self, command: PublishAppraisal, by: By) -> Preview:
        """What would be given, and whether it may be; nothing is recorded."""
        rules = self.floor.packs.for_area(command.area)
        facts = await self.office_facts(command, rules, by.origin, by.principal.id, by.now)
        _, office = await self.floor.handling.state_of(OFFICE, office_of(command.area))
        given = command.quarter, command.assessment, command.form
        id = in_force(office.published, given)
        before = None if id is None else InForce(id, office.published[id].rows)
        try:
            OFFICE_DECIDER.decide(command, office, facts)
        except Refused as refused:
            return Preview(facts.rows, facts.cut, refused, before)
        return Preview(facts.rows, facts.cut, None, before)

    async def cuts(self) -> dict[str, int]:
        """How far everything that is counted has come; `Problem("behind")` while a view lags."""
        cut = await self.floor.log.position()
        if not await self.floor.views.reached(cut):
            raise Problem("behind")
        return {"evaluation": cut, **await self.courses.reached()}

    async def league(
        self,
        rules: Rules,
        area: str,
        first: date,
        last: date,
        cuts: Mapping[str, int],
        quarter: str,
    ) -> tuple[LeagueRow, ...]:
        """Both tables whole: every centre and every department of the rules (YY-58)."""
        found = []
        for body in rules.pack.bodies:
            table = table_of(body.kind)
            if table is None:
                continue
            own = await self.counted_at(area, quarter, None, body.id, cuts["evaluation"])
            measures_of = own.measures
            if table == "centres":
                measures_of += cost_measures(await self.courses.cost(own.whose, cuts))
            else:
                at = cuts["supervision"]
                decided = await self.courses.decided(area, body.id, first, last, at)
                measures_of += decision_measures(decided)
                measures_of = tuple(m for m in measures_of if m.measure in OF_DEPARTMENTS)
            found.append(LeagueRow(table=table, body=body.id, measures=measures_of))
        return tuple(found)

    async def behind(
        self, measure: str, whose: Whose, cuts: Mapping[str, int]
    ) -> dict[str, Any]:
        """The matters behind a figure; `whole` is false where there are more than are listed."""
        if measure in (*COST, *DECISIONS, MISSED):
            rows = await self.courses.behind(measure, whose, cuts, MOST_BEHIND + 1)
        else:
            rows = await self.queries.behind(whose, measure, MOST_BEHIND + 1)
        return {"rows": rows[:MOST_BEHIND], "whole": len(rows) <= MOST_BEHIND}

    async def _appealed(self, command: AppealAppraisal) -> Appealed | None:
        row = await self.queries.appraisal(command.appraisal)
        if row is None or row["area"] != command.area:
            return None
        return Appealed(
            row["agent"], row["body"], frozenset(m["measure"] for m in row["measures"])
        )

    def reminds(self, area: str) -> bool:
        """Whether reminding the departments is a duty there (YY-54)."""
        pack = self.floor.packs.for_area(area).pack
        return any(mode.allows("remind") for mode in pack.modes)

    async def counted_at(
        self,
        area: str,
        quarter: str,
        agent: str | None,
        body: str | None,
        cut: int,
        heard: int | None = None,
    ) -> Found:
        """Somebody's figures of a quarter as they stood at one place in the log, now or then;
        reminders not given are counted up to `heard`, a place in supervision's log."""
        out = await self.queries.excluded(area, quarter, agent, body, cut)
        whose = Whose(area, agent, None if agent else body, *bounds(quarter), cut, out)
        rated = await self.queries.rated(whose)
        counted = await self.queries.counted(whose)
        if heard is not None:
            counted = replace(counted, missed=await self.courses.missed(whose, heard))
        found = measures(rated, counted)
        return Found(whose, found, await self.queries.unrated_matters(whose))


def relied(cuts: Mapping[str, int]) -> tuple[Reliance, ...]:
    """Cuts as an event names them."""
    return tuple(
        Reliance.model_validate({"store": store, "position": at}) for store, at in cuts.items()
    )


def unnamed(command: Any, circumstances: Asked) -> Asked:
    """An anonymous complaint names nobody, not even by pseudonym."""
    if not getattr(command, "anonymous", False):
        return circumstances
    return replace(circumstances, act=circumstances.act._replace(actor="s:evaluation"))


def matter_of(answer: Mapping[str, Any]) -> Matter:
    """Intake's answer about a matter."""
    project, opened = answer.get("project"), answer.get("opened_on")
    return Matter(
        answer["area"],
        UUID(project) if project else None,
        answer["pack"],
        accounts(answer.get("applicant"), answer.get("handler")),
        date.fromisoformat(opened) if opened else None,
    )


def served_of(answer: Mapping[str, Any]) -> Served | None:
    """Assignment's answer about a matter: the lead with his body, and everybody else."""
    lead = answer.get("lead_agent")
    if not lead:
        return None
    bodies = [task["body"] for task in answer["items"].values() if task["agent"] == lead]
    body = bodies[0] if bodies else answer.get("lead_body")
    return Served(
        lead, body or "unknown", tuple(answer["agents"]), len(answer["items"]) or None
    )
