"""Which replica publishes and posts a feed: whoever holds its lock, so that no two do at once."""

import contextlib
from collections.abc import Sequence

import structlog

from shared.eventstore.postgres import Connection, connect, lost

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds for an answer; without one the link is taken for broken, and every feed is let go."""
PORTION = 4
"""A replica takes a quarter of what is free at a time: one that starts beside it gets its share."""

_TRY = "SELECT pg_try_advisory_lock(hashtext('onefile.feed'), hashtext($1))"
_LET_GO = "SELECT pg_advisory_unlock(hashtext('onefile.feed'), hashtext($1))"


class Leadership:
    """Session locks of one connection, one per feed. The connection ends: they are all free."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None
        self.held: set[str] = set()

    async def take(self, wanted: Sequence[str]) -> None:
        """Hold what is free of `wanted`, a portion at a time; `held` says what is ours now."""
        free = [feed for feed in wanted if feed not in self.held]
        try:
            connection = await self._connected()
            await connection.fetchval("SELECT 1", timeout=PATIENCE)
            left = -(-len(free) // PORTION)
            for feed in free:
                if left and await connection.fetchval(_TRY, feed, timeout=PATIENCE):
                    self.held.add(feed)
                    left -= 1
                    log.info("feed_leading", feed=feed)
        except Exception as error:
            if not lost(error):
                raise
            log.warning("feeds_wait_for_store", error=repr(error))
            self.close()

    async def let_go(self, feed: str) -> None:
        """Somebody else may have it."""
        if feed in self.held and self._connection is not None:
            self.held.discard(feed)
            try:
                await self._connection.fetchval(_LET_GO, feed, timeout=PATIENCE)
            except Exception as error:
                if not lost(error):
                    raise
                self.close()

    def close(self) -> None:
        """Let everything go at once."""
        self.held.clear()
        if self._connection is not None:
            with contextlib.suppress(Exception):
                self._connection.terminate()
            self._connection = None

    async def _connected(self) -> Connection:
        if self._connection is None or self._connection.is_closed():
            self.held.clear()
            self._connection = await connect(self._dsn)
        return self._connection
