"""Who asks through an ingress is known by an own address, and nobody can choose one."""

import asyncio
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI, Request

from services.onebox.platform import Platform
from services.onebox.ports import HOST, free_port
from shared.leaving import answered_until_told
from shared.turnstile import Turnstile, where_from
from tests.integration.evaluation_scene import place
from tests.integration.test_public_complaints import looked_up, sent
from tests.integration.test_public_page import browser, console_of
from tests.patience import PATIENCE, START

VISITOR, OTHER = "203.0.113.7", "198.51.100.9"


@asynccontextmanager
async def door(proxies: Sequence[str]) -> AsyncIterator[httpx.AsyncClient]:
    """A process's own door, which tells whoever asks from where that is; we stand on loopback."""
    app, port = FastAPI(), free_port(0)

    @app.get("/where")
    async def where(request: Request) -> str:
        return where_from(request)

    answering = asyncio.create_task(
        answered_until_told(app, HOST, port, drain=0, proxies=proxies)
    )
    async with httpx.AsyncClient(
        base_url=f"http://{HOST}:{port}", trust_env=False, timeout=PATIENCE
    ) as client:
        async with asyncio.timeout(START):
            while True:
                try:
                    await client.get("/where")
                    break
                except httpx.TransportError:
                    assert not answering.done()
                    await asyncio.sleep(0.02)
        yield client
    answering.cancel()
    await asyncio.gather(answering, return_exceptions=True)
    for one in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().remove_signal_handler(one)


@pytest.mark.parametrize(
    ("proxies", "named", "known"),
    [
        (["127.0.0.1/32"], VISITOR, VISITOR),
        (["127.0.0.1/32"], f"{OTHER}, {VISITOR}", VISITOR),
        (["127.0.0.0/8", "10.244.0.0/16"], f"{OTHER}, {VISITOR}, 10.244.3.1", VISITOR),
        (["127.0.0.1/32"], f"127.0.0.1, {VISITOR}", VISITOR),
        (["127.0.0.1/32"], "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (["127.0.0.1/32"], f"::ffff:{VISITOR}", VISITOR),
        (["127.0.0.1/32"], "unknown", ""),
        (["10.244.0.0/16"], VISITOR, "127.0.0.1"),
        ([], VISITOR, "127.0.0.1"),
    ],
)
async def test_the_address_is_the_one_that_the_last_trusted_proxy_was_asked_from(
    proxies: Sequence[str], named: str, known: str
) -> None:
    """What the visitor wrote into the header stands before what the proxies add: it counts nothing."""
    async with door(proxies) as client:
        answer = await client.get("/where", headers={"X-Forwarded-For": named})
    assert answer.json() == known


async def test_who_looks_up_too_often_shuts_the_door_for_one_address_alone(
    platform: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console names its visitor to the service, which counts visitors and not the console."""
    few = Turnstile(most=5, within=3600)
    monkeypatch.setattr("services.evaluation.service.Turnstile", lambda **_: few)
    async with place(platform) as at, AsyncExitStack() as stack:
        app = console_of(at, tmp_path)
        one, other = [
            await stack.enter_async_context(browser(at, tmp_path, "en", app, where))
            for where in (VISITOR, OTHER)
        ]
        said = [(await looked_up(one, "ABCD-EFGH-IJKL-MNOP")).status_code for _ in range(6)]
        assert said == [404] * 5 + [429]
        assert (await looked_up(other, "ABCD-EFGH-IJKL-MNOP")).status_code == 404


async def test_another_browser_or_a_made_up_address_is_no_way_past_the_limit(
    platform: Platform, tmp_path: Path
) -> None:
    async with place(platform) as at, AsyncExitStack() as stack:
        app, said = console_of(at, tmp_path), []
        for number in range(7):
            fresh = await stack.enter_async_context(browser(at, tmp_path, "zh", app, VISITOR))
            fresh.headers["X-Forwarded-For"] = f"192.0.2.{number}"
            said += [(await sent(fresh, at)).status_code for _ in range(5)]
        assert said[:30] == [200] * 30 and said[30:] == [429] * 5
        other = await stack.enter_async_context(browser(at, tmp_path, "zh", app, OTHER))
        assert (await sent(other, at)).status_code == 200
