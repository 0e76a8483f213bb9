"""How does each event of archive change what can be read as a list?"""

from collections.abc import Mapping

from contracts.archive import (
    DocumentFiled,
    EntryFiled,
    FileChecked,
    FileClosed,
    FileOpened,
)
from shared.eventstore.postgres import Connection
from shared.eventstore.vocabulary import wire_type
from shared.projecting import Project, Told

_OPENED = """
    INSERT INTO view_files (matter, number, area, project, opened, position, entries)
    SELECT $1, $2, $3, $4, $5, $6, count(*) FROM events
    WHERE stream = $1 AND position < $6 AND type = $7
    ON CONFLICT (matter) DO NOTHING
"""
_CHANGED = "UPDATE view_files SET {change}, position = $2 WHERE matter = $1"


async def files(connection: Connection, told: Told) -> None:
    """Every file: its number, how much is in it, whether it is complete and closed."""
    stream, position = told.about.stream, told.entry.position

    async def change(what: str, *values: object) -> None:
        await connection.execute(_CHANGED.format(change=what), stream, position, *values)

    match told.event:
        case FileOpened(number=number):
            about = told.about
            await connection.execute(
                _OPENED, stream, number, about.area, about.project, about.effective[:10],
                position, wire_type(EntryFiled),
            )  # fmt: skip
        case EntryFiled():
            await change("entries = entries + 1")
        case DocumentFiled(document=document):
            await change("documents = documents + 1")
            # The event holds it, sealed: what is personal is forgotten here.
            await connection.execute(
                "UPDATE uploads SET filed = true, sha256 = NULL, name = NULL WHERE id = $1",
                document,
            )
        case FileChecked(complete=complete):
            await change("complete = $3", complete)
        case FileClosed():
            await change("closed = true")


async def entries(connection: Connection, told: Told) -> None:
    """Archive's order over the positions of the stores."""
    match told.event:
        case EntryFiled(store=store, position=position):
            await connection.execute(
                "INSERT INTO view_entries (position, file, project, store, store_position)"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
                told.entry.position,
                told.about.stream,
                told.about.project,
                store,
                position,
            )


PROJECTIONS: Mapping[str, Project] = {"files": files, "entries": entries}
