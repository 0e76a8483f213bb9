"""A service that is away takes no page with it: the console stays, and says who is silent."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.console.app import console
from services.console.settings import SERVICES, ConsoleSettings
from services.onebox.people import demos
from services.onebox.platform import Platform
from services.onebox.ports import HOST
from services.onebox.serving import address_of, answering, listening
from shared.effects import new_id
from tests.desk import Desk
from tests.faults.replicas import replicas
from tests.faults.test_rolling import told as told  # a fixture

MISSING = "没有应答，本页缺少其内容："


@pytest.fixture
def nobody() -> Iterator[str]:
    """An address that is kept, so that nobody else comes to listen there, and never answers."""
    with socket.socket() as kept:
        kept.bind((HOST, 0))
        yield address_of(kept)


async def test_a_stopped_service_is_named_on_every_page_and_the_console_stays_ready(
    told: tuple[Platform, dict[str, str], Any], tmp_path: Path, nobody: str
) -> None:
    _, settings, issuer = told
    clerk = demos()[0].person("clerk")
    (tmp_path / "session.key").write_bytes(bytes(32))
    async with replicas("intake", settings) as doors:
        intake = await doors.start()
        sock = listening(0)
        app = console(
            ConsoleSettings(
                mode="development",
                public_address=address_of(sock),
                peers={name: nobody for name in SERVICES} | {"intake": intake.address},
                key_file=tmp_path / "session.key",
                development_issuer=issuer.url,
                client_secret=SecretStr("none"),
            )
        )
        async with answering(app, sock), Desk(address_of(sock), clerk.id) as desk:
            before = (
                await desk.send(
                    "/do/intake/ReceiveVisitor?next=/desk/clerk",
                    area=clerk.areas[0], unit="测试公司",
                )
            ).text  # fmt: skip
            assert f"{MISSING}派单。" in before  # which was never there
            assert 'id="mine"' in before
            assert await intake.ends() == 0

            assert (await doors.client.get(f"{address_of(sock)}/readyz")).status_code == 200
            after = (await desk.look("/desk/clerk")).text
            assert f"{MISSING}派单、受理。" in after
            assert 'id="mine"' in after
            assert f"{MISSING}归档、受理。" in (await desk.look("/search?q=测试")).text
            about = f"{address_of(sock)}/matter/{new_id()}"
            whole = await desk.browser.get(about, headers={"Accept-Language": "en"})
            assert whole.status_code == 503  # a page that is all about what is away
            assert "intake: A service does not answer" in whole.text
