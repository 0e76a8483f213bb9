"""The eventsourcing library's own suites, unmodified, against our log as its persistence module."""

import asyncio
import gc
import os
from collections.abc import Iterator
from typing import Any, ClassVar
from uuid import UUID

import asyncpg
import pytest
from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event
from eventsourcing.persistence import (
    AggregateRecorder,
    ApplicationRecorder,
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
from eventsourcing.utils import Environment, get_topic

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

pytestmark = pytest.mark.store
MODULE = "shared.eventstore.library"


@pytest.fixture(autouse=True)
def library_database(database: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Names the fresh database in the environment, and lets go of it afterwards."""
    monkeypatch.setenv("PERSISTENCE_MODULE", MODULE)
    monkeypatch.setenv(Factory.DSN, database)
    yield
    gc.collect()  # the library leaves some of its factories to the collector


class OnOurLog:
    """Gives a suite a factory of its own; the suites' set-up and tear-down stay theirs."""

    factory: Factory

    def setUp(self) -> None:
        self.factory = Factory(Environment("", {Factory.DSN: os.environ[Factory.DSN]}))
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
