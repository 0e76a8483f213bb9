"""What evaluation (评价) tells the world: what the unit thought, and what came of it."""

from typing import Annotated, ClassVar, Literal, get_args
from uuid import UUID

from pydantic import Field

from contracts.checked import Checked
from contracts.event import Event, Personal
from contracts.vocabulary import (
    ActorId,
    Appraised,
    AssessmentForm,
    BodyId,
    ComplaintKind,
    Count,
    Day,
    Defaults,
    Document,
    EventId,
    Figure,
    HearingForm,
    Instant,
    League,
    Ordinal,
    PackPath,
    Part,
    Quarter,
    RatingEntry,
    RatingFlag,
    Reliance,
    Respondent,
    ReturnVisitMeans,
    SatisfactionLevel,
    Subject,
    SystemRef,
    Verdict,
    Word,
)


class Score(Part):
    """One indicator of an instrument and its level (分项评价); `indicator` is open."""

    indicator: Word
    level: SatisfactionLevel


class Measure(Part):
    """One computed figure of an appraisal, and how many facts stand behind it (考核指标)."""

    measure: Word
    value: Figure
    facts: Count


class LeagueRow(Part):
    """What one body did in a quarter, in the table of its kind (考核排名).

    The tables are measured differently: centres serve, departments approve.
    """

    table: League
    body: BodyId
    measures: tuple[Measure, ...]


class EvaluationInvited(Event):
    """The unit was invited to rate the service, over a door the rated person has no part in
    (邀请评价; YO-73, X-05, X-10).

    `sending` counts the invitations, the first is 1; the rule limits how often it is sent
    again. `served_by` are all who served the matter: none of them may open it; `items` is
    how many items they served, the weight of the matter in an appraisal. Without a `contact`
    the invitation waits on the unit's own page. `visit` is the one visit or consultation it is
    about (一次一评), and `concerns` the matter of that, if it had one.
    """

    subject: ClassVar[Subject] = "rater"

    type: Literal["evaluation.evaluation_invited.v1"] = "evaluation.evaluation_invited.v1"

    invitation: UUID
    instrument: Word
    agent: ActorId
    agent_body: BodyId | None = None
    served_by: tuple[ActorId, ...] | None = None
    asked_by: BodyId
    respondent: Respondent
    sending: Ordinal = 1
    expires_at: Instant | None = None
    items: Count | None = None
    visit: UUID | None = None
    concerns: UUID | None = None
    rule: PackPath
    defaults: Defaults = ()
    contact: Personal[str] | None = None


class EvaluationRecorded(Event):
    """A rating was given by one instrument; instruments are never merged into one number
    (评价记录; YO-49, YO-73).

    `invitation` for the unit's own rating, `return_visit` for what the hall asked; `entry` when
    the evaluation office took it down by phone, on paper or at the unit's place. `device` is a
    pseudonym of the rater's device; what looks odd is `flagged` and counts all the same. `visit`
    is the one visit or consultation that was rated, apart from the matter (一次一评).
    """

    subject: ClassVar[Subject] = "rater"

    type: Literal["evaluation.evaluation_recorded.v1"] = "evaluation.evaluation_recorded.v1"

    evaluation: UUID
    instrument: Word
    invitation: UUID | None = None
    return_visit: UUID | None = None
    visit: UUID | None = None
    agent: ActorId
    respondent: Respondent
    level: SatisfactionLevel
    scores: tuple[Score, ...] = ()
    entry: RatingEntry | None = None
    entered_by: BodyId | None = None
    device: UUID | None = None
    flagged: tuple[RatingFlag, ...] = ()
    comment: Personal[str] | None = None
    rater: Personal[str] | None = None
    paper: Personal[Document] | None = None


class ReturnVisitMade(Event):
    """A body other than the agent's own called on the unit afterwards (回访; YO-48, YO-64)."""

    subject: ClassVar[Subject] = "rater"

    type: Literal["evaluation.return_visit_made.v1"] = "evaluation.return_visit_made.v1"

    return_visit: UUID
    body: BodyId
    agent: ActorId
    agent_body: BodyId
    means: ReturnVisitMeans
    reached: bool
    respondent: Respondent | None = None
    answers: Personal[str] | None = None
    person: Personal[str] | None = None


class HearingHeld(Event):
    """The reform office heard units about the service (会议座谈; YO-64, YO-65)."""

    subject: ClassVar[Subject] = "office"

    type: Literal["evaluation.hearing_held.v1"] = "evaluation.hearing_held.v1"

    hearing: UUID
    form: HearingForm
    body: BodyId
    units: Count
    persons: Count
    heard: Personal[str]
    minutes: Personal[Document] | None = None


class ComplaintReceived(Event):
    """Someone complained; it goes to a body the agent's chief has no part in (投诉受理; HS-18,
    X-05).

    `against` is the person complained of, `to` the body that looks into it: one of probity
    (吃拿卡要) goes to discipline inspection and is kept out of the matter's own file, `concerns`
    names the matter. `order` is the order of the 12345 line it came by.
    """

    subject: ClassVar[Subject] = "complainant"

    type: Literal["evaluation.complaint_received.v1"] = "evaluation.complaint_received.v1"

    complaint: UUID
    kind: ComplaintKind
    against: ActorId | None = None
    body: BodyId | None = None
    to: BodyId
    anonymous: bool = False
    due_on: Day | None = None
    concerns: UUID | None = None
    order: SystemRef | None = None
    rule: PackPath
    defaults: Defaults = ()
    words: Personal[str]
    complainant: Personal[str] | None = None
    contact: Personal[str] | None = None


class ComplaintAnswered(Event):
    """A complaint was looked into and answered (投诉答复; HS-18, X-05).

    `order` is the order of the 12345 line that is to be closed with this answer.
    """

    subject: ClassVar[Subject] = "complainant"

    type: Literal["evaluation.complaint_answered.v1"] = "evaluation.complaint_answered.v1"

    complaint: UUID
    verdict: Verdict
    order: SystemRef | None = None
    answer: Personal[str]


class BadRatingOpened(Event):
    """A bad rating has an owner who is not the rated person, and a day (差评核查; YO-65, X-05)."""

    type: Literal["evaluation.bad_rating_opened.v1"] = "evaluation.bad_rating_opened.v1"

    bad_rating: UUID
    evaluation: UUID
    agent: ActorId
    owner: ActorId
    due_on: Day
    rule: PackPath
    defaults: Defaults = ()


class BadRatingRectified(Event):
    """A bad rating was looked into, put right and answered (差评整改; YO-65, X-05)."""

    subject: ClassVar[Subject] = "rater"

    type: Literal["evaluation.bad_rating_rectified.v1"] = "evaluation.bad_rating_rectified.v1"

    bad_rating: UUID
    verdict: Verdict
    visited_back: bool
    measures: Personal[str]
    answer: Personal[str] | None = None


class AppraisalComputed(Event):
    """Ratings and other figures were counted for an appraisal (考核结果; YO-50, YO-64, YO-76).

    `cut` are the log positions it was computed from. Unrated matters are counted as `unrated`,
    never as good; `ratings` are per instrument and never added up across instruments.
    """

    type: Literal["evaluation.appraisal_computed.v1"] = "evaluation.appraisal_computed.v1"

    appraisal: UUID
    quarter: Quarter
    about_whom: Appraised
    agent: ActorId | None = None
    body: BodyId
    measures: tuple[Measure, ...]
    unrated: Count
    cut: tuple[Reliance, ...]
    rule: PackPath
    defaults: Defaults = ()


class AppraisalAppealed(Event):
    """Who was appraised says that the result is wrong (考核申诉; YO-50).

    `disputed` are the measures it is about, or none of them for the whole.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["evaluation.appraisal_appealed.v1"] = "evaluation.appraisal_appealed.v1"

    appeal: UUID
    appraisal: UUID
    agent: ActorId | None = None
    body: BodyId
    disputed: tuple[Word, ...] = ()
    due_on: Day
    rule: PackPath
    defaults: Defaults = ()
    grounds: Personal[str]


class AppealDecided(Event):
    """An appeal against an appraisal was looked into by somebody else (申诉复核; YO-50).

    `excluded` are the matters that do not count: the next count leaves them out and says so.
    """

    subject: ClassVar[Subject] = "staff"

    type: Literal["evaluation.appeal_decided.v1"] = "evaluation.appeal_decided.v1"

    appeal: UUID
    appraisal: UUID
    verdict: Verdict
    excluded: tuple[UUID, ...] = ()
    reason: Personal[str]


class AppraisalPublished(Event):
    """The figures of a quarter were given to an assessment that they count in (考核结果报送;
    YY-56, YY-57, YY-58, YO-50).

    `assessment` is its place in the list of the rules, from 1; `form` is performance 绩效考核 or
    reform 改革考核.
    `cut` are the log positions counted up to: from them the same figures are counted again.
    """

    type: Literal["evaluation.appraisal_published.v1"] = "evaluation.appraisal_published.v1"

    publication: UUID
    quarter: Quarter
    assessment: Ordinal
    form: AssessmentForm
    rows: tuple[LeagueRow, ...]
    cut: tuple[Reliance, ...]
    rule: PackPath
    defaults: Defaults = ()


class PublicationWithdrawn(Event):
    """What was given to an assessment is taken back: it was wrong (撤回报送; YO-50, YY-56).

    Nothing is in force for that assessment and form until the quarter is given again.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["evaluation.publication_withdrawn.v1"] = "evaluation.publication_withdrawn.v1"

    publication: UUID
    quarter: Quarter
    assessment: Ordinal
    form: AssessmentForm
    reason: Personal[str]


class ReviewNoted(Event):
    """A body looked for its shortcomings and summed up its experience (总结改进; YO-65, YO-66).

    `prompted_by` are the ratings, complaints and hearings the review answers.
    """

    subject: ClassVar[Subject] = "office"

    type: Literal["evaluation.review_noted.v1"] = "evaluation.review_noted.v1"

    quarter: Quarter
    body: BodyId
    prompted_by: tuple[EventId, ...] = ()
    shortcomings: Personal[str]
    improvements: Personal[str] | None = None


class HistoryChecked(Checked, Event):
    type: Literal["evaluation.history_checked.v1"] = "evaluation.history_checked.v1"


type EvaluationEvent = Annotated[
    EvaluationInvited
    | EvaluationRecorded
    | ReturnVisitMade
    | HearingHeld
    | ComplaintReceived
    | ComplaintAnswered
    | BadRatingOpened
    | BadRatingRectified
    | AppraisalComputed
    | AppraisalAppealed
    | AppealDecided
    | AppraisalPublished
    | PublicationWithdrawn
    | ReviewNoted
    | HistoryChecked,
    Field(discriminator="type"),
]

EVENTS: tuple[type[Event], ...] = get_args(get_args(EvaluationEvent.__value__)[0])
