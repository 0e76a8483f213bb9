"""What may be done in the unit's name (委托), and what did the unit confirm (表单)?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import FormConfirmed, FormDrafted
from contracts.pack.sections import Origin
from contracts.pack.words import Act
from contracts.vocabulary import Power
from services.intake.domain.commands import ConfirmForm, DraftForm
from services.intake.domain.facts import Facts
from services.intake.domain.gate import require_papers
from services.intake.domain.state import Form, Matter
from shared.decider import Refused


def within_mode(act: Act, state: Matter, facts: Facts, item: str | None = None) -> None:
    """Staff may do `act` in the mode the unit chose and under its papers; refused and explained
    otherwise (X-02, X-03)."""
    agreed(state, facts)
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
    require_papers(act, state, facts, item)


def agreed(state: Matter, facts: Facts) -> None:
    """What others asked for waits for the unit's word, where the pack says so (X-03, YY-35)."""
    origin = origin_of(state, facts)
    if origin is None or origin.consent == "none" or state.setting.consented:
        return
    raise Refused(
        "unit_has_not_consented",
        origin=origin.id,
        rule=f"origins.{origin.id}.consent",
        remedy="请先征得项目单位同意 / ask the unit for its consent first",
    )


def origin_of(state: Matter, facts: Facts) -> Origin | None:
    """How the matter began, when others began it."""
    found = next((o for o in facts.pack.origins if o.id == state.setting.origin), None)
    return found if found and found.kind != "applicant" else None


def empowered(power: Power, item: str, state: Matter, facts: Facts) -> None:
    """A commission in force allows `power` for `item` on the day of the act (X-03)."""
    commission = state.commission
    if commission is None:
        raise Refused(
            "commission_missing",
            item=item,
            power=power,
            rule=paper_path(facts),
            ended=[str(id) for id in state.ended],
            remedy="请先提交授权委托书 / file the unit's commission first",
        )
    if not commission.names(facts.actor):
        raise Refused(
            "not_the_commissioned_agent",
            agent=commission.agent,
            rule=paper_path(facts),
            law="民法典第一百六十九条",
            remedy="委托书未载明此人；转委托须经项目单位同意 / the unit names him, or agrees to it",
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


def paper_path(facts: Facts) -> str:
    """Where the pack asks for the written commission, or the modes when it is silent."""
    papers = (
        f"modes.{mode.id}.papers.{paper.id}"
        for mode in facts.pack.modes
        if mode.filed_by == "agent"
        for paper in mode.papers
        if paper.must_state
    )
    return next(papers, "modes")


def draft_form(command: DraftForm, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit drafts its own form; staff only in agency and under a commission (YO-40)."""
    in_scope(command.item, state)
    if not facts.by_unit:
        within_mode("fill_for_applicant", state, facts, command.item)
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
