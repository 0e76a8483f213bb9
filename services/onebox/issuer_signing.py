"""What do both issuers of one box have in common: a kept key, and tokens for its services."""

import json
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from joserfc import jwt
from joserfc.jwk import OKPKey

from services.onebox.keyring import write_key
from shared.auth import AUDIENCE
from shared.effects import system_clock
from shared.problems import Problem

LIFETIME = 600
"""Seconds for which an access token is good."""
ALGORITHM = "Ed25519"


class Signing:
    """Signs `at+jwt` access tokens; `secrets_of` holds the secret of each service."""

    def __init__(self, url: str, key_file: Path, secrets_of: Mapping[str, str]) -> None:
        self.url = url
        self._key = _kept_key(key_file)
        self._kid = self._key.thumbprint()
        self._secrets = dict(secrets_of)

    def jwks(self) -> dict[str, Any]:
        """The public keys, as RFC 7517 says."""
        public = self._key.as_dict(private=False)
        return {"keys": [public | {"kid": self._kid, "use": "sig", "alg": ALGORITHM}]}

    def token_for_service(self, client: str, secret: str) -> str:
        """An access token for `s:<service>`; raises `Problem("unauthenticated")`."""
        known = self._secrets.get(client.removeprefix("s:"))
        if known is None or not secrets.compare_digest(known.encode(), secret.encode()):
            raise Problem("unauthenticated")
        return self._access(client, ("service",), (), ())

    def _access(
        self, subject: str, roles: Sequence[str], areas: Sequence[str], bodies: Sequence[str],
        acr: int = 1,
    ) -> str:  # fmt: skip
        posts = {"roles": list(roles), "areas": list(areas), "bodies": list(bodies)}
        return self._sign(
            "at+jwt", LIFETIME, aud=AUDIENCE, sub=subject, jti=secrets.token_urlsafe(12),
            acr=acr, **posts,
        )  # fmt: skip

    def _sign(self, kind: str, seconds: int, **claims: Any) -> str:
        now = int(system_clock().timestamp())
        whole = {"iss": self.url, "iat": now, "exp": now + seconds, **claims}
        header = {"alg": ALGORITHM, "typ": kind, "kid": self._kid}
        return jwt.encode(header, whole, self._key, algorithms=[ALGORITHM])

    def _read(self, token: str, kind: str) -> dict[str, Any]:
        """The claims of a token of ours of this kind that is still good; raises ValueError."""
        decoded = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        claims = dict(decoded.claims)
        now = system_clock().timestamp()
        if decoded.header.get("typ") != kind or claims.get("iss") != self.url:
            raise ValueError("another kind of token")
        if not now < float(claims.get("exp", 0)):
            raise ValueError("it ended")
        return claims


def _kept_key(file: Path) -> OKPKey:
    """The signing key in the file; made on first use. A lost one only ends today's sign-ins."""
    if not file.exists():
        made = OKPKey.generate_key("Ed25519", private=True)
        write_key(file, json.dumps(made.as_dict(private=True)).encode())
    return OKPKey.import_key(json.loads(file.read_bytes()))
