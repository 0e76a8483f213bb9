"""The eventsourcing library's own suites, unmodified, against our log as its persistence module."""

import asyncio
import gc
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ClassVar
from uuid import UUID

import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
    DataError,
    IntegrityError,
    OperationalError,
    ProcessRecorder,
    ProgrammingError,
    StoredEvent,
    Tracking,
    TrackingRecorder,
)
from eventsourcing.projection import Projection, ProjectionRunner
from eventsourcing.tests import application as application_suites
from eventsourcing.tests import persistence as suites
from eventsourcing.utils import Environment

from shared.effects import new_id
from shared.eventstore.library import (
    CursorRecorder,
    Factory,
    LogApplicationRecorder,
    LogProcessRecorder,
    LogRecorder,
)
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import Connection, connect
from tests.patience import PATIENCE

pytestmark = pytest.mark.store
MODULE = "shared.eventstore.library"


@pytest.fixture(autouse=True)
def library_database(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Names the fresh database in the environment, and lets go of it afterwards."""
    monkeypatch.setenv("PERSISTENCE_MODULE", MODULE)
    monkeypatch.setenv(Factory.DSN, database)
    yield
    gc.collect()  # the library leaves some of its factories to the collector


def opened(name: str = "") -> Factory:
    return Factory(Environment(name, {Factory.DSN: os.environ[Factory.DSN]}))


class OnOurLog:
    """Gives a suite a factory of its own; the suites' set-up and tear-down stay theirs."""

    factory: Factory

    def setUp(self) -> None:
        self.factory = opened()
        super().setUp()  # type: ignore[misc]

    def tearDown(self) -> None:
        super().tearDown()  # type: ignore[misc]
        self.factory.close()


class TestAggregateRecorder(OnOurLog, suites.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.factory.aggregate_recorder()


class TestSnapshotRecorder(OnOurLog, suites.AggregateRecorderTestCase):
    def create_recorder(self) -> AggregateRecorder:
        return self.factory.aggregate_recorder("snapshots")


class TestApplicationRecorder(OnOurLog, suites.ApplicationRecorderTestCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.factory.application_recorder()

    def test_insert_subscribe(self) -> None:
        self.optional_test_insert_subscribe()


class TestNonInterleaving(OnOurLog, suites.NonInterleavingNotificationIDsBaseCase):
    def create_recorder(self) -> ApplicationRecorder:
        return self.factory.application_recorder()


class TestTrackingRecorder(OnOurLog, suites.TrackingRecorderTestCase):
    def create_recorder(self) -> TrackingRecorder:
        return self.factory.tracking_recorder()


class TestProcessRecorder(OnOurLog, suites.ProcessRecorderTestCase):
    def create_recorder(self) -> ProcessRecorder:
        return self.factory.process_recorder()


class TestExampleApplication(application_suites.ExampleApplicationTestCase):
    expected_factory_topic = f"{MODULE}:Factory"


class OtherCursorRecorder(CursorRecorder):
    pass


class TestFactory(suites.InfrastructureFactoryTestCase[Factory]):
    def setUp(self) -> None:
        dsn = os.environ[Factory.DSN]
        self.env = Environment("", {"PERSISTENCE_MODULE": MODULE, Factory.DSN: dsn})
        super().setUp()

    def expected_factory_class(self) -> type[Factory]:
        return Factory

    def expected_aggregate_recorder_class(self) -> type[AggregateRecorder]:
        return LogRecorder

    def expected_application_recorder_class(self) -> type[ApplicationRecorder]:
        return LogApplicationRecorder

    def expected_tracking_recorder_class(self) -> type[TrackingRecorder]:
        return CursorRecorder

    def tracking_recorder_subclass(self) -> type[TrackingRecorder]:
        return OtherCursorRecorder

    def expected_process_recorder_class(self) -> type[ProcessRecorder]:
        return LogProcessRecorder


class Errand(Aggregate):
    def __init__(self, title: str) -> None:
        self.title = title
        self.notes = 0

    @event("Noted")
    def note(self) -> None:
        self.notes += 1


class Errands(Application[UUID]):
    name = "errands"
    snapshotting_intervals: ClassVar[Any] = {Errand: 10}


class CountingView(CursorRecorder):
    """Counts events in a table of its own, in one transaction with the cursor."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.engine.run(self.engine.pool.execute("CREATE TABLE IF NOT EXISTS counted (id int)"))

    def count(self, tracking: Tracking) -> None:
        async def insert(connection: Connection) -> None:
            await connection.execute("INSERT INTO counted VALUES (1)")

        self.record(tracking, insert)

    def value(self) -> Any:
        return self.engine.run(self.engine.pool.fetchval("SELECT count(*) FROM counted"))


class Counting(Projection[CountingView]):
    name = "counting"

    def process_event(self, _: Any, tracking: Tracking) -> None:
        self.view.count(tracking)


def runner() -> ProjectionRunner[Errands, CountingView]:
    return ProjectionRunner(
        application_class=Errands, projection_class=Counting, view_class=CountingView
    )


def note(app: Application[UUID], errand: UUID, times: int) -> int:
    last = 0
    for _ in range(times):
        aggregate: Errand = app.repository.get(errand)
        aggregate.note()
        last = app.save(aggregate)[-1].notification.id
    return last


def test_a_projection_counts_every_event_exactly_once_across_restarts() -> None:
    with Errands() as app:
        errand = Errand("甲")
        app.save(errand)
        with runner() as running:
            running.wait(note(app, errand.id, 25), timeout=PATIENCE)
            assert running.projection.view.value() == 26
        note(app, errand.id, 3)
        for _ in range(3):
            with runner() as running:
                last = note(app, errand.id, 1)
                running.wait(last, timeout=PATIENCE)
                assert running.projection.view.value() == last


def test_an_event_that_was_counted_before_is_not_counted_again() -> None:
    factory = opened("counting")
    view: Any = factory.tracking_recorder(CountingView)
    view.count(Tracking("errands", 7))
    for again in (7, 6):
        with pytest.raises(IntegrityError):
            view.count(Tracking("errands", again))
    assert view.value() == 1
    factory.close()


def test_snapshots_are_taken_and_used() -> None:
    with Errands() as app:
        errand = Errand("乙")
        app.save(errand)
        note(app, errand.id, 25)
        assert app.snapshots is not None
        assert [s.originator_version for s in app.snapshots.get(errand.id)] == [10, 20]
        copy: Errand = app.repository.get(errand.id, version=17)
        assert (copy.version, copy.notes) == (17, 16)


def test_a_subscription_survives_the_loss_of_its_connection() -> None:
    factory = opened()
    recorder: Any = factory.application_recorder()
    with recorder.subscribe(gt=0) as subscription:
        for version in (1, 2, 3):
            recorder.insert_events([StoredEvent(UUID(int=1), version, "noted", b"\x00\xff")])
            assert next(subscription).id == version
            recorder.engine.run(
                recorder.engine.pool.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE query LIKE 'LISTEN%' AND datname = current_database()"
                )
            )
    factory.close()


def test_several_streams_in_one_call_get_the_ids_of_their_events() -> None:
    factory = opened()
    recorder = factory.application_recorder()
    one, other = UUID(int=1), UUID(int=2)
    events = [
        StoredEvent(one, 1, "t", b"a"),
        StoredEvent(other, 1, "t", b"b"),
        StoredEvent(one, 2, "t", b"c"),
    ]
    ids = recorder.insert_events(events)
    stored = {n.id: n.state for n in recorder.select_notifications(1, 10)}
    assert ids is not None
    assert [stored[i] for i in ids] == [b"a", b"b", b"c"]
    with pytest.raises(IntegrityError):
        recorder.insert_events([StoredEvent(one, 9, "t", b"gap")])
    with pytest.raises(IntegrityError):
        recorder.insert_events(
            [StoredEvent(other, 3, "t", b""), StoredEvent(other, 5, "t", b"")]
        )
    factory.close()


def test_what_is_offered_at_once_from_many_threads_is_stored_once() -> None:
    factory = opened()
    recorder = factory.application_recorder()
    stream = new_id()

    def offer(n: int) -> bool:
        try:
            recorder.insert_events([StoredEvent(stream, 1, "t", str(n).encode())])
        except IntegrityError:
            return False
        return True

    with ThreadPoolExecutor(16) as threads:
        assert sum(threads.map(offer, range(64))) == 1
    factory.close()


def test_closing_twice_is_harmless_and_later_use_is_refused() -> None:
    factory = opened()
    recorder = factory.application_recorder()
    factory.close()
    factory.close()
    with pytest.raises(OperationalError, match="closed"):
        recorder.max_notification_id()


def test_a_factory_needs_the_name_of_a_database() -> None:
    with pytest.raises(OSError, match=Factory.DSN):
        Factory(Environment("", {})).application_recorder()


@pytest.mark.parametrize("create", ["yes", "no"])
async def test_the_log_of_a_service_is_refused(database: str, create: str) -> None:
    connection = await connect(database)
    await migrate(connection, "intake", [FLOOR])
    factory = Factory(Environment("", {Factory.DSN: database, "CREATE_TABLE": create}))

    def write() -> None:
        recorder = factory.application_recorder()
        recorder.insert_events([StoredEvent(UUID(int=1), 1, "intake.forged.v1", b"{}")])

    try:
        with pytest.raises((ProgrammingError, DataError)):
            await asyncio.to_thread(write)
        assert await connection.fetchval("SELECT count(*) FROM events") == 0
        assert await connection.fetchval(
            "SELECT count(*) FROM pg_constraint WHERE conname LIKE 'events_%' AND contype = 'c'"
        )
    finally:
        await asyncio.to_thread(factory.close)
        await connection.close()
