"""What must be looked up before a decision about a file?"""

import asyncio
from datetime import datetime
from uuid import UUID

from contracts.archive import EVENTS, FileChecked
from contracts.event import About
from contracts.pack import Pack
from contracts.vocabulary import Reliance
from services.archive.domain import DECIDER
from services.archive.domain.commands import (
    CheckFile,
    CloseFile,
    Facts,
    FileDocument,
)
from services.archive.domain.completeness import lacking
from services.archive.domain.decide import RULE, STRENGTH
from services.archive.domain.dossier import Dossier
from services.archive.domain.file import Filed, facts_in
from services.archive.domain.matter import Matter
from services.archive.domain.replay import Replayed
from services.archive.domain.rights import RIGHTS
from services.archive.domain.telling import fold
from services.archive.domain.verify import Stores, places_of
from services.archive.queries import Queries
from services.archive.service.dossier import Assembly
from shared.asking import By, Command, asked, permit
from shared.decider import Refused
from shared.envelope import Heard, heard, message_of
from shared.eventstore.identity import derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.relay import said_after
from shared.rights import Standing, can
from shared.runtime import Floor

SPEAKERS = ("intake", "assignment", "supervision", "evaluation")
PATIENCE = 2.0
"""Seconds that a decision waits until archive has heard what was said before it was asked."""

FILE = Aggregate("file", DECIDER, Vocabulary(EVENTS))


class Archive:
    """归档: files what it hears, and checks and closes files."""

    name = "archive"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.queries = Queries(floor.log)

    def now(self) -> datetime:
        return self.floor.clock()

    async def reached(self, position: int) -> bool:
        """Whether the lists have reached `position` of archive's log."""
        return await self.floor.views.reached(position)

    def rules_of(self, matter: Matter) -> Rules | None:
        """The rules the matter follows, None when this deployment does not carry them."""
        try:
            return self.floor.packs.edition(matter.pack or "")
        except Refused:
            return None

    def lacking(self, replayed: Replayed) -> list[dict[str, str]] | None:
        """What stands in the way of closing; None when the matter's rules are not carried."""
        rules = self.rules_of(replayed.matter)
        if rules is None:
            return None
        lacks = lacking(replayed.file, replayed.matter, rules.pack.archive)
        return [lack.model_dump() for lack in lacks]

    async def bodies_of(self, filed: Filed) -> Stores | None:
        """The bytes that the stores themselves hold of what is in `filed`.

        None when a store does not answer: then there is nothing to compare with.
        """
        found: dict[tuple[str, int], bytes] = {}
        try:
            for store, first, last in places_of(filed):
                after = first - 1
                while after < last:
                    page = await self._messages(store, after, min(500, last - after))
                    if not page:
                        break
                    found |= {(store, h.position): h.body for h in page}
                    after = page[-1].position
        except Problem:
            return None
        return found

    async def dossier(self, id: UUID, matter: Matter) -> Dossier:
        """The dossier of a matter; raises `Problem("behind")` while something is not signed."""
        assembly = Assembly(self.queries, self.floor.peers, SPEAKERS)
        return await assembly.of(id, matter.project, matter.number or "")

    async def _messages(self, store: str, after: int, limit: int) -> list[Heard]:
        if store == self.name:
            said = await said_after(self.floor.log.pool, after, limit)
            return [heard(message_of(store, one)[1]) for one in said]
        return [heard(m) for m in await self.floor.peers.refill(store, after, limit)]

    async def do(self, command: Command, stream: UUID, by: By) -> Done:
        """Decide `command` about the file of the matter `stream`."""
        version, file = await self.floor.handling.state_of(FILE, stream)
        if version == 0 or file.number is None:
            raise Problem("not_found")
        matter = fold(facts_in(await self.queries.filed(stream)))
        standing = standing_of(matter)
        permit(RIGHTS, by, type(command).__name__, standing)
        facts = await self._facts(command, stream, by, standing)
        circumstances = asked(
            command,
            by,
            area=standing.area,
            matter=stream,
            project=matter.project,
            pack=matter.pack,
            opened=matter.opened_on,
        )
        return await self.floor.handling.handle(
            Step(circumstances, FILE, stream, command, facts, expected=by.expected)
        )

    async def _facts(self, command: Command, stream: UUID, by: By, standing: Standing) -> Facts:
        match command:
            case CheckFile() | CloseFile():
                return await self._facts_of_check(stream, by, standing)
            case FileDocument():
                return Facts(actor=by.principal.id, document=derived(by.origin, "document"))
        return Facts(actor=by.principal.id)

    async def _facts_of_check(self, stream: UUID, by: By, standing: Standing) -> Facts:
        """X-10 is decided on what archive has heard, up to the positions it then relies on."""
        heard = await self._heard_everything()
        if await self.queries.waiting(stream):
            raise Problem("behind")
        filed = await self.queries.filed(stream)
        matter = fold(facts_in(filed))
        if matter.pack is None:
            raise Refused("pack_edition_unknown", edition=None)
        pack = self.floor.packs.edition(matter.pack).pack
        return Facts(
            actor=by.principal.id,
            matter=matter,
            rules=pack.archive,
            relied_on=tuple(Reliance(store=s, position=p) for s, p in heard.items()),  # type: ignore[arg-type]
            defaults=defaults_in(pack, RULE, STRENGTH),
            may_waive=can(RIGHTS, by.principal, "WaiveContent", standing, by.now).allowed,
            check=last_check(filed),
        )

    async def _heard_everything(self) -> dict[str, int]:
        """How far each store was heard: at least what it had said when this was asked.

        Raises `Problem("unavailable")` when a store does not answer and `Problem("behind")` when
        it is not heard in time: a file is never closed on an old picture.
        """
        said = {s: await self.floor.peers.get(s, "/log/position") for s in SPEAKERS}
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    heard = await self.queries.heard_up_to(SPEAKERS)
                    if all(heard[s] >= (said[s] or {"position": 0})["position"] for s in heard):
                        return heard
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Problem("behind") from None


def standing_of(matter: Matter) -> Standing:
    """Who belongs to the matter; each account of the unit is the unit."""
    return Standing(matter.area or "", frozenset(matter.unit), matter.agents, matter.bodies)


def last_check(filed: Filed) -> UUID | None:
    """The id of the last FileChecked."""
    checks: list[About] = []
    for entry in filed.entries:
        about, event = entry.own.told()
        if isinstance(event, FileChecked):
            checks.append(about)
    return checks[-1].id if checks else None


def defaults_in(pack: Pack, *branches: str) -> tuple[str, ...]:
    """The branches of the pack that hold a default of ours (默认值)."""
    paths = [default.path for default in pack.defaults()]
    return tuple(b for b in branches if any(p == b or p.startswith(f"{b}.") for p in paths))
