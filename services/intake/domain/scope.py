"""In which mode is the unit served (服务方式), and with which items (事项范围)?"""

from collections.abc import Sequence

from contracts.catalogue import Item
from contracts.event import Event
from contracts.intake import AgreementEnded, ItemScopeAmended, ItemScopeFixed, ModeChosen
from contracts.predicate import holds
from services.intake.domain.admission import offered_mode
from services.intake.domain.commands import AmendItemScope, ChooseMode, FixItemScope
from services.intake.domain.facts import Facts, defaults_of, item_of
from services.intake.domain.state import Matter
from shared.decider import Refused


def choose_mode(command: ChooseMode, state: Matter, facts: Facts) -> Sequence[Event]:
    """The unit's free choice, at any time; leaving agency ends the commission (YO-11)."""
    if command.mode == state.mode:
        return []
    if command.mode != "none":
        offered_mode(command.mode, facts)
    chosen = ModeChosen(mode=command.mode, replaces=state.mode)
    if state.commission is None or command.mode == "agent":
        return [chosen]
    ended = AgreementEnded(
        commission=state.commission.id, cause="revoked_by_applicant", ended_by="applicant"
    )
    return [chosen, ended]


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
    if item.kind == "self":
        return "own_act_of_the_unit", "scope.items"
    return None


def fix(command: FixItemScope, state: Matter, facts: Facts) -> Sequence[Event]:
    """The scope is settled once; the rest of what applies the unit keeps to itself."""
    items = _named(command.items, facts) if command.items is not None else _all(facts)
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
