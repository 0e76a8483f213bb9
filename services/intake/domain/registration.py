"""How is the service set up with the unit (登记、告知、同意、静默), before and beside the work?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import (
    HelpMuted,
    ItemLimit,
    ProcessExplained,
    RegistrationCompleted,
    ServiceConsented,
)
from contracts.pack import Pack
from contracts.pack.words import Must
from contracts.vocabulary import Role
from services.intake.domain.authority import agreed, in_scope, origin_of
from services.intake.domain.commands import (
    CompleteRegistration,
    ExplainProcess,
    GiveConsent,
    MuteHelp,
)
from services.intake.domain.facts import Facts, defaults_of, item_of
from services.intake.domain.papers import complete_items
from services.intake.domain.state import Matter
from shared.decider import Refused

CONTACTS: tuple[Role, ...] = ("applicant_lead", "applicant_handler")


def explain(command: ExplainProcess, state: Matter, facts: Facts) -> Sequence[Event]:
    """The flow and the duties were explained, with this leaflet (AS-54)."""
    if state.setting.leaflet == command.leaflet:
        return []
    return [
        ProcessExplained(
            leaflet=command.leaflet, understood=command.understood, listener=command.listener
        )
    ]


def register(command: CompleteRegistration, state: Matter, facts: Facts) -> Sequence[Event]:
    """Needs, items with limits and the whole set stand in the register (AS-55 to AS-58)."""
    if state.setting.registered is not None:
        if facts.number is None:
            return []
        raise Refused(
            "already_registered", remedy="已登记，无须重复 / it is registered already"
        )
    agreed(state, facts)
    form = _register_form(command, facts)
    _explained_first(state, facts)
    outstanding = _outstanding(command, state, facts)
    limits, used = _limits(command, state, facts)
    return [
        RegistrationCompleted(
            form=form,
            number=facts.number,
            label=printed(facts.pack, REGISTER, facts.number) if facts.number else None,
            limits=limits,
            complete_set=not outstanding,
            outstanding=outstanding,
            leaflet=state.setting.leaflet,
            contacts=tuple(c for c in CONTACTS if c in state.setting.contacts),
            clarified_by=command.clarified_by,
            defaults=defaults_of(facts.pack, *used),
            needs=command.needs,
            incomplete_reason=command.incomplete_reason,
            content=command.content,
        )
    ]


REGISTER = "register"
"""The numbering of the pack from which the register takes its number (numbering.register)."""


def printed(pack: Pack, rule: str, number: str) -> str:
    """A number by the place's own template (编号印样)."""
    area, year, serial = number.split("-")
    return pack.numbering.rule(rule).printed(area, int(year), int(serial))


def _register_form(command: CompleteRegistration, facts: Facts) -> str:
    forms = [form.id for form in facts.pack.forms if form.kind == "register"]
    form = command.form or next(iter(forms), None)
    if form is None or form not in forms:
        raise Refused(
            "form_unknown",
            form=form,
            known=forms,
            rule="forms",
            remedy="请选择本方案的登记表 / name a register of the pack",
        )
    return form


def must(word: Must, facts: Facts) -> str | None:
    """The stage of the pack that demands `word`, if one does (环节要求)."""
    return next((stage.id for stage in facts.pack.process if word in stage.must), None)


def _explained_first(state: Matter, facts: Facts) -> None:
    stage = must("explain_process_and_duties", facts)
    if stage is not None and state.setting.leaflet is None:
        raise Refused(
            "process_not_explained",
            rule=f"process.{stage}.must",
            remedy="请先介绍服务流程及工作职责 / explain the flow and the duties first",
        )


def _outstanding(command: CompleteRegistration, state: Matter, facts: Facts) -> tuple[str, ...]:
    """The items whose papers did not come; where all are due at once, only for a reason."""
    whole = complete_items(state, facts)
    lacking = tuple(item for item in state.items if item not in whole)
    stage = must("collect_all_materials_once", facts)
    if lacking and stage is not None and command.incomplete_reason is None:
        raise Refused(
            "materials_not_collected",
            items=list(lacking),
            rule=f"process.{stage}.must",
            remedy="应一次性收齐申请材料；未收齐的请写明原因 / collect all at once, or say why not",
        )
    return lacking


def _limits(
    command: CompleteRegistration, state: Matter, facts: Facts
) -> tuple[tuple[ItemLimit, ...], tuple[str, ...]]:
    """A limit for every item that has one: as agreed, else as in the catalogue (办理时限)."""
    given = {limit.item: limit for limit in command.limits}
    for item in given:
        in_scope(item, state)
    known = {
        item: ItemLimit(item=item, days=limit.planned_wd)
        for item in state.items
        if item not in given and (limit := item_of(facts, item).limit).known
    }
    limits = {**known, **given}
    return tuple(limits[i] for i in state.items if i in limits), ("catalogue",) if known else ()


def consent(command: GiveConsent, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit's word for what others asked for; entered by staff, with its proof."""
    origin = origin_of(state, facts)
    if origin is None or state.setting.consented:
        return []
    if not facts.by_unit and command.proof is None:
        raise Refused(
            "proof_required",
            origin=origin.id,
            remedy="由工作人员录入的，须附项目单位确认件 / attach the unit's written word",
        )
    return [
        ServiceConsented(
            origin=origin.id, consented_by=command.consented_by, proof=command.proof
        )
    ]


def mute(command: MuteHelp, state: Matter, facts: Facts) -> Sequence[Event]:
    """Help that cannot be refused may be silenced, and heard again (YY-50)."""
    if command.muted == state.setting.muted:
        return []
    offered = [mode.id for mode in facts.pack.modes if mode.muting]
    if command.muted and state.mode not in offered:
        raise Refused(
            "mode_cannot_be_muted",
            mode=state.mode,
            can=offered,
            rule="modes" if state.mode in (None, "none") else f"modes.{state.mode}.muting",
            remedy="本服务方式不设静默，可改选服务方式 / choose another mode instead",
        )
    return [HelpMuted(muted=command.muted, reason=command.reason)]
