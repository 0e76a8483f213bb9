"""What does evaluation answer: how matters were judged, and the figures of people and bodies?"""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from shared.answering import Answer, sometimes
from shared.answers import Obstacle, Reliance


class Judged(Answer):
    """What was asked and answered about a matter (评价情况)."""

    id: UUID
    version: int
    position: int
    invited: list[str] = Field(description="instruments that the unit was asked by (评价方式)")
    recorded: list[str] = Field(description="instruments that were answered")
    revisited: bool
    bad_rating_open: bool
    complaints_open: int
    levels: dict[str, str] = sometimes(
        "instrument -> level, for the offices that judge alone (评价等级)"
    )


class Link(Answer):
    """A link of the unit's own (评价邀请)."""

    instrument: str
    invitation: UUID
    sending: int
    expires_at: datetime | None


class Links(Answer):
    """The unit's own links."""

    invitations: list[Link]


class VisitLink(Answer):
    """A link to rate a single visit (一次一评)."""

    visit: UUID
    day: date
    invitation: UUID
    expires_at: datetime | None


class VisitLinks(Answer):
    """The unit's links for single visits."""

    visits: list[VisitLink]


class Visit(Answer):
    """A visit or consultation that may be rated (一次一评)."""

    id: UUID
    visit: UUID
    concerns: UUID | None
    agent: str
    agent_body: str
    day: date
    position: int
    rated: bool


class Indicator(Answer):
    """One thing that is asked (评价指标)."""

    id: str
    zh: str
    explains: str | None


class Level(Answer):
    """One level of the scale (评价等级)."""

    id: str
    zh: str
    printed: bool = Field(description="whether the place's own paper form has it")


class Opened(Answer):
    """What the unit is asked over a link (评价表)."""

    instrument: str
    zh: str
    rated: bool
    expires_at: datetime | None
    indicators: list[Indicator]
    levels: list[Level]
    conflict: str | None = Field(
        description="said where the paper form prints fewer levels than are asked"
    )


class OpenedAtDesk(Opened):
    """The same, for who signed in."""

    matter: UUID


class OpenedByLink(Opened):
    """The same, for whoever holds the link."""

    expired: bool


class VisitToMake(Answer):
    """A matter whose unit is to be asked how it was served (回访)."""

    matter: UUID
    agent: str
    agent_body: str
    since: date


class BadRating(Answer):
    """A bad rating that is not put right yet (差评整改)."""

    bad_rating: UUID
    matter: UUID
    agent: str
    owner: str
    opened_on: date
    due_on: date


class ComplaintToAnswer(Answer):
    """A complaint without an answer (投诉)."""

    complaint: UUID
    matter: UUID | None
    concerns: UUID | None
    kind: str
    against: str | None
    to_body: str
    received_on: date
    due_on: date | None
    order_no: str | None


class OrderToClose(Answer):
    """A complaint that came by the hotline and is answered, but not to the line (热线工单)."""

    order_no: str
    complaint: UUID
    verdict: str | None
    answered_on: date


class ToReview(Answer):
    """What somebody should look at (待复核)."""

    event: UUID
    kind: str
    matter: UUID | None
    body: str | None
    day: date


class Tasks(Answer):
    """What waits for the office (待办)."""

    return_visits: list[VisitToMake]
    bad_ratings: list[BadRating]
    complaints: list[ComplaintToAnswer]
    orders_to_close: list[OrderToClose]
    to_review: list[ToReview]
    after: dict[str, str] = Field(description="list -> cursor of its next page, if it goes on")


class Complaint(Answer):
    """A complaint in its words, for the body that looks into it (投诉内容)."""

    complaint: UUID
    matter: UUID | None
    concerns: UUID | None
    kind: str
    against: str | None
    body: str | None
    to_body: str
    received_on: date
    due_on: date | None
    answered_on: date | None
    verdict: str | None
    words: str | None = Field(description="null where they were erased")
    complainant: str | None = Field(description="null where it was not given, or was erased")
    contact: str | None = Field(description="null where it was not given, or was erased")


class Complained(Answer):
    """It was taken down (投诉回执)."""

    receipt: str = Field(description="keep it: by it one follows the complaint (回执编号)")
    position: int


class Followed(Answer):
    """What became of a complaint, for whoever holds its receipt (回执查询)."""

    area: str
    kind: str
    to: str = Field(description="the body that looks into it (承办机构)")
    received_on: date
    due_on: date | None
    answered_on: date | None
    verdict: str | None
    answer: str | None


class Rating(Answer):
    """One rating, without words and without who rated (评价明细)."""

    evaluation: UUID
    matter: UUID
    area: str
    instrument: str
    agent: str
    agent_body: str | None
    level: str
    scores: dict[str, str] = Field(description="indicator -> level (分项评价)")
    rated_on: date
    position: int
    entry: str | None
    entered_by: str | None
    device: UUID | None = Field(description="at which kiosk, if at one (自助终端)")
    flagged: list[str] = Field(description="what makes it doubtful (疑点)")


class Released(Answer):
    """Of one instrument: how many of each level are unsealed, and how many still sealed."""

    instrument: str
    levels: dict[str, int]
    sealed: int


class ReleasedRatings(Answer):
    """What the rated may see of how they were rated (评价公开)."""

    rows: list[Released]


class Figure(Answer):
    """One computed figure, and how many facts stand behind it (考核指标)."""

    measure: str
    value: str = Field(description="a decimal number (指标值)")
    facts: int


class Interest(Answer):
    """Awareness, participation and recognition of the service (知晓度、参与度、认可度)."""

    eligible: int = Field(description="projects that the service is for")
    chose: int = Field(description="of these, how many chose to be served")
    participation: str | None = Field(
        description="chose / eligible, four decimals (参与度); null where none is eligible"
    )
    awareness: dict[str, int] = Field(description="medium -> how many heard of us by it (知晓)")
    recognition: list[Figure]
    unrated: int
    position: int


class Explained(Figure):
    """A figure and how it is made (考核指标公式)."""

    shown: str = Field(description="for people: a share, or a count where there are few")
    formula: str
    formula_en: str
    standard: str | None = Field(description="the standard that names it (标准)")


class RankedFigure(Explained):
    """The same with its rank in the table."""

    rank: int | None = Field(description="from 1; null where too few are counted (名次)")


class Appraisal(Answer):
    """The figures of an agent or a body in a quarter (考核结果)."""

    appraisal: UUID
    area: str
    quarter: str
    about_whom: str
    agent: str | None
    body: str | None
    measures: list[Figure]
    sealed: list[str] = Field(description="measures kept from the caller (封存)")
    unrated: int | None = Field(description="matters nobody rated; null where sealed")
    cut: list[Reliance]
    computed_on: date
    position: int


class AppraisalExplained(Appraisal):
    """The same with its formulas, and counted again."""

    measures: list[Explained]  # type: ignore[assignment]
    recomputed: bool = Field(description="whether it comes out the same again (重算一致)")


class Counted(Answer):
    """The figures as they stood at a place in the log (考核重放)."""

    area: str
    quarter: str
    agent: str | None
    body: str | None
    position: int | None = Field(description="counted up to it; null for the rated")
    heard: int | None = Field(description="supervision's log, counted up to it; null: not")
    excluded: list[UUID] = Field(description="matters that an upheld appeal left out")
    unrated: int | None
    measures: list[Explained]
    sealed: list[str]


class Behind(Answer):
    """A matter behind a figure (考核说明)."""

    matter: UUID
    day: date
    said: str | None
    amount: int = sometimes("how much of it, in the unit of the figure")
    item: str | None = sometimes()


class BehindFigure(Answer):
    """The matters behind a figure."""

    rows: list[Behind]
    whole: bool = Field(description="false where there are more than are listed")


class Appeal(Answer):
    """An appeal against an appraisal (考核申诉)."""

    appeal: UUID
    appraisal: UUID
    area: str
    agent: str | None
    body: str
    disputed: list[str]
    appealed_on: date
    due_on: date
    verdict: str | None
    excluded: list[UUID]
    decided_on: date | None
    position: int
    decided_at: int | None = Field(description="the position of the decision in the log")


class BodyFigures(Answer):
    """The figures of one body in its table (考核排名)."""

    body: str
    zh: str
    measures: list[RankedFigure]


class Table(Answer):
    """Two tables, of centres and of departments (考核报表)."""

    quarter: str
    position: int
    cut: dict[str, int] = Field(description="service -> how far its log was counted (截点)")
    counts_in: list[str] = Field(description="the assessments it counts in (计入的考核)")
    by: str = Field(description="the body that assesses (考核主体)")
    centres: list[BodyFigures]
    departments: list[BodyFigures]


class LeagueRow(Answer):
    """What one body did in a quarter, in the table of its kind (考核排名)."""

    table: Literal["centres", "departments"]
    body: str
    measures: list[Figure]


class Publication(Answer):
    """What was given to an assessment (考核结果报送)."""

    publication: UUID
    area: str
    quarter: str
    assessment: int = Field(description="which of the place's assessments, from 1")
    assessment_zh: str | None
    form: str
    rows: list[LeagueRow]
    cut: list[Reliance]
    published_on: date
    position: int
    withdrawn_on: date | None
    withdrawn_at: int | None
    state: Literal["in_force", "replaced", "withdrawn"]


class PublicationExplained(Publication):
    """The same with ranks and formulas, and counted again; its rows stand in the tables."""

    rows: None  # type: ignore[assignment]
    centres: list[BodyFigures]
    departments: list[BodyFigures]
    recomputed: bool = Field(description="whether it comes out the same again (重算一致)")


class Refusal(Answer):
    """Why the rules would not allow it."""

    reason: str
    details: dict[str, Obstacle] = Field(
        description="what stands in the way, by the rule's own names"
    )


class FigureChanged(Answer):
    """A figure that differs from what is in force."""

    table: str
    body: str
    measure: str
    was: str | None
    now: str | None


class Preview(Answer):
    """What would be given if it were given now (报送预览)."""

    area: str
    quarter: str
    assessment: int
    assessment_zh: str | None
    form: str
    cut: list[Reliance]
    refusal: Refusal | None
    in_force: UUID | None
    same: bool
    changed: list[FigureChanged]
    centres: list[BodyFigures]
    departments: list[BodyFigures]


class PublicFigures(Answer):
    """How the service of an area was rated, in sums alone (公开统计)."""

    area: str
    quarter: str
    from_: date = Field(alias="from")
    to: date = Field(description="the last day of the quarter")
    measures: list[Explained]
    withheld: list[str] = Field(description="measures of too few, or of a quarter that runs")
    few: str


class NamedBody(Answer):
    """A body that may be complained of (机构)."""

    id: str
    zh: str


class PublicPlace(Answer):
    """A place whose figures are told (地方)."""

    area: str
    zh: str
    bodies: list[NamedBody]


class PublicPlaces(Answer):
    """The places, the quarter that runs and the one before it."""

    places: list[PublicPlace]
    quarter: str
    last: str
