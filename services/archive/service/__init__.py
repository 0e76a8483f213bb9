"""What must be looked up before a decision about a file?"""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from contracts.archive import EVENTS, FileChecked, Lack
from contracts.pack import Pack
from contracts.vocabulary import Reliance
from services.archive.domain import DECIDER
from services.archive.domain.commands import (
    AttachPaper,
    CheckFile,
    CloseFile,
    Facts,
    FileDocument,
    HandOverFile,
)
from services.archive.domain.completeness import lacking
from services.archive.domain.decide import RULE, STRENGTH
from services.archive.domain.discretion import kept_from, without_ratings
from services.archive.domain.file import LEGAL_ZONE, Filed
from services.archive.domain.fourfold import Check
from services.archive.domain.matter import Matter
from services.archive.domain.protecting import (
    ApproveProtection,
    ProposeProtection,
    RejectProtection,
)
from services.archive.domain.replay import Replayed, file_of
from services.archive.domain.rights import RIGHTS
from services.archive.domain.state import File
from services.archive.domain.verify import Stores, places_of
from services.archive.queries import Queries
from services.archive.service.beginnings import Beginnings
from services.archive.service.documents import Documents
from services.archive.service.dossier import Assembly
from services.archive.service.enclosing import Enclosing
from services.archive.service.following import Following
from services.archive.service.histories import Histories
from services.archive.service.memory import Memory
from services.archive.service.protecting import REGISTERS, Protecting, area_of
from services.archive.service.sealing import Seals
from services.archive.service.stories import Stories
from services.archive.service.testing import reported, tested
from shared.asking import By, Command, asked, permit
from shared.decider import Refused
from shared.envelope import Heard, heard, message_of
from shared.eventstore.identity import derived
from shared.eventstore.reading import read_personal
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.packs import Rules
from shared.problems import Problem
from shared.relay import said_after
from shared.rights import Principal, Standing, can
from shared.runtime import Floor

SPEAKERS = ("intake", "assignment", "supervision", "evaluation")
PATIENCE = 2.0
"""Seconds that a decision waits until archive has heard what was said before it was asked."""

PROTECTING = (ProposeProtection, ApproveProtection, RejectProtection)
"""What is asked about personal data, of a matter or of one person in a register."""

FILE = Aggregate("file", DECIDER, Vocabulary(EVENTS))


class Archive:
    """归档: files what it hears, and checks and closes files."""

    name = "archive"

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.queries = Queries(floor.log)
        self.memory = Memory(self.queries)
        self.documents = Documents(floor)
        self.histories = Histories(self.memory)
        self.beginnings = Beginnings(self.queries, floor.settings.deployment_key())
        self.stories = Stories()
        self.dossiers = Assembly(
            self.queries, floor.peers, SPEAKERS, floor.packs, Seals(self.queries),
            Enclosing(floor, self.documents), second=floor.settings.second_tree is not None,
        )  # fmt: skip
        self.protecting = Protecting(floor, self.queries, self.documents)
        self.following = Following(floor, self.queries, self.protecting, FILE)

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

    def lacks_of(self, replayed: Replayed, rules: Rules) -> tuple[Lack, ...]:
        """What stands in the way of closing under these rules."""
        return lacking(replayed.file, replayed.matter, rules.pack.archive)

    async def told_of(self, file: UUID, actor: str, purpose: str) -> dict[UUID, dict[str, Any]]:
        """The personal fields of archive's own events of a file; that they were read is kept."""
        return await read_personal(
            self.floor.log, self.floor.keeper, file, actor=actor, purpose=purpose
        )

    async def told(self, file: UUID, actor: str, purpose: str, event: UUID) -> dict[str, Any]:
        """The personal fields of one event."""
        found = await read_personal(
            self.floor.log,
            self.floor.keeper,
            file,
            actor=actor,
            purpose=purpose,
            only=frozenset({event}),
        )
        return found.get(event, {})

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

    async def _messages(self, store: str, after: int, limit: int) -> list[Heard]:
        if store == self.name:
            said = await said_after(self.floor.log.pool, after, limit)
            return [heard(message_of(store, one)[1]) for one in said]
        return [heard(m) for m in await self.floor.peers.refill(store, after, limit)]

    async def do(self, command: Command, stream: UUID, by: By) -> Done:
        """Decide `command` about the file of the matter `stream`."""
        version, file = await self.floor.handling.state_of(FILE, stream)
        if version and stream in REGISTERS.values() and isinstance(command, PROTECTING):
            return await self._in_register(command, stream, by, file)
        if version == 0 or file.number is None:
            raise Problem("not_found")
        filed, matter = await self.memory.of(stream)
        standing = standing_of(matter)
        permit(RIGHTS, by, type(command).__name__, standing)
        facts = await self._facts(command, stream, by, standing)
        unseen = sealed_entries(filed, by.principal)
        expected = None if by.expected is None else by.expected + unseen
        circumstances = asked(
            command,
            by,
            area=standing.area,
            matter=stream,
            project=matter.project,
            pack=matter.pack,
            opened=matter.opened_on,
        )
        done = await self.floor.handling.handle(
            Step(circumstances, FILE, stream, command, facts, expected=expected)
        )
        if isinstance(command, ApproveProtection):
            await self.protecting.carry_out()
        return replace(done, version=done.version - unseen)

    async def _in_register(self, command: Command, stream: UUID, by: By, file: File) -> Done:
        """Decide about one person of a roster or register; raises `Problem` for anybody else."""
        decision = getattr(command, "decision", None)
        known = file.protections.get(decision) if decision else None
        person = known.person if known else getattr(command, "person", None)
        filed, _ = await self.memory.of(stream)
        standing = Standing(area_of(filed, person))
        if not standing.area:
            raise Problem("not_found", remedy="请写明 person / name a person of the register")
        permit(RIGHTS, by, type(command).__name__, standing)
        facts = await self._facts(command, stream, by, standing)
        circumstances = asked(command, by, area=standing.area)
        done = await self.floor.handling.handle(
            Step(circumstances, FILE, stream, command, facts, expected=by.expected)
        )
        if isinstance(command, ApproveProtection):
            await self.protecting.carry_out()
        return done

    async def _facts(self, command: Command, stream: UUID, by: By, standing: Standing) -> Facts:
        match command:
            case CheckFile():
                return (await self._facts_of_check(stream, by, standing))[0]
            case CloseFile():
                return await self._facts_of_closing(stream, by, standing)
            case ProposeProtection() | ApproveProtection() | RejectProtection():
                actor = by.principal.id
                _, file = await self.floor.handling.state_of(FILE, stream)
                filed, _ = await self.memory.of(stream)
                looked = await self.protecting.looked(command, file, filed, actor, by.origin)
                return Facts(actor=actor, protection=looked)
            case FileDocument(upload=UUID() as upload):
                if command.scan is not None:
                    raise Refused(
                        "upload_or_scan",
                        remedy="类型由上传时声明 / an upload says itself what it is",
                    )
                kept = await self.documents.kept(upload, stream)
                return Facts(actor=by.principal.id, document=upload, kept=kept)
            case AttachPaper(upload=upload) | HandOverFile(upload=UUID() as upload):
                kept = await self.documents.kept(upload, stream)
                return Facts(actor=by.principal.id, document=upload, kept=kept)
            case FileDocument():
                return Facts(actor=by.principal.id, document=derived(by.origin, "document"))
        return Facts(actor=by.principal.id)

    async def _facts_of_closing(self, stream: UUID, by: By, standing: Standing) -> Facts:
        """As for a check; what is ready to close is put to the test of four properties first."""
        facts, filed = await self._facts_of_check(stream, by, standing)
        file = file_of(filed)
        assert facts.matter is not None
        assert facts.rules is not None
        ready = file.condition == "open" and file.checked is not None and file.checked.complete
        lacks = lacking(file, facts.matter, facts.rules)
        if not (ready and self.documents.there) or lacks or facts.unsound:
            return facts
        checks = await self.test(filed, file, lacks)
        rules = self.rules_of(facts.matter)
        assert rules is not None
        report = await reported(
            self.documents, checks, filed, file.number or "", rules.pack.jurisdiction.zh,
            by.now.astimezone(LEGAL_ZONE).date(), by.origin, self.floor.settings.fonts,
        )  # fmt: skip
        return replace(facts, report=report)

    async def test(
        self, filed: Filed, file: File, lacks: tuple[Lack, ...]
    ) -> tuple[Check, ...]:
        """The test of four properties, made now (四性检测)."""
        waiting = len(await self.queries.waiting(filed.matter))
        stores = await self.bodies_of(filed)
        return await tested(self.documents, filed, file, lacks, stores, waiting)

    async def _facts_of_check(
        self, stream: UUID, by: By, standing: Standing
    ) -> tuple[Facts, Filed]:
        """X-10 is decided on what archive has heard, up to the positions it then relies on."""
        heard = await self._heard_everything()
        if await self.queries.waiting(stream):
            raise Problem("behind")
        filed, matter = await self.memory.of(stream)
        _, file = await self.floor.handling.state_of(FILE, stream)
        if matter.pack is None:
            raise Refused("pack_edition_unknown", edition=None)
        pack = self.floor.packs.edition(matter.pack).pack
        looked = await self.documents.look_at(file, stream, inside=False)
        facts = Facts(
            actor=by.principal.id,
            matter=matter,
            rules=pack.archive,
            relied_on=tuple(Reliance(store=s, position=p) for s, p in heard.items()),  # type: ignore[arg-type]
            defaults=defaults_in(pack, RULE, STRENGTH),
            may_waive=can(RIGHTS, by.principal, "WaiveContent", standing, by.now).allowed,
            check=last_check(filed),
            unsound=tuple(one.document for one in looked if one.soundness != "sound"),
        )
        return facts, filed

    async def _heard_everything(self) -> dict[str, int]:
        """How far each store was heard: at least what it had said when this was asked.

        Raises `Problem("unavailable")` when a store does not answer and `Problem("behind")` when
        it is not heard in time: a file is never closed on an old picture.
        """
        asked = (self.floor.peers.get(s, "/log/position") for s in SPEAKERS)
        said = dict(zip(SPEAKERS, await asyncio.gather(*asked), strict=True))
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    heard = await self.queries.heard_up_to(SPEAKERS)
                    if all(heard[s] >= (said[s] or {"position": 0})["position"] for s in heard):
                        return heard
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Problem("behind") from None


def sealed_entries(filed: Filed, who: Principal) -> int:
    """How many entries of a file somebody does not read: its version is counted without them."""
    if not kept_from(who.id, who.roles, filed):
        return 0
    return len(filed.entries) - len(without_ratings(filed).entries)


def standing_of(matter: Matter) -> Standing:
    """Who belongs to the matter; each account of the unit is the unit."""
    return Standing(matter.area or "", frozenset(matter.unit), matter.agents, matter.bodies)


def last_check(filed: Filed) -> UUID | None:
    """The id of the last FileChecked."""
    for entry in reversed(filed.entries):
        if entry.copy is None:
            about, event = entry.own.told()
            if isinstance(event, FileChecked):
                return about.id
    return None


def defaults_in(pack: Pack, *branches: str) -> tuple[str, ...]:
    """The branches of the pack that hold a default of ours (默认值)."""
    paths = [default.path for default in pack.defaults()]
    return tuple(b for b in branches if any(p == b or p.startswith(f"{b}.") for p in paths))
