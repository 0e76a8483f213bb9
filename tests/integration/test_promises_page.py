"""The page of what the place promised for each step of a matter, in both languages."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr

from services.console.app import console
from services.console.settings import ConsoleSettings
from services.onebox.demo.scene import Scene
from services.onebox.demo.show import ACTS
from services.onebox.demo.walk import Walk
from services.onebox.platform import Platform
from services.onebox.serving import address_of, answering, listening
from shared.packs import Packs
from tests.desk import Desk
from tests.world import world

SERVICES = ("intake", "assignment", "supervision", "evaluation", "archive")


def _some_kept(file: dict[str, Any]) -> bool:
    """A promise has begun when archive heard one service, and is kept when it heard another."""
    return any(run["state"] == "kept" for one in file["promises"] for run in one["runs"])


async def test_promises_are_shown_with_their_days_and_how_they_were_kept(
    platform: Platform, tmp_path: Path
) -> None:
    (tmp_path / "session.key").write_bytes(bytes(32))
    async with world(platform, SERVICES) as w:
        async with Walk(w.addresses, {p.key: p for p in w.demo.people}) as walk:
            scene = Scene(walk, w.demo, Packs.load(None).for_area(w.area), lambda _: None)
            await scene.next_working_day()
            for act in ACTS[:4]:
                await act(scene)
        path = f"/matters/{scene.matter}/promises"
        await w.until("archive", path, _some_kept)
        sock = listening(0)
        app = console(
            ConsoleSettings(
                mode="development",
                public_address=address_of(sock),
                peers=dict(w.addresses),
                key_file=tmp_path / "session.key",
                development_issuer=w.issuer.url,
                client_secret=SecretStr("none"),
            )
        )
        async with (
            answering(app, sock),
            Desk(address_of(sock), w.person("auditor").id) as desk,
        ):
            matter = await desk.look(f"/matter/{scene.matter}")
            assert f'href="/matter/{scene.matter}/promises"' in matter.text
            page = await desk.look(f"/matter/{scene.matter}/promises")
            for said in ("clocks.promises.acceptance", "默认值", "按期完成", "未开始"):
                assert said in page.text
            desk.browser.headers["Accept-Language"] = "en"
            page = await desk.look(f"/matter/{scene.matter}/promises")
            assert "our default" in page.text and "kept" in page.text
