"""What does an item need, said once and in full (一次性告知)?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from uuid import UUID

from contracts.canonical import canonical
from contracts.catalogue import Catalogue, Item
from contracts.event import Personal
from contracts.intake import OneTimeNoticeIssued
from contracts.intake.door import NoticeLine
from contracts.pack import Pack
from contracts.project import ProjectFacts
from contracts.vocabulary import Document
from services.intake.domain.facts import defaults_of
from shared.decider import Refused


@dataclass(frozen=True, slots=True)
class Contents:
    """What a notice or a checklist says, and the digest that names it."""

    catalogue: str
    items: tuple[str, ...]
    materials: tuple[str, ...]
    lines: tuple[NoticeLine, ...]
    undecided: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form: the same contents have the same name."""
        said = {
            "catalogue": self.catalogue,
            "lines": [line.model_dump(mode="json") for line in self.lines],
            "undecided": list(self.undecided),
        }
        return sha256(canonical(said).encode()).hexdigest()


def needs(
    items: Sequence[Item],
    catalogue: Catalogue,
    mode: str | None = None,
    undecided: Sequence[str] = (),
) -> Contents:
    """Every material of every item, in catalogue order; agency adds the commission."""
    added = catalogue.agent_mode_adds if mode == "agent" else ()
    lines = tuple(
        NoticeLine(
            item=item.id,
            materials=item.materials + tuple(m for m in added if m not in item.materials),
        )
        for item in items
    )
    asked = {material for line in lines for material in line.materials}
    return Contents(
        catalogue=catalogue.edition,
        items=tuple(item.id for item in items),
        materials=tuple(m.id for m in catalogue.materials if m.id in asked),
        lines=lines,
        undecided=tuple(undecided),
    )


def applying(facts: ProjectFacts, pack: Pack, catalogue: Catalogue) -> Contents:
    """All that a project will need (批前服务清单): what applies, and what may yet (HS-75)."""
    served = pack.scope.items
    known = [
        item
        for item in catalogue.items_for(facts)
        if item.stage in served.stages and (served.utilities or item.kind != "utility")
    ]
    return needs(known, catalogue, undecided=tuple(catalogue.undecided(facts)))


@dataclass(frozen=True, slots=True)
class Telling:
    """The circumstances of a notice: an id, a day, the way of serving, and what was told before."""

    id: UUID
    day: date
    mode: str | None
    told: dict[str, int]
    receiver: Personal[str] | None = None
    reason: Personal[str] | None = None
    signed: Personal[Document] | None = None


def notice_of(
    codes: Sequence[str], pack: Pack, catalogue: Catalogue, telling: Telling
) -> OneTimeNoticeIssued:
    """The whole list, generated; told again only with a reason, and counted (AS-42)."""
    items = [catalogue.item(code) for code in dict.fromkeys(codes)]
    again = tuple(item.id for item in items if telling.told.get(item.id))
    ordinal = 1 + max((telling.told.get(item.id, 0) for item in items), default=0)
    if again and telling.reason is None:
        raise Refused(
            "noticed_already",
            items=list(again),
            ordinal=ordinal,
            rule="process",
            remedy="已一次性告知；确需再次告知请写明理由，督办可见 / give the reason for telling again",
        )
    said = needs(items, catalogue, telling.mode)
    return OneTimeNoticeIssued(
        notice=telling.id,
        catalogue=said.catalogue,
        items=said.items,
        materials=said.materials,
        lines=said.lines,
        digest=said.digest,
        ordinal=ordinal,
        again=again,
        issued_on=telling.day,
        defaults=defaults_of(pack, "catalogue"),
        receiver=telling.receiver,
        reason=telling.reason,
        signed=telling.signed,
    )
