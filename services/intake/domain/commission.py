"""Whom did the unit empower (授权委托), by itself or by its proxy, and when does it end?"""

from collections.abc import Sequence

from contracts.event import Event
from contracts.intake import AgreementEnded, CommissionFiled
from contracts.vocabulary import AgreementEndCause, EndedBy
from services.intake.domain.authority import agreed, paper_path
from services.intake.domain.commands import EndCommission, FileCommission
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.state import Matter
from shared.decider import Refused


def may_file_commission(command: FileCommission, state: Matter, facts: Facts) -> None:
    """Raise `Refused` unless a commission may be filed now."""
    if state.mode != "agent":
        raise Refused(
            "mode_needs_no_commission",
            mode=state.mode,
            rule=paper_path(facts),
            remedy="请先选择代办 / choose agency first",
        )
    if state.commission is not None:
        raise Refused(
            "commission_exists",
            commission=str(state.commission.id),
            remedy="请先终止原委托 / end the present one first",
        )
    agreed(state, facts)
    _sound_period(command, facts)
    _sound_chain(command, facts)
    outside = [item for item in command.items or () if item not in state.items]
    if outside or not state.items or command.items == ():
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
            rule=paper_path(facts),
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
            proxy_chain=command.proxy_chain,
            defaults=defaults_of(facts.pack, paper_path(facts)),
            agent_name=command.agent_name,
            principal=command.principal,
            signatory=command.signatory,
            paper=command.paper,
            proxy_names=command.proxy_names,
            proxy_papers=command.proxy_papers,
        )
    ]


def _sound_chain(command: FileCommission, facts: Facts) -> None:
    """A proxy gives no more, and no longer, than each link above him gave (YY-35)."""
    chain = command.proxy_chain
    papers = command.proxy_papers.reveal() if command.proxy_papers else ()
    names = command.proxy_names.reveal() if command.proxy_names else ()
    if not chain and not papers and not names:
        return
    wide = set(command.powers)
    problem = (
        "proxy_papers_missing"
        if not len(chain) == len(papers) == len(names)
        else "proxy_may_not_entrust"
        if not all(link.may_entrust for link in chain)
        else "proxy_lacks_powers"
        if not all(wide <= set(link.powers) for link in chain)
        else "proxy_not_in_force"
        if not all(link.begins_on <= command.signed_on <= link.ends_on for link in chain)
        or not all(command.ends_on <= link.ends_on for link in chain)
        else None
    )
    if problem:
        raise Refused(
            problem,
            powers=sorted(wide),
            ends_on=command.ends_on.isoformat(),
            chain=[link.model_dump(mode="json") for link in chain],
            rule=paper_path(facts),
            law="民法典第一百六十九条",
            remedy="请逐级附代理人的授权书，权限和期限不得超出上一级 / every link with its paper, "
            "no wider and no longer than the one above",
        )


def end_commission(command: EndCommission, state: Matter, facts: Facts) -> Sequence[Event]:
    """The commission ends; one whose period is not over does not end by itself."""
    commission = state.commission
    if commission is None:
        if state.ended:
            return []
        raise Refused("no_commission", remedy="本办件没有委托 / there is none to end")
    cause, ended_by = _ending(command, facts)
    if cause == "period_over" and facts.day <= commission.ends_on:
        raise Refused(
            "period_not_over",
            ends_on=commission.ends_on.isoformat(),
            remedy="期限未满，请另选终止原因 / give another cause",
        )
    return [
        AgreementEnded(
            commission=commission.id, cause=cause, ended_by=ended_by, reason=command.reason
        )
    ]


def _ending(command: EndCommission, facts: Facts) -> tuple[AgreementEndCause, EndedBy]:
    """The unit ends it with one press; others say why, and nobody speaks for the unit."""
    if facts.by_unit:
        return command.cause or "revoked_by_applicant", "applicant"
    if command.cause is None or command.ended_by is None:
        raise Refused("cause_required", remedy="请写明终止原因和终止方 / say why and by whom")
    return command.cause, command.ended_by
