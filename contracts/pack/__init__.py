"""What does a place's policy pack (政策包) say: who is served, how, by whom, and why?"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, PrivateAttr

from contracts.edition import Data, build, edition_of, leaves, read_data
from contracts.pack.checks import refuse_contradictions
from contracts.pack.rules import (
    AfterCare,
    Appraisal,
    Archive,
    Clocks,
    Conduct,
    Delivery,
    Duty,
    Evaluation,
    Form,
    Instrument,
    Ladder,
    Meeting,
    Numbering,
    OpenQuestion,
    Return,
)
from contracts.pack.sections import (
    Body,
    Channel,
    Jurisdiction,
    Mode,
    Planning,
    ProcessStage,
    Role,
    RoutingRule,
    Scope,
    ScopeRule,
    Sites,
    SourceText,
    Team,
    Terms,
)
from contracts.pack.sources import Source, sources_of
from contracts.pack.words import Id, Text
from contracts.predicate import Atom, Compare, OneOf, against, holds, unknown
from contracts.project import ProjectFacts, SiteKind, label, say

POLICIES = Path(__file__).parents[1] / "policies"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule decided as it did: the rule's path, its source, a sentence in each language."""

    path: str
    zh: str
    en: str
    src: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a project is served (准入). While `missing` names facts it is not decided yet."""

    ok: bool
    reasons: tuple[Reason, ...]
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a matter goes (派单) and who takes its items; ids of bodies and roles of the pack.

    `jointly` means that all of `to` act together; `item_to` dispatches each single item.
    While `missing` names facts, the rules could not be told apart and `to` may be empty.
    """

    to: tuple[str, ...]
    assisted_by: tuple[str, ...]
    jointly: bool
    item_to: tuple[str, ...]
    file_at: str | None
    at_once: bool
    rules: tuple[str, ...]
    src: str | None
    missing: frozenset[str]


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
    modes: tuple[Mode, ...] = Field(min_length=1)
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
    open: tuple[OpenQuestion, ...]

    _edition: str = PrivateAttr("")
    _leaves: Mapping[str, Any] = PrivateAttr(default_factory=dict)
    _sources: Mapping[str, Source] = PrivateAttr(default_factory=dict)

    @property
    def edition(self) -> str:
        """`<id>@<16 hex>`: what an event records that leaned on a rule of this pack."""
        return self._edition

    def mode(self, id: str) -> Mode:
        """The mode `assist` 帮办, `agent` 代办 or `lead` 领办; raises LookupError."""
        return _named(self.modes, id, f"本地方案没有“{id}”这种服务方式")

    def body(self, id: str) -> Body:
        """The organisation of that id; raises LookupError."""
        return _named(self.bodies, id, f"本地方案没有“{id}”这个单位")

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
            return "township" if site.startswith(townships.prefix) else None
        return None

    def admits(self, facts: ProjectFacts) -> Admission:
        """Whether the place serves this project (准入判断), with the reasons either way."""
        known = self._known(facts)
        scope = self.scope
        barred = [rule for rule in scope.exclude if holds(rule.when, known)]
        unmet = [rule for rule in scope.applicants if holds(rule.when, known) is False]
        admitted = [rule for rule in scope.include if holds(rule.when, known)]
        possible = [rule for rule in scope.include if holds(rule.when, known) is None]
        if barred or unmet or not (admitted or possible):
            failed = () if barred or unmet or admitted else scope.include
            reasons = [
                *(self._because(rule, "exclude", known, wanted=False) for rule in barred),
                *(self._because(rule, "applicants", known) for rule in unmet),
                *(self._because(rule, "include", known) for rule in failed),
            ]
            referrals = [rule for rule in scope.refer if holds(rule.when, known)]
            reasons += [self._reason(rule, "refer") for rule in referrals]
            return Admission(False, tuple(reasons))
        asked = [] if admitted else possible
        asked += [*scope.exclude, *scope.applicants]
        missing = frozenset(fact for rule in asked for fact in unknown(rule.when, known))
        reasons = [self._reason(rule, "include") for rule in admitted]
        return Admission(not missing, tuple(reasons), missing)

    def route(self, facts: ProjectFacts) -> Routing:
        """Where this matter and its items go (派单规则)."""
        known = self._known(facts)
        matter, asked = _first(self.routing, "matter", known)
        item, asked_too = _first(self.routing, "item", known)
        filing, _ = _first([rule for rule in self.routing if rule.file_at], "matter", known)
        found = [rule for rule in (matter, item) if rule]
        return Routing(
            to=matter.to if matter else (),
            assisted_by=matter.assisted_by if matter else (),
            jointly=matter.jointly if matter else False,
            item_to=item.to if item else (),
            file_at=filing.file_at if filing else None,
            at_once=any(rule.at_once for rule in found),
            rules=tuple(rule.id for rule in found),
            src=self._sources[f"routing.{matter.id}.zh"].text if matter else None,
            missing=_ask_for_site(asked | asked_too),
        )

    def leaf_source(self, path: str) -> str | None:
        """Where the leaf at `path` (`modes.agent.enrol`) comes from.

        The Chinese phrase of the instrument or the law; None for a default of ours (默认值).
        Raises LookupError when the pack has no such leaf.
        """
        try:
            return self._sources[path].text
        except KeyError:
            raise LookupError(f"{self.edition} has no leaf {path!r}") from None

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

    def _reason(self, rule: ScopeRule, part: str) -> Reason:
        path = f"scope.{part}.{rule.id}"
        return Reason(path, rule.zh, f"rule {path}", self._sources[f"{path}.zh"].text)

    def _because(
        self, rule: ScopeRule, part: str, known: Mapping[str, object], wanted: bool = True
    ) -> Reason:
        plain = self._reason(rule, part)
        atoms = against(rule.when, known) if wanted else ()
        zh = "；".join(_in_chinese(atom, wish, known) for atom, wish in atoms)
        en = "; ".join(_in_english(atom, wish, known) for atom, wish in atoms)
        return Reason(plain.path, zh or plain.zh, en or plain.en, plain.src)


def load_pack(source: bytes | Path) -> Pack:
    """Load a policy pack; raises `DataRefused` with everything that is wrong with it.

    Beyond shape and references, every leaf must carry a source or be listed under `open:`.
    """
    data = read_data(source)
    pack = build(Pack, data)
    refuse_contradictions(pack, data)
    pack._sources = sources_of(data)
    pack._leaves = dict(leaves(data))
    pack._edition = edition_of(pack.id, data)
    return pack


def shipped_packs() -> tuple[Path, ...]:
    """The files of the packs that come with the software."""
    return tuple(sorted(POLICIES.glob("*/pack.yaml")))


def _named[T: Mode | Body | Instrument](members: tuple[T, ...], id: str, zh: str) -> T:
    for member in members:
        if member.id == id:
            return member
    raise LookupError(f"{zh} / the pack has no {id!r}")


def _first(
    rules: tuple[RoutingRule, ...] | list[RoutingRule],
    applies_to: str,
    known: Mapping[str, object],
) -> tuple[RoutingRule | None, frozenset[str]]:
    for rule in rules:
        if rule.applies_to == applies_to:
            verdict = holds(rule.when, known)
            if verdict is None:
                return None, unknown(rule.when, known)
            if verdict:
                return rule, frozenset()
    return None, frozenset()


def _ask_for_site(missing: frozenset[str]) -> frozenset[str]:
    return frozenset("site" if fact == "site_kind" else fact for fact in missing)


def _in_chinese(atom: Atom, wanted: bool, known: Mapping[str, object]) -> str:
    found = say(known.get(atom.fact))
    need = "应为" if wanted else "不应为"
    return f"“{label(atom.fact)}”{need}{_wish(atom, say)}，实为{found}"


def _in_english(atom: Atom, wanted: bool, known: Mapping[str, object]) -> str:
    need = "must be" if wanted else "must not be"
    return f"{atom.fact} {need} {_wish(atom, str)}, is {known.get(atom.fact)}"


def _wish(atom: Atom, word: Any) -> str:
    match atom:
        case OneOf(_, values):
            return "/".join(word(value) for value in values)
        case Compare(_, operator, bound):
            return f"{operator} {bound}"
        case _:
            return str(word(atom.member))
