"""Which words facts may use: the closed lists, the shapes of codes, and the glossary (术语表).

A closed list never loses a member; a new member makes a new version of the events that use it.
`Word` fields are *open*: a reader must expect words it has not seen.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAliasType, TypedDict
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from contracts.glossary import GLOSSARY as GLOSSARY

type Day = Annotated[date, Field(description="A legal day in the pack's time zone (日期).")]
type Instant = Annotated[AwareDatetime, Field(description="An instant with its offset (时刻).")]
type Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
type Ordinal = Annotated[int, Field(ge=1, le=10_000, description="Counted from 1 (序次).")]
type SystemState = Annotated[
    int,
    Field(ge=1, le=99, description="Raw state of the approval system (BLZT 办理状态), *open*."),
]
type Amount = Annotated[
    Decimal,
    Field(ge=0, max_digits=18, decimal_places=2, description="Yuan, a decimal string (金额)."),
]
type Area = Annotated[
    Decimal,
    Field(ge=0, max_digits=14, decimal_places=2, description="Square metres (面积)."),
]
type Figure = Annotated[
    Decimal, Field(max_digits=18, decimal_places=4, description="A computed figure (指标值).")
]
type Hash = Annotated[
    str, Field(pattern=r"^[0-9a-f]{64}$", description="SHA-256, lower-case hex (摘要).")
]
type Digest = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9_-]{43}$", description="What stands in `_sd` (个人信息摘要)."),
]
type Mark = Annotated[
    str,
    Field(
        pattern=r"^[0-9a-f]{32}$",
        description="A keyed token of what was handed in: the same again has the same one, in this "
        "matter alone (提交标记).",
    ),
]
type Word = Annotated[
    str,
    Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$", description="An *open* code word (代码)."),
]
type SystemRef = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9:._/+\-]{1,120}$",
        description="A number another system gave, never a person's (外部系统编号).",
    ),
]
type ActorId = Annotated[
    str,
    Field(
        pattern=r"^(p:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[sa]:[a-z0-9][a-z0-9._-]{0,63})$",
        description="Pseudonym of a person p:, service s: or agency a: (行为人代号).",
    ),
]
type BodyId = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="A body of the pack; `applicant` is the unit itself (机构代号).",
    ),
]
type SiteCode = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$",
        description="A park code of the pack, a township code, or `elsewhere` (选址代码).",
    ),
]
type DutyPhone = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{3,5}(-?[0-9]{3,8}){0,2}$",
        max_length=24,
        description="The office telephone of a post, never a person's own (值班电话).",
    ),
]
type ItemStage = Annotated[
    str, Field(pattern=r"^S[1-9]$", description="A stage of the catalogue (审批阶段).")
]

type AreaCode = Annotated[
    str, Field(pattern=r"^[0-9]{6}$", description="GB/T 2260 area code (行政区划代码).")
]
type ItemCode = Annotated[
    str,
    Field(
        pattern=r"^[A-Z0-9][A-Z0-9.-]{0,19}$",
        description="An item or milestone of the catalogue edition (事项编码).",
    ),
]
type MaterialCode = Annotated[
    str,
    Field(
        pattern=r"^[A-Z0-9][A-Z0-9.-]{0,19}$",
        description="A kind of material of the catalogue edition (材料编码).",
    ),
]
type ProjectCode = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{4}-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}$",
        description="GB/T 40058 project code; its check digit is not verified (项目代码).",
    ),
]
type WorksCode = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="One works under a project code (工程代码).",
    ),
]
type MatterNumber = Annotated[
    str,
    Field(
        pattern=r"^[0-9]{6}-[0-9]{4}-[0-9]{1,8}$",
        description="Area code, year, serial; gap-free per place and year (办件编号).",
    ),
]
type NumberLabel = Annotated[
    str,
    Field(
        pattern=r"^[0-9A-Za-z一-鿿〔〕（）.-]{1,60}$",
        description="A number as the place prints it, by its own template (编号印样).",
    ),
]
type PackEdition = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,79}@[0-9a-f]{16}$",
        description="A policy pack by its content (政策包版本).",
    ),
]
type CatalogueEdition = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,79}@[0-9a-f]{16}$",
        description="An item catalogue by its content (事项目录版本).",
    ),
]
type CalendarEdition = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9._-]{0,79}@[0-9a-f]{16}$",
        description="A working-day calendar by its content (工作日历版本).",
    ),
]
type PackPath = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$",
        max_length=200,
        description="A leaf or branch of the pack, by its steps (政策包条目).",
    ),
]
type WebAddress = Annotated[
    str,
    Field(
        pattern=r"^https?://[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._~%/+-]*)?$",
        max_length=300,
        description="A public page, without a query (公开网址).",
    ),
]
type LegalBasis = Annotated[
    str,
    Field(
        pattern=r"^《[^《》\n]{2,80}》(第[0-9一二三四五六七八九十百千零〇]+[条款项章节])*$",
        description="A law or document by title and article (法律依据).",
    ),
]
type Quarter = Annotated[
    str, Field(pattern=r"^[0-9]{4}-Q[1-4]$", description="A calendar quarter (季度).")
]
type FactValue = bool | Word | tuple[Word, ...]
type Facts = Annotated[
    dict[Word, FactValue],
    Field(
        description="What rules may ask about a project; *open*; absent is unknown (项目情况)."
    ),
]
type Defaults = Annotated[
    tuple[PackPath, ...],
    Field(description="Leaves the decision used that no source gives, only us (默认值)."),
]

type Mode = Literal["assist", "agent", "lead"]
type ModeChoice = Literal["assist", "agent", "lead", "none"]
type Channel = Literal[
    "window", "hall_desk", "online_zone", "app", "hotline", "video", "phone", "visit",
    "chat_group", "mail",
]  # fmt: skip
type Delivery = Literal["hand", "mail", "e_certificate", "self_pickup", "hall_desk_pickup"]
type BodyKind = Literal[
    "leading_group", "reform_office", "task_force", "centre", "hall", "department", "park",
    "township", "association", "utility", "superior", "government",
]  # fmt: skip
type Role = Literal[
    "guide", "window_clerk", "helper", "agent", "chief_agent", "reserve_agent", "specialist",
    "liaison", "chief_rep", "approver", "head", "deputy_head", "member", "office",
    "supervisor", "steward", "applicant_lead", "applicant_handler", "applicant_proxy",
    "evaluation_office", "government",
]  # fmt: skip
type Stage = Literal[
    "guide", "consult", "inform", "apply", "accept", "register", "route", "plan", "visit",
    "collect", "precheck", "file", "follow", "urge", "solve", "fetch", "deliver", "evaluate",
    "archive", "after",
]  # fmt: skip
type Signal = Literal[
    "at_risk", "overdue", "stalled", "no_effect_after", "refused", "shirking", "dispute",
    "beyond_power", "bad_rating", "complaint", "predicted",
]  # fmt: skip
type ClockKind = Literal["statutory", "commitment"]
type DueCause = Literal["calendar", "entered_late"]
type Medium = Literal[
    "press", "radio", "television", "web", "new_media", "acquaintance", "staff"
]
type PackStatus = Literal["in_force", "consultation_draft", "discussion_draft"]
type Eligibility = Literal["eligible", "ineligible", "undetermined"]
type DeclineCause = Literal["ineligible", "out_of_scope", "duplicate", "discretion"]
type ApprovalSubject = Literal["admission", "decline"]
type Series = Literal["matter", "agreement", "register"]
type VoidCause = Literal["command_failed", "spoilt_paper", "entered_twice"]
type Power = Literal[
    "prepare", "fill_forms", "submit", "supplement", "urge", "collect", "receive_originals",
    "deliver",
]  # fmt: skip
type Signing = Literal["seal", "signature", "seal_and_signature", "e_seal"]
type Consent = Literal["sub_agency", "agent_of_deciding_department"]
type AgreementEndCause = Literal[
    "period_over", "matter_done", "revoked_by_applicant", "resigned_by_agent",
    "false_materials", "conditions_not_met", "applicant_ceased", "agent_ceased",
]  # fmt: skip
type EndedBy = Literal["applicant", "agent", "office", "rule"]
type MoveKind = Literal["sign", "amend", "suspend", "resume", "renew", "end"]
type UndertakingPoint = Literal["true", "lawful", "complete", "valid", "conforming"]
type WaitingOn = Literal["applicant", "third_party", "department", "staff", "force_majeure"]
type MaterialOrigin = Literal["piece", "item_result", "e_certificate"]
type ReassignCause = Literal[
    "relay", "leave", "left_post", "load", "conflict", "applicant_wish"
]
type VacancyCause = Literal["period_over", "moved", "left", "leave"]
type ConflictKind = Literal["own_department", "decides_item", "kinship", "interest"]
type ConflictRemedy = Literal["carries_only", "replaced", "consented"]
type StaffKind = Literal[
    "civil_servant", "public_institution", "contract", "association", "park", "utility", "other"
]
type AbsenceKind = Literal["leave", "sick", "training", "errand", "other"]
type ReserveCause = Literal["absence", "workload", "vacancy", "emergency"]
type StandDownCause = Literal["period_over", "returned", "not_needed", "left"]
type ViewPurpose = Literal["contact", "keep_up", "register", "inspection"]
type TrainingTopic = Literal["policy", "business", "operation"]
type RevisionCause = Literal[
    "item_late", "item_early", "scope_changed", "materials_late", "milestone_dated",
    "calendar_announced", "special_procedure", "applicant_wish",
]  # fmt: skip
type Filer = Literal["applicant", "agent"]
type NotAccepted = Literal["not_accepted", "acceptance_refused"]
type Outcome = Literal["approved", "approved_with_gap", "not_approved"]
type DayKind = Literal["working", "calendar"]
type ItemState = Literal[
    "waiting", "ready", "submitted", "received", "correcting", "accepted", "not_accepted",
    "suspended", "decided", "collected", "delivered", "closed", "withdrawn",
]  # fmt: skip
type Withdrawal = Literal["withdrawn", "recalled", "revoked"]
type HeadOf = Literal["organ", "government"]
type SystemVerdict = Literal["followed", "agreed", "conflict", "older", "unknown_code"]
type WorkKind = Literal[
    "filing", "filling_in", "pushing", "errand", "call", "coordination", "note"
]
type VisitPurpose = Literal["take_in", "guide", "deliver", "survey", "return_originals"]
type IssueKind = Literal[
    "approval", "material", "coordination", "no_rule", "applicant_disturbed", "listed",
    "outside_system", "window_refusal",
]  # fmt: skip
type IssueSeverity = Literal["general", "complex", "major"]
type IssueOutcome = Literal["solved", "no_longer_applies", "cannot_be_solved"]
type MessageStep = Literal["released", "skipped"]
type LetterKind = Literal["co_handling_slip", "contact_letter"]
type SanctionKind = Literal[
    "written_explanation", "notice_of_criticism", "post_moved", "referral", "other"
]
type ContactMeans = Literal["phone", "door", "video", "message"]
type FollowUpEnd = Literal["period_over", "unit_wish", "new_project", "unit_ceased"]
type JointKind = Literal["drawing_review", "site_survey", "acceptance"]
type Respondent = Literal["applicant_lead", "applicant_handler", "applicant_proxy"]
type SatisfactionLevel = Literal[
    "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied",
]  # fmt: skip
type ReturnVisitMeans = Literal["phone", "door", "video"]
type RatingEntry = Literal["phone", "paper", "visit"]
"""By what way the evaluation office took down a rating that did not come by the link."""
type RatingFlag = Literal["burst"]
type HearingForm = Literal["meeting", "interview", "questionnaire"]
type ComplaintKind = Literal["conduct", "probity", "delay", "fee", "mistake", "disclosure"]
type Verdict = Literal["upheld", "not_upheld", "unverifiable"]
type Appraised = Literal["agent", "body"]
type League = Literal["centres", "departments"]
type AssessmentForm = Literal["performance", "reform"]
type BookingEnding = Literal["kept", "missed", "cancelled"]
type OutreachVia = Literal["online", "offline"]
type Holder = Literal["applicant", "archive_body", "department"]
type MediaCheck = Literal["clean", "pending"]
"""Whether a scanner has looked at a document; what is infected is never filed."""
type TestResult = Literal["passed", "not_proved", "failed"]
type Store = Literal["intake", "assignment", "supervision", "evaluation", "archive"]
type Subject = Literal["applicant", "visitor", "staff", "rater", "complainant", "office"]
"""Whose data the personal fields of an event are; `office` is an office's own wording."""
type Protection = Literal["restrict", "lift", "erase", "correct"]
"""What is done about personal data: only kept, used again, destroyed, put right."""
type LegalGround = Literal[
    "consent_withdrawn", "purpose_fulfilled", "retention_expired", "unlawful_or_excessive",
    "wrong_subject", "inaccurate", "disputed", "ordered", "ground_ended",
]  # fmt: skip
"""Why: the cases of 个人信息保护法 art. 46 and 47; `reference` names the order or the request."""

SATISFACTION: dict[SatisfactionLevel, int] = {
    "very_satisfied": 5,
    "satisfied": 4,
    "basically_satisfied": 3,
    "dissatisfied": 2,
    "very_dissatisfied": 1,
}
"""The five levels of 好差评 (GB/T 39735), best 5; the last two are bad ratings (差评)."""


class Part(BaseModel):
    """A part of a fact: public values only, never personal data."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Reliance(Part):
    """How far a decision had read another service's log (依据位置): store and last position."""

    store: Store
    position: Count


class Document(TypedDict):
    """What is known of one file (文件信息); always personal, since a hash can be matched."""

    sha256: Hash
    size: Count
    media_type: str
    name: str


type EventId = UUID

CLOSED_LISTS: dict[str, TypeAliasType] = {
    "mode": Mode,
    "protection": Protection,
    "legal_ground": LegalGround,
    "mode_choice": ModeChoice,
    "channel": Channel,
    "delivery": Delivery,
    "body_kind": BodyKind,
    "role": Role,
    "stage": Stage,
    "signal": Signal,
    "clock_kind": ClockKind,
    "due_cause": DueCause,
    "medium": Medium,
    "pack_status": PackStatus,
    "eligibility": Eligibility,
    "decline_cause": DeclineCause,
    "approval_subject": ApprovalSubject,
    "series": Series,
    "void_cause": VoidCause,
    "power": Power,
    "signing": Signing,
    "consent": Consent,
    "agreement_end_cause": AgreementEndCause,
    "ended_by": EndedBy,
    "move_kind": MoveKind,
    "undertaking_point": UndertakingPoint,
    "waiting_on": WaitingOn,
    "material_origin": MaterialOrigin,
    "reassign_cause": ReassignCause,
    "vacancy_cause": VacancyCause,
    "conflict_kind": ConflictKind,
    "conflict_remedy": ConflictRemedy,
    "staff_kind": StaffKind,
    "absence_kind": AbsenceKind,
    "reserve_cause": ReserveCause,
    "stand_down_cause": StandDownCause,
    "view_purpose": ViewPurpose,
    "training_topic": TrainingTopic,
    "revision_cause": RevisionCause,
    "filer": Filer,
    "not_accepted": NotAccepted,
    "outcome": Outcome,
    "day_kind": DayKind,
    "item_state": ItemState,
    "withdrawal": Withdrawal,
    "head_of": HeadOf,
    "system_verdict": SystemVerdict,
    "work_kind": WorkKind,
    "visit_purpose": VisitPurpose,
    "issue_kind": IssueKind,
    "issue_severity": IssueSeverity,
    "issue_outcome": IssueOutcome,
    "message_step": MessageStep,
    "letter_kind": LetterKind,
    "sanction_kind": SanctionKind,
    "contact_means": ContactMeans,
    "follow_up_end": FollowUpEnd,
    "joint_kind": JointKind,
    "respondent": Respondent,
    "satisfaction": SatisfactionLevel,
    "return_visit_means": ReturnVisitMeans,
    "rating_entry": RatingEntry,
    "rating_flag": RatingFlag,
    "hearing_form": HearingForm,
    "complaint_kind": ComplaintKind,
    "verdict": Verdict,
    "appraised": Appraised,
    "league": League,
    "assessment_form": AssessmentForm,
    "booking_ending": BookingEnding,
    "outreach_via": OutreachVia,
    "holder": Holder,
    "media_check": MediaCheck,
    "test_result": TestResult,
    "store": Store,
    "subject": Subject,
}
"""Every closed list by its name; its members are `CLOSED_LISTS[name].__value__.__args__`."""
