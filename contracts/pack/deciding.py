"""How do a pack's rules of admission and routing decide, and what is said for it?

The conditions are made ready once for each pack: a decision walks over a thousand rules.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.pack.indexing import Index, Tested, index_of
from contracts.pack.sections import (
    ApplicantRule,
    Assigning,
    Days,
    Discretion,
    RoutingRule,
    Scope,
    ScopeRule,
)
from contracts.pack.sources import Source
from contracts.predicate import (
    Atom,
    Compare,
    Facts,
    OneOf,
    Test,
    against,
    compiled,
    holds,
    unknown,
)
from contracts.project import label, say


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule decided as it did: the rule's path, its source, a sentence in each language."""

    path: str
    zh: str
    en: str
    src: str | None


@dataclass(frozen=True, slots=True)
class Admission:
    """Whether a project is served (准入). While `missing` names facts it is not decided yet.

    A project that is not served may be by `discretion`, if that names a rule (其他确有必要).
    """

    ok: bool
    reasons: tuple[Reason, ...]
    missing: frozenset[str] = frozenset()
    discretion: Reason | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    """Where a matter goes (派单) and who takes its items; ids of bodies and roles of the pack.

    `jointly` means that all of `to` act together, `co_lead` that all of them lead; `item_to`
    dispatches each single item, with its own `follow_until` and `confirm_within`.
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
    then: Assigning | None = None
    co_lead: bool = False
    follow_until: str | None = None
    confirm_within: Days | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The rules of one pack, each with its condition made ready."""

    scope: Scope
    routing: tuple[RoutingRule, ...]
    sources: Mapping[str, Source] = field(compare=False)
    include: Index[ScopeRule] = field(compare=False)
    exclude: Index[ScopeRule] = field(compare=False)
    applicants: Tested[ApplicantRule] = field(compare=False)
    matter: Index[RoutingRule] = field(compare=False)
    item: Index[RoutingRule] = field(compare=False)
    filing: Tested[RoutingRule] = field(compare=False)

    def admit(self, known: Facts, mode: str | None) -> Admission:
        """A condition on applicants that binds in some modes is asked in those modes alone."""
        asked = [(r, t) for r, t in self.applicants if not r.modes or mode in r.modes]
        barred, perhaps_barred = _split(self.exclude.possible(known), known)
        unmet, perhaps_unmet = _split(asked, known, wanted=False)
        admitted, possible = _split(self.include.possible(known), known)
        if barred or unmet or not (admitted or possible):
            return self._refused(known, barred, unmet, bool(admitted))
        undecided = [*([] if admitted else possible), *perhaps_barred, *perhaps_unmet]
        missing = frozenset(fact for rule in undecided for fact in unknown(rule.when, known))
        reasons = tuple(self._reason(rule, "include") for rule in admitted)
        return Admission(not missing, reasons, _ask_for_site(missing))

    def _refused(
        self,
        known: Facts,
        barred: Sequence[ScopeRule],
        unmet: Sequence[ScopeRule],
        admitted: bool,
    ) -> Admission:
        failed = () if barred or unmet or admitted else self.scope.include
        reasons = [
            *(self._because(rule, "exclude", known, wanted=False) for rule in barred),
            *(self._because(rule, "applicants", known) for rule in unmet),
            *(self._because(rule, "include", known) for rule in failed),
        ]
        referrals = [rule for rule in self.scope.refer if holds(rule.when, known)]
        reasons += [self._reason(rule, "refer") for rule in referrals]
        rule = None if barred or unmet else self.scope.discretionary
        discretion = self._discretion(rule, known) if rule else None
        return Admission(False, tuple(reasons), discretion=discretion)

    def route(self, known: Facts) -> Routing:
        """The first rule that holds decides, for the matter and for its items."""
        matter, asked = _first(self.matter.possible(known), known)
        item, asked_too = _first(self.item.possible(known), known)
        filing = self._filing(known)
        found = [rule for rule in (matter, item) if rule]
        following = next((rule for rule in found if rule.follow_until), None)
        confirming = next((rule for rule in found if rule.confirm_within), None)
        return Routing(
            to=matter.to if matter else (),
            assisted_by=matter.assisted_by if matter else (),
            jointly=matter.jointly if matter else False,
            item_to=item.to if item else (),
            file_at=filing.file_at if filing else None,
            at_once=any(rule.at_once for rule in found),
            rules=tuple(rule.id for rule in found),
            src=self.sources[f"routing.{matter.id}.zh"].text if matter else None,
            missing=_ask_for_site(asked | asked_too),
            then=next((rule.then for rule in found if rule.then), None),
            co_lead=matter.co_lead if matter else False,
            follow_until=following.follow_until if following else None,
            confirm_within=confirming.confirm_within if confirming else None,
        )

    def _filing(self, known: Facts) -> RoutingRule | None:
        """The rule that says where papers are filed; one on items before one on matters."""
        for kind in ("item", "matter"):
            found, _ = _first([(r, t) for r, t in self.filing if r.applies_to == kind], known)
            if found is not None:
                return found
        return None

    def _discretion(self, rule: Discretion, known: Facts) -> Reason | None:
        if holds(rule.when, known) is False:
            return None
        text = self.sources["scope.discretionary.zh"].text
        return Reason("scope.discretionary", rule.zh, "rule scope.discretionary", text)

    def _reason(self, rule: ScopeRule, part: str) -> Reason:
        path = f"scope.{part}.{rule.id}"
        return Reason(path, rule.zh, f"rule {path}", self.sources[f"{path}.zh"].text)

    def _because(self, rule: ScopeRule, part: str, known: Facts, wanted: bool = True) -> Reason:
        plain = self._reason(rule, part)
        atoms = against(rule.when, known) if wanted else ()
        zh = "；".join(_in_chinese(atom, wish, known) for atom, wish in atoms)
        en = "; ".join(_in_english(atom, wish, known) for atom, wish in atoms)
        return Reason(plain.path, zh or plain.zh, en or plain.en, plain.src)


def table_of(
    scope: Scope, routing: tuple[RoutingRule, ...], sources: Mapping[str, Source]
) -> Table:
    """The rules of `scope` and `routing`, ready to decide."""
    sending = [rule for rule in routing if rule.to]
    return Table(
        scope=scope,
        routing=routing,
        sources=sources,
        include=index_of(_tested(scope.include)),
        exclude=index_of(_tested(scope.exclude)),
        applicants=_tested(scope.applicants),
        matter=index_of(_tested(rule for rule in sending if rule.applies_to == "matter")),
        item=index_of(_tested(rule for rule in sending if rule.applies_to == "item")),
        filing=_tested(rule for rule in routing if rule.file_at),
    )


def _tested[R: ScopeRule | RoutingRule](rules: Iterable[R]) -> Tested[R]:
    return tuple((rule, compiled(rule.when)) for rule in rules)


def _split[R](
    rules: Iterable[tuple[R, Test]], known: Facts, wanted: bool = True
) -> tuple[list[R], list[R]]:
    """The rules whose condition is `wanted`, and those not decided yet."""
    decided: list[R] = []
    undecided: list[R] = []
    for rule, test in rules:
        verdict = test(known)
        if verdict is wanted:
            decided.append(rule)
        elif verdict is None:
            undecided.append(rule)
    return decided, undecided


def _first(
    rules: Iterable[tuple[RoutingRule, Test]], known: Facts
) -> tuple[RoutingRule | None, frozenset[str]]:
    for rule, test in rules:
        verdict = test(known)
        if verdict is None:
            return None, unknown(rule.when, known)
        if verdict:
            return rule, frozenset()
    return None, frozenset()


def _ask_for_site(missing: frozenset[str]) -> frozenset[str]:
    return frozenset("site" if fact == "site_kind" else fact for fact in missing)


def _in_chinese(atom: Atom, wanted: bool, known: Facts) -> str:
    found = say(known.get(atom.fact))
    need = "应为" if wanted else "不应为"
    return f"“{label(atom.fact)}”{need}{_wish(atom, say)}，实为{found}"


def _in_english(atom: Atom, wanted: bool, known: Facts) -> str:
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
