"""What can be answered about matters, queue and load?"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from contracts.event import About
from shared.eventstore.postgres import Reads

_OPEN = """
    SELECT t.* FROM view_tasks t LEFT JOIN heard_closed c USING (matter, item)
    WHERE c.item IS NULL AND t.area = $1
"""
_WAITING = """
    SELECT m.* FROM view_matters m LEFT JOIN heard_modes h USING (matter)
    WHERE m.area = $1 AND m.dispatched_on IS NULL AND h.mode IS DISTINCT FROM 'none'
"""


class MatterQueries:
    """Reads over the views of matters; they may lag a little behind the log."""

    def __init__(self, pool: Reads) -> None:
        self._pool = pool

    async def first_about(self, stream: UUID) -> About | None:
        """The circumstances of a stream's first event: its area, project and edition for good."""
        text = await self._pool.fetchval(
            "SELECT about FROM events WHERE stream = $1 AND version = 1", stream
        )
        return About.model_validate_json(text) if text else None

    async def open_items(self, area: str) -> Mapping[str, int]:
        """The points of the open items each person of `area` has in hand."""
        rows = await self._pool.fetch(
            f"SELECT agent, sum(points)::bigint AS n FROM ({_OPEN}) o GROUP BY agent", area
        )
        return {row["agent"]: row["n"] for row in rows}

    async def waiting_before(self, matter: UUID, area: str, bodies: Sequence[str]) -> int:
        """How many earlier requests to the same bodies still wait for an agent."""
        found = await self._pool.fetchval(
            f"SELECT count(*) FROM ({_WAITING}) w WHERE matter <> $2 AND bodies && $3 "
            "AND position < coalesce((SELECT position FROM view_matters WHERE matter = $2), "
            "9223372036854775807)",
            area, matter, list(bodies),
        )  # fmt: skip
        return int(found)

    async def matters_of(self, area: str, person: str) -> list[UUID]:
        """The matters `person` answers for and that still have an open item, or none yet."""
        rows = await self._pool.fetch(
            "SELECT a.matter FROM view_agents a WHERE a.area = $1 AND a.agent = $2 AND "
            "(a.lead OR EXISTS (SELECT FROM view_tasks t LEFT JOIN heard_closed c "
            "USING (matter, item) WHERE t.matter = a.matter AND t.agent = $2 "
            "AND c.item IS NULL)) ORDER BY a.matter",
            area, person,
        )  # fmt: skip
        return [row["matter"] for row in rows]

    async def heard_closed(self, matter: UUID, item: str) -> None:
        """Supervision closed an item; heard twice is once."""
        await self._pool.execute(
            "INSERT INTO heard_closed VALUES ($1, $2) ON CONFLICT DO NOTHING", matter, item
        )

    async def heard_mode(self, matter: UUID, mode: str) -> None:
        """Intake recorded how the unit wants to be served; the latest counts."""
        await self._pool.execute(
            "INSERT INTO heard_modes VALUES ($1, $2) ON CONFLICT (matter) "
            "DO UPDATE SET mode = $2, heard_at = clock_timestamp() "
            "WHERE heard_modes.mode <> $2",
            matter, mode,
        )  # fmt: skip

    async def answering(self, area: str) -> list[str]:
        """Everybody in `area` who answers for a matter."""
        rows = await self._pool.fetch(
            "SELECT DISTINCT agent FROM view_agents WHERE area = $1 ORDER BY agent", area
        )
        return [row["agent"] for row in rows]

    async def queue(self, area: str, passed: int = 0, limit: int = 500) -> list[dict[str, Any]]:
        """Requests without an agent, first come first."""
        rows = await self._pool.fetch(
            f"{_WAITING} ORDER BY position LIMIT $2 OFFSET $3", area, limit, passed
        )
        return [dict(row) for row in rows]

    async def jumps(self, area: str) -> list[dict[str, Any]]:
        """Matters taken before earlier ones, the latest 200 of them."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_matters WHERE area = $1 AND jumped > 0 "
            "ORDER BY position DESC LIMIT 200",
            area,
        )
        return [dict(row) for row in rows]

    async def load(self, area: str) -> list[dict[str, Any]]:
        """Open items and matters per person, the fullest hands first."""
        rows = await self._pool.fetch(
            "SELECT agent, min(body) AS body, sum(items)::bigint AS items, "
            "sum(points)::bigint AS points, count(*) AS matters, min(since) AS oldest_since "
            "FROM (SELECT agent, matter, min(body) AS body, count(*) AS items, "
            f"sum(points) AS points, min(since) AS since FROM ({_OPEN}) o GROUP BY agent, matter) m "
            "GROUP BY agent ORDER BY points DESC, agent",
            area,
        )
        return [dict(row) for row in rows]

    async def matters(
        self, area: str, agent: str | None, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Matters in order of arrival, all or those one person answers for."""
        rows = await self._pool.fetch(
            "SELECT m.* FROM view_matters m WHERE m.area = $1 AND m.position > $2 AND "
            "($3::text IS NULL OR EXISTS (SELECT FROM view_agents a WHERE a.matter = m.matter "
            "AND a.agent = $3)) ORDER BY m.position LIMIT $4",
            area, after, agent, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]
