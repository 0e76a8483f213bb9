"""A small world for a test: fresh databases, a bus of its own, services that answer, and people."""

import asyncio
import itertools
import tempfile
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Mapping,
    Sequence,
)
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date, datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from contracts.subjects import SERVICES
from services.onebox.binaries import find_nats
from services.onebox.child import Child
from services.onebox.demo.quiet import settled
from services.onebox.issuer import Issuer, development_issuer, issuer_app
from services.onebox.keyring import Keyring
from services.onebox.nats_server import Bus
from services.onebox.people import Demo, Person, demos
from services.onebox.platform import Platform
from services.onebox.ports import free_port
from services.onebox.private import private_directory
from services.onebox.provision import Databases, Stored, provision_bus, provision_databases
from services.onebox.serving import Surroundings, address_of, all_living, answering, listening
from services.onebox.words import port_was_taken
from shared.effects import monotonic, new_id
from shared.runtime import ServiceSpec
from shared.zone import LEGAL_ZONE
from tests.answers import as_described
from tests.patience import PATIENCE

_serial = itertools.count(1)


class World:
    """What a test may do: ask a service as one of the people, wait for a reaction, move the clock.

    People are called by the keys of `contracts/policies/*/demo.yaml` (unit, handler, clerk,
    liaison, agent, agent2, helper, approver, office, evaluator, archivist, admin, auditor, …);
    `service` is another service, by the name `s:<service>`.
    """

    def __init__(
        self,
        addresses: Mapping[str, str],
        issuer: Issuer,
        demo: Demo,
        databases: Databases,
        secrets_of: Mapping[str, str],
        real: Collection[str] = (),
    ) -> None:
        """`real`: services as they are delivered."""
        self.addresses, self.issuer, self.demo = addresses, issuer, demo
        self.databases, self.clock = databases, issuer.clock
        self._secrets, self._real = secrets_of, real
        self._clients: dict[tuple[str, str], httpx.AsyncClient] = {}

    @property
    def area(self) -> str:
        """The area code of the demonstration place."""
        return self.demo.area

    def person(self, key: str) -> Person:
        """Of the place the tests know, by key or id; of another by `<area>/<key>`."""
        try:
            return self.demo.person(key)
        except KeyError:
            return self.issuer.person(key)

    def client(self, service: str, person: str | None = None) -> httpx.AsyncClient:
        """A client that signs in as `person` anew for every request; None: nobody.

        What a real service answers must be as its OpenAPI document says, and the issuer too.
        """
        known = self._clients.get((service, person or ""))
        if known is None:
            known = self._clients[service, person or ""] = httpx.AsyncClient(
                base_url=self.addresses[service],
                auth=_Signed(lambda: self.token(person)) if person else None,
                timeout=PATIENCE,
                trust_env=False,
                event_hooks={"response": self._described(service)},
            )
        return known

    def _described(self, service: str) -> list[Any]:
        door = "issuer-development" if service == "issuer" else service
        return [as_described(door)] if door != service or service in self._real else []

    def token(self, person: str) -> str:
        """An access token of one of the people, or of `s:<service>`."""
        if person.startswith("s:"):
            return self.issuer.token_for_service(person, self._secrets[person[2:]])
        return self.issuer.token_of(self.person(person))

    async def post(
        self,
        service: str,
        path: str,
        json: Any = None,
        person: str = "clerk",
        *,
        if_match: int | str | None = None,
        key: str | None = None,
        expect: int | Iterable[int] | None = None,
    ) -> httpx.Response:
        """One command. A fresh Idempotency-Key unless `key` is given.

        `if_match="*"` reads the version first (GET of the path's first two segments).
        `expect`: the status codes that are right; any other fails the test with the answer.
        """
        headers = {"Idempotency-Key": key or str(new_id())}
        if if_match == "*":
            if_match = await self.version(service, path, person)
        if if_match is not None:
            headers["If-Match"] = f'"{if_match}"'
        send = self.client(service, person).post
        return await _answered(
            partial(send, path, json=_plain(json or {}), headers=headers), expect
        )

    async def get(
        self, service: str, path: str, person: str = "clerk", **parameters: Any
    ) -> Any:
        """The JSON answer; any status but 200 fails the test with the answer."""
        ask = partial(self.client(service, person).get, path, params=parameters)
        return (await _answered(ask, 200)).json()

    async def version(self, service: str, path: str, person: str = "clerk") -> int:
        """The version of the thing that `path` begins with (`/matters/{id}/…`)."""
        root = "/".join(path.split("/")[:3])
        response = await _answered(
            partial(self.client(service, person).get, root), (200, 403, 404)
        )
        if response.status_code != 200:
            response = await _answered(partial(self.client(service, "auditor").get, root), 200)
        return int(response.headers["etag"].strip('W/"'))

    async def eventually[T](
        self, ask: Callable[[], Awaitable[T]], true: Callable[[T], object] = bool
    ) -> T:
        """Ask until the answer is as wished, and fail when it stays away; returns that answer."""
        deadline = monotonic() + PATIENCE
        while not true(answer := await ask()):
            if monotonic() >= deadline:
                raise AssertionError(
                    f"it did not come true in time; last: {answer!r}; "
                    f"parked: {await self.parked()}"
                )
            await asyncio.sleep(0.02)
        return answer

    async def known(self) -> None:
        """Until every service knows by whose keys tokens are signed: it asks at the first one."""
        for service in self.databases.services:
            client = self.client(service, f"s:{service}")
            await self.eventually(
                partial(client.get, "/log/position"), lambda answer: answer.status_code != 503
            )

    async def settled(self) -> None:
        """Until nobody has anything left to hear, show or file."""

        async def look(service: str, path: str) -> Any:
            return await self.get(service, path, "auditor")

        try:
            await settled(look, PATIENCE, sorted(self.databases.services))
        except TimeoutError as error:
            raise AssertionError(f"{error}; parked: {await self.parked()}") from None

    async def parked(self) -> list[str]:
        """The messages that a service could not apply, and why."""
        found = []
        for name, dsn in self.databases.services.items():
            connection = await asyncpg.connect(dsn)
            try:
                rows = await connection.fetch("SELECT * FROM parked WHERE released IS NULL")
            finally:
                await connection.close()
            found += [f"{name} <- {r['speaker']} {r['position']}: {r['reason']}" for r in rows]
        return found

    async def until(
        self, service: str, path: str, true: Callable[[Any], object], person: str = "auditor"
    ) -> Any:
        """Read `path` until it is there and as wished; returns what was read."""

        async def ask() -> Any:
            found = await _answered(partial(self.client(service, person).get, path), (200, 404))
            return found.json() if found.status_code == 200 else None

        return await self.eventually(ask, lambda body: body is not None and true(body))

    def today(self) -> date:
        """The day by the law's zone: from 16:00 UTC on it is already tomorrow's."""
        return self.clock().astimezone(LEGAL_ZONE).date()

    def advance(self, **by: float) -> datetime:
        """Move the clock on: `advance(days=3)`."""
        return self.clock.advance(timedelta(**by))

    async def close(self) -> None:
        await asyncio.gather(*(client.aclose() for client in self._clients.values()))


class _Signed(httpx.Auth):
    def __init__(self, token: Callable[[], str]) -> None:
        self._token = token

    def auth_flow(self, request: httpx.Request) -> Any:
        request.headers["Authorization"] = f"Bearer {self._token()}"
        yield request


async def _answered(
    ask: Callable[[], Awaitable[httpx.Response]], expect: int | Iterable[int] | None
) -> httpx.Response:
    """The answer, of a status that is right; 503 says "ask again", and who did not look for it does
    so, with the same key.
    """
    wished = {expect} if isinstance(expect, int) else set(expect or ())
    response, deadline = await ask(), monotonic() + PATIENCE
    while (
        wished and response.status_code == 503 and 503 not in wished and monotonic() < deadline
    ):
        await asyncio.sleep(0.05)
        response = await ask()
    assert not wished or response.status_code in wished, (
        f"{response.request.method} {response.request.url.path}: "
        f"{response.status_code} {response.text}"
    )
    return response


def _plain(value: Any) -> Any:
    """Dates and ids may stand in a body as they are."""
    match value:
        case dict():
            return {k: _plain(v) for k, v in value.items()}
        case list() | tuple():
            return [_plain(v) for v in value]
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.isoformat()
        case UUID():
            return str(value)
    return str(value)


@asynccontextmanager
async def world(
    platform: Platform,
    services: Sequence[str | ServiceSpec] = (),
    *,
    clock: bool = True,
    packs: Path | None = None,
    drafts: bool = False,
) -> AsyncIterator[World]:
    """`services` by name (or as specs), running in this process over real HTTP, PostgreSQL, NATS.

    Databases are new and dropped afterwards; the bus is a server of its own, because streams
    have the same names everywhere. `clock=False`: the services decide by the system's clock.
    `drafts=True`: new matters may follow packs that are drafts.
    """
    specs = [_spec(one) for one in services]
    prefix = f"w{next(_serial)}"
    async with AsyncExitStack() as stack:
        home = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="onefile-w-", ignore_cleanup_errors=True)
            )
        )
        keyring = Keyring(home)
        keyring.open(first_time=True)
        stack.push_async_callback(_drop, platform, prefix, specs)
        (nats_url, nats_token), databases = await asyncio.gather(
            _bus(stack, home, specs),
            provision_databases(platform.pg_dsn(), specs, keyring.password_of, prefix=prefix),
        )
        sockets = {spec.name: listening(0) for spec in specs}
        addresses = {name: address_of(sock) for name, sock in sockets.items()}
        at = listening(0)
        issuer = development_issuer(
            address_of(at), keyring, addresses,
            mode="development", clock_file=home / "clock.json", packs=packs,
        )  # fmt: skip
        await stack.enter_async_context(answering(issuer_app(issuer), at))
        around = Surroundings(
            databases=databases,
            nats_url=nats_url,
            nats_token=nats_token,
            addresses=addresses,
            issuer=issuer.url,
            secrets_of={spec.name: keyring.secret_of(spec.name) for spec in specs},
            deployment_key_file=keyring.deployment_key_file,
            log_key_file=keyring.log_key_file,
            log_origin=keyring.log_origin(),
            clock_file=home / "clock.json" if clock else None,
            packs=packs,
            allow_draft_packs=drafts,
        )
        await stack.enter_async_context(all_living(specs, around, sockets))
        made = World(
            {**addresses, "issuer": issuer.url},
            issuer,
            home_of(demos(packs)),
            databases,
            around.secrets_of,
            [one.name for one in specs if one.name in SERVICES and one == _spec(one.name)],
        )
        stack.push_async_callback(made.close)
        await made.known()
        yield made


def home_of(demos: Sequence[Demo]) -> Demo:
    """The place whose people the tests know: its rules are in force and it serves by site."""
    return next((demo for demo in demos if demo.area == "500242"), demos[0])


def _spec(one: str | ServiceSpec) -> ServiceSpec:
    if isinstance(one, ServiceSpec):
        return one
    spec: ServiceSpec = import_module(f"services.{one}.app").SPEC
    return spec


async def _bus(
    stack: AsyncExitStack, home: Path, specs: Sequence[ServiceSpec]
) -> tuple[str, str]:
    """A nats-server of its own with the streams and consumers that `specs` need."""
    for folder in ("log", "tmp"):
        private_directory(home / folder)
    bus = Bus(home, find_nats(), durable=False)
    deadline = monotonic() + PATIENCE
    while True:
        port = free_port(0)
        child = bus.start(port)
        stack.push_async_callback(child.stop, 10)
        if await _listens(child, deadline):
            break  # else somebody was quicker to the port
    url = f"nats://127.0.0.1:{port}"
    await provision_bus(url, bus.token(), specs)
    return url, bus.token()


async def _listens(child: Child, deadline: float) -> bool:
    """Whether this very server came to listen, and not another that took its port."""
    while "Server is ready" not in child.said():
        if child.exit_code is not None:
            assert port_was_taken(child.said()), child.said()
            return False
        assert monotonic() < deadline, child.said()
        await asyncio.sleep(0.005)
    return True


async def _drop(platform: Platform, prefix: str, specs: Sequence[Stored]) -> None:
    connection = await asyncpg.connect(platform.pg_dsn())
    try:
        for name in (*(f"{prefix}_{spec.name}" for spec in specs), f"{prefix}_keys"):
            await connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            await connection.execute(f'DROP ROLE IF EXISTS "{name}"')
    finally:
        await connection.close()
