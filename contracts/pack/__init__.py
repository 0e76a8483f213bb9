"""What does a place's policy pack (政策包) say: who is served, how, by whom, and why?"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from contracts.edition import (
    Data,
    DataRefused,
    Problem,
    build,
    edition_of,
    leaves,
    read_data,
)
from contracts.pack.checks import refuse_contradictions, refuse_repetitions
from contracts.pack.deciding import Admission as Admission
from contracts.pack.deciding import Reason as Reason
from contracts.pack.deciding import Routing as Routing
from contracts.pack.deciding import Table, table_of
from contracts.pack.inherit import inherit, parent_of, region
from contracts.pack.papers import Agreement, Form, Numbering
from contracts.pack.rules import (
    AfterCare,
    Appraisal,
    Archive,
    Clocks,
    Conduct,
    Delivery,
    Duty,
    Evaluation,
    Instrument,
    Ladder,
    Meeting,
    MessageWording,
    OpenQuestion,
    Return,
)
from contracts.pack.sections import (
    Body,
    Channel,
    Jurisdiction,
    Mode,
    Origin,
    Outreaching,
    Planning,
    ProcessStage,
    Role,
    RoutingRule,
    Scope,
    Sites,
    SourceText,
    Team,
    Terms,
)
from contracts.pack.sources import Source, sources_of
from contracts.pack.words import Id, Text
from contracts.project import ProjectFacts, SiteKind

POLICIES = Path(__file__).parents[1] / "policies"


@dataclass(frozen=True, slots=True)
class Default:
    """A rule of ours (默认值) where the source is silent: the question, the leaf, its value."""

    question: str
    path: str
    value: Any
    text: str


class Pack(Data):
    """A policy pack: one place's rules as data, an edition named by its content."""

    pack: Literal["onefile.pack/v1"]
    id: Id
    version: Text
    catalogue: Id
    jurisdiction: Jurisdiction
    instrument: SourceText
    terms: Terms
    bodies: tuple[Body, ...]
    roles: tuple[Role, ...]
    sites: Sites
    scope: Scope
    origins: tuple[Origin, ...] = ()
    modes: tuple[Mode, ...] = Field(min_length=1)
    agreements: tuple[Agreement, ...] = ()
    proactive: tuple[Outreaching, ...] = ()
    channels: tuple[Channel, ...]
    process: tuple[ProcessStage, ...]
    routing: tuple[RoutingRule, ...] = Field(min_length=1)
    team: Team
    planning: Planning
    clocks: Clocks
    ladders: tuple[Ladder, ...]
    meetings: tuple[Meeting, ...]
    duties: tuple[Duty, ...]
    conduct: Conduct
    delivery: Delivery
    evaluation: Evaluation
    reporting: tuple[Return, ...]
    appraisal: Appraisal
    forms: tuple[Form, ...]
    numbering: Numbering
    archive: Archive
    after: tuple[AfterCare, ...]
    messages: tuple[MessageWording, ...] = ()
    open: tuple[OpenQuestion, ...]

    _edition: str = PrivateAttr("")
    _data: Mapping[str, Any] = PrivateAttr(default_factory=dict)
    _table: Table | None = PrivateAttr(None)
    _leaves: Mapping[str, Any] = PrivateAttr(default_factory=dict)
    _sources: Mapping[str, Source] = PrivateAttr(default_factory=dict)

    @property
    def edition(self) -> str:
        """`<id>@<16 hex>`: what an event records that leaned on a rule of this pack."""
        return self._edition

    @property
    def data(self) -> Mapping[str, Any]:
        """The whole pack as data: with what a child takes over from its parent."""
        return self._data

    def mode(self, id: str) -> Mode:
        """The mode `assist` 帮办, `agent` 代办 or `lead` 领办; raises LookupError."""
        return _named(self.modes, id, f"本地方案没有“{id}”这种服务方式")

    def body(self, id: str) -> Body:
        """The organisation of that id; raises LookupError."""
        return _named(self.bodies, id, f"本地方案没有“{id}”这个单位")

    def agreement(self, id: str) -> Agreement:
        """The service agreement of that id; raises LookupError."""
        return _named(self.agreements, id, f"本地方案没有“{id}”这种协议")

    def form(self, id: str) -> Form:
        """The form of that id; raises LookupError."""
        return _named(self.forms, id, f"本地方案没有“{id}”这种表单")

    def instrument_of(self, id: str) -> Instrument:
        """The evaluation instrument of that id; raises LookupError."""
        return _named(self.evaluation.instruments, id, f"本地方案没有“{id}”这种评价方式")

    def site_kind(self, site: str | None) -> SiteKind | None:
        """What kind of site a code names: None when the pack does not know the code."""
        townships = self.sites.townships
        if site == "elsewhere":
            return "elsewhere"
        if any(park.id == site for park in self.sites.parks):
            return "park"
        if townships and site and len(site) == 9 and site.isdigit():
            return "township" if site.startswith(region(townships.prefix)) else None
        return None

    def admits(self, facts: ProjectFacts, mode: str | None = None) -> Admission:
        """Whether the place serves this project (准入判断), with the reasons either way.

        A condition on applicants that binds in some modes is asked in those modes alone.
        """
        return self._ready().admit(self._known(facts), mode)

    def route(self, facts: ProjectFacts) -> Routing:
        """Where this matter and its items go (派单规则)."""
        return self._ready().route(self._known(facts))

    def _ready(self) -> Table:
        table = self._table
        if table is None or table.scope is not self.scope or table.routing is not self.routing:
            table = self._table = table_of(self.scope, self.routing, self._sources)
        return table

    def leaf_source(self, path: str) -> str | None:
        """Where the leaf at `path` (`modes.agent.enrol`) comes from.

        The Chinese phrase of the instrument or the law; None for a default of ours (默认值).
        Raises LookupError when the pack has no such leaf.
        """
        try:
            return self._sources[path].text
        except KeyError:
            raise LookupError(f"{self.edition} has no leaf {path!r}") from None

    def sources(self) -> Mapping[str, Source]:
        """Every leaf that states a rule, and where it comes from."""
        return self._sources

    def changed_from(self, earlier: "Pack") -> tuple[str, ...]:
        """The leaves in which this edition differs from `earlier` (修订条目)."""
        old, new = earlier._leaves, self._leaves
        return tuple(sorted(p for p in old.keys() | new.keys() if old.get(p) != new.get(p)))

    def defaults(self) -> tuple[Default, ...]:
        """Every leaf that is ours and not the source's, with the open question it belongs to."""
        questions = {question.id: question for question in self.open}
        return tuple(
            Default(
                source.question, path, self._leaves[path], questions[source.question].default
            )
            for path, source in self._sources.items()
            if source.question is not None
        )

    def _known(self, facts: ProjectFacts) -> dict[str, object]:
        return {**dict(facts), "site_kind": self.site_kind(facts.site)}


def load_pack(source: bytes | Path, parent: Pack | None = None) -> Pack:
    """Load a policy pack; raises `DataRefused` with everything that is wrong with it.

    Beyond shape and references, every leaf must carry a source or be listed under `open:`.
    The parent of a child is `parent`, or found beside the file: `../<parent id>/pack.yaml`.
    """
    return _load(source, parent, ())


def _load(source: bytes | Path, parent: Pack | None, below: tuple[str, ...]) -> Pack:
    data = read_data(source)
    named = parent_of(data)
    if named is None:
        return _made(data, sources_of)
    refuse_repetitions(data)
    if parent is None:
        parent = _beside(source, named, (*below, str(data.get("id"))))
    if parent.id != named:
        raise _no_parent(named)
    inherited = inherit(parent.data, parent.sources(), data)
    return _made(inherited.data, lambda _: inherited.sources)


def _made(
    data: Mapping[str, Any], sources: Callable[[Mapping[str, Any]], Mapping[str, Source]]
) -> Pack:
    pack = build(Pack, data)
    refuse_contradictions(pack, data)
    pack._data = data
    pack._sources = sources(data)
    pack._leaves = dict(leaves(data))
    pack._edition = edition_of(pack.id, data)
    return pack


def home_of(file: Path) -> Path:
    """The folder of the pack of which `file` is an edition."""
    return file.parent.parent if file.parent.name == "editions" else file.parent


def parent_beside(file: Path, data: Mapping[str, Any]) -> Pack:
    """The pack that `data`, read from `file`, inherits from; raises `DataRefused`."""
    return _beside(file, str(parent_of(data)), (str(data.get("id")),))


def _beside(source: bytes | Path, named: str, below: tuple[str, ...]) -> Pack:
    if named in below:
        chain = " → ".join((*below, named))
        zh = f"继承关系成环：{chain}"
        raise DataRefused(
            Problem("jurisdiction.inherits", zh, f"inherits in a circle: {chain}")
        )
    file = home_of(source).parent / named / "pack.yaml" if isinstance(source, Path) else None
    if file is None or not file.is_file():
        raise _no_parent(named)
    return _load(file, None, below)


def _no_parent(named: str) -> DataRefused:
    zh = f"找不到上级政策包“{named}”，请放在相邻的同名文件夹中"
    en = f"no parent pack {named!r}: put it in a folder of that name beside this one"
    return DataRefused(Problem("jurisdiction.inherits", zh, en))


def shipped_packs() -> tuple[Path, ...]:
    """The files of the packs that come with the software."""
    return tuple(sorted(POLICIES.glob("*/pack.yaml")))


def _named[T: Mode | Body | Instrument | Agreement | Form](
    members: tuple[T, ...], id: str, zh: str
) -> T:
    for member in members:
        if member.id == id:
            return member
    raise LookupError(f"{zh} / the pack has no {id!r}")
