"""What falls due at intake without anyone asking?"""

from collections.abc import Mapping
from datetime import date, datetime

from contracts.pack import Pack
from services.intake.domain.commands import EndCommission, SettleAgreement
from services.intake.domain.editions import effective_day
from services.intake.domain.place import ActivatePack, Loaded, Place, PlaceFloor, RegisterPack
from services.intake.queries import agreements_due, over
from services.intake.service import Intake
from services.intake.service.evenings import Evenings
from services.intake.service.lookup import legal_today
from services.intake.service.streams import MATTER, PLACE, place_stream
from shared.asking import asked_by_agenda
from shared.eventstore.identity import derived
from shared.handling import Step


class Agenda:
    """Packs are registered when they are loaded (YO-01, YO-02); commissions end in time (X-03)."""

    def __init__(self, service: Intake) -> None:
        self._service = service
        self._drafts = service.floor.settings.allow_draft_packs
        self._evenings = Evenings(service.look, service.first, service.names)

    async def due(self, now: datetime) -> bool:
        """Do what is due now; asked again, it finds nothing."""
        areas = {rules.pack.jurisdiction.code for rules in self._service.floor.packs.all()}
        for area in sorted(areas):
            await self._packs(area, now)
        await self._commissions(now)
        await self._agreements(now)
        await self._evenings.due(now)
        return True

    async def _packs(self, area: str, now: datetime) -> None:
        """Register what is carried and not known; activate what came with the deployment."""
        service, stream = self._service, place_stream(area)
        handling, loaded = service.floor.handling, service.look.loaded(area)
        current, today = service.floor.packs.for_area(area).pack, legal_today(now)
        _, place = await handling.state_of(PLACE, stream, fresh=False)
        if not self._wanted(place, loaded, current, today):
            return
        version, place = await handling.state_of(PLACE, stream)
        for command in self._wanted(place, loaded, current, today):
            threshold = f"{area}/{type(command).__name__}/{command.edition}/{version}"
            about = asked_by_agenda(
                service.name, threshold, now, area=area, pack=command.edition
            )
            floor = PlaceFloor(loaded, derived(about.origin, "id/0"), drafts=self._drafts)
            await handling.handle(Step(about, PLACE, stream, command, floor))

    def _wanted(
        self, place: Place, loaded: Mapping[str, Loaded], current: Pack, today: date
    ) -> list[RegisterPack | ActivatePack]:
        """The edition a deployment came with is activated once; then people decide."""
        commands: list[RegisterPack | ActivatePack] = [
            RegisterPack(edition=edition)
            for edition in loaded
            if edition not in place.registered
        ]
        begins_on = max(today, effective_day(current) or today)
        chosen = place.editions.chosen(begins_on)
        gone = chosen is not None and chosen.edition not in loaded
        usable = current.instrument.status == "in_force" or self._drafts
        if usable and current.instrument.dated(begins_on) == "in_force":
            if gone or not place.editions.was_activated(current.edition):
                commands.append(ActivatePack(edition=current.edition, begins_on=begins_on))
        return commands

    async def _agreements(self, now: datetime) -> None:
        """End each agreement whose term is over, and let due notices take effect (X-03)."""
        service, today = self._service, legal_today(now)
        for row in await agreements_due(service.floor.log.pool, today):
            case = await service.look.case_of(row["matter"])
            if case is None:
                continue
            threshold = f"{case.id}/agreement/{row['agreement']}/{case.version}"
            about = asked_by_agenda(
                service.name, threshold, now, area=row["area"], matter=case.id,
                project=case.opening.project, pack=case.rules.edition,
            )  # fmt: skip
            facts = service.look.facts(case, today, derived(about.origin, "id/0"))
            command = SettleAgreement(agreement=row["agreement"])
            await service.floor.handling.handle(Step(about, MATTER, case.id, command, facts))

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
