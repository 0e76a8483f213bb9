"""Which approval items (事项) does a project need, in which order, with which materials?"""

from collections.abc import Collection, Iterator
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from math import ceil
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, PrivateAttr, model_validator

from contracts.edition import Data, DataRefused, Problem, build, edition_of, read_data
from contracts.predicate import ALWAYS, holds, unknown
from contracts.project import Condition, ProjectFacts
from contracts.vocabulary import ItemCode

REPRESENTATIVE = Path(__file__).with_name("catalogues") / "representative.yaml"

type ItemId = ItemCode
type Kind = Literal[
    "licence", "filing", "confirm", "review", "utility", "fee", "self", "composite"
]
type Unit = Literal["wd", "cd", "instant", "none"]
type Confidence = Literal["h", "m", "l"]
type ResultType = Literal[
    "certificate", "approval", "opinion", "contract", "licence", "receipt", "service"
]
type Text = Annotated[str, Field(min_length=1, max_length=500)]


class Named(Data):
    """A part of a catalogue that others refer to by its id."""

    id: ItemId


class Limit(Data):
    """The time an item may take: 法定时限 in `unit`, 承诺时限 in working days.

    `conf` is the confidence of the statutory figure; `commit_wd` is illustrative (默认值), and
    null where nothing was promised.
    """

    statutory: int | None = Field(ge=0, le=1000)
    unit: Unit
    conf: Confidence
    commit_wd: int | None = Field(ge=0, le=1000)

    @property
    def known(self) -> bool:
        """Whether law or promise say how long it may take."""
        by_law = self.unit == "instant" or (self.statutory is not None and self.unit != "none")
        return by_law or self.commit_wd is not None

    @property
    def planned_wd(self) -> int:
        """The working days that a plan counts: what was promised, else what the law gives."""
        if self.commit_wd is not None:
            return self.commit_wd
        given = self.statutory if self.statutory is not None and self.known else 0
        return ceil(given * 5 / 7) if self.unit == "cd" else given


class ApplicantDeadline(Data):
    """A time the project unit itself must keep, for example 竣工验收备案 within 15 days."""

    days: int = Field(ge=1, le=1000)
    unit: Literal["wd", "cd"]
    starts: Text = Field(alias="from")


class Result(Data):
    """What an item yields (结果文件)."""

    zh: Text
    type: (
        Literal["certificate", "approval", "opinion", "contract", "licence", "receipt"]
        | (Literal["service"])
    )


class Item(Named):
    """One approval item (事项). `when` is the condition for people, `applies` for the machine.

    `level` is whose item it is (事项层级); where a catalogue does not say, the place's own.

    `after` are hard predecessors (前置), `after_if` those that count where they apply; `inside`
    is the composite (联合办理) whose part this item is.
    """

    zh: Text
    en: Text
    stage: ItemId
    dept: Text
    kind: Kind
    level: Literal["province", "city", "county"] | None = None
    limit: Limit
    excl: tuple[Text, ...] = ()
    after: tuple[ItemId, ...]
    after_if: tuple[ItemId, ...] = ()
    when: Text | None = None
    applies: Condition = ALWAYS
    examples: tuple[Text, ...] = Field(alias="for")
    inside: ItemId | None = Field(None, alias="in")
    materials: tuple[ItemId, ...]
    result: Result
    applicant_deadline: ApplicantDeadline | None = None

    @property
    def stands_alone(self) -> bool:
        """Whether it is filed by itself: no part of a composite, no act of the unit's own."""
        return self.inside is None and self.kind != "self"


class Material(Named):
    """One paper (材料). `source` names its maker: an item, several (`A|B`), or a party."""

    zh: Text
    en: Text
    source: Text
    share: Literal["data", "reuse", "result", "once"]


class Milestone(Named):
    """An event outside the approval clock (里程碑): land, start of works, completion."""

    zh: Text
    after: tuple[ItemId, ...]


class Stage(Named):
    """One of the stages of the reform (阶段): an attribute of items, not a gate."""

    zh: Text
    en: Text
    lead: Text
    target_wd: int = Field(ge=0, le=1000)


class Alternatives(Named):
    """Items of which at most one applies (择一)."""

    zh: Text
    of: tuple[ItemId, ...] = Field(min_length=2)


class Catalogue(Data):
    """A catalogue of items (事项目录), an edition named by its content."""

    format: Literal["onefile.items/v1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,63}$")]
    status: Literal["representative", "official"]
    kinds: dict[Kind, Text]
    units: dict[Unit, Text]
    confidence: dict[Confidence, Text]
    agent_mode_adds: tuple[ItemId, ...]
    works_permit: ItemId
    alternatives: tuple[Alternatives, ...]
    milestones: tuple[Milestone, ...]
    stages: tuple[Stage, ...]
    materials: tuple[Material, ...]
    items: tuple[Item, ...]

    _edition: str = PrivateAttr("")

    @property
    def edition(self) -> str:
        """`<id>@<16 hex>`: what an event records that leaned on this catalogue."""
        return self._edition

    def items_for(self, facts: ProjectFacts) -> tuple[Item, ...]:
        """The items that certainly apply to a project with these facts, in catalogue order."""
        known = dict(facts)
        return tuple(item for item in self.items if holds(item.applies, known))

    def undecided(self, facts: ProjectFacts) -> dict[str, frozenset[str]]:
        """Item id → the facts still needed to say whether it applies."""
        known = dict(facts)
        asked = {item.id: unknown(item.applies, known) for item in self.items}
        return {id: names for id, names in asked.items() if names}

    def item(self, id: str) -> Item:
        """The item of that id; raises LookupError."""
        try:
            return self._by_id[id]
        except KeyError:
            raise LookupError(f"no item {id!r} in {self.edition}") from None

    def children_of(self, id: str) -> tuple[Item, ...]:
        """The parts of a composite item (联合办理的组成事项)."""
        return tuple(item for item in self.items if item.inside == id)

    def alternatives_of(self, id: str) -> tuple[str, ...]:
        """The other items of the groups `id` belongs to (择一)."""
        groups = (group.of for group in self.alternatives if id in group.of)
        return tuple(other for group in groups for other in group if other != id)

    def predecessors(self, id: str, chosen: Collection[str]) -> tuple[str, ...]:
        """What must be done before item or milestone `id`, when only `chosen` items apply.

        A predecessor that does not apply is stood for by its alternative, else left out;
        milestones always count.
        """
        milestones = {milestone.id: milestone for milestone in self.milestones}
        item = self._by_id.get(id)
        named = (*item.after, *item.after_if) if item else milestones[id].after
        found: dict[str, None] = {}
        for name in named:
            stands = [name] if name in chosen or name in milestones else ()
            candidates = stands or [a for a in self.alternatives_of(name) if a in chosen]
            found.update(dict.fromkeys(candidates))
        return tuple(found)

    def material(self, id: str) -> Material:
        """The material of that id; raises LookupError."""
        try:
            return self._materials[id]
        except KeyError:
            raise LookupError(f"no material {id!r} in {self.edition}") from None

    @cached_property
    def _by_id(self) -> dict[str, Item]:
        return {item.id: item for item in self.items}

    @cached_property
    def _materials(self) -> dict[str, Material]:
        return {material.id: material for material in self.materials}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        problems = [*_repeated(self), *_dangling(self), *_silent_conditions(self)]
        problems = problems or list(_cycles(self))
        if problems:
            raise DataRefused(*problems)
        return self


def load_catalogue(source: bytes | Path = REPRESENTATIVE) -> Catalogue:
    """Load a catalogue file; raises `DataRefused` with everything that is wrong with it."""
    data = read_data(source)
    catalogue = build(Catalogue, data)
    catalogue._edition = edition_of(catalogue.id, data)
    return catalogue


def _repeated(catalogue: Catalogue) -> Iterator[Problem]:
    seen: set[str] = set()
    parts: list[Named] = [*catalogue.alternatives, *catalogue.milestones, *catalogue.stages]
    parts += [*catalogue.materials, *catalogue.items]
    for part in parts:
        if part.id in seen:
            yield Problem(part.id, "编号重复", "this id is used twice")
        seen.add(part.id)


def _dangling(catalogue: Catalogue) -> Iterator[Problem]:
    items = {item.id for item in catalogue.items}
    materials = {material.id for material in catalogue.materials}
    steps = items | {milestone.id for milestone in catalogue.milestones}
    named = [("works_permit", catalogue.works_permit, items)]
    named += [("agent_mode_adds", name, materials) for name in catalogue.agent_mode_adds]
    named += [(g.id, name, items) for g in catalogue.alternatives for name in g.of]
    named += [(m.id, name, steps) for m in catalogue.milestones for name in m.after]
    for material in catalogue.materials:
        if material.share == "result":
            named += [(material.id, name, items) for name in material.source.split("|")]
    for item in catalogue.items:
        named += [(item.id, name, steps) for name in (*item.after, *item.after_if)]
        named += [(item.id, name, materials) for name in item.materials]
        named.append((item.id, item.stage, {stage.id for stage in catalogue.stages}))
        if item.inside is not None:
            parents = {other.id for other in catalogue.items if other.inside is None}
            named.append((item.id, item.inside, parents))
    for place, name, known in named:
        if name not in known:
            yield Problem(place, f"所指的“{name}”不存在", f"no {name!r} to refer to")


def _silent_conditions(catalogue: Catalogue) -> Iterator[Problem]:
    for item in catalogue.items:
        if item.when is not None and item.applies == ALWAYS:
            en = "`when` needs `applies`, the same condition for the machine"
            yield Problem(item.id, "有 when 而无 applies，机器无从判断", en)


def _cycles(catalogue: Catalogue) -> Iterator[Problem]:
    edges = [(m, milestone.id) for milestone in catalogue.milestones for m in milestone.after]
    for item in catalogue.items:
        edges += [(before, item.id) for before in (*item.after, *item.after_if)]
    whole = {item.id: item.inside for item in catalogue.items if item.inside is not None}
    joined = [(whole.get(a, a), whole.get(b, b)) for a, b in edges]
    for pairs in (edges, [(a, b) for a, b in joined if a != b]):
        order = TopologicalSorter[str]()
        for before, after in pairs:
            order.add(after, before)
        try:
            order.prepare()
        except CycleError as found:
            ring = " → ".join(found.args[1][:-1])
            yield Problem(
                "items", f"前置关系成环：{ring}", f"the predecessors form a ring: {ring}"
            )
            return
