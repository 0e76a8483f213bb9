"""What falls due at intake without anyone asking?"""

from datetime import datetime

from services.intake.domain.commands import EndCommission
from services.intake.domain.place import ActivatePack, PlaceFloor, RegisterPack
from services.intake.queries import over
from services.intake.service import Intake
from services.intake.service.lookup import legal_today
from services.intake.service.streams import MATTER, PLACE, place_stream
from shared.asking import asked_by_agenda
from shared.eventstore.identity import derived
from shared.handling import Step


class Agenda:
    """Packs are registered when they are loaded (YO-01, YO-02); commissions end in time (X-03)."""

    def __init__(self, service: Intake) -> None:
        self._service = service

    async def due(self, now: datetime) -> None:
        """Do what is due now; asked again, it finds nothing."""
        areas = {rules.pack.jurisdiction.code for rules in self._service.floor.packs.all()}
        for area in sorted(areas):
            await self._packs(area, now)
        await self._commissions(now)

    async def _packs(self, area: str, now: datetime) -> None:
        """Register what is loaded and not known, and activate what is in force."""
        service, stream = self._service, place_stream(area)
        handling, loaded = service.floor.handling, service.look.loaded(area)
        current = service.floor.packs.for_area(area).edition
        _, place = await handling.state_of(PLACE, stream, fresh=False)
        if place.active == current and set(loaded) <= set(place.registered):
            return
        version, place = await handling.state_of(PLACE, stream)
        commands: list[RegisterPack | ActivatePack] = [
            RegisterPack(edition=edition)
            for edition in loaded
            if edition not in place.registered
        ]
        if place.active != current:
            commands.append(ActivatePack(edition=current, begins_on=legal_today(now)))
        for command in commands:
            threshold = f"{area}/{type(command).__name__}/{command.edition}/{version}"
            about = asked_by_agenda(
                service.name, threshold, now, area=area, pack=command.edition
            )
            floor = PlaceFloor(loaded, derived(about.origin, "id/0"))
            await handling.handle(Step(about, PLACE, stream, command, floor))

    async def _commissions(self, now: datetime) -> None:
        """End each commission whose last day is past, once."""
        service, today = self._service, legal_today(now)
        for row in await over(service.floor.log.pool, today):
            case = await service.look.case_of(row["matter"])
            if case is None or case.state.commission is None:
                continue
            if case.state.commission.id != row["commission"]:
                continue
            threshold = f"{case.id}/commission/{row['commission']}/period_over"
            about = asked_by_agenda(
                service.name, threshold, now, area=row["area"], matter=case.id,
                project=case.opening.project, pack=case.rules.edition,
            )  # fmt: skip
            facts = service.look.facts(case, today, derived(about.origin, "id/0"))
            command = EndCommission(cause="period_over", ended_by="rule")
            await service.floor.handling.handle(Step(about, MATTER, case.id, command, facts))
