"""On which ground is a day not counted (不计入的依据), and how far may a limit be extended?"""

from dataclasses import dataclass

from contracts.catalogue import Item
from contracts.procedures import ART_45, LISTED

LICENSING_ACT = "行政许可法第四十五条"
ORDINARY, JOINT = 10, 15


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a step is not counted: the law for all, or the item's own list and its words."""

    procedure: str
    zh: str
    en: str
    basis: str


def ground_for(item: Item, procedure: str) -> Ground | None:
    """The ground on which the limit of `item` does not count `procedure`; None when it counts."""
    if procedure in ART_45:
        return Ground(procedure, *ART_45[procedure], LICENSING_ACT)
    zh, en = LISTED.get(procedure, ("", ""))
    listed = next((text for text in item.excl if zh and zh in text), None)
    return Ground(procedure, zh, en, f"{item.id}.excl：{listed}") if listed else None


def longest_extension(item: Item) -> int:
    """By how many working days the limit may be extended at most (行政许可法第四十二条).

    Ten by the head of the organ, fifteen by the head of the government where several handle it
    together; a limit in plain days rests on another law, and what is done at once has none.
    """
    if item.kind not in ("licence", "composite") or item.limit.unit != "wd":
        return 0
    return JOINT if item.kind == "composite" else ORDINARY
