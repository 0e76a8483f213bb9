"""What may be done in the unit's name (委托), and what did the unit confirm (表单)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import AgreementEnded, CommissionFiled, FormConfirmed, FormDrafted
from contracts.pack.words import Act
from contracts.vocabulary import Power
from services.intake.domain.commands import (
    ConfirmForm,
    DraftForm,
    EndCommission,
    FileCommission,
)
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.state import Form, Matter
from shared.decider import Refused


def within_mode(act: Act, state: Matter, facts: Facts) -> None:
    """Staff may do `act` in the mode the unit chose; refused and explained otherwise (X-02)."""
    if state.mode is None or state.mode == "none":
        raise Refused(
            "mode_not_chosen",
            act=act,
            mode=state.mode,
            rule="modes",
            remedy="请项目单位先选择帮办或代办 / let the unit choose a mode first",
        )
    mode = facts.pack.mode(state.mode)
    if not mode.allows(act):
        raise Refused(
            "act_not_in_mode",
            act=act,
            mode=state.mode,
            rule=f"modes.{state.mode}.staff_may",
            allowed=list(mode.staff_may),
            remedy=f"{mode.zh}不含此项，由项目单位自行办理或改选服务方式 / "
            "the unit does this itself, or chooses another mode",
        )


def empowered(power: Power, item: str, state: Matter, facts: Facts) -> None:
    """A commission in force allows `power` for `item` on the day of the act (X-03)."""
    commission = state.commission
    if commission is None:
        raise Refused(
            "commission_missing",
            item=item,
            power=power,
            rule=_paper_path(facts),
            ended=[str(id) for id in state.ended],
            remedy="请先提交授权委托书 / file the unit's commission first",
        )
    if not commission.covers(item, power, facts.day):
        raise Refused(
            "commission_does_not_cover",
            item=item,
            power=power,
            day=facts.day.isoformat(),
            begins_on=commission.begins_on.isoformat(),
            ends_on=commission.ends_on.isoformat(),
            items=sorted(commission.items),
            powers=sorted(commission.powers),
            remedy="请补办载明该事项、权限和期限的委托书 / file one that states them",
        )


def _paper_path(facts: Facts) -> str:
    """Where the pack asks for the written commission, or the modes when it is silent."""
    papers = (
        f"modes.{mode.id}.papers.{paper.id}"
        for mode in facts.pack.modes
        if mode.filed_by == "agent"
        for paper in mode.papers
        if paper.must_state
    )
    return next(papers, "modes")


def may_file_commission(command: FileCommission, state: Matter, facts: Facts) -> None:
    """Raise `Refused` unless a commission may be filed now."""
    if state.mode != "agent":
        raise Refused(
            "mode_needs_no_commission",
            mode=state.mode,
            rule=_paper_path(facts),
            remedy="请先选择代办 / choose agency first",
        )
    if state.commission is not None:
        raise Refused(
            "commission_exists",
            commission=str(state.commission.id),
            remedy="请先终止原委托 / end the present one first",
        )
    _sound_period(command, facts)
    outside = [item for item in command.items or () if item not in state.items]
    if outside or not state.items:
        raise Refused(
            "items_outside_scope",
            items=outside,
            scope=list(state.items),
            remedy="委托事项须在服务事项范围内 / commission items of the scope",
        )


def _sound_period(command: FileCommission, facts: Facts) -> None:
    wrong = (
        "ends_before_it_begins"
        if command.ends_on < command.begins_on
        else "signed_in_the_future"
        if command.signed_on > facts.day
        else "period_is_over"
        if command.ends_on < facts.day
        else None
    )
    if wrong:
        raise Refused(
            wrong,
            begins_on=command.begins_on.isoformat(),
            ends_on=command.ends_on.isoformat(),
            signed_on=command.signed_on.isoformat(),
            day=facts.day.isoformat(),
            rule=_paper_path(facts),
            remedy="请核对委托期限和签署日期 / check the period and the day of signing",
        )


def same_commission(command: FileCommission, state: Matter) -> bool:
    """Whether this very commission is filed already."""
    known = state.commission
    return (
        known is not None
        and command.commission in (None, known.id)
        and (command.agent, command.begins_on, command.ends_on)
        == (known.agent, known.begins_on, known.ends_on)
        and frozenset(command.items or state.items) == known.items
        and frozenset(command.powers) == known.powers
    )


def file_commission(command: FileCommission, state: Matter, facts: Facts) -> Sequence[Event]:
    """The four points of the law are stated: agent, items, powers, period (民法典第165条)."""
    if facts.number is None and same_commission(command, state):
        return []
    may_file_commission(command, state, facts)
    return [
        CommissionFiled(
            commission=command.commission or facts.id,
            number=facts.number,
            agent=command.agent,
            items=tuple(command.items or state.items),
            powers=command.powers,
            begins_on=command.begins_on,
            ends_on=command.ends_on,
            signed_on=command.signed_on,
            signing=command.signing,
            consents=command.consents,
            defaults=defaults_of(facts.pack, _paper_path(facts)),
            agent_name=command.agent_name,
            principal=command.principal,
            signatory=command.signatory,
            paper=command.paper,
        )
    ]


def end_commission(command: EndCommission, state: Matter, facts: Facts) -> Sequence[Event]:
    """The commission ends; one whose period is not over does not end by itself."""
    commission = state.commission
    if commission is None:
        if state.ended:
            return []
        raise Refused("no_commission", remedy="本办件没有委托 / there is none to end")
    if command.cause == "period_over" and facts.day <= commission.ends_on:
        raise Refused(
            "period_not_over",
            ends_on=commission.ends_on.isoformat(),
            remedy="期限未满，请另选终止原因 / give another cause",
        )
    return [
        AgreementEnded(
            commission=commission.id,
            cause=command.cause,
            ended_by=command.ended_by,
            reason=command.reason,
        )
    ]


def draft_form(command: DraftForm, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit drafts its own form; staff only in agency and under a commission (YO-40)."""
    in_scope(command.item, state)
    if not facts.by_unit:
        within_mode("fill_for_applicant", state, facts)
        empowered("fill_forms", command.item, state, facts)
    known = state.forms.get((command.item, command.form), Form(0))
    return [
        FormDrafted(
            item=command.item,
            form=command.form,
            draft=known.draft + 1,
            content=command.content,
        )
    ]


def confirm_form(command: ConfirmForm, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit confirms the latest draft; entered by staff, with the unit's proof (YO-40)."""
    known = state.forms.get((command.item, command.form))
    if known is None or command.draft != known.draft:
        raise Refused(
            "not_the_latest_draft",
            item=command.item,
            draft=command.draft,
            latest=known.draft if known else 0,
            remedy="请确认最新一稿 / confirm the latest draft",
        )
    if known.confirmed == command.draft:
        return []
    if not facts.by_unit and command.proof is None:
        raise Refused(
            "proof_required",
            item=command.item,
            remedy="由工作人员录入的，须附项目单位确认件 / attach the unit's written word",
        )
    return [
        FormConfirmed(
            item=command.item,
            form=command.form,
            draft=command.draft,
            confirmed_by=command.confirmed_by,
            proof=command.proof,
        )
    ]


def in_scope(item: str, state: Matter) -> None:
    """The item is served in this matter; refused otherwise."""
    if item not in state.items:
        raise Refused(
            "item_not_in_scope",
            item=item,
            scope=list(state.items),
            remedy="请先将事项列入服务范围 / add the item to the scope first",
        )
