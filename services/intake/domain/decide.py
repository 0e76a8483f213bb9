"""The decision table of a matter (办件). Read top to bottom; the first row that fits decides."""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import AgreementEnded, ConsultationAnswered, MatterMigrated
from services.intake.domain import consultation
from services.intake.domain.admission import accept, decline, request, scope_comes_first
from services.intake.domain.agreement import move_agreement
from services.intake.domain.application import file_application
from services.intake.domain.approval import admit, approve_decline, ask_admission, deny
from services.intake.domain.authority import confirm_form, draft_form
from services.intake.domain.commands import (
    AcceptService,
    AdmitByDiscretion,
    AmendItemScope,
    AnswerConsultation,
    ApproveDecline,
    AskAdmission,
    CheckCondition,
    ChooseMode,
    CompleteRegistration,
    ConfirmForm,
    DeclineService,
    DenyApproval,
    DraftForm,
    EndAgreement,
    EndCommission,
    EndMode,
    ExplainProcess,
    FileApplication,
    FileCommission,
    FixItemScope,
    GiveConsent,
    GiveUndertaking,
    MigrateMatter,
    MoveAgreement,
    MuteHelp,
    NoteResult,
    PrecheckItem,
    ReceiveMaterial,
    ReleaseCommission,
    RequestMaterials,
    RequestService,
    ReuseMaterial,
    SettleAgreement,
    WithdrawMove,
)
from services.intake.domain.commission import end_commission, file_commission
from services.intake.domain.eligibility import check_condition
from services.intake.domain.ending import (
    end_agreement,
    release,
    settle_agreement,
    withdraw_move,
)
from services.intake.domain.enrolment import (
    EnrolProject,
    IssueNotice,
    PromptHelp,
    enrol,
    issue,
    prompt,
)
from services.intake.domain.facts import Facts
from services.intake.domain.material import (
    ask,
    note_result,
    precheck,
    receive,
    reuse,
)
from services.intake.domain.papers import followed_up
from services.intake.domain.registration import consent, explain, mute, register
from services.intake.domain.scope import amend, choose_mode, end_mode, fix
from services.intake.domain.state import Matter
from services.intake.domain.undertaking import undertake
from shared.command import Command
from shared.decider import Refused


def decide(command: Command, state: Matter, facts: Facts) -> Sequence[Event]:
    """What happens when this is asked of a matter that stands so; raises `Refused`."""
    found = _by_itself(command, state, facts)
    if found is None:
        found = _at_the_door(command, state, facts)
    if found is None:
        found = _approving(command, state, facts)
    if found is None and state.phase in ("requested", "accepted"):
        found = _at_any_time(command, state, facts)
    if found is None and state.phase in ("requested", "accepted"):
        found = _settling(command, state, facts)
    if found is None and state.phase == "accepted":
        found = _in_service(command, state, facts)
    if found is None and state.scope is not None:
        found = _with_scope(command, state, facts)
    if found is None:
        raise _not_now(command, state)
    return [*found, *_modes_over(found, state, facts)]


def _modes_over(events: Sequence[Event], state: Matter, facts: Facts) -> Sequence[Event]:
    """A mode that ends with one of `events` is over (modes.*.ends_when)."""
    happened = {type(event).__name__ for event in events}
    mode = next((m for m in facts.pack.modes if m.id == state.mode), None)
    if mode is None or mode.ends_when not in happened or mode.ends_when is None:
        return []
    return end_mode(EndMode(after=mode.ends_when), state, facts)


def _at_the_door(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    match command, state.phase:
        case RequestService(), "absent":
            return request(command, facts)
        case EnrolProject(), "absent":
            return enrol(command, facts)
        case EnrolProject(), _:
            return []
        case AcceptService(), "requested":
            return accept(command, state, facts)
        case AcceptService(body=body), "accepted" if body == state.body:
            return []
        case DeclineService(), "requested":
            return decline(command, state, facts)
        case DeclineService(), "declined":
            return []
        case FixItemScope(), "requested" if scope_comes_first(facts):
            return followed_up(fix(command, state, facts), state, facts)
    return None


def _approving(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    """What one person asks and another approves, before the matter is taken on (四眼)."""
    match command, state.phase:
        case ApproveDecline(), "requested":
            return approve_decline(command, state, facts)
        case ApproveDecline(), "declined":
            return []
        case AskAdmission(), "requested":
            return ask_admission(command, state, facts)
        case AdmitByDiscretion(), "requested":
            return admit(command, state, facts)
        case DenyApproval(), "requested":
            return deny(command, state, facts)
    return None


def _by_itself(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    """What the calendar, a neighbour or another stream brings, whatever the matter's state."""
    match command:
        case NoteResult() if state.phase in ("absent", "requested", "declined"):
            return []
        case ReleaseCommission():
            return _release(state, facts)
        case SettleAgreement():
            return settle_agreement(command, state, facts)
        case EndMode():
            return end_mode(command, state, facts)
    return None


def _at_any_time(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case ChooseMode():
            return followed_up(choose_mode(command, state, facts), state, facts)
        case MigrateMatter():
            return _migrate(command, state, facts)
        case AnswerConsultation():
            known = command.consultation in state.consultations
            return [] if known else [answered(command, facts)]
        case IssueNotice():
            return issue(command, state.helped, state.items, state.mode, facts)
        case PromptHelp():
            return prompt(command, state.helped, facts, muted=state.setting.muted)
    return None


def _settling(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    """How the service is agreed and set up with the unit."""
    match command:
        case FileApplication():
            return file_application(command, state, facts)
        case MoveAgreement():
            return move_agreement(command, state, facts)
        case WithdrawMove():
            return withdraw_move(command, state, facts)
        case EndAgreement():
            return end_agreement(command, state, facts)
        case CheckCondition():
            return check_condition(command, state, facts)
        case GiveConsent():
            return consent(command, state, facts)
        case ExplainProcess():
            return explain(command, state, facts)
        case MuteHelp():
            return mute(command, state, facts)
    return None


def _in_service(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case FixItemScope():
            return followed_up(fix(command, state, facts), state, facts)
        case ReceiveMaterial():
            return receive(command, state, facts)
        case ReuseMaterial():
            return reuse(command, state, facts)
        case NoteResult():
            return note_result(command, state, facts)
        case EndCommission():
            return end_commission(command, state, facts)
    return None


def _with_scope(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    match command:
        case AmendItemScope():
            return followed_up(amend(command, state, facts), state, facts)
        case FileCommission():
            return followed_up(file_commission(command, state, facts), state, facts)
        case DraftForm():
            return draft_form(command, state, facts)
        case ConfirmForm():
            return followed_up(confirm_form(command, state, facts), state, facts)
        case RequestMaterials():
            return ask(command, state, facts)
        case PrecheckItem():
            return precheck(command, state, facts)
        case GiveUndertaking():
            return undertake(command, state, facts)
        case CompleteRegistration():
            return register(command, state, facts)
    return None


def _migrate(command: MigrateMatter, state: Matter, facts: Facts) -> Sequence[Event]:
    """An open matter keeps its edition unless someone moves it, with a reason (X-08)."""
    if command.taken == facts.pack.edition:
        return []
    if facts.taken is None:
        raise Refused(
            "edition_not_usable",
            taken=command.taken,
            left=facts.pack.edition,
            remedy="请先登记本地的该版政策包 / register that edition for this place first",
        )
    return [MatterMigrated(left=facts.pack.edition, taken=command.taken, reason=command.reason)]


def _release(state: Matter, facts: Facts) -> Sequence[Event]:
    """The matter is done, and with it the commission and every agreement made for it."""
    done: list[Event] = [release(known, facts) for known in state.entrusted.open()]
    if state.commission is not None:
        ended = AgreementEnded(
            commission=state.commission.id, cause="matter_done", ended_by="rule"
        )
        done = [ended, *done]
    return done


def answered(command: AnswerConsultation, facts: Facts) -> ConsultationAnswered:
    """An answer with its sources in the pack; refused without any (YO-27)."""
    return consultation.answered(command, facts.pack, facts.catalogue, facts.id)


def _not_now(command: Command, state: Matter) -> Refused:
    scope = "fixed" if state.scope is not None else "not_fixed"
    return Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=state.phase,
        scope=scope,
        allowed=_ALLOWED.get((state.phase, scope), []),
        remedy="请先办理 allowed 所列事项；为空则已了结 / do one of `allowed`; empty: it is over",
    )


_ALWAYS = [
    "ChooseMode", "AnswerConsultation", "IssueNotice", "MigrateMatter", "FileApplication",
    "MoveAgreement", "WithdrawMove", "EndAgreement", "CheckCondition", "GiveConsent",
    "ExplainProcess", "MuteHelp",
]  # fmt: skip
_EARLY = ["FixItemScope", "ReceiveMaterial", "ReuseMaterial"]
_LATE = [
    "AmendItemScope", "FileCommission", "EndCommission", "DraftForm", "ConfirmForm",
    "RequestMaterials", "ReceiveMaterial", "ReuseMaterial", "PrecheckItem",
    "GiveUndertaking", "CompleteRegistration",
]  # fmt: skip
_ALLOWED: dict[tuple[str, str], list[str]] = {
    ("absent", "not_fixed"): ["RequestService"],
    ("requested", "not_fixed"): [
        "AcceptService",
        "DeclineService",
        "ApproveDecline",
        "AskAdmission",
        "AdmitByDiscretion",
        "DenyApproval",
        *_ALWAYS,
    ],
    ("accepted", "not_fixed"): [*_EARLY, *_ALWAYS],
    ("accepted", "fixed"): [*_LATE, *_ALWAYS],
}
