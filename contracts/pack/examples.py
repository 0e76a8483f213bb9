"""Does a policy pack decide its own test cases (判例) the way its lawyers wrote them down?"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from contracts.edition import Data, DataRefused, Problem, build, read_data
from contracts.pack import Pack
from contracts.pack.words import Act, Id, ModeId, Text
from contracts.predicate import holds
from contracts.project import MatterFacts


class Expectation(Data):
    """What should come out; only what is written is compared.

    About admission: `admitted`, `by` (paths of the rules that decided), `because` (words of the
    sentence), `discretion` (whether it may be served all the same). About routing: `to` …
    `confirm`. About a mode: `papers` … `applicant_tasks`. About an agreement in a state: `moves`,
    and for one `move` who makes it, why, and what it becomes. About an origin: `sent_by`,
    `consent`. About a number: `printed`. About the rungs of a ladder: `does` … `enters_from`.
    About a stage: `owner` … `ask_instead`. About an outreach: `offered` … `once`.
    """

    admitted: bool | None = None
    by: tuple[Text, ...] | None = None
    because: Text | None = None
    missing: tuple[Text, ...] | None = None
    discretion: bool | None = None
    to: tuple[Text, ...] | None = None
    assisted_by: tuple[Text, ...] | None = None
    jointly: bool | None = None
    co_lead: bool | None = None
    item_to: tuple[Text, ...] | None = None
    file_at: Text | None = None
    at_once: bool | None = None
    follow_until: Text | None = None
    confirm: int | None = None
    papers: tuple[Text, ...] | None = None
    staff_may: tuple[Act, ...] = ()
    staff_may_not: tuple[Act, ...] = ()
    applicant_tasks: tuple[Act, ...] | None = None
    enrol: Text | None = None
    filed_by: Text | None = None
    muting: bool | None = None
    ends_when: Text | None = None
    moves: tuple[Id, ...] | None = None
    in_force: bool | None = None
    made_by: tuple[Id, ...] | None = None
    countersigned_by: tuple[Id, ...] | None = None
    causes: tuple[Id, ...] | None = None
    becomes: Id | None = None
    sent_by: tuple[Id, ...] | None = None
    consent: Text | None = None
    printed: Text | None = None
    does: tuple[Text, ...] | None = None
    climbed_by: tuple[Id, ...] | None = None
    climbs_to: tuple[Id, ...] | None = None
    records: tuple[Text, ...] | None = None
    needs: tuple[Text, ...] | None = None
    enters_from: Id | None = None
    owner: tuple[Id, ...] | None = None
    must: tuple[Text, ...] | None = None
    done_when: Text | None = None
    ask_instead: Id | None = None
    offered: bool | None = None
    via: tuple[Text, ...] | None = None
    once: bool | None = None


_ROUTING = frozenset(
    """
    to assisted_by jointly co_lead item_to file_at at_once follow_until confirm
    """.split()
)


class Serial(Data):
    """A number to be printed: its year and its place in the series."""

    year: int = Field(ge=2000, le=2999)
    serial: int = Field(ge=1)


class Example(Data):
    """One case: a sentence, the article it stands on, what is asked, the outcome.

    Asked is one thing: what becomes of a project (`given`, in a `mode` where that matters), a
    `mode` by itself, an `agreement` (in a `state`, about a `move`), an `origin`, a `numbering`,
    a `ladder` (at a `rung`), a `stage`, or an `outreach` (for the project `given`).
    """

    name: Text
    article: Text
    given: MatterFacts | None = None
    mode: ModeId | None = None
    act: Act | None = None
    agreement: Id | None = None
    state: Id | None = None
    move: Id | None = None
    origin: Id | None = None
    numbering: Id | None = None
    number: Serial | None = None
    ladder: Id | None = None
    rung: int | None = None
    stage: Id | None = None
    outreach: Id | None = None
    expect: Expectation

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        rules = (
            self.agreement, self.origin, self.numbering, self.ladder, self.stage, self.outreach
        )  # fmt: skip
        named = sum(rule is not None for rule in rules)
        project = self.given is not None or self.mode is not None
        if named > 1 or (named == 0 and not project) or (named and self.mode):
            zh = (
                "每条判例只问一件事：项目情况、服务方式、协议、来源、编号、升级、环节或主动服务"
            )
            raise DataRefused(Problem("", zh, "ask exactly one thing"))
        if (self.numbering is None) != (self.number is None):
            raise DataRefused(Problem("number", "编号判例须给年份和序号", "give the number"))
        return self


class Examples(Data):
    """The file `examples.yaml` beside a pack."""

    examples: tuple[Example, ...] = Field(min_length=1)


def load_examples(source: bytes | Path) -> tuple[Example, ...]:
    """Load a file of examples; raises `DataRefused`."""
    return build(Examples, read_data(source)).examples


def differences(pack: Pack, example: Example) -> tuple[str, ...]:
    """Where `pack` decides otherwise than `example` expects; empty when they agree."""
    try:
        found = _found(pack, example)
    except LookupError as error:
        return (str(error),)
    written = example.expect.model_dump(
        exclude_unset=True, exclude={"because", "staff_may_not"}, warnings=False
    )
    return (*_compare(written, found), *_sentences(pack, example))


def _found(pack: Pack, example: Example) -> Mapping[str, object]:
    match example:
        case Example(agreement=str(id)):
            return _agreement(pack, id, example)
        case Example(origin=str(id)):
            origin = _one(pack.origins, id)
            return {"sent_by": origin.sender, "consent": origin.consent}
        case Example(numbering=str(id), number=Serial(year=year, serial=serial)):
            rule = pack.numbering.rule(id)
            return {"printed": rule.printed(pack.jurisdiction.code, year, serial)}
        case Example(ladder=str(id)):
            return _ladder(pack, id, example.rung)
        case Example(stage=str(id)):
            stage = _one(pack.process, id)
            return {
                "owner": stage.owner,
                "must": stage.must,
                "done_when": stage.done_when,
                "ask_instead": stage.fallback.to if stage.fallback else None,
            }
        case Example(outreach=str(id)):
            return _outreach(pack, id, example.given or MatterFacts())
        case Example(given=MatterFacts() as facts):
            return _project(pack, facts, example)
    return _mode(pack, example)


def _project(pack: Pack, facts: MatterFacts, example: Example) -> Mapping[str, object]:
    admission, routing = pack.admits(facts, example.mode), pack.route(facts)
    about_routing = _ROUTING & example.expect.model_fields_set
    return {
        "admitted": admission.ok,
        "by": tuple(reason.path for reason in admission.reasons),
        "discretion": admission.discretion is not None,
        "missing": tuple(sorted(routing.missing if about_routing else admission.missing)),
        "to": routing.to,
        "assisted_by": routing.assisted_by,
        "jointly": routing.jointly,
        "co_lead": routing.co_lead,
        "item_to": routing.item_to,
        "file_at": routing.file_at,
        "at_once": routing.at_once,
        "follow_until": routing.follow_until,
        "confirm": routing.confirm_within.days if routing.confirm_within else None,
    }


def _mode(pack: Pack, example: Example) -> Mapping[str, object]:
    mode = pack.mode(example.mode or "")
    papers = mode.papers_before(example.act) if example.act else mode.papers
    return {
        "papers": tuple(paper.id for paper in papers),
        "staff_may": tuple(act for act in example.expect.staff_may if mode.allows(act)),
        "applicant_tasks": mode.applicant_tasks,
        "enrol": mode.enrol,
        "filed_by": mode.filed_by,
        "muting": mode.muting,
        "ends_when": mode.ends_when,
    }


def _agreement(pack: Pack, id: str, example: Example) -> Mapping[str, object]:
    agreement, state = pack.agreement(id), example.state
    moves = agreement.moves_from(state)
    found: dict[str, object] = {
        "moves": tuple(move.id for move in moves),
        "in_force": agreement.state(state).in_force if state else False,
    }
    if example.move:
        move = _one(moves, example.move)
        found |= {
            "made_by": move.by,
            "countersigned_by": move.countersigned_by,
            "causes": move.causes,
            "becomes": move.to,
        }
    return found


def _ladder(pack: Pack, id: str, number: int | None) -> Mapping[str, object]:
    ladder = _one(pack.ladders, id)
    rungs = [rung for rung in ladder.rungs if number is None or rung.rung == number]
    return {
        "does": tuple(rung.do for rung in rungs),
        "climbed_by": _all(rung.by for rung in rungs),
        "climbs_to": _all(rung.to for rung in rungs),
        "records": _all(rung.record for rung in rungs),
        "needs": _all(rung.needs for rung in rungs),
        "at_once": any(rung.at_once for rung in rungs),
        "enters_from": ladder.enters_from.ladder if ladder.enters_from else None,
    }


def _outreach(pack: Pack, id: str, facts: MatterFacts) -> Mapping[str, object]:
    offer = _one(pack.proactive, id)
    offered = holds(offer.when, dict(facts))
    return {"offered": bool(offered), "via": offer.via, "once": offer.once}


def _all(groups: Iterator[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for group in groups for name in group))


def _one[T: Data](members: Sequence[T], id: str) -> T:
    for member in members:
        if getattr(member, "id", None) == id:
            return member
    raise LookupError(f"本政策包此处没有“{id}” / the pack has no {id!r} here")


def _compare(written: dict[str, object], found: Mapping[str, object]) -> Iterator[str]:
    for key, value in written.items():
        if key not in found:
            yield f"{key}: 此类判例不能核对这一项 / not a matter of this kind of example"
        elif found[key] != value:
            yield f"{key}: 应为 {_show(value)}，实为 {_show(found[key])}"


def _sentences(pack: Pack, example: Example) -> Iterator[str]:
    wanted = example.expect
    if wanted.because and example.given:
        reasons = pack.admits(example.given, example.mode).reasons
        said = "；".join(reason.zh for reason in reasons)
        if wanted.because not in said:
            yield f"because: 理由中应有“{wanted.because}”，实为“{said}”"
    if example.mode:
        mode = pack.mode(example.mode)
        yield from (f"{act}: 不应允许" for act in wanted.staff_may_not if mode.allows(act))


def _show(value: object) -> str:
    if isinstance(value, str) or not isinstance(value, Sequence):
        return str(value)
    return "、".join(map(str, value)) or "无"
