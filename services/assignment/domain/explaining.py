"""Why did a matter go where it went, in words (派单理由)?"""

from collections.abc import Mapping
from typing import Any

from contracts.pack import Pack
from contracts.pack.sections import RoutingRule
from contracts.predicate import (
    Atom,
    Compare,
    Contains,
    OneOf,
    against,
    holds,
    mentioned,
    unknown,
)
from contracts.project import label, say
from services.assignment.domain.facts import ours
from services.assignment.domain.routing import asked, path_of
from services.assignment.domain.state import Assigned

type Told = dict[str, Any]


def explained(state: Assigned, pack: Pack, now: Mapping[str, object] | None) -> Told:
    """The rules that decided, the facts they turned on, and why the others did not.

    `now` is what is known today: where the rules would say something else, that is told.
    """
    known = _again(state.known)
    decided = [r for r in pack.routing if path_of(r) in state.rules]
    others = [r for r in pack.routing if r not in decided]
    return {
        "rules": [_told(rule, pack, known) for rule in decided],
        "not": [
            {**_told(rule, pack, known), "because": _why_not(rule, known)} for rule in others
        ],
        "file_at": next((r.file_at for r in decided if r.file_at), None),
        "known": dict(state.known),
        "defaults": list(ours(pack, *state.rules, "team.lead")),
        "changed_since": _changed(state, pack, now),
    }


def _told(rule: RoutingRule, pack: Pack, known: Mapping[str, object]) -> Told:
    return {
        "path": path_of(rule),
        "zh": rule.zh,
        "src": pack.leaf_source(f"{path_of(rule)}.zh"),
        "applies_to": rule.applies_to,
        "to": rule.to,
        "decided_by": {
            fact: {"zh": label(fact), "value": say(known.get(fact))}
            for fact in sorted(mentioned(rule.when))
        },
    }


def _why_not(rule: RoutingRule, known: Mapping[str, object]) -> str:
    """One sentence."""
    verdict = holds(rule.when, known)
    if verdict is None:
        facts = "、".join(label(fact) for fact in sorted(unknown(rule.when, known)))
        return f"{facts}未知，无法判断"
    if verdict:
        return "前面的规则已经适用" if rule.applies_to == "matter" else "没有适用的事项"
    return "；".join(_against(atom, wish, known) for atom, wish in against(rule.when, known))


def _against(atom: Atom, wanted: bool, known: Mapping[str, object]) -> str:
    need = "应为" if wanted else "不应为"
    match atom:
        case OneOf(_, values):
            wish = "/".join(say(value) for value in values)
        case Compare(_, operator, bound):
            wish = f"{operator} {bound}"
        case Contains():
            wish = atom.member
        case _:
            raise TypeError(atom)
    return f"“{label(atom.fact)}”{need}{wish}，实为{say(known.get(atom.fact))}"


def _again(known: Mapping[str, object]) -> dict[str, object]:
    """The facts of an event as rules read them."""
    flags = known.get("flags")
    members = frozenset(flags) if isinstance(flags, list | tuple) else frozenset()
    return {**known, "flags": members}


def _changed(
    state: Assigned, pack: Pack, now: Mapping[str, object] | None
) -> dict[str, Told] | None:
    """Facts that are other today than when the matter was routed; None: not looked up."""
    if now is None:
        return None
    today = asked(pack, now)
    names = sorted({*today, *state.known})
    return {
        name: {"was": state.known.get(name), "is": today.get(name)}
        for name in names
        if today.get(name) != state.known.get(name)
    }
