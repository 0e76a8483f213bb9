"""How are materials asked for, taken in, used again and read through (材料收取与预审)?"""

from collections.abc import Sequence
from uuid import UUID

from contracts.event import Event
from contracts.intake import (
    MaterialReceived,
    MaterialRequested,
    MaterialReused,
    MaterialSuperseded,
    PrecheckFailed,
    PrecheckPassed,
)
from services.intake.domain.authority import in_scope, within_mode
from services.intake.domain.commands import (
    NoteResult,
    PrecheckItem,
    ReceiveMaterial,
    RequestMaterials,
    ReuseMaterial,
)
from services.intake.domain.doubles import first_of
from services.intake.domain.facts import Facts, defaults_of
from services.intake.domain.gate import UNDERTAKING, unwarranted, warrants
from services.intake.domain.papers import (
    followed_up,
    held,
    missing,
    needed,
    pieces_of,
    users,
)
from services.intake.domain.state import Matter
from services.intake.domain.undertaking import all_five, with_the_paper
from shared.decider import Refused


def ask(command: RequestMaterials, state: Matter, facts: Facts) -> Sequence[Event]:
    """Everything at once (一次性告知), and nothing that is there or was asked for (X-14)."""
    items = command.items or state.items
    for item in items:
        in_scope(item, state)
    if command.ahead and not facts.pack.planning.prepare_ahead:
        raise Refused("not_prepared_ahead", rule="planning.prepare_ahead", remedy=_LATER)
    lacking = {m for item in items for m in missing(item, state, facts)}
    asked = _outstanding(state)
    if command.materials is None:
        wanted = lacking - asked
    else:
        _nothing_twice(command.materials, items, lacking, state, facts)
        wanted = set(command.materials) - asked
    if not wanted:
        return []
    late = state.gathered and not command.ahead
    if late and command.reason is None and not wanted <= _faulty(state):
        raise Refused(
            "reason_required",
            materials=sorted(wanted),
            remedy="材料已一次性收齐，再次索要须写明原因 / the set was complete: say why again",
        )
    return [
        MaterialRequested(
            request=command.request or facts.id,
            items=tuple(i for i in items if wanted & set(needed(i, state, facts))),
            materials=tuple(m.id for m in facts.catalogue.materials if m.id in wanted),
            waiting_on=command.waiting_on,
            ahead=command.ahead,
            due_on=command.due_on,
            late=late,
            defaults=defaults_of(facts.pack, "catalogue"),
            wording=command.wording,
            reason=command.reason,
        )
    ]


_LATER = "本方案不提前备料 / this place does not ask ahead"


def _outstanding(state: Matter) -> frozenset[str]:
    """Materials that were asked for and have not come since."""
    return frozenset(m for request in state.asked.values() for m in request.materials)


def _faulty(state: Matter) -> frozenset[str]:
    """Materials that a precheck found wanting: reason enough to ask again."""
    return frozenset(m for faulty in state.faulty.values() for m in faulty)


def _nothing_twice(
    named: Sequence[str],
    items: Sequence[str],
    lacking: set[str],
    state: Matter,
    facts: Facts,
) -> None:
    needless = [m for m in named if not any(m in needed(i, state, facts) for i in items)]
    if needless:
        raise Refused(
            "material_not_needed",
            materials=needless,
            items=list(items),
            remedy="目录外材料不得索要 / only what the catalogue lists may be asked for",
        )
    there = [m for m in named if m not in lacking]
    if there:
        raise Refused(
            "already_held",
            materials=there,
            pieces=[str(id) for id, piece in state.pieces.items() if piece.material in there],
            rule="planning.share_materials",
            remedy="已有材料直接共享，不重复索要 / use what is there",
        )


def receive(command: ReceiveMaterial, state: Matter, facts: Facts) -> Sequence[Event]:
    """A paper is taken in, and serves every item that needs it (YO-39, YO-03)."""
    piece = command.piece or facts.id
    if piece in state.pieces or first_of(command, facts.mark, state):
        return []
    if facts.serving:
        within_mode("collect", state, facts)
    _known_material(command.material, facts)
    if command.originals + command.copies == 0 and command.scans is None:
        raise Refused(
            "nothing_received", remedy="请填写原件、复印件份数或附电子件 / count or attach it"
        )
    if command.valid_until_on is not None and command.valid_until_on < facts.day:
        raise Refused(
            "material_expired",
            material=command.material,
            valid_until_on=command.valid_until_on.isoformat(),
            remedy="材料已过有效期，请更换 / bring one that is valid",
        )
    replaced = state.pieces.get(command.replaces) if command.replaces else None
    if command.replaces and (replaced is None or replaced.material != command.material):
        raise Refused("replaces_nothing", replaces=str(command.replaces), remedy=_SAME_KIND)
    received = MaterialReceived(
        piece=piece,
        material=command.material,
        originals=command.originals,
        copies=command.copies,
        sheets=command.sheets,
        valid_until_on=command.valid_until_on,
        replaces=command.replaces,
        request=command.request,
        visit=command.visit,
        mark=facts.mark,
        title=command.title,
        handed_in_by=command.handed_in_by,
        scans=command.scans,
        receipt=command.receipt,
    )
    later: list[Event] = [received]
    if command.replaces:
        later.append(
            MaterialSuperseded(
                piece=command.replaces,
                by=piece,
                material=command.material,
                items=users(command.material, state.items, facts),
            )
        )
    if command.undertaking:
        later.append(with_the_paper(command, piece, facts))
    elif facts.by_unit and warrants(facts):
        all_five(())
    return followed_up(later, state, facts)


_SAME_KIND = "只能替换同一种材料 / only a piece of the same material is replaced"


def _known_material(material: str, facts: Facts) -> None:
    if all(material != m.id for m in facts.catalogue.materials):
        raise Refused(
            "material_unknown",
            material=material,
            catalogue=facts.catalogue.edition,
            remedy="请从本地事项目录的材料中选取 / choose a material of the catalogue",
        )


def reuse(command: ReuseMaterial, state: Matter, facts: Facts) -> Sequence[Event]:
    """What another matter or the certificate library holds is not asked for again (X-14)."""
    if command.material in state.reused:
        return []
    _known_material(command.material, facts)
    if not facts.offered:
        raise Refused(
            "not_held_there",
            material=command.material,
            origin=command.origin,
            remedy="对方办件没有这份材料 / nothing of the kind is held there",
        )
    reused = MaterialReused(
        material=command.material,
        items=users(command.material, state.items, facts),
        origin=command.origin,
        piece=command.piece,
        from_matter=command.from_matter,
    )
    return followed_up([reused], state, facts)


def note_result(command: NoteResult, state: Matter, facts: Facts) -> Sequence[Event]:
    """The result of a decided item is on hand for the items that need it (YO-03)."""
    yielded = [
        material.id
        for material in facts.catalogue.materials
        if material.share == "result"
        and command.item in material.source.split("|")
        and material.id not in state.reused
    ]
    reused = [
        MaterialReused(
            material=material,
            items=users(material, state.items, facts),
            origin="item_result",
            from_item=command.item,
        )
        for material in yielded
    ]
    return followed_up(reused, state, facts) if reused else []


def precheck(command: PrecheckItem, state: Matter, facts: Facts) -> Sequence[Event]:
    """The agent read the papers through: in order, or every fault at once (YO-69)."""
    in_scope(command.item, state)
    within_mode("precheck", state, facts, command.item)
    return _pass(command, state, facts) if command.in_order else _fail(command, state, facts)


def _pass(command: PrecheckItem, state: Matter, facts: Facts) -> Sequence[Event]:
    if command.faulty or command.faults is not None:
        raise Refused("in_order_has_no_faults", remedy="预审通过不填缺陷 / leave faults out")
    lacking = missing(command.item, state, facts)
    if lacking:
        raise Refused(
            "materials_missing",
            item=command.item,
            materials=list(lacking),
            remedy="请先补齐材料 / these materials must come first",
        )
    pieces = tuple(UUID(id) for id in pieces_of(command.item, state, facts))
    if warrants(facts) and (open_ones := {*unwarranted(state)} & {str(id) for id in pieces}):
        raise Refused(
            "undertaking_not_given",
            item=command.item,
            pieces=sorted(open_ones),
            rule=f"forms.{UNDERTAKING}",
            remedy="请项目单位先对材料作出承诺 / the unit warrants its papers first",
        )
    if state.prechecked.get(command.item) == frozenset(pieces):
        return []
    return [PrecheckPassed(item=command.item, pieces=pieces, note=command.note)]


def _fail(command: PrecheckItem, state: Matter, facts: Facts) -> Sequence[Event]:
    wanted = needed(command.item, state, facts)
    strange = [m for m in command.faulty if m not in wanted]
    if not command.faulty or strange or command.faults is None:
        raise Refused(
            "faults_must_be_named",
            item=command.item,
            needed=list(wanted),
            not_needed=strange,
            remedy="请一次列明有问题的材料及缺陷 / name the faulty materials and what is wrong",
        )
    return [
        PrecheckFailed(
            item=command.item,
            faulty=command.faulty,
            waiting_on=command.waiting_on,
            due_on=command.due_on,
            faults=command.faults,
        )
    ]


def on_hand(material: str, state: Matter, facts: Facts, piece: UUID | None) -> bool:
    """Whether this matter holds `material`, and `piece` of it when one is named."""
    if piece is not None:
        known = state.pieces.get(piece)
        return known is not None and known.material == material and piece not in state.replaced
    return material in held(state, facts)
