"""What the tests of the agencies' door share: speakers with a log, agencies with keys, the door."""

import asyncio
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import orjson
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Request, Response

from contracts.canonical import body_of, canonical, leaf_hash
from contracts.documents import examples_of
from contracts.subjects import SERVICES
from services.feeds.domain.nkeys import public_text
from services.onebox.agencies import agencies_door
from services.onebox.agency_bus import AgencyBus
from services.onebox.issuer import Issuer, development_issuer, issuer_app
from services.onebox.keyring import Keyring
from services.onebox.platform import Platform
from services.onebox.provision import Databases
from services.onebox.serving import Surroundings, address_of, answering, listening
from shared.effects import monotonic
from tests.patience import PATIENCE
from tests.world import _drop

BEGAN = datetime(2026, 4, 13, 1, 20, 30, tzinfo=UTC)


@dataclass
class Member:
    """An agency as a test plays it: its name, and the key only it has."""

    id: str
    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def nkey(self) -> str:
        return public_text(self.private.public_key().public_bytes_raw())

    def key(self, **over: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "nkey": self.nkey,
            "since": now - timedelta(days=1),
            "until": now + timedelta(days=30),
        } | over

    def token(self, header: Mapping[str, Any] = {}, **claims: Any) -> str:
        """The token it signs for itself, or one with something wrong in it."""
        now = int(datetime.now(UTC).timestamp())
        top = {"alg": "Ed25519", "typ": "agency+jwt", "kid": self.nkey} | dict(header)
        said = {"iss": f"a:{self.id}", "sub": f"a:{self.id}", "aud": "onefile-feeds",
                "iat": now, "exp": now + 300} | claims  # fmt: skip
        text = b".".join(_b64(orjson.dumps(part)) for part in (top, said))
        return (text + b"." + _b64(self.private.sign(text))).decode()


def _b64(raw: bytes) -> bytes:
    return urlsafe_b64encode(raw).rstrip(b"=")


class Speakers:
    """Five services as feeds sees them: a log each, over HTTP."""

    def __init__(self) -> None:
        self.said: dict[str, list[bytes]] = {service: [] for service in SERVICES}
        self.down = False

    def say(
        self, type: str, area: str = "990102", fact: Mapping[str, Any] | None = None, *,
        matter: UUID | None = None, recorded: datetime | None = None,
    ) -> bytes:  # fmt: skip
        """One event more in the log of its service; returns the message."""
        service = type.split(".")[0]
        position = len(self.said[service]) + 1
        message = event(type, area, position, fact, matter=matter, recorded=recorded)
        self.said[service].append(message)
        return message

    def app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/token")
        async def token() -> dict[str, Any]:
            return {"access_token": "t", "expires_in": 600}

        @app.get("/{service}/log/messages")
        async def messages(request: Request, service: str, after: int, limit: int) -> Response:
            if self.down:
                return Response(status_code=503)
            return Response(b"\n".join(self.said[service][after : after + limit]))

        return app


def event(
    type: str, area: str, position: int, fact: Mapping[str, Any] | None = None, *,
    matter: UUID | None = None, recorded: datetime | None = None,
) -> bytes:  # fmt: skip
    """A message as a speaker's log would say it."""
    if fact is None:
        fact = next(iter(examples_of(type).values()))
    at = recorded or BEGAN + timedelta(seconds=position)
    about = {
        "actor": f"p:{uuid4()}", "area": area, "authority": None, "behalf": None,
        "cause": str(uuid4()), "channel": "window", "effective": "2026-04-13",
        "id": str(uuid4()), "matter": str(matter or uuid4()), "pack": None, "prev": None,
        "project": None, "recorded": f"{at:%Y-%m-%dT%H:%M:%S.%fZ}", "store": type.split(".")[0],
        "stream": str(uuid4()), "type": type, "version": 1,
    }  # fmt: skip
    body = body_of(canonical(about), canonical(dict(fact)))
    head = {
        "specversion": "1.0", "id": about["id"], "source": f"urn:onefile:{about['store']}",
        "type": type, "subject": about["matter"], "time": about["recorded"],
        "datacontenttype": "application/json", "position": position,
        "leafhash": leaf_hash(body).hex(), "prevhash": None, "causationid": about["cause"],
        "originid": None, "originstore": None,
    }  # fmt: skip
    return orjson.dumps(head)[:-1] + b',"data":' + body + b"}"


def agency(member: Member, **over: Any) -> dict[str, Any]:
    """An entry of agencies.yaml."""
    return {
        "id": member.id, "zh": "测试机构", "en": "A test agency", "purpose": "核定费用",
        "legal_basis": "《示例条例》第十条", "until": date(2999, 12, 31),
        "areas": ["990102"],
        "events": [
            {"types": ["intake.service_requested.v1"], "fields": "all"},
            {"types": ["supervision.fee_due.v1"], "fields": ["item", "amount"]},
        ],
        "keys": [member.key()],
    } | over  # fmt: skip


def register(*agencies: Mapping[str, Any]) -> str:
    document = {"schema": "onefile.agencies/v1", "agencies": list(agencies)}
    return yaml.safe_dump(document, allow_unicode=True, sort_keys=False)


@dataclass
class Door:
    """The agencies' door of a test."""

    home: Path
    address: str
    speakers: Speakers
    bus: AgencyBus
    issuer: Issuer
    database: str
    told: dict[str, str]
    """What `onefile serve feeds` is told, for one more replica beside the one that runs here."""

    def write(self, *agencies: Mapping[str, Any]) -> None:
        """What agencies.yaml says from now on; whoever reads it does so in a moment."""
        fresh = self.home / "agencies.yaml.new"
        fresh.write_text(register(*agencies))
        fresh.replace(self.home / "agencies.yaml")

    def client(self, member: Member | None, **more: Any) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {member.token()}"} if member else {}
        return httpx.AsyncClient(
            base_url=self.address, headers=headers, timeout=PATIENCE, trust_env=False, **more
        )

    async def until(self, member: Member, size: int) -> dict[str, Any]:
        """Wait until the member's feed has `size` messages."""
        deadline = monotonic() + PATIENCE
        async with self.client(member) as client:
            while True:
                answer = await client.get("/feed")
                if answer.status_code == 200 and answer.json()["size"] >= size:
                    found: dict[str, Any] = answer.json()
                    return found
                assert monotonic() < deadline, answer.text
                await asyncio.sleep(0.02)


@asynccontextmanager
async def door(
    platform: Platform, *agencies: Mapping[str, Any], at: Mapping[str, str] | None = None
) -> AsyncIterator[Door]:
    """A door of its own on real PostgreSQL and two real NATS servers.

    `at` says where real services answer; the others are played.
    """
    async with AsyncExitStack() as stack:
        home = Path(
            stack.enter_context(
                tempfile.TemporaryDirectory(prefix="onefile-f-", ignore_cleanup_errors=True)
            )
        )
        keyring = Keyring(home)
        keyring.open(first_time=True)
        name = f"f{uuid4().hex[:8]}"
        speakers = Speakers()
        issuing, sock, speaking = listening(0), listening(0), listening(0)
        issuer = development_issuer(
            address_of(issuing), keyring, ["feeds"], mode="development",
            clock_file=home / "clock.json", packs=None,
        )  # fmt: skip
        await stack.enter_async_context(answering(issuer_app(issuer), issuing))
        await stack.enter_async_context(answering(speakers.app(), speaking))
        base = address_of(speaking)
        around = Surroundings(
            databases=Databases({}, ""), nats_url=platform.nats_url,
            nats_token=platform.nats_token or None,
            addresses={service: f"{base}/{service}" for service in SERVICES} | dict(at or {}),
            issuer=issuer.url, secrets_of={}, deployment_key_file=keyring.deployment_key_file,
            clock_file=None, log_key_file=keyring.log_key_file, log_origin=keyring.log_origin(),
        )  # fmt: skip
        (home / "agencies.yaml").write_text(register(*agencies))
        stack.push_async_callback(_gone, platform, name)
        bus = await stack.enter_async_context(
            agencies_door(
                home,
                platform.pg_dsn(),
                around,
                keyring,
                sock,
                durable=False,
                any_port=True,
                prefix=name,
            )
        )
        database = platform.pg_dsn(f"{name}_feeds")
        told = {
            "ONEFILE_AGENCIES": str(home / "agencies.yaml"), "ONEFILE_DATABASE": database,
            "ONEFILE_NATS_URL": platform.nats_url, "ONEFILE_NATS_TOKEN": platform.nats_token,
            "ONEFILE_AGENCY_NATS_URL": bus.url, "ONEFILE_AGENCY_NATS_PASSWORD": bus.password(),
            "ONEFILE_PEERS": orjson.dumps(around.addresses).decode(),
            "ONEFILE_ISSUER": issuer.url, "ONEFILE_JWKS_URL": f"{issuer.url}/jwks.json",
            "ONEFILE_TOKEN_URL": f"{issuer.url}/token",
            "ONEFILE_SERVICE_SECRET": keyring.secret_of("feeds"),
            "ONEFILE_LOG_KEY_FILE": str(keyring.log_key_file),
            "ONEFILE_LOG_ORIGIN": keyring.log_origin(),
        }  # fmt: skip
        yield Door(home, address_of(sock), speakers, bus, issuer, database, told)


async def _gone(platform: Platform, name: str) -> None:
    from services.onebox.agencies import STORE

    await _drop(platform, name, [STORE])


def lines(content: bytes) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in content.split(b"\n") if line]


def fits(types: Sequence[str], areas: Sequence[str], message: Mapping[str, Any]) -> bool:
    """The policy said again, in the plainest words: the oracle of the property tests."""
    area = message["data"]["about"]["area"]
    near = any(area == one or (len(one) < 6 and area.startswith(one)) for one in areas)
    return message["type"] in types and near
