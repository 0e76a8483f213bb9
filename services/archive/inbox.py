"""What does archive hear, and what does it do about it?"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import structlog

from contracts.intake import ProjectAutoEnrolled, ServiceRequested
from services.archive.domain.commands import NOTHING, FileEntry
from services.archive.domain.completeness import brought_by
from services.archive.domain.file import Leaf, event_of
from services.archive.queries import Waiting
from services.archive.service import FILE, SPEAKERS, Archive
from shared.asking import asked_by_event
from shared.decider import Refused
from shared.envelope import Heard
from shared.eventstore.identity import NAMESPACE, derived, origin_of
from shared.handling import Step
from shared.hearing import React

log = structlog.get_logger()

LONG_WAIT = 5.0
"""Seconds after which archive asks whether the cause it waits for can still come."""

OPENING = (ServiceRequested, ProjectAutoEnrolled)
"""What opens a file: a request, or help that began by itself (YY-18)."""

type Steps = list[Step[Any, Any, Any, Any]]


def reactions(service: Archive) -> Mapping[str, React]:
    """Everything everybody says is kept and filed."""
    filing = Filing(service)

    return dict.fromkeys(SPEAKERS, filing.hear)


class Filing:
    """Puts what is heard on file, in an order in which every effect stands after its cause.

    Within a file each store keeps its own order. Waiting cannot go round in a circle: whatever
    an event waits for was recorded before it.
    """

    def __init__(self, service: Archive) -> None:
        self._service, self._queries = service, service.queries
        self._handling, self._peers = service.floor.handling, service.floor.peers

    async def hear(self, h: Heard) -> Steps:
        """Keep the exact body of what was heard, and file it, or let it wait for its cause."""
        store = h.about.store
        file = h.about.matter or stream_without_matter(store)
        hearers = (hearer for hearer in SPEAKERS if hearer != store)
        origins = [origin_of(hearer, f"s:{store}", "heard", str(h.id)) for hearer in hearers]
        differs, behind = await self._queries.keep(h, file, origins)
        if differs:
            raise Refused("copy_differs", store=store, position=h.position)
        cause = h.origin if h.origin_store in SPEAKERS else None
        if behind or (cause is not None and not await self._is_filed(cause)):
            of = h.origin_store if cause else None
            await self._queries.wait(Waiting(store, h.position, file, cause, of))
            return []
        return await self._steps(h, file)

    async def release(self) -> None:
        """File what waited and whose cause is filed by now; called often, twice is once."""
        progress = True
        while progress:
            progress = False
            blocked: set[tuple[str, UUID]] = set()
            for waiting in await self._queries.waiting():
                place = waiting.store, waiting.file
                if place in blocked or not await self._may_be_filed(waiting):
                    blocked.add(place)
                    continue
                leaf = await self._queries.copy(waiting.store, waiting.position)
                steps = await self._steps(heard_before(leaf), waiting.file)
                if steps:
                    await self._handling.handle(*steps)
                await self._queries.no_longer_waits(waiting)
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
        said = await self._peers.get(waiting.origin_store, "/log/position")
        heard = await self._queries.heard_up_to([waiting.origin_store])
        if said is None or heard[waiting.origin_store] < said["position"]:
            return False
        if await self._queries.origin(waiting.origin) is not None:
            return False
        log.error("cause_unknown", store=waiting.store, position=waiting.position)
        return True

    async def _steps(self, h: Heard, file: UUID) -> Steps:
        _, state = await self._handling.state_of(FILE, file, fresh=False)
        if state.holds(h.about.store, h.position):
            return []
        asked = asked_by_event(self._service.name, h, self._service.floor.clock())
        return [Step(asked, FILE, file, entry_of(h), NOTHING)]

    async def _is_filed(self, origin: UUID) -> bool:
        """Whether the cause is on file; one that archive has not heard yet is not."""
        place = await self._queries.origin(origin)
        if place is None:
            return False
        file = place.matter or stream_without_matter(place.store)
        for fresh in (False, True):
            _, state = await self._handling.state_of(FILE, file, fresh=fresh)
            if state.holds(place.store, place.position):
                return True
        return False


def stream_without_matter(store: str) -> UUID:
    """The stream that collects what `store` says about no matter."""
    return derived(NAMESPACE, f"archive/{store}")


def entry_of(h: Heard) -> FileEntry:
    """What filing `h` says: the request opens the file, and a fact brings its papers."""
    event = event_of(h.type, h.fact)
    if h.about.matter is None:
        event = None  # what belongs to no matter opens no file and brings no paper
    return FileEntry(
        store=h.about.store,  # type: ignore[arg-type]
        position=h.position,
        leafhash=h.leafhash,
        entry_type=h.type,
        number=event.number if isinstance(event, OPENING) else None,
        brings=brought_by(derived(h.id, "document"), h.id, event) if event else (),
    )


def heard_before(leaf: Leaf) -> Heard:
    """What was heard when `leaf` was kept."""
    about, fact = leaf.parts()
    return Heard(
        leaf.position, about.id, about.type, about, fact, leaf.leafhash, leaf.body, None, None
    )
