"""Every shipped policy pack is whole, says where its rules come from, and decides its own cases."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter

from contracts.calendar import load_calendar
from contracts.catalogue import load_catalogue
from contracts.edition import DataRefused, build, edition_of, leaves, read_data
from contracts.pack import POLICIES, Pack, load_pack, shipped_packs
from contracts.pack.examples import Example, differences, load_examples
from contracts.vocabulary import SATISFACTION, PackEdition, PackPath

PACKS = {path.parent.name: load_pack(path) for path in shipped_packs()}
DATA = {path.parent.name: read_data(path) for path in shipped_packs()}
CASES = {
    path.parent.name: load_examples(path.with_name("examples.yaml")) for path in shipped_packs()
}
EXAMPLES = [
    pytest.param(PACKS[name], example, id=f"{name}: {example.name}")
    for name, examples in CASES.items()
    for example in examples
]
every_pack = pytest.mark.parametrize("name", sorted(PACKS))


def dumped(data: dict[str, Any]) -> bytes:
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False).encode()


def refused(data: dict[str, Any]) -> str:
    with pytest.raises(DataRefused) as error:
        load_pack(dumped(data))
    return str(error.value)


def mappings(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every mapping inside `value`, with a rough path for the message."""
    if isinstance(value, dict):
        yield path, value
        for key, child in value.items():
            yield from mappings(child, f"{path}.{key}")
    if isinstance(value, list):
        for child in value:
            yield from mappings(child, f"{path}[]")


@pytest.mark.parametrize(("pack", "example"), EXAMPLES)
def test_the_pack_decides_its_own_cases_as_written(pack: Pack, example: Example) -> None:
    assert differences(pack, example) == ()


@every_pack
def test_its_cases_reach_every_rule_that_decides(name: str) -> None:
    """Each rule of admission and routing, each mode, ladder and agreement has a case."""
    pack, cases = PACKS[name], CASES[name]
    given = [(case.given, case.mode) for case in cases if case.given is not None]
    routed = [pack.route(facts).rules for facts, _ in given]
    scope = {
        f"scope.{part}.{rule.id}"
        for part in ("include", "exclude", "applicants", "refer")
        for rule in getattr(pack.scope, part)
    }

    assert len(cases) >= 15
    assert {case.mode for case in cases if case.mode} == {mode.id for mode in pack.modes}
    assert {case.ladder for case in cases if case.ladder} == {one.id for one in pack.ladders}
    assert {c.agreement for c in cases if c.agreement} == {a.id for a in pack.agreements}
    assert {rule.id for rule in pack.routing} == {id for rules in routed for id in rules}
    assert scope <= {r.path for asked in given for r in pack.admits(*asked).reasons}
    assert any(case.expect.missing for case in cases)


@every_pack
def test_its_cases_would_notice_another_pack(name: str) -> None:
    others = (pack for other, pack in PACKS.items() if other != name)

    assert all(any(differences(other, case) for case in CASES[name]) for other in others)


@every_pack
def test_a_number_of_days_stands_in_the_source_or_is_a_default(name: str) -> None:
    """No scheme names days where it says 及时 or 第一时间 (X-06)."""
    pack = PACKS[name]
    for path, value in leaves(DATA[name]):
        if path.endswith(".days"):
            source = pack.leaf_source(path)
            assert source is None or "第" in source or str(value) in source, path


@every_pack
def test_its_questions_name_requirements_and_give_a_default(name: str) -> None:
    for question in PACKS[name].open:
        assert question.q, question.id
        assert question.default, question.id
        assert all(re.fullmatch(r"X-\d\d|[A-Z]{2}-\d{2,3}", row) for row in question.rows)


def test_a_draft_says_what_is_lost_of_it() -> None:
    drafts = [p for p in PACKS.values() if p.instrument.status != "in_force"]

    assert drafts
    assert all(pack.instrument.gaps for pack in drafts)


@every_pack
def test_the_folder_is_named_like_the_pack(name: str) -> None:
    assert PACKS[name].id == name
    assert re.fullmatch(rf"{name}@[0-9a-f]{{16}}", PACKS[name].edition)


@every_pack
def test_the_catalogue_and_the_calendar_it_names_are_shipped(name: str) -> None:
    assert PACKS[name].catalogue == load_catalogue().id
    assert PACKS[name].clocks.calendar == load_calendar().id


@every_pack
def test_every_rule_has_a_source_or_is_listed_as_a_default(name: str) -> None:
    pack = PACKS[name]
    defaults = {default.path for default in pack.defaults()}

    coding = re.compile(r"(^|\.)(id|src|law|note)$|^(pack|version)$|^open\.")
    for path, _ in leaves(DATA[name]):
        if not coding.search(path):
            assert (pack.leaf_source(path) is None) == (path in defaults), path


@every_pack
def test_events_can_carry_its_edition_and_its_paths(name: str) -> None:
    assert TypeAdapter(PackEdition).validate_python(PACKS[name].edition)
    for default in PACKS[name].defaults():
        assert TypeAdapter(PackPath).validate_python(default.path)


@every_pack
def test_its_rating_levels_are_the_national_ones(name: str) -> None:
    national = next(s for s in PACKS[name].evaluation.scales if s.id == "national5")

    assert [level.id for level in national.levels] == list(SATISFACTION)


@every_pack
def test_no_person_and_no_telephone_is_named(name: str) -> None:
    folder = next(p.parent for p in shipped_packs() if p.parent.name == name)
    text = "".join((folder / file).read_text() for file in ("pack.yaml", "examples.yaml"))

    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|0\d{2,3}-?\d{7,8}", text)
    assert "先生" not in text
    assert "女士" not in text


@every_pack
def test_an_unknown_key_is_refused_wherever_it_stands(name: str) -> None:
    places = [path for path, _ in mappings(DATA[name])]
    for number, path in enumerate(places):
        data = copy.deepcopy(DATA[name])
        place = list(mappings(data))[number][1]
        if path == ".terms.words":
            place["Bad Word"] = "词"
        else:
            place["zz_unknown"] = 1
        with pytest.raises(DataRefused, match=r"zz_unknown|Bad Word"):
            build(Pack, data)


@every_pack
def test_changing_any_leaf_changes_the_edition(name: str) -> None:
    seen = {PACKS[name].edition}
    count = 0
    for path, holder, key in _slots(DATA[name]):
        before = holder[key]
        holder[key] = _other(before)
        edition = edition_of(name, DATA[name])
        holder[key] = before
        assert edition not in seen, path
        seen.add(edition)
        count += 1
    assert count > 400
    assert edition_of(name, DATA[name]) == PACKS[name].edition


def _slots(value: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for key, child in list(steps):
        if isinstance(child, dict | list) and child:
            yield from _slots(child, f"{path}.{key}")
        else:
            yield f"{path}.{key}", value, key


def _other(value: object) -> object:
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}*"
        case date():
            return date(1999, 1, 1)
    return "something"


@every_pack
def test_a_default_without_its_open_question_is_refused(name: str) -> None:
    data = copy.deepcopy(DATA[name])
    data["open"] = [q for q in data["open"] if "catalogue" not in q["paths"]]

    assert "catalogue: 既无出处" in refused(data)


@every_pack
def test_a_question_about_nothing_is_refused(name: str) -> None:
    data = copy.deepcopy(DATA[name])
    data["open"][0]["paths"].append("clocks.moon")

    assert "clocks.moon" in refused(data)


@every_pack
def test_a_json_schema_for_editors_accepts_the_pack(name: str) -> None:
    schema = Pack.model_json_schema(mode="validation")
    plain = json.loads(json.dumps(DATA[name], default=str))

    assert not list(Draft202012Validator(schema).iter_errors(plain))


def blocks() -> list[str]:
    """The pieces of a pack that the page for a new place shows."""
    return re.findall(r"```yaml\n(.*?)```", (POLICIES / "README.md").read_text(), re.DOTALL)


def test_the_article_on_the_page_is_a_rule_of_a_shipped_pack() -> None:
    (shown,) = yaml.safe_load(blocks()[0])["routing"]

    assert shown in [rule for data in DATA.values() for rule in data["routing"]]


def test_the_county_on_the_page_loads_under_its_city(tmp_path: Path) -> None:
    head = yaml.safe_load(blocks()[1])
    city = head["jurisdiction"]["inherits"]
    for id, text in ((city, dumped(DATA[city])), (head["id"], blocks()[1].encode())):
        (tmp_path / id).mkdir()
        (tmp_path / id / "pack.yaml").write_bytes(text)

    county = load_pack(tmp_path / head["id"] / "pack.yaml")

    assert county.jurisdiction.inherits == city
    assert county.modes == PACKS[city].modes
    assert county.channels != PACKS[city].channels
