"""Whether what a service answered is what its committed OpenAPI document says of it.

A pytest plugin too: `-p tests.answers` ends with the routes of which no test saw enough.
"""

import json
import re
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from functools import cache
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator

from contracts.documents import HERE

OPENAPI = HERE / "generated" / "openapi"
JSON = "application/json"
MET: dict[tuple[str, str], set[str]] = {}
"""Of each route that was asked with success: `something`, where a list had items, `empty`."""

_FORMATS = Draft202012Validator.FORMAT_CHECKER


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


_FORMATS.checks("date-time", raises=ValueError)(_is_instant)


class Door:
    """The documented GET routes of one service."""

    def __init__(self, service: str, document: dict[str, Any]) -> None:
        self.service, self._document = service, document
        self.schemas = {
            path: content[JSON].get("schema", {})
            for path, methods in document["paths"].items()
            if "get" in methods
            for content in [methods["get"]["responses"]["200"].get("content", {})]
            if JSON in content
        }
        paths = sorted(self.schemas, key=lambda path: (path.count("{"), path))
        self._patterns = [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), path) for path in paths]
        self._validators: dict[str, Validator] = {}

    def route(self, path: str) -> str | None:
        """The documented path that `path` is asked by; None for one that answers no JSON."""
        return next((route for known, route in self._patterns if known.fullmatch(path)), None)

    def faults(self, route: str, answer: Any) -> Iterator[str]:
        """What in `answer` is not as the document says."""
        if route not in self._validators:
            schema = {**self.schemas[route], "components": self._document["components"]}
            self._validators[route] = Draft202012Validator(schema, format_checker=_FORMATS)
        for one in self._validators[route].iter_errors(answer):
            error = best_match([one])  # of the choices, the one that fits most
            yield f"{'/'.join(map(str, error.absolute_path)) or 'the answer'}: {error.message[:300]}"


@cache
def door_of(service: str) -> Door | None:
    """The door of a service by its committed document; None where it has none."""
    path = OPENAPI / f"{service}.json"
    return Door(service, json.loads(path.read_text("utf-8"))) if path.exists() else None


def as_described(service: str) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for a client of `service`: any JSON answer to a GET that is not as described fails."""

    async def check(response: httpx.Response) -> None:
        media = response.headers.get("content-type", "")
        if response.request.method != "GET" or response.status_code != httpx.codes.OK:
            return
        door = door_of(service)
        route = door.route(response.request.url.path) if door else None
        if door is None or route is None or media != JSON:
            return
        answer = json.loads(await response.aread())
        MET.setdefault((service, route), set()).update(_kinds(answer))
        faults = list(door.faults(route, answer))
        assert not faults, f"GET {route} of {service} is not as described:\n" + "\n".join(
            faults[:10]
        )

    return check


def _kinds(answer: Any) -> Iterator[str]:
    members = answer.values() if isinstance(answer, dict) else [answer]
    lists = [one for one in members if isinstance(one, list)]
    if not lists or any(lists):
        yield "something"
    if not all(lists):
        yield "empty"


def pytest_sessionfinish(session: pytest.Session) -> None:
    worker = getattr(session.config, "workeroutput", None)
    if worker is not None:
        worker["met"] = [[*key, *kinds] for key, kinds in MET.items()]


def pytest_testnodedown(node: Any) -> None:
    for service, route, *kinds in getattr(node, "workeroutput", {}).get("met", ()):
        MET.setdefault((service, route), set()).update(kinds)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("routes of which no answer with something in it was seen")
    for path in sorted(OPENAPI.glob("*.json")):
        door = door_of(path.stem)
        for route in door.schemas if door else ():
            if "something" not in (seen := MET.get((path.stem, route), set())):
                terminalreporter.write_line(
                    f"{path.stem:<12} {route}  ({'empty ones' if seen else 'none at all'})"
                )
