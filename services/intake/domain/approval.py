"""What does one person ask and another approve or deny (提请批准; 四眼原则)?"""

from collections.abc import Sequence

from contracts.event import Event, Personal
from contracts.intake import (
    ApprovalAsked,
    ApprovalDenied,
    EligibilityAssessed,
    ServiceDeclined,
)
from contracts.vocabulary import ApprovalSubject, DeclineCause
from services.intake.domain.commands import (
    AdmitByDiscretion,
    ApproveDecline,
    AskAdmission,
    DenyApproval,
)
from services.intake.domain.eligibility import admission, assess, not_eligible
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.setting import Approval
from services.intake.domain.state import Matter
from shared.decider import Refused


def ask(
    decision: ApprovalSubject,
    reason: Personal[str],
    state: Matter,
    facts: Facts,
    *,
    rule: str,
    cause: DeclineCause | None = None,
) -> Sequence[Event]:
    """Put to another person; the same again while it waits says nothing new."""
    known = state.setting.approvals.get(decision)
    if known is not None and known.cause == cause:
        return []
    return [
        ApprovalAsked(
            decision=decision, asked_by=facts.actor, cause=cause, rule=rule,
            defaults=defaults_of(facts.pack, rule), reason=reason,
        )
    ]  # fmt: skip


def asked_by_another(decision: ApprovalSubject, state: Matter, facts: Facts) -> Approval:
    """What waits for this person's word; refused when he asked for it himself (B65)."""
    known = state.setting.approvals.get(decision)
    if known is None:
        raise Refused(
            "approval_not_asked",
            decision=decision,
            waiting=sorted(state.setting.approvals),
            remedy="请先由经办人提请 / somebody must ask for it first",
        )
    if known.asked_by == facts.actor:
        raise Refused(
            "four_eyes",
            decision=decision,
            remedy="提请人不能批准，请由另一人批准 / another person must approve it",
        )
    return known


def ask_admission(command: AskAdmission, state: Matter, facts: Facts) -> Sequence[Event]:
    """Really needed (其他确有必要): only where the pack has such a rule (HS-09)."""
    if state.setting.override is not None:
        return []
    needs, rule = _discretion(state, facts)
    if "approver" not in needs:
        return [_let_in(state, facts, command.reason)]
    return ask("admission", command.reason, state, facts, rule=f"{rule}.needs")


def admit(command: AdmitByDiscretion, state: Matter, facts: Facts) -> Sequence[Event]:
    """Let in by somebody else than who asked, on his own word (HS-09)."""
    if state.setting.override is not None:
        return []
    _discretion(state, facts)
    asked_by_another("admission", state, facts)
    return [_let_in(state, facts, command.reason)]


def _discretion(state: Matter, facts: Facts) -> tuple[Sequence[str], str]:
    """What the pack asks of an exception, and where; refused when it has none here."""
    mode = state.mode or state.wanted
    found = admission(facts, state.setting, mode)
    if found.ok:
        raise Refused("project_is_eligible", remedy="该项目符合条件 / it qualifies anyway")
    rule = facts.pack.scope.discretionary
    if found.discretion is None or rule is None:
        raise not_eligible(facts, state.setting, mode, "no_discretion")
    return rule.needs, found.discretion.path


def _let_in(state: Matter, facts: Facts, reason: Personal[str]) -> EligibilityAssessed:
    found = admission(facts, state.setting, state.mode or state.wanted)
    assert found.discretion is not None
    rules = tuple(r.path for r in found.reasons if not r.path.startswith("scope.refer."))
    return EligibilityAssessed(
        result="eligible",
        rule=found.discretion.path,
        failed=rules,
        override=True,
        approver=facts.actor,
        defaults=defaults_of(facts.pack, found.discretion.path, *rules),
        reason=reason,
    )


def approve_decline(command: ApproveDecline, state: Matter, facts: Facts) -> Sequence[Event]:
    """A project that qualifies is declined by a second person's word (YO-14)."""
    known = asked_by_another("decline", state, facts)
    assert known.cause is not None
    assessed = assess(facts, state.setting, state.mode or state.wanted)
    return [
        ServiceDeclined(
            cause=known.cause,
            eligible=assessed.result == "eligible",
            rule=assessed.rule,
            pointer=assessed.pointer,
            supervisor=facts.actor,
            defaults=defaults_of(facts.pack, "scope.decline.needs", *assessed.defaults),
            reason=command.reason,
        )
    ]


def deny(command: DenyApproval, state: Matter, facts: Facts) -> Sequence[Event]:
    """Not approved, or taken back by who asked; it may be asked for again."""
    known = state.setting.approvals.get(command.decision)
    if known is None:
        return []
    return [
        ApprovalDenied(
            decision=command.decision,
            asked_by=known.asked_by,
            denied_by=facts.actor,
            reason=command.reason,
        )
    ]
