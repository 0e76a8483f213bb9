"""What falls due in evaluation without anyone asking?"""

from contextlib import suppress
from datetime import date, datetime, timedelta

import structlog

from contracts.pack.promising import last_day
from services.evaluation.domain.commands import ComputeAppraisal, InviteAgain
from services.evaluation.domain.quarters import before, bounds, quarter_of
from services.evaluation.domain.terms import sendings
from services.evaluation.queries import Unrated
from services.evaluation.service import MATTER, OFFICE, Evaluation, office_of
from shared.asking import asked_by_agenda
from shared.clock import LEGAL_ZONE
from shared.decider import Refused
from shared.handling import Step
from shared.packs import Rules
from shared.runtime import Agenda

log = structlog.get_logger()


def agenda(service: Evaluation) -> Agenda:
    """Who has not rated is reminded once; a quarter that is over is appraised (YO-50, YO-64).

    Once a day every quarter is looked through: one may have ended while nobody was there.
    """
    whole: dict[str, date] = {}

    async def due(now: datetime) -> bool:
        today = now.astimezone(LEGAL_ZONE).date()
        for rules in service.floor.packs.all():
            await _remind(service, rules, now, today)
            area, last = rules.pack.jurisdiction.code, before(quarter_of(today))
            first, ended = bounds(last)
            since = first if whole.get(area) == today else date.min
            await _appraise(service, rules, now, since, ended)
            whole[area] = today
        return True

    return due


async def _remind(service: Evaluation, rules: Rules, now: datetime, today: date) -> None:
    """The matter's own edition decides how long to wait; an older one may ask for more."""
    area = rules.pack.jurisdiction.code
    most = sendings(rules.pack).value
    for unrated in await service.queries.unrated(area, today - timedelta(days=1), most):
        await _remind_one(service, unrated, now, today)


async def _remind_one(
    service: Evaluation, unrated: Unrated, now: datetime, today: date
) -> None:
    try:
        rules = service.floor.packs.edition(unrated.pack)
    except Refused as error:  # an edition that is no longer carried ends no service
        log.warning("agenda_waits", matter=str(unrated.matter), error=repr(error))
        return
    sent_on = {unrated.instrument: unrated.last_on}
    patience = rules.pack.evaluation.remind_after
    if today < last_day(rules.calendar, unrated.last_on, patience).date:
        return
    asked = asked_by_agenda(
        service.name,
        f"{unrated.matter}/remind/{unrated.instrument}/{unrated.sending + 1}",
        now,
        area=unrated.area,
        matter=unrated.matter,
        project=unrated.project,
        pack=unrated.pack,
    )
    facts = service.facts(rules, asked.origin, asked.act.actor, now, sent_on=sent_on)
    command = InviteAgain(instrument=unrated.instrument)
    with suppress(Refused):  # somebody was quicker than the view
        await service.floor.handling.handle(Step(asked, MATTER, unrated.matter, command, facts))


async def _appraise(
    service: Evaluation, rules: Rules, now: datetime, first: date, last: date
) -> None:
    area = rules.pack.jurisdiction.code
    for quarter, agent in await service.queries.unappraised(area, first, last):
        command = ComputeAppraisal(area=area, quarter=quarter, about_whom="agent", agent=agent)
        asked = asked_by_agenda(
            service.name,
            f"{area}/appraisal/{quarter}/{agent}",
            now,
            area=area,
            pack=rules.edition,
        )
        actor = asked.act.actor
        facts = await service.office_facts(command, rules, asked.origin, actor, now)
        await service.floor.handling.handle(
            Step(asked, OFFICE, office_of(area), command, facts)
        )
