"""Which materials does an item need, which are there, and which may be used again (材料)?"""

from collections.abc import Collection, Iterator, Sequence
from functools import reduce

from contracts.event import Event
from contracts.intake import MaterialReused, MaterialSetCompleted
from services.intake.domain.facts import Facts
from services.intake.domain.state import Matter, evolve


def needed(item: str, state: Matter, facts: Facts) -> tuple[str, ...]:
    """The materials of an item; agency adds the commission (代办另附授权委托书)."""
    listed = facts.catalogue.item(item).materials
    added = facts.catalogue.agent_mode_adds if state.mode == "agent" else ()
    return listed + tuple(material for material in added if material not in listed)


def held(state: Matter, facts: Facts) -> frozenset[str]:
    """The materials that are there for every item, expired and replaced pieces left out."""
    papers = {
        piece.material
        for id, piece in state.pieces.items()
        if id not in state.replaced
        and (piece.valid_until is None or facts.day <= piece.valid_until)
    }
    return frozenset(papers | set(state.reused))


def missing(item: str, state: Matter, facts: Facts) -> tuple[str, ...]:
    """What an item still lacks: never there, expired, or found faulty and not mended."""
    faulty = state.faulty.get(item, frozenset())
    there = held(state, facts)
    return tuple(
        material
        for material in needed(item, state, facts)
        if material in faulty
        or not (material in there or _otherwise(material, item, state, facts))
    )


def _otherwise(material: str, item: str, state: Matter, facts: Facts) -> bool:
    """There without a paper: the commission is filed, or the system's own form confirmed."""
    if material in facts.catalogue.agent_mode_adds:
        commission = state.commission
        return (
            commission is not None
            and item in commission.items
            and facts.day <= commission.ends_on
        )
    source = facts.catalogue.material(material).source
    return source == "system" and confirmed_draft(item, state) is not None


def confirmed_draft(item: str, state: Matter) -> int | None:
    """The draft of an item's form that the unit confirmed, if no later one waits for it."""
    forms = [form for (of, _), form in state.forms.items() if of == item]
    if not forms or any(form.confirmed != form.draft for form in forms):
        return None
    return forms[-1].draft


def complete_items(state: Matter, facts: Facts) -> tuple[str, ...]:
    """The items in scope that lack nothing now, in the order of the scope."""
    return tuple(item for item in state.items if not missing(item, state, facts))


def pieces_of(item: str, state: Matter, facts: Facts) -> tuple[str, ...]:
    """The ids of the papers that an item needs and that are not replaced."""
    wanted = needed(item, state, facts)
    return tuple(
        str(id)
        for id, piece in state.pieces.items()
        if piece.material in wanted and id not in state.replaced
    )


def users(material: str, items: Collection[str], facts: Facts) -> tuple[str, ...]:
    """Those of `items` that need the material, in catalogue order."""
    return tuple(
        item.id
        for item in facts.catalogue.items
        if item.id in items and material in item.materials
    )


def used_again(before: Matter, after: Matter, facts: Facts) -> Iterator[MaterialReused]:
    """What was given once and now serves further items as well (只交一套资料; YO-03)."""
    if not facts.pack.planning.share_materials:
        return
    there = held(after, facts)
    for material in (m.id for m in facts.catalogue.materials if m.id in there):
        old = users(material, before.items, facts) if material in held(before, facts) else ()
        new = tuple(i for i in users(material, after.items, facts) if i not in old)
        again = new if old or material in after.reused else new[1:]
        if again:
            yield _reuse(material, again, after)


def _reuse(material: str, items: tuple[str, ...], state: Matter) -> MaterialReused:
    known = state.reused.get(material)
    if known is not None:
        return MaterialReused(
            material=material,
            items=items,
            origin=known.origin,
            piece=known.piece,
            from_matter=known.from_matter,
            from_item=known.from_item,
        )
    piece = next(
        id
        for id in reversed(list(state.pieces))
        if state.pieces[id].material == material and id not in state.replaced
    )
    return MaterialReused(material=material, items=items, origin="piece", piece=piece)


def followed_up(events: Sequence[Event], state: Matter, facts: Facts) -> list[Event]:
    """`events`, and what follows at once: materials used again, sets that became complete."""
    after = reduce(evolve, events, state)
    told = {event.material for event in events if isinstance(event, MaterialReused)}
    again = [e for e in used_again(state, after, facts) if e.material not in told]
    after = reduce(evolve, again, after)
    return [*events, *again, *_completed(after, facts)]


def _completed(state: Matter, facts: Facts) -> Iterator[MaterialSetCompleted]:
    for item in complete_items(state, facts):
        wanted = needed(item, state, facts)
        if not set(wanted) <= state.completed.get(item, frozenset()):
            yield MaterialSetCompleted(
                item=item, catalogue=facts.catalogue.edition, materials=wanted
            )
