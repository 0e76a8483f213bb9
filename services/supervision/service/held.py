"""How is a message settled that was held back: sent again, or let be (消息处置)?"""

from typing import Any
from uuid import UUID

from services.supervision import queries
from services.supervision.domain import commands
from services.supervision.domain.facts import OfficeFacts
from services.supervision.domain.rights import RIGHTS
from services.supervision.service.lookup import Lookup
from services.supervision.service.streams import MATTER, OFFICE, day_of, legal_day, office_of
from shared.asking import By, asked, permit
from shared.decider import Refused
from shared.handling import Done, Step
from shared.problems import Problem
from shared.rights import Standing

HELD = ("parked", "unreached", "expired")


class MessageDesk:
    """Looks up what became of a message, and puts a person's word about it on record."""

    def __init__(self, look: Lookup) -> None:
        self._look, self._floor = look, look.floor

    async def settle(
        self, command: commands.ReleaseMessage | commands.SkipMessage, message: UUID, by: By
    ) -> Done:
        """On the matter's stream, or the office's for what concerns no matter."""
        row = await queries.message(self._floor.log.pool, message, command.to)
        if row is None:
            raise Problem("not_found")
        permit(RIGHTS, by, type(command).__name__, Standing(row["area"]))
        settle = commands.SettleMessage.model_validate(
            {
                **dict(command),
                "message": message,
                "release": isinstance(command, commands.ReleaseMessage),
            }
        )
        wished = "waiting" if settle.release else "skipped"
        if row["state"] not in HELD and row["state"] != wished:
            raise Refused(
                "message_not_held",
                state=row["state"],
                held=list(HELD),
                remedy="该消息未滞留，无需处置。 / It is not held back: nothing is to be settled.",
            )
        return await self._floor.handling.handle(await self._step(settle, row, by))

    async def _step(
        self, settle: commands.SettleMessage, row: dict[str, Any], by: By
    ) -> Step[Any, Any, Any, Any]:
        if row["matter"] is None:
            rules = self._floor.packs.for_area(row["area"])
            today = legal_day(by.now)
            facts = OfficeFacts(today, day_of(settle, by.now), rules.pack, rules.calendar)
            about = asked(settle, by, area=row["area"], pack=rules.edition)
            return Step(about, OFFICE, office_of(row["area"]), settle, facts)
        engagement, team, _ = await self._look.standing_of(row["matter"])
        rules = self._look.rules_for(engagement.area, engagement.pack)
        known = self._look.facts(
            rules, by.now, command=settle, engagement=engagement, team=team
        )
        about = asked(
            settle,
            by,
            area=engagement.area,
            opened=engagement.opened_on,
            matter=row["matter"],
            project=engagement.project,
            pack=engagement.pack,
        )
        return Step(about, MATTER, row["matter"], settle, known)
