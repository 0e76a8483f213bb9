"""What the tests of the store share: a migrated log, units to append, and the proof of a log."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from contracts.canonical import canonical, leaf_hash, parse_canonical
from contracts.event import About, Event
from shared.effects import new_id
from shared.eventstore.batch import Batch
from shared.eventstore.identity import cause_of, derived, event_id
from shared.eventstore.log import Entry
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.postgres import Connection, connect
from shared.eventstore.units import Act, Append, Disclosure, Draft, Receipt, Unit, Verdict
from shared.eventstore.vocabulary import Vocabulary

SERVICE = "intake"
ACT = Act(actor="p:0197a2f0-0000-7000-8000-000000000001", area="000000", effective="2026-11-21")


class Opened(Event):
    type: Literal["intake.opened.v1"] = "intake.opened.v1"
    title: str


class Noted(Event):
    type: Literal["intake.noted.v1"] = "intake.noted.v1"
    text: str = ""


VOCABULARY: Vocabulary[Opened | Noted] = Vocabulary([Opened, Noted])


async def migrated(database: str) -> None:
    connection = await connect(database)
    try:
        await migrate(connection, SERVICE, [FLOOR])
    finally:
        await connection.close()


async def login(database: str, role: str) -> str:
    """Connection string of a new login that is a member of `role` and nothing else."""
    parts = urlsplit(database)
    name = f"{role}_of_{parts.path.strip('/')}"
    connection = await connect(database)
    try:
        await connection.execute(f"DROP ROLE IF EXISTS {name}")
        await connection.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'fake' IN ROLE {role}")
    finally:
        await connection.close()
    return urlunsplit(parts._replace(netloc=f"{name}:fake@{parts.hostname}:{parts.port}"))


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Connection]:
    connection = await connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


def append(
    stream: UUID,
    expected: int,
    *facts: str,
    cause: UUID | None = None,
    act: Act = ACT,
    type: str = "intake.noted.v1",
    disclosures: tuple[Disclosure, ...] = (),
) -> Append:
    """Canonical `facts` for `stream`; ids are derived, as those of a command are."""
    cause = cause or cause_of(new_id(), stream)
    drafts = [
        Draft(
            id=event_id(cause, n), cause=cause, type=type, act=act, fact=fact,
            disclosures=disclosures,
        )
        for n, fact in enumerate(facts)
    ]  # fmt: skip
    return Append(stream=stream, expected=expected, drafts=tuple(drafts))


def unit(stream: UUID, expected: int, *facts: str, **more: Any) -> Unit:
    return Unit(appends=(append(stream, expected, *(facts or ("{}",)), **more),))


def receipt(cause: UUID, stream: UUID, version: int, events: int, digest: bytes) -> Receipt:
    return Receipt(
        cause=cause, origin=derived(cause, "origin"), stream=stream, version=version,
        events=events, digest=digest,
    )  # fmt: skip


async def offer(connection: Connection, *units: Unit) -> list[Verdict]:
    """One call of append_v1."""
    return await Batch(SERVICE, units).offer(connection, again=False)


async def proven(connection: Connection) -> list[Entry]:
    """All rows of the log, after proving each from its bytes alone, as an auditor would."""
    rows = await connection.fetch("SELECT * FROM events ORDER BY position")
    heads: dict[UUID, tuple[int, str | None]] = {}
    recorded = None
    for position, row in enumerate(rows, 1):
        entry = Entry(*(row[name] for name in Entry._fields))
        members = parse_canonical(entry.body)
        assert list(members) == ["about", "fact"]
        about = About.model_validate_json(canonical(members["about"]))
        assert set(members["about"]) == set(About.model_fields)
        version, prev = heads.get(row["stream"], (0, None))
        assert (position, version + 1) == (row["position"], row["version"])
        assert (about.stream, about.version) == (row["stream"], row["version"])
        assert (about.id, about.type) == (row["id"], row["type"])
        assert about.recorded == row["recorded"]
        assert about.prev == prev == (row["prev"].hex() if row["prev"] else None)
        assert leaf_hash(entry.body) == row["leafhash"]
        assert recorded is None or recorded < about.recorded
        recorded = about.recorded
        heads[row["stream"]] = version + 1, row["leafhash"].hex()
    return [Entry(*(row[name] for name in Entry._fields)) for row in rows]


def ids_of(units: Sequence[Unit]) -> list[UUID]:
    return [draft.id for u in units for a in u.appends for draft in a.drafts]
