"""How are the views of a service made again from its log, where nobody but the asker sees them?"""

from typing import Any

from shared.eventstore.log import Entry
from shared.eventstore.postgres import Connection
from shared.projecting import Told, told_of

SLICE = 500
"""Events that are read at once; between slices others have their turn."""

_TABLES = """
    SELECT c.relname AS name,
           (SELECT array_agg(a.attname ORDER BY k.n) FROM pg_index i,
                   unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, n), pg_attribute a
            WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid
              AND a.attnum = k.attnum) AS key
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
      AND starts_with(c.relname, 'view_')
    ORDER BY c.relname
"""
_ENTRIES = """
    SELECT position, stream, version, id, type, leafhash, about, fact FROM events
    WHERE position > $1 AND position <= $2 ORDER BY position LIMIT $3
"""


async def shadow(connection: Connection) -> list[Any]:
    """Give this connection empty copies of the views, which stand before the live ones for it.

    What projections write through it goes there, and is gone with it. Returns each table's name
    and the columns of its key.
    """
    tables = await connection.fetch(_TABLES)
    for table in tables:
        name = table["name"]
        await connection.execute(
            f'CREATE TEMP TABLE "{name}" (LIKE public."{name}" INCLUDING ALL)'
        )
    return tables


async def told_between(connection: Connection, after: int, upto: int) -> list[Told]:
    """The next slice of the log after a position, and not beyond another, decoded."""
    rows = await connection.fetch(_ENTRIES, after, upto, SLICE)
    return [told_of(Entry(*row)) for row in rows]
