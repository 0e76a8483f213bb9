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
METHODS = frozenset({"get", "post", "put", "patch", "delete"})
MET: dict[tuple[str, str, str], set[str]] = {}
"""Of each route that was asked with success: `something`, where a list had items, `empty`."""

_FORMATS = Draft202012Validator.FORMAT_CHECKER


def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


_FORMATS.checks("date-time", raises=ValueError)(_is_instant)


class Door:
    """The documented routes of one service that answer JSON."""

    def __init__(self, service: str, document: dict[str, Any]) -> None:
        self.service, self._document = service, document
        self._schemas = {
            (method, path): schemas
            for path, methods in document["paths"].items()
            for method in METHODS & methods.keys()
            if (schemas := _by_status(methods[method]["responses"]))
        }
        self._patterns = {
            method: [(_pattern(path), path) for path in self.routes(method)]
            for method in METHODS
        }
        self._validators: dict[tuple[str, str, int], Validator] = {}

    def routes(self, method: str = "get") -> list[str]:
        """The paths that answer JSON to `method`; those without a hole come first."""
        paths = [path for asked, path in self._schemas if asked == method]
        return sorted(paths, key=lambda path: (path.count("{"), path))

    def route(self, path: str, method: str = "get") -> str | None:
        """The documented path that `path` is asked by; None for one that answers no JSON."""
        known = self._patterns.get(method, ())
        return next((route for pattern, route in known if pattern.fullmatch(path)), None)

    def faults(
        self, route: str, answer: Any, method: str = "get", status: int = 200
    ) -> Iterator[str]:
        """What in `answer` is not as the document says."""
        place = method, route, status
        if place not in self._validators:
            told = self._schemas[method, route].get(status)
            if told is None:
                yield f"{status} is not said to be answered"
                return
            schema = {**told, "components": self._document["components"]}
            self._validators[place] = Draft202012Validator(schema, format_checker=_FORMATS)
        for one in self._validators[place].iter_errors(answer):
            error = best_match([one])  # of the choices, the one that fits most
            yield f"{'/'.join(map(str, error.absolute_path)) or 'the answer'}: {error.message[:300]}"


def _by_status(responses: dict[str, Any]) -> dict[int, Any]:
    return {
        int(status): told["content"][JSON].get("schema", {})
        for status, told in responses.items()
        if status.startswith("2") and JSON in told.get("content", {})
    }


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"{\w+}", "[^/]+", path))


@cache
def door_of(service: str) -> Door | None:
    """The door of a service by its committed document; None where it has none."""
    path = OPENAPI / f"{service}.json"
    return Door(service, json.loads(path.read_text("utf-8"))) if path.exists() else None


def as_described(service: str) -> Callable[[httpx.Response], Awaitable[None]]:
    """A hook for a client of `service`: any JSON answer that is not as described fails."""

    async def check(response: httpx.Response) -> None:
        media = response.headers.get("content-type", "")
        if not response.is_success or media != JSON:
            return
        door, method = door_of(service), response.request.method.lower()
        route = door.route(response.request.url.path, method) if door else None
        if door is None or route is None:
            return
        answer = json.loads(await response.aread())
        MET.setdefault((service, method, route), set()).update(_kinds(answer))
        faults = list(door.faults(route, answer, method, response.status_code))
        assert not faults, (
            f"{method.upper()} {route} of {service} is not as described:\n"
            + "\n".join(faults[:10])
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
    for service, method, route, *kinds in getattr(node, "workeroutput", {}).get("met", ()):
        MET.setdefault((service, method, route), set()).update(kinds)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.section("routes of which no answer with something in it was seen")
    for path in sorted(OPENAPI.glob("*.json")):
        door = door_of(path.stem)
        for method, route in _all_of(door) if door else ():
            if "something" not in (seen := MET.get((path.stem, method, route), set())):
                terminalreporter.write_line(
                    f"{path.stem:<12} {method.upper():<4} {route}  "
                    f"({'empty ones' if seen else 'none at all'})"
                )


def _all_of(door: Door) -> Iterator[tuple[str, str]]:
    return ((method, route) for method in sorted(METHODS) for route in door.routes(method))
