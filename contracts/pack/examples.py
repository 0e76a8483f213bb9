"""Does a policy pack decide its own test cases (判例) the way its lawyers wrote them down?"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from contracts.edition import Data, DataRefused, Problem, build, read_data
from contracts.pack import Pack
from contracts.pack.words import Act, ModeId, Text
from contracts.project import MatterFacts


class Expectation(Data):
    """What should come out; only what is written is compared.

    `admitted`, `by` (paths of the rules that decided) and `because` (words of the sentence) are
    about admission; `to` … `item_to` about routing; `papers` … `applicant_tasks` about a mode.
    """

    admitted: bool | None = None
    by: tuple[Text, ...] | None = None
    because: Text | None = None
    missing: tuple[Text, ...] | None = None
    to: tuple[Text, ...] | None = None
    assisted_by: tuple[Text, ...] | None = None
    jointly: bool | None = None
    item_to: tuple[Text, ...] | None = None
    papers: tuple[Text, ...] | None = None
    staff_may: tuple[Act, ...] = ()
    staff_may_not: tuple[Act, ...] = ()
    applicant_tasks: tuple[Act, ...] | None = None


class Example(Data):
    """One case: a sentence, the article it stands on, the facts or the mode, the outcome."""

    name: Text
    article: Text
    given: MatterFacts | None = None
    mode: ModeId | None = None
    act: Act | None = None
    expect: Expectation

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Self:
        if (self.given is None) == (self.mode is None):
            zh = "每条判例或给项目情况(given)，或给服务方式(mode)"
            raise DataRefused(Problem("", zh, "give either `given` or `mode`"))
        return self


class Examples(Data):
    """The file `examples.yaml` beside a pack."""

    examples: tuple[Example, ...] = Field(min_length=1)


def load_examples(source: bytes | Path) -> tuple[Example, ...]:
    """Load a file of examples; raises `DataRefused`."""
    return build(Examples, read_data(source)).examples


def differences(pack: Pack, example: Example) -> tuple[str, ...]:
    """Where `pack` decides otherwise than `example` expects; empty when they agree."""
    wanted = example.expect
    found = _found_of_mode(pack, example) if example.mode else _found_of_project(pack, example)
    written = wanted.model_dump(exclude_unset=True, exclude={"because", "staff_may_not"})
    return (*_compare(written, found), *_sentences(pack, example))


def _found_of_project(pack: Pack, example: Example) -> dict[str, object]:
    facts = example.given or MatterFacts()
    admission, routing = pack.admits(facts), pack.route(facts)
    about_routing = {
        "to",
        "assisted_by",
        "jointly",
        "item_to",
    } & example.expect.model_fields_set
    return {
        "admitted": admission.ok,
        "by": tuple(reason.path for reason in admission.reasons),
        "missing": tuple(sorted(routing.missing if about_routing else admission.missing)),
        "to": routing.to,
        "assisted_by": routing.assisted_by,
        "jointly": routing.jointly,
        "item_to": routing.item_to,
    }


def _found_of_mode(pack: Pack, example: Example) -> dict[str, object]:
    mode = pack.mode(example.mode or "")
    papers = mode.papers_before(example.act) if example.act else mode.papers
    return {
        "papers": tuple(paper.id for paper in papers),
        "staff_may": tuple(act for act in example.expect.staff_may if mode.allows(act)),
        "applicant_tasks": mode.applicant_tasks,
    }


def _compare(written: dict[str, object], found: dict[str, object]) -> Iterator[str]:
    for key, value in written.items():
        if key not in found:
            yield f"{key}: 此类判例不能核对这一项 / not a matter of this kind of example"
        elif found[key] != value:
            yield f"{key}: 应为 {_show(value)}，实为 {_show(found[key])}"


def _sentences(pack: Pack, example: Example) -> Iterator[str]:
    wanted = example.expect
    if wanted.because and example.given:
        said = "；".join(reason.zh for reason in pack.admits(example.given).reasons)
        if wanted.because not in said:
            yield f"because: 理由中应有“{wanted.because}”，实为“{said}”"
    if example.mode:
        mode = pack.mode(example.mode)
        yield from (f"{act}: 不应允许" for act in wanted.staff_may_not if mode.allows(act))


def _show(value: object) -> str:
    return "、".join(map(str, value)) or "无" if isinstance(value, Sequence) else str(value)
