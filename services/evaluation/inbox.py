"""What does evaluation hear, and what does it do about it?"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from contracts.event import Personal
from contracts.intake import (
    EligibilityAssessed,
    HotlineOrderAnswered,
    HotlineOrderReceived,
    ModeChosen,
    ServiceRequested,
)
from contracts.registry import BY_TYPE
from contracts.supervision import FeePaid, IssueResolved, ItemClosed, OriginalsReturned
from services.evaluation.domain.commands import InviteRating, ReceiveAreaComplaint
from services.evaluation.projections import legal_day
from services.evaluation.service import MATTER, OFFICE, Evaluation, office_of
from shared.asking import asked_by_event
from shared.envelope import Heard
from shared.handling import Step
from shared.hearing import React

type Steps = Sequence[Step[Any, Any, Any, Any]]


def reactions(service: Evaluation) -> dict[str, React]:
    """Speaker to reaction."""

    async def on_supervision(heard: Heard) -> Steps:
        """Whatever may have been the last thing missing (YO-73, X-10)."""
        match _event(heard):
            case ItemClosed() | OriginalsReturned() | FeePaid() | IssueResolved():
                return await _invite(service, heard)
        return []

    async def on_intake(heard: Heard) -> Steps:
        """Who may be served, who wants to be, and how they heard of it (YO-76)."""
        day = legal_day(heard.about.effective)
        note = service.queries.heard_interest
        match _event(heard):
            case EligibilityAssessed(result=result):
                await note(heard.about, day, result=result)
            case ModeChosen(mode=mode):
                await note(heard.about, day, mode=mode)
            case ServiceRequested(learned_through=medium):
                await note(heard.about, day, medium=medium)
            case HotlineOrderReceived(about_staff=True, order=order) as said:
                await service.queries.heard_order(heard.about, order)
                return [await _complain(service, heard, said)]
            case HotlineOrderAnswered():
                await service.queries.heard_answer(heard.about, day)
        return []

    return {"supervision": on_supervision, "intake": on_intake}


def _event(heard: Heard) -> object:
    known = BY_TYPE.get(heard.type)
    return known.model_validate(heard.fact) if known else None


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
