"""Fifty clerks at one console: each has a session of her own, renewed, and over when she leaves."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.console.app import console
from services.console.session import COOKIE, LEFT, Session
from services.console.settings import SERVICES, ConsoleSettings

HERE = "http://127.0.0.1:8600"
CLERKS = [f"p:{number:08d}-0000-7000-8000-000000000000" for number in range(50)]
LIFE = 600


class Deployment:
    """A console whose issuer is a stand-in; two of them with one key are two replicas."""

    def __init__(self, folder: Path) -> None:
        self.at, self.given, self.closed = datetime(2026, 11, 23, 1, tzinfo=UTC), 0, False
        self.key_file = folder / "console.key"
        self.key_file.write_bytes(b"k" * 32)

    def answers(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/people":
            row = {"zh": "甲", "post": "窗口", "roles": ["window_clerk"], "place": "990100",
                   "areas": ["990100"], "bodies": []}  # fmt: skip
            return httpx.Response(200, json=[{**row, "id": one} for one in CLERKS])
        if self.closed:
            return httpx.Response(400)
        self.given += 1
        person = json.loads(request.content)["person"]
        token = {"access_token": f"{person}/{self.given}", "expires_in": LIFE}
        return httpx.Response(200, json=token)

    def replica(self) -> FastAPI:
        settings = ConsoleSettings(
            mode="development", key_file=self.key_file, development_issuer="http://issuer",
            peers=dict.fromkeys(SERVICES, "http://service"),
        )  # fmt: skip
        app = console(settings, clock=lambda: self.at)
        app.state.backend.client = httpx.AsyncClient(
            transport=httpx.MockTransport(self.answers)
        )
        return app


@asynccontextmanager
async def browser(app: FastAPI, **cookies: str) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url=HERE) as web:
        for name, value in cookies.items():
            web.cookies.set(name, value, domain="127.0.0.1", path="/")
        yield web


def session_in(app: FastAPI, web: httpx.AsyncClient) -> Session:
    parts = [web.cookies.get(COOKIE if not n else f"{COOKIE}_{n}") or "" for n in range(4)]
    session: Session = app.state.sealer.open("".join(parts))
    return session


async def signed_in(app: FastAPI, web: httpx.AsyncClient, person: str) -> Session:
    page = await web.get("/sign-in")
    secret = re.search(r'name="_csrf" value="(\w+)"', page.text)
    assert secret
    said = {"_csrf": secret[1], "person": person, "next": "/"}
    answer = await web.post("/sign-in/development", data=said)
    assert answer.status_code == 303, answer.text
    return session_in(app, web)


async def start(web: httpx.AsyncClient) -> str:
    return (await web.get("/")).headers["location"]


async def test_fifty_tokens_run_out_at_once_and_each_clerk_gets_her_own(tmp_path: Path) -> None:
    at = Deployment(tmp_path)
    app = at.replica()

    async def morning(person: str) -> tuple[Session, Session, Session]:
        async with browser(app) as web:
            first = await signed_in(app, web, person)
            assert await start(web) == "/desk/clerk"
            assert (
                session_in(app, web).token == first.token
            )  # good for minutes: not asked again
            barrier.release()
            await over.wait()
            assert {*await asyncio.gather(start(web), start(web))} == {"/desk/clerk"}
            second = session_in(app, web)
            assert await start(web) == "/desk/clerk"
            return first, second, session_in(app, web)

    barrier, over = asyncio.Semaphore(0), asyncio.Event()
    days = [asyncio.create_task(morning(person)) for person in CLERKS]
    for _ in CLERKS:
        await barrier.acquire()
    at.at += timedelta(seconds=LIFE)
    over.set()
    found: list[Any] = await asyncio.gather(*days)
    for person, (first, second, third) in zip(CLERKS, found, strict=True):
        assert {one.token.partition("/")[0] for one in (first, second, third)} == {person}
        assert first.token != second.token == third.token
        assert {one.person for one in (first, second, third)} == {person}
        assert second.csrf == first.csrf  # a form that is open stays good
    assert len({first.csrf for first, _, _ in found}) == len(CLERKS)


async def test_an_issuer_that_gives_no_more_tokens_ends_the_session(tmp_path: Path) -> None:
    at = Deployment(tmp_path)
    app = at.replica()
    async with browser(app) as web:
        await signed_in(app, web, CLERKS[0])
        at.closed = True
        at.at += timedelta(seconds=LIFE - 1)
        assert await start(web) == "/desk/clerk"  # the token is good for another second
        at.at += timedelta(seconds=2)
        assert (await start(web)).startswith("/sign-in")
        assert session_in(app, web).person is None


async def test_a_session_ends_after_its_hours_however_it_is_used(tmp_path: Path) -> None:
    at = Deployment(tmp_path)
    app = at.replica()
    async with browser(app) as web:
        await signed_in(app, web, CLERKS[0])
        for _ in range(9):
            at.at += timedelta(hours=1)
            assert await start(web) == "/desk/clerk"
        at.at += timedelta(hours=1)
        assert (await start(web)).startswith("/sign-in")
        assert (await signed_in(app, web, CLERKS[1])).person == CLERKS[1]


async def test_a_cookie_that_was_planted_before_is_not_the_one_that_is_signed_in(
    tmp_path: Path,
) -> None:
    """Session fixation: whoever gave the browser a session beforehand holds nothing."""
    at = Deployment(tmp_path)
    app = at.replica()
    async with browser(app) as attacker:
        await attacker.get("/sign-in")
        planted = attacker.cookies[COOKIE]
        before = session_in(app, attacker)
        async with browser(app, **{COOKIE: planted}) as victim:
            after = await signed_in(app, victim, CLERKS[0])
        assert after.csrf != before.csrf
        assert (await start(attacker)).startswith("/sign-in")


async def test_the_secret_of_one_session_sends_no_form_of_another(tmp_path: Path) -> None:
    app = Deployment(tmp_path).replica()
    async with browser(app) as one, browser(app) as other:
        hers = await signed_in(app, one, CLERKS[0])
        his = await signed_in(app, other, CLERKS[1])
        for secret in (his.csrf, "", "0" * len(hers.csrf)):
            refused = await one.post("/sign-out", data={"_csrf": secret})
            assert refused.status_code == 403
        assert await start(one) == "/desk/clerk"
        assert (await one.post("/sign-out", data={"_csrf": hers.csrf})).status_code == 303


async def test_what_was_signed_out_of_stays_over_even_if_its_cookie_comes_back(
    tmp_path: Path,
) -> None:
    """An answer that was under way may bring the cookie back; a thief may hold a copy."""
    at = Deployment(tmp_path)
    app, replica = at.replica(), at.replica()
    async with browser(app) as web:
        session = await signed_in(app, web, CLERKS[0])
        late = web.cookies[COOKIE]
        await web.post("/sign-out", data={"_csrf": session.csrf})
        mark = web.cookies[LEFT]
    async with browser(app, **{COOKIE: late}) as thief:
        assert (await start(thief)).startswith("/sign-in")
    async with browser(replica, **{COOKIE: late, LEFT: mark}) as web:
        assert (await start(web)).startswith("/sign-in")
        again = await signed_in(replica, web, CLERKS[0])  # and one signs in anew
        assert (again.person, await start(web)) == (CLERKS[0], "/desk/clerk")
