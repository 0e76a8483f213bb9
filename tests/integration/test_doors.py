"""Every door of every service: a stranger gets nothing, nonsense gets a problem, nothing is written."""

import itertools
import json
import re
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx
import pytest

from contracts.subjects import SERVICES
from services.onebox.people import Person
from services.onebox.platform import Platform
from shared.effects import new_id
from shared.eventstore.postgres import connect
from shared.http import PROBES
from tests.world import World, world

OPEN = ("/log/", "/places")
"""Not bound to a place: auditors read the whole log, and which places there are is no secret."""
ROLES = (
    "applicant_lead window_clerk liaison agent helper approver office supervisor chief_agent "
    "evaluation_office archivist admin auditor"
).split()
FILLED = {"area": "990100", "item": "S1-01"}
PUBLIC = (
    "/livez", "/readyz", "/startupz", "/metrics", "/docs", "/openapi.json",
    "/log/checkpoint", "/log/vkey", "/log/proof", "/log/proofs", "/log/consistency", "/log/tile/",
    "/log/sm3/", "/check/", "/public/",
)  # fmt: skip
"""For everybody: they tell how much happened, never what or to whom."""


@pytest.fixture(scope="module")
async def town(platform: Platform) -> AsyncIterator[World]:
    async with world(platform, services=list(SERVICES)) as running:
        yield running


def person(*roles: str, area: str = "990100", body: str = "nowhere") -> Person:
    return Person(
        key="stranger", id=f"p:{new_id()}", zh="路人", post="无", roles=roles, areas=(area,),
        bodies=(body,),
    )  # fmt: skip


async def routes(town: World, service: str) -> list[tuple[str, str]]:
    """(method, path) of every documented route, ids filled in with one that does not exist.

    But the probes: they say how the process is, which may be badly.
    """
    document = (await town.client(service).get("/openapi.json")).json()
    filled = []
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            if PROBES not in told["tags"]:
                filled.append((method.upper(), _filled(path)))
    assert len(filled) > 5
    return filled


async def doors_for_files(town: World, service: str) -> re.Pattern[str]:
    """The documented paths that take a file instead of JSON, with any id in them."""
    document = (await town.client(service).get("/openapi.json")).json()
    taken = {
        path: asked["post"].get("requestBody", {}).get("content", {})
        for path, asked in document["paths"].items()
        if "post" in asked
    }
    paths = [p for p, kinds in taken.items() if kinds and "application/json" not in kinds]
    return re.compile("|".join(re.sub(r"{\w+}", "[^/]+", path) for path in paths) or r"(?!)")


def _filled(path: str) -> str:
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        path = f"{before}{FILLED.get(name) or new_id()}{after}"
    return path


async def ask(
    town: World,
    service: str,
    method: str,
    path: str,
    who: Person | None,
    content: bytes = b"{}",
    **headers: str,
) -> httpx.Response:
    given = {
        "Idempotency-Key": new_id().hex,
        "If-Match": '"1"',
        "Content-Type": "application/json",
    } | headers
    if who:
        given["Authorization"] = f"Bearer {town.issuer.token_of(who)}"
    client = town.client(service)
    return await client.request(method, path, content=content, headers=given)


async def positions(town: World) -> dict[str, int]:
    """How many events there are that came by a door: none of the services' own."""
    found = {}
    for service, dsn in town.databases.services.items():
        connection = await connect(dsn)
        found[service] = await connection.fetchval(
            """SELECT count(*) FROM events WHERE (about::json)->>'actor' NOT LIKE 's:%'"""
        )
        await connection.close()
    return found


def is_problem(response: httpx.Response) -> dict[str, Any]:
    assert response.headers["content-type"] == "application/problem+json", response.text
    problem: dict[str, Any] = response.json()
    assert problem["type"].startswith("urn:onefile:problem:") and problem["title"]
    assert "Traceback" not in response.text
    return problem


@pytest.mark.parametrize("service", SERVICES)
async def test_without_a_token_every_door_is_shut(town: World, service: str) -> None:
    for method, path in await routes(town, service):
        if path.startswith(PUBLIC):
            continue
        response = await ask(town, service, method, path, None)
        assert response.status_code == 401, (method, path, response.text)
        is_problem(response)


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_not_there_and_what_is_not_yours_answer_alike(
    town: World, service: str
) -> None:
    before = (await positions(town))[service]
    for method, path in await routes(town, service):
        if path.startswith(OPEN):
            continue
        response = await ask(town, service, method, path, person(*ROLES))
        assert response.status_code < 500, (method, path, response.text)
        if response.status_code >= 400:
            is_problem(response)
        elif method == "GET" and "json" in response.headers["content-type"]:
            assert not _holds_anything(response.json()), (path, response.text)
    assert (await positions(town))[service] == before


def _holds_anything(body: Any) -> bool:
    """A list answer that names something of a place the asker does not serve."""
    items = body.get("items") if isinstance(body, dict) else body
    return bool(items) and isinstance(items, list)


def nonsense() -> Iterator[tuple[bytes, int]]:
    yield b"", 400
    yield b"{'a':1}", 400
    yield b"[" * 40 + b"]" * 40, 400
    yield b'{"x":1,"x":2}', 400
    yield b'{"x":1.5}', 400
    yield b"[]", 422
    yield b"null", 422
    yield b'{"actor":"p:x","position":1,"state":"granted"}', 422
    yield b'{"effective":"2026-02-30"}', 422
    yield b'{"effective":"9999-01-01T00:00:00"}', 422


@pytest.mark.parametrize("service", SERVICES)
async def test_nonsense_is_refused_at_every_door_and_nothing_is_written(
    town: World, service: str
) -> None:
    before = await positions(town)
    clerk = person(*ROLES, area=town.area, body="zone")
    files = await doors_for_files(town, service)
    for (method, path), (body, status) in itertools.product(
        await routes(town, service), nonsense()
    ):
        if method != "POST" or path.startswith("/log/"):  # releasing takes no body
            continue
        if files.fullmatch(path):  # JSON is no file, whatever it says
            path, status = f"{path}?area={town.area}", 415
        response = await ask(town, service, method, path, clerk, body)
        assert response.status_code == status, (path, body, response.status_code, response.text)
        is_problem(response)
    assert await positions(town) == before


INERT = (
    "' OR 1=1--", "%00", "../../etc/passwd", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0", "\\u0027", "𠮷野·阿凡提",
)  # fmt: skip


@pytest.mark.parametrize("text", INERT)
async def test_odd_text_is_kept_as_text(town: World, text: str) -> None:  # B21, B36
    clerk = person("window_clerk", area=town.area, body="zone")
    body = json.dumps(
        {"area": town.area, "name": text, "unit": "测试公司", "facts": {}}
    ).encode()
    response = await ask(town, "intake", "POST", "/projects", clerk, body)
    assert response.status_code in (201, 422), response.text
    if response.status_code == 201:
        dsn = town.databases.services["intake"]
        connection = await connect(dsn)
        facts = await connection.fetch("SELECT fact FROM events")
        await connection.close()
        assert all(text not in row["fact"] for row in facts)


@pytest.mark.parametrize("service", SERVICES)
async def test_pages_and_positions_are_bounded(town: World, service: str) -> None:  # B39, B90
    clerk = person(*ROLES, area=town.area, body="zone")
    for method, path in await routes(town, service):
        if method != "GET":
            continue
        for query in (
            "limit=-1",
            "limit=1000000000",
            "after=%00%ff",
            "min_position=-1",
            "at=-1",
        ):
            response = await ask(town, service, method, f"{path}?{query}", clerk)
            assert response.status_code < 500, (path, query, response.text)
