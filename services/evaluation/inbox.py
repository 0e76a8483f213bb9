"""What does evaluation hear, and what does it do about it?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from contracts.event import Event, Personal
from contracts.intake import (
    ConsultationAnswered,
    EligibilityAssessed,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    ModeChosen,
    ServiceRequested,
)
from contracts.supervision import (
    FeePaid,
    IssueResolved,
    ItemClosed,
    OriginalsReturned,
    VisitMade,
)
from contracts.upcasting import event_of
from services.evaluation.domain.commands import (
    InviteRating,
    InviteVisitRating,
    ReceiveAreaComplaint,
)
from services.evaluation.domain.facts import Served
from services.evaluation.domain.visits import VISIT, stream_of
from services.evaluation.projections import legal_day
from services.evaluation.service import MATTER, OFFICE, Evaluation, office_of
from shared.asking import asked_by_event
from shared.effects import new_id
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React

type Steps = Sequence[Step[Any, Any, Any, Any]]


def reactions(service: Evaluation) -> dict[str, React]:
    """Speaker to reaction."""

    async def on_supervision(heard: Heard) -> Steps:
        """Whatever may have been the last thing missing (YO-73, X-10)."""
        event = await _kept(service, heard)
        match event:
            case VisitMade(visit=visit, agent=agent):
                return await _invite_visit(service, heard, visit, agent)
            case ItemClosed() | OriginalsReturned() | FeePaid() | IssueResolved():
                return await _invite(service, heard)
        return []

    async def on_intake(heard: Heard) -> Steps:
        """Who may be served, who wants to be, and how they heard of it (YO-76)."""
        event = await _kept(service, heard)
        await _interest(service, heard, event)
        match event:
            case ConsultationAnswered(consultation=consultation, answered_by=body):
                who = heard.about.actor
                return await _invite_visit(service, heard, consultation, who, body)
            case HotlineOrderReceived(about_staff=True, order=order) as said:
                await service.queries.heard_order(heard.about, order)
                return [await _complain(service, heard, said)]
            case HotlineOrderAnswered():
                day = legal_day(heard.about.effective)
                await service.queries.heard_answer(heard.about, day)
        return []

    return {"supervision": on_supervision, "intake": on_intake}


async def _kept(service: Evaluation, heard: Heard) -> Event | None:
    """The event, of which is kept what it says of the course of a matter (AS-105)."""
    event = _event(heard)
    if event is not None:
        await service.courses.keep(heard, event, legal_day(heard.about.effective))
    return event


async def _interest(service: Evaluation, heard: Heard, event: Event | None) -> None:
    day, note = legal_day(heard.about.effective), service.queries.heard_interest
    match event:
        case EligibilityAssessed(result=result):
            await note(heard.about, day, result=result)
        case ModeChosen(mode=mode):
            await note(heard.about, day, mode=mode)
        case ServiceRequested(learned_through=medium):
            await note(heard.about, day, medium=medium)


def _event(heard: Heard) -> Event | None:
    return event_of(heard.type, heard.fact)


async def _invite(service: Evaluation, heard: Heard) -> Steps:
    """Once the service is over and somebody has served."""
    id, pack = heard.about.matter, heard.about.pack
    if id is None or pack is None:
        return []
    _, state = await service.floor.handling.state_of(MATTER, id)
    if state.invitations or not await service.complete(id):
        return []
    served = await service.served(id)
    if served is None:
        return []
    now, rules = service.floor.clock(), service.floor.packs.edition(pack)
    asked = asked_by_event(service.name, heard, now, matter=id)
    facts = service.facts(
        rules,
        asked.origin,
        asked.act.actor,
        now,
        served=served,
        complete=True,
        tokens=service.tokens(rules),
    )
    return [Step(asked, MATTER, id, InviteRating(), facts)]


async def _invite_visit(
    service: Evaluation, heard: Heard, visit: UUID, agent: str, body: str | None = None
) -> Steps:
    """One visit, one rating: offered in a stream of its own, beside the matter's (一次一评)."""
    stream, about = stream_of(visit), heard.about
    if not agent.startswith("p:"):
        return []
    _, state = await service.floor.handling.state_of(MATTER, stream)
    if state.invitations:
        return []
    rules = (
        service.floor.packs.edition(about.pack)
        if about.pack
        else service.floor.packs.for_area(about.area)
    )
    if body is None and about.matter is not None:
        served = await service.served(about.matter)
        body = served.body if served else None
    now = service.floor.clock()
    asked = asked_by_event(
        service.name, heard, now, matter=None, project=None, pack=rules.edition
    )
    facts = service.facts(
        rules,
        asked.origin,
        asked.act.actor,
        now,
        served=Served(agent, body or "unknown", (agent,)),
        tokens={VISIT: new_id()},
    )
    command = InviteVisitRating(visit=visit, concerns=about.matter)
    return [Step(asked, MATTER, stream, command, facts)]


async def _complain(
    service: Evaluation, heard: Heard, said: HotlineOrderReceived
) -> Step[Any, Any, Any, Any]:
    """An order of the line about our own staff is a complaint; its words stay with intake."""
    area, now = heard.about.area, service.floor.clock()
    rules = service.floor.packs.for_area(area)
    asked = asked_by_event(service.name, heard, now, pack=rules.edition)
    command = ReceiveAreaComplaint(
        area=area,
        kind="conduct",
        against=said.concerns,
        order=said.order,
        words=Personal(f"12345 {said.order}"),
    )
    facts = await service.office_facts(command, rules, asked.origin, asked.act.actor, now)
    facts = replace(facts, due_on=said.due_on)
    return Step(asked, OFFICE, office_of(area), command, facts)
