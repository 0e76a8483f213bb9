"""Signing in at an OpenID Connect provider: the code flow with PKCE, and renewal."""

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.console.backend import Backend
from services.console.session import Session, fresh
from services.console.settings import ConsoleSettings
from shared.auth import ALGORITHMS, Tokens
from shared.effects import monotonic, system_clock
from shared.problems import Problem
from shared.rights import Principal

GOOD_FOR = 600.0
LATE = 60.0
"""Seconds by which the provider's clock may differ from ours."""
SIGNED = [*ALGORITHMS, "RS256", "PS256"]
"""Of an id token: it is only looked at here, and providers often sign it with RSA."""


class SignInFailed(Exception):
    """The provider, or who answered in its name, did not sign anybody in."""


@dataclass(slots=True)
class Provider:
    """What the issuer says of itself at its well-known address, kept for a while."""

    settings: ConsoleSettings
    client: httpx.AsyncClient
    _known: Mapping[str, Any] | None = None
    _until: float = 0.0
    _tokens: Tokens | None = None

    async def metadata(self) -> Mapping[str, Any]:
        """Raises `SignInFailed` for an issuer that says it is somebody else."""
        if self._known is None or monotonic() > self._until:
            issuer = str(self.settings.issuer).rstrip("/")
            answer = await self.client.get(f"{issuer}/.well-known/openid-configuration")
            answer.raise_for_status()
            known = answer.json()
            if known.get("issuer") != self.settings.issuer:
                raise SignInFailed("issuer")
            self._known, self._until = known, monotonic() + GOOD_FOR
        return self._known

    async def keys(self) -> dict[str, Any]:
        """The provider's public keys."""
        answer = await self.client.get((await self.metadata())["jwks_uri"])
        answer.raise_for_status()
        found: dict[str, Any] = answer.json()
        return found

    async def principal(self, access_token: str) -> Principal:
        """Who the services will take the bearer of this token for."""
        if self._tokens is None:
            self._tokens = Tokens(str(self.settings.issuer), self.keys, system_clock)
        try:
            return await self._tokens.principal([f"Bearer {access_token}"])
        except Problem as problem:
            raise SignInFailed("access token") from problem

    async def exchanged(self, **asked: str) -> Mapping[str, Any]:
        """The answer of the token endpoint."""
        secret = self.settings.client_secret
        form = {"client_id": self.settings.client_id, **asked}
        if secret is not None:
            form["client_secret"] = secret.get_secret_value()
        answer = await self.client.post((await self.metadata())["token_endpoint"], data=form)
        if answer.status_code != 200:
            raise SignInFailed("token endpoint")
        found: Mapping[str, Any] = answer.json()
        return found


def callback(settings: ConsoleSettings) -> str:
    """Where the provider sends the browser back to."""
    return f"{settings.public_address}/sign-in/callback"


async def departure(provider: Provider, after: str) -> tuple[str, Session]:
    """The provider's address to go to, and the session that remembers why."""
    settings = provider.settings
    pending = {
        "state": secrets.token_urlsafe(24),
        "nonce": secrets.token_urlsafe(24),
        "verifier": secrets.token_urlsafe(48),
        "next": after,
    }
    challenge = base64.urlsafe_b64encode(sha256(pending["verifier"].encode()).digest())
    query = {
        "response_type": "code",
        "client_id": settings.client_id,
        "redirect_uri": callback(settings),
        "scope": settings.scope,
        "state": pending["state"],
        "nonce": pending["nonce"],
        "code_challenge": challenge.decode().rstrip("="),
        "code_challenge_method": "S256",
    }
    address = (await provider.metadata())["authorization_endpoint"]
    joined = "&" if "?" in address else "?"
    return f"{address}{joined}{urlencode(query)}", fresh(pending=pending)


async def arrival(
    provider: Provider, session: Session, state: str, code: str, now: float
) -> tuple[Session, str]:
    """The session of who came back, and where he was going; raises `SignInFailed`."""
    pending = session.pending
    expected = pending.get("state", "")
    if not expected or not secrets.compare_digest(expected.encode(), state.encode()):
        raise SignInFailed("state")
    answer = await provider.exchanged(
        grant_type="authorization_code", code=code,
        redirect_uri=callback(provider.settings), code_verifier=pending["verifier"],
    )  # fmt: skip
    claims = await _identity(provider, str(answer.get("id_token", "")), pending["nonce"], now)
    made = await _signed_in(provider, answer, now)
    if claims["sub"] != made.person:
        raise SignInFailed("subject")
    name = str(claims.get("name") or claims.get("preferred_username") or "")[:60]
    post = str(claims.get("post") or "、".join(made.roles))[:60]
    hours = provider.settings.hours * 3600
    return made.model_copy(
        update={"name": name, "post": post, "ends": now + hours}
    ), pending.get("next", "/")


async def _identity(provider: Provider, token: str, nonce: str, now: float) -> dict[str, Any]:
    """The claims of an id token that was made for us, just now, for this very sign-in."""
    keys = KeySet.import_key_set(await provider.keys())  # type: ignore[arg-type]
    try:
        claims = jwt.decode(token, keys, algorithms=SIGNED).claims
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignInFailed("id token") from error
    client, audience = provider.settings.client_id, claims.get("aud")
    expires = claims.get("exp")
    sound = (
        claims.get("iss") == provider.settings.issuer
        and (audience == client or (isinstance(audience, list) and client in audience))
        and isinstance(expires, int | float)
        and now - LATE < expires
        and claims.get("nonce") == nonce
        and isinstance(claims.get("sub"), str)
    )
    if not sound:
        raise SignInFailed("id token")
    return dict(claims)


async def _signed_in(provider: Provider, answer: Mapping[str, Any], now: float) -> Session:
    token = str(answer.get("access_token", ""))
    who = await provider.principal(token)
    refresh = answer.get("refresh_token")
    return fresh(
        person=who.id, roles=tuple(sorted(who.roles)), areas=tuple(sorted(who.areas)),
        bodies=tuple(sorted(who.bodies)), token=token,
        token_until=now + float(answer.get("expires_in", 300)), way="oidc",
        refresh=str(refresh) if refresh else None,
    )  # fmt: skip


async def refreshed(
    settings: ConsoleSettings, backend: Backend, session: Session, now: float
) -> Session:
    """The same session with a new access token; its posts are those of the new token."""
    provider = Provider(settings, backend.client)
    try:
        answer = await provider.exchanged(
            grant_type="refresh_token", refresh_token=session.refresh or ""
        )
        made = await _signed_in(provider, answer, now)
    except SignInFailed as failed:
        raise ValueError("the session ended at the provider") from failed
    if made.person != session.person:
        raise ValueError("another person")
    kept = {"roles", "areas", "bodies", "token", "token_until"}
    update = {name: getattr(made, name) for name in kept}
    return session.model_copy(update={**update, "refresh": made.refresh or session.refresh})
