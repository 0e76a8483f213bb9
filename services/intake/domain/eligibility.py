"""Is the project served here (准入), by the rules, by what was checked, or by discretion?"""

from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

from contracts.event import Event
from contracts.intake import ConditionChecked, EligibilityAssessed
from contracts.pack import Admission
from contracts.predicate import mentioned
from contracts.project import MatterFacts
from contracts.vocabulary import Mode
from services.intake.domain.commands import CheckCondition
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.setting import UNSET, Setting
from services.intake.domain.state import Matter
from shared.decider import Refused

DECLARED = ("industrial_policy_ok", "registered_in_jurisdiction")
"""What a unit says of itself and an office holds against a source (YY-06, YY-07)."""
_REQUESTS = {"assist": "assist", "agent": "agency"}


def admission(facts: Facts, setting: Setting = UNSET, mode: str | None = None) -> Admission:
    """The rules of the place held against the project; what was checked outweighs what was said."""
    return facts.pack.admits(_as_checked(facts, setting, mode), mode)


def _as_checked(facts: Facts, setting: Setting, mode: str | None) -> MatterFacts:
    asked = {"request": _REQUESTS[mode]} if mode in _REQUESTS else {}
    return facts.project.model_copy(update={**setting.checks, **asked})


def assess(
    facts: Facts, setting: Setting = UNSET, mode: str | None = None
) -> EligibilityAssessed:
    """The result as a fact (服务条件审核; YO-05, YO-06, HS-06 to HS-08, YY-06, YY-07)."""
    found = admission(facts, setting, mode)
    paths = [reason.path for reason in found.reasons]
    pointers = [path for path in paths if path.startswith("scope.refer.")]
    rules = [path for path in paths if path not in pointers]
    first = f"scope.include.{facts.pack.scope.include[0].id}"
    undecided = bool(found.missing)
    return EligibilityAssessed(
        result="eligible" if found.ok else "undetermined" if undecided else "ineligible",
        rule=next(iter(rules), first),
        failed=() if found.ok or undecided else tuple(rules),
        unknown=tuple(sorted(found.missing)),
        pointer=next(iter(pointers), None),
        mode=_binding(facts, mode),
        unchecked=_unchecked(facts, setting, mode),
        defaults=defaults_of(facts.pack, *paths),
    )


def _binding(facts: Facts, mode: str | None) -> Mode | None:
    """The mode, where a condition on applicants binds in some modes alone (YY-07)."""
    rules = facts.pack.scope.applicants
    return next(
        (m.id for m in facts.pack.modes if m.id == mode and any(r.modes for r in rules)), None
    )


def _unchecked(facts: Facts, setting: Setting, mode: str | None) -> tuple[str, ...]:
    """Declarations that a rule turns on and nobody has held against a source yet."""
    rules = [r for r in facts.pack.scope.applicants if not r.modes or mode in r.modes]
    asked = {fact for rule in rules for fact in mentioned(rule.when)}
    return tuple(
        name
        for name in DECLARED
        if name in asked
        and name not in setting.checks
        and getattr(facts.project, name) is not None
    )


def admitted(facts: Facts, setting: Setting, mode: str | None) -> bool:
    """Served by the rules, or because it was let in and nothing bars it."""
    found = admission(facts, setting, mode)
    return found.ok or (setting.override is not None and found.discretion is not None)


def not_eligible(facts: Facts, setting: Setting, mode: str | None, code: str) -> Refused:
    """The refusal that shows every reason (不符合条件的理由; HS-07)."""
    assessed, found = assess(facts, setting, mode), admission(facts, setting, mode)
    if assessed.result == "undetermined":
        return Refused(
            "eligibility_undetermined",
            rule=assessed.rule,
            unknown=list(assessed.unknown),
            remedy="请先补充项目情况 / amend the project with these facts first",
        )
    return Refused(
        code,
        rule=assessed.rule,
        failed=list(assessed.failed),
        pointer=assessed.pointer,
        reasons=[reason.zh for reason in found.reasons],
        discretion=found.discretion.path if found.discretion else None,
        remedy="请办理不予受理并告知去向 / decline with the pointer",
    )


def check_condition(command: CheckCondition, state: Matter, facts: Facts) -> Sequence[Event]:
    """A declaration is held against a source, and the project assessed again (YY-06)."""
    if state.setting.checks.get(command.condition) is command.met:
        return []
    checked = ConditionChecked(
        condition=command.condition,
        met=command.met,
        source=command.source,
        reference=command.reference,
        note=command.note,
    )
    known = {**state.setting.checks, command.condition: command.met}
    setting = replace(state.setting, checks=MappingProxyType(known))
    again = assess(facts, setting, state.mode or state.wanted)
    settled = again.result == state.eligibility or setting.override is not None
    return [checked] if settled else [checked, again]
