"""What has archive heard, what waits, and what can be read of the files?"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from contracts.archive import EntryFiled, FileClosed, HeadsSealed
from services.archive.domain.file import Entry, Filed, Leaf
from shared.effects import new_id
from shared.envelope import Heard
from shared.eventstore.log import Entry as LogEntry
from shared.eventstore.log import Log
from shared.eventstore.postgres import Pool
from shared.eventstore.vocabulary import wire_type

# A copy need not reach the disk by itself: the unit that moves the hearing on is committed after
# it and waits for the disk, and what was committed before is then on the disk too.
_KEEP = """
    WITH kept AS (
        INSERT INTO copies (store, position, body, leafhash, origins)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (store, position) DO NOTHING
    )
    SELECT coalesce((SELECT c.leafhash <> $4 FROM copies c
                     WHERE c.store = $1 AND c.position = $2), false) AS differs,
           EXISTS (SELECT FROM waiting w
                   WHERE w.store = $1 AND w.file = $6 AND w.position < $2) AS behind,
           set_config('synchronous_commit', 'off', true)
"""
_WAIT = """
    INSERT INTO waiting (store, position, file, origin, origin_store)
    VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING
"""
_COPY = "SELECT store, position, leafhash, body FROM copies"
_HEADS = """
    SELECT DISTINCT ON (stream) stream, (body::jsonb #>> '{about,version}')::int AS version, leafhash
    FROM copies WHERE store = $1 AND position <= $2 ORDER BY stream, position DESC
"""
_OWN_HEADS = """
    SELECT DISTINCT ON (stream) stream, version, leafhash
    FROM events WHERE position <= $1 ORDER BY stream, position DESC
"""
_OWN_SIZE = """
    SELECT coalesce(max(position), 0),
           coalesce((SELECT position FROM events WHERE type <> $1 ORDER BY position DESC LIMIT 1), 0)
    FROM events
"""
_SEALS = """
    SELECT DISTINCT ON (fact::json ->> 'store') fact::json ->> 'store' AS store, position,
           (fact::json ->> 'log_size')::bigint AS log_size, fact::json ->> 'root' AS root
    FROM events WHERE type = $1 AND position <= $2 ORDER BY fact::json ->> 'store', position DESC
"""
_NEWEST = """
    SELECT max(position) FILTER (WHERE type = $1) AS closed,
           max(position) FILTER (WHERE type = $2) AS sealed
    FROM events WHERE position > $3 AND position <= $4 AND type IN ($1, $2)
"""
_TOLD = """
    WHERE store = $1 AND (matter = $2 OR stream = $2 OR stream = $3) AND position <= $4
"""
_SHARED = """
    SELECT DISTINCT stream FROM copies
    WHERE store = $1 AND stream = ANY ($2) AND matter IS DISTINCT FROM $3 AND position <= $4
"""
_OWN = """
    SELECT position, stream, version, id, type, leafhash, about, fact FROM events
    WHERE position = ANY ($1) ORDER BY position
"""
_FILES = """
    SELECT matter::text, number, area, project::text, opened, entries, documents,
           complete, closed, position
    FROM view_files
    WHERE ($1::text[] IS NULL OR area = ANY ($1)) AND ($2::text IS NULL OR number = $2)
      AND ($3::uuid IS NULL OR project = $3) AND ($4::bool IS NULL OR closed = $4)
      AND ($5::uuid IS NULL OR matter > $5)
    ORDER BY matter LIMIT $6
"""


class Waiting(NamedTuple):
    """A copy that is not filed yet, the cause it waits for (None: it stands behind another), and
    for how many seconds.
    """

    store: str
    position: int
    file: UUID
    origin: UUID | None
    origin_store: str | None
    waited: float = 0.0


class Place(NamedTuple):
    """Where a copy is, and the file it belongs to (None: to no matter)."""

    store: str
    position: int
    matter: UUID | None


class Read(NamedTuple):
    """Somebody looked at a file."""

    actor: str
    purpose: str
    at: datetime


class FileRow(NamedTuple):
    """A file in the list of files."""

    matter: str
    number: str
    area: str
    project: str | None
    opened: str
    entries: int
    documents: int
    complete: bool | None
    closed: bool
    position: int


class Queries:
    """Reads and keeps copies. `log` is archive's own."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._looked, self._closed_last = 0, False

    @property
    def pool(self) -> Pool:
        return self._log.pool

    _pool = pool

    async def note_read(self, file: UUID, actor: str, purpose: str) -> None:
        """Put on record who looks at a file, before he sees it (HS-17)."""
        await self.pool.execute(
            "SELECT begin_read_v1($1, $2, $3, $4)", new_id(), actor, purpose, file
        )

    async def reads(self, file: UUID, limit: int) -> list[Read]:
        """Who looked at a file, the newest first."""
        rows = await self.pool.fetch(
            "SELECT actor, purpose, at FROM reads WHERE stream = $1 ORDER BY at DESC LIMIT $2",
            file,
            limit,
        )
        return [Read(*row) for row in rows]

    async def heads(self, store: str, size: int) -> list[tuple[UUID, int, bytes]]:
        """The last version of every stream of `store` at a size of its log, and its leaf hash."""
        rows = await self.pool.fetch(_HEADS, store, size, timeout=60)
        return [(row["stream"], row["version"], row["leafhash"]) for row in rows]

    async def own_heads(self, size: int) -> list[tuple[UUID, int, bytes]]:
        """The same of archive's own streams."""
        rows = await self.pool.fetch(_OWN_HEADS, size, timeout=60)
        return [(row["stream"], row["version"], row["leafhash"]) for row in rows]

    async def own_size(self) -> tuple[int, int]:
        """The last position of archive's own log, and that of its last event that is no seal."""
        row = await self.pool.fetchrow(_OWN_SIZE, wire_type(HeadsSealed))
        assert row is not None
        return row[0], row[1]

    async def newest_seals(self, at: int) -> dict[str, tuple[int, int, str]]:
        """By store: the position of its newest seal up to `at`, the size it seals, its root."""
        rows = await self.pool.fetch(_SEALS, wire_type(HeadsSealed), at)
        return {row["store"]: (row["position"], row["log_size"], row["root"]) for row in rows}

    async def closed_since_sealed(self) -> bool:
        """Whether a file was closed after the newest seal."""
        upto = await self._log.position()
        row = await self.pool.fetchrow(
            _NEWEST, wire_type(FileClosed), wire_type(HeadsSealed), self._looked, upto
        )
        assert row is not None
        if row["closed"] or row["sealed"]:
            self._closed_last = (row["closed"] or 0) > (row["sealed"] or 0)
        self._looked = upto
        return self._closed_last

    async def told_of(
        self, store: str, matter: UUID, project: UUID | None, upto: int
    ) -> tuple[list[Leaf], set[str]]:
        """What a store told of the matter and of its project, up to a position of it; and the
        streams of these that tell of other matters too.
        """
        leaves = await self._leaves(_TOLD, store, matter, project, upto)
        streams = {str(leaf.parts()[0].stream) for leaf in leaves} - {str(matter), str(project)}
        rows = await self.pool.fetch(_SHARED, store, sorted(streams), matter, upto)
        return leaves, {str(row["stream"]) for row in rows}

    async def own_events(self, positions: Sequence[int]) -> list[Leaf]:
        """Archive's own events at some positions."""
        rows = await self.pool.fetch(_OWN, list(positions))
        entries = [LogEntry(*row) for row in rows]
        return [Leaf("archive", e.position, e.leafhash.hex(), e.body) for e in entries]

    async def keep(self, h: Heard, file: UUID, origins: Sequence[UUID]) -> tuple[bool, bool]:
        """Keep the exact body, once. Whether another body was kept there, and whether an
        earlier copy of the same store and file waits.
        """
        row = await self._pool.fetchrow(
            _KEEP, h.about.store, h.position, h.body.decode(), bytes.fromhex(h.leafhash),
            list(origins), file,
        )  # fmt: skip
        assert row is not None
        return row["differs"], row["behind"]

    async def wait(self, waiting: Waiting) -> None:
        await self._pool.execute(_WAIT, *waiting[:5])

    async def waiting(self, file: UUID | None = None) -> list[Waiting]:
        """What waits, each store in its order."""
        rows = await self._pool.fetch(
            "SELECT store, position, file, origin, origin_store,"
            " extract(epoch FROM clock_timestamp() - since)::float8 AS waited FROM waiting"
            " WHERE $1::uuid IS NULL OR file = $1 ORDER BY store, position",
            file,
        )
        return [Waiting(*row) for row in rows]

    async def no_longer_waits(self, waiting: Waiting) -> None:
        await self._pool.execute(
            "DELETE FROM waiting WHERE store = $1 AND position = $2",
            waiting.store,
            waiting.position,
        )

    async def origin(self, origin: UUID) -> Place | None:
        """The heard event that is the origin of what another store recorded."""
        row = await self._pool.fetchrow(
            "SELECT store, position, matter FROM copies WHERE origins @> ARRAY[$1::uuid]",
            origin,
        )
        return Place(*row) if row else None

    async def copy(self, store: str, position: int) -> Leaf:
        """A copy that is known to be kept."""
        row = await self._pool.fetchrow(
            f"{_COPY} WHERE store = $1 AND position = $2", store, position
        )
        assert row is not None
        return Leaf(row["store"], row["position"], row["leafhash"].hex(), row["body"].encode())

    async def heard_up_to(self, speakers: Sequence[str]) -> dict[str, int]:
        """How far each speaker was heard; every copy up to there is kept."""
        rows = await self._pool.fetch(
            "SELECT reader, position FROM cursors WHERE reader = ANY ($1)",
            [f"hears:{speaker}" for speaker in speakers],
        )
        found = {row["reader"].removeprefix("hears:"): row["position"] for row in rows}
        return {speaker: found.get(speaker, 0) for speaker in speakers}

    async def filed(self, matter: UUID, at: int | None = None) -> Filed:
        """The file of `matter`, as archive's order had it at the position `at`."""
        history = await self._log.history(matter)
        copies = {
            (c.store, c.position): c for c in await self._leaves("WHERE matter = $1", matter)
        }
        entries = []
        for own in history:
            leaf = Leaf("archive", own.position, own.leafhash.hex(), own.body)
            copy = None
            if own.type == wire_type(EntryFiled):
                members = own.members()
                copy = copies.get((members["store"], members["position"]))
            entries.append(Entry(leaf, copy))
        projects = (own.circumstances().project for own in history)
        project = next(filter(None, projects), None)
        beside = await self.told_of_project(project) if project else []
        return Filed(matter, tuple(entries), tuple(beside)).until(at)

    async def entries_after(
        self, matter: UUID, version: int, upto: int | None = None
    ) -> list[Entry]:
        """What was put on file after a version of it, up to a position, in archive's order."""
        history = await self._log.history(matter, version, upto)
        places = [
            (members["store"], members["position"])
            for own in history
            if own.type == wire_type(EntryFiled)
            for members in [own.members()]
        ]
        found = await self._leaves(
            "WHERE (store, position) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))",
            [store for store, _ in places],
            [position for _, position in places],
        )
        copies = {(c.store, c.position): c for c in found}
        entries = []
        for own in history:
            leaf = Leaf("archive", own.position, own.leafhash.hex(), own.body)
            copy = None
            if own.type == wire_type(EntryFiled):
                members = own.members()
                copy = copies.get((members["store"], members["position"]))
            entries.append(Entry(leaf, copy))
        return entries

    async def position_by(self, matter: UUID, by: datetime, *, whole_day: bool) -> int:
        """The last position of the file that was recorded by an instant, 0 for none.

        `whole_day`: before it, since a day is meant to its end.
        """
        sign = "<" if whole_day else "<="
        found = await self._pool.fetchval(
            f"SELECT max(position) FROM events WHERE stream = $1 AND recorded {sign} $2",
            matter, by,
        )  # fmt: skip
        return found or 0

    async def told_of_project(self, project: UUID) -> list[Leaf]:
        """What was heard of a project itself, beside its matters."""
        return await self._leaves(
            "WHERE matter IS NULL AND (project = $1 OR stream = $1)", project
        )

    async def history_of_project(self, project: UUID) -> list[tuple[int, Leaf]]:
        """Everything filed of a project and all its matters, by archive's position."""
        rows = await self._pool.fetch(
            """
            SELECT e.position AS place, c.store, c.position, c.leafhash, c.body
            FROM copies c JOIN view_entries e
              ON e.store = c.store AND e.store_position = c.position
            WHERE c.project = $1 OR c.stream = $1 ORDER BY e.position
            """,
            project,
        )
        return [
            (
                row["place"],
                Leaf(
                    row["store"], row["position"], row["leafhash"].hex(), row["body"].encode()
                ),
            )
            for row in rows
        ]

    async def files(
        self,
        *,
        areas: Sequence[str] | None = None,
        number: str | None = None,
        project: UUID | None = None,
        closed: bool | None = None,
        after: UUID | None = None,
        limit: int = 200,
    ) -> list[FileRow]:
        """Files by matter id, after one of them."""
        rows = await self._pool.fetch(_FILES, areas, number, project, closed, after, limit)
        return [FileRow(*row) for row in rows]

    async def _leaves(self, where: str, *values: object) -> list[Leaf]:
        rows = await self._pool.fetch(f"{_COPY} {where} ORDER BY store, position", *values)
        return [
            Leaf(row["store"], row["position"], row["leafhash"].hex(), row["body"].encode())
            for row in rows
        ]
