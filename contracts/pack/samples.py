"""Which made-up projects put a pack's rules to the test: one that reaches each rule, and twenty?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Literal, TypeAliasType, get_args, get_origin

from contracts.predicate import (
    All,
    Atom,
    Compare,
    Contains,
    Not,
    OneOf,
    Predicate,
    atoms,
    holds,
)
from contracts.predicate import (
    Any as AnyOf,
)
from contracts.project import NUMBERS, MatterFacts

if TYPE_CHECKING:
    from contracts.pack import Pack

type Wishes = tuple[tuple[Atom, bool], ...]
MOST_WAYS = 64


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the pack that turns on facts: where it stands, what it says, its condition."""

    path: str
    zh: str
    when: Predicate


@dataclass(frozen=True, slots=True)
class Sample:
    """A made-up project and how it comes: its facts, mode, door and origin."""

    number: int
    zh: str
    en: str
    facts: MatterFacts
    mode: str
    channel: str
    origin: str | None


def rules_of(pack: "Pack") -> tuple[Rule, ...]:
    """Every rule of the pack that has a condition on facts, in the order of the pack."""
    found: list[Rule] = []
    scope = pack.scope
    for part in ("include", "exclude", "applicants", "refer"):
        found += [Rule(f"scope.{part}.{r.id}", r.zh, r.when) for r in getattr(scope, part)]
    if scope.discretionary is not None:
        one = scope.discretionary
        found.append(Rule("scope.discretionary", one.zh, one.when))
    found += [Rule(f"routing.{r.id}", r.zh, r.when) for r in pack.routing]
    for mode in pack.modes:
        at = f"modes.{mode.id}.papers"
        found += [Rule(f"{at}.{p.id}", _form_name(pack, p.id), p.when) for p in mode.papers]
    for ladder in pack.ladders:
        found.append(Rule(f"ladders.{ladder.id}", ladder.zh, ladder.when))
        at = f"ladders.{ladder.id}.rungs"
        found += [Rule(f"{at}.{r.id}", r.zh, r.when) for r in ladder.rungs]
    found += [Rule(f"proactive.{p.id}", p.zh, p.when) for p in pack.proactive]
    groups = pack.team.working_groups
    found += [Rule(f"team.working_groups.{g.id}", g.zh, g.when) for g in groups]
    return tuple(found)


def reaching(pack: "Pack", wanted: Predicate, base: Mapping[str, Any]) -> dict[str, Any] | None:
    """Facts like `base` for which `wanted` holds; None when it can never hold."""
    return next(iter(_reaching(pack, wanted, base)), None)


def around(pack: "Pack", rule: Rule, base: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Facts on every side of a rule: those that reach it, and each with one test turned.

    A number is tried at its bound and one on either side of it.
    """
    found = reaching(pack, rule.when, base)
    if found is None:
        return
    yield found
    for atom, _ in atoms(rule.when):
        for facts in _turned(pack, atom, found):
            if facts != found:
                yield facts


def plain(pack: "Pack") -> dict[str, Any]:
    """A project of which everything is known and which the place serves, where that can be."""
    site = pack.sites.parks[0].id if pack.sites.parks else "elsewhere"
    base: dict[str, Any] = {
        "project_class": "building", "investment": "social", "nature": "new", "site": site,
        "in_jurisdiction": True, "registered_in_jurisdiction": True,
        "industrial_policy_ok": True, "request": "agency", "item_level": pack.jurisdiction.level,
        "item_count": 2, "severity": "general", "beyond_own_power": False,
        "flags": frozenset(),
    }  # fmt: skip
    for rule in pack.scope.include:
        found = reaching(pack, rule.when, base)
        wanted: list[Predicate] = [Not(rule.when) for rule in pack.scope.exclude]
        wanted += [rule.when for rule in pack.scope.applicants]
        if found is not None:
            return reaching(pack, All((rule.when, *wanted)), found) or found
    return base


def samples(pack: "Pack", count: int = 20) -> tuple[Sample, ...]:
    """The sample projects (样本项目), always the same for the same pack.

    First the plain one, then one for each rule of admission and routing, then their
    neighbours, then whatever else the words of the pack allow.
    """
    base = plain(pack)
    seen: list[dict[str, Any]] = []
    named: list[Sample] = []
    for zh, en, facts in _candidates(pack, base):
        if facts in seen:
            continue
        seen.append(facts)
        named.append(_sample(pack, len(named), zh, en, facts))
        if len(named) == count:
            break
    return tuple(named)


def _candidates(
    pack: "Pack", base: dict[str, Any]
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    yield "普通项目", "a plain project", base
    rules = [r for r in rules_of(pack) if r.path.startswith(("scope", "routing", "proactive"))]
    for rule in rules:
        found = reaching(pack, rule.when, base)
        if found is not None:
            yield f"合乎“{rule.zh}”", f"fits {rule.path}", found
    sides = [islice(around(pack, rule, base), 1, None) for rule in rules]
    for rule, facts in _by_turns(list(zip(rules, sides, strict=True))):
        yield f"“{rule.zh}”的邻近情形", f"a neighbour of {rule.path}", facts
    for facts in _crossed(pack, base):
        yield "其他组合", "another combination", facts


def _by_turns(
    sides: Sequence[tuple[Rule, Iterator[dict[str, Any]]]],
) -> Iterator[tuple[Rule, dict[str, Any]]]:
    """One of each rule in turn, until all are spent."""
    waiting = list(sides)
    while waiting:
        left = []
        for rule, facts in waiting:
            one = next(facts, None)
            if one is not None:
                yield rule, one
                left.append((rule, facts))
        waiting = left


def _crossed(pack: "Pack", base: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    sites = dict.fromkeys(["elsewhere", *_sites(pack, ())])
    kinds = product(domain("request"), reversed(domain("nature")), sites, domain("investment"))
    for request, nature, site, investment in kinds:
        yield {
            **base, "investment": investment, "site": site, "nature": nature,
            "request": request,
        }  # fmt: skip


def _sample(pack: "Pack", n: int, zh: str, en: str, facts: dict[str, Any]) -> Sample:
    modes, channels, origins = pack.modes, pack.channels, pack.origins
    return Sample(
        n + 1,
        zh,
        en,
        MatterFacts(**facts),
        modes[n % len(modes)].id,
        channels[n % len(channels)].id if channels else "",
        origins[n % len(origins)].id if origins else None,
    )


def _reaching(
    pack: "Pack", wanted: Predicate, base: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    for wishes in islice(_ways(wanted, True), MOST_WAYS):
        facts = _granted(pack, wishes, base)
        if facts is not None and holds(wanted, known(pack, facts)):
            yield facts


def known(pack: "Pack", facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts with what the pack derives from them."""
    return {**facts, "site_kind": pack.site_kind(facts.get("site"))}


def _ways(predicate: Predicate, wanted: bool) -> Iterator[Wishes]:
    """Every conjunction of tests that makes `predicate` come out as `wanted`."""
    match predicate:
        case Not(part):
            yield from _ways(part, not wanted)
        case All(parts) if wanted:
            yield from _together(parts, wanted)
        case AnyOf(parts) if not wanted:
            yield from _together(parts, wanted)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _ways(part, wanted)
        case _:
            yield ((predicate, wanted),)


def _together(parts: tuple[Predicate, ...], wanted: bool) -> Iterator[Wishes]:
    if not parts:
        yield ()
        return
    for first in _ways(parts[0], wanted):
        for rest in _together(parts[1:], wanted):
            yield (*first, *rest)


def _granted(pack: "Pack", wishes: Wishes, base: Mapping[str, Any]) -> dict[str, Any] | None:
    """`base` changed so that every wish comes true, one after another; None when one cannot."""
    facts = dict(base)
    for atom, wanted in wishes:
        if holds(atom, known(pack, facts)) is wanted:
            continue
        for candidate in _values(pack, atom, facts):
            tried = {**facts, _settable(atom.fact): candidate}
            at = known(pack, tried)
            earlier = wishes[: wishes.index((atom, wanted)) + 1]
            if all(holds(one, at) is wish for one, wish in earlier):
                facts = tried
                break
        else:
            return None
    return facts


def _turned(pack: "Pack", atom: Atom, facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The facts with each other value that `atom` may meet."""
    for value in _values(pack, atom, facts):
        yield {**facts, _settable(atom.fact): value}


def _settable(fact: str) -> str:
    return "site" if fact == "site_kind" else fact


def _values(pack: "Pack", atom: Atom, facts: Mapping[str, Any]) -> Iterator[Any]:
    """Values worth trying for the fact of `atom`."""
    match atom:
        case Compare(_, _, bound):
            yield from (bound, bound + 1, max(0, bound - 1))
        case Contains(_, member):
            flags = facts.get("flags", frozenset())
            yield flags | {member}
            yield flags - {member}
        case OneOf("site" | "site_kind", values):
            yield from _sites(pack, values)
        case OneOf(fact, values) if fact in NUMBERS:
            yield from (*values, int(max(values)) + 1)
        case OneOf(fact, values):
            yield from values
            yield from (value for value in domain(fact) if value not in values)


def _sites(pack: "Pack", values: Sequence[object]) -> Iterator[str]:
    prefix = pack.sites.townships.prefix if pack.sites.townships else None
    yield from (str(v) for v in values if v not in ("park", "township"))
    yield from (park.id for park in pack.sites.parks)
    if prefix:
        yield f"{prefix}101"
    yield "elsewhere"


def domain(fact: str) -> tuple[Any, ...]:
    """The values a fact may have, where they are a closed list; for an open word, two of ours."""
    found = list(_closed(MatterFacts.model_fields[fact].annotation))
    return tuple(found) or ("other-1", "other-2")


def _closed(annotation: Any) -> Iterator[Any]:
    while isinstance(annotation, TypeAliasType):
        annotation = annotation.__value__
    if get_origin(annotation) is Literal:
        yield from get_args(annotation)
    elif annotation is bool:
        yield from (True, False)
    else:
        for part in get_args(annotation):
            if not isinstance(part, str):
                yield from _closed(part)


def _form_name(pack: "Pack", id: str) -> str:
    names = {form.id: form.zh for form in pack.forms}
    names |= {agreement.id: agreement.zh for agreement in pack.agreements}
    return names.get(id, id)
