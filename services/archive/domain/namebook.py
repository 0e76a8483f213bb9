"""What do the codes of a place mean: items, bodies, posts, rungs, forms, rules?"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from contracts.catalogue import Catalogue
from contracts.pack import Pack

THE_UNIT = ("项目单位", "the unit")


class _Named(Protocol):
    @property
    def id(self) -> str: ...

    @property
    def zh(self) -> str: ...


def names_of(pack: Pack, catalogue: Catalogue, *, english: bool = False) -> Mapping[str, str]:
    """Every code to its name; in English what has no English name keeps the place's own.

    A code that means one thing in one section of the pack and another in the next is named with
    its section too (`forms.register`), as a path of the pack names a rule (`proactive.checklist`).
    """
    unit = THE_UNIT[english]
    return {
        **dict(_in_sections(pack)),
        **dict(_of_the_place(pack)),
        **{milestone.id: milestone.zh for milestone in catalogue.milestones},
        **{item.id: item.en if english else item.zh for item in catalogue.items},
        **{one.id: one.en if english else one.zh for one in catalogue.materials},
        "applicant": unit,
        "unit": unit,
    }


def _of_the_place(pack: Pack) -> Iterator[tuple[str, str]]:
    """Who and what a bare code may be; of two of one code, the later is meant: a body before all."""
    for instrument in pack.evaluation.instruments:
        yield from ((one.id, one.zh) for one in instrument.indicators)
        yield instrument.id, instrument.zh
    yield from ((one.id, one.zh) for one in pack.archive.contents)
    yield from ((one.id, one.zh) for one in pack.roles)
    yield from ((one.id, one.zh) for one in pack.sites.parks)
    yield from ((one.id, one.zh) for one in pack.bodies)


def _in_sections(pack: Pack) -> Iterator[tuple[str, str]]:
    """What is named by its section and its code."""
    sections: dict[str, Iterable[_Named]] = {
        "forms": pack.forms,
        "reporting": pack.reporting,
        "meetings": pack.meetings,
        "origins": pack.origins,
        "proactive": pack.proactive,
        "routing": pack.routing,
        "posts": (*pack.roles, *pack.team.slots),
        "ladders": pack.ladders,
        "moves": [move for agreement in pack.agreements for move in agreement.moves],
        "scope.include": pack.scope.include,
        "scope.exclude": pack.scope.exclude,
        "scope.applicants": pack.scope.applicants,
        "scope.refer": pack.scope.refer,
        **{f"ladders.{one.id}": one.rungs for one in pack.ladders},
    }
    for section, named in sections.items():
        yield from ((f"{section}.{one.id}", one.zh) for one in named)
    yield from ((f"open.{one.id}", one.q) for one in pack.open)
