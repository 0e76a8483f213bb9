"""How does each event change what can be read of ratings, complaints and appraisals?"""

from datetime import date, datetime
from uuid import UUID

import orjson

from contracts.evaluation import (
    AppealDecided,
    AppraisalAppealed,
    AppraisalComputed,
    AppraisalPublished,
    BadRatingOpened,
    BadRatingRectified,
    ComplaintAnswered,
    ComplaintReceived,
    EvaluationInvited,
    EvaluationRecorded,
    HearingHeld,
    PublicationWithdrawn,
    ReturnVisitMade,
    ReviewNoted,
)
from services.evaluation.domain.independence import REVISIT
from shared.clock import LEGAL_ZONE
from shared.eventstore.postgres import Connection
from shared.projecting import Told


def legal_day(effective: str) -> date:
    """The legal day (办理日) of an `effective` time: a date, or an instant with offset."""
    if len(effective) == len("2026-01-01"):
        return date.fromisoformat(effective)
    return datetime.fromisoformat(effective).astimezone(LEGAL_ZONE).date()


async def ratings(connection: Connection, told: Told) -> None:
    """Who was invited, who answered, and how (邀请与评价)."""
    about, at = told.about, told.entry.position
    day, matter = legal_day(about.effective), about.stream
    match told.event:
        case EvaluationInvited(visit=UUID()) as e:
            await connection.execute(
                "INSERT INTO view_visit_invitations VALUES "
                "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) "
                "ON CONFLICT (stream) DO UPDATE SET expires_at = $11",
                matter, e.invitation, e.visit, e.concerns, about.area, about.pack, e.agent,
                e.agent_body or "unknown", e.asked_by, day, e.expires_at, at,
            )  # fmt: skip
        case EvaluationInvited() as e:
            await connection.execute(
                "INSERT INTO view_invitations VALUES "
                "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11, $12, $13, $14) "
                "ON CONFLICT (matter, instrument) DO UPDATE SET sending = $10, last_on = $11, "
                "expires_at = $13",
                matter, e.instrument, e.invitation, about.area, about.pack, about.project,
                e.agent, e.agent_body or "unknown", e.asked_by, e.sending, day, at,
                e.expires_at, e.items,
            )  # fmt: skip
        case EvaluationRecorded() as e:
            scores = {score.indicator: score.level for score in e.scores}
            await connection.execute(
                "INSERT INTO view_ratings VALUES ($1, $2, $3, $4, $5, coalesce((SELECT agent_body "
                "FROM view_invitations WHERE matter = $2 AND instrument = $4), (SELECT agent_body "
                "FROM view_visit_invitations WHERE stream = $2)), $6, $7, $8, $9, "
                "$10, $11, $12, $13)",
                e.evaluation, matter, about.area, e.instrument, e.agent, e.level,
                orjson.dumps(scores, option=orjson.OPT_SORT_KEYS).decode(), day, at,
                e.entry, e.entered_by, e.device, list(e.flagged),
            )  # fmt: skip
        case ReturnVisitMade() as e:
            await connection.execute(
                "INSERT INTO view_visits VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                e.return_visit, matter, about.area, e.body, e.agent, e.agent_body, e.means,
                e.reached, day, at,
            )  # fmt: skip


async def remedies(connection: Connection, told: Told) -> None:
    """Bad ratings and complaints, whose they are, and when they were answered (差评、投诉)."""
    about, at = told.about, told.entry.position
    day = legal_day(about.effective)
    match told.event:
        case BadRatingOpened() as e:
            await connection.execute(
                "INSERT INTO view_bad_ratings VALUES ($1, $2, $3, $4, coalesce((SELECT "
                "min(agent_body) FROM view_invitations WHERE matter = $2), (SELECT agent_body "
                "FROM view_visit_invitations WHERE stream = $2)), $5, $6, $7, NULL, NULL, $8)",
                e.bad_rating, about.stream, about.area, e.agent, e.owner, day, e.due_on, at,
            )  # fmt: skip
        case BadRatingRectified() as e:
            await connection.execute(
                "UPDATE view_bad_ratings SET verdict = $2, rectified_on = $3, rectified_at = $4 "
                "WHERE bad_rating = $1",
                e.bad_rating, e.verdict, day, at,
            )  # fmt: skip
        case ComplaintReceived() as e:
            await connection.execute(
                "INSERT INTO view_complaints VALUES "
                "($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, $9, NULL, $10, $11, $12)",
                e.complaint, about.matter, about.area, e.kind, e.against, e.body, e.to, day, at,
                e.due_on, e.order, e.concerns,
            )  # fmt: skip
        case ComplaintAnswered() as e:
            await connection.execute(
                "UPDATE view_complaints SET verdict = $2, answered_on = $3, answered_at = $4 "
                "WHERE complaint = $1",
                e.complaint, e.verdict, day, at,
            )  # fmt: skip


async def appraisals(connection: Connection, told: Told) -> None:
    """Every appraisal that was computed; the last of a quarter counts (考核结果)."""
    match told.event:
        case AppraisalComputed() as e:
            plain = e.public()
            await connection.execute(
                "INSERT INTO view_appraisals VALUES "
                "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                e.appraisal, told.about.area, e.quarter, e.about_whom, e.agent, e.body,
                orjson.dumps(plain["measures"]).decode(), e.unrated,
                orjson.dumps(plain["cut"]).decode(), legal_day(told.about.effective),
                told.entry.position,
            )  # fmt: skip


async def publications(connection: Connection, told: Told) -> None:
    """What was given to which assessment, and what was taken back (考核结果报送、撤回)."""
    match told.event:
        case AppraisalPublished() as e:
            plain = e.public()
            await connection.execute(
                "INSERT INTO view_publications VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                e.publication, told.about.area, e.quarter, e.assessment, e.form,
                orjson.dumps(plain["rows"]).decode(), orjson.dumps(plain["cut"]).decode(),
                legal_day(told.about.effective), told.entry.position,
            )  # fmt: skip
        case PublicationWithdrawn(publication=id):
            await connection.execute(
                "UPDATE view_publications SET withdrawn_on = $2, withdrawn_at = $3 "
                "WHERE publication = $1",
                id, legal_day(told.about.effective), told.entry.position,
            )  # fmt: skip


async def appeals(connection: Connection, told: Told) -> None:
    """Who said that a result is wrong, and what came of it (考核申诉)."""
    about, at = told.about, told.entry.position
    day = legal_day(about.effective)
    match told.event:
        case AppraisalAppealed() as e:
            await connection.execute(
                "INSERT INTO view_appeals (appeal, appraisal, area, agent, body, disputed, "
                "appealed_on, due_on, position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                e.appeal, e.appraisal, about.area, e.agent, e.body, list(e.disputed), day,
                e.due_on, at,
            )  # fmt: skip
        case AppealDecided() as e:
            await connection.execute(
                "UPDATE view_appeals SET verdict = $2, excluded = $3, decided_on = $4, "
                "decided_at = $5 WHERE appeal = $1",
                e.appeal, e.verdict, list(e.excluded), day, at,
            )  # fmt: skip


async def prompts(connection: Connection, told: Told) -> None:
    """What was heard, and which of it a review answered (听取意见与改进; YO-65)."""
    match told.event:
        case BadRatingOpened():
            await _prompt(connection, told, "bad_rating", None)
        case ComplaintAnswered(verdict="upheld"):
            await _prompt(connection, told, "complaint", None)
        case HearingHeld(body=body):
            await _prompt(connection, told, "hearing", body)
        case ReviewNoted() as e:
            await connection.execute(
                "UPDATE view_prompts SET reviewed = $2 WHERE event = ANY ($1) "
                "AND reviewed IS NULL",
                e.prompted_by, told.entry.position,
            )  # fmt: skip


async def _prompt(connection: Connection, told: Told, kind: str, body: str | None) -> None:
    matter = told.about.matter
    await connection.execute(
        "INSERT INTO view_prompts VALUES ($1, $2, $3, $4, $5, $6, NULL)",
        told.entry.id, told.about.area, kind, matter, body, legal_day(told.about.effective),
    )  # fmt: skip


async def letters(connection: Connection, told: Told) -> None:
    """The links that are to go out: written down once for each sending, whatever is rebuilt."""
    entry, about, event = told.entry, told.about, told.event
    if not isinstance(event, EvaluationInvited) or event.instrument == REVISIT:
        return
    if event.visit is not None and event.concerns is None and event.sending == 1:
        return  # a consultation without a matter: whom to send it to is not known yet
    await connection.execute(
        "INSERT INTO messages (event, effect, type, area, matter, stream, sent_to, recorded,"
        " position) VALUES ($1, 'link', $2, $3, $4, $5, 'applicant', $6, $7)"
        " ON CONFLICT DO NOTHING",
        entry.id, entry.type, about.area, about.matter, about.stream, about.recorded,
        entry.position,
    )  # fmt: skip


PROJECTIONS = {
    "letters": letters,
    "ratings": ratings,
    "remedies": remedies,
    "appraisals": appraisals,
    "appeals": appeals,
    "publications": publications,
    "prompts": prompts,
}
