"""How is a service's HTTP door described: who must sign in, how it refuses, in a stable order?"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from shared.problems import MEDIA_TYPE, URN

BEARER = "bearer"
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
PROBLEM = {
    "description": "RFC 9457. `type` never changes its meaning; further members belong to it.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "pattern": f"^{URN}[a-z0-9_]+$"},
        "title": {"type": "string", "description": "what is wrong, and the remedy"},
        "status": {"type": "integer"},
        "instance": {"type": "string"},
    },
    "required": ["type", "title", "status", "instance"],
}
_REFUSED = {
    "description": "Refused, with the remedy.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_OURS = {"Problem": PROBLEM}
_FRAMEWORK = ("HTTPValidationError", "ValidationError")


def operation_id(route: APIRoute) -> str:
    """From method and path alone: renaming a function of ours changes nobody's generated client."""
    method = min(route.methods or {"GET"}).lower()
    return re.sub(r"\W+", "_", f"{method}{route.path_format}").strip("_")


def describe(app: FastAPI, public: Sequence[APIRouter]) -> dict[str, Any]:
    """The OpenAPI 3.1 document; all but the `public` routes ask for a bearer token."""
    made = get_openapi(title=app.title, version=app.version, routes=app.routes)
    for_all = {(path, method) for one in public for path, methods in get_openapi(
        title="", version="", routes=one.routes
    )["paths"].items() for method in methods}  # fmt: skip
    for path, methods in made["paths"].items():
        for method in METHODS & methods.keys():
            told = methods[method]
            answers = told.get("responses", {})
            refusal = answers.get("422", {}).get("content", {}).get("application/json", {})
            if refusal.get("schema", {}).get("$ref", "").endswith(_FRAMEWORK[0]):
                del answers["422"]
            told["responses"] = {**answers, "default": _REFUSED}
            for content in told.get("requestBody", {}).get("content", {}).values():
                if "$defs" in content.get("schema", {}):
                    content["schema"] = inlined(content["schema"])
            if (path, method) not in for_all:
                told["security"] = [{BEARER: []}]
    components = made.setdefault("components", {})
    schemas = {n: s for n, s in components.get("schemas", {}).items() if n not in _FRAMEWORK}
    components["schemas"] = {**schemas, **_OURS}
    components["securitySchemes"] = {BEARER: {"type": "http", "scheme": "bearer"}}
    return made


def inlined(schema: Any, definitions: Mapping[str, Any] | None = None) -> Any:
    """`schema` with its `$defs` put in place, since a path of OpenAPI has no such root."""
    if isinstance(schema, list):
        return [inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    known = schema.get("$defs", definitions or {})
    if "$ref" in schema:
        return inlined(known[schema["$ref"].rsplit("/", 1)[-1]], known)
    return {k: inlined(v, known) for k, v in schema.items() if k != "$defs"}
