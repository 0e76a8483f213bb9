"""How does each event change what can be read in lists?"""

from datetime import date
from typing import Any
from uuid import UUID

from contracts.event import Event
from contracts.supervision import (
    ActionAssigned,
    ActionDone,
    CorrectionRequested,
    DepartmentReported,
    DueRecomputed,
    FeeDue,
    FeePaid,
    FollowUpClosed,
    FollowUpContacted,
    FollowUpOpened,
    InspectionMade,
    IssueClassed,
    IssueListDispatched,
    IssueOpened,
    IssueRaised,
    IssueResolved,
    ItemAccepted,
    ItemClosed,
    ItemDecided,
    ItemReceived,
    ItemRefused,
    ItemSubmitted,
    JointAttackBegun,
    LetterAnswered,
    LetterSent,
    PlanMade,
    PlanRevised,
    ResultDelivered,
    ReturnDue,
    ReturnFiled,
    StatesImported,
    UrgeSent,
    WhistleBlown,
)
from services.supervision.domain.coordination import climbs_in
from services.supervision.domain.course import Course
from services.supervision.domain.moves import moved
from services.supervision.projections.days import legal_day
from services.supervision.projections.messages import messages, missed, system_use
from shared.eventstore.postgres import Connection
from shared.projecting import Told

_PLANNED = """
    INSERT INTO view_items (matter, item, area, state, owner, planned_on, estimated, position)
    VALUES ($1, $2, $3, 'waiting', $4, $5, $6, $7)
    ON CONFLICT (matter, item) DO UPDATE SET in_scope = true, owner = $4, planned_on = $5,
        estimated = $6, position = $7
"""
_SUBMITTED = """
    UPDATE view_items SET state = 'submitted', body = $3, served_by = $4, due_on = NULL,
        statutory_due_on = NULL, deemed = false, outcome = NULL, position = $5
    WHERE matter = $1 AND item = $2
"""
_CHANGED = """
    UPDATE view_items SET state = $3, due_on = coalesce($4, due_on),
        statutory_due_on = coalesce($5, statutory_due_on), outcome = coalesce($6, outcome),
        deemed = deemed OR $7, rounds = rounds + $8, urges = urges + $9, position = $10
    WHERE matter = $1 AND item = $2
"""
_RECOMPUTED = """
    UPDATE view_items SET due_on = CASE $3::text WHEN 'commitment' THEN $4::date ELSE due_on END,
        statutory_due_on = CASE $3::text WHEN 'statutory' THEN $4::date ELSE statutory_due_on END,
        estimated = $5, position = $6
    WHERE matter = $1 AND item = $2
"""
_LINE = """
    INSERT INTO view_ledger (position, n, area, matter, item, issue, what, detail, body,
        served_by, happened)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
"""
_DUE = """
    INSERT INTO view_returns (area, form, quarter, body, receiver, due_on, position)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (area, form, quarter, body) DO UPDATE SET due_on = $6, position = $7
"""
_FILED = """
    INSERT INTO view_returns (area, form, quarter, body, receiver, filed_on, nil, line_count,
        late_days, cut, position)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
    ON CONFLICT (area, form, quarter, body) DO UPDATE SET filed_on = $6, nil = $7,
        line_count = $8, late_days = $9, cut = $10, position = $11
"""


async def matters(connection: Connection, told: Told) -> None:
    """Which matters there are, and when each was last touched: for the agenda."""
    about = told.about
    if about.matter is None:
        return
    await connection.execute(
        "INSERT INTO view_matters (matter, area, project, pack, first_on, position)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (matter) DO UPDATE"
        " SET pack = coalesce($4, view_matters.pack),"
        " project = coalesce(view_matters.project, $3), position = $6",
        about.matter, about.area, about.project, about.pack, legal_day(told),
        told.entry.position,
    )  # fmt: skip


async def items(connection: Connection, told: Told) -> None:
    """How each item stands."""
    matter, position = told.about.matter, told.entry.position
    if matter is None:
        return
    match told.event:
        case PlanMade() | PlanRevised() as plan:
            await connection.execute(
                "UPDATE view_items SET in_scope = false WHERE matter = $1", matter
            )
            rows = [
                (matter, line.item, told.about.area, line.owner, line.due_on, line.estimated,
                 position)
                for line in plan.lines
                if not line.tracked
            ]  # fmt: skip
            await connection.executemany(_PLANNED, rows)
        case ItemSubmitted() as sent:
            await connection.execute(
                _SUBMITTED, matter, sent.item, sent.body, sent.served_by, position
            )
        case DueRecomputed() as again:
            await connection.executemany(
                _RECOMPUTED,
                [
                    (matter, line.item, line.clock, line.now_on, line.estimated, position)
                    for line in again.lines
                ],
            )
        case _:
            for item in _named(told.event):
                await _change(connection, told, item)


async def _change(connection: Connection, told: Told, item: str) -> None:
    """The state after an event is what the domain says it is."""
    event = told.event
    known = await connection.fetchval(
        "SELECT state FROM view_items WHERE matter = $1 AND item = $2", told.about.matter, item
    )
    if known is None:
        return
    state = moved(Course(item, state=known), event).state
    await connection.execute(
        _CHANGED,
        told.about.matter,
        item,
        state,
        getattr(event, "commitment_due_on", None),
        getattr(event, "statutory_due_on", None),
        getattr(event, "outcome", None) if isinstance(event, ItemDecided) else None,
        isinstance(event, ItemAccepted) and event.deemed,
        int(isinstance(event, CorrectionRequested)),
        int(isinstance(event, UrgeSent)),
        told.entry.position,
    )


def _named(event: Event) -> tuple[str, ...]:
    if isinstance(event, IssueOpened | IssueListDispatched):
        return ()
    item = getattr(event, "item", None)
    return (item,) if isinstance(item, str) else tuple(getattr(event, "items", ()))


async def issues(connection: Connection, told: Told) -> None:
    """Problems: whose, until when, how high they were taken."""
    position = told.entry.position
    match told.event:
        case IssueOpened() as one:
            await connection.execute(
                "INSERT INTO view_issues (issue, matter, area, kind, severity, items, owner,"
                " person, opened_on, due_on, issue_list, position, body)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
                " ON CONFLICT DO NOTHING",
                one.issue, told.about.matter, told.about.area, one.kind, one.severity,
                list(one.items), one.owner, one.person, legal_day(told), one.due_on,
                one.issue_list, position, one.body,
            )  # fmt: skip
            await connection.execute(
                "UPDATE view_issues SET listed = true WHERE issue = $1", one.follows
            )
        case IssueRaised() as one:
            await connection.execute(
                "UPDATE view_issues SET raised_to = $2, severity = $3, position = $4"
                " WHERE issue = $1",
                one.issue, one.to, one.severity, position,
            )  # fmt: skip
        case IssueClassed() as one:
            await connection.execute(
                "UPDATE view_issues SET severity = $2, position = $3 WHERE issue = $1",
                one.issue, one.severity, position,
            )  # fmt: skip
        case JointAttackBegun() as one:
            await connection.execute(
                "UPDATE view_issues SET owner = $2, due_on = $3, position = $4"
                " WHERE issue = $1",
                one.issue, one.owner, one.due_on, position,
            )  # fmt: skip
        case IssueResolved() as one:
            await connection.execute(
                "UPDATE view_issues SET outcome = $2, position = $3 WHERE issue = $1",
                one.issue, one.outcome, position,
            )  # fmt: skip


async def climbs(connection: Connection, told: Told) -> None:
    """Every rung that was climbed, and when what it was climbed about next moved."""
    matter, event = told.about.matter, told.event
    if matter is None:
        return
    for n, one in enumerate(climbs_in(event)):
        await connection.execute(
            "INSERT INTO view_climbs (position, n, area, matter, about, ladder, rung, rung_id,"
            " did, waived, climbed_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT DO NOTHING",
            told.entry.position, n, told.about.area, matter, one.about, one.ladder, one.rung,
            one.rung_id, one.do, one.waived, one.on,
        )  # fmt: skip
    if moves := _moves(event):
        await connection.execute(
            "UPDATE view_climbs SET effect_on = $3 WHERE matter = $1 AND about = ANY ($2)"
            " AND effect_on IS NULL AND position < $4",
            matter, moves, legal_day(told), told.entry.position,
        )  # fmt: skip


def _moves(event: Event) -> list[str]:
    """What an event moves on: the items whose state it changes, the problem it settles."""
    if isinstance(event, IssueResolved):
        return [str(event.issue)]
    known = Course("", state="waiting")
    named = _named(event)
    return list(named) if named and moved(known, event).state != known.state else []


async def owings(connection: Connection, told: Told) -> None:
    """What others owe a matter, and when it came."""
    event, about, position = told.event, told.about, told.entry.position
    if isinstance(event, JointAttackBegun):
        await connection.execute("DELETE FROM view_owed WHERE id = $1", event.issue)
    for kind, id, to, due_on in _asks(event):
        await connection.execute(
            "INSERT INTO view_owed (kind, id, owed_by, area, matter, due_on, position)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)"
            " ON CONFLICT (id, owed_by) DO UPDATE SET due_on = $6, position = $7",
            kind, id, to, about.area, about.matter, due_on, position,
        )  # fmt: skip
    if done := _answers(event):
        await connection.execute(
            "UPDATE view_owed SET done_on = $3, position = $4"
            " WHERE id = $1 AND ($2::text IS NULL OR owed_by = $2)",
            done[0], done[1], legal_day(told), position,
        )  # fmt: skip


def _asks(event: Event) -> list[tuple[str, UUID, str, date | None]]:
    match event:
        case WhistleBlown():
            return [("whistle", event.whistle, to, event.report_by_on) for to in event.to]
        case ActionAssigned():
            return [("action", event.action, event.owner, event.due_on)]
        case LetterSent(reply_by_on=date() as day):
            return [("letter", event.letter, event.to, day)]
        case IssueOpened():
            return [("issue", event.issue, event.owner, event.due_on)]
        case JointAttackBegun():
            return [("issue", event.issue, event.owner, event.due_on)]
        case FeeDue():
            return [("fee", event.fee, "applicant", event.due_on)]
        case FollowUpOpened() | FollowUpContacted():
            return [("follow_up", event.follow_up, "agent", event.next_on)]
    return []


def _answers(event: Event) -> tuple[UUID, str | None] | None:
    match event:
        case DepartmentReported():
            return event.whistle, event.body
        case ActionDone():
            return event.action, None
        case LetterAnswered():
            return event.letter, None
        case IssueResolved():
            return event.issue, None
        case FeePaid():
            return event.fee, None
        case FollowUpClosed():
            return event.follow_up, None
    return None


async def ledger(connection: Connection, told: Told) -> None:
    """What the returns are made of: rows that are only ever added."""
    event, about = told.event, told.about
    lines = _lines(event)
    if about.matter is None or not lines:
        return
    for n, line in enumerate(lines):
        await connection.execute(
            _LINE,
            told.entry.position,
            n,
            about.area,
            about.matter,
            line["item"],
            line["issue"],
            line["what"],
            line["detail"],
            line["body"],
            line["served_by"],
            getattr(event, "accepted_on", None) or legal_day(told),
        )


def _lines(event: Event) -> list[dict[str, Any]]:
    what = _WHAT.get(type(event))
    if what is None:
        return []
    body = getattr(event, "owner", None) or getattr(event, "body", None)
    common = {
        "what": what,
        "issue": getattr(event, "issue", None),
        "detail": _detail(event),
        "body": body,
        "served_by": getattr(event, "served_by", None),
    }
    return [{**common, "item": item} for item in _named(event) or (None,)]


_WHAT: dict[type[Event], str] = {
    ItemSubmitted: "submitted",
    ItemReceived: "received",
    CorrectionRequested: "corrected",
    ItemAccepted: "accepted",
    ItemRefused: "refused",
    ItemDecided: "decided",
    ResultDelivered: "delivered",
    ItemClosed: "closed",
    UrgeSent: "urged",
    IssueOpened: "opened",
    IssueRaised: "raised",
    IssueResolved: "resolved",
}


def _detail(event: Event) -> str | None:
    match event:
        case ItemAccepted(deemed=True):
            return "deemed"
        case ItemDecided(outcome=word) | ItemRefused(kind=word) | IssueOpened(kind=word):
            return str(word)
        case IssueRaised(to=body):
            return str(body)
    return None


async def returns(connection: Connection, told: Told) -> None:
    """What is owed, what was filed, what was inspected."""
    area, position = told.about.area, told.entry.position
    match told.event:
        case ReturnDue() as one:
            await connection.execute(
                _DUE, area, one.form, one.quarter, one.body, one.to, one.due_on, position
            )
        case ReturnFiled() as one:
            cut = next((part.position for part in one.cut), 0)
            await connection.execute(
                _FILED, area, one.form, one.quarter, one.body, one.to, legal_day(told),
                one.nil, one.rows, one.late_days, cut, position,
            )  # fmt: skip
        case InspectionMade() as one:
            await connection.execute(
                "INSERT INTO view_inspections (inspection, area, body, made_on, shortcomings,"
                " rectify_by_on, matters, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                " ON CONFLICT DO NOTHING",
                one.inspection, area, one.body, legal_day(told), one.shortcomings,
                one.rectify_by_on, list(one.matters), position,
            )  # fmt: skip


async def system_refs(connection: Connection, told: Told) -> None:
    """Where the approval system's own number of an item leads; the first place it was seen at."""
    ref = getattr(told.event, "system_ref", None)
    item = getattr(told.event, "item", None)
    if ref is None or item is None or told.about.matter is None:
        return
    await connection.execute(
        "INSERT INTO view_system_refs (area, system_ref, matter, item, position)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        told.about.area, ref, told.about.matter, item, told.entry.position,
    )  # fmt: skip


_IMPORTED = """
    INSERT INTO view_imports (area, source, observed_at, line_count, followed, conflicts, refused,
        position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
    ON CONFLICT (area, source) DO UPDATE SET
        longest_gap = greatest(view_imports.longest_gap, $3 - view_imports.observed_at),
        observed_at = greatest(view_imports.observed_at, $3), line_count = $4, followed = $5,
        conflicts = $6, refused = $7, runs = view_imports.runs + 1, position = $8
"""


async def imports(connection: Connection, told: Told) -> None:
    """When each feed was last taken in, and how long it was ever silent."""
    if isinstance(told.event, StatesImported):
        one = told.event
        await connection.execute(
            _IMPORTED, told.about.area, one.source, one.observed_at, one.rows, one.followed,
            one.conflicts, one.refused, told.entry.position,
        )  # fmt: skip


async def shifts(connection: Connection, told: Told) -> None:
    """Which due days moved, one row for each."""
    if isinstance(told.event, DueRecomputed):
        about, one = told.about, told.event
        rows = [
            (told.entry.position, n, about.area, about.matter, line.item, line.clock, one.cause,
             one.calendar, line.was_on, line.now_on, line.estimated)
            for n, line in enumerate(one.lines)
        ]  # fmt: skip
        await connection.executemany(
            "INSERT INTO view_shifts (position, n, area, matter, item, clock, cause, calendar,"
            " was_on, now_on, estimated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            " ON CONFLICT DO NOTHING",
            rows,
        )


PROJECTIONS = {
    "matters": matters,
    "items": items,
    "issues": issues,
    "ledger": ledger,
    "climbs": climbs,
    "owed": owings,
    "messages": messages,
    "returns": returns,
    "system_refs": system_refs,
    "imports": imports,
    "shifts": shifts,
    "system_use": system_use,
    "missed": missed,
}
