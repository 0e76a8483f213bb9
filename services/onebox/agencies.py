"""How does one box open its door for agencies: a store, a server of their own, the feeds."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from services.feeds.app import MIGRATIONS, running
from services.feeds.settings import NAME, Settings
from services.onebox.agency_bus import AgencyBus
from services.onebox.binaries import find_nats
from services.onebox.keyring import Keyring
from services.onebox.ports import free_port
from services.onebox.provision import Store, provision_databases
from services.onebox.serving import Surroundings, answering
from shared.effects import system_clock

NATS_PORT = 8643
REGISTER = "agencies.yaml"


STORE = Store(NAME, (MIGRATIONS,))
"""What is provisioned for feeds: its database, its login, its tables."""


@asynccontextmanager
async def agencies_door(
    home: Path,
    admin: str,
    around: Surroundings,
    keyring: Keyring,
    sock: socket.socket,
    *,
    durable: bool,
    any_port: bool = False,
    prefix: str = "onefile",
) -> AsyncIterator[AgencyBus]:
    """The agencies' door, open on `sock`; `admin` is a superuser's connection string.

    The register is `agencies.yaml` in the home; without one, nobody receives anything.
    """
    register = home / REGISTER
    databases = await provision_databases(admin, [STORE], keyring.password_of, prefix=prefix)
    program = await asyncio.to_thread(find_nats)
    async with AsyncExitStack() as stack:
        bus = AgencyBus(home, register, program, system_clock, durable=durable)
        await bus.start(free_port(0 if any_port else NATS_PORT))
        stack.push_async_callback(bus.stop)
        settings = _settings(around, keyring, databases.services[NAME], register, bus, sock)
        app = await stack.enter_async_context(running(settings))
        keeping = asyncio.create_task(bus.keep(), name="agency-nats-keep")
        stack.callback(keeping.cancel)
        await stack.enter_async_context(answering(app, sock))
        yield bus


def _settings(
    around: Surroundings,
    keyring: Keyring,
    database: str,
    register: Path,
    bus: AgencyBus,
    sock: socket.socket,
) -> Settings:
    signing: dict[str, Any] = {}
    if around.log_key_file and around.log_origin:
        signing = {"log_key_file": around.log_key_file, "log_origin": around.log_origin}
    token = around.nats_token
    return Settings(
        agencies=register,
        database=SecretStr(database),
        nats_url=around.nats_url,
        nats_token=SecretStr(token) if token else None,
        agency_nats_url=bus.url,
        agency_nats_password=SecretStr(bus.password()),
        peers=dict(around.addresses),
        issuer=around.issuer,
        jwks_url=f"{around.issuer}/jwks.json",
        token_url=f"{around.issuer}/token",
        service_secret=SecretStr(keyring.secret_of(NAME)),
        port=sock.getsockname()[1],
        **signing,
    )
