"""What was heard of the course of a matter, and what did it cost the unit?"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from contracts.event import Event
from contracts.intake import (
    AgreementSigned,
    CommissionFiled,
    MaterialReceived,
    MaterialRequested,
    ProjectAutoEnrolled,
    RegistrationCompleted,
    ServiceRequested,
)
from contracts.supervision import (
    CorrectionRequested,
    DueRecomputed,
    ItemAccepted,
    ItemDecided,
    ItemExtended,
    ReminderCorrected,
    ReminderMissed,
    ResultDelivered,
    SpecialProcedureEnded,
)
from services.evaluation.domain.appraising import MISSED
from services.evaluation.domain.league import COST, Cost, Decided
from services.evaluation.queries import Whose
from shared.envelope import Heard
from shared.eventstore.postgres import Pool

SPEAKERS = ("intake", "supervision")
COUNTERS = ("window", "hall_desk")
"""Doors the unit has to come to itself."""
_IN_PERSON = (
    ServiceRequested,
    MaterialReceived,
    CommissionFiled,
    AgreementSigned,
    RegistrationCompleted,
)
_PICKED_UP = ("self_pickup", "hall_desk_pickup")


class Step(NamedTuple):
    """One thing heard: what, how much of it, of which item and body, on which day."""

    kind: str
    day: date
    amount: int = 1
    item: str | None = None
    body: str | None = None
    due_on: date | None = None
    person: str | None = None


def steps_of(event: Event, channel: str | None, day: date) -> Iterator[Step]:
    """What an event of a day says of the course: where it begins, trips, papers, decisions, due
    days that moved, reminders that nobody gave, and those of a day that never was due."""
    match event:
        case ServiceRequested() | ProjectAutoEnrolled():
            yield Step("opened", day)
        case MaterialRequested(materials=materials):
            yield Step("papers", day, len(materials))
        case ItemAccepted() as e:
            due = e.commitment_due_on or e.statutory_due_on
            yield Step("accepted", e.accepted_on or day, item=e.item, due_on=due)
        case ItemDecided() as e:
            yield Step("decided", e.decided_on or day, item=e.item, body=e.body)
        case CorrectionRequested(item=item):
            yield Step("correction", day, item=item)
    if isinstance(event, _IN_PERSON) and channel in COUNTERS:
        yield Step("trip", day)
    elif isinstance(event, ResultDelivered) and event.delivery in _PICKED_UP:
        yield Step("trip", day)
    yield from _days_of(event, day)


def _days_of(event: Event, day: date) -> Iterator[Step]:
    """Due days that moved after the acceptance, and reminders of days that went by."""
    match event:
        case SpecialProcedureEnded() | ItemExtended() as e:
            due = e.commitment_due_on or (
                e.statutory_due_on if isinstance(e, SpecialProcedureEnded) else None
            )
            if due is not None:
                yield Step("moved", day, item=e.item, due_on=due)
        case DueRecomputed(lines=lines):
            for line in lines:
                if line.clock == "commitment":
                    yield Step("moved", day, item=line.item, due_on=line.now_on)
        case ReminderMissed() as e:
            yield Step("missed", e.missed_on, 1, e.item, e.to, e.due_on, e.person)
        case ReminderCorrected() as e:
            yield Step("unmissed", day, 1, e.item, e.to, e.due_on)


_ENDED = """
WITH ended AS (
    SELECT matter, min(first_on) AS ended FROM view_invitations
    WHERE area = $1 AND ($2::text IS NULL OR agent = $2) AND ($3::text IS NULL OR agent_body = $3)
      AND NOT coalesce(matter = ANY ($7::uuid[]), false)
      AND first_on BETWEEN $4 AND $5 AND position <= $6 GROUP BY matter),
heard AS (
    SELECT h.* FROM heard_course h JOIN ended USING (matter)
    WHERE h.position <= CASE h.store WHEN 'intake' THEN $8::bigint ELSE $9::bigint END),
opened AS (SELECT matter, min(day) AS day FROM heard WHERE kind = 'opened' GROUP BY matter)
"""
_COST = f"""{_ENDED}
SELECT (SELECT count(*) FROM ended) AS matters,
    (SELECT count(DISTINCT (matter, day)) FROM heard WHERE kind = 'trip') AS trips,
    (SELECT coalesce(sum(amount), 0)::bigint FROM heard WHERE kind = 'papers') AS papers,
    (SELECT count(*) FROM opened) AS timed,
    (SELECT coalesce(sum(e.ended - o.day), 0)::bigint
     FROM opened o JOIN ended e USING (matter)) AS days
"""
_OF_DEPARTMENT = """
WITH heard AS (
    SELECT * FROM heard_course WHERE store = 'supervision' AND area = $1 AND position <= $5),
decided AS (
    SELECT DISTINCT ON (d.matter, d.item) d.matter, d.item, d.day, a.day AS began,
        coalesce(m.due_on, a.due_on) AS due_on
    FROM heard d LEFT JOIN LATERAL (
        SELECT day, due_on, position FROM heard_course a WHERE a.store = 'supervision'
          AND a.kind = 'accepted' AND a.matter = d.matter AND a.item = d.item
          AND a.position < d.position ORDER BY position DESC LIMIT 1) a ON true
    LEFT JOIN LATERAL (
        SELECT due_on FROM heard_course m WHERE m.store = 'supervision' AND m.kind = 'moved'
          AND m.matter = d.matter AND m.item = d.item
          AND m.position > a.position AND m.position <= $5
          AND NOT EXISTS (SELECT FROM heard_course n WHERE n.store = 'supervision'
            AND n.kind = 'accepted' AND n.matter = d.matter AND n.item = d.item
            AND n.position > a.position AND n.position < m.position)
        ORDER BY position DESC LIMIT 1) m ON true
    WHERE d.kind = 'decided' AND d.body = $2 AND d.day BETWEEN $3 AND $4
    ORDER BY d.matter, d.item, d.position DESC)
"""
_DECIDED = f"""{_OF_DEPARTMENT}
SELECT count(*) AS decided, count(due_on) AS due,
    count(*) FILTER (WHERE day <= due_on) AS in_time, count(began) AS timed,
    coalesce(sum(day - began), 0)::bigint AS days,
    (SELECT count(*) FROM heard c JOIN decided USING (matter, item)
     WHERE c.kind = 'correction') AS corrections
FROM decided
"""
_MISSED = """
WITH missed AS (
    SELECT m.matter, m.item, m.body, m.day, m.due_on FROM heard_course m
    WHERE m.store = 'supervision' AND m.kind = 'missed' AND m.area = $1
      AND ($2::text IS NULL OR m.person = $2)
      AND ($3::text IS NULL OR m.person IN (SELECT agent FROM view_invitations
           WHERE area = $1 AND agent_body = $3 AND position <= $6))
      AND m.day BETWEEN $4 AND $5 AND m.position <= $8
      AND NOT coalesce(m.matter = ANY ($7::uuid[]), false)
      AND NOT EXISTS (SELECT FROM heard_course u WHERE u.store = 'supervision'
           AND u.kind = 'unmissed' AND u.matter = m.matter AND u.item = m.item
           AND u.due_on = m.due_on AND u.position <= $8))
"""
_BEHIND = {
    "trips_mean": f"{_ENDED} SELECT matter, day, 1 AS amount, NULL AS item, NULL AS said "
    "FROM heard WHERE kind = 'trip' GROUP BY matter, day ORDER BY day, matter",
    "papers_mean": f"{_ENDED} SELECT matter, day, amount, NULL AS item, NULL AS said "
    "FROM heard WHERE kind = 'papers' ORDER BY day, matter, position",
    "days_mean": f"{_ENDED} SELECT matter, e.ended AS day, e.ended - o.day AS amount, NULL AS item, "
    "o.day::text AS said FROM opened o JOIN ended e USING (matter) ORDER BY day, matter",
    MISSED: f"{_MISSED} SELECT matter, day, 1 AS amount, item, due_on::text AS said FROM missed "
    "ORDER BY day, matter, item",
    "corrections_mean": f"{_OF_DEPARTMENT} SELECT matter, c.day, c.amount, item, NULL AS said "
    "FROM heard c JOIN decided USING (matter, item) WHERE c.kind = 'correction' ORDER BY c.day",
}
_DECISIONS = (
    f"{_OF_DEPARTMENT} SELECT matter, day, day - began AS amount, item, CASE WHEN due_on IS NULL "
    "THEN 'no_day' WHEN day <= due_on THEN 'in_time' ELSE 'late' END AS said "
    "FROM decided ORDER BY day, matter, item"
)


class Courses:
    """Keeps what is heard by the speaker's own positions, and counts it up to any of them."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def keep(self, heard: Heard, event: Event, day: date) -> None:
        """What was heard of a day; heard twice is once."""
        matter = heard.about.matter or heard.about.stream
        for step in steps_of(event, heard.about.channel, day):
            await self._pool.execute(
                "INSERT INTO heard_course (store, position, kind, matter, area, item, body, amount, "
                "day, due_on, person) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                "ON CONFLICT DO NOTHING",
                heard.about.store, heard.position, step.kind, matter, heard.about.area, step.item,
                step.body, step.amount, step.day, step.due_on, step.person,
            )  # fmt: skip

    async def reached(self) -> dict[str, int]:
        """How far each speaker was heard; whatever it said up to there is kept."""
        rows = await self._pool.fetch(
            "SELECT reader, position FROM cursors WHERE reader = ANY ($1)",
            [f"hears:{speaker}" for speaker in SPEAKERS],
        )
        found = {row["reader"].removeprefix("hears:"): row["position"] for row in rows}
        return {speaker: found.get(speaker, 0) for speaker in SPEAKERS}

    async def cost(self, whose: Whose, heard: Mapping[str, int]) -> Cost:
        """What the matters ended in a period cost their units (AS-105)."""
        row = await self._pool.fetchrow(
            _COST, *whose.parameters(), heard.get("intake", 0), heard.get("supervision", 0)
        )
        assert row is not None
        return Cost(**dict(row))

    async def missed(self, whose: Whose, at: int) -> int:
        """Reminders of a period that somebody owed and did not give, as of a place in
        supervision's log (YY-54)."""
        query = f"{_MISSED} SELECT count(*) FROM missed"
        return int(await self._pool.fetchval(query, *whose.parameters(), at))

    async def behind(
        self, measure: str, whose: Whose, heard: Mapping[str, int], most: int
    ) -> list[dict[str, Any]]:
        """The matters behind a figure of the tables that is not of ratings, at most `most`."""
        if measure == MISSED:
            asked: tuple[object, ...] = *whose.parameters(), heard.get("supervision", 0)
        elif measure in COST:
            asked = *whose.parameters(), heard.get("intake", 0), heard.get("supervision", 0)
        else:
            at = heard.get("supervision", 0)
            asked = whose.area, whose.body, whose.first, whose.last, at
        query = _BEHIND.get(measure, _DECISIONS)
        rows = await self._pool.fetch(f"{query} LIMIT {most:d}", *asked)
        return [dict(row) for row in rows]

    async def decided(self, area: str, body: str, first: date, last: date, at: int) -> Decided:
        """What a department decided in a period, as of a place in supervision's log."""
        row = await self._pool.fetchrow(_DECIDED, area, body, first, last, at)
        assert row is not None
        return Decided(**dict(row))
