"""One box, from nothing to all services answering, and back."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import asyncpg
import httpx

from contracts.subjects import SERVICES
from services.onebox.agencies import agencies_door
from services.onebox.desks import console_of
from services.onebox.errors import PlatformError
from services.onebox.issuer_choice import SignIn, admitted, sign_in_of
from services.onebox.journal import log_to
from services.onebox.keyring import Keyring
from services.onebox.own_servers import NO_OWN_SERVERS, OwnServers, dsn_on
from services.onebox.platform import Platform
from services.onebox.provision import provision_bus, provision_databases
from services.onebox.sentences import ServiceFailed
from services.onebox.serving import (
    Surroundings,
    address_of,
    all_living,
    answering,
    bound,
    listening,
)
from services.onebox.state import State
from shared.effects import monotonic
from shared.runtime import ServiceSpec
from shared.settings import PORTS

PG_PORT, NATS_PORT, ISSUER_PORT = 8632, 8642, 8606
HEALTH_LIMIT = 120.0
RENEW = 300.0
"""Seconds after which the tokens in the state file are renewed: half of their life."""

type Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a box is to be run. `any_port` keeps out of the way of another box.

    `public_address` is what people type to reach the console, where that is not this machine.
    """

    home: Path
    packs: Path | None = None
    durable: bool = True
    any_port: bool = False
    own: OwnServers = NO_OWN_SERVERS
    production: bool = False
    public_address: str | None = None

    def port(self, usual: int) -> int:
        return 0 if self.any_port else usual

    @property
    def log(self) -> Path:
        return self.home / "log" / "onefile.log"


def load_specs() -> list[ServiceSpec]:
    """The services of this installation; raises `PlatformError` for one that cannot be loaded."""
    specs = []
    for name in SERVICES:
        try:
            spec: ServiceSpec = import_module(f"services.{name}.app").SPEC
        except ImportError as error:
            raise PlatformError(
                f"服务 {name} 装载不了，请重新安装 (sh deploy/bootstrap.sh) · "
                f"The service {name} cannot be loaded ({error}): install Onefile again "
                "(sh deploy/bootstrap.sh)."
            ) from error
        specs.append(spec)
    return specs


@asynccontextmanager
async def box(
    wishes: Wishes, say: Say, load: Callable[[], Sequence[ServiceSpec]] = load_specs
) -> AsyncIterator[tuple[State, Platform]]:
    """All services, answering; leaving stops them in order. `say` is told what gets ready.

    Raises `PlatformError`, `MigrationRefused`, `BusRefused` before, `ServiceFailed` after.
    """
    began = monotonic()
    admitted(wishes.home, production=wishes.production)
    loading = asyncio.create_task(asyncio.to_thread(load))  # while initdb works
    try:
        async with _platform(wishes, say) as platform:
            specs = await loading
            async with _services(wishes, platform, specs, say) as state:
                say(f"Everything is up after {monotonic() - began:.1f} s")
                yield state, platform
    finally:
        with suppress(Exception):
            await loading


@asynccontextmanager
async def _platform(wishes: Wishes, say: Say) -> AsyncIterator[Platform]:
    """The servers; what fails because one of them ended is told as that."""
    ports = {"pg_port": wishes.port(PG_PORT), "nats_port": wishes.port(NATS_PORT)}
    async with Platform(
        wishes.home, durable=wishes.durable, say=say, own=wishes.own, **ports
    ) as platform:
        log_to(wishes.log)
        try:
            yield platform
        except Exception:
            with suppress(TimeoutError):
                raise ServiceFailed(await asyncio.wait_for(platform.failure(), 0.5)) from None
            raise


@asynccontextmanager
async def _services(
    wishes: Wishes, platform: Platform, specs: Sequence[ServiceSpec], say: Say
) -> AsyncIterator[State]:
    keyring = Keyring(platform.home)
    keyring.open(first_time=not await _holds_personal_data(platform))
    sockets = _sockets(
        wishes, [*(spec.name for spec in specs), "issuer", "console", "feeds"], say
    )
    addresses = {name: address_of(sock) for name, sock in sockets.items()}
    around = await _provisioned(wishes, platform, specs, keyring, addresses, say)
    public = wishes.public_address or addresses["console"]
    known = [*around.secrets_of, "feeds"]
    sign_in = sign_in_of(around, keyring, known, clock_file_of(platform.home), public)
    desks = console_of(around, keyring, public, sign_in.own, feeds=addresses["feeds"])
    began = monotonic()
    async with (
        answering(sign_in.app, sockets["issuer"]),
        all_living(specs, around, sockets),
        answering(desks, sockets["console"]),
        agencies_door(
            platform.home,
            platform.pg_dsn(),
            around,
            keyring,
            sockets["feeds"],
            durable=wishes.durable,
            any_port=wishes.any_port,
        ),
    ):
        await _healthy(addresses)
        say(f"{len(specs)} services ready in {monotonic() - began:.1f} s")
        async with _announced(
            State(str(platform.home), os.getpid(), addresses, around.issuer), sign_in
        ) as state:
            yield state


def clock_file_of(home: Path) -> Path:
    """Where the development clock is kept."""
    return home / "clock.json"


async def _holds_personal_data(platform: Platform) -> bool:
    """Is there anything that a new deployment key could not read?"""
    try:
        connection = await asyncpg.connect(dsn_on(platform.pg_dsn(), "onefile_keys"))
    except asyncpg.InvalidCatalogNameError:
        return False
    try:
        return bool(await connection.fetchval("SELECT true FROM data_keys LIMIT 1"))
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()


def _sockets(wishes: Wishes, names: Sequence[str], say: Say) -> dict[str, socket.socket]:
    """Everybody's usual port first; whose is taken gets the next one that is free."""
    usual = {name: wishes.port(PORTS.get(name, ISSUER_PORT)) for name in names}
    sockets = {name: sock for name, port in usual.items() if port and (sock := bound(port))}
    for name in names:
        if name not in sockets:
            sockets[name] = listening(usual[name])
            if usual[name]:
                taken_by = sockets[name].getsockname()[1]
                say(f"Port {usual[name]} is taken: {name} uses {taken_by}")
    return sockets


async def _provisioned(
    wishes: Wishes,
    platform: Platform,
    specs: Sequence[ServiceSpec],
    keyring: Keyring,
    addresses: Mapping[str, str],
    say: Say,
) -> Surroundings:
    began = monotonic()
    databases, _ = await asyncio.gather(
        provision_databases(platform.pg_dsn(), specs, keyring.password_of),
        provision_bus(platform.nats_url, platform.nats_token or None, specs),
    )
    say(f"Databases and streams ready in {monotonic() - began:.1f} s")
    if not wishes.production:
        say("Drafts of packs (征求意见稿) may be tried out in this box: it holds no live case")
    return Surroundings(
        databases=databases,
        nats_url=platform.nats_url,
        nats_token=platform.nats_token or None,
        addresses={spec.name: addresses[spec.name] for spec in specs},
        issuer=addresses["issuer"],
        secrets_of={spec.name: keyring.secret_of(spec.name) for spec in specs},
        deployment_key_file=keyring.deployment_key_file,
        log_key_file=keyring.log_key_file,
        log_origin=keyring.log_origin(),
        clock_file=None if wishes.production else clock_file_of(platform.home),
        packs=wishes.packs,
        allow_draft_packs=not wishes.production,
        mode="production" if wishes.production else "development",
        desks=wishes.public_address or addresses["console"],
    )


async def _healthy(addresses: Mapping[str, str]) -> None:
    """Everybody says that it is ready; raises `PlatformError` naming who does not."""
    waiting = dict(addresses)
    deadline = monotonic() + HEALTH_LIMIT
    async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
        while waiting and monotonic() < deadline:
            for name, address in list(waiting.items()):
                with suppress(httpx.TransportError):  # a busy machine answers late
                    if (await client.get(f"{address}/readyz")).status_code == 200:
                        del waiting[name]
            await asyncio.sleep(0.02 if waiting else 0)
    if waiting:
        raise PlatformError(
            f"{HEALTH_LIMIT:.0f} 秒后仍未就绪，请再启动；仍如此则看日志 · "
            f"{', '.join(waiting)}: not ready after {HEALTH_LIMIT:.0f} s. Start again; if it "
            "happens again, the log says why."
        )


@asynccontextmanager
async def _announced(state: State, sign_in: SignIn) -> AsyncIterator[State]:
    """The state file, with tokens that are still good, for as long as the box is up."""

    async def keep() -> None:
        while True:
            if sign_in.reader:
                state.tokens["auditor"] = sign_in.reader()
            state.save()
            await asyncio.sleep(RENEW)

    keeping = asyncio.create_task(keep())
    try:
        await asyncio.sleep(0)  # the file is there before anybody is told
        yield state
    finally:
        keeping.cancel()
        state.forget()
