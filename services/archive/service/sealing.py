"""When are the heads of the stores sealed, and how is a seal made again to prove from it?"""

import asyncio
from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from contracts.archive import EVENTS
from contracts.subjects import NOWHERE
from services.archive.domain import SEALS
from services.archive.domain.heads import Head, Seal
from services.archive.domain.sealing import SealHeads
from services.archive.queries import Queries
from shared.asking import asked_by_agenda
from shared.eventstore.identity import NAMESPACE, derived
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Step
from shared.runtime import Floor

EVERY = 3_600.0
"""Seconds between two seals of a store that goes on talking."""
OWN = "archive"
KEPT = 6
"""So many seals are kept as they were made again: one of each store, and one to spare."""

STREAM: UUID = derived(NAMESPACE, "archive/seals")
AGGREGATE = Aggregate("seals", SEALS, Vocabulary(EVENTS))


class Seals:
    """Seals made again: a seal never changes, so that one is made once for many dossiers."""

    def __init__(self, queries: Queries) -> None:
        self._queries = queries
        self._kept: OrderedDict[tuple[str, int], Seal] = OrderedDict()

    async def at(self, store: str, size: int) -> Seal:
        """The heads of `store` when its log had `size` events."""
        found = self._kept.get((store, size))
        if found is None:
            found = self._kept[store, size] = await seal_at(self._queries, store, size)
        self._kept.move_to_end((store, size))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return found


async def seal_at(queries: Queries, store: str, size: int) -> Seal:
    """The heads of `store` when its log had `size` events, as archive heard them, or has them."""
    rows = await (queries.own_heads(size) if store == OWN else queries.heads(store, size))
    heads = (Head(str(stream), version, leafhash) for stream, version, leafhash in rows)
    return await asyncio.to_thread(Seal, heads)


async def seal(floor: Floor, queries: Queries, store: str, now: datetime) -> bool:
    """Seal what was heard of `store` by now; False when there is nothing new.

    Archive seals its own log too, whenever something but a seal was added: that nothing of the
    end of a file was left out is then shown of it as of the others.
    """
    if store == OWN:
        size, new = await queries.own_size()
    else:
        size = new = (await queries.heard_up_to([store]))[store]
    _, sealed = await floor.handling.state_of(AGGREGATE, STREAM)
    if new <= sealed.get(store, 0):
        return False
    heads = await seal_at(queries, store, size)
    command = SealHeads(store, size, heads.count, heads.root.hex())  # type: ignore[arg-type]
    asked = asked_by_agenda("archive", f"seal/{store}/{size}", now, area=NOWHERE)
    await floor.handling.handle(Step(asked, AGGREGATE, STREAM, command, None))
    return True
