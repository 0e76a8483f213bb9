"""What can be answered about notices, transfers, acknowledgements and owners?"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from shared.eventstore.postgres import Reads


class Received(NamedTuple):
    """When a request came in, and the accounts of the unit."""

    people: frozenset[str]
    at: datetime


class TellingQueries:
    """Reads over what stands beside the agents; they may lag a little behind the log."""

    _pool: Reads

    async def heard_request(
        self, matter: UUID, project: UUID | None, people: Sequence[str], at: datetime
    ) -> None:
        """Intake took in a request; heard twice is once."""
        await self._pool.execute(
            "INSERT INTO heard_requests VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            matter, project, list(people), at,
        )  # fmt: skip

    async def received(self, matter: UUID) -> Received | None:
        """What was heard of the request of `matter`."""
        row = await self._pool.fetchrow(
            "SELECT people, received_at FROM heard_requests WHERE matter = $1", matter
        )
        return Received(frozenset(row["people"]), row["received_at"]) if row else None

    async def requests_of(self, project: UUID) -> list[UUID]:
        """The matters of a project that were heard of."""
        rows = await self._pool.fetch(
            "SELECT matter FROM heard_requests WHERE project = $1 ORDER BY matter", project
        )
        return [row["matter"] for row in rows]

    async def notices(
        self, person: str, matter: UUID | None, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """What the unit of `person` was told, oldest first."""
        rows = await self._pool.fetch(
            "SELECT n.* FROM view_notices n JOIN heard_requests r USING (matter) "
            "WHERE $1 = ANY (r.people) AND ($2::uuid IS NULL OR n.matter = $2) "
            "AND n.position > $3 ORDER BY n.position LIMIT $4",
            person, matter, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def notices_of(self, matter: UUID, after: int, limit: int) -> list[dict[str, Any]]:
        """What the unit of `matter` was told, oldest first."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_notices WHERE matter = $1 AND position > $2 "
            "ORDER BY position LIMIT $3",
            matter, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def unacknowledged(self, area: str, passed: int, limit: int) -> list[dict[str, Any]]:
        """Who was named and has not taken over yet, the longest wait first."""
        rows = await self._pool.fetch(
            "SELECT matter, agent, body, lead, since FROM view_agents "
            "WHERE area = $1 AND acknowledged_on IS NULL ORDER BY since, matter, agent "
            "LIMIT $2 OFFSET $3",
            area, limit, passed,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def transfers(
        self, area: str, passed: int, limit: int, *, unconfirmed: bool
    ) -> list[dict[str, Any]]:
        """Items that went to another level, with who follows them here until when."""
        rows = await self._pool.fetch(
            "SELECT v.*, t.agent AS followed_by, c.item IS NOT NULL AS closed "
            "FROM view_transfers v LEFT JOIN view_tasks t USING (matter, item) "
            "LEFT JOIN heard_closed c USING (matter, item) WHERE v.area = $1 "
            "AND (NOT $2 OR v.confirmed_on IS NULL) "
            "ORDER BY v.sent_on, v.matter, v.item LIMIT $3 OFFSET $4",
            area, unconfirmed, limit, passed,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def unowned(
        self, area: str, after: tuple[date, UUID, str], limit: int
    ) -> list[dict[str, Any]]:
        """Open items for which no person in the department was named, the longest wait first
        (AS-94).
        """
        rows = await self._pool.fetch(
            "SELECT t.matter, t.item, t.agent, t.since, "
            "concat_ws('/', t.since, t.matter, t.item) AS key "
            "FROM view_tasks t LEFT JOIN view_owners o USING (matter, item) "
            "LEFT JOIN heard_closed c USING (matter, item) WHERE t.area = $1 "
            "AND o.item IS NULL AND c.item IS NULL AND (t.since, t.matter, t.item) > ($2, $3, $4) "
            "ORDER BY t.since, t.matter, t.item LIMIT $5",
            area, *after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def told(
        self, area: str, passed: int, limit: int, *, unconfirmed: bool
    ) -> list[dict[str, Any]]:
        """Which centre was told of what, how late, and whether a person took note (YY-52)."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_told WHERE area = $1 AND (NOT $2 OR confirmed_by IS NULL) "
            "ORDER BY told_on, matter LIMIT $3 OFFSET $4",
            area, unconfirmed, limit, passed,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def given_since(self, area: str, day: date) -> Mapping[str, int]:
        """How many items each person got since `day` (公平)."""
        rows = await self._pool.fetch(
            "SELECT agent, count(*) AS n FROM view_tasks WHERE area = $1 AND since >= $2 "
            "GROUP BY agent",
            area, day,
        )  # fmt: skip
        return {row["agent"]: row["n"] for row in rows}
