"""In which mode is the unit served (服务方式), and with which items (事项范围)?"""

import re
from collections.abc import Sequence

from contracts.catalogue import Item
from contracts.event import Event
from contracts.intake import (
    AgreementEnded,
    ItemScopeAmended,
    ItemScopeFixed,
    ModeChosen,
    ModeEnded,
)
from contracts.predicate import holds
from services.intake.domain.admission import offered_mode
from services.intake.domain.commands import AmendItemScope, ChooseMode, EndMode, FixItemScope
from services.intake.domain.eligibility import admission, admitted, not_eligible
from services.intake.domain.ending import revoke
from services.intake.domain.facts import UNIT_POSTS, Facts, defaults_of, item_of
from services.intake.domain.state import Matter
from shared.decider import Refused


def choose_mode(command: ChooseMode, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit's free choice, at any time; what the new way does not need ends (YO-11, YY-50)."""
    if command.mode == state.mode:
        return []
    if command.mode == "none":
        _may_be_refused(facts)
    else:
        offered_mode(command.mode, facts)
        _may_ask_for(command.mode, facts)
        _qualifies_for(command.mode, state, facts)
    chosen = ModeChosen(mode=command.mode, replaces=state.mode)
    return [chosen, *_left_behind(command.mode, state, facts)]


def _left_behind(mode: str, state: Matter, facts: Facts) -> list[Event]:
    """The commission and the agreements that are not for the new way of serving."""
    left: list[Event] = []
    if state.commission is not None and mode != "agent":
        left = [
            AgreementEnded(
                commission=state.commission.id,
                cause="revoked_by_applicant",
                ended_by="applicant",
            )
        ]
    for known in state.entrusted.open():
        if mode not in facts.pack.agreement(known.kind).modes:
            left.append(revoke(known, facts))
    return left


def _may_be_refused(facts: Facts) -> None:
    """Help that comes by itself is not refused, only muted (按照自愿原则…接受帮办服务; YY-50)."""
    muting = next((mode for mode in facts.pack.modes if mode.muting), None)
    if muting is not None:
        raise Refused(
            "help_cannot_be_refused",
            mode=muting.id,
            rule=f"modes.{muting.id}.muting",
            remedy=f"{muting.zh}不得拒绝，可设为静默 / it can be muted instead",
        )


def _may_ask_for(mode: str, facts: Facts) -> None:
    """Who may ask for this way of serving; whoever enters the unit's word asks for the unit."""
    rule = facts.pack.mode(mode)
    posts = {r.id: r.canonical for r in facts.pack.roles}
    the_units = any(posts.get(one) in UNIT_POSTS for one in rule.asked_by)
    own = facts.parties() & set(rule.asked_by)
    if not rule.asked_by or own or (the_units and not facts.by_unit):
        return
    raise Refused(
        "not_yours_to_ask",
        mode=mode,
        asked_by=list(rule.asked_by),
        rule=f"modes.{mode}.asked_by",
        remedy="此服务方式由列明的人员提出 / those named must ask for it",
    )


def _qualifies_for(mode: str, state: Matter, facts: Facts) -> None:
    """A condition on applicants may bind in this way of serving alone (YY-07)."""
    if admitted(facts, state.setting, mode):
        return
    undecided = bool(admission(facts, state.setting, mode).missing)
    if state.phase == "accepted" or not undecided:
        raise not_eligible(facts, state.setting, mode, "not_eligible_for_mode")


def end_mode(command: EndMode, state: Matter, facts: Facts) -> Sequence[Event]:
    """The pack's event happened: a mode that ends with it is over (modes.*.ends_when)."""
    mode = next((m for m in facts.pack.modes if m.id == state.mode), None)
    if mode is None or mode.ends_when != command.after:
        return []
    return [
        ModeEnded(
            mode=mode.id,
            after=_snake(command.after),
            defaults=defaults_of(facts.pack, f"modes.{mode.id}.ends_when"),
        )
    ]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def served(facts: Facts) -> tuple[Item, ...]:
    """The items that apply to the project and that the place serves (YO-06)."""
    return tuple(
        item for item in facts.catalogue.items_for(facts.project) if not _barred(item, facts)
    )


def _barred(item: Item, facts: Facts) -> tuple[str, str] | None:
    """Why the place does not serve an item at all: a code, and the rule it rests on."""
    scope = facts.pack.scope.items
    if item.stage not in scope.stages:
        return "outside_the_stages", "scope.items.stages"
    if item.kind == "utility" and not scope.utilities:
        return "utility_not_served", "scope.items.utilities"
    if scope.levels and (item.level or facts.pack.jurisdiction.level) not in scope.levels:
        return "level_not_served", "scope.items.levels"
    if item.kind == "self":
        return "own_act_of_the_unit", "scope.items"
    return None


def fix(command: FixItemScope, state: Matter, facts: Facts) -> Sequence[Event]:
    """The scope is settled once; the rest of what applies the unit keeps to itself."""
    items = _named(command.items, facts) if command.items is not None else _all(facts)
    if command.stages is not None:
        items = _of_stages(items, command.stages, facts)
    if state.scope is not None:
        if set(items) == set(state.scope):
            return []
        raise Refused(
            "scope_already_fixed",
            items=list(state.scope),
            remedy="请改用调整事项范围 / amend the scope instead",
        )
    if not items:
        raise Refused("scope_is_empty", remedy="请至少选择一个事项 / choose at least one item")
    applying = [item.id for item in facts.catalogue.items_for(facts.project)]
    stages = {facts.catalogue.item(item).stage for item in items}
    return [
        ItemScopeFixed(
            catalogue=facts.catalogue.edition,
            stages=tuple(stage.id for stage in facts.catalogue.stages if stage.id in stages),
            items=items,
            not_wanted=tuple(item for item in applying if item not in items),
            defaults=defaults_of(facts.pack, "catalogue", "scope.items.utilities"),
        )
    ]


def _of_stages(items: tuple[str, ...], stages: Sequence[str], facts: Facts) -> tuple[str, ...]:
    """By stage (分阶段服务; HS-14); refused for a stage the place does not serve."""
    offered = facts.pack.scope.items.stages
    outside = [stage for stage in stages if stage not in offered]
    if outside:
        raise Refused(
            "outside_the_stages",
            stages=outside,
            offered=list(offered),
            rule="scope.items.stages",
            remedy=_KEEP,
        )
    return tuple(item for item in items if facts.catalogue.item(item).stage in stages)


def amend(command: AmendItemScope, state: Matter, facts: Facts) -> Sequence[Event]:
    """Items are added or taken out; what stands so already is not said again."""
    added = tuple(item for item in command.added if item not in state.items)
    removed = tuple(item for item in command.removed if item in state.items)
    if not added and not removed:
        return []
    kept = tuple(item for item in state.items if item not in removed)
    _named((*kept, *added), facts)
    return [
        ItemScopeAmended(
            catalogue=facts.catalogue.edition,
            added=added,
            removed=removed,
            reason=command.reason,
        )
    ]


def _all(facts: Facts) -> tuple[str, ...]:
    """Every item served; refused while a fact is missing that may bring another one in."""
    undecided = {
        item: sorted(names)
        for item, names in facts.catalogue.undecided(facts.project).items()
        if not _barred(facts.catalogue.item(item), facts)
    }
    if undecided:
        raise Refused(
            "project_facts_missing",
            unknown=sorted({name for names in undecided.values() for name in names}),
            items=undecided,
            remedy="请补充项目情况，或逐项选定事项 / amend the project, or name the items",
        )
    return tuple(item.id for item in served(facts))


def _named(items: Sequence[str], facts: Facts) -> tuple[str, ...]:
    """The items in catalogue order, when each may be served and none excludes another."""
    for code in items:
        item = item_of(facts, code)
        if barred := _barred(item, facts):
            raise Refused(barred[0], item=code, rule=barred[1], remedy=_KEEP)
        if holds(item.applies, dict(facts.project)) is False:
            raise Refused("item_does_not_apply", item=code, when=item.when, remedy=_KEEP)
        others = [o for o in facts.catalogue.alternatives_of(code) if o in items]
        if others:
            raise Refused("items_exclude_each_other", items=[code, *others], remedy=_KEEP)
    return tuple(item.id for item in facts.catalogue.items if item.id in set(items))


_KEEP = "请从适用事项中选择 / choose among the items that apply"
