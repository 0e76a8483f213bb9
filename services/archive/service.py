"""What must be looked up before a decision about a file?"""

import asyncio
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog

from contracts.archive import EVENTS, FileChecked
from contracts.event import About
from contracts.intake import ServiceRequested
from contracts.pack import Pack
from contracts.registry import BY_TYPE
from contracts.vocabulary import Reliance
from services.archive.domain import DECIDER
from services.archive.domain.commands import (
    NOTHING,
    CheckFile,
    CloseFile,
    Facts,
    FileDocument,
    FileEntry,
)
from services.archive.domain.completeness import brought_by
from services.archive.domain.decide import RULE, STRENGTH
from services.archive.domain.file import Filed, Leaf, facts_in, stream_without_matter
from services.archive.domain.matter import Matter, fold
from services.archive.domain.rights import RIGHTS
from services.archive.domain.state import File
from services.archive.domain.verify import Stores, places_of
from services.archive.queries import Queries, Waiting
from shared.asking import By, Command, asked, asked_by_event, permit
from shared.auth import Principal
from shared.decider import Refused
from shared.envelope import Heard, heard, message_of
from shared.eventstore.identity import derived, origin_of
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

LONG_WAIT = 5.0
"""Seconds after which archive asks whether the cause it waits for can still come."""

log = structlog.get_logger()

FILE = Aggregate("file", DECIDER, Vocabulary(EVENTS))


class Archive:
    """归档: files what it hears, and checks and closes files."""

    name = "archive"

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.queries = Queries(floor.log)

    def now(self) -> datetime:
        return self._floor.clock()

    async def reached(self, position: int) -> bool:
        """Whether the lists have reached `position` of archive's log."""
        return await self._floor.views.reached(position)

    def rules_of(self, matter: Matter) -> Rules | None:
        """The rules the matter follows, None when this deployment does not carry them."""
        try:
            return self._floor.packs.edition(matter.pack or "")
        except Refused:
            return None

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
            said = await said_after(self._floor.log.pool, after, limit)
            return [heard(message_of(store, one)[1]) for one in said]
        return [heard(m) for m in await self._floor.peers.refill(store, after, limit)]

    async def do(self, command: Command, stream: UUID, by: By) -> Done:
        """Decide `command` about the file of the matter `stream`."""
        version, file = await self._floor.handling.state_of(FILE, stream)
        if version == 0 or file.number is None:
            raise Problem("not_found")
        matter = fold(facts_in(await self.queries.filed(stream)))
        standing = standing_of(matter, by.principal)
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
        return await self._floor.handling.handle(
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
        pack = self._floor.packs.edition(matter.pack).pack
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
        said = {s: await self._floor.peers.get(s, "/log/position") for s in SPEAKERS}
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    heard = await self.queries.heard_up_to(SPEAKERS)
                    if all(heard[s] >= (said[s] or {"position": 0})["position"] for s in heard):
                        return heard
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise Problem("behind") from None

    async def hear(self, h: Heard, now: datetime) -> list[Step[Any, Any, Any, Any]]:
        """Keep the exact body of what was heard, and file it, or let it wait for its cause."""
        store = h.about.store
        file = h.about.matter or stream_without_matter(store)
        hearers = (hearer for hearer in SPEAKERS if hearer != store)
        origins = [origin_of(hearer, f"s:{store}", "heard", str(h.id)) for hearer in hearers]
        differs, behind = await self.queries.keep(h, file, origins)
        if differs:
            raise Refused("copy_differs", store=store, position=h.position)
        caused = h.origin if h.origin_store in SPEAKERS else None
        if behind or (caused is not None and not await self._is_filed(caused)):
            await self.queries.wait(
                Waiting(store, h.position, file, caused, h.origin_store if caused else None)
            )
            return []
        return await self._filing(h, file, now)

    async def release(self, now: datetime) -> None:
        """File what waited and whose cause is filed by now; called often, twice is once."""
        progress = True
        while progress:
            progress = False
            blocked: set[tuple[str, UUID]] = set()
            for waiting in await self.queries.waiting():
                place = waiting.store, waiting.file
                if place in blocked or not await self._may_be_filed(waiting):
                    blocked.add(place)
                    continue
                leaf = await self.queries.copy(waiting.store, waiting.position)
                steps = await self._filing(heard_before(leaf), waiting.file, now)
                if steps:
                    await self._floor.handling.handle(*steps)
                await self.queries.no_longer_waits(waiting)
                progress = True

    async def _may_be_filed(self, waiting: Waiting) -> bool:
        """Whether its cause is filed, or there is none.

        A cause is recorded before its effect. So when all that the cause's store had said after
        the effect was heard has been heard too, and no origin fits, none ever will: the effect
        is filed where it is heard, and said aloud.
        """
        if waiting.origin is None or await self._is_filed(waiting.origin):
            return True
        if waiting.waited < LONG_WAIT or waiting.origin_store is None:
            return False
        said = await self._floor.peers.get(waiting.origin_store, "/log/position")
        heard = await self.queries.heard_up_to([waiting.origin_store])
        if said is None or heard[waiting.origin_store] < said["position"]:
            return False
        if await self.queries.origin(waiting.origin) is not None:
            return False
        log.error("cause_unknown", store=waiting.store, position=waiting.position)
        return True

    async def _filing(
        self, h: Heard, file: UUID, now: datetime
    ) -> list[Step[Any, Any, Any, Any]]:
        _, state = await self._floor.handling.state_of(FILE, file, fresh=False)
        if state.holds(h.about.store, h.position):  # type: ignore[arg-type]
            return []
        return [Step(asked_by_event(self.name, h, now), FILE, file, entry_of(h), NOTHING)]

    async def _is_filed(self, origin: UUID) -> bool:
        """Whether the cause is on file; one that archive has not heard yet is not."""
        place = await self.queries.origin(origin)
        if place is None:
            return False
        file = place.matter or stream_without_matter(place.store)
        state: File
        for fresh in (False, True):
            _, state = await self._floor.handling.state_of(FILE, file, fresh=fresh)
            if state.holds(place.store, place.position):  # type: ignore[arg-type]
                return True
        return False


def entry_of(h: Heard) -> FileEntry:
    """What filing `h` says: the request opens the file, and a fact brings its papers."""
    known = BY_TYPE.get(h.type)
    event = known.model_validate(h.fact) if known else None
    in_a_matter = event is not None and h.about.matter is not None
    return FileEntry(
        store=h.about.store,  # type: ignore[arg-type]
        position=h.position,
        leafhash=h.leafhash,
        entry_type=h.type,
        number=event.number if isinstance(event, ServiceRequested) and in_a_matter else None,
        brings=brought_by(h.id, event) if event is not None and in_a_matter else (),
    )


def heard_before(leaf: Leaf) -> Heard:
    """What was heard when `leaf` was kept."""
    about, fact = leaf.parts()
    return Heard(
        leaf.position, about.id, about.type, about, fact, leaf.leafhash, leaf.body, None, None
    )


def standing_of(matter: Matter, principal: Principal) -> Standing:
    """Who belongs to the matter; each account of the unit is the unit."""
    own = principal.id if principal.id in matter.unit else matter.applicant
    return Standing(matter.area or "", own, matter.agents, matter.bodies)


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
