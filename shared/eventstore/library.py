"""Where the eventsourcing library keeps its events: in a log of ours, as its persistence module."""

import asyncio
import contextlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import asyncpg
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    InfrastructureFactory,
    IntegrityError,
    ListenNotifySubscription,
    Notification,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.utils import Environment, EnvType, resolve_topic, strtobool

from shared.effects import system_clock
from shared.eventstore.batch import Batch
from shared.eventstore.engine import Engine
from shared.eventstore.identity import derived, event_id
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import LOST, Connection, connect
from shared.eventstore.units import Act, Append, Appended, Draft, Hearing, Unit, Verdict

STORE = "library"
POLL = 1.0
"""Seconds. NOTIFY is a hint that a lost connection swallows: a subscription looks anyway."""

_STATE = """decode(btrim(fact, '"'), 'base64')"""
_STREAM = f"""
    SELECT stream, version, type, {_STATE} FROM {{table}}
    WHERE stream = $1 AND ($2::bigint IS NULL OR version > $2)
                      AND ($3::bigint IS NULL OR version <= $3)
    ORDER BY version {{order}} LIMIT $4
"""
_NOTIFICATIONS = f"""
    SELECT stream, version, type, {_STATE}, position FROM events
    WHERE position >= $1 AND ($2::bigint IS NULL OR position <= $2)
      AND ($3::text[] = '{{}}' OR type = ANY ($3))
    ORDER BY position LIMIT $4
"""
_PREPARED = """
    SELECT to_regclass('events') IS NOT NULL AS log,
           to_regclass('library_snapshots') IS NOT NULL AS ours,
           EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass('events') AND conname
                   IN ('events_versions_start_at_one', 'events_fact_is_one_object')) AS strict
"""
_SNAPSHOTS = """
    CREATE TABLE IF NOT EXISTS library_snapshots (
        stream uuid NOT NULL, version integer NOT NULL, type text NOT NULL, fact text NOT NULL,
        PRIMARY KEY (stream, version)
    )
"""


async def prepare(connection: Connection) -> None:
    """Make an empty database the library's; harmless when it is.

    The log of a service is refused with `ProgrammingError`, an empty one too: the library's
    events would break what holds there. The snapshots come first and mark the database.
    """
    await connection.execute("SELECT pg_advisory_lock(hashtext('onefile.library'))")
    try:
        state = await connection.fetchrow(_PREPARED)
        assert state is not None
        if state["log"] and not state["ours"]:
            raise ProgrammingError(
                "this database holds the log of a service, which the eventsourcing library must "
                f"not write to: name an empty database in {Factory.DSN}"
            )
        if state["strict"] or not state["log"]:
            await connection.execute(_SNAPSHOTS)
            await migrate(connection, STORE, [FLOOR])
            await connection.execute(Path(__file__).with_name("library.sql").read_text())
    finally:
        await connection.execute("SELECT pg_advisory_unlock(hashtext('onefile.library'))")


class _Recorder:
    def __init__(self, engine: Engine, name: str) -> None:
        self.engine, self.name = engine, name


class _Reader(_Recorder, AggregateRecorder):
    """Reads streams from `table`, which has the columns stream, version, type and fact."""

    table = "events"

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        sql = _STREAM.format(table=self.table, order="DESC" if desc else "ASC")
        rows = self.engine.run(
            self.engine.pool.fetch(sql, _stream_of(originator_id), gt, lte, limit)
        )
        return [StoredEvent(*row) for row in rows]


class LogRecorder(_Reader):
    """Events in the log, through the same writer and door as those of the services."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        self._append(stored_events)
        return None

    def _append(
        self, events: Sequence[StoredEvent], hearing: Hearing | None = None
    ) -> list[int]:
        """Returns the position of each event; those of one stream are put side by side."""
        if not events and hearing is None:
            return []
        unit = _unit_of(events, hearing)
        last = _position(self.engine.run(self.engine.writer.submit(unit)))
        laid_out = [
            (append.stream, append.expected + n)
            for append in unit.appends
            for n in range(1, len(append.drafts) + 1)
        ]
        places = dict(zip(laid_out, range(last - len(events) + 1, last + 1), strict=True))
        return [places[_stream_of(e.originator_id), e.originator_version] for e in events]


class SnapshotRecorder(_Reader):
    """Snapshots, of any versions, in a table of their own; they may be thrown away."""

    table = "library_snapshots"

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> None:
        rows = [
            (_stream_of(e.originator_id), e.originator_version, e.topic, _text(e.state))
            for e in stored_events
        ]
        sql = f"INSERT INTO {self.table} VALUES ($1, $2, $3, $4)"
        self.engine.run(self.engine.pool.executemany(sql, rows))


class LogApplicationRecorder(LogRecorder, ApplicationRecorder):
    """The log in its order: a notification id is a position, dense from 1."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        return self._append(stored_events)

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        first = 0 if start is None else start + (not inclusive_of_start)
        rows = self.engine.run(
            self.engine.pool.fetch(_NOTIFICATIONS, first, stop, list(topics), limit)
        )
        return [Notification(*row) for row in rows]

    def max_notification_id(self) -> int | None:
        sql = "SELECT max(position) FROM events"
        return cast(int | None, self.engine.run(self.engine.pool.fetchval(sql)))

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> "LogSubscription":
        return LogSubscription(self, gt, topics)


class LogSubscription(ListenNotifySubscription[LogApplicationRecorder]):
    """Looks once LISTEN is on, at every NOTIFY, and every second: no wake-up can be lost."""

    def __init__(
        self, recorder: LogApplicationRecorder, gt: int | None, topics: Sequence[str]
    ) -> None:
        self._engine, self._stir = recorder.engine, asyncio.Event()
        super().__init__(recorder=recorder, gt=gt, topics=topics)
        self._engine.start(self._listen())

    def stop(self) -> None:
        super().stop()
        self._engine.call(self._stir.set)

    async def _listen(self) -> None:
        while not self._has_been_stopped:
            try:
                await self._hear(await connect(self._engine.dsn))
            except (*LOST, asyncpg.PostgresError):
                await self._pause()

    async def _hear(self, connection: Connection) -> None:
        self._stir.clear()
        connection.add_termination_listener(lambda _: self._stir.set())
        try:
            await connection.add_listener("events", lambda *_: self._has_been_notified.set())
            while not self._has_been_stopped and not connection.is_closed():
                self._has_been_notified.set()
                await self._pause()
        finally:
            connection.terminate()

    async def _pause(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL):
                await self._stir.wait()


class CursorRecorder(_Recorder, TrackingRecorder):
    """Tracking by the cursors of the log: one per projection and application it follows."""

    def insert_tracking(self, tracking: Tracking) -> None:
        unit = Unit(hearing=self._hearing(tracking))
        _position(self.engine.run(self.engine.writer.submit(unit)))

    def max_tracking_id(self, application_name: str) -> int | None:
        sql = "SELECT position FROM cursors WHERE reader = $1"
        reader = self._reader(application_name)
        return cast(int | None, self.engine.run(self.engine.pool.fetchval(sql, reader)))

    def record(self, tracking: Tracking, work: Callable[[Connection], Awaitable[None]]) -> None:
        """Move the cursor and do `work` in one transaction: what an exact view is made of."""
        self.engine.run(self._record(tracking, work))

    async def _record(
        self, tracking: Tracking, work: Callable[[Connection], Awaitable[None]]
    ) -> None:
        batch = Batch(STORE, [Unit(hearing=self._hearing(tracking))])
        async with self.engine.pool.acquire() as pooled, pooled.transaction():
            connection = cast(Connection, pooled)
            _position(*await batch.offer(connection, again=False))
            await work(connection)

    def _hearing(self, tracking: Tracking) -> Hearing:
        reader = self._reader(tracking.application_name)
        return Hearing(reader, after=None, upto=tracking.notification_id)

    def _reader(self, application_name: str) -> str:
        return f"{self.name}/{application_name}"


class LogProcessRecorder(CursorRecorder, LogApplicationRecorder, ProcessRecorder):
    """Events and the cursor of what they follow from, in one unit."""

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        tracking: Tracking | None = kwargs.get("tracking")
        return self._append(stored_events, self._hearing(tracking) if tracking else None)


class Factory(InfrastructureFactory[TrackingRecorder]):
    """`PERSISTENCE_MODULE=shared.eventstore.library`: one database per application.

    `ONEFILE_LIBRARY_DSN` names it and `ONEFILE_LIBRARY_POOL_SIZE` (默认值 8) bounds the readers;
    the login makes tables and roles, unless `CREATE_TABLE=no`: then it needs `library_writer`.
    """

    DSN = "ONEFILE_LIBRARY_DSN"
    POOL_SIZE = "ONEFILE_LIBRARY_POOL_SIZE"
    CREATE_TABLE = "CREATE_TABLE"

    def __init__(self, env: Environment | EnvType | None) -> None:
        super().__init__(env)
        self._engine: Engine | None = None
        self._prepared = False

    def aggregate_recorder(self, purpose: str = "events") -> AggregateRecorder:
        kinds = {"events": LogRecorder, "snapshots": SnapshotRecorder}
        if purpose not in kinds:
            raise ProgrammingError(f"there is no table for {purpose!r}, only for {[*kinds]}")
        return cast(AggregateRecorder, self._made(kinds[purpose], None))

    def application_recorder(self) -> ApplicationRecorder:
        topic = self.env.get(self.APPLICATION_RECORDER_TOPIC)
        return cast(ApplicationRecorder, self._made(LogApplicationRecorder, topic))

    def tracking_recorder(
        self, tracking_recorder_class: type[TrackingRecorder] | None = None
    ) -> TrackingRecorder:
        topic = self.env.get(self.TRACKING_RECORDER_TOPIC)
        chosen = tracking_recorder_class or CursorRecorder
        made = self._made(chosen, None if tracking_recorder_class else topic)
        return cast(TrackingRecorder, made)

    def process_recorder(self) -> ProcessRecorder:
        topic = self.env.get(self.PROCESS_RECORDER_TOPIC)
        return cast(ProcessRecorder, self._made(LogProcessRecorder, topic))

    def close(self) -> None:
        """End the connections; the library calls this twice, and from any thread."""
        if self._engine:
            self._engine.close()

    def _made(self, kind: type[Any], topic: str | None) -> Any:
        engine = self._running()
        if not self._prepared and strtobool(self.env.get(self.CREATE_TABLE, "yes")):
            engine.run(_prepared(engine.dsn))
            self._prepared = True
        return (resolve_topic(topic) if topic else kind)(engine, self.env.name)

    def _running(self) -> Engine:
        if self._engine is None:
            dsn = self.env.get(self.DSN)
            if not dsn:
                keys = ", ".join(self.env.create_keys(self.DSN))
                raise OSError(f"no database is named in the environment: set {keys}")
            self._engine = Engine(STORE, dsn, int(self.env.get(self.POOL_SIZE, "8")))
        return self._engine


async def _prepared(dsn: str) -> None:
    connection = await connect(dsn)
    try:
        await prepare(connection)
    finally:
        await connection.close()


def _unit_of(events: Sequence[StoredEvent], hearing: Hearing | None) -> Unit:
    streams: dict[UUID, list[StoredEvent]] = {}
    for event in events:
        streams.setdefault(_stream_of(event.originator_id), []).append(event)
    return Unit(tuple(_append_of(s, drafts) for s, drafts in streams.items()), hearing=hearing)


def _append_of(stream: UUID, events: Sequence[StoredEvent]) -> Append:
    first = events[0].originator_version
    if [e.originator_version for e in events] != list(range(first, first + len(events))):
        raise IntegrityError(f"the versions offered for {stream} do not follow one another")
    contents = sha256()
    for e in events:
        contents.update(f"{e.originator_version}\n{e.topic}\n{_text(e.state)}\n".encode())
    cause = derived(stream, contents.hexdigest())
    # What the library says about its events is inside their state; the log knows the day.
    act = Act(actor="s:library", area="none", effective=system_clock().date().isoformat())
    drafts = (
        Draft(id=event_id(cause, n), cause=cause, type=e.topic, act=act, fact=_text(e.state))
        for n, e in enumerate(events)
    )
    return Append(stream=stream, expected=first - 1, drafts=tuple(drafts))


def _text(state: bytes) -> str:
    return f'"{b64encode(state).decode()}"'


def _stream_of(originator_id: UUID | str) -> UUID:
    if not isinstance(originator_id, UUID):
        raise ProgrammingError(f"a stream is named by a UUID, not by {originator_id!r}")
    return originator_id


def _position(verdict: Verdict) -> int:
    if not isinstance(verdict, Appended):
        raise IntegrityError(f"recorded already, or out of turn: {verdict}")
    return verdict.position
