"""What a decision of intake may look at that is not in its stream."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from contracts.catalogue import Catalogue, Item
from contracts.pack import Pack
from contracts.project import MatterFacts
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Facts:
    """Looked up for one command on a matter.

    `day` is the legal day of the act; `id` a new id made from the request; `by_unit` whether
    the unit itself acts, `serving` whether one of its helpers or agents does (X-02).
    `number` is a number reserved in the same unit of work, `offered` whether the material
    named in the command is held where it is said to be.
    """

    day: date
    pack: Pack
    catalogue: Catalogue
    project: MatterFacts
    id: UUID
    actor: str
    by_unit: bool = False
    serving: bool = False
    bodies: frozenset[str] = frozenset()
    applicant: str | None = None
    handler: str | None = None
    number: str | None = None
    offered: bool = False
    taken: Pack | None = None


def item_of(facts: Facts, code: str) -> Item:
    """The item of the catalogue; refused when the catalogue has none."""
    try:
        return facts.catalogue.item(code)
    except LookupError:
        raise Refused(
            "item_unknown",
            item=code,
            catalogue=facts.catalogue.edition,
            remedy="请从本地事项目录中选取 / choose an item of the catalogue",
        ) from None


def defaults_of(pack: Pack, *used: str) -> tuple[str, ...]:
    """Those of our own rules (默认值) that a decision leaning on `used` paths leant on (X-06)."""
    ours = sorted({path for question in pack.open for path in question.paths})
    return tuple(path for path in ours if any(_touch(path, leaf) for leaf in used))


def _touch(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")
