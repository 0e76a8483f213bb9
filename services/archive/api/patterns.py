"""Which patterns does an auditor look for, and which rows of the copies make each?

A pattern is a condition on an entry `t`, and where it takes two entries, how the other one `b`
is found among the copies of the same file. None proves anything: it says where to look.
"""

from collections.abc import Iterable
from typing import Literal, NamedTuple

type Name = Literal[
    "late", "off_hours", "friday_evening", "self_approval", "within_a_minute",
    "outside_commission", "suspension_without_notice", "ratings_in_a_row",
]  # fmt: skip


class Pattern(NamedTuple):
    """SQL: what fits an entry, and how what stands beside it is found (none: the entry alone)."""

    fits: str
    beside: str = ""


_PERSON = "t.about ->> 'actor' LIKE 'p:%'"
SAME_HAND = (
    ("supervision.item_decided", "supervision.item_submitted"),
    ("supervision.item_accepted", "supervision.item_submitted"),
    ("supervision.transfer_signed", "supervision.papers_transferred"),
    ("assignment.transfer_confirmed", "assignment.matter_transferred"),
    ("assignment.assignment_acknowledged", "assignment.agent_assigned"),
    ("intake.service_declined", "intake.approval_asked"),
    ("intake.agreement_signed", "intake.agreement_proposed"),
)
"""What one person asks and another should decide: decided, asked."""
AT_ONCE = (
    ("supervision.item_decided", "supervision.item_accepted"),
    ("supervision.item_decided", "supervision.item_submitted"),
    ("supervision.item_accepted", "supervision.item_submitted"),
    ("intake.service_accepted", "intake.service_requested"),
    ("intake.service_declined", "intake.approval_asked"),
)
"""What nobody can have read within a minute: decided, asked."""


def _asked_before(pairs: Iterable[tuple[str, str]], also: str) -> str:
    """The nearest earlier entry of the same file, and item, that asked for what was decided."""
    values = ", ".join(f"('{done}', '{asked}')" for done, asked in pairs)
    return f"""
        SELECT c.store, c.position, c.leafhash, c.body
        FROM (VALUES {values}) p (done, asked)
        JOIN copies c ON c.matter = t.file AND position('"type":"' || p.asked || '.v' IN c.body) > 0
        CROSS JOIN LATERAL (SELECT c.body::jsonb #>> '{{fact,item}}' AS item,
            c.body::jsonb #>> '{{about,actor}}' AS actor,
            (c.body::jsonb #>> '{{about,recorded}}')::timestamptz AS recorded,
            ((c.body::jsonb #>> '{{about,effective}}')::timestamptz
                AT TIME ZONE 'Asia/Shanghai')::date AS day) a
        WHERE t.about ->> 'type' LIKE p.done || '.v%'
          AND coalesce(a.item = t.fact ->> 'item', true)
          AND a.recorded <= t.recorded AND {also}
        ORDER BY a.recorded DESC LIMIT 1
    """


PATTERNS: dict[Name, Pattern] = {
    "late": Pattern("(t.recorded AT TIME ZONE 'Asia/Shanghai')::date > t.day"),
    "off_hours": Pattern(
        f"{_PERSON} AND (extract(isodow FROM t.local) > 5"
        " OR extract(hour FROM t.local) NOT BETWEEN 8 AND 17)"
    ),
    "friday_evening": Pattern(
        "t.about ->> 'type' LIKE 'supervision.item_accepted.v%'"
        " AND extract(isodow FROM t.local) = 5 AND extract(hour FROM t.local) >= 17"
    ),
    "self_approval": Pattern(
        f"{_PERSON} AND (b.store IS NOT NULL OR t.fact ->> 'approved_by' = t.about ->> 'actor')",
        _asked_before(SAME_HAND, "a.actor = t.about ->> 'actor'"),
    ),
    "within_a_minute": Pattern(
        f"{_PERSON} AND b.store IS NOT NULL",
        # what was done on other days and entered together took longer
        _asked_before(
            AT_ONCE, "t.recorded - a.recorded < interval '1 minute' AND a.day = t.day"
        ),
    ),
    "outside_commission": Pattern(
        "b.store IS NOT NULL",
        """
        SELECT c.store, c.position, c.leafhash, c.body FROM copies c
        WHERE t.about ->> 'authority' IS NOT NULL AND c.matter = t.file
          AND c.body::jsonb #>> '{fact,commission}' = t.about ->> 'authority'
          AND CASE
            WHEN position('"type":"intake.commission_filed.v' IN c.body) > 0 THEN t.day NOT BETWEEN
              (c.body::jsonb #>> '{fact,begins_on}')::date
              AND (c.body::jsonb #>> '{fact,ends_on}')::date
            WHEN position('"type":"intake.agreement_ended.v' IN c.body) > 0 THEN t.day >
              ((c.body::jsonb #>> '{about,effective}')::timestamptz
                AT TIME ZONE 'Asia/Shanghai')::date
            ELSE false END
        ORDER BY c.position LIMIT 1
        """,
    ),
    "suspension_without_notice": Pattern(
        "t.about ->> 'type' LIKE 'supervision.special_procedure_started.v%'"
        " AND NOT t.fact ? '_sd'"
    ),
    "ratings_in_a_row": Pattern(
        "t.about ->> 'type' LIKE 'evaluation.evaluation_recorded.v%'"
        " AND t.recorded - t.before < interval '1 minute'"
    ),
}
"""Every pattern by its name; `t.before` is when the entry of the same type and area came before."""


def search(name: Name | None) -> str:
    """The question over the entries of a window, newest first, that fit a filter and a pattern."""
    pattern = PATTERNS[name] if name else Pattern("true")
    beside = pattern.beside or (
        "SELECT NULL::text AS store, NULL::bigint AS position, NULL::bytea AS leafhash,"
        " NULL::text AS body"
    )
    return f"{_OPENED} {_FITTING.format(beside=beside, fits=pattern.fits)}"


_OPENED = """
    WITH looked AS (
        SELECT position, file, store, store_position FROM view_entries
        WHERE position < $1 ORDER BY position DESC LIMIT $2
    ), opened AS (
        SELECT l.position AS place, l.file, l.file::text AS matter, c.store, c.position,
               c.leafhash, c.body, c.body::jsonb -> 'about' AS about,
               c.body::jsonb -> 'fact' AS fact,
               (c.body::jsonb #>> '{about,recorded}')::timestamptz AS recorded,
               CASE WHEN length(c.body::jsonb #>> '{about,effective}') > 10
                    THEN (c.body::jsonb #>> '{about,effective}')::timestamptz END AS instant,
               CASE WHEN length(c.body::jsonb #>> '{about,effective}') > 10
                    THEN ((c.body::jsonb #>> '{about,effective}')::timestamptz
                          AT TIME ZONE 'Asia/Shanghai')::date
                    ELSE (c.body::jsonb #>> '{about,effective}')::date END AS day
        FROM looked l JOIN copies c ON c.store = l.store AND c.position = l.store_position
    ), timed AS (
        SELECT *, coalesce(instant, recorded) AT TIME ZONE 'Asia/Shanghai' AS local,
               lag(recorded) OVER (
                   PARTITION BY about ->> 'type', about ->> 'area' ORDER BY recorded
               ) AS before
        FROM opened
    )
"""
_FITTING = """
    SELECT (SELECT min(position) FROM looked) AS down_to, f.* FROM (
        SELECT t.place, t.matter, t.store, t.position, t.leafhash, t.body,
               b.store AS b_store, b.position AS b_position, b.leafhash AS b_leafhash,
               b.body AS b_body
        FROM timed t LEFT JOIN LATERAL ({beside}) b ON true
        WHERE ($4::text IS NULL OR t.about ->> 'type' LIKE $4)
          AND ($5::text IS NULL OR t.about ->> 'actor' = $5 OR t.about ->> 'behalf' = $5)
          AND ($6::text IS NULL OR t.about ->> 'area' = $6)
          AND ($7::text IS NULL OR t.about ->> 'channel' = $7)
          AND ($8::date IS NULL OR t.day >= $8) AND ($9::date IS NULL OR t.day <= $9)
          AND ({fits})
        ORDER BY t.place DESC LIMIT $3
    ) f RIGHT JOIN (SELECT 1) one ON true
"""
