"""The decision table of a matter (办件). Read top to bottom; the first row that fits decides."""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import AgreementEnded, ConsultationAnswered, MatterMigrated
from services.intake.domain.admission import accept, decline, request
from services.intake.domain.authority import (
    confirm_form,
    draft_form,
    end_commission,
    file_commission,
)
from services.intake.domain.commands import (
    AcceptService,
    AmendItemScope,
    AnswerConsultation,
    ChooseMode,
    ConfirmForm,
    DeclineService,
    DraftForm,
    EndCommission,
    FileCommission,
    FixItemScope,
    MigrateMatter,
    NoteResult,
    PrecheckItem,
    ReceiveMaterial,
    ReleaseCommission,
    RequestMaterials,
    RequestService,
    ReuseMaterial,
)
from services.intake.domain.facts import Facts, item_of
from services.intake.domain.material import ask, note_result, precheck, receive, reuse
from services.intake.domain.papers import followed_up
from services.intake.domain.scope import amend, choose_mode, fix
from services.intake.domain.state import Matter
from shared.command import Command
from shared.decider import Refused


def decide(command: Command, state: Matter, facts: Facts) -> Sequence[Event]:
    """What happens when this is asked of a matter that stands so; raises `Refused`."""
    found = _at_the_door(command, state, facts)
    if found is None and state.phase in ("requested", "accepted"):
        found = _at_any_time(command, state, facts)
    if found is None and state.phase == "accepted":
        found = _in_service(command, state, facts)
    if found is None and state.scope is not None:
        found = _with_scope(command, state, facts)
    if found is None:
        raise _not_now(command, state)
    return found


def _at_the_door(command: Command, state: Matter, facts: Facts) -> Sequence[Event] | None:
    match command, state.phase:
        case RequestService(), "absent":
            return request(command, facts)
        case AcceptService(), "requested":
            return accept(command, state, facts)
        case AcceptService(body=body), "accepted" if body == state.body:
            return []
        case DeclineService(), "requested":
            return decline(command, facts)
        case DeclineService(), "declined":
            return []
        case NoteResult(), "absent" | "requested" | "declined":
            return []
        case ReleaseCommission(), _:
            return _release(state)
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
    return None


def _migrate(command: MigrateMatter, state: Matter, facts: Facts) -> Sequence[Event]:
    """An open matter keeps its edition unless someone moves it, with a reason (X-08)."""
    if command.taken == facts.pack.edition:
        return []
    if facts.taken is None or facts.taken.jurisdiction.code != facts.pack.jurisdiction.code:
        raise Refused(
            "edition_not_usable",
            taken=command.taken,
            left=facts.pack.edition,
            remedy="请先登记本地的该版政策包 / register that edition for this place first",
        )
    return [MatterMigrated(left=facts.pack.edition, taken=command.taken, reason=command.reason)]


def _release(state: Matter) -> Sequence[Event]:
    if state.commission is None:
        return []
    return [
        AgreementEnded(commission=state.commission.id, cause="matter_done", ended_by="rule")
    ]


def answered(command: AnswerConsultation, facts: Facts) -> ConsultationAnswered:
    """An answer with its sources in the pack; refused without any (YO-27)."""
    for item in command.items:
        item_of(facts, item)
    unknown = [path for path in command.sources if not _in_pack(path, facts)]
    if unknown or not command.sources:
        raise Refused(
            "source_unknown" if unknown else "source_required",
            sources=unknown,
            edition=facts.pack.edition,
            remedy="请引用政策包中的条目作为依据 / cite entries of the pack",
        )
    return ConsultationAnswered(
        consultation=command.consultation or facts.id,
        topic=command.topic,
        items=command.items,
        sources=command.sources,
        understood=command.understood,
        learned_through=command.learned_through,
        visitor=command.visitor,
        phone=command.phone,
        question=command.question,
        answer=command.answer,
    )


def _in_pack(path: str, facts: Facts) -> bool:
    """Whether `path` is a leaf of the pack, or a branch that has a source of its own."""
    for leaf in (path, f"{path}.zh"):
        try:
            facts.pack.leaf_source(leaf)
        except LookupError:
            continue
        return True
    return any(path == p for question in facts.pack.open for p in question.paths)


def _not_now(command: Command, state: Matter) -> Refused:
    scope = "fixed" if state.scope is not None else "not_fixed"
    return Refused(
        "not_in_this_state",
        command=type(command).__name__,
        state=state.phase,
        scope=scope,
        allowed=_ALLOWED.get((state.phase, scope), []),
    )


_ALWAYS = ["ChooseMode", "AnswerConsultation", "MigrateMatter"]
_EARLY = ["FixItemScope", "ReceiveMaterial", "ReuseMaterial"]
_LATE = [
    "AmendItemScope", "FileCommission", "EndCommission", "DraftForm", "ConfirmForm",
    "RequestMaterials", "ReceiveMaterial", "ReuseMaterial", "PrecheckItem",
]  # fmt: skip
_ALLOWED: dict[tuple[str, str], list[str]] = {
    ("absent", "not_fixed"): ["RequestService"],
    ("requested", "not_fixed"): ["AcceptService", "DeclineService", *_ALWAYS],
    ("accepted", "not_fixed"): [*_EARLY, *_ALWAYS],
    ("accepted", "fixed"): [*_LATE, *_ALWAYS],
}
