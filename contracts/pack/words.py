"""Which words may a policy pack (政策包) use? Closed lists; a new word is a new version."""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from contracts.vocabulary import AreaCode, Channel, Delivery, Mode, Role, Stage
from contracts.vocabulary import MoveKind as MoveKind

type Text = Annotated[str, Field(min_length=1, max_length=1000)]
type Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
type AdCode = AreaCode

type ModeId = Mode
type RoleWord = Role
type StageWord = Stage
type ChannelKind = Channel
type DeliveryWord = Delivery
type Action = Literal[
    "inform", "remind", "urge", "report_up", "interview", "discipline", "whistle", "meet",
    "raise", "joint_attack", "notice_of_criticism",
]  # fmt: skip
type RecordWord = Literal[
    "note", "letter", "notice", "sign_in", "photo", "minutes", "co_handling_slip", "report",
    "interview_record",
]  # fmt: skip
type Act = Literal[
    "advise", "explain", "guide", "policy_guidance", "schedule", "coordinate", "prepare_with",
    "follow", "visit", "collect", "precheck", "fill_for_applicant", "upload",
    "file_for_applicant", "urge", "fetch", "deliver", "log", "escort", "introduce",
    "accept_request", "dispatch", "assign", "reassign", "activate_reserve", "sign_off",
    "answer", "attend_meeting", "decide", "request_correction", "inspect", "train", "revisit",
    "appraise", "file_return", "raise", "interview", "discipline", "confirm_content",
    "submit_materials", "collect_results", "rate", "view_matter", "message",
    "receive_visitor", "hand_over", "register", "call_approver", "notify_centre",
    "push_materials", "urge_on_site", "errand", "visit_together", "confirm_transfer",
    "remind", "sign_agreement", "keep_roster",
]  # fmt: skip
type Must = Literal[
    "one_time_notice", "work_log", "live_progress", "explain_process_and_duties",
    "report_to_team_at_once", "collect_all_materials_once", "collect_at_issuing_window",
    "archive", "hand_over",
]  # fmt: skip
type ItemStage = Literal["S1", "S2", "S3", "S4"]
type PowerField = Literal["agent", "matter", "authority", "period", "principal_seal"]
type Need = Literal["reason", "approver", "notice", "evidence"]
type OriginKind = Literal[
    "applicant", "superior", "third_body", "hotline", "outreach", "arrival", "first_sight",
]  # fmt: skip
type FormKind = Literal[
    "commission", "agreement", "application", "register", "one_time_notice", "receipt",
    "checklist", "ledger", "evaluation", "roster", "slip",
]  # fmt: skip
type Function = Literal["query", "tutoring", "consult", "interpret", "handle", "book"]
type Joint = Literal["drawing_review", "site_survey", "acceptance"]
type Rhythm = Literal["day_progress", "week_change"]
type Outreach = Literal["pre_approval_checklist", "policy_push", "service_visit"]
type Via = Literal["online", "offline"]

type EventName = Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+$")]

# Words of the event vocabulary (事件词汇) that no service records yet: a file may list papers
# that would follow them (`required_if`), nothing may wait for them.
_FORESEEN = frozenset(
    """
    DependencySet PresenceRequired AppraisalPublished
    """.split()
)


@cache
def recorded() -> frozenset[str]:
    """The short names of the events the services record: what a pack may wait for."""
    from contracts.registry import BY_TYPE

    return frozenset(event.__name__ for event in BY_TYPE.values())


@cache
def named_events() -> frozenset[str]:
    """Every event name a pack may write (事件词汇): recorded today, or foreseen."""
    return recorded() | _FORESEEN


def __getattr__(name: str) -> frozenset[str]:
    """`EVENTS`, made on first use: the registry of events itself reads the vocabulary."""
    if name == "EVENTS":
        return named_events()
    raise AttributeError(name)
