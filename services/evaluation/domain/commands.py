"""What can evaluation (评价) be asked to do?"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.event import Personal
from contracts.vocabulary import (
    ActorId,
    Appraised,
    AreaCode,
    AssessmentForm,
    BodyId,
    ComplaintKind,
    Count,
    Document,
    EventId,
    HearingForm,
    Ordinal,
    Quarter,
    RatingEntry,
    Respondent,
    ReturnVisitMeans,
    SatisfactionLevel,
    SystemRef,
    Verdict,
    Word,
)
from shared.command import Command

type Words = Annotated[str, Field(min_length=1, max_length=2000)]
type Name = Annotated[str, Field(min_length=1, max_length=100)]
type Scores = Annotated[dict[Word, SatisfactionLevel], Field(max_length=20)]


class InviteRating(Command):
    """邀请评价：服务结束后，按各评价方式邀请项目单位评价 (YO-73, X-05, X-10)."""


class InviteVisitRating(Command):
    """邀请评价一次服务：上门、现场咨询各可评价一次，一次一评 (X-05, HS-46).

    Asked by what was heard alone: `visit` is the visit or the consultation, `concerns` its matter.
    """

    visit: UUID
    concerns: UUID | None = None


class InviteAgain(Command):
    """再次邀请：满期未评价的提醒一次；一次服务的评价链接发给来访人、咨询人本人 (X-05).

    `contact` is where the link goes; without it the link waits on the unit's own page. Of a single
    visit or consultation (instrument `visit`) it is needed: who asked has no such page.
    """

    instrument: Word
    contact: Personal[Name] | None = None


class RecordRating(Command):
    """评价：项目单位对服务作出评价，一事一评 (YO-49, YO-73, X-05).

    `scores` holds every indicator of the instrument, each with its own level. `device` is what
    the page knows of the rater's device; only a pseudonym of it is kept.
    """

    level: SatisfactionLevel
    scores: Scores = Field(default_factory=dict)
    device: Personal[Name] | None = None
    comment: Personal[Words] | None = None
    rater: Personal[Name] | None = None


class EnterRating(Command):
    """代录评价：评价机构按电话、纸质表、上门所得录入项目单位的评价 (HS-46, YO-73, X-05).

    `body` is only needed by who acts for several; `paper` is the sheet that the unit filled in.
    """

    instrument: Word
    entry: RatingEntry
    respondent: Respondent
    level: SatisfactionLevel
    scores: Scores = Field(default_factory=dict)
    body: BodyId | None = None
    paper: Personal[Document] | None = None
    comment: Personal[Words] | None = None
    rater: Personal[Name] | None = None


class MakeReturnVisit(Command):
    """回访：由专员所在单位以外的单位回访项目单位，并记其评价 (YO-48, YO-49, YO-64).

    `body` is only needed by who acts for several; `level` is what the unit said, if asked.
    """

    means: ReturnVisitMeans
    reached: bool
    body: BodyId | None = None
    respondent: Respondent | None = None
    level: SatisfactionLevel | None = None
    scores: Scores = Field(default_factory=dict)
    answers: Personal[Words] | None = None
    person: Personal[Name] | None = None


class RectifyBadRating(Command):
    """差评整改：核实、整改、答复，并回访 (YO-65, X-05)."""

    bad_rating: UUID
    verdict: Verdict
    visited_back: bool = False
    measures: Personal[Words]
    answer: Personal[Words] | None = None


class ReceiveComplaint(Command):
    """投诉受理：由被投诉人所在单位以外的单位核查 (X-05, YO-65).

    Without `against` the matter's agent is meant; without `to` the rule says who looks into it.
    """

    kind: ComplaintKind
    against: ActorId | None = None
    body: BodyId | None = None
    to: BodyId | None = None
    anonymous: bool = False
    order: SystemRef | None = None
    words: Personal[Words]
    complainant: Personal[Name] | None = None
    contact: Personal[Name] | None = None


class ReceiveAreaComplaint(ReceiveComplaint):
    """投诉受理：不涉及具体办件的投诉 (X-05, YO-65)."""

    area: AreaCode


class ComplainOpenly(Command):
    """社会监督：任何人投诉，无需登录；不写姓名和联系方式即为匿名 (HS-18, HS-19).

    `body` is whose service is meant, where that is known. Who looks into it is the rule's to say.
    """

    area: AreaCode
    kind: ComplaintKind
    body: BodyId | None = None
    words: Personal[Words]
    complainant: Personal[Name] | None = None
    contact: Personal[Name] | None = None


class AnswerComplaint(Command):
    """投诉答复：核查后答复投诉人 (X-05, YO-65)."""

    complaint: UUID
    verdict: Verdict
    answer: Personal[Words]


class AnswerAreaComplaint(AnswerComplaint):
    """投诉答复：不涉及具体办件的投诉 (X-05, YO-65)."""

    area: AreaCode


class HoldHearing(Command):
    """会议座谈：听取项目单位意见 (YO-64, YO-65). Without `body`: the office that appraises."""

    area: AreaCode
    form: HearingForm
    body: BodyId | None = None
    units: Count
    persons: Count
    heard: Personal[Words]
    minutes: Personal[Document] | None = None


class ComputeAppraisal(Command):
    """考核评比：按季度汇总评价与其他指标，未评价的不计为好评 (YO-50, YO-64).

    Name the `agent`, or the `body` when a body is appraised.
    """

    area: AreaCode
    quarter: Quarter
    about_whom: Appraised
    agent: ActorId | None = None
    body: BodyId | None = None


class AppealAppraisal(Command):
    """考核申诉：被考核人或其单位对考核结果提出异议 (YO-50, YY-38)."""

    area: AreaCode
    appraisal: UUID
    disputed: Annotated[tuple[Word, ...], Field(max_length=50)] = ()
    grounds: Personal[Words]


class DecideAppeal(Command):
    """申诉复核：由考核单位复核，可将个别办件排除，不计入考核 (YO-50, YY-38)."""

    area: AreaCode
    appeal: UUID
    verdict: Verdict
    excluded: Annotated[tuple[UUID, ...], Field(max_length=200)] = ()
    reason: Personal[Words]


class PublishAppraisal(Command):
    """考核结果报送：按季度向所纳入的考核报送两张排名表 (YY-56, YY-57, YY-58, YO-50).

    `assessment` is the place in the list of assessments the rules name, from 1; `form` says which
    figures are given: performance 绩效考核, reform 改革考核.
    """

    area: AreaCode
    quarter: Quarter
    assessment: Ordinal = 1
    form: AssessmentForm = "performance"


class WithdrawPublication(Command):
    """撤回报送：已报送的考核结果有误，说明理由后撤回；更正后可再报送 (YO-50, YY-56)."""

    area: AreaCode
    publication: UUID
    reason: Personal[Words]


class NoteReview(Command):
    """总结改进：查找不足、总结经验 (YO-65, YO-66)."""

    area: AreaCode
    quarter: Quarter
    body: BodyId | None = None
    prompted_by: Annotated[tuple[EventId, ...], Field(max_length=200)] = ()
    shortcomings: Personal[Words]
    improvements: Personal[Words] | None = None


type MatterCommand = (
    InviteRating
    | InviteVisitRating
    | InviteAgain
    | RecordRating
    | EnterRating
    | MakeReturnVisit
    | RectifyBadRating
    | ReceiveComplaint
    | AnswerComplaint
)
type OfficeCommand = (
    ReceiveAreaComplaint
    | AnswerAreaComplaint
    | HoldHearing
    | ComputeAppraisal
    | AppealAppraisal
    | DecideAppeal
    | PublishAppraisal
    | WithdrawPublication
    | NoteReview
)
