"""What can be answered about roster, posts and trainings?"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from shared.eventstore.postgres import Reads


class Wanted(NamedTuple):
    """Whom a list of people is about; None: everybody."""

    bodies: Sequence[str] | None = None
    role: str | None = None
    skill: str | None = None
    language: str | None = None


class PeopleQueries:
    """Reads over the views of people; they may lag a little behind the log."""

    def __init__(self, pool: Reads) -> None:
        self._pool = pool

    async def staff(
        self, area: str, wanted: Wanted, after: str, limit: int
    ) -> list[dict[str, Any]]:
        """People on the roster, by pseudonym."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_staff WHERE area = $1 AND removed_on IS NULL AND person > $2 "
            "AND ($3::text[] IS NULL OR body = ANY ($3)) "
            "AND ($4::text IS NULL OR $4 = ANY (roles)) "
            "AND ($5::text IS NULL OR $5 = ANY (skills)) "
            "AND ($6::text IS NULL OR $6 = ANY (languages)) ORDER BY person LIMIT $7",
            area, after, wanted.bodies, wanted.role, wanted.skill, wanted.language, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def areas(self) -> list[str]:
        """Every place that has people or matters here."""
        rows = await self._pool.fetch(
            "SELECT area FROM view_staff UNION SELECT area FROM view_posts "
            "UNION SELECT area FROM view_matters ORDER BY area"
        )
        return [row["area"] for row in rows]

    async def posts(
        self, area: str, post: str | None, bodies: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """Who held which post, oldest first."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_posts WHERE area = $1 AND ($2::text IS NULL OR post = $2) "
            "AND ($3::text[] IS NULL OR body = ANY ($3)) "
            "ORDER BY post, begins_on, position LIMIT 500",
            area, post, bodies,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def trainings(self, area: str) -> list[dict[str, Any]]:
        """Trainings, the latest first, with who came and which invited bodies sent nobody."""
        rows = await self._pool.fetch(
            "SELECT t.*, coalesce(array_agg(a.person ORDER BY a.person) FILTER "
            "(WHERE a.person IS NOT NULL), '{}') AS attended, ARRAY(SELECT unnest(t.invited) "
            "EXCEPT SELECT b.body FROM view_attendance b WHERE b.training = t.training "
            "ORDER BY 1) AS absent FROM view_trainings t LEFT JOIN view_attendance a "
            "USING (training) WHERE t.area = $1 GROUP BY t.training "
            "ORDER BY t.held_on DESC, t.training LIMIT 200",
            area,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def turnover(self, area: str, since: date, until: date) -> list[dict[str, Any]]:
        """Per body: people at the beginning and at the end, who came and who left (YO-52)."""
        rows = await self._pool.fetch(
            "SELECT body, "
            "count(*) FILTER (WHERE added_on < $2 AND (removed_on IS NULL OR removed_on >= $2)) "
            "AS at_beginning, "
            "count(*) FILTER (WHERE added_on <= $3 AND (removed_on IS NULL OR removed_on > $3)) "
            "AS at_end, "
            "count(*) FILTER (WHERE added_on BETWEEN $2 AND $3) AS joined, "
            "count(*) FILTER (WHERE removed_on BETWEEN $2 AND $3) AS left "
            "FROM view_staff WHERE area = $1 GROUP BY body ORDER BY body",
            area, since, until,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def all_matters_of(self, person: str) -> list[UUID]:
        """The matters `person` answers for or has an open item of, in any area."""
        rows = await self._pool.fetch(
            "SELECT a.matter FROM view_agents a WHERE a.agent = $1 AND (a.lead OR EXISTS "
            "(SELECT FROM view_tasks t LEFT JOIN heard_closed c USING (matter, item) "
            "WHERE t.matter = a.matter AND t.agent = $1 AND c.item IS NULL)) ORDER BY a.matter",
            person,
        )
        return [row["matter"] for row in rows]

    async def lent(self, person: str, substitute: str) -> dict[UUID, list[str]]:
        """What `substitute` has in hand for `person` while that one is away, by matter."""
        rows = await self._pool.fetch(
            "SELECT matter, array_agg(item ORDER BY item) AS items FROM view_lent "
            "WHERE person = $1 AND substitute = $2 GROUP BY matter ORDER BY matter",
            person, substitute,
        )  # fmt: skip
        return {row["matter"]: list(row["items"]) for row in rows}

    async def told_of(self, stream: UUID, persons: Sequence[str]) -> list[tuple[str, UUID]]:
        """The facts that hold personal columns of these people, oldest first."""
        rows = await self._pool.fetch(
            "SELECT fact::jsonb ->> 'person' AS person, id FROM events WHERE stream = $1 "
            "AND type IN ('assignment.staff_added.v1', 'assignment.staff_amended.v1') "
            "AND fact::jsonb ->> 'person' = ANY ($2) ORDER BY version",
            stream, list(persons),
        )  # fmt: skip
        return [(row["person"], row["id"]) for row in rows]
