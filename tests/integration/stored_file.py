"""A file put into archive's own tables as it would have come there, however long it is."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import batched
from pathlib import Path

from contracts.canonical import canonical
from services.archive.domain.file import Filed
from services.archive.queries import Queries
from shared.effects import new_id
from shared.eventstore.batch import Batch
from shared.eventstore.identity import cause_of, event_id
from shared.eventstore.log import open_log
from shared.eventstore.migrate import FLOOR, migrate
from shared.eventstore.units import Act, Append, Draft, Unit
from tests.integration.store import connected, login

ARCHIVE = Path(__file__).parents[2] / "services" / "archive" / "migrations"
_COPY = "INSERT INTO copies (store, position, body, leafhash, origins) VALUES ($1, $2, $3, $4, '{}')"
_LISTED = """
    INSERT INTO view_files (matter, number, area, project, opened, position, entries)
    VALUES ($1, $2, $3, $4, '2026-04-14', 1, $5)
    ON CONFLICT (matter) DO UPDATE SET entries = $5
"""


async def prepared(database: str) -> str:
    """A database of archive, and the connection string of its writer."""
    async with connected(database) as owner:
        await migrate(owner, "archive", [FLOOR, ARCHIVE])
    return await login(database, "archive_writer")


@asynccontextmanager
async def queries_of(dsn: str) -> AsyncIterator[Queries]:
    async with open_log("archive", dsn) as log:
        yield Queries(log)


async def stored(dsn: str, filed: Filed, already: int = 0) -> None:
    """Append what archive recorded of the file after so many entries; keep its copies."""
    async with connected(dsn) as connection:
        rows = [
            (leaf.store, leaf.position, leaf.body.decode(), bytes.fromhex(leaf.leafhash))
            for entry in filed.entries[already:]
            if (leaf := entry.copy) is not None
        ]
        beside = [] if already else filed.project
        rows += [
            (leaf.store, leaf.position, leaf.body.decode(), bytes.fromhex(leaf.leafhash))
            for leaf in beside
        ]
        await connection.executemany(_COPY, rows)
        for part in batched(enumerate(filed.entries[already:], already), 500):
            drafts = [_draft(entry.own.parts()) for _, entry in part]
            append = Append(filed.matter, part[0][0], tuple(drafts))
            await Batch("archive", [Unit((append,))]).offer(connection, again=False)
        about, _ = filed.entries[0].own.parts()
        await connection.execute(
            _LISTED, filed.matter, f"{about.area}-2026-1", about.area, about.project,
            len(filed.entries),
        )  # fmt: skip


def _draft(parts: tuple) -> Draft:  # type: ignore[type-arg]
    about, fact = parts
    cause = cause_of(new_id(), about.stream)
    act = Act(
        actor=about.actor, area=about.area, effective=about.effective, matter=about.matter,
        project=about.project, pack=about.pack,
    )  # fmt: skip
    return Draft(
        id=event_id(cause, 0), cause=cause, type=about.type, act=act, fact=canonical(fact)
    )
