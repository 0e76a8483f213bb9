"""Whether every answer is described, and whether an answer that is other than that is noticed."""

import json
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_origin

import httpx
import pytest
from fastapi import FastAPI, Response

from contracts.event import Personal
from contracts.registry import BY_TYPE
from contracts.subjects import SERVICES
from contracts.vocabulary import AbsenceKind, Document, Hash
from services.intake.api.answers.door import Said
from services.intake.service.streams import BOOKING, CONTACT, ORDER
from shared.answering import answers, files, json_answer
from shared.answers import Standing
from shared.members import MEMBERS
from tests.answers import MET, METHODS, OPENAPI, Door, as_described, door_of

DOORS = (*SERVICES, "feeds", "issuer", "issuer-development")
DOCUMENTS: dict[str, dict[str, Any]] = {
    service: json.loads((OPENAPI / f"{service}.json").read_text("utf-8")) for service in DOORS
}
OF_THE_PACK = {"Body", "Channel", "SourceText"}
"""Parts of a policy pack as they stand there: `contracts.pack` closes and explains them."""


def told(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every answer to a question that was well put: where, and what each medium holds."""
    for path, methods in DOCUMENTS[service]["paths"].items():
        for method in METHODS & methods.keys():
            for status, answer in methods[method]["responses"].items():
                if status.startswith("2"):
                    yield f"{method.upper()} {path} {status}", answer.get("content", {})


def reached(service: str, schema: Any, seen: set[str]) -> set[str]:
    """The names of the components that `schema` leads to."""
    if isinstance(schema, list):
        for one in schema:
            reached(service, one, seen)
    elif isinstance(schema, dict):
        name = str(schema.get("$ref", "")).removeprefix("#/components/schemas/")
        if name and name not in seen:
            seen.add(name)
            reached(service, DOCUMENTS[service]["components"]["schemas"][name], seen)
        for one in schema.values():
            reached(service, one, seen)
    return seen


def shapes(service: str) -> dict[str, dict[str, Any]]:
    """The shapes that the JSON answers of a service consist of, by their names."""
    found: set[str] = set()
    for _, content in told(service):
        reached(service, content.get("application/json", {}), found)
    known: dict[str, dict[str, Any]] = DOCUMENTS[service]["components"]["schemas"]
    return {name: known[name] for name in found if known[name].get("type") == "object"}


@pytest.mark.parametrize("service", DOORS)
def test_every_route_says_what_it_answers(service: str) -> None:
    for place, content in told(service):
        assert content or place.startswith(("GET /livez", "GET /startupz")), (
            f"{service} {place}: say **answers(Shape) or **files(media)"
        )
        for media, one in content.items():
            schema = one["schema"]
            if media != "application/json":
                assert schema["type"] == "string", (place, media)
                continue
            whole = schema.get("items", schema)
            assert "$ref" in whole, f"{service} {place} answers an unnamed shape: {schema}"
    assert list(told(service))


@pytest.mark.parametrize("service", DOORS)
def test_every_shape_is_closed_and_every_member_of_it_is_explained(service: str) -> None:
    for name, shape in shapes(service).items():
        if name in OF_THE_PACK:
            continue
        assert shape.get("additionalProperties") is False, f"{service} {name} is open"
        for member, schema in shape["properties"].items():
            plain = json.dumps(schema)
            listed = '"$ref"' in plain or schema.get("type") in ("array", "object")
            assert schema.get("description") or listed, (
                f"{service} {name}.{member}: what does it mean? Say it in shared/members.txt"
            )


def free(schema: Any) -> bool:
    """Whether a schema lets anything pass, or an object with any members."""
    if schema is True or not {*schema} - {"title", "description"}:
        return True
    if schema.get("type") == "object" and "properties" not in schema:
        more = schema.get("additionalProperties", True)
        return free(more) or any(
            free(one) for one in schema.get("patternProperties", {}).values()
        )
    inner = [*schema.get("anyOf", ()), *([schema["items"]] if "items" in schema else ())]
    return any(map(free, inner)) or (schema.get("type") == "array" and "items" not in schema)


@pytest.mark.parametrize("service", DOORS)
def test_no_member_of_an_answer_may_hold_anything_whatever(service: str) -> None:
    for name, shape in shapes(service).items():
        for member, schema in shape["properties"].items():
            assert name in OF_THE_PACK or not free(schema), f"{service} {name}.{member} is free"


@pytest.mark.parametrize(
    ("schema", "whether"),
    [
        ({}, True),
        ({"description": "x"}, True),
        ({"type": "object"}, True),
        ({"type": "object", "additionalProperties": True}, True),
        ({"type": "array", "items": {"additionalProperties": True, "type": "object"}}, True),
        ({"anyOf": [{"type": "null"}, {}]}, True),
        ({"type": "object", "additionalProperties": {"type": "string"}}, False),
        ({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}, False),
        ({"const": "a"}, False),
    ],
)
def test_what_is_free_is_told_from_what_is_not(schema: dict[str, Any], whether: bool) -> None:
    assert free(schema) is whether


def test_every_word_of_the_door_that_is_personal_is_described() -> None:
    facts = {c for s in (CONTACT, ORDER, BOOKING) for c in s.vocabulary.by_type.values()}
    said = {
        m for fact in facts for m, f in fact.model_fields.items() if _personal(f.annotation)
    }
    assert said | {"event", "late_reason"} == Said.model_fields.keys()


def _personal(annotation: Any) -> bool:
    return get_origin(annotation) is Personal or any(map(_personal, get_args(annotation)))


def test_every_personal_member_of_any_fact_is_of_a_kind_that_is_described() -> None:
    plain = {str, Document, tuple[str, ...], tuple[Document, ...]}
    words = {str(Hash), str(AbsenceKind)}
    for fact in BY_TYPE.values():
        for member, field in fact.model_fields.items():
            for kind in _held(field.annotation):
                assert kind in plain or str(kind) in words, (fact, member, kind)


def _held(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Personal:
        yield from get_args(annotation)
    else:
        for part in get_args(annotation):
            yield from _held(part)


def test_no_meaning_is_kept_of_a_member_that_no_answer_has() -> None:
    used = {
        member
        for service in DOORS
        for shape in shapes(service).values()
        for member in shape["properties"]
    }
    assert MEMBERS.keys() - used == set()
    assert all(meaning.strip() for meaning in MEMBERS.values())


async def test_an_answer_goes_out_as_it_is_and_is_not_put_through_its_shape() -> None:
    app = FastAPI()

    @app.get("/as-response", **answers(Standing))
    async def as_response() -> Response:
        return json_answer({"other": 1})

    @app.get("/as-value", **answers(Standing))
    async def as_value() -> dict[str, int]:
        return {"other": 1}

    @app.get("/as-text", **files("text/plain"))
    async def as_text() -> Response:
        return Response("x", media_type="text/plain")

    told = app.openapi()["paths"]["/as-value"]["get"]["responses"]["200"]["content"]
    assert told == {"application/json": {"schema": {"$ref": "#/components/schemas/Standing"}}}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://x"
    ) as client:
        for path in ("/as-response", "/as-value"):
            assert (await client.get(path)).json() == {"other": 1}
        assert (await client.get("/as-text")).text == "x"


async def asked(
    service: str, path: str, answer: Any, method: str = "GET", status: int = 200
) -> None:
    """What the hook of the tests' client says to such an answer."""
    request = httpx.Request(method, f"http://x{path}")
    await as_described(service)(httpx.Response(status, json=answer, request=request))


GOOD = {
    "places": [{"area": "990100", "zh": "甲", "bodies": []}],
    "quarter": "2026-Q4",
    "last": "2026-Q3",
}


@pytest.mark.parametrize(
    "change",
    [
        lambda a: a.pop("last"),
        lambda a: a.update(more=1),
        lambda a: a.update(quarter=4),
        lambda a: a.update(quarter=None),
        lambda a: a["places"][0].update(phone="000-0000001"),
        lambda a: a["places"][0]["bodies"].append({"id": "b"}),
    ],
)
async def test_an_answer_that_is_not_as_described_fails_the_test_that_saw_it(
    change: Callable[[dict[str, Any]], object],
) -> None:
    await asked("evaluation", "/public/places", GOOD)
    assert "something" in MET["evaluation", "get", "/public/places"]
    other = json.loads(json.dumps(GOOD))
    change(other)
    with pytest.raises(AssertionError, match="not as described"):
        await asked("evaluation", "/public/places", other)
    await asked("evaluation", "/public/places", other, status=404)


async def test_an_answer_to_a_command_is_held_to_its_description_and_to_its_status() -> None:
    good = {"receipt": "A-1", "position": 7}
    await asked("evaluation", "/public/complaints", good, "POST", 201)
    assert "something" in MET["evaluation", "post", "/public/complaints"]
    for other in (
        {"receipt": "A-1"},
        {**good, "phone": "000-0000001"},
        {**good, "position": "7"},
    ):
        with pytest.raises(
            AssertionError, match=r"POST /public/complaints .* not as described"
        ):
            await asked("evaluation", "/public/complaints", other, "POST", 201)
    with pytest.raises(AssertionError, match="200 is not said to be answered"):
        await asked("evaluation", "/public/complaints", good, "POST", 200)


def test_a_path_is_told_from_one_with_a_hole_in_its_place() -> None:
    door = door_of("evaluation")
    assert isinstance(door, Door)
    assert door.route("/appraisals/count") == "/appraisals/count"
    assert door.route("/appraisals/0198") == "/appraisals/{id}"
    assert door.route("/public/") is None, "no JSON is answered there"
    assert door_of("nobody") is None


def test_an_instant_needs_its_offset_and_a_day_is_a_day() -> None:
    door = door_of("assignment")
    assert door
    told = {"position": 1, "shown": 1, "recorded": "2026-04-13T01:20:30+00:00", "heard": {}}
    assert list(door.faults("/log/position", told)) == []
    for wrong in ("2026-04-13T01:20:30", "yesterday", "2026-04-13"):
        assert list(door.faults("/log/position", {**told, "recorded": wrong})), wrong
