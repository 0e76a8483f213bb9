"""Connections and pools as this project uses them."""

import asyncpg

type Connection = asyncpg.Connection[asyncpg.Record]
type Pool = asyncpg.Pool[asyncpg.Record]
type Reads = Pool | Connection
"""Where a query reads: any connection, or one whose views are those of another time."""

COMMAND_TIMEOUT = 5.0
"""Seconds: no query waits longer. The server's own limits do not fire on a black-holed link."""
FIRST_LINK = 60.0
"""Seconds for the connection that a service cannot start without: nobody waits for it yet, and a
machine on which many start is slow."""


class _Pooled(asyncpg.Connection):
    """A pooled connection that leaves no session state behind, so its release costs nothing.

    asyncpg would send a reset query at every release: a fifth to a third of the throughput.
    """

    def get_reset_query(self) -> str:
        return ""


async def connect(dsn: str, *, patience: float = COMMAND_TIMEOUT) -> Connection:
    """A connection of its own: for the writer, for LISTEN, for session locks."""
    return await asyncpg.connect(
        dsn, timeout=patience, server_settings={"plan_cache_mode": "force_generic_plan"}
    )


async def open_pool(dsn: str, *, size: int = 8, role: str | None = None) -> Pool:
    """A pool of up to `size` connections, acting as `role` when one is named."""
    settings = {"role": role} if role else {}
    return await asyncpg.create_pool(
        dsn,
        min_size=1,
        max_size=size,
        command_timeout=COMMAND_TIMEOUT,
        connection_class=_Pooled,
        server_settings={"application_name": "onefile", **settings},
    )


LOST = (
    TimeoutError,
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # used in the moment in which the link broke
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""What a connection says when it is gone, and with it the fate of the last statement."""


def lost(error: BaseException) -> bool:
    """Whether `error` leaves the outcome unknown; asyncpg calls bad input an InterfaceError too."""
    return isinstance(error, LOST) and not isinstance(error, ValueError)
