"""What must supervision look up before it decides?"""

from typing import Any
from uuid import UUID

from services.supervision.domain import commands
from services.supervision.domain.facts import Engagement, Facts
from services.supervision.domain.rights import RIGHTS
from services.supervision.service.held import MessageDesk
from services.supervision.service.lookup import Lookup
from services.supervision.service.office import OfficeDesk
from services.supervision.service.runs import Runs
from services.supervision.service.states import StateDesk
from services.supervision.service.streams import MATTER, OFFICE, legal_day, office_of
from shared.asking import By, Command, asked, permit
from shared.eventstore.identity import derived
from shared.handling import Done, Step
from shared.problems import Problem
from shared.runtime import Floor

__all__ = ["MATTER", "OFFICE", "Supervision", "legal_day", "office_of"]

FOR_THE_UNIT = (
    commands.SubmitItem,
    commands.SubmitReady,
    commands.WithdrawItem,
    commands.SupplyCorrection,
    commands.CollectResult,
    commands.SendResult,
    commands.DeliverResult,
    commands.ReturnOriginals,
)
"""Acts done in the unit's name, under its commission."""

PROOFS = frozenset({"item_refused", "item_decided", "result_delivered", "originals_returned"})
"""Events that show that an item is done (销号依据)."""


class Supervision:
    """The one way in, whoever knocks."""

    name = "supervision"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.look = Lookup(floor)
        self._desk = OfficeDesk(self.look)
        self._held = MessageDesk(self.look)
        self.states = StateDesk(self.look)
        self.runs = Runs(floor)

    async def do(self, command: Any, stream: UUID, by: By) -> Done:
        """Decide `command` for the matter `stream`, or for an area's office."""
        match command:
            case commands.FileReturn() | commands.RecordInspection() | commands.CallForReturn():
                return await self._desk.file(command, stream, by)
            case commands.DispatchIssueList():
                return await self._desk.dispatch(command, stream, by)
            case commands.ReleaseMessage() | commands.SkipMessage():
                return await self._held.settle(command, stream, by)
        return await self._matter(command, stream, by)

    async def _matter(self, command: Command, stream: UUID, by: By) -> Done:
        version, _ = await self.floor.handling.state_of(MATTER, stream)
        if version == 0:
            raise Problem("not_found")
        engagement, team, standing = await self.look.standing_of(stream)
        permit(RIGHTS, by, type(command).__name__, standing)
        facts = self.look.facts(
            self.look.rules_for(engagement.area, engagement.pack),
            by.now,
            command=command,
            engagement=engagement,
            actor=by.principal.id,
            roles=by.principal.roles,
            bodies=by.principal.bodies,
            new=derived(by.origin, "new"),
            team=team,
            evidence=await self._evidence(command, stream, engagement),
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

    async def _evidence(
        self, command: Command, stream: UUID, known: Engagement
    ) -> tuple[UUID, ...]:
        """The ids of the facts that show that an item is done (YO-25)."""
        if not isinstance(command, commands.CloseItem):
            return ()
        rules = self.look.rules_for(known.area, known.pack)
        needed = {i.id: i.materials for i in rules.catalogue.items}.get(command.item, ())
        pieces = {str(piece.piece) for piece in known.pieces if piece.material in needed}
        found = []
        for entry in await self.floor.log.history(stream):
            if entry.type.split(".")[1] in PROOFS:
                fact = entry.members()
                named = [fact.get("item"), *fact.get("items", ())]
                if command.item in named or pieces & set(fact.get("pieces", ())):
                    found.append(entry.id)
        return tuple(found)


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
