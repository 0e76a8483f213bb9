"""Which replica publishes and posts a feed: whoever holds its lock, so that no two do at once.

All replicas have a part: each holds no more than its share, also when another comes later.
"""

import contextlib
from collections import Counter
from collections.abc import Sequence

import structlog

from shared.eventstore.postgres import Connection, connect, lost

log = structlog.get_logger()

PATIENCE = 2.0
"""Seconds for an answer; without one the link is taken for broken, and every feed is let go."""
PORTION = 4
"""A replica takes a quarter of what is free at a time: one that starts beside it gets its share."""
UNLED = 25
"""Looks after which a feed that stayed free is taken above the share: another does not take it."""

_HERE = "SELECT pg_advisory_lock_shared(hashtext('onefile.feeds'), 0)"
_LOOK = """
    WITH held AS (
        SELECT pid, classid::bigint AS kind, objid::bigint AS feed FROM pg_locks
        WHERE locktype = 'advisory' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND classid::bigint IN (hashtext('onefile.feeds')::bigint & 4294967295,
                                  hashtext('onefile.feed')::bigint & 4294967295)
    )
    SELECT (SELECT count(DISTINCT pid) FROM held) AS replicas, ARRAY(
        SELECT one FROM unnest($1::text[]) WITH ORDINALITY AS wanted (one, n)
        WHERE NOT EXISTS (
            SELECT FROM held WHERE kind = hashtext('onefile.feed')::bigint & 4294967295
              AND feed = hashtext(one)::bigint & 4294967295 AND pid <> pg_backend_pid()
        ) ORDER BY n
    ) AS free
"""
_TRY = "SELECT pg_try_advisory_lock(hashtext('onefile.feed'), hashtext($1))"
_LET_GO = "SELECT pg_advisory_unlock(hashtext('onefile.feed'), hashtext($1))"


class Leadership:
    """Session locks of one connection, one per feed. The connection ends: they are all free."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._connection: Connection | None = None
        self.held: set[str] = set()
        self._share = 0
        self._unled: Counter[str] = Counter()

    async def take(self, wanted: Sequence[str]) -> None:
        """Hold what is free of `wanted`, up to our share; `held` says what is ours now."""
        try:
            connection = await self._connected()
            look = await connection.fetchrow(_LOOK, wanted, timeout=PATIENCE)
            assert look is not None
            self._share = -(-len(wanted) // look["replicas"])
            free = [feed for feed in look["free"] if feed not in self.held]
            self._unled = Counter({feed: self._unled[feed] + 1 for feed in free})
            for feed in self._ours(free):
                if await connection.fetchval(_TRY, feed, timeout=PATIENCE):
                    self.held.add(feed)
                    log.info("feed_leading", feed=feed)
        except Exception as error:
            if not lost(error):
                raise
            log.warning("feeds_wait_for_store", error=repr(error))
            self.close()

    def _ours(self, free: Sequence[str]) -> list[str]:
        """What to take now: a portion, within the share; and what nobody else takes."""
        portion = min(-(-len(free) // PORTION), max(0, self._share - len(self.held)))
        return [feed for n, feed in enumerate(free) if n < portion or self._unled[feed] > UNLED]

    def above_share(self) -> int:
        """How many feeds another replica should have instead of us."""
        return max(0, len(self.held) - self._share)

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
            await self._connection.fetchval(_HERE, timeout=PATIENCE)
        return self._connection
