"""The consumer's page: an agency's own contact sees its feed, why messages are parked, and replays."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.console.app import console
from services.console.session import COOKIE, Sealer, fresh
from services.console.settings import ConsoleSettings
from services.onebox.people import Person
from services.onebox.platform import Platform
from shared.effects import monotonic, new_id, system_clock
from tests.integration.feeds_scene import Door, Member, agency, door
from tests.integration.test_feed_doors import REQUESTED, Receiver, eventually
from tests.patience import PATIENCE

KEY = b"k" * 32


@asynccontextmanager
async def browser(
    at: Door, folder: Path, person: str, *roles: str, feeds: bool = True, language: str = "zh"
) -> AsyncIterator[httpx.AsyncClient]:
    """A signed-in browser without a screen, at a console whose feeds are this door."""
    (folder / "key").write_bytes(KEY)
    app = console(
        ConsoleSettings(
            mode="development", key_file=folder / "key", development_issuer=at.issuer.url,
            peers={"feeds": at.address} if feeds else {},
        )
    )  # fmt: skip
    who = Person(key="x", id=person, zh="甲", post="无", roles=roles, areas=(), bodies=())
    now = system_clock().timestamp()
    session = fresh(
        person=person, name="甲", roles=roles, token=at.issuer.token_of(who),
        token_until=now + 500, ends=now + 3600, way="development",
    )  # fmt: skip
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://console", timeout=20,
        cookies={COOKIE: Sealer(KEY).seal(session), "onefile_language": language},
    ) as client:  # fmt: skip
        yield client
    await app.state.backend.client.aclose()


async def press(
    client: httpx.AsyncClient, page: httpx.Response, action: str, **more: Any
) -> httpx.Response:
    """Send the form of a page that leads to `action`."""
    assert f'action="{action}' in page.text, page.text[-3_000:]
    secret = re.search(r'name="_csrf" value="(\w+)"', page.text)
    assert secret
    return await client.post(action, data={"_csrf": secret[1], **more})


async def parked(client: httpx.AsyncClient, matter: str) -> httpx.Response:
    """The page of the feed, once it shows what its webhook refused."""
    deadline = monotonic() + PATIENCE
    while matter not in (page := await client.get("/desk/agencies/tax")).text:
        assert monotonic() < deadline, page.text[-3_000:]
    return page


async def test_a_contact_sees_the_own_feed_alone_and_replays_what_is_parked(
    platform: Platform, tmp_path: Path
) -> None:
    tax, water, receiver, bad = Member("tax"), Member("water"), Receiver(), new_id()
    contact, refusing = f"p:{new_id()}", True
    receiver.status = lambda told: 422 if refusing and told["subject"] == str(bad) else 204
    async with receiver.up() as url:
        own = agency(tax, webhook={"url": url, "reach": "loopback"}, contacts=[contact])
        async with door(platform, own, agency(water)) as at:
            for n in range(6):
                at.speakers.say(REQUESTED, matter=bad if n in (2, 4) else None)
            await eventually(lambda: len(receiver.took) == 4, "the others flow")
            await at.until(tax, 6)
            async with browser(at, tmp_path, contact, "subscriber") as client:
                start = await client.get("/")
                assert start.headers["location"] == "/desk/agencies"
                sent = await client.get("/desk/agencies")
                assert sent.headers["location"] == "/desk/agencies/tax"
                page = await parked(client, str(bad))
                assert "搁置" in page.text and "422" in page.text and str(bad) in page.text
                assert "核定费用" in page.text and "协议截至" in page.text
                assert 'id="test"' not in page.text
                replay = "/desk/agencies/tax/replay/3"
                again = await press(client, page, replay)
                assert again.status_code == 409 and 'role="alert"' in again.text
                refusing = False
                done = await press(client, page, replay)
                assert done.headers["location"].startswith("/desk/agencies/tax?done")
                after = await client.get("/desk/agencies/tax")
                assert str(bad) not in after.text
                assert (await client.get("/desk/agencies/water")).status_code == 403
                assert (await client.get("/desk/agencies/nobody")).status_code == 403
            assert receiver.took[-2:] == [3, 5]
            async with browser(at, tmp_path, f"p:{new_id()}", "subscriber") as client:
                assert (await client.get("/desk/agencies")).status_code == 403


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_office_sees_everybody_and_tries_a_filter(
    platform: Platform, tmp_path: Path, language: str
) -> None:
    tax = Member("tax")
    async with door(platform, agency(tax), agency(Member("water"))) as at:
        who = f"p:{new_id()}"
        async with browser(at, tmp_path, who, "auditor", language=language) as client:
            page = await client.get("/desk/agencies")
            assert page.status_code == 200
            assert page.text.count("/desk/agencies/tax") and "/desk/agencies/water" in page.text
            one = await client.get("/desk/agencies/tax")
            tried = await press(client, one, "/desk/agencies/tax/test", days="7")
            assert tried.status_code == 200 and 'role="status"' in tried.text
            at.home.joinpath("agencies.yaml").write_text("schema: nonsense\n")
            await _until(client, "agencies.yaml")


async def test_where_agencies_have_no_door_the_page_says_what_the_operator_does(
    platform: Platform, tmp_path: Path
) -> None:
    async with (
        door(platform) as at,
        browser(at, tmp_path, f"p:{new_id()}", "admin", feeds=False) as client,
    ):
        page = await client.get("/desk/agencies")
        assert page.status_code == 200 and "ONEFILE_CONSOLE_PEERS" in page.text
        assert (await client.get("/desk/agencies/tax")).status_code == 404


async def _until(client: httpx.AsyncClient, word: str) -> None:
    deadline = monotonic() + PATIENCE
    while word not in (await client.get("/desk/agencies")).text:
        assert monotonic() < deadline
