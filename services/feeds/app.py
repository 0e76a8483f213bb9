"""How do the parts of the agencies' door fit together?"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import nats
from fastapi import FastAPI
from nats.aio.client import Client

from contracts.subjects import SERVICES
from services.feeds.api import agency, office
from services.feeds.domain.accounts import WRITER
from services.feeds.inbox import Listener
from services.feeds.service import Feeds
from services.feeds.service.register import Agreements
from services.feeds.service.signing import Seal
from services.feeds.settings import NAME, Settings
from shared.auth import Tokens
from shared.bus import connect_bus
from shared.effects import Clock, system_clock
from shared.eventstore.postgres import Pool, open_pool
from shared.http import create_app
from shared.leaving import answered_until_told
from shared.peers import Peers
from shared.tracing import door

MIGRATIONS = Path(__file__).with_name("migrations")


@asynccontextmanager
async def running(settings: Settings, clock: Clock = system_clock) -> AsyncIterator[FastAPI]:
    """The door, open; leaving closes it. Agreements and keys end in real time."""
    async with AsyncExitStack() as stack:
        pool = await open_pool(settings.dsn(), size=12)
        stack.callback(pool.terminate)
        peers = await stack.enter_async_context(_peers(settings))
        token = settings.nats_token
        bus = await connect_bus(
            settings.nats_url, name=NAME, token=token.get_secret_value() if token else None
        )
        stack.push_async_callback(_close, bus)
        theirs = await _agency_bus(settings)
        if theirs:
            stack.push_async_callback(_close, theirs)
        agreements = Agreements(settings.agencies, clock)
        agreements.read()
        feeds = Feeds(settings.dsn(), pool, agreements, Seal.of(settings), theirs, clock)
        app = _app(settings, feeds, peers, pool, bus)
        group = await stack.enter_async_context(asyncio.TaskGroup())
        work = [feeds.run(), *(Listener(s, pool, peers, bus).run() for s in SERVICES)]
        tasks = [group.create_task(one, name=f"{NAME}-{n}") for n, one in enumerate(work)]
        stack.callback(lambda: [task.cancel() for task in tasks])
        app.state.started = True
        yield app


async def serve(settings: Settings) -> None:
    """Run the door until a signal ends it or a part of it fails."""
    async with running(settings) as app:
        await answered_until_told(
            app, settings.host, settings.port, drain=settings.drain,
            proxies=settings.trusted_proxies,
        )  # fmt: skip


def _app(settings: Settings, feeds: Feeds, peers: Peers, pool: Pool, bus: Client) -> FastAPI:
    async def ready() -> dict[str, bool]:
        return {
            "database": await _answers(pool),
            "bus": bus.is_connected,
        }

    tokens = Tokens(settings.issuer, lambda: peers.jwks(settings.jwks_url), system_clock)
    app = application(tokens, ready)
    app.state.feeds = feeds
    door(app, NAME)
    return app


def application(tokens: Tokens, ready: Callable[[], Awaitable[dict[str, bool]]]) -> FastAPI:
    """The HTTP door alone: it can be described without servers."""
    return create_app(
        NAME,
        office,
        apart=[agency],  # an agency shows a token of its own making, not of our issuer
        tokens=tokens,
        ready=ready,
    )


async def _agency_bus(settings: Settings) -> Client | None:
    """The agencies' server, as the only one who may write there; None without one."""
    if settings.agency_nats_url is None or settings.agency_nats_password is None:
        return None

    async def quiet(_: Exception) -> None:
        """A server that is away is waited for by those who publish."""

    return await nats.connect(
        settings.agency_nats_url,
        name=NAME,
        user=WRITER,
        password=settings.agency_nats_password.get_secret_value(),
        max_reconnect_attempts=-1,
        reconnect_time_wait=0.2,
        connect_timeout=5,
        error_cb=quiet,
    )


def _peers(settings: Settings) -> Peers:
    secret = settings.service_secret
    return Peers(
        NAME,
        settings.peers,
        token_url=settings.token_url,
        secret=secret.get_secret_value() if secret else None,
    )


async def _answers(pool: Pool) -> bool:
    try:
        await pool.fetchval("SELECT 1", timeout=2)
    except Exception:
        return False
    return True


async def _close(client: Client) -> None:
    with contextlib.suppress(Exception):
        await client.close()
