"""May this be done in this mode and under this commission (X-02, X-03), and by this person (X-04)?"""

from contracts.pack.sections import Mode, Paper
from contracts.pack.words import Act
from contracts.vocabulary import Power
from services.supervision.domain.facts import Agreement, Commission, Facts
from shared.decider import Refused

AGENTS = frozenset({"agent", "helper", "chief_agent", "reserve_agent", "chief_rep"})
"""The posts that act for the unit."""


POWERS: dict[Act, Power] = {"deliver": "deliver"}
"""The power that an act needs where the act alone says it."""


def mode_of(facts: Facts) -> Mode:
    """The mode the unit chose, as the pack describes it; refused when it chose none."""
    chosen = facts.known.mode
    if chosen is None or chosen == "none":
        raise Refused(
            "no_mode_chosen",
            rule="modes",
            remedy=(
                "项目单位未选择帮办或代办：请先由项目单位选择服务方式 / "
                "the unit has chosen no mode of service: it chooses one first"
            ),
        )
    try:
        return facts.pack.mode(chosen)
    except LookupError:
        offered = [mode.id for mode in facts.pack.modes]
        raise Refused("mode_not_offered", mode=chosen, offered=offered) from None


def filed_by(facts: Facts) -> str:
    """Who files in the mode chosen: the unit itself where it chose none (modes.*.filed_by)."""
    chosen = facts.known.mode
    if chosen is None or chosen == "none":
        return "applicant"
    return mode_of(facts).filed_by


def require(
    facts: Facts, act: Act, item: str | None = None, power: Power | None = None
) -> None:
    """Refuse an act of an agent that the mode does not give, or that lacks its papers.

    The unit itself, the window and the approving department are no agents of the unit.
    """
    if facts.by_applicant or not facts.roles & AGENTS:
        return
    mode = mode_of(facts)
    if not mode.allows(act):
        raise Refused(
            "mode_forbids",
            act=act,
            mode=mode.id,
            rule=f"modes.{mode.id}.staff_may",
            remedy=f"{mode.zh}不含此项：由项目单位自行办理，或由项目单位改选代办 / "
            "not part of this mode: the unit does it itself, or chooses to be acted for",
        )
    for paper in mode.papers_before(act):
        rule = f"modes.{mode.id}.papers.{paper.id}"
        if not paper.must_state:
            _require_paper(facts, paper, act, item, rule)
        elif needed := power or POWERS.get(act):
            require_commission(facts, needed, item, rule)


def _require_paper(facts: Facts, paper: Paper, act: Act, item: str | None, rule: str) -> None:
    """The paper is there on the day of the act, as intake says, and speaks of the item (X-03)."""
    known = facts.known
    made = [agreement for agreement in known.agreements if paper.id in agreement.papers]
    if made:
        _require_agreement(facts, made[-1], act, item, rule)
    elif paper.id not in known.excused and not known.papers.get(paper.id):
        raise Refused(
            "paper_missing",
            act=act,
            paper=paper.id,
            rule=rule,
            remedy=(
                "请先在受理服务办妥该文书，再办理此项 / "
                "have this paper in force at intake first"
            ),
        )


def _require_agreement(
    facts: Facts, agreement: Agreement, act: Act, item: str | None, rule: str
) -> None:
    if not agreement.holds(facts.on):
        raise Refused(
            "agreement_not_in_force",
            act=act,
            agreement=str(agreement.id),
            state=agreement.state,
            ends_on=agreement.ends_on.isoformat() if agreement.ends_on else None,
            rule=rule,
            remedy=(
                "协议未签妥、已中止、已到期或已终止：请先办妥协议手续 / "
                "the agreement is not signed, suspended, expired or ended: put it in force first"
            ),
        )
    if item is not None and item not in agreement.items:
        raise Refused(
            "item_not_agreed",
            item=item,
            agreement=str(agreement.id),
            items=list(agreement.items),
            rule=rule,
            remedy=(
                "协议未载明该事项：请先变更协议 / "
                "the agreement does not name the item: amend it first"
            ),
        )


def require_commission(facts: Facts, power: Power, item: str | None, rule: str) -> Commission:
    """The commission that covers `power` over `item` on the day; refused when none does."""
    commission = facts.known.commission
    remedy = (
        "请先由项目单位出具载明代理人、事项、权限和期限的授权委托书（民法典第一百六十五条） / "
        "the unit first gives a commission naming agent, items, powers and term (Civil Code art. 165)"
    )
    if commission is None:
        raise Refused("no_commission", power=power, rule=rule, remedy=remedy)
    if not commission.begins_on <= facts.on <= commission.ends_on:
        raise Refused(
            "commission_not_in_force",
            begins_on=commission.begins_on.isoformat(),
            ends_on=commission.ends_on.isoformat(),
            rule=rule,
            remedy=remedy,
        )
    if not commission.names(facts.actor) and not _took_over(facts, commission, item):
        raise Refused(
            "not_the_commissioned_agent",
            agent=commission.agent,
            rule=rule,
            law="民法典第一百六十九条",
            remedy=(
                "委托书未载明此人：转委托须经项目单位同意 / "
                "the commission does not name this person: the unit must consent to another"
            ),
        )
    if item is not None and commission.items and item not in commission.items:
        raise Refused("item_not_commissioned", item=item, rule=rule, remedy=remedy)
    if power not in commission.powers:
        raise Refused(
            "power_not_given",
            power=power,
            given=list(commission.powers),
            rule=rule,
            remedy=remedy,
        )
    return commission


def _took_over(facts: Facts, commission: Commission, item: str | None) -> bool:
    """He serves in the place of the agent named, who left: assignment asks the unit first where
    the pack has the rule (team.rules.replacement_needs_consent)."""
    serves = facts.team.agents_of(item) if item is not None else facts.team.everyone()
    return facts.actor in serves and commission.agent not in facts.team.everyone()


def refuse_filing(facts: Facts) -> None:
    """Explain why this person may not file: in this mode someone else does (X-02)."""
    mode = facts.known.mode or "none"
    by = filed_by(facts)
    whose = {
        "applicant": ("应由项目单位自行申报", "the unit itself files"),
        "agent": ("应由代办专员代为申报", "the agent files for it"),
    }
    zh, en = whose[by]
    raise Refused(
        "mode_forbids",
        act="file_for_applicant",
        mode=mode,
        filed_by=by,
        rule=f"modes.{mode}.filed_by" if mode != "none" else "modes",
        remedy=f"该服务方式下{zh}；如需变更，请项目单位改选服务方式 / "
        f"in this mode {en}; to have it otherwise, the unit chooses another mode",
    )


def never_both(facts: Facts, item: str, decider: str | None) -> None:
    """Refuse a decision by the agent of the item, or by who declared a conflict (X-04)."""
    agents = facts.team.agents_of(item)
    barred = {c.person for c in facts.team.conflicts if item in c.items}
    if decider is not None and decider in agents | barred:
        raise Refused(
            "agent_never_decides",
            item=item,
            decider=decider,
            rule="team.rules.agent_never_decides",
            law="民法典第一百六十八条",
            remedy=(
                "请由未承办该事项的人员审批 / "
                "somebody who does not handle the item must approve it"
            ),
        )


def evidence(facts: Facts, *proofs: object) -> None:
    """Refuse a department's step entered by others without the department's word for it."""
    if facts.by_department or any(proof is not None for proof in proofs):
        return
    raise Refused(
        "evidence_required",
        remedy=(
            "非审批部门人员录入的，请附审批系统状态（system_state）或文书 / "
            "who is not of the department gives its state in the approval system, or the document"
        ),
    )
