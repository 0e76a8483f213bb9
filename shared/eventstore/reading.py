"""Reading personal data: first who looks and why is committed, then the data leave."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from shared.effects import new_id
from shared.eventstore.disclosure import Ciphers, Keeper
from shared.eventstore.log import Log
from shared.eventstore.units import Disclosure


async def read_personal(
    log: Log,
    keeper: Keeper,
    stream: UUID,
    *,
    actor: str,
    purpose: str,
    only: frozenset[UUID] | None = None,
) -> dict[UUID, dict[str, Any]]:
    """Event id -> field -> value for the personal fields of `stream` that still exist.

    The audit row is committed in a transaction of its own before anything is read (HS-17, X-13):
    a reader who rolls back has shown nothing, and one who read is on record. `only` opens no
    more than these events.
    """
    read = new_id()
    await log.pool.execute("SELECT begin_read_v1($1, $2, $3, $4)", read, actor, purpose, stream)
    rows = await log.pool.fetch("SELECT * FROM read_disclosures_v1($1)", read)
    by_event: dict[UUID, list[Disclosure]] = defaultdict(list)
    for r in rows:
        if only is None or r["event"] in only:
            by_event[r["event"]].append(
                Disclosure(r["digest"], r["subject"], r["data_key"], r["ciphertext"])
            )
    known: Ciphers = {}
    return {event: await keeper.unseal(sealed, known) for event, sealed in by_event.items()}
