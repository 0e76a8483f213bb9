"""What does each store of a box hold, in two numbers that cannot both be right by luck?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from contracts.subjects import SERVICES
from services.onebox.errors import PlatformError
from services.onebox.own_servers import dsn_on
from shared.eventstore.log import AFTER, Entry
from shared.eventstore.postgres import Connection, connect
from shared.tlog.merkle import Frontier

BATCH = 10_000
PATIENCE = 60.0

type Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Head:
    """A log's size and the RFC 6962 root over its event bytes."""

    size: int
    root: str


class LogDiffers(PlatformError):
    """A log is not what it was; the message says which, and from which row on."""


async def heads(
    admin: str, say: Say, *, at: Mapping[str, int] | None = None, prefix: str = "onefile"
) -> dict[str, Head]:
    """Each service's head, hashed again from every event's bytes; `at` asks for earlier sizes.

    `admin` is a superuser's connection string. Raises `LogDiffers` at the first row whose bytes
    do not fit its hash or its place, and where a log is shorter than asked.
    """
    found = {}
    for service in SERVICES:
        connection = await connect(dsn_on(admin, f"{prefix}_{service}"))
        try:
            found[service] = await _head(connection, service, say, (at or {}).get(service))
        finally:
            await connection.close()
    return found


async def sizes(admin: str, prefix: str = "onefile") -> dict[str, int]:
    """How many events each store holds now."""
    found = {}
    for service in SERVICES:
        connection = await connect(dsn_on(admin, f"{prefix}_{service}"))
        try:
            found[service] = await connection.fetchval(
                "SELECT coalesce(max(position), 0) FROM events"
            )
        finally:
            await connection.close()
    return found


async def _head(connection: Connection, service: str, say: Say, wanted: int | None) -> Head:
    frontier = Frontier()
    while wanted is None or frontier.size < wanted:
        limit = BATCH if wanted is None else min(BATCH, wanted - frontier.size)
        rows = await connection.fetch(AFTER, frontier.size, limit, timeout=PATIENCE)
        for row in rows:
            frontier.append(_leaf(Entry(*row), frontier.size, service))
        if len(rows) < limit:
            break
        say(f"  {service}: {frontier.size} events hashed")
    if wanted is not None and frontier.size < wanted:
        raise LogDiffers(
            f"{service} 的日志只有 {frontier.size} 条，应有 {wanted} 条 · the log of {service} "
            f"holds {frontier.size} events and should hold {wanted}: this copy is too old or "
            "incomplete. Take another one."
        )
    return Head(frontier.size, frontier.root().hex())


def _leaf(row: Entry, size: int, service: str) -> bytes:
    found = sha256(b"\x00" + row.body).digest()
    if row.position != size + 1 or found != row.leafhash:
        raise LogDiffers(
            f"{service} 的第 {size + 1} 条与写入时不符 · row {size + 1} of {service} does not fit "
            "what was appended: do not use this copy; take an earlier one and tell the auditor."
        )
    return found
