"""Whether each door is described as it is, and whether a change of it would be noticed."""

import asyncio
import copy
import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from contracts.compatibility import incompatibilities
from contracts.openapi import METHODS, broken
from contracts.subjects import SERVICES
from services.onebox import describing

type Document = dict[str, Any]

OPEN = ("/log/", "/check/", "/public/", "/startupz", "/livez", "/readyz", "/metrics")
"""For everybody; and at the issuer one signs in."""


@pytest.fixture(scope="module")
def made() -> dict[str, str]:
    return asyncio.run(describing.documents())


def test_what_is_committed_is_what_the_doors_are(made: dict[str, str]) -> None:
    assert describing.drift(made) == []
    doors = (*SERVICES, "feeds", "issuer", "issuer-development")
    assert sorted(made) == sorted(f"{name}.json" for name in doors)
    assert asyncio.run(describing.documents()) == made, "the same bytes every time"


def test_every_drifted_document_is_named(made: dict[str, str], tmp_path: Path) -> None:
    describing.build(made, tmp_path)
    assert describing.drift(made, tmp_path) == []
    (tmp_path / "feeds.json").write_text("{}")
    (tmp_path / "intake.json").unlink()
    (tmp_path / "gone.json").write_text("{}")
    assert describing.drift(made, tmp_path) == [
        "feeds.json: differs", "gone.json: no longer made", "intake.json: missing"
    ]  # fmt: skip
    describing.build(made, tmp_path)
    assert describing.drift(made, tmp_path) == []


def test_every_route_says_how_it_refuses_and_who_must_sign_in(made: dict[str, str]) -> None:
    for name, text in made.items():
        document = json.loads(text)
        assert document["openapi"].startswith("3.1") and "Problem" in text
        ids = []
        for path, methods in document["paths"].items():
            for method in (m for m in METHODS if m in methods):
                told = methods[method]
                ids.append(told["operationId"])
                assert "application/problem+json" in told["responses"]["default"]["content"]
                signs_in = name.startswith("issuer") and (method, path) != ("post", "/clock")
                open_door = signs_in or path.startswith(OPEN)
                assert told.get("security") or open_door, (name, method, path)
                assert told["summary"]
        assert len(set(ids)) == len(ids)
        for reference in _references(document):
            assert (
                reference.removeprefix("#/components/schemas/")
                in document["components"]["schemas"]
            )


FROZEN_WITHOUT = {("assignment.json", "/roster-imports")}
"""Doors that demand a key and were promised before they said so: to require it breaks that."""


def test_every_command_that_takes_a_key_says_that_it_must_be_given(
    made: dict[str, str],
) -> None:
    optional = set()
    for name, text in made.items():
        for path, methods in json.loads(text)["paths"].items():
            for method in (m for m in METHODS if m in methods):
                for one in methods[method].get("parameters", ()):
                    if one["name"] == "Idempotency-Key" and not one.get("required"):
                        assert "must be given" in one["description"], (name, path)
                        optional.add((name, path))
    assert optional == FROZEN_WITHOUT


UNTOLD = {
    "/openapi.json": "the document itself",
    "/docs": "the document as a page",
    "/docs/oauth2-redirect": "a part of that page",
    "/static-offline-docs/{path}": "what that page is made of",
    "/public": "/public/ without its stroke",
}


def test_every_route_that_anybody_may_call_is_described() -> None:
    for name, app in asyncio.run(describing.apps()).items():
        described = app.openapi()["paths"]
        ways = [(way, path) for way, path in _ways(app.routes) if path not in UNTOLD]
        assert len(ways) > 3
        for way, path in ways:
            assert way in described.get(path, {}), (
                f"{name} {way.upper()} {path} is not described"
            )


def _ways(routes: Iterable[Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Each method and path, also of the routers that were included."""
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from _ways(inner.routes, before + route.include_context.prefix)
        else:
            for way in (getattr(route, "methods", None) or {"GET"}) - {"HEAD"}:
                yield way.lower(), before + getattr(route, "path_format", route.path)


def _references(node: Any) -> set[str]:
    if isinstance(node, list):
        return {one for part in node for one in _references(part)}
    if not isinstance(node, dict):
        return set()
    own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
    return own | {one for part in node.values() for one in _references(part)}


def door(change: Callable[[Document], object] = lambda d: None) -> Document:
    """A small door, changed."""
    document: Document = {
        "info": {"version": "1"},
        "components": {"schemas": {"Told": {
            "type": "object", "required": ["size"],
            "additionalProperties": False,
            "properties": {
                "size": {"type": "integer"}, "more": {"$ref": "#/components/schemas/Told"},
                "rows": {"type": "array", "items": {"type": "integer"}},
                "by": {"type": "object", "additionalProperties": {"type": "string"}},
                "kind": {"type": "string", "enum": ["a", "b"]},
            },
        }}},
        "paths": {"/things": {"post": {
            "parameters": [
                {"name": "after", "in": "query", "schema": {"type": "integer", "maximum": 10}},
            ],
            "requestBody": {"content": {"application/json": {"schema": {
                "type": "object", "additionalProperties": False, "required": ["word"],
                "properties": {
                    "word": {"enum": ["a", "b"], "type": "string"},
                    "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
                },
            }}}},
            "responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Told"}
            }}}},
        }}},
    }  # fmt: skip
    document = copy.deepcopy(document)
    schemas = document["components"]["schemas"]
    more = {**schemas["Told"]["properties"], "new": {"type": "string"}}
    schemas["More"] = {**schemas["Told"], "properties": more}
    change(document)
    return document


TOLD = {"$ref": "#/components/schemas/Told"}
OR_NULL = {"anyOf": [{"type": "integer"}, {"type": "null"}]}


def asked(document: Document) -> Document:
    body: Document = document["paths"]["/things"]["post"]["requestBody"]
    schema: Document = body["content"]["application/json"]["schema"]
    return schema


def told(document: Document) -> Document:
    schema: Document = document["components"]["schemas"]["Told"]
    return schema


def answered(document: Document) -> Document:
    content: Document = post(document)["responses"]["200"]["content"]["application/json"]
    return content


def post(document: Document) -> Document:
    operation: Document = document["paths"]["/things"]["post"]
    return operation


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["paths"].pop("/things"), "POST /things was taken away"),
        (lambda d: d["paths"]["/things"].pop("post"), "POST /things was taken away"),
        (lambda d: asked(d)["required"].append("note"), "body.note is required now"),
        (lambda d: asked(d)["properties"].pop("note"), "body.note was taken away"),
        (lambda d: asked(d)["properties"]["word"].update(enum=["a"]), "may no longer be b"),
        (lambda d: asked(d)["properties"].update(note={"type": "string"}), "body.note was null"),
        (lambda d: asked(d)["properties"]["word"].update(type="integer"), "was string and is int"),
        (lambda d: asked(d)["properties"]["word"].update(maxLength=3), "maxLength is 3 now"),
        (lambda d: asked(d)["properties"]["word"].update(pattern="^a"), "another pattern"),
        (lambda d: told(d)["properties"].pop("size"), "answer.size was taken away"),
        (lambda d: told(d).update(required=[]), "answer.size may now be absent"),
        (lambda d: told(d)["properties"]["size"].update(type="string"), "was integer and is str"),
        (lambda d: post(d)["responses"].pop("200"), "no longer answers 200"),
        (lambda d: told(d)["properties"].update(size={}), "was integer and is anything"),
        (lambda d: told(d)["properties"].update(size=OR_NULL), "answer.size was integer and is null"),
        (lambda d: told(d)["properties"]["rows"].update(items={"type": "string"}), "was integer"),
        (lambda d: told(d)["properties"]["by"].update(additionalProperties={"type": "null"}),
         "answer.by[] was string and is null"),
        (lambda d: told(d)["properties"]["kind"]["enum"].append("c"), "answer.kind"),
        (lambda d: answered(d).update(schema={"type": "array", "items": TOLD}), "was object"),
        (lambda d: post(d)["responses"]["200"]["content"].clear(), "200 as application/json"),
        (lambda d: post(d)["parameters"].clear(), "after was taken away"),
        (lambda d: post(d)["parameters"][0].update(required=True), "after is required now"),
        (lambda d: post(d)["parameters"][0]["schema"].update(maximum=5), "maximum is 5 now"),
        (lambda d: post(d)["parameters"].append({"name": "x", "in": "header", "required": True}),
         "x is required now"),
        (lambda d: post(d).update(security=[{"bearer": []}]), "asks for a token now"),
        (lambda d: post(d)["requestBody"]["content"].clear(), "no longer takes application/json"),
    ],
)  # fmt: skip
def test_what_somebody_relies_on_is_not_taken_away(
    change: Callable[[Document], object], said: str
) -> None:
    problems = list(broken(door(), door(change)))
    assert [one for one in problems if said in one], problems
    path = "generated/openapi/feeds.json"
    old, new = (json.dumps(one).encode() for one in (door(), door(change)))
    assert "raise the door's version" in next(incompatibilities({path: old}, {path: new}))


@pytest.mark.parametrize(
    "change",
    [
        lambda d: None,
        lambda d: d["paths"].update({"/more": {"get": {}}}),
        lambda d: asked(d)["properties"].update(new={"type": "string"}),
        lambda d: asked(d)["properties"]["word"]["enum"].append("c"),
        lambda d: asked(d).update(required=[]),
        lambda d: told(d)["properties"].update(new={"type": "string"}),
        lambda d: told(d)["required"].append("more"),
        lambda d: told(d)["properties"]["kind"]["enum"].remove("b"),
        lambda d: told(d)["properties"]["size"].update(description="Put better."),
        lambda d: answered(d).update(schema={"$ref": "#/components/schemas/More"}),
        lambda d: post(d)["responses"]["200"]["content"].update({"text/plain": {"schema": {}}}),
        lambda d: post(d)["parameters"].append({"name": "x", "in": "query"}),
        lambda d: post(d).update(description="Put better."),
        lambda d: post(d)["responses"].update({"202": {}}),
        lambda d: (d["info"].update(version="2"), d["paths"].clear()),
    ],
)
def test_what_is_only_added_breaks_nothing(change: Callable[[Document], object]) -> None:
    assert list(broken(door(), door(change))) == []


def test_what_was_never_described_was_never_promised() -> None:
    """Its true media type may be named, and what comes may be described."""
    old = door(lambda d: answered(d).update(schema={}))
    named = door(lambda d: post(d)["responses"]["200"].update(content={"application/pdf": {}}))
    assert list(broken(old, named)) == list(broken(old, door())) == []
    assert list(broken(door(), old)), "but not the other way round"
    other = door(lambda d: post(d).update(responses={"201": post(d)["responses"]["200"]}))
    assert list(broken(old, other)) == [], "also by another status"
    assert list(broken(door(), other))
    anything = door(
        lambda d: post(d)["requestBody"]["content"]["application/json"].update(schema={})
    )
    assert list(broken(anything, door())) == [], "and what is to be sent"


def test_every_door_of_today_keeps_its_own_promises(made: dict[str, str]) -> None:
    """And each would be missed: without any one route the check says which."""
    for text in made.values():
        document = json.loads(text)
        assert list(broken(document, document)) == []
    document = json.loads(made["feeds.json"])
    for path in document["paths"]:
        fewer = {p: m for p, m in document["paths"].items() if p != path}
        problems = list(broken(document, {**document, "paths": fewer}))
        assert problems and all(path in one for one in problems)
    path = "generated/openapi/feeds.json"
    assert "never taken away" in next(incompatibilities({path: b"{}"}, {}))
