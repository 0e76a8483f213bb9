"""Fills the stores of a box with copies of matters that were really lived, through their one door."""

import asyncio
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg

from contracts.canonical import canonical
from contracts.subjects import SERVICES
from services.onebox.platform import Platform
from shared.eventstore.log import Log, open_log
from shared.eventstore.units import Act, Append, Appended, Disclosure, Draft, Unit

AT_ONCE = 256
"""Copies that are appended together."""
SPREAD, KEPT = 2_654_435_761, 5_000
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PERSON = re.compile(rf"[psa]:({_ID.pattern})")
BETWEEN = "\x1f"
FILED, RESERVED = "archive.entry_filed.v1", "intake.number_reserved.v1"
_EVENTS = "SELECT position, id, stream, type, about, fact FROM events ORDER BY position"
_HASHES = """
    SELECT position, leafhash, '{"about":' || about || ',"fact":' || fact || '}' AS body
    FROM events WHERE position > $1 AND position <= $2
"""
_NOTES = r"""
    SELECT relname FROM pg_class WHERE relkind = 'r'
    AND (relname LIKE 'heard\_%' OR $1 AND relname LIKE 'view\_%')
"""
_READ = "UPDATE cursors SET position = $1 WHERE reader LIKE 'view:%'"
_HEARD = "UPDATE cursors SET position = $2 WHERE reader = $1"
_SEALED = "SELECT event, digest, subject, data_key, ciphertext FROM disclosures"

type Place = tuple[str, int]
"""A service, and a position in its log."""


@dataclass(frozen=True, slots=True)
class Said:
    """An event of a matter that was lived, as text; ids in it are replaced in a copy."""

    position: int
    type: str
    text: str
    sealed: Sequence[Disclosure]


@dataclass(frozen=True, slots=True)
class Lived:
    """All that the services recorded of one matter and its project."""

    number: str
    said: Mapping[str, Sequence[Said]]
    own: frozenset[str]
    """Ids that are of this matter alone: its copies have others instead."""
    unit: frozenset[str]
    """The people of the unit: every other unit has its own."""
    noted: Mapping[str, Sequence[tuple[str, str]]]
    """What services noted when they heard of it, beside their logs: table and row."""

    @property
    def events(self) -> int:
        return sum(map(len, self.said.values()))

    def copy(self, text: str, serial: int) -> str:
        """`text` as the copy of that serial has it: ids, number and people of its own.

        The unit of the first life keeps a few of the copies: it has a desk too.
        """
        moved = (serial * SPREAD) & 0xFFFF_FFFF
        own_people = frozenset() if serial % KEPT == 0 else self.unit

        def replaced(found: re.Match[str]) -> str:
            old = found[0]
            ours = old in self.own or old in own_people
            return f"{int(old[:8], 16) ^ moved:08x}{old[8:]}" if ours else old

        own = f"{self.number.rpartition('-')[0]}-{serial:05}"
        return _ID.sub(replaced, text).replace(self.number, own)


async def lived(
    platform: Platform,
    matters: Sequence[tuple[str, str, str]],
    unit: Sequence[str],
    *,
    views: bool,
) -> list[Lived]:
    """What was recorded of each (matter, project, number), asked for by the people of `unit`.

    With `views` also the rows that the projections made of it.
    """
    asked_by = frozenset(id.partition(":")[2] for id in unit)
    rows: dict[str, list[Any]] = {}
    sealed: dict[UUID, list[Disclosure]] = {}
    noted: dict[str, list[tuple[str, str]]] = {}
    for name in SERVICES:
        connection = await asyncpg.connect(platform.pg_dsn(f"onefile_{name}"))
        rows[name] = await connection.fetch(_EVENTS)
        for row in await connection.fetch(_SEALED):
            sealed.setdefault(row["event"], []).append(Disclosure(*list(row)[1:]))
        noted[name] = [
            (table["relname"], row["text"])
            for table in await connection.fetch(_NOTES, views)
            for row in await connection.fetch(
                f"SELECT row_to_json(t)::text AS text FROM {table['relname']} t"
            )
        ]
        await connection.close()
    return [_lived(rows, sealed, noted, asked_by, *one) for one in matters]


def _lived(
    rows: Mapping[str, Sequence[Any]],
    sealed: Mapping[UUID, Sequence[Disclosure]],
    noted: Mapping[str, Sequence[tuple[str, str]]],
    unit: frozenset[str],
    matter: str,
    project: str,
    number: str,
) -> Lived:
    def ours(row: Any) -> bool:
        about = json.loads(row["about"])
        if row["type"] == RESERVED and json.loads(row["fact"])["holder"] == matter:
            return True
        return matter == str(about["matter"]) or project == str(about["project"])

    everything = [row for events in rows.values() for row in events]
    foreign = [row for row in everything if not ours(row)]
    shared = {str(row[name]) for row in foreign for name in ("stream", "id")}
    said: dict[str, list[Said]] = {}
    own = set[str]()
    for name, events in rows.items():
        said[name] = []
        for row in events:
            if ours(row) and str(row["stream"]) not in shared:
                text = f"{row['about']}{BETWEEN}{row['fact']}"
                kept = sealed.get(row["id"], ())
                said[name].append(Said(row["position"], row["type"], text, kept))
                own |= set(_ID.findall(text)) - set(_PERSON.findall(text))
    people = {id for row in everything for id in _PERSON.findall(row["about"] + row["fact"])}
    notes = {
        name: [(table, text) for table, text in told if matter in text or project in text]
        for name, told in noted.items()
    }
    return Lived(number, said, frozenset(own - shared - people), unit, notes)


async def filled(
    platform: Platform, copies: Iterable[tuple[Lived, int]], *, views: bool
) -> int:
    """Every copy (a life, and the serial number it gets) in the logs; how many events that were.

    What a service heard of another is set to the end: archive's entries are copied with the rest,
    each with the place and the hash of what it files.
    """
    events, rest = 0, iter(copies)
    async with AsyncExitStack() as stack:
        logs = {
            name: await stack.enter_async_context(
                open_log(name, platform.pg_dsn(f"onefile_{name}"))
            )
            for name in SERVICES
        }
        while some := list(islice(rest, AT_ONCE)):
            places: dict[tuple[int, Place], tuple[int, str]] = {}
            for name in sorted(SERVICES, key=lambda one: one == "archive"):
                events += await _appended(logs, name, some, places)
                await _noted(logs[name], name, some)
        ends = {name: await log.position() for name, log in logs.items()}
        for log in logs.values():
            for name, end in ends.items():
                await log.pool.execute(_HEARD, f"hears:{name}", end)
        for name, log in logs.items() if views else ():
            await log.pool.execute(_READ, ends[name])
            await log.pool.execute("ANALYZE")
    return events


async def _noted(log: Log, name: str, some: Sequence[tuple[Lived, int]]) -> None:
    """What a service notes when it hears of a matter."""
    rows: dict[str, list[str]] = {}
    for life, serial in some:
        for table, text in life.noted[name]:
            rows.setdefault(table, []).append(life.copy(text, serial))
    for table, texts in rows.items():
        await log.pool.execute(
            f"INSERT INTO {table} SELECT (json_populate_record(null::{table}, r)).* "
            "FROM unnest($1::text[]::json[]) r ON CONFLICT DO NOTHING",
            texts,
        )


async def _appended(
    logs: Mapping[str, Log],
    name: str,
    some: Sequence[tuple[Lived, int]],
    places: dict[tuple[int, Place], tuple[int, str]],
) -> int:
    """What one service says in some copies; where each of it came to stand is noted."""
    log = logs[name]
    made = [_unit(life, name, serial, places) for life, serial in some]
    wanted = [(unit, olds, serial) for unit, olds, serial in made if olds]
    verdicts = await asyncio.gather(*(log.submit(unit) for unit, _, _ in wanted))
    ends = [verdict.position for verdict in verdicts if isinstance(verdict, Appended)]
    assert len(ends) == len(wanted), f"{name} refused a copy: {verdicts}"
    count = sum(len(olds) for _, olds, _ in wanted)
    if name == "archive" or not ends:
        return count
    rows = await log.pool.fetch(_HASHES, max(ends) - count, max(ends))
    hashes = {row["position"]: row["leafhash"].hex() for row in rows}
    for end, (_, olds, serial) in zip(ends, wanted, strict=True):
        for position, old in enumerate(olds, end - len(olds) + 1):
            places[serial, (name, old)] = position, hashes[position]
    # Archive keeps what it hears, to the byte.
    async with logs["archive"].pool.acquire() as connection:
        await connection.copy_records_to_table(
            "copies",
            records=[(name, row["position"], row["body"], row["leafhash"], []) for row in rows],
            columns=["store", "position", "body", "leafhash", "origins"],
        )
    return count


def _unit(
    life: Lived, name: str, serial: int, places: Mapping[tuple[int, Place], tuple[int, str]]
) -> tuple[Unit, list[int], int]:
    """The copy of what one service said, and the old positions in the order of the new ones."""
    streams: dict[UUID, list[tuple[int, Draft]]] = {}
    for said in life.said[name]:
        about, fact = map(json.loads, life.copy(said.text, serial).split(BETWEEN))
        if said.type == FILED:
            found = places.get((serial, (fact["store"], fact["position"])))
            if found is None:
                continue
            fact["position"], fact["leafhash"] = found
        if said.type == RESERVED:
            fact["serial"] = serial
        draft = Draft(
            UUID(about["id"]), UUID(about["cause"]), said.type, _act(about), canonical(fact),
            tuple(said.sealed),
        )  # fmt: skip
        streams.setdefault(UUID(about["stream"]), []).append((said.position, draft))
    appends = [Append(s, 0, tuple(draft for _, draft in two)) for s, two in streams.items()]
    return Unit(tuple(appends)), [old for two in streams.values() for old, _ in two], serial


def _act(about: Mapping[str, Any]) -> Act:
    def id_of(name: str) -> UUID | None:
        return UUID(about[name]) if about[name] else None

    return Act(
        about["actor"], about["area"], about["effective"], id_of("authority"), about["behalf"],
        about["channel"], id_of("matter"), about["pack"], id_of("project"),
    )  # fmt: skip
