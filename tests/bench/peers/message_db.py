"""How fast does message-db's write_message append?

Run as `python -m tests.bench.peers.message_db append CLIENTS SECONDS DSN` on an empty
database; BENCH_NPM names the folder the npm packages were installed to. The client is
asyncpg with one connection each, on uvloop: the lightest that Python offers.
"""

import json
import os
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop

from tests.bench.peers.window import TEXT, actor, drive_tasks, line

WRITE = "SELECT message_store.write_message($1, $2, 'Noted', $3::jsonb, NULL, -1)"

# The order of message-db's own install.sh. Its pgcrypto step is left out: the one
# function it was wanted for, gen_random_uuid(), is PostgreSQL's own since 13.
SCRIPTS = [
    "roles/message-store",
    "schema/message-store",
    "tables/messages",
    "types/message",
    "functions/message-store-version",
    "functions/hash-64",
    "functions/acquire-lock",
    "functions/category",
    "functions/is-category",
    "functions/id",
    "functions/cardinal-id",
    "functions/stream-version",
    "functions/write-message",
    "functions/get-stream-messages",
    "functions/get-category-messages",
    "functions/get-last-stream-message",
    "indexes/messages-id",
    "indexes/messages-stream",
    "indexes/messages-category",
]


async def connect(dsn: str) -> asyncpg.Connection:
    """A connection that sees message-db's schema, as its manual asks."""
    return await asyncpg.connect(dsn, server_settings={"search_path": "message_store,public"})


async def install(dsn: str, scripts: Path) -> None:
    """Run message-db's own SQL files on an empty database."""
    connection = await connect(dsn)
    for name in SCRIPTS:
        await connection.execute((scripts / f"{name}.sql").read_text())
    await connection.close()


async def measure(clients: int, seconds: float, dsn: str, scripts: Path) -> str:
    """The JSON line of one measurement of message-db."""
    await install(dsn, scripts)
    connections = [await connect(dsn) for _ in range(clients)]

    async def append(client: int) -> None:
        data = json.dumps({"actor": actor(), "text": TEXT})
        await connections[client].fetchval(WRITE, str(uuid4()), f"matter-{uuid4()}", data)

    latencies = await drive_tasks(clients, seconds, append)
    for connection in connections:
        await connection.close()
    return line(latencies, seconds)


if __name__ == "__main__":
    if sys.argv[1] != "append":
        raise SystemExit("message-db is measured on append only.")
    folder = Path(os.environ["BENCH_NPM"], "node_modules/@eventide/message-db/database")
    print(
        uvloop.run(measure(int(sys.argv[2]), float(sys.argv[3]), sys.argv[4], folder)),
        flush=True,
    )
