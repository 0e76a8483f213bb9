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
    despite: bool = False,
) -> dict[UUID, dict[str, Any]]:
    """Event id -> field -> value for the personal fields of `stream` that still exist.

    The audit row is committed in a transaction of its own before anything is read (HS-17, X-13):
    a reader who rolls back has shown nothing, and one who read is on record. `only` opens no
    more than these events. What was corrected says what it says now; what is restricted (限制处理)
    is left out like what was erased, unless `despite` that, which the audited route alone asks.
    """
    by_event: dict[UUID, list[Disclosure]] = defaultdict(list)
    for event, sealed in await _noted(log, stream, actor, purpose):
        if only is None or event in only:
            by_event[event].append(sealed)
    known: Ciphers = {}
    found = {
        event: await keeper.unseal(sealed, known, despite=despite)
        for event, sealed in by_event.items()
    }
    if found:
        for event, said in (await keeper.corrected(found, known, despite=despite)).items():
            found[event] |= said
    return found


async def read_provable(
    log: Log,
    keeper: Keeper,
    stream: UUID,
    *,
    actor: str,
    purpose: str,
    subjects: frozenset[str],
) -> dict[str, str]:
    """Digest -> disclosure with its salt, of the people that `subjects` names alone.

    Whoever is given one can show what stands behind a digest of an event. On record like any
    other read, before anything is opened.
    """
    rows = await _noted(log, stream, actor, purpose)
    wanted = [s for _, s in rows if s.subject.partition("/")[0] in subjects]
    return await keeper.texts(wanted)


async def _noted(
    log: Log, stream: UUID, actor: str, purpose: str
) -> list[tuple[UUID, Disclosure]]:
    read = new_id()
    await log.pool.execute("SELECT begin_read_v1($1, $2, $3, $4)", read, actor, purpose, stream)
    rows = await log.pool.fetch("SELECT * FROM read_disclosures_v1($1)", read)
    return [
        (r["event"], Disclosure(r["digest"], r["subject"], r["data_key"], r["ciphertext"]))
        for r in rows
    ]
