"""Apply numbered SQL once, in order, under a lock."""

from collections.abc import Iterable
from hashlib import sha256
from importlib.resources import files
from pathlib import Path

import asyncpg

from shared.eventstore.postgres import Connection

FLOOR = Path(str(files("shared.eventstore"))) / "migrations"

_TABLE = """
    CREATE TABLE IF NOT EXISTS migrations (
        number integer PRIMARY KEY,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied timestamptz NOT NULL DEFAULT clock_timestamp()
    )
"""


class MigrationRefused(Exception):
    """The database was migrated by something else than what we carry; the message says what."""


async def migrate(connection: Connection, service: str, folders: Iterable[Path]) -> list[str]:
    """Bring the database of `service` up to date; returns the names of what was applied.

    Each file runs in a transaction of its own. A file that was applied before must not have
    changed: a migration is never edited, another is added. Raises `MigrationRefused`.
    """
    steps = sorted(
        (p for folder in folders for p in folder.glob("*.sql")), key=lambda p: p.name
    )
    await connection.execute("SELECT pg_advisory_lock(hashtext('onefile.migrations'))")
    try:
        await connection.execute(_TABLE)
        done = {r["number"]: r for r in await connection.fetch("SELECT * FROM migrations")}
        ahead = set(done) - {number_of(step) for step in steps}
        if ahead:
            raise MigrationRefused(
                f"{service} 的库已到迁移 {max(ahead)}，新于本版本：请用当时的版本或更新的 · "
                f"the database of {service} knows migration {max(ahead)}, this version does "
                "not: run the version that made it, or a later one"
            )
        return [
            step.name
            for step in steps
            if await _apply(connection, service, step, done.get(number_of(step)))
        ]
    finally:
        await connection.execute("SELECT pg_advisory_unlock(hashtext('onefile.migrations'))")


def number_of(step: Path) -> int:
    return int(step.name.split("_", 1)[0])


async def _apply(
    connection: Connection,
    service: str,
    step: Path,
    done: asyncpg.Record | None,
) -> bool:
    text = step.read_text()
    digest = sha256(text.encode()).hexdigest()
    if done is not None:
        if done["sha256"] != digest:
            raise MigrationRefused(
                f"{step.name} 在用于 {service} 之后被改动：请改回原样，另加一个迁移 · "
                f"{step.name} was changed after it was applied to {service}: restore it and "
                "add another migration instead"
            )
        return False
    async with connection.transaction():
        await connection.execute(text.replace("{service}", service))
        await connection.execute(
            "INSERT INTO migrations (number, name, sha256) VALUES ($1, $2, $3)",
            number_of(step),
            step.name,
            digest,
        )
    return True
