"""Who signs people in at a box in production: the code flow with PKCE for its one console."""

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import urlencode

from joserfc.errors import JoseError

from services.onebox.accounts import Accounts
from services.onebox.accounts_entering import Holder, NotLetIn, end_sign_ins, still
from services.onebox.issuer_signing import ALGORITHM, LIFETIME, Signing
from services.onebox.keyring import Keyring
from shared.effects import monotonic

CLIENT, SECRET_OF_CLIENT = "onefile-console", "console"
CODE_LIFE = 60.0
"""Seconds from the password to the exchange of the code; it is remembered as long again."""
SESSION = 12 * 3_600
"""Seconds after which a person signs in anew, whatever the console allows (默认值)."""
SECOND_FACTOR = 2


class NotOurs(Exception):
    """Asked for by another client than our console, or not in the one way it asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the console asks for when it sends somebody here."""

    redirect_uri: str
    state: str
    nonce: str
    challenge: str


@dataclass(frozen=True, slots=True)
class Grant:
    """What a code stands for."""

    asked: Asked
    holder: Holder
    until: float
    used: bool = False


class OwnIssuer(Signing):
    """The issuer of one box in production. `address` is the console as people type it."""

    def __init__(
        self, url: str, keyring: Keyring, services: Iterable[str], accounts: Accounts,
        address: str,
    ) -> None:  # fmt: skip
        secrets_of = {service: keyring.secret_of(service) for service in services}
        super().__init__(url, keyring.issuer_key_file, secrets_of)
        self.accounts, self.address = accounts, address
        self._client_secret = keyring.secret_of(SECRET_OF_CLIENT)
        self._grants: dict[str, Grant] = {}
        self._alone = Lock()

    def metadata(self) -> dict[str, Any]:
        """OpenID Connect discovery. People see the console's address and never this one."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.address}/account/authorize",
            "token_endpoint": f"{self.url}/oidc/token",
            "jwks_uri": f"{self.url}/jwks.json",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def asked(self, query: Mapping[str, str]) -> Asked:
        """What the address of a departure asks for; raises `NotOurs`."""
        sound = (
            query.get("response_type") == "code"
            and query.get("client_id") == CLIENT
            and query.get("redirect_uri") == f"{self.address}/sign-in/callback"
            and query.get("code_challenge_method") == "S256"
            and len(query.get("code_challenge", "")) == 43
            and bool(query.get("state"))
            and bool(query.get("nonce"))
        )
        if not sound:
            raise NotOurs
        return Asked(
            query["redirect_uri"], query["state"], query["nonce"], query["code_challenge"]
        )

    def arrival(self, asked: Asked, holder: Holder) -> str:
        """Where the browser goes back to, with a code that is good once and for a minute."""
        now = monotonic()
        code = secrets.token_urlsafe(32)
        with self._alone:
            kept = {k: g for k, g in self._grants.items() if now < g.until + CODE_LIFE}
            self._grants = {**kept, code: Grant(asked, holder, now + CODE_LIFE)}
        return f"{asked.redirect_uri}?{urlencode({'code': code, 'state': asked.state})}"

    def exchanged(self, form: Mapping[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint; raises `NotOurs` and `NotLetIn`."""
        given = form.get("client_secret", "").encode("utf-8", "replace")
        known = secrets.compare_digest(given, self._client_secret.encode())
        if not known or form.get("client_id") != CLIENT:
            raise NotOurs
        match form.get("grant_type"):
            case "authorization_code":
                grant = self._granted(form)
                return self._tokens(grant.holder, nonce=grant.asked.nonce)
            case "refresh_token":
                return self._refreshed(form.get("refresh_token", ""))
        raise NotLetIn("grant_type")

    def _granted(self, form: Mapping[str, str]) -> Grant:
        code = form.get("code", "")
        with self._alone:
            grant = self._grants.get(code)
            if grant is None:
                raise NotLetIn("code")
            self._grants[code] = replace(grant, used=True)
        if grant.used:
            end_sign_ins(self.accounts, grant.holder)
            raise NotLetIn("code_replayed")
        sound = (
            monotonic() < grant.until
            and form.get("redirect_uri") == grant.asked.redirect_uri
            and secrets.compare_digest(
                _challenge(form.get("code_verifier", "")), grant.asked.challenge
            )
        )
        if not sound:
            raise NotLetIn("code")
        still(self.accounts, grant.holder.key, grant.holder.generation)
        return grant

    def _refreshed(self, token: str) -> dict[str, Any]:
        try:
            claims = self._read(token, "refresh+jwt")
        except (JoseError, ValueError, KeyError, TypeError, binascii.Error):
            raise NotLetIn("refresh_token") from None
        holder = still(self.accounts, str(claims["key"]), int(claims["generation"]))
        if holder.post.person != claims["sub"]:
            raise NotLetIn("refresh_token")
        return self._tokens(holder, refresh=token)

    def _tokens(
        self, holder: Holder, *, nonce: str | None = None, refresh: str | None = None
    ) -> dict[str, Any]:
        post = holder.post
        acr = SECOND_FACTOR if holder.key.startswith("account:") else 1
        answer = {
            "access_token": self._access(post.person, post.roles, post.areas, post.bodies, acr),
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "refresh_token": refresh or self._refresh(holder),
        }
        if nonce is not None:
            answer["id_token"] = self._sign(
                "JWT", LIFETIME, aud=CLIENT, sub=post.person, nonce=nonce, name=post.called
            )
        return answer

    def _refresh(self, holder: Holder) -> str:
        """Kept nowhere: it is worth what its account is worth when it is shown."""
        return self._sign(
            "refresh+jwt", SESSION, aud=self.url, sub=holder.post.person, key=holder.key,
            generation=holder.generation,
        )  # fmt: skip


def _challenge(verifier: str) -> str:
    digest = sha256(verifier.encode("utf-8", "replace")).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
