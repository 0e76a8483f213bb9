"""The code flow with PKCE, at a provider that answers like a real one and also like a false one."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from services.console.backend import Backend
from services.console.oidc import Provider, SignInFailed, arrival, departure, refreshed
from services.console.session import Session
from services.console.settings import ConsoleSettings
from shared.auth import AUDIENCE
from shared.effects import system_clock

ISSUER = "https://id.example"
PERSON = "p:00000000-0000-7000-8000-00000000abcd"


class Standing:
    """A provider: it keeps the challenge of a departure and checks the verifier of the arrival."""

    def __init__(self) -> None:
        self.key = OKPKey.generate_key("Ed25519", private=True)
        self.kid = self.key.thumbprint()
        self.challenge, self.nonce = "", ""
        self.spoil: Callable[[dict[str, Any]], None] = lambda claims: None

    def token(self, kind: str, **claims: Any) -> str:
        now = int(system_clock().timestamp())
        whole = {"iss": ISSUER, "sub": PERSON, "iat": now, "exp": now + 300, **claims}
        if kind == "JWT":
            self.spoil(whole)
        header = {"alg": "Ed25519", "typ": kind, "kid": self.kid}
        return jwt.encode(header, whole, self.key, algorithms=["Ed25519"])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                return httpx.Response(
                    200,
                    json={
                        "issuer": ISSUER,
                        "authorization_endpoint": f"{ISSUER}/authorize",
                        "token_endpoint": f"{ISSUER}/token",
                        "jwks_uri": f"{ISSUER}/keys",
                    },
                )
            case "/keys":
                public = self.key.as_dict(private=False) | {"kid": self.kid, "use": "sig"}
                return httpx.Response(200, json={"keys": [public]})
            case "/token":
                return self._exchanged(parse_qs(request.content.decode()))
        return httpx.Response(404)

    def _exchanged(self, form: dict[str, list[str]]) -> httpx.Response:
        if form["grant_type"] == ["authorization_code"]:
            digest = sha256(form["code_verifier"][0].encode()).digest()
            if base64.urlsafe_b64encode(digest).decode().rstrip("=") != self.challenge:
                return httpx.Response(400, json={"error": "invalid_grant"})
        access = self.token(
            "at+jwt", aud=AUDIENCE, roles=["agent"], areas=["990100"], bodies=["team"]
        )
        identity = self.token("JWT", aud="onefile-console", nonce=self.nonce, name="甲")
        answer = {
            "access_token": access, "id_token": identity, "expires_in": 300,
            "refresh_token": "r2",
        }  # fmt: skip
        return httpx.Response(200, content=json.dumps(answer))


@pytest.fixture
def standing() -> Standing:
    return Standing()


@pytest.fixture
def provider(standing: Standing, tmp_path: Any) -> Provider:
    settings = ConsoleSettings(
        peers={}, key_file=tmp_path / "key", issuer=ISSUER,
        public_address="https://onefile.example",
    )  # fmt: skip
    return Provider(settings, httpx.AsyncClient(transport=httpx.MockTransport(standing)))


async def gone(provider: Provider, standing: Standing) -> Session:
    address, session = await departure(provider, "/desk/agent")
    query = parse_qs(urlsplit(address).query)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == ["https://onefile.example/sign-in/callback"]
    standing.challenge, standing.nonce = query["code_challenge"][0], query["nonce"][0]
    return session


async def test_who_comes_back_is_signed_in_with_the_posts_of_the_token(
    provider: Provider, standing: Standing
) -> None:
    session = await gone(provider, standing)
    now = system_clock().timestamp()
    made, after = await arrival(provider, session, session.pending["state"], "c", now)
    assert (made.person, made.roles, made.areas, made.name) == (
        PERSON, ("agent",), ("990100",), "甲",
    )  # fmt: skip
    assert after == "/desk/agent"
    assert made.csrf != session.csrf  # a session fixed before signing in is worth nothing after


async def test_another_state_signs_nobody_in(provider: Provider, standing: Standing) -> None:
    session = await gone(provider, standing)
    for state in ("", "other"):
        with pytest.raises(SignInFailed, match="state"):
            await arrival(provider, session, state, "c", 0)


async def test_a_code_without_its_verifier_is_worth_nothing(
    provider: Provider, standing: Standing
) -> None:
    session = await gone(provider, standing)
    pending = {**session.pending, "verifier": "another"}
    stolen = session.model_copy(update={"pending": pending})
    with pytest.raises(SignInFailed, match="token endpoint"):
        await arrival(provider, stolen, pending["state"], "c", 0)


@pytest.mark.parametrize(
    ("claim", "value"),
    [("nonce", "x"), ("aud", "other"), ("iss", "https://x"), ("exp", 1), ("sub", "p:x")],
)
async def test_an_identity_that_was_not_made_for_this_sign_in_is_refused(
    provider: Provider, standing: Standing, claim: str, value: Any
) -> None:
    session = await gone(provider, standing)
    standing.spoil = lambda claims: claims.update({claim: value})
    with pytest.raises(SignInFailed):
        await arrival(
            provider, session, session.pending["state"], "c", system_clock().timestamp()
        )


async def test_a_session_is_renewed_for_the_same_person_alone(
    provider: Provider, standing: Standing
) -> None:
    session = Session(csrf="c", person=PERSON, way="oidc", refresh="r1", pending={}, seen={})
    backend = Backend({})
    backend.client = provider.client
    made = await refreshed(provider.settings, backend, session, 0)
    assert (made.token_until, made.refresh, made.csrf) == (300, "r2", "c")
    other = session.model_copy(update={"person": "p:other"})
    with pytest.raises(ValueError, match="another person"):
        await refreshed(provider.settings, backend, other, 0)
