"""Whether every event has an example fact, and whether each reads back as it was written."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from referencing import Registry, Resource

from contracts.canonical import body_of, canonical, leaf_hash, parse_canonical
from contracts.documents import (
    EXAMPLES,
    about_schema,
    envelope_schema,
    examples_of,
    fact_schema,
    specimen,
    type_of,
)
from contracts.event import About, Envelope
from contracts.registry import BY_TYPE

PATHS = sorted(EXAMPLES.rglob("*.json"))
IDS = [path.relative_to(EXAMPLES).as_posix() for path in PATHS]
CASES = pytest.mark.parametrize("path", PATHS, ids=IDS)


def type_at(path: Path) -> str:
    return f"{path.parent.name}.{'.'.join(path.name.split('.')[:2])}"


def read(path: Path) -> dict[str, Any]:
    return dict(json.loads(path.read_bytes()))


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    known = Resource.from_contents(about_schema())
    registry: Registry[Any] = Registry().with_resource("about.schema.json", known)
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    return jsonschema.Draft202012Validator(schema, registry=registry, format_checker=checker)


@pytest.mark.parametrize("type", sorted(BY_TYPE))
def test_every_event_has_an_example(type: str) -> None:
    assert examples_of(type)


@CASES
def test_an_example_belongs_to_an_event_and_is_readable(path: Path) -> None:
    assert type_at(path) in BY_TYPE
    assert path.read_text("utf-8") == (
        json.dumps(read(path), ensure_ascii=False, indent=2) + "\n"
    )


@CASES
def test_an_example_reads_back_the_same(path: Path) -> None:
    fact = read(path)
    event = BY_TYPE[type_at(path)].model_validate(fact)
    digests = {"_sd": fact["_sd"]} if "_sd" in fact else {}
    assert {**digests, **event.public()} == fact
    assert BY_TYPE[type_at(path)].model_validate(event.public()) == event


@CASES
def test_an_example_has_a_canonical_form(path: Path) -> None:
    text = canonical(read(path))
    assert parse_canonical(text.encode()) == read(path)


@CASES
def test_personal_fields_never_stand_in_the_clear(path: Path) -> None:
    fact = read(path)
    event = BY_TYPE[type_at(path)]
    assert not set(fact) & event.personal_fields
    digests = fact.get("_sd", [])
    assert digests == sorted(set(digests))
    assert len(digests) <= len(event.personal_fields)
    required = {n for n in event.personal_fields if _is_required(event.model_fields[n])}
    assert len(digests) >= len(required)
    assert not event.model_validate(fact).personal()


@CASES
def test_an_example_fits_the_schema_agencies_get(path: Path) -> None:
    schema = fact_schema(BY_TYPE[type_at(path)])
    jsonschema.Draft202012Validator.check_schema(schema)
    validator(schema).validate(read(path))


@CASES
def test_a_fact_without_a_required_member_does_not_fit(path: Path) -> None:
    schema, fact = fact_schema(BY_TYPE[type_at(path)]), read(path)
    for name in schema["required"]:
        without = {key: value for key, value in fact.items() if key != name}
        assert not validator(schema).is_valid(without), name


@CASES
def test_an_example_travels_in_an_envelope_with_its_true_hash(path: Path) -> None:
    made = specimen(type_at(path), read(path))
    validator(envelope_schema()).validate(made)
    assert Envelope.model_validate(made).type == type_at(path)
    about = About.model_validate(made["data"]["about"])
    assert about.store == path.parent.name
    body = body_of(canonical(made["data"]["about"]), canonical(made["data"]["fact"]))
    assert parse_canonical(body) == made["data"]
    assert leaf_hash(body).hex() == made["leafhash"]


def test_no_example_is_left_behind_by_its_event() -> None:
    assert {type_at(path) for path in PATHS} == {type_of(event) for event in BY_TYPE.values()}


def _is_required(field: Any) -> bool:
    return type(None) not in getattr(field.annotation, "__args__", ())
