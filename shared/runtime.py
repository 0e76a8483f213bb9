"""One running service: store, relay, ears, views, agenda and HTTP, started and ended together."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import structlog
from fastapi import APIRouter, FastAPI
from nats.aio.client import Client
from prometheus_client import Gauge

from shared.asking import Service
from shared.attesting import Attestor
from shared.auth import Tokens
from shared.bus import broker_on, connect_bus
from shared.canary import Canary
from shared.check_api import check_routes
from shared.checked import Teller
from shared.checking import Beside
from shared.checks_api import checks_routes
from shared.clock import clock_of
from shared.disclosures_api import disclosures_routes
from shared.effects import Clock
from shared.eventstore.disclosure import Keeper
from shared.eventstore.forgetting import Forgetting, Forgotten, Protection
from shared.eventstore.log import Log, open_log
from shared.eventstore.postgres import open_pool
from shared.eventstore.tree import FIRST, SECOND, Kind
from shared.handling import Handling
from shared.hearing import Ear, React, passes
from shared.http import create_app
from shared.leaving import answered_until_told
from shared.log_api import log_routes
from shared.packs import Packs
from shared.past import Past
from shared.peers import Peers
from shared.projecting import Project, Views
from shared.proof_api import proofs, second_proofs
from shared.reads_api import reads_routes
from shared.rechecking import Checker
from shared.relay import Relay
from shared.restricted_api import restricted_routes
from shared.settings import Settings
from shared.tracing import door
from shared.witnessing import Cosigning

log = structlog.get_logger()

FIRST_READS = 60.0
"""Seconds for what a service reads before it answers anybody."""


@dataclass(frozen=True, slots=True)
class Floor:
    """What a service is given to stand on."""

    settings: Settings
    log: Log
    handling: Handling
    keeper: Keeper
    clock: Clock
    peers: Peers
    views: Views
    packs: Packs
    protection: Protection
    past: Past


type Agenda = Callable[[datetime], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What a service is made of.

    `agenda` does what falls due at an instant and says whether all of it is done; it is asked often.

    `public` routes are for everybody: they show nothing that belongs to anyone. `forgotten` is
    told which streams lost personal data, to drop what was made from them.
    """

    service: Service
    routers: Sequence[APIRouter]
    hears: Mapping[str, React] = field(default_factory=dict)
    agenda: Agenda | None = None
    public: Sequence[APIRouter] = ()
    forgotten: Forgotten | None = None


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    """A service as the composition root knows it.

    `beside`: tables and columns of its views that something else than a projection keeps.
    """

    name: str
    hears: Sequence[str]
    build: Callable[[Floor], Awaitable[Parts]]
    projections: Mapping[str, Project] = field(default_factory=dict)
    migrations: Sequence[Path] = ()
    beside: Beside = field(default_factory=dict)


AGENDA_PERIOD = 0.5
AGENDA_DONE = Gauge(
    "onefile_agenda_done_seconds",
    "what was due by this instant (unix time) is done",
    ["service"],
)


@asynccontextmanager
async def running(
    spec: ServiceSpec, settings: Settings
) -> AsyncIterator[tuple[Floor, FastAPI]]:
    """The service, running; leaving stops it. A part that fails cancels the caller's task group."""
    async with AsyncExitStack() as stack:
        settings_dsn = settings.dsn()
        store = await stack.enter_async_context(open_log(spec.name, settings_dsn))
        keys = await open_pool(settings.keys_database.get_secret_value(), size=4)
        stack.callback(keys.terminate)
        key = settings.deployment_key()
        keeper = Keeper(keys, key)
        handling = Handling(
            store,
            keeper,
            sha256(b"command digests\x00" + key).digest(),
            simulated=settings.clock_file is not None,
        )
        peers = await stack.enter_async_context(_peers(settings))
        clock = clock_of(settings.clock_file)
        views = Views(store, settings_dsn, spec.projections)
        protection = Protection(keys, settings.erasure_list())
        await protection.again()
        past = stack.enter_context(
            contextlib.closing(Past(store, settings_dsn, spec.projections, clock))
        )
        floor = Floor(
            settings, store, handling, keeper, clock, peers, views, Packs.load(settings.packs),
            protection, past,
        )  # fmt: skip
        parts = await spec.build(floor)
        forgetting = Forgetting(
            spec.name, store.pool, keys, settings.keys_database.get_secret_value(), keeper,
            parts.forgotten,
        )  # fmt: skip
        await forgetting.catch_up(patience=FIRST_READS)
        bus = await connect_bus(
            settings.nats_url, name=spec.name, token=_secret(settings.nats_token)
        )
        stack.push_async_callback(_close, bus)
        relay = Relay(spec.name, settings_dsn, bus)
        attestors = _attestors(spec.name, settings)
        checker = Checker(
            spec.name, settings_dsn, spec.projections, spec.beside, bus, settings.log_key(),
            clock_of(None), settings.second_key(), teller=Teller(handling, store.pool),
        )  # fmt: skip
        broker = broker_on(
            settings.nats_url, name=f"{spec.name}-hears", token=_secret(settings.nats_token)
        )
        ears: list[Ear] = []
        for speaker, react in parts.hears.items():
            ear = Ear(spec.name, speaker, store, handling, react, _refill(peers, speaker))
            await ear.load(patience=FIRST_READS)
            ear.listen_on(broker)
            ears.append(ear)

        canary = Canary(spec.name, store, bus)

        async def ready() -> dict[str, bool]:
            return await canary.sings()

        app = application(spec, parts, floor, ears, checker, ready)
        app.state.attestors = attestors
        tasks = [relay.run(), views.run(), forgetting.run()]
        tasks += [one.run() for one in attestors.values()]
        tasks.append(checker.run())
        tasks += map(_listening, ears)
        if settings.witnesses:
            for kind in attestors:
                asks = Cosigning(spec.name, store.pool, settings.witnesses, bus, kind)
                tasks.append(asks.run())
        if parts.agenda:
            tasks.append(_agenda(spec.name, parts.agenda, clock))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        started = [group.create_task(t, name=f"{spec.name}-{n}") for n, t in enumerate(tasks)]
        stack.callback(lambda: [t.cancel() for t in started])
        stack.push_async_callback(broker.stop)
        await broker.start()
        app.state.started = True
        yield floor, app


def application(
    spec: ServiceSpec, parts: Parts, floor: Floor, ears: Sequence[Ear], checker: Checker,
    ready: Callable[[], Awaitable[dict[str, bool]]],
) -> FastAPI:  # fmt: skip
    """The service's HTTP door. Making it touches nothing: it can be described without servers."""
    settings, peers, store = floor.settings, floor.peers, floor.log
    app = create_app(
        spec.name,
        *parts.routers,
        log_routes(store, ears, lambda: floor.views.position if spec.projections else None),
        reads_routes(store),
        disclosures_routes(store, floor.keeper),
        restricted_routes(store, floor.keeper),
        checks_routes(store, checker),
        public=[
            *parts.public,
            proofs,
            second_proofs,
            check_routes(store, peers),
        ],
        tokens=Tokens(
            settings.issuer, lambda: peers.jwks(settings.jwks_url), _real_clock(settings)
        ),
        ready=ready,
        lifespan=_no_lifespan,
    )
    door(app, spec.name)
    app.state.floor, app.state.service = floor, parts.service
    return app


async def serve(spec: ServiceSpec, settings: Settings) -> None:
    """Run the service and its HTTP door until a signal ends it or a part of it fails."""
    async with running(spec, settings) as (_, app):
        await answered_until_told(
            app, settings.host, settings.listens_on(), drain=settings.drain,
            proxies=settings.trusted_proxies,
        )  # fmt: skip


def _attestors(service: str, settings: Settings) -> dict[Kind, Attestor]:
    """Who signs which tree of the log."""
    dsn, clock = settings.dsn(), clock_of(None)
    found = {FIRST: Attestor(service, dsn, settings.log_key(), clock)}
    if second := settings.second_key():
        found[SECOND] = Attestor(service, dsn, second, clock, SECOND)
    return found


def _peers(settings: Settings) -> Peers:
    return Peers(
        settings.service,
        settings.peers,
        token_url=settings.token_url,
        secret=_secret(settings.service_secret),
    )


def _secret(value: object) -> str | None:
    get = getattr(value, "get_secret_value", None)
    return get() if get else None


def _refill(peers: Peers, speaker: str) -> Callable[[int, int], Awaitable[list[bytes]]]:
    return lambda after, limit: peers.refill(speaker, after, limit)


def _real_clock(settings: Settings) -> Clock:
    """Tokens expire in real time, whatever the development clock says."""
    return clock_of(None)


async def _close(bus: Client) -> None:
    with contextlib.suppress(Exception):
        await bus.close()


class ConsumerVanished(Exception):
    """A consumer or stream was deleted while in use: the process ends rather than go deaf."""


async def _listening(ear: Ear) -> None:
    await ear.deaf.wait()
    raise ConsumerVanished(
        f"{ear.hearer} no longer hears {ear.speaker}: its consumer or stream was deleted. "
        "Start again: provisioning makes it anew and hearing goes on where it was."
    )


async def _agenda(service: str, agenda: Agenda, clock: Clock) -> None:
    """What is due stays due: a store or a peer that is away now is asked again in a moment."""
    with contextlib.suppress(KeyError):  # what another that ran in this process had done
        AGENDA_DONE.remove(service)
    while True:
        try:
            now = clock()
            if await agenda(now):
                AGENDA_DONE.labels(service).set(now.timestamp())
        except Exception as error:
            if not passes(error):
                raise
            log.warning("agenda_waits", error=repr(error))
        await asyncio.sleep(AGENDA_PERIOD)


@asynccontextmanager
async def _no_lifespan(_: FastAPI) -> AsyncIterator[None]:
    yield
