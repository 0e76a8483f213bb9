"""Whether every answer is described, and whether an answer that is other than that is noticed."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI, Response

from contracts.subjects import SERVICES
from shared.answering import answers, files, json_answer
from shared.answers import Standing
from shared.members import MEMBERS
from tests.answers import MET, OPENAPI, Door, as_described, door_of

DOORS = (*SERVICES, "feeds", "issuer")
DOCUMENTS: dict[str, dict[str, Any]] = {
    service: json.loads((OPENAPI / f"{service}.json").read_text("utf-8")) for service in DOORS
}
OF_THE_PACK = {"Body", "Channel", "SourceText"}
"""Parts of a policy pack as they stand there: `contracts.pack` closes and explains them."""


def gets(service: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in DOCUMENTS[service]["paths"].items():
        if "get" in methods:
            yield path, methods["get"]["responses"].get("200", {}).get("content", {})


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
    for _, content in gets(service):
        reached(service, content.get("application/json", {}), found)
    known: dict[str, dict[str, Any]] = DOCUMENTS[service]["components"]["schemas"]
    return {name: known[name] for name in found if known[name].get("type") == "object"}


@pytest.mark.parametrize("service", DOORS)
def test_every_get_says_what_it_answers(service: str) -> None:
    for path, content in gets(service):
        assert content, f"{service} GET {path}: say **answers(Shape) or **files(media)"
        for media, told in content.items():
            schema = told["schema"]
            if media != "application/json":
                assert schema["type"] == "string", (path, media)
                continue
            whole = schema.get("items", schema)
            assert "$ref" in whole, f"{service} GET {path} answers an unnamed shape: {schema}"
    assert list(gets(service))


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


async def asked(service: str, path: str, answer: Any, method: str = "GET") -> None:
    """What the hook of the tests' client says to such an answer."""
    request = httpx.Request(method, f"http://x{path}")
    await as_described(service)(httpx.Response(200, json=answer, request=request))


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
    assert "something" in MET["evaluation", "/public/places"]
    other = json.loads(json.dumps(GOOD))
    change(other)
    with pytest.raises(AssertionError, match="not as described"):
        await asked("evaluation", "/public/places", other)
    await asked("evaluation", "/public/places", other, method="POST")


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
