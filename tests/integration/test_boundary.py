"""The HTTP boundary: what strangers send gets a clear problem, never a 500, and writes nothing."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import httpx
import pytest
import uvicorn
from fastapi import APIRouter, FastAPI, Request
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from contracts.event import Event, Personal
from contracts.intake import EVENTS, PublicityLogged
from contracts.vocabulary import Mode
from shared.asking import Ask, By, Command, asked, permit, takes
from shared.auth import AUDIENCE, Tokens
from shared.decider import Decider
from shared.effects import new_id, system_clock
from shared.eventstore.vocabulary import Vocabulary
from shared.handling import Aggregate, Done, Step
from shared.http import create_app
from shared.problems import Problem
from shared.rights import Rights, Standing
from tests.patience import PATIENCE
from tests.sample import CLERK, Sample, sample_on

ISSUER = "https://issuer.invalid"
KEY = OKPKey.generate_key("Ed25519", {"kid": "k1", "use": "sig", "alg": "Ed25519"})
RIGHTS: Rights = {"Note": {"window_clerk": "area"}}


class Note(Command):
    """Note something (登记)."""

    title: Personal[str]
    mode: Mode = "assist"
    amount: str | None = None
    count: int = 0


def _decide(command: Note, state: int, facts: None) -> list[Event]:
    return [PublicityLogged(body="hall", medium="web", title=command.title)]


NOTES: Aggregate[Note, int, Event, None] = Aggregate(
    "notes", Decider(0, lambda s, _: s + 1, _decide), Vocabulary(EVENTS)
)


class Notes:
    name = "intake"

    def __init__(self, sample: Sample) -> None:
        self._sample, self.gate = sample, asyncio.Event()
        self.gate.set()

    async def do(self, command: Note, stream: UUID, by: By) -> Done:
        permit(RIGHTS, by, "Note", Standing("990100"))
        await self.gate.wait()
        version, _ = await self._sample.handling.state_of(NOTES, stream)
        if by.expected is not None and version == 0:
            raise Problem("not_found")
        step = Step(
            asked(command, by, area="990100"), NOTES, stream, command, None, by.expected
        )
        return await self._sample.handling.handle(step)


class Door:
    """A served sample: a client with a clerk's token, and what the log holds."""

    def __init__(self, client: httpx.AsyncClient, sample: Sample, notes: Notes) -> None:
        self.client, self.sample, self.notes = client, sample, notes

    async def post(
        self, body: Any = None, *, path: str = "/notes", key: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key or new_id().hex, "Content-Type": "application/json"}
        headers |= more.pop("headers", {})
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return await self.client.post(path, content=content, headers=headers, **more)

    async def refuses(self, response: httpx.Response, status: int, code: str) -> dict[str, Any]:
        """The problem, after checking that nothing was written and nothing echoed."""
        problem: dict[str, Any] = response.json()
        assert (response.status_code, problem["type"]) == (
            status,
            f"urn:onefile:problem:{code}",
        )
        assert response.headers["content-type"] == "application/problem+json"
        assert await self.sample.log.position() == 0
        return problem


def token(**claims: Any) -> str:
    now = int(system_clock().timestamp())
    standard = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": CLERK, "exp": now + 600, "iat": now,
        "roles": ["window_clerk"], "areas": ["990100"],
    }  # fmt: skip
    header = {
        "alg": "Ed25519",
        "typ": claims.pop("typ", "at+jwt"),
        "kid": claims.pop("kid", "k1"),
    }
    members = {k: v for k, v in (standard | claims).items() if v is not None}
    return jwt.encode(header, members, claims.pop("_key", KEY), algorithms=["Ed25519"])


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_config=None, http="httptools", lifespan="off")
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
async def door(database: str) -> AsyncIterator[Door]:
    async def keys() -> dict[str, Any]:
        return dict(KeySet([KEY]).as_dict(private=False))

    async def ready() -> dict[str, bool]:
        return {"database": True}

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield

    async with sample_on(database) as sample:
        router = APIRouter()
        takes(router, Ask("/notes", Note), Ask("/notes/{id}/more", Note))

        @router.get("/fault")
        async def fault(request: Request) -> None:
            raise RuntimeError("secret inside")

        tokens = Tokens(ISSUER, keys, system_clock)
        app = create_app("intake", router, tokens=tokens, ready=ready, lifespan=lifespan)
        notes = Notes(sample)
        app.state.service = notes
        app.state.floor = SimpleNamespace(clock=system_clock)
        async with (
            served(app) as address,
            httpx.AsyncClient(
                base_url=address,
                headers={"Authorization": f"Bearer {token()}"},
                timeout=PATIENCE,
                trust_env=False,
            ) as client,
        ):
            yield Door(client, sample, notes)


GOOD = {"title": "公告"}


async def test_a_command_is_taken_and_answered_with_version_and_position(door: Door) -> None:
    response = await door.post(GOOD)
    assert response.status_code == 201
    assert response.json()["recorded"] == ["intake.publicity_logged.v1"]
    assert response.headers["etag"] == '"1"' and response.headers["onefile-position"] == "1"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "malformed"),  # B1
        (b'{"a":1,}', 400, "malformed"),  # B2
        (b"{'a':1}", 400, "malformed"),
        (b"{}{}", 400, "malformed"),
        (b'{"a":1} // x', 400, "malformed"),
        (b'"' + b"x" * 65_536 + b'"', 413, "too_large"),  # B3
        (b"[" * 33 + b"]" * 33, 400, "nesting"),  # B7
        (b"[" * 1000 + b"]" * 1000, 400, "nesting"),
        (b"[" * 30_000 + b"]" * 30_000, 400, "nesting"),
        (b"[" + b"{}," * 5001 + b"{}]", 400, "too_many_members"),  # B8
        (b"[" + b"0," * 30_000 + b"0]", 400, "too_many_members"),
        (b'{"title":"a","title":"b"}', 400, "duplicate_key"),  # B9
        (b'{"count":NaN}', 400, "malformed"),  # B10
        (b'{"count":Infinity}', 400, "malformed"),
        (b'{"count":1e400}', 400, "number_out_of_range"),
        (b'{"count":9007199254740992}', 400, "number_out_of_range"),  # B11
        (b'{"count":' + b"9" * 5000 + b"}", 400, "number_out_of_range"),
        (b'{"amount":1.5}', 400, "use_decimal_strings"),
        (b'{"title":"a\x01"}', 400, "malformed"),  # B13
        (b'{"title":"a\\u0000"}', 400, "control_or_unassigned_character"),
        (b'{"title":"\\ud800"}', 400, "malformed"),  # B14
        (b'{"title":"\xed\xa0\x80"}', 400, "malformed"),
        (b'{"title":"\xc0\xaf"}', 400, "malformed"),
        (b'{"title":"\xff"}', 400, "malformed"),
        (b'\xef\xbb\xbf{"title":"a"}', 400, "malformed"),  # B15
        ('{"title":"a"}'.encode("utf-16"), 400, "malformed"),
        ('{"title":"a\u202eb"}'.encode(), 400, "bidirectional_control"),  # B16
        ('{"title":"a\u200bb"}'.encode(), 400, "invisible_character"),  # B17
        ('{"title":"\ufffd"}'.encode(), 400, "control_or_unassigned_character"),  # B22
    ],
)
async def test_a_body_that_is_not_one_strict_document_is_refused(
    door: Door, body: bytes, status: int, code: str
) -> None:
    await door.refuses(await door.post(body), status, code)


@pytest.mark.parametrize(
    "body",
    [
        {},  # B33
        {"title": None},
        {"title": 12},
        {"title": []},
        [],
        {**GOOD, "count": "12"},
        {**GOOD, "state": "granted"},  # B32
        {**GOOD, "actor": "p:x"},
        {**GOOD, "recorded": "2026-01-01"},
        {**GOOD, "position": 1},
        {**GOOD, "leafhash": "00"},
        {**GOOD, "mode": "assist "},  # B34
        {**GOOD, "mode": "ASSIST"},
        {**GOOD, "__proto__": {}},  # B35
        {**GOOD, "constructor": {}},
        {**GOOD, "$ref": "#"},
        {**GOOD, "$where": "1"},
        {**GOOD, "effective": "2026-02-29"},  # B28
        {**GOOD, "effective": "2026-13-01"},
        {**GOOD, "effective": "0000-01-01"},
        {**GOOD, "effective": "9999-12-31T24:00"},
        {**GOOD, "effective": "2026-01-01T10:00:00"},  # B30: no zone
        {**GOOD, "effective": "2026-06-30T23:59:60Z"},
        {**GOOD, "effective": "9998-01-01"},  # B29: the future
        {**GOOD, "effective": "2020-01-01"},  # long past, no reason
        {**GOOD, "effective": -1},  # B31
    ],
)
async def test_members_that_do_not_fit_are_all_named(door: Door, body: Any) -> None:
    problem = await door.refuses(await door.post(body), 422, "invalid")
    assert problem["errors"]
    assert len({json.dumps(e["at"]) + e["code"] for e in problem["errors"]}) == len(
        problem["errors"]
    )


async def test_an_old_act_is_taken_with_its_reason_and_an_offset_is_kept(door: Door) -> None:
    late = await door.post({**GOOD, "effective": "2020-01-01", "late_reason": "停电"})
    assert late.status_code == 201
    soon = (system_clock() - timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M:%S+14:00")
    assert (await door.post({**GOOD, "effective": soon})).status_code == 201
    first, second = await door.sample.log.after(0)
    assert first.circumstances().effective == "2020-01-01"
    assert second.circumstances().effective == soon
    assert len(first.members()["_sd"]) == 2  # the title, and why it was late


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "text/plain"},  # B5
        {"Content-Type": ""},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Encoding": "gzip"},  # B6
    ],
)
async def test_another_media_type_is_refused(door: Door, headers: dict[str, str]) -> None:
    await door.refuses(await door.post(GOOD, headers=headers), 415, "unsupported_media_type")


async def test_oversized_headers_and_addresses_are_refused(door: Door) -> None:  # B12
    await door.refuses(
        await door.post(GOOD, headers={"X-Long": "a" * 20_000}), 431, "headers_too_large"
    )
    many = {f"X-{n}": "a" for n in range(150)}
    await door.refuses(await door.post(GOOD, headers=many), 431, "headers_too_large")
    await door.refuses(
        await door.post(GOOD, path="/notes?" + "a" * 10_000), 414, "url_too_long"
    )


async def raw(door: Door, chunks: AsyncIterator[bytes]) -> tuple[int, dict[str, Any]]:
    """A chunked POST over a bare socket: the status and the problem, read while still sending."""
    url = door.client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    head = (
        f"POST /notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token()}\r\n"
        "Content-Type: application/json\r\nIdempotency-Key: x\r\n"
        "Transfer-Encoding: chunked\r\n\r\n"
    )
    writer.write(head.encode())

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            async for chunk in chunks:
                writer.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
                await writer.drain()

    sending = asyncio.create_task(send())
    status = int((await reader.readline()).split()[1])
    length = 0
    while (line := await reader.readline()) != b"\r\n":
        name, _, value = line.decode().partition(":")
        length = int(value) if name.lower() == "content-length" else length
    problem = json.loads(await reader.readexactly(length))
    sending.cancel()
    writer.close()
    return status, problem


async def test_a_body_that_never_ends_is_cut_off(  # B4
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.http.SLOWEST_BODY", 0.3)

    async def drip() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    status, problem = await raw(door, drip())
    assert (status, problem["type"]) == (408, "urn:onefile:problem:too_slow")
    assert await door.sample.log.position() == 0


async def test_a_chunked_body_is_counted_as_it_comes(door: Door) -> None:  # B3
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    status, problem = await raw(door, flood())
    assert (status, problem["type"]) == (413, "urn:onefile:problem:too_large")
    assert await door.sample.log.position() == 0


async def test_a_command_needs_a_key_of_its_own(door: Door) -> None:  # B55, B60
    headers = {"Content-Type": "application/json"}
    response = await door.client.post("/notes", json=GOOD, headers=headers)
    await door.refuses(response, 400, "idempotency_key_missing")
    for key in ("a" * 256, "a b", ""):
        response = await door.post(GOOD, headers={"Idempotency-Key": key})
        await door.refuses(response, 400, "idempotency_key_invalid")


async def test_the_same_key_and_body_get_the_first_answer(door: Door) -> None:  # B56
    first = await door.post(GOOD, key="k")
    again = await door.post(GOOD, key="k")
    assert again.content == first.content and again.status_code == first.status_code
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await door.sample.log.position() == 1


async def test_the_same_key_for_another_body_is_refused(door: Door) -> None:  # B57
    await door.post(GOOD, key="k")
    response = await door.post({"title": "另一份"}, key="k")
    assert response.status_code == 422
    assert response.json()["type"] == "urn:onefile:problem:key_reused"
    assert await door.sample.log.position() == 1


async def test_the_same_key_while_the_first_runs_is_told_to_wait(door: Door) -> None:  # B58
    door.notes.gate.clear()
    both = {asyncio.create_task(door.post(GOOD, key="k")) for _ in range(2)}
    done, (first,) = await asyncio.wait(
        both, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE
    )
    second = done.pop().result()
    assert second.json()["type"] == "urn:onefile:problem:in_progress"
    assert second.headers["retry-after"] == "1"
    door.notes.gate.set()
    assert (await first).status_code == 201


async def test_a_key_belongs_to_one_person_and_one_route(door: Door) -> None:  # B59
    first = await door.post(GOOD, key="k")
    other = {"Authorization": f"Bearer {token(sub='p:018f4e1c-0000-7000-8000-000000000009')}"}
    assert (await door.post(GOOD, key="k", headers=other)).json()["id"] != first.json()["id"]
    path = f"/notes/{first.json()['id']}/more"
    more = await door.post(GOOD, key="k", path=path, headers={"If-Match": '"1"'})
    assert more.status_code == 200 and more.json()["version"] == 2


async def test_a_change_needs_the_version_that_was_seen(door: Door) -> None:  # B61-B63
    first = await door.post(GOOD)
    path = f"/notes/{first.json()['id']}/more"
    assert (await door.post(GOOD, path=path)).status_code == 428
    for bad in ("*", "-1", "text", "1.5", '"1" , "2"'):
        response = await door.post(GOOD, path=path, headers={"If-Match": bad})
        assert (response.status_code, response.json()["type"]) == (
            400,
            "urn:onefile:problem:if_match_invalid",
        )
    for stale in ('"7"', '"0"'):
        response = await door.post(GOOD, path=path, headers={"If-Match": stale})
        assert response.status_code == 412
        assert response.json()["current_version"] == 1
    assert (await door.post(GOOD, path=path, headers={"If-Match": '"1"'})).status_code == 200


async def test_an_absent_thing_and_odd_ids_answer_alike(door: Door) -> None:  # B53, B54
    for id in (str(new_id()), str(new_id()).upper() + "%20", "%2e%2e", "x", "１"):
        response = await door.post(GOOD, path=f"/notes/{id}/more", headers={"If-Match": '"1"'})
        assert response.status_code in (404, 422)
    stranger = {"Authorization": f"Bearer {token(areas=['990200'])}"}
    await door.refuses(await door.post(GOOD, headers=stranger), 404, "not_found")
    wrong_post = {"Authorization": f"Bearer {token(roles=['guide'])}"}
    await door.refuses(await door.post(GOOD, headers=wrong_post), 403, "forbidden")


async def test_other_methods_and_our_own_faults_are_problems_too(door: Door) -> None:  # B70
    for method in ("PUT", "DELETE", "TRACE", "PATCH"):
        response = await door.client.request(
            method, "/notes", json={}, headers={"X-HTTP-Method-Override": "POST"}
        )
        assert response.status_code == 405
    fault = await door.client.get("/fault")
    assert fault.status_code == 500 and "secret" not in fault.text


async def test_problems_speak_both_languages(door: Door) -> None:
    chinese = await door.post(b"")
    english = await door.post(b"", headers={"Accept-Language": "en-GB,en"})
    assert chinese.json()["title"] == "请求体不是合法的 JSON，请检查后重发。"
    assert english.json()["title"] == "The body is not valid JSON."


# tokens


def _with_header(**members: Any) -> str:
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "k1"} | members
    return jwt.encode(header, {"sub": CLERK}, KEY, algorithms=["Ed25519"])


STRANGER = OKPKey.generate_key("Ed25519", {"kid": "k1"})


@pytest.mark.parametrize(
    "make",
    [
        lambda: "x.y.z",
        lambda: token(exp=1),
        lambda: token(exp=None),
        lambda: token(exp="9999999999"),
        lambda: token(exp=True),
        lambda: token(nbf=4_000_000_000),
        lambda: token(aud="other"),
        lambda: token(iss=ISSUER + "/x"),
        lambda: token(typ="JWT"),
        lambda: token(kid="../../etc/passwd"),
        lambda: token(kid="unknown"),
        lambda: token(roles="admin"),
        lambda: token(sub=None),
        lambda: token() + "." + "a",
        lambda: token()[:-4],
        lambda: token() + "a" * 9000,
        lambda: token().rsplit(".", 1)[0] + ".",
        lambda: jwt.encode(
            {"alg": "Ed25519", "typ": "at+jwt", "kid": "k1"},
            {"iss": ISSUER, "aud": AUDIENCE, "sub": CLERK, "exp": 4_000_000_000},
            STRANGER,
            algorithms=["Ed25519"],
        ),
        lambda: (
            "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0."
            "eyJzdWIiOiJwOngiLCJpc3MiOiJodHRwczovL2lzc3Vlci5pbnZhbGlkIn0."
        ),
    ],
)
async def test_a_token_that_is_not_ours_and_current_is_refused(door: Door, make: Any) -> None:
    bearer = {"Authorization": f"Bearer {make()}"}
    response = await door.post(GOOD, headers=bearer)
    if response.status_code == 431:  # a token too long even for the headers
        return
    await door.refuses(response, 401, "unauthenticated")


async def test_no_header_is_trusted_in_place_of_a_token(door: Door) -> None:
    headers = {"Idempotency-Key": "x", "X-Forwarded-User": CLERK, "X-Actor": CLERK}
    async with httpx.AsyncClient(base_url=door.client.base_url, trust_env=False) as client:
        response = await client.post(
            "/notes?access_token=" + token(), json=GOOD, headers=headers
        )
    await door.refuses(response, 401, "unauthenticated")
