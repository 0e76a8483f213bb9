"""Does a policy pack refer to something that it does not have, or say a thing twice?"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contracts.edition import DataRefused, Problem, children, step_of
from contracts.pack.capability import refuse_unknown_capability
from contracts.pack.soundness import unsound
from contracts.pack.words import named_events
from contracts.predicate import OneOf, Predicate, atoms

if TYPE_CHECKING:
    from contracts.pack import Pack

type Reference = tuple[str, str, Collection[str]]

_OF_A_PERSON = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}[-－— ]?\d{7,8}|[1-9]\d{5}(?:19|20)\d{9}[\dXx])(?!\d)"
)
"""A mobile or fixed telephone, or an identity number: packs are public and never erased."""


def refuse_contradictions(pack: "Pack", data: Mapping[str, Any]) -> None:
    """Raise `DataRefused` naming everything that is wrong with a well-made pack."""
    if problems := problems_of(pack, data):
        raise DataRefused(*problems)


def problems_of(pack: "Pack", data: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Repeated ids, references to nothing, rules that cannot work, wishes nobody fulfils."""
    problems = [*_repeated(data, ""), *_of_persons(data, "")]
    for path, name, known in _references(pack):
        if name not in known:
            zh = f"所指的“{name}”在本政策包中不存在"
            problems.append(Problem(path, zh, f"the pack has no {name!r} to refer to"))
    sound = [] if problems else [*unsound(pack)]
    try:
        refuse_unknown_capability(pack, data)
    except DataRefused as refused:
        sound += refused.problems
    return (*problems, *sound)


def refuse_repetitions(data: Mapping[str, Any]) -> None:
    """Raise `DataRefused` naming every id that is used twice in its list."""
    if problems := [*_repeated(data, "")]:
        raise DataRefused(*problems)


def _repeated(data: Any, path: str) -> Iterator[Problem]:
    if isinstance(data, list):
        steps = [step_of(member, n) for n, member in enumerate(data)]
        twice = (
            {step for step in steps if steps.count(step) > 1}
            if len({*steps}) < len(steps)
            else ()
        )
        for step in sorted(twice):
            yield Problem(f"{path}.{step}", "编号重复", "this id is used twice in its list")
    for step, child in children(data):
        if isinstance(child, dict | list):
            yield from _repeated(child, f"{path}.{step}" if path else step)


def _of_persons(data: Any, path: str) -> Iterator[Problem]:
    for step, child in children(data):
        here = f"{path}.{step}" if path else str(step)
        texts = (
            [one for one in child if isinstance(one, str)]
            if isinstance(child, list)
            else [child]
        )
        if isinstance(child, dict | list):
            yield from _of_persons(child, here)
        if any(isinstance(one, str) and _OF_A_PERSON.search(one) for one in texts):
            zh = "政策包中不得写电话号码和证件号码：人员资料请列入花名册"
            en = "no telephone or identity number in a pack: people belong on the roster"
            yield Problem(here, zh, en)


def _references(pack: "Pack") -> Iterator[Reference]:
    yield from _people(pack)
    yield from _team(pack)
    yield from _sites(pack)
    yield from _beginning(pack)
    yield from _service(pack)
    yield from _papers(pack)
    yield from _time(pack)
    yield from _results(pack)
    for path, event in event_names(pack):
        yield path, event, named_events()


def _ids(members: Any) -> frozenset[str]:
    return frozenset(member.id for member in members)


def _each(
    path: str, names: Collection[str | None], known: Collection[str]
) -> Iterator[Reference]:
    yield from ((path, name, known) for name in names if name is not None)


def _people(pack: "Pack") -> Iterator[Reference]:
    bodies, roles = _ids(pack.bodies), _ids(pack.roles)
    for body in pack.bodies:
        path = f"bodies.{body.id}"
        yield from _each(f"{path}.parent", [body.parent], bodies)
        yield from _each(f"{path}.overseen_by", [body.overseen_by], bodies)
        yield from _each(f"{path}.staffed_from", body.staffed_from, bodies)
    for role in pack.roles:
        yield from _each(f"roles.{role.id}.bodies", role.bodies, bodies)
        yield from _each(f"roles.{role.id}.activates_as", [role.activates_as], roles)
    for rule in pack.routing:
        path = f"routing.{rule.id}"
        yield from _each(f"{path}.to", rule.to, bodies | roles)
        yield from _each(f"{path}.assisted_by", rule.assisted_by, bodies | roles)
        if rule.then is not None:
            yield f"{path}.then.assign", rule.then.assign, roles


def _team(pack: "Pack") -> Iterator[Reference]:
    bodies, roles, team = _ids(pack.bodies), _ids(pack.roles), pack.team
    for slot in team.slots:
        yield f"team.slots.{slot.id}.role", slot.role, roles
        yield from _each(f"team.slots.{slot.id}.bodies", slot.bodies, bodies)
    for group in team.working_groups:
        yield f"team.working_groups.{group.id}.body", group.body, bodies
        yield f"team.working_groups.{group.id}.head", group.head, roles
    yield from _each("team.pairs_with", [team.pairs_with], roles)
    yield from _each("team.reserve", [team.reserve], roles)
    yield from _each("team.home_bodies", team.home_bodies, bodies)


def _sites(pack: "Pack") -> Iterator[Reference]:
    bodies = _ids(pack.bodies)
    sites = _ids(pack.sites.parks) | {"elsewhere"}
    for park in pack.sites.parks:
        yield f"sites.parks.{park.id}.body", park.body, bodies
    if pack.sites.townships:
        yield "sites.townships.body", pack.sites.townships.body, bodies
    for path, condition in conditions(pack):
        for atom, _ in atoms(condition):
            if isinstance(atom, OneOf) and atom.fact == "site":
                yield from ((path, str(value), sites) for value in atom.values)


def conditions(pack: "Pack") -> Iterator[tuple[str, Predicate]]:
    """Every condition of the pack with its path."""
    scope, team = pack.scope, pack.team
    parts = (scope.include, scope.exclude, scope.applicants, scope.refer)
    for name, rules in zip(("include", "exclude", "applicants", "refer"), parts, strict=True):
        yield from ((f"scope.{name}.{rule.id}.when", rule.when) for rule in rules)
    if scope.discretionary is not None:
        yield "scope.discretionary.when", scope.discretionary.when
    yield from ((f"routing.{rule.id}.when", rule.when) for rule in pack.routing)
    for mode in pack.modes:
        papers = f"modes.{mode.id}.papers"
        yield from ((f"{papers}.{paper.id}.when", paper.when) for paper in mode.papers)
    yield from ((f"proactive.{offer.id}.when", offer.when) for offer in pack.proactive)
    groups = team.working_groups
    yield from ((f"team.working_groups.{group.id}.when", group.when) for group in groups)
    for ladder in pack.ladders:
        path = f"ladders.{ladder.id}"
        yield f"{path}.when", ladder.when
        yield from ((f"{path}.rungs.{rung.id}.when", rung.when) for rung in ladder.rungs)


def _beginning(pack: "Pack") -> Iterator[Reference]:
    bodies, roles = _ids(pack.bodies), _ids(pack.roles)
    modes, channels = _ids(pack.modes), _ids(pack.channels)
    for origin in pack.origins:
        yield from _each(f"origins.{origin.id}.from", origin.sender, bodies)
    for offer in pack.proactive:
        yield from _each(f"proactive.{offer.id}.with", [offer.companion], roles)
    for door in pack.channels:
        path = f"channels.{door.id}.forwards_to"
        yield from _each(path, [door.forwards_to], (channels | bodies | roles) - {door.id})
    for rule in pack.scope.applicants:
        yield from _each(f"scope.applicants.{rule.id}.modes", rule.modes, modes)


def _service(pack: "Pack") -> Iterator[Reference]:
    roles, forms, agreements = _ids(pack.roles), _ids(pack.forms), _ids(pack.agreements)
    for mode in pack.modes:
        yield from _each(f"modes.{mode.id}.asked_by", mode.asked_by, roles)
        for paper in mode.papers:
            path = f"modes.{mode.id}.papers.{paper.id}"
            yield f"{path}.id", paper.id, forms | agreements
            yield from _each(f"{path}.before", paper.before, mode.staff_may)
    for stage in pack.process:
        path = f"process.{stage.id}"
        yield from _each(f"{path}.owner", stage.owner, roles)
        yield from _each(f"{path}.modes", stage.modes, _ids(pack.modes))
        yield from _each(f"{path}.channels", stage.channels, _ids(pack.channels))
        yield from _each(f"{path}.forms", stage.forms, forms)
        yield from _each(f"{path}.ladder", [stage.ladder], _ids(pack.ladders))
        if stage.fallback is not None:
            yield f"{path}.fallback.to", stage.fallback.to, roles
    for form in pack.forms:
        yield from _each(f"forms.{form.id}.signatures", form.signatures, roles)


def _papers(pack: "Pack") -> Iterator[Reference]:
    forms, people = _ids(pack.forms), _ids(pack.roles) | _ids(pack.bodies)
    for one in pack.agreements:
        path, states = f"agreements.{one.id}", _ids(one.states)
        yield f"{path}.form", one.form, forms
        yield from _each(f"{path}.number", [one.number], pack.numbering.ids())
        yield from _each(f"{path}.modes", one.modes, _ids(pack.modes))
        yield from _each(f"{path}.carries", one.carries, forms)
        for move in one.moves:
            step = f"{path}.moves.{move.id}"
            yield from _each(f"{step}.from", move.leaves, states)
            yield f"{step}.to", move.to, states
            yield from _each(f"{step}.by", move.by, people)
            yield from _each(f"{step}.countersigned_by", move.countersigned_by, people)
            yield from _each(f"{step}.form", [move.form], forms)


def _time(pack: "Pack") -> Iterator[Reference]:
    people = _ids(pack.bodies) | _ids(pack.roles)
    for ladder in pack.ladders:
        for rung in ladder.rungs:
            path = f"ladders.{ladder.id}.rungs.{rung.id}"
            yield from _each(f"{path}.by", rung.by, people)
            yield from _each(f"{path}.to", rung.to, people)
            yield from _each(f"{path}.via", [rung.via], _ids(pack.reporting))
        if ladder.enters_from is not None:
            path = f"ladders.{ladder.id}.enters_from.ladder"
            yield path, ladder.enters_from.ladder, _ids(pack.ladders) - {ladder.id}
    for meeting in pack.meetings:
        yield f"meetings.{meeting.id}.convened_by", meeting.convened_by, people


def _results(pack: "Pack") -> Iterator[Reference]:
    roles = _ids(pack.roles)
    people = _ids(pack.bodies) | roles
    scales = {scale.id: _ids(scale.levels) for scale in pack.evaluation.scales}
    instruments = _ids(pack.evaluation.instruments)
    for one in pack.evaluation.instruments:
        path = f"evaluation.instruments.{one.id}"
        for key, name in (("asked_by", one.asked_by), ("answered_by", one.answered_by)):
            yield f"{path}.{key}", name, people
        yield f"{path}.of", one.of, people
        yield f"{path}.scale", one.scale, scales.keys()
        levels = scales.get(one.scale, frozenset())
        yield from _each(f"{path}.printed", one.printed, levels)
    for one_return in pack.reporting:
        path = f"reporting.{one_return.id}"
        yield from _each(f"{path}.from", one_return.sender, people)
        yield f"{path}.to", one_return.to, people
        if one_return.then is not None:
            yield f"{path}.then.to", one_return.then.to, people
    feeds = instruments | _ids(pack.reporting)
    of = pack.appraisal.of
    yield "appraisal.by", pack.appraisal.by, people
    yield from _each("appraisal.of", (of,) if isinstance(of, str) else of, people)
    yield from _each("appraisal.feeds", pack.appraisal.feeds, feeds)
    yield from _each("evaluation.used_for", pack.evaluation.used_for, {"appraisal"})
    yield "delivery.collected_by", pack.delivery.collected_by, roles
    yield "archive.hand_over_to", pack.archive.hand_over_to, roles


def event_names(pack: "Pack") -> Iterator[tuple[str, str]]:
    """Every place of the pack that names an event, and the name."""
    named: list[tuple[str, str | None]] = []
    for stage in pack.process:
        named.append((f"process.{stage.id}.done_when", stage.done_when))
    for promise in pack.clocks.promises:
        path = f"clocks.promises.{promise.id}"
        named += [(f"{path}.starts", promise.starts), (f"{path}.ends", promise.ends)]
    for one in pack.evaluation.instruments:
        named.append((f"evaluation.instruments.{one.id}.starts", one.starts))
    for content in pack.archive.contents:
        named.append((f"archive.contents.{content.id}.required_if", content.required_if))
    for care in pack.after:
        named += [
            (f"after.{care.id}.starts", care.starts),
            (f"after.{care.id}.ends", care.ends),
        ]
    for mode in pack.modes:
        named.append((f"modes.{mode.id}.ends_when", mode.ends_when))
    for offer in pack.proactive:
        named.append((f"proactive.{offer.id}.at", offer.at))
    for rule in pack.routing:
        named.append((f"routing.{rule.id}.follow_until", rule.follow_until))
    yield from ((path, event) for path, event in named if event is not None)
