"""What can be answered from the read model of evaluation?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from contracts.event import About
from services.evaluation.domain.appraising import Counted, Rated
from services.evaluation.domain.independence import REVISIT
from services.evaluation.domain.sealing import Sealed
from services.evaluation.domain.terms import PROBITY
from shared.eventstore.postgres import Reads


@dataclass(frozen=True, slots=True)
class Whose:
    """What is counted: an agent's matters, or a body's, in an area, up to a place in the log."""

    area: str
    agent: str | None
    body: str | None
    first: date
    last: date
    cut: int
    excluded: tuple[UUID, ...] = ()

    def parameters(self) -> tuple[object, ...]:
        own = self.area, self.agent, self.body
        return *own, self.first, self.last, self.cut, list(self.excluded)


class Unrated(NamedTuple):
    """An invitation nobody answered yet."""

    matter: UUID
    instrument: str
    area: str
    pack: str
    project: UUID | None
    sending: int
    last_on: date


_THEIRS = (
    "area = $1 AND ($2::text IS NULL OR agent = $2) AND ($3::text IS NULL OR {body} = $3) "
    "AND NOT coalesce(matter = ANY ($7::uuid[]), false)"
)
_OWN = _THEIRS.format(body="agent_body")
_UNANSWERED = (
    "NOT EXISTS (SELECT FROM view_ratings r "
    "WHERE r.matter = i.matter AND r.instrument = i.instrument"
)
_ANSWERED = "EXISTS (SELECT FROM view_ratings r WHERE r.matter = i.matter AND r.position <= $6)"
_BEHIND = {
    "matters": f"SELECT DISTINCT matter, first_on AS day, NULL AS said FROM view_invitations "
    f"WHERE {_OWN} AND first_on",
    "return_visits_reached": "SELECT matter, made_on AS day, CASE WHEN reached THEN 'reached' "
    f"ELSE 'not_reached' END AS said FROM view_visits WHERE {_OWN} AND made_on",
    "bad_ratings": "SELECT matter, opened_on AS day, verdict AS said FROM view_bad_ratings "
    f"WHERE {_OWN} AND opened_on",
    "complaints_upheld": "SELECT coalesce(matter, concerns) AS matter, received_on AS day, "
    "verdict AS said FROM view_complaints WHERE kind <> 'probity' AND "
    f"{_THEIRS.format(body='body').replace('agent =', 'against =')} AND received_on",
    "ratings": f"SELECT matter, rated_on AS day, level AS said FROM view_ratings WHERE {_OWN} "
    "AND starts_with($8, instrument || '_') AND rated_on",
}
_KINDS = {
    "load": "matters",
    "participation": "matters",
    "bad_ratings_late": "bad_ratings",
    "bad_ratings_rectified": "bad_ratings",
}
"""The matters behind a figure. A complaint of probity is counted, never listed."""


_VISITS_TO_MAKE = """
    SELECT matter, min(agent) AS agent, min(agent_body) AS agent_body, min(first_on) AS since
    FROM view_invitations i WHERE area = $3 AND agent_body <> ALL ($4) AND
    NOT EXISTS (SELECT FROM view_visits v WHERE v.matter = i.matter AND v.reached)
    GROUP BY matter ORDER BY since, matter LIMIT $1 OFFSET $2
"""
_BAD_RATINGS = """
    SELECT bad_rating, matter, agent, owner, opened_on, due_on FROM view_bad_ratings
    WHERE area = $3 AND rectified_on IS NULL ORDER BY due_on, bad_rating LIMIT $1 OFFSET $2
"""
_COMPLAINTS = """
    SELECT complaint, matter, concerns, kind, against, to_body, received_on, due_on, order_no
    FROM view_complaints WHERE area = $3 AND answered_on IS NULL AND
    (kind <> $5 OR to_body = ANY ($4)) ORDER BY received_on, complaint LIMIT $1 OFFSET $2
"""
_ORDERS_TO_CLOSE = """
    SELECT order_no, complaint, verdict, answered_on FROM view_complaints WHERE
    area = $3 AND order_no IS NOT NULL AND answered_on IS NOT NULL AND
    (kind <> $5 OR to_body = ANY ($4)) AND NOT EXISTS (SELECT FROM heard_orders o
    WHERE o.order_no = view_complaints.order_no AND o.answered_on IS NOT NULL)
    ORDER BY answered_on, complaint LIMIT $1 OFFSET $2
"""
_TO_REVIEW = """
    SELECT event, kind, matter, body, day FROM view_prompts
    WHERE area = $3 AND reviewed IS NULL ORDER BY day, event LIMIT $1 OFFSET $2
"""
TASKS: Mapping[str, str] = {
    "return_visits": _VISITS_TO_MAKE,
    "bad_ratings": _BAD_RATINGS,
    "complaints": _COMPLAINTS,
    "orders_to_close": _ORDERS_TO_CLOSE,
    "to_review": _TO_REVIEW,
}
"""The lists of what waits for an office: each is read a page at a time."""
_PUBLICATIONS = """
    SELECT p.*, CASE WHEN withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN EXISTS (
        SELECT FROM view_publications n WHERE n.area = p.area AND n.quarter = p.quarter AND
        n.assessment = p.assessment AND n.form = p.form AND n.position > p.position
    ) THEN 'replaced' ELSE 'in_force' END AS state FROM view_publications p
"""
_UNAPPRAISED = """
    SELECT DISTINCT s.quarter, s.agent FROM (
        SELECT agent, to_char(first_on, 'YYYY-"Q"Q') AS quarter FROM view_invitations
        WHERE area = $1 AND first_on BETWEEN $2 AND $3
        UNION SELECT agent, to_char(rated_on, 'YYYY-"Q"Q') FROM view_ratings
        WHERE area = $1 AND rated_on BETWEEN $2 AND $3
        UNION SELECT person, to_char(day, 'YYYY-"Q"Q') FROM heard_course h
        WHERE kind = 'missed' AND area = $1 AND day BETWEEN $2 AND $3
          AND EXISTS (SELECT FROM view_invitations i WHERE i.area = $1 AND i.agent = h.person)
    ) s
    WHERE NOT EXISTS (SELECT FROM view_appraisals a
                      WHERE a.area = $1 AND a.quarter = s.quarter AND a.agent = s.agent)
    ORDER BY quarter, agent
"""
_ANEW = ", ".join(
    f"{part} = coalesce(${n}, heard_interest.{part}), {part}_at = CASE WHEN ${n} IS NULL OR "
    f"${n} = heard_interest.{part} THEN heard_interest.{part}_at ELSE clock_timestamp() END"
    for n, part in enumerate(("result", "mode", "medium"), 5)
)
_UNTIL = "coalesce(nullif(current_setting('onefile.until', true), ''), 'infinity')::timestamptz"
_INTEREST = (
    "(SELECT project, matter, area, day, "
    + ", ".join(
        f"CASE WHEN {part}_at <= {_UNTIL} THEN {part} END AS {part}"
        for part in ("result", "mode", "medium")
    )
    + " FROM heard_interest) h"
)
"""What was heard of each matter by the time that is asked for, each part by its own."""
_PROBITY = ("complaints", "orders_to_close")
_OF_BODIES = ("return_visits", *_PROBITY)


class Queries:
    """Reads over the views; they may lag a little behind the log."""

    def __init__(self, pool: Reads) -> None:
        self._pool = pool

    async def first_about(self, stream: UUID) -> About | None:
        """The circumstances of a stream's first event: its area, project and edition for good."""
        text = await self._pool.fetchval(
            "SELECT about FROM events WHERE stream = $1 AND version = 1", stream
        )
        return About.model_validate_json(text) if text else None

    async def matter_of(self, invitation: UUID) -> UUID | None:
        """The matter an invitation opens."""
        found = await self._pool.fetchval(
            "SELECT matter FROM view_invitations WHERE invitation = $1 UNION ALL "
            "SELECT stream FROM view_visit_invitations WHERE invitation = $1",
            invitation,
        )
        return UUID(str(found)) if found else None

    async def complaint(self, id: UUID) -> dict[str, Any] | None:
        """A complaint, the stream and the event that hold it, and the event that answers it."""
        row = await self._pool.fetchrow(
            "SELECT c.*, e.stream, e.id AS event, "
            "(SELECT id FROM events WHERE position = c.answered_at) AS answer "
            "FROM view_complaints c JOIN events e ON e.position = c.position "
            "WHERE complaint = $1",
            id,
        )
        return dict(row) if row else None

    async def from_device(self, device: UUID, day: date) -> int:
        """How many ratings came from a device on a day."""
        found = await self._pool.fetchval(
            "SELECT count(*) FROM view_ratings WHERE device = $1 AND rated_on = $2", device, day
        )
        return int(found)

    async def sealed(self, area: str, agent: str) -> list[Sealed]:
        """Somebody's ratings in their order, as far as their seal is concerned."""
        rows = await self._pool.fetch(
            "SELECT instrument, level, rated_on FROM view_ratings WHERE area = $1 AND agent = $2 "
            "ORDER BY position",
            area, agent,
        )  # fmt: skip
        return [Sealed(*row) for row in rows]

    async def unrated(self, area: str, until: date, sendings: int) -> list[Unrated]:
        """Links sent on or before `until`, not often enough yet, that nobody used; return
        visits are no links."""
        rows = await self._pool.fetch(
            "SELECT matter, instrument, area, pack, project, sending, last_on "
            "FROM view_invitations i WHERE area = $1 AND last_on <= $2 AND sending < $4 "
            f"AND instrument <> $3 AND {_UNANSWERED}) ORDER BY position LIMIT 100",
            area, until, REVISIT, sendings,
        )  # fmt: skip
        return [Unrated(*row) for row in rows]

    async def body_of(self, area: str, agent: str) -> str | None:
        """The body an agent came from when he last served."""
        found = await self._pool.fetchval(
            "SELECT agent_body FROM (SELECT agent_body, position FROM view_invitations "
            "WHERE area = $1 AND agent = $2 UNION ALL SELECT agent_body, position "
            "FROM view_visit_invitations WHERE area = $1 AND agent = $2) v "
            "ORDER BY position DESC LIMIT 1",
            area, agent,
        )  # fmt: skip
        return str(found) if found else None

    async def unappraised(self, area: str, first: date, last: date) -> list[tuple[str, str]]:
        """Quarter and agent: whose service ended or was rated in a quarter between these days, or
        who owed a reminder and did not give it, and who was not appraised for it yet."""
        rows = await self._pool.fetch(_UNAPPRAISED, area, first, last)
        return [(row["quarter"], row["agent"]) for row in rows]

    async def rated(self, whose: Whose) -> tuple[Rated, ...]:
        """The ratings of a period."""
        rows = await self._pool.fetch(
            f"SELECT instrument, level, scores FROM view_ratings WHERE {_OWN} "
            "AND rated_on BETWEEN $4 AND $5 AND position <= $6 ORDER BY position",
            *whose.parameters(),
        )
        return tuple(
            Rated(r["instrument"], r["level"], tuple(orjson.loads(r["scores"]).items()))
            for r in rows
        )

    async def unrated_matters(self, whose: Whose) -> int:
        """Matters whose service ended in the period, with an instrument nobody answered."""
        found = await self._pool.fetchval(
            f"SELECT count(DISTINCT matter) FROM view_invitations i WHERE {_OWN} AND first_on "
            f"BETWEEN $4 AND $5 AND position <= $6 AND {_UNANSWERED} AND r.position <= $6)",
            *whose.parameters(),
        )
        return int(found)

    async def counted(self, whose: Whose) -> Counted:
        """What else counts in a period: each as of the same place in the log."""
        within = "BETWEEN $4 AND $5 AND position <= $6"
        complained = _THEIRS.format(body="body").replace("agent =", "against =")
        row = await self._pool.fetchrow(
            "SELECT (SELECT count(DISTINCT matter) FROM view_invitations "
            f"WHERE {_OWN} AND first_on {within}) AS matters, "
            f"(SELECT count(*) FROM view_visits WHERE {_OWN} AND made_on {within}) AS visits, "
            f"(SELECT count(*) FROM view_visits WHERE {_OWN} AND made_on {within} AND reached) "
            "AS reached, "
            f"(SELECT count(*) FROM view_bad_ratings WHERE {_OWN} AND opened_on {within}) "
            "AS bad_ratings, "
            f"(SELECT count(*) FROM view_bad_ratings WHERE {_OWN} AND opened_on {within} AND "
            "due_on < CASE WHEN rectified_at <= $6 THEN rectified_on ELSE $5 + 1 END) "
            "AS bad_ratings_late, "
            f"(SELECT count(*) FROM view_complaints WHERE {complained} AND received_on {within}) "
            "AS complaints, "
            f"(SELECT count(*) FROM view_complaints WHERE {complained} AND received_on {within} "
            "AND verdict = 'upheld' AND answered_at <= $6) AS complaints_upheld, "
            f"(SELECT count(*) FROM view_bad_ratings WHERE {_OWN} AND opened_on {within} AND "
            "rectified_at <= $6) AS bad_ratings_rectified, "
            f"(SELECT count(DISTINCT matter) FROM view_invitations i WHERE {_OWN} AND first_on "
            f"{within} AND {_ANSWERED}) AS rated_matters, "
            "(SELECT coalesce(sum(items), 0)::bigint FROM (SELECT DISTINCT ON (matter) "
            f"coalesce(items, 1) AS items FROM view_invitations WHERE {_OWN} AND first_on "
            f"{within} ORDER BY matter, position) w) AS load",
            *whose.parameters(),
        )
        assert row is not None
        return Counted(**dict(row))

    async def appraisal(self, id: UUID) -> dict[str, Any] | None:
        """One appraisal as it was computed."""
        row = await self._pool.fetchrow(
            "SELECT * FROM view_appraisals WHERE appraisal = $1", id
        )
        if row is None:
            return None
        read = {name: orjson.loads(row[name]) for name in ("measures", "cut")}
        return dict(row) | read

    async def excluded(
        self, area: str, quarter: str, agent: str | None, body: str | None, cut: int
    ) -> tuple[UUID, ...]:
        """The matters that upheld appeals left out of somebody's quarter, as of a place."""
        rows = await self._pool.fetch(
            "SELECT DISTINCT unnest(p.excluded) AS matter FROM view_appeals p JOIN "
            "view_appraisals a ON a.appraisal = p.appraisal WHERE a.area = $1 AND "
            "a.quarter = $2 AND a.agent IS NOT DISTINCT FROM $3::text AND "
            "($3::text IS NOT NULL OR a.body = $4) AND p.decided_at <= $5 ORDER BY 1",
            area, quarter, agent, body, cut,
        )  # fmt: skip
        return tuple(UUID(str(row["matter"])) for row in rows)

    async def behind(self, whose: Whose, measure: str, most: int) -> list[dict[str, Any]]:
        """The matters behind one figure, as of the place it was computed at; at most `most`."""
        kind = _KINDS.get(measure, measure if measure in _BEHIND else "ratings")
        more = (measure,) if kind == "ratings" else ()
        rows = await self._pool.fetch(
            f"{_BEHIND[kind]} BETWEEN $4 AND $5 AND position <= $6 ORDER BY day, matter "
            f"LIMIT {most:d}",
            *whose.parameters(), *more,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def visits_of(self, matter: UUID) -> list[dict[str, Any]]:
        """The unrated visits and consultations of a matter, with their links (一次一评)."""
        rows = await self._pool.fetch(
            "SELECT v.stream, v.invitation, v.visit, v.agent, v.day, v.expires_at "
            "FROM view_visit_invitations v WHERE v.concerns = $1 AND NOT EXISTS "
            "(SELECT FROM view_ratings r WHERE r.matter = v.stream) ORDER BY v.position",
            matter,
        )
        return [dict(row) for row in rows]

    async def visits(self, area: str, after: int, limit: int) -> list[dict[str, Any]]:
        """Visits of an area, rated or not, without their links: for who asks by phone."""
        rows = await self._pool.fetch(
            "SELECT v.stream AS id, v.visit, v.concerns, v.agent, v.agent_body, v.day, v.position, "
            "EXISTS (SELECT FROM view_ratings r WHERE r.matter = v.stream) AS rated "
            "FROM view_visit_invitations v WHERE v.area = $1 AND v.position > $2 "
            "ORDER BY v.position LIMIT $3",
            area, after, limit,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def publications(
        self, area: str, quarter: str | None, passed: int, limit: int
    ) -> list[dict[str, Any]]:
        """What was given to assessments, the newest first, and what became of each."""
        rows = await self._pool.fetch(
            f"{_PUBLICATIONS} WHERE area = $1 AND ($2::text IS NULL OR quarter = $2) "
            "ORDER BY position DESC LIMIT $3 OFFSET $4",
            area, quarter, limit, passed,
        )  # fmt: skip
        return [_publication(dict(row)) for row in rows]

    async def publication(self, id: UUID) -> dict[str, Any] | None:
        """One publication as it was given."""
        row = await self._pool.fetchrow(f"{_PUBLICATIONS} WHERE publication = $1", id)
        return _publication(dict(row)) if row else None

    async def appeals(
        self, area: str, agent: str | None, body: str | None, passed: int, limit: int
    ) -> list[dict[str, Any]]:
        """Appeals against appraisals, the open ones first."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_appeals WHERE area = $1 AND ($2::text IS NULL OR agent = $2) AND "
            "($3::text IS NULL OR body = $3) ORDER BY decided_on IS NOT NULL, due_on, appeal "
            "LIMIT $4 OFFSET $5",
            area, agent, body, limit, passed,
        )  # fmt: skip
        return [dict(row) for row in rows]

    async def tasks(
        self, kind: str, area: str, bodies: Sequence[str], passed: int, limit: int
    ) -> list[dict[str, Any]]:
        """What waits for a body that is not the agent's own: a page of one kind of `TASKS`."""
        asked = (limit, passed, area, *((list(bodies),) if kind in _OF_BODIES else ()))
        more = (PROBITY,) if kind in _PROBITY else ()
        return [dict(row) for row in await self._pool.fetch(TASKS[kind], *asked, *more)]

    async def ratings(
        self, area: str, agent: str | None, after: int, limit: int
    ) -> list[dict[str, Any]]:
        """Ratings in order, per instrument, without words and without the rater."""
        rows = await self._pool.fetch(
            "SELECT * FROM view_ratings WHERE area = $1 AND ($2::text IS NULL OR agent = $2) "
            "AND position > $3 ORDER BY position LIMIT $4",
            area, agent, after, limit,
        )  # fmt: skip
        return [dict(row) | {"scores": orjson.loads(row["scores"])} for row in rows]

    async def appraisals(
        self,
        area: str,
        quarter: str | None,
        agent: str | None,
        body: str | None,
        passed: int,
        limit: int,
    ) -> list[dict[str, Any]]:
        """The last appraisal of each quarter and person or body."""
        rows = await self._pool.fetch(
            "SELECT DISTINCT ON (quarter, about_whom, agent, body) * FROM view_appraisals "
            "WHERE area = $1 AND ($2::text IS NULL OR quarter = $2) AND "
            "($3::text IS NULL OR agent = $3) AND ($4::text IS NULL OR body = $4) "
            "ORDER BY quarter, about_whom, agent, body, position DESC LIMIT $5 OFFSET $6",
            area, quarter, agent, body, limit, passed,
        )  # fmt: skip
        return [
            dict(row)
            | {"measures": orjson.loads(row["measures"]), "cut": orjson.loads(row["cut"])}
            for row in rows
        ]

    async def heard_order(self, about: About, order: str) -> None:
        """An order of the line came in. Heard twice is once."""
        await self._pool.execute(
            "INSERT INTO heard_orders VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            about.stream, about.area, order,
        )  # fmt: skip

    async def heard_answer(self, about: About, day: date) -> None:
        """An order went back to the line with its result."""
        await self._pool.execute(
            "UPDATE heard_orders SET answered_on = $2, heard_at = CASE WHEN answered_on IS NULL "
            "THEN clock_timestamp() ELSE heard_at END WHERE stream = $1",
            about.stream, day,
        )  # fmt: skip

    async def heard_interest(self, about: About, day: date, **said: str | None) -> None:
        """Intake spoke of a matter; what it said before stays. Heard twice is once."""
        await self._pool.execute(
            "INSERT INTO heard_interest VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (matter) "
            f"DO UPDATE SET project = coalesce($2, heard_interest.project), {_ANEW}",
            about.matter or about.stream, about.project, about.area, day,
            said.get("result"), said.get("mode"), said.get("medium"),
        )  # fmt: skip

    async def interest(self, area: str, first: date, last: date) -> dict[str, Any]:
        """Eligible projects, those that chose a mode, and how they heard of us (YO-76)."""
        row = await self._pool.fetchrow(
            "SELECT count(DISTINCT coalesce(project, matter)) FILTER (WHERE result = 'eligible') "
            "AS eligible, count(DISTINCT coalesce(project, matter)) FILTER (WHERE "
            f"result = 'eligible' AND mode <> 'none') AS chose FROM {_INTEREST} "
            "WHERE area = $1 AND day BETWEEN $2 AND $3",
            area, first, last,
        )  # fmt: skip
        media = await self._pool.fetch(
            f"SELECT coalesce(medium, 'unknown') AS medium, count(*) AS n FROM {_INTEREST} "
            "WHERE area = $1 AND day BETWEEN $2 AND $3 GROUP BY 1 ORDER BY 1",
            area, first, last,
        )  # fmt: skip
        assert row is not None
        return {
            "eligible": row["eligible"],
            "chose": row["chose"],
            "media": {m["medium"]: m["n"] for m in media},
        }


def _publication(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: orjson.loads(row[name]) for name in ("rows", "cut")}
