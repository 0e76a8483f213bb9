"""How do several services live and answer in one process, and end together."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr

from services.onebox.ports import HOST, free_port
from services.onebox.provision import Databases
from services.onebox.sentences import ServiceFailed
from shared.runtime import ServiceSpec, running
from shared.settings import Settings

LAST_ANSWERS = 3
"""Seconds that open requests get to end in when the service stops."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the services of one process are told about the world around them."""

    databases: Databases
    nats_url: str
    nats_token: str | None
    addresses: Mapping[str, str]
    issuer: str
    secrets_of: Mapping[str, str]
    deployment_key_file: Path
    clock_file: Path | None
    log_key_file: Path | None = None
    log_origin: str | None = None
    packs: Path | None = None
    allow_draft_packs: bool = False
    mode: Literal["production", "development"] = "development"
    desks: str | None = None

    def settings(self, service: str) -> Settings:
        token = self.nats_token
        return Settings(
            service=service,
            database=SecretStr(self.databases.services[service]),
            keys_database=SecretStr(self.databases.keys),
            nats_url=self.nats_url,
            nats_token=SecretStr(token) if token else None,
            host=HOST,
            port=0,
            peers=dict(self.addresses),
            issuer=self.issuer,
            jwks_url=f"{self.issuer}/jwks.json",
            token_url=f"{self.issuer}/token",
            service_secret=SecretStr(self.secrets_of[service]),
            deployment_key_file=self.deployment_key_file,
            log_key_file=self.log_key_file,
            log_origin=self.log_origin,
            documents=str(self.deployment_key_file.with_name("documents")),
            packs=self.packs,
            allow_draft_packs=self.allow_draft_packs,
            mode=self.mode,
            clock_file=self.clock_file,
            desks_address=self.desks,
        )


def bound(port: int) -> socket.socket | None:
    """A socket on loopback with exactly this port; None where it is taken.

    It listens at once: Linux lets two sockets have one port as long as neither does.
    """
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((HOST, port))
        sock.listen()
    except OSError:
        sock.close()
        return None
    return sock


def listening(wanted: int) -> socket.socket:
    """A socket on loopback with the port `wanted` or the next free one; 0 asks for any."""
    while True:
        if sock := bound(free_port(wanted)):  # else somebody was quicker
            return sock


def address_of(sock: socket.socket) -> str:
    return f"http://{HOST}:{sock.getsockname()[1]}"


@asynccontextmanager
async def answering(app: FastAPI, sock: socket.socket) -> AsyncIterator[None]:
    """The application answers on `sock`; leaving ends open requests and closes the socket."""
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            http="httptools",
            ws="none",
            lifespan="off",
            forwarded_allow_ips=HOST,
            timeout_keep_alive=30,
            timeout_graceful_shutdown=LAST_ANSWERS,
        )
    )
    # `serve` would take the signals of the whole process for itself.
    task = asyncio.create_task(server._serve(sockets=[sock]), name=f"http-{app.title}")
    try:
        while not server.started:
            if task.done():
                await task
                raise RuntimeError(f"{app.title} does not answer")
            await asyncio.sleep(0.002)
        async with app.router.lifespan_context(app):
            yield
    finally:
        server.should_exit = True
        await asyncio.wait([task])


async def live(
    spec: ServiceSpec, settings: Settings, sock: socket.socket, up: Callable[[str], object]
) -> None:
    """One service, until cancelled or until a part of it fails; `up` is told when it answers."""
    try:
        async with running(spec, settings) as (_, app), answering(app, sock):
            up(spec.name)
            await asyncio.Event().wait()
    except Exception as error:
        raise ServiceFailed(f"{spec.name} stopped") from error
    finally:
        sock.close()  # when it never came to answering


@asynccontextmanager
async def all_living(
    specs: Sequence[ServiceSpec],
    around: Surroundings,
    sockets: Mapping[str, socket.socket],
    up: Callable[[str], object] = lambda _: None,
) -> AsyncIterator[None]:
    """All services, answering; leaving stops them. One that fails ends the others, and raises."""
    waiting = {spec.name: asyncio.Event() for spec in specs}
    thrown: Exception | None = None

    def ready(name: str) -> None:
        waiting[name].set()
        up(name)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                live(spec, around.settings(spec.name), sockets[spec.name], ready),
                name=spec.name,
            )
            for spec in specs
        ]
        try:
            for event in waiting.values():
                await event.wait()
            yield
        except Exception as error:  # the caller's own: not to be wrapped in a group
            thrown = error
        # Not in a `finally`: a group that is being cancelled cancels them itself, and a second
        # time would cut short what the first began.
        for task in tasks:
            task.cancel()
    if thrown:
        raise thrown
