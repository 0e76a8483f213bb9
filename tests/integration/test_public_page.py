"""Anybody reads at the console how an area is served, without signing in: sums, and no sum of a few."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI

from services.console.app import console
from services.console.settings import ConsoleSettings
from services.onebox.platform import Platform
from tests.integration.evaluation_scene import Place, place


@asynccontextmanager
async def browser(
    at: Place, folder: Path, language: str, app: FastAPI | None = None, where: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of somebody who never signed in, at a console of its own unless one is given."""
    app = app or console_of(at, folder)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app, client=(where, 1)), base_url="http://console",
        cookies={"onefile_language": language},
    ) as client:  # fmt: skip
        yield client
    await app.state.backend.client.aclose()


def console_of(at: Place, folder: Path) -> FastAPI:
    (folder / "key").write_bytes(b"k" * 32)
    settings = ConsoleSettings(
        mode="development", key_file=folder / "key",
        development_issuer=at.world.addresses["issuer"],
        peers={"evaluation": at.world.addresses["evaluation"]},
    )  # fmt: skip
    return console(settings)


async def test_anybody_reads_the_sums_of_a_quarter_at_the_console(
    platform: Platform, tmp_path: Path
) -> None:
    async with place(platform) as at:
        for _ in range(5):
            await at.rate(await at.link(await at.serve()))
        asked = {"area": at.world.area, "quarter": at.quarter}
        async with browser(at, tmp_path, "zh") as anybody:
            running = await anybody.get("/public", params=asked)
            assert running.status_code == 200 and "暂不公布" in running.text
            assert "100.0%" not in running.text
            at.quarter_passes()
            over = await anybody.get("/public", params=asked)
            assert "100.0%" in over.text and "好评率 = " in over.text, over.text
            assert not [who for who in ("agent", "unit") if at.id(who) in over.text]
            bare = await anybody.get("/public")
            assert bare.status_code == 200 and 'name="area"' in bare.text
            assert "/public" in (await anybody.get("/sign-in")).text
            for wrong in ({"area": "999999"}, {"quarter": "soon"}, {"area": "<script>"}):
                answer = await anybody.get("/public", params=wrong)
                assert 400 <= answer.status_code < 500 and "<script>" not in answer.text, wrong
        async with browser(at, tmp_path, "en") as anybody:
            read = (await anybody.get("/public", params=asked)).text
            assert "How projects were served" in read and "ratings of basically" in read
