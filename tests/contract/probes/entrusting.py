"""What does intake do under a pack beside admission: agreements, papers, doors, outreach, lines?"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from contracts.event import Personal
from contracts.pack import Pack
from contracts.pack.papers import Agreement as Kind
from contracts.pack.words import Must, recorded
from contracts.project import MatterFacts
from contracts.vocabulary import Mode, Role
from services.intake.domain import MATTER
from services.intake.domain.agreement import move_agreement
from services.intake.domain.authority import agreed
from services.intake.domain.commands import ChooseMode, EndMode, MoveAgreement, RequestService
from services.intake.domain.desk import Desk, decides, on_arrival
from services.intake.domain.entrusted import Commission, Entrusted
from services.intake.domain.facts import Facts
from services.intake.domain.gate import papers
from services.intake.domain.hotline import ORDER, Order, ReceiveOrder
from services.intake.domain.outreach import (
    OUTREACH,
    DeliverChecklist,
    OpenOutreach,
    Outreach,
    selected,
)
from services.intake.domain.registration import must
from services.intake.domain.scope import choose_mode, end_mode
from services.intake.domain.setting import Setting
from services.intake.domain.state import Matter, evolve
from tests.contract.probes.asking import (
    AGENT,
    CALENDAR,
    CATALOGUE,
    CLERK,
    MONDAY,
    UNIT,
    Base,
    answer,
    id_of,
    words,
)

SAID = Personal("甲")
LATER = MONDAY + timedelta(days=60)
PAPER: Personal[Any] = Personal(
    {"sha256": "a" * 64, "size": 1, "media_type": "application/pdf", "name": "扫描件.pdf"}
)
ITEMS = tuple(item.id for item in CATALOGUE.items if item.kind != "self")[:3]
COMMISSION = Commission(
    id_of(20), AGENT, frozenset(ITEMS), frozenset({"submit"}), MONDAY, LATER, None
)
ALONE = Matter(phase="accepted", number="990100-2026-00001", applicant=UNIT, scope=ITEMS)


def facts_of(pack: Pack, project: MatterFacts, **more: Any) -> Facts:
    given: dict[str, Any] = {
        "day": MONDAY, "pack": pack, "catalogue": CATALOGUE, "project": project,
        "id": id_of(10), "actor": CLERK, "applicant": UNIT, "number": "990100-2026-00006",
        "calendar": CALENDAR, "roles": frozenset({"admin"}),
    }  # fmt: skip
    return Facts(**(given | more))


def _agreements(pack: Pack, base: Base) -> Iterator[object]:
    """The life of every agreement: made in each mode, then every other move from there."""
    for kind in base.pack.agreements:
        for mode in words(Mode):
            yield from _life(pack, base, kind, str(mode))


def _life(pack: Pack, base: Base, kind: Kind, mode: str) -> Iterator[object]:
    drafts = MappingProxyType({form.id: 1 for form in base.pack.forms})
    alone = replace(ALONE, mode=mode, entrusted=Entrusted(applications=drafts))  # type: ignore[arg-type]
    facts = facts_of(pack, base.projects[0])
    first = next(move for move in kind.moves if not move.leaves)
    signers = tuple({*first.by, *first.countersigned_by})
    yield answer(move_agreement, _move(kind, first.id, signers), alone, facts)
    state = replace(alone, entrusted=replace(alone.entrusted, commission=COMMISSION))
    unnamed = _move(kind, "sign", ()).model_copy(update={"kind": None})
    yield answer(move_agreement, unnamed, state, facts)
    for move in kind.moves:
        if move.leaves:
            continue
        for signed_by in _signatures(base, kind):
            for stages in (None, ("S1",)):
                command = _move(kind, move.id, signed_by, stages=stages)
                yield answer(move_agreement, command, state, facts)
        whole = _move(kind, move.id, tuple({*move.by, *move.countersigned_by}))
        state = _after(state, whole, facts)
    yield from _onward(base, kind, state, facts)


def _onward(base: Base, kind: Kind, state: Matter, facts: Facts) -> Iterator[object]:
    later = replace(facts, day=MONDAY + timedelta(days=30))
    for move in kind.moves:
        if not move.leaves:
            continue
        for ground in (None, *move.causes[:2], "other-cause"):
            for signed_by in _signatures(base, kind)[:4]:
                command = _move(kind, move.id, signed_by, ground=ground, ends_on=LATER)
                yield answer(move_agreement, command, state, later)
        whole = _move(
            kind, move.id, tuple({*move.by, *move.countersigned_by}),
            ground=next(iter(move.causes), None), ends_on=LATER,
        )  # fmt: skip
        yield answer(move_agreement, whole, state, later)
        after = _after(state, whole, later)
        for other in (m for m in kind.moves if m.kind in ("resume", "end") and m != move):
            again = _move(
                kind, other.id, tuple({*other.by, *other.countersigned_by}),
                ground=next(iter(other.causes), None),
            )  # fmt: skip
            yield answer(move_agreement, again, after, later)


def _signatures(base: Base, kind: Kind) -> list[tuple[str, ...]]:
    """All who sign anything, and each of them alone."""
    parties = dict.fromkeys(p for m in kind.moves for p in (*m.by, *m.countersigned_by))
    others = [role.id for role in base.pack.roles if role.id not in parties][:1]
    return [tuple(parties), *((party,) for party in parties), *((o,) for o in others)]


def _move(kind: Kind, move: str, signed_by: tuple[str, ...], **more: Any) -> MoveAgreement:
    given: dict[str, Any] = {
        "kind": kind.id, "move": move, "signed_by": signed_by, "paper": PAPER,
        "reason": SAID, "lead_name": SAID, "handler_name": SAID, "agent_name": SAID,
        "principal": SAID, "application": 1, "agent": AGENT,
    }  # fmt: skip
    nothing: Any = dict.fromkeys(MoveAgreement.model_fields)
    return MoveAgreement.model_construct(**nothing).model_copy(update={**given, **more})


def _after(state: Matter, command: MoveAgreement, facts: Facts) -> Matter:
    try:
        events = move_agreement(command, state, facts)
    except Exception:  # what was refused changes nothing
        return state
    for event in events:
        state = evolve(state, event)
    return state


def _papers(pack: Pack, base: Base) -> Iterator[object]:
    for mode in (m.id for m in base.pack.modes):
        state = replace(ALONE, mode=mode)
        for project in base.projects:
            facts = facts_of(pack, project)
            yield answer(papers, state, facts)


def _modes(pack: Pack, base: Base) -> Iterator[object]:
    facts = facts_of(pack, base.projects[0])
    for mode in (*words(Mode), "none"):
        for role in words(Role):
            own = replace(
                facts, roles=frozenset({role}), acts_for=frozenset(base.bodies),
                by_unit=role.startswith("applicant"),
            )  # fmt: skip
            command = ChooseMode(mode=mode)
            yield answer(choose_mode, command, ALONE, own)
    for mode in words(Mode):
        state = replace(ALONE, mode=mode)
        ends = next((m.ends_when for m in pack.modes if m.id == mode), None)
        yield ends
        if ends is not None:
            yield answer(end_mode, EndMode(after=ends), state, facts)
    yield [(m.id, m.enrol, m.muting) for m in pack.modes if m.enrol == "automatic" or m.muting]
    found = on_arrival(pack)
    yield found.id if found else None


def _origins(pack: Pack, base: Base) -> Iterator[object]:
    """Whoever asks: how it may begin, who may have ordered it, and whether the unit agrees."""
    facts = facts_of(pack, base.projects[0])
    doors = [channel.kind for channel in base.pack.channels][:1]
    for origin in base.pack.origins:
        for body in (None, *base.bodies):
            command = RequestService.model_validate(
                {
                    "project": id_of(11), "area": "990100", "channel": doors[0],
                    "origin": origin.id, "ordered_by": body, "lead_name": SAID,
                    "lead_phone": Personal("000-0000001"),
                }
            )  # fmt: skip
            found = answer(MATTER.decide, command, Matter(), facts)
            yield found if isinstance(found, tuple) else _begun(found)
        state = replace(ALONE, setting=Setting(origin=origin.id))
        yield answer(agreed, state, facts)


def _begun(found: object) -> object:
    """The request alone: what was assessed with it is another probe's."""
    return found[0] if isinstance(found, list) and found else found


def _at(pack: Pack, project: MatterFacts) -> Desk:
    at = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
    return Desk(MONDAY, at, pack, CATALOGUE, CALENDAR, id_of(12), CLERK, project)


def _outreach(pack: Pack, base: Base) -> Iterator[object]:
    desk = _at(pack, base.projects[0])
    for rule in base.pack.proactive:
        asked = OpenOutreach(rule=f"proactive.{rule.id}")
        yield answer(OUTREACH.decide, asked, Outreach(), desk)
    yield from _brought(pack, base, desk)
    for occasion in sorted(recorded()):
        yield [[rule.id for rule in selected(pack, p, occasion)] for p in base.projects]


def _desk(pack: Pack, base: Base) -> Iterator[object]:
    desk = _at(pack, base.projects[0])
    for item in (None, *(item.id for item in CATALOGUE.items)):
        yield answer(decides, item, desk)
    for staff in (True, False):
        order = ReceiveOrder(
            area="990100", order="2026-0001", called_at=desk.at, about_staff=staff, wording=SAID
        )
        yield answer(ORDER.decide, order, Order(), desk)


def _brought(pack: Pack, base: Base, desk: Desk) -> Iterator[object]:
    for rule in base.pack.proactive:
        asked = OpenOutreach(rule=f"proactive.{rule.id}")
        try:
            state = OUTREACH.fold(OUTREACH.decide(asked, Outreach(), desk))
        except Exception:  # a rule that is gone opens nothing
            continue
        for via in ("online", "offline"):
            brought = DeliverChecklist.model_validate(
                {"via": via, "reference": "R-1", "proven_by": "receipt"}
            )
            yield answer(OUTREACH.decide, brought, state, desk)


def _musts(pack: Pack, base: Base) -> object:
    facts = facts_of(pack, base.projects[0])
    demanded: tuple[Must, ...] = ("explain_process_and_duties", "collect_all_materials_once")
    return [must(word, facts) for word in demanded]


_AT = "services.intake.domain"
PROBES = {
    f"{_AT}.agreement": lambda pack, base: list(_agreements(pack, base)),
    f"{_AT}.gate": lambda pack, base: list(_papers(pack, base)),
    f"{_AT}.authority": lambda pack, base: list(_origins(pack, base)),
    f"{_AT}.enrolment": lambda pack, base: list(_modes(pack, base)),
    f"{_AT}.desk": lambda pack, base: list(_desk(pack, base)),
    f"{_AT}.outreach": lambda pack, base: list(_outreach(pack, base)),
    f"{_AT}.registration": _musts,
}
