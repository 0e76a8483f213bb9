"""May this be done in this mode and under this commission (X-02, X-03), and by this person (X-04)?"""

from contracts.pack.sections import Mode
from contracts.pack.words import Act
from contracts.vocabulary import Power
from services.supervision.domain.facts import Commission, Facts
from shared.decider import Refused

AGENTS = frozenset({"agent", "helper", "chief_agent", "reserve_agent", "chief_rep"})
"""The posts that act for the unit."""


def mode_of(facts: Facts) -> Mode:
    """The mode the unit chose, as the pack describes it; refused when it chose none."""
    chosen = facts.known.mode
    if chosen is None or chosen == "none":
        raise Refused(
            "no_mode_chosen",
            rule="modes",
            remedy="项目单位未选择帮办或代办：请先由项目单位选择服务方式。",
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
            remedy=f"{mode.zh}不含此项：由项目单位自行办理，或由项目单位改选代办。",
        )
    papers = [paper for paper in mode.papers_before(act) if paper.must_state]
    if papers and power is not None:
        require_commission(facts, power, item, f"modes.{mode.id}.papers.{papers[0].id}")


def require_commission(facts: Facts, power: Power, item: str | None, rule: str) -> Commission:
    """The commission that covers `power` over `item` on the day; refused when none does."""
    commission = facts.known.commission
    remedy = (
        "请先由项目单位出具载明代理人、事项、权限和期限的授权委托书（民法典第一百六十五条）。"
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


def refuse_filing(facts: Facts) -> None:
    """Explain why this person may not file: in this mode someone else does (X-02)."""
    mode = facts.known.mode or "none"
    by = filed_by(facts)
    whose = {"applicant": "应由项目单位自行申报", "agent": "应由代办专员代为申报"}
    raise Refused(
        "mode_forbids",
        act="file_for_applicant",
        mode=mode,
        filed_by=by,
        rule=f"modes.{mode}.filed_by" if mode != "none" else "modes",
        remedy=f"该服务方式下{whose[by]}；如需变更，请项目单位改选服务方式。",
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
            remedy="请由未承办该事项的人员审批。",
        )


def evidence(facts: Facts, *proofs: object) -> None:
    """Refuse a department's step entered by others without the department's word for it."""
    if facts.by_department or any(proof is not None for proof in proofs):
        return
    raise Refused(
        "evidence_required",
        remedy="非审批部门人员录入的，请附审批系统状态（system_state）或文书。",
    )
