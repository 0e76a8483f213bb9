"""Stock eventsourcing, with its own driver, replays our log: an auditor needs no code of ours."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from eventsourcing.application import Repository
from eventsourcing.persistence import (
    EventStore,
    MapperDeserialisationError,
    NotSupportedError,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore

from contracts.event import Event
from shared.effects import new_id
from shared.eventstore.log import open_log
from shared.eventstore.mapper import ContractMapper, Placed
from shared.eventstore.vocabulary import Vocabulary
from tests.integration.store import (
    SERVICE,
    VOCABULARY,
    Noted,
    Opened,
    connected,
    login,
    migrated,
    offer,
    proven,
    unit,
)

pytestmark = pytest.mark.store

FACTS = [Opened(title="甲"), Noted(text="a"), Noted(text="两行\n“引号”"), Noted()]


class Replayed:
    """What a replay makes of a matter here: its facts, and the hash of its last."""

    def __init__(self, facts: tuple[Event, ...], version: int, leafhash: bytes) -> None:
        self.facts, self.version, self.leafhash = facts, version, leafhash


def replay(so_far: Replayed | None, events: Iterable[Placed[Any]]) -> Replayed | None:
    for event in events:
        assert event.about.prev == (so_far.leafhash.hex() if so_far else None)
        facts = (*(so_far.facts if so_far else ()), event.fact)
        so_far = Replayed(facts, event.originator_version, event.leafhash)
    return so_far


@contextmanager
def stock_recorder(dsn: str) -> Iterator[PostgresApplicationRecorder]:
    parts = urlsplit(dsn)
    with PostgresDatastore(
        dbname=parts.path.strip("/"), host=str(parts.hostname), port=parts.port or 5432,
        user=str(parts.username), password=str(parts.password),
    ) as datastore:  # fmt: skip
        yield PostgresApplicationRecorder(datastore, events_table_name="stored_events")


@pytest.fixture
async def matter(database: str) -> UUID:
    """A matter of four facts, among others, written as a service writes."""
    await migrated(database)
    matter, other = new_id(), new_id()
    title, *texts = ['{"title":"甲"}', '{"text":"a"}', '{"text":"两行\\n“引号”"}', "{}"]
    async with connected(await login(database, f"{SERVICE}_writer")) as connection:
        await offer(connection, unit(matter, 0, title, type="intake.opened.v1"))
        await offer(connection, unit(other, 0, "{}"), unit(matter, 1, *texts))
    return matter


def read_as_auditor(dsn: str, matter: UUID) -> tuple[Any, Any, list[Any], int | None]:
    with stock_recorder(dsn) as recorder:
        store: EventStore[UUID] = EventStore(ContractMapper(VOCABULARY), recorder)
        repository = Repository(store)
        whole: Any = repository.get(matter, projector_func=replay)  # type: ignore[type-var]
        earlier: Any = repository.get(matter, version=2, projector_func=replay)  # type: ignore[type-var]
        log = recorder.select_notifications(start=1, limit=10)
        mapped: list[Any] = [store.mapper.to_domain_event(n) for n in log]
        with pytest.raises(PersistenceError):
            recorder.insert_events([StoredEvent(matter, 5, "intake.noted.v1", b"{}")])
        return whole, earlier, mapped, recorder.max_notification_id()


async def test_stock_eventsourcing_replays_a_matter(database: str, matter: UUID) -> None:
    auditor = await login(database, "auditor")
    whole, earlier, mapped, last = await asyncio.to_thread(read_as_auditor, auditor, matter)
    assert list(whole.facts) == FACTS
    assert list(earlier.facts) == FACTS[:2]
    assert last == 5
    async with connected(database) as connection:
        entries = await proven(connection)
    assert [placed.leafhash for placed in mapped] == [entry.leafhash for entry in entries]
    async with open_log(SERVICE, database) as log:
        assert await log.read(VOCABULARY, matter) == (list(whole.facts), whole.version)


@pytest.fixture
async def stored(database: str, matter: UUID) -> StoredEvent:
    async with connected(database) as connection:
        row = await connection.fetchrow(
            "SELECT originator_id, originator_version, topic, state FROM stored_events "
            "WHERE notification_id = 1"
        )
        return StoredEvent(*row)  # type: ignore[misc]


async def test_rows_that_do_not_say_what_their_bytes_say_are_refused(
    stored: StoredEvent,
) -> None:
    mapper = ContractMapper(VOCABULARY)
    assert mapper.to_domain_event(stored).fact == FACTS[0]
    for tampered in (
        replace(stored, originator_version=2),
        replace(stored, originator_id=new_id()),
        replace(stored, topic="intake.noted.v1"),
        replace(stored, topic="builtins:dict"),
        replace(stored, state=stored.state.replace(b'"fact"', b' "fact"')),
        replace(stored, state=stored.state.replace(b'"title"', b'"tiles"')),
        replace(stored, state=stored.state.replace(b'"area"', b'"aria"')),
        replace(stored, state=b'{"fact":{}}'),
        replace(stored, state=b"[]"),
        replace(stored, state=b"\x80"),
    ):
        with pytest.raises(MapperDeserialisationError):
            mapper.to_domain_event(tampered)


async def test_a_type_outside_the_vocabulary_is_refused(stored: StoredEvent) -> None:
    with pytest.raises(MapperDeserialisationError, match=r"intake\.opened\.v1"):
        ContractMapper(Vocabulary([Noted])).to_domain_event(stored)


def test_the_mapper_writes_nothing() -> None:
    with pytest.raises(NotSupportedError):
        ContractMapper(VOCABULARY).to_stored_event(None)  # type: ignore[arg-type]
