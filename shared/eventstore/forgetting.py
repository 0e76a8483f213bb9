"""How do erased data stay erased: in the keys, in every store, and after a restore?"""

import asyncio
import contextlib
import fcntl
import json
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import structlog
from prometheus_client import Counter

from shared.eventstore.disclosure import Keeper
from shared.eventstore.postgres import Pool, connect, lost

log = structlog.get_logger()

POLL = 2.0
"""Seconds after which a store looks by itself for what was erased."""
BATCH = 1_000
FORGOTTEN = Counter(
    "onefile_forgotten_streams_total", "streams that lost something", ["service"]
)

type Forgotten = Callable[[frozenset[UUID]], Awaitable[None]]
"""Told which streams lost something: what was derived from them is to be made anew."""

_DESTROY = """
    UPDATE data_keys SET wrapped = NULL, destroyed = clock_timestamp()
    WHERE id = ANY ($1) AND destroyed IS NULL
"""
_ERASED_KEYS = """
    INSERT INTO erased (decision, key) SELECT $1, k FROM unnest($2::uuid[]) k
    ON CONFLICT DO NOTHING
"""
_ERASED_DIGESTS = """
    INSERT INTO erased (decision, digest) SELECT $1, d FROM unnest($2::text[]) d
    ON CONFLICT DO NOTHING
"""
_SINCE = "SELECT number, key, digest FROM erased WHERE number > $1 ORDER BY number LIMIT $2"
_RESTRICT = """
    UPDATE data_keys SET restricted = $1
    WHERE id = ANY ($2) AND destroyed IS NULL AND restricted IS DISTINCT FROM $1
"""
_KEYS = """
    SELECT id FROM data_keys
    WHERE stream = ANY ($1) AND destroyed IS NULL
      AND (subject = $2 OR $3 AND starts_with(subject, $2 || '/')) ORDER BY id
"""


class ListNotWritable(Exception):
    """The erasure list cannot be written, so nothing is destroyed; the message says what to do."""


class Erasure(NamedTuple):
    """What one decision destroyed: data keys, and single data of a key that lives on."""

    decision: UUID
    keys: tuple[UUID, ...]
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErasureList:
    """What was erased, in a file outside every database (删除清单): one line each, never shortened.

    An old backup of the databases does not know what was erased after it; this list does. It
    names random key ids and salted digests, nothing of anybody.
    """

    file: Path

    def add(self, erasure: Erasure) -> None:
        """On disk before anything is destroyed."""
        line = {
            "decision": str(erasure.decision),
            "keys": [str(key) for key in erasure.keys],
            "digests": list(erasure.digests),
        }
        with self.file.open("a+") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            out.seek(max(0, out.tell() - 1))
            torn = out.read(1) not in ("", "\n")  # a power cut left half a line
            out.write(("\n" if torn else "") + json.dumps(line) + "\n")
            out.flush()
            os.fsync(out.fileno())

    def all(self) -> Iterator[Erasure]:
        """Everything that was erased; a torn line was never carried out and is left out."""
        try:
            text = self.file.read_text()
        except FileNotFoundError:
            return
        for line in text.splitlines():
            with contextlib.suppress(ValueError, KeyError, TypeError):
                said = json.loads(line)
                yield Erasure(
                    UUID(said["decision"]),
                    tuple(UUID(key) for key in said["keys"]),
                    tuple(map(str, said["digests"])),
                )


class Protection:
    """Carries out, in the database of data keys, what was decided. Everything twice is once."""

    def __init__(self, keys: Pool, listed: ErasureList) -> None:
        self._keys, self._listed = keys, listed

    async def keys_of(
        self, streams: Sequence[UUID], subject: str, person: str | None
    ) -> list[UUID]:
        """The living data keys of one person, or of all of a subject, in some streams."""
        whose = f"{subject}/{person}" if person else subject
        rows = await self._keys.fetch(_KEYS, list(streams), whose, person is None)
        return [row["id"] for row in rows]

    async def erase(self, erasure: Erasure) -> None:
        """Destroy: first it is on the list, then the keys go."""
        listed = await asyncio.to_thread(lambda: list(self._listed.all()))
        if erasure not in listed:
            try:
                await asyncio.to_thread(self._listed.add, erasure)
            except OSError as error:
                raise ListNotWritable(
                    f"{self._listed.file} cannot be written ({error.strerror}): nothing was "
                    "erased yet. Set ONEFILE_ERASURES to a durable file outside the databases."
                ) from error
        await self._destroy(erasure)

    async def is_listed(self, erasure: Erasure) -> bool:
        """Whether it was carried out: it is on the list, and gone."""
        listed = await asyncio.to_thread(lambda: erasure in list(self._listed.all()))
        return listed and await self.is_erased(erasure)

    async def not_erased(self, digests: Sequence[str]) -> list[str]:
        """Those of `digests` that no decision has erased."""
        rows = await self._keys.fetch(
            "SELECT digest FROM erased WHERE digest = ANY ($1)", list(digests)
        )
        gone = {row["digest"] for row in rows}
        return [digest for digest in digests if digest not in gone]

    async def restrict(self, decision: UUID | None, keys: Sequence[UUID]) -> None:
        """Keep only what `keys` seal, or with None let it be used again."""
        await self._keys.execute(_RESTRICT, decision, list(keys))

    async def is_erased(self, erasure: Erasure) -> bool:
        """Whether all of it is gone already."""
        alive = await self._keys.fetchval(
            "SELECT EXISTS (SELECT FROM data_keys WHERE id = ANY ($1) AND destroyed IS NULL)"
            " OR $3 > (SELECT count(*) FROM erased WHERE digest = ANY ($2))",
            list(erasure.keys), list(erasure.digests), len(set(erasure.digests)),
        )  # fmt: skip
        return not alive

    async def again(self) -> int:
        """Destroy once more what is on the list: a restored database brought it back."""
        done = 0
        for erasure in await asyncio.to_thread(lambda: list(self._listed.all())):
            if not await self.is_erased(erasure):
                await self._destroy(erasure)
                done += 1
        if done:
            log.warning("erased_again", decisions=done)
        return done

    async def _destroy(self, erasure: Erasure) -> None:
        async with self._keys.acquire() as connection, connection.transaction():
            await connection.execute(_DESTROY, list(erasure.keys))
            await connection.execute(_ERASED_KEYS, erasure.decision, list(erasure.keys))
            await connection.execute(_ERASED_DIGESTS, erasure.decision, list(erasure.digests))
            await connection.execute("NOTIFY protection")


class Forgetting:
    """Takes what was erased out of one store, at every start from the beginning."""

    def __init__(
        self,
        service: str,
        store: Pool,
        keys: Pool,
        keys_dsn: str,
        keeper: Keeper,
        forgotten: Forgotten | None = None,
    ) -> None:
        self._service, self._store, self._keys = service, store, keys
        self._dsn, self._keeper, self._forgotten = keys_dsn, keeper, forgotten
        self._reached = 0
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Follow until cancelled; a link that breaks is made again."""
        while True:
            connection = None
            try:
                connection = await connect(self._dsn)
                await connection.add_listener("protection", lambda *_: self._told())
                self._keeper.drop_known_keys()  # what was said while nobody listened
                while not connection.is_closed():
                    self._wake.clear()
                    await self.catch_up()
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._wake.wait(), POLL)
            except Exception as error:
                if not lost(error):
                    raise
                log.warning("forgetting_waits", service=self._service, error=repr(error))
            finally:
                if connection is not None:
                    connection.terminate()
            await asyncio.sleep(POLL / 4)

    def _told(self) -> None:
        self._keeper.drop_known_keys()
        self._wake.set()

    async def catch_up(self, *, patience: float | None = None) -> None:
        """Remove what was erased since, and tell which streams lost something.

        `patience`: seconds for one statement, where it is not the pool's own: nobody waits yet
        for a service that starts, and a machine on which many start is slow.
        """
        while rows := await self._keys.fetch(_SINCE, self._reached, BATCH, timeout=patience):
            keys = [row["key"] for row in rows if row["key"]]
            digests = [row["digest"] for row in rows if row["digest"]]
            gone = await self._store.fetch(
                "SELECT forget_disclosures_v1 AS stream FROM forget_disclosures_v1($1, $2)",
                keys, digests, timeout=patience,
            )  # fmt: skip
            if gone:
                FORGOTTEN.labels(self._service).inc(len(gone))
                if self._forgotten is not None:
                    await self._forgotten(frozenset(row["stream"] for row in gone))
            self._reached = rows[-1]["number"]
