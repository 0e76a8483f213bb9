"""When are the heads of the stores sealed, and how is a seal made again to prove from it?"""

from datetime import datetime
from uuid import UUID

from contracts.archive import EVENTS
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
NOWHERE = "000000"
"""The area of what belongs to no place."""

STREAM: UUID = derived(NAMESPACE, "archive/seals")
AGGREGATE = Aggregate("seals", SEALS, Vocabulary(EVENTS))


async def seal_at(queries: Queries, store: str, size: int) -> Seal:
    """The heads of `store` when its log had `size` events, as archive heard them."""
    rows = await queries.heads(store, size)
    return Seal(Head(str(stream), version, leafhash) for stream, version, leafhash in rows)


async def seal(floor: Floor, queries: Queries, store: str, now: datetime) -> bool:
    """Seal what was heard of `store` by now; False when there is nothing new."""
    size = (await queries.heard_up_to([store]))[store]
    _, sealed = await floor.handling.state_of(AGGREGATE, STREAM)
    if size <= sealed.get(store, 0):
        return False
    heads = await seal_at(queries, store, size)
    command = SealHeads(store, size, heads.count, heads.root.hex())  # type: ignore[arg-type]
    asked = asked_by_agenda("archive", f"seal/{store}/{size}", now, area=NOWHERE)
    await floor.handling.handle(Step(asked, AGGREGATE, STREAM, command, None))
    return True
