"""What does intake do under a pack: admission, scope, modes, papers, numbers, doors?"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from contracts.event import Personal
from contracts.pack import Pack
from contracts.pack.words import Act
from contracts.project import MatterFacts
from contracts.vocabulary import Channel, DeclineCause, Mode
from services.intake.domain.admission import accept, decline, offered_mode, request
from services.intake.domain.approval import ask_admission
from services.intake.domain.authority import within_mode
from services.intake.domain.commands import (
    AcceptService,
    AskAdmission,
    DeclineService,
    FixItemScope,
    RequestMaterials,
    RequestService,
)
from services.intake.domain.eligibility import assess
from services.intake.domain.facts import Facts
from services.intake.domain.material import ask
from services.intake.domain.papers import used_again
from services.intake.domain.scope import fix, served
from services.intake.domain.state import Matter, Piece
from tests.contract.probes.asking import (
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
WHOLE = {
    "land": "granted", "eia": "none", "special_works": False, "pre_sale": False,
    "civil": True, "hazardous": False, "energy_review": False, "soil_plan": False,
    "flood": False, "water_abstraction": True, "relics": False, "gas": True,
    "heating_telecom": True, "road_opening": True, "fee_reduced": False,
    "catalogue_listed": False,
}  # fmt: skip


def _facts(pack: Pack, project: MatterFacts, **more: Any) -> Facts:
    given: dict[str, Any] = {
        "day": MONDAY, "pack": pack, "catalogue": CATALOGUE, "project": project,
        "id": id_of(10), "actor": CLERK, "applicant": UNIT, "number": "990100-2026-00001",
    }  # fmt: skip
    return Facts(**(given | more))


def _assessed(pack: Pack, base: Base) -> Iterator[object]:
    for project in base.projects:
        for mode in (None, *words(Mode)):
            yield _verdict(pack.admits(project, mode))
        yield pack.site_kind(project.site)


def _verdict(admission: Any) -> object:
    said = [(reason.path, reason.zh) for reason in admission.reasons]
    return admission.ok, said, sorted(admission.missing), str(admission.discretion)


def _admission(pack: Pack, base: Base) -> Iterator[object]:
    asked = Matter(phase="requested", number="990100-2026-00001", applicant=UNIT)
    yield from _doors(pack, base, asked)
    for project in _first_of_each(base):
        facts = _facts(pack, project)
        for cause in words(DeclineCause):
            command = DeclineService.model_construct(cause=cause, reason=SAID)
            yield answer(decline, command, asked, facts)
        for body in base.bodies:
            taken = AcceptService(body=body)
            yield answer(accept, taken, asked, facts)
        yield answer(assess, facts)


def _approval(pack: Pack, base: Base) -> Iterator[object]:
    """A project outside the rules, that the pack's exception may let in."""
    asked = Matter(phase="requested", number="990100-2026-00001", applicant=UNIT)
    for project in base.projects:
        yield answer(ask_admission, AskAdmission(reason=SAID), asked, _facts(pack, project))


def _first_of_each(base: Base) -> list[MatterFacts]:
    """One project that is served and one that is not, by the pack before it was changed."""
    verdicts = {base.pack.admits(project).ok: project for project in reversed(base.projects)}
    return list(verdicts.values())


def _doors(pack: Pack, base: Base, asked: Matter) -> Iterator[object]:
    facts = _facts(pack, base.projects[0])
    for channel in words(Channel):
        command = RequestService(
            project=id_of(11), area="990100", channel=channel, lead_name=SAID,
            lead_phone=Personal("000-0000001"),
        )  # fmt: skip
        yield answer(request, command, facts)
    for mode in words(Mode):
        yield answer(offered_mode, mode, facts)
        for act in words(Act):
            state = replace(asked, mode=mode)
            yield answer(within_mode, act, state, facts)


def _scope(pack: Pack, base: Base) -> Iterator[object]:
    start = Matter(phase="accepted", number="990100-2026-00001")
    project = base.projects[0].model_copy(update=WHOLE)
    facts = _facts(pack, project)
    yield [item.id for item in served(facts)]
    yield answer(fix, FixItemScope(), start, facts)
    for item in CATALOGUE.items:
        one = FixItemScope(items=(item.id,))
        yield answer(fix, one, start, facts)


def _materials(pack: Pack, base: Base) -> Iterator[object]:
    facts = _facts(pack, base.projects[0])
    items = tuple(item.id for item in CATALOGUE.items[:6])
    state = Matter(phase="accepted", scope=items, mode="agent")
    early = RequestMaterials(ahead=True)
    yield answer(ask, early, state, facts)
    given = CATALOGUE.items[0].materials[0] if CATALOGUE.items[0].materials else "M04"
    held = replace(state, pieces={id_of(12): Piece(given, 1, 0, None)})
    yield answer(used_again, state, held, facts)
    yield answer(used_again, replace(held, scope=items[:1]), held, facts)


_AT = "services.intake.domain"
PROBES = {
    f"{_AT}.eligibility": lambda pack, base: list(_assessed(pack, base)),
    f"{_AT}.admission": lambda pack, base: list(_admission(pack, base)),
    f"{_AT}.approval": lambda pack, base: list(_approval(pack, base)),
    f"{_AT}.scope": lambda pack, base: list(_scope(pack, base)),
    f"{_AT}.material": lambda pack, base: list(_materials(pack, base)),
}
