"""Does a policy pack contradict itself, or refer to something it does not have?"""

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from contracts.edition import DataRefused, Problem, children, step_of
from contracts.pack.words import EVENTS
from contracts.predicate import OneOf, Predicate, atoms

if TYPE_CHECKING:
    from contracts.pack import Pack

type Reference = tuple[str, str, Collection[str]]


def refuse_contradictions(pack: "Pack", data: Mapping[str, Any]) -> None:
    """Raise `DataRefused` naming every repeated id and every reference to nothing."""
    problems = [*_repeated(data, "")]
    for path, name, known in _references(pack):
        if name not in known:
            zh = f"所指的“{name}”在本政策包中不存在"
            problems.append(Problem(path, zh, f"the pack has no {name!r} to refer to"))
    if problems:
        raise DataRefused(*problems)


def _repeated(data: Any, path: str) -> Iterator[Problem]:
    if isinstance(data, list):
        steps = [step_of(member, n) for n, member in enumerate(data)]
        for step in {step for step in steps if steps.count(step) > 1}:
            yield Problem(f"{path}.{step}", "编号重复", "this id is used twice in its list")
    for step, child in children(data):
        yield from _repeated(child, f"{path}.{step}" if path else step)


def _references(pack: "Pack") -> Iterator[Reference]:
    yield from _people(pack)
    yield from _sites(pack)
    yield from _service(pack)
    yield from _time(pack)
    yield from _results(pack)
    yield from _events(pack)


def _ids(members: Any) -> frozenset[str]:
    return frozenset(member.id for member in members)


def _people(pack: "Pack") -> Iterator[Reference]:
    bodies, roles = _ids(pack.bodies), _ids(pack.roles)
    for body in pack.bodies:
        if body.parent is not None:
            yield f"bodies.{body.id}.parent", body.parent, bodies
    for role in pack.roles:
        yield from ((f"roles.{role.id}.bodies", name, bodies) for name in role.bodies)
        if role.activates_as is not None:
            yield f"roles.{role.id}.activates_as", role.activates_as, roles
    for rule in pack.routing:
        named = (*rule.to, *rule.assisted_by)
        yield from ((f"routing.{rule.id}", name, bodies | roles) for name in named)


def _sites(pack: "Pack") -> Iterator[Reference]:
    bodies = _ids(pack.bodies)
    sites = _ids(pack.sites.parks) | {"elsewhere"}
    for park in pack.sites.parks:
        yield f"sites.parks.{park.id}.body", park.body, bodies
    if pack.sites.townships:
        yield "sites.townships.body", pack.sites.townships.body, bodies
    for path, condition in _conditions(pack):
        for atom, _ in atoms(condition):
            if isinstance(atom, OneOf) and atom.fact == "site":
                yield from ((path, str(value), sites) for value in atom.values)


def _conditions(pack: "Pack") -> Iterator[tuple[str, Predicate]]:
    scope = pack.scope
    for part in ("include", "exclude", "applicants", "refer"):
        for rule in getattr(scope, part):
            yield f"scope.{part}.{rule.id}.when", rule.when
    for route in pack.routing:
        yield f"routing.{route.id}.when", route.when
    for mode in pack.modes:
        for paper in mode.papers:
            yield f"modes.{mode.id}.papers.{paper.id}.when", paper.when


def _service(pack: "Pack") -> Iterator[Reference]:
    roles, forms = _ids(pack.roles), _ids(pack.forms)
    for mode in pack.modes:
        for paper in mode.papers:
            path = f"modes.{mode.id}.papers.{paper.id}"
            yield f"{path}.id", paper.id, forms
            yield from ((f"{path}.before", act, mode.staff_may) for act in paper.before)
    for stage in pack.process:
        path = f"process.{stage.id}"
        yield from ((f"{path}.owner", name, roles) for name in stage.owner)
        yield from ((f"{path}.modes", name, _ids(pack.modes)) for name in stage.modes)
        yield from ((f"{path}.channels", name, _ids(pack.channels)) for name in stage.channels)
        yield from ((f"{path}.forms", name, forms) for name in stage.forms)
        if stage.ladder is not None:
            yield f"{path}.ladder", stage.ladder, _ids(pack.ladders)
    for form in pack.forms:
        yield from ((f"forms.{form.id}.signatures", name, roles) for name in form.signatures)


def _time(pack: "Pack") -> Iterator[Reference]:
    people = _ids(pack.bodies) | _ids(pack.roles)
    for ladder in pack.ladders:
        for rung in ladder.rungs:
            path = f"ladders.{ladder.id}.rungs.{rung.id}"
            yield from ((path, name, people) for name in (*rung.by, *rung.to))
            if rung.via is not None:
                yield f"{path}.via", rung.via, _ids(pack.reporting)
        if ladder.enters_from is not None:
            path = f"ladders.{ladder.id}.enters_from"
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
        named = (one.asked_by, one.answered_by, one.of)
        yield from ((path, name, people) for name in named)
        yield f"{path}.scale", one.scale, scales.keys()
        levels = scales.get(one.scale, frozenset())
        yield from ((f"{path}.printed", level, levels) for level in one.printed)
    for one_return in pack.reporting:
        path = f"reporting.{one_return.id}"
        yield from ((f"{path}.from", name, people) for name in one_return.sender)
        yield f"{path}.to", one_return.to, people
        if one_return.then is not None:
            yield f"{path}.then.to", one_return.then.to, people
    feeds = instruments | _ids(pack.reporting)
    yield "appraisal.by", pack.appraisal.by, people
    yield "appraisal.of", pack.appraisal.of, people
    yield from (("appraisal.feeds", name, feeds) for name in pack.appraisal.feeds)
    used_for = pack.evaluation.used_for
    yield from (("evaluation.used_for", name, {"appraisal"}) for name in used_for)
    yield "delivery.collected_by", pack.delivery.collected_by, roles
    yield "archive.hand_over_to", pack.archive.hand_over_to, roles


def _events(pack: "Pack") -> Iterator[Reference]:
    named = [(f"process.{stage.id}.done_when", stage.done_when) for stage in pack.process]
    for promise in pack.clocks.promises:
        path = f"clocks.promises.{promise.id}"
        named += [(f"{path}.starts", promise.starts), (f"{path}.ends", promise.ends)]
    for one in pack.evaluation.instruments:
        named.append((f"evaluation.instruments.{one.id}.starts", one.starts))
    for content in pack.archive.contents:
        if content.required_if is not None:
            named.append((f"archive.contents.{content.id}.required_if", content.required_if))
    for care in pack.after:
        named += [(f"after.{care.id}", care.starts), (f"after.{care.id}", care.ends)]
    yield from ((path, event, EVENTS) for path, event in named)
