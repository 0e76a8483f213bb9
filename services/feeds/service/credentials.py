"""Which agency is asking: it signs its own short token with the key that its agreement names."""

from base64 import urlsafe_b64encode
from collections import deque
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fastapi import Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import extract_compact

from services.feeds.domain.agencies import Agency
from services.feeds.domain.nkeys import public_bytes
from services.feeds.service.register import Agreements
from shared.auth import LONGEST_TOKEN
from shared.effects import Clock, monotonic
from shared.problems import Problem

AUDIENCE = "onefile-feeds"
TYPE = "agency+jwt"
LONGEST_LIFE = 600
"""Seconds for which an agency may sign a token; a revoked key is refused at once all the same."""
ALGORITHMS = ["Ed25519"]
LEEWAY = 30


class Caller(NamedTuple):
    """The agency that asks, and the key by which it was known."""

    agency: Agency
    nkey: str


@dataclass
class Credentials:
    """Tells agencies apart, and counts what they ask: one key opens the bus and this door."""

    agreements: Agreements
    clock: Clock
    _asked: dict[str, deque[float]] = field(default_factory=dict)

    async def caller_of(self, request: Request) -> Caller:
        """Who signed; raises `Problem`."""
        headers = request.headers.getlist("authorization")
        if len(headers) > 1:
            raise Problem("bad_parameter", parameter="Authorization")
        scheme, _, token = (headers or [""])[0].partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise Problem("unauthenticated")
        if self.agreements.fault:
            raise Problem("register_unreadable")
        caller = self._signed_by(token)
        if not caller.agency.in_force(self.clock()):
            raise Problem("agreement_ended", until=caller.agency.until.isoformat())
        self._count(caller.agency)
        return caller

    def still(self, caller: Caller) -> bool:
        """Whether what held when the caller came holds now: key, agreement, and what is given."""
        return any(
            agency.feed == caller.agency.feed
            and any(key.nkey == caller.nkey for key in agency.good_keys(self.clock()))
            for agency in self.agreements.open
        )

    def _signed_by(self, token: str) -> Caller:
        try:
            kid = extract_compact(token.encode()).headers().get("kid")
            agency, nkey = self._holder(kid)
            decoded = jwt.decode(token, _key(nkey), algorithms=ALGORITHMS)
        except (JoseError, ValueError, KeyError, TypeError):
            raise Problem("unauthenticated") from None
        self._check(agency, decoded.header, decoded.claims)
        return Caller(agency, nkey)

    def _holder(self, kid: object) -> tuple[Agency, str]:
        now = self.clock()
        for agency in self.agreements.all:
            for key in agency.good_keys(now):
                if key.nkey == kid:
                    return agency, key.nkey
        raise KeyError("no such key")

    def _check(self, agency: Agency, header: dict[str, Any], claims: dict[str, Any]) -> None:
        now = self.clock().timestamp()
        issued, expires = claims.get("iat"), claims.get("exp")
        sound = (
            str(header.get("typ", "")).lower() == TYPE
            and claims.get("iss") == claims.get("sub") == agency.actor
            and claims.get("aud") in (AUDIENCE, [AUDIENCE])
            and type(issued) is int
            and type(expires) is int
            and issued - LEEWAY <= now < expires <= issued + LONGEST_LIFE
        )
        if not sound:
            raise Problem("unauthenticated")

    def _count(self, agency: Agency) -> None:
        now, asked = monotonic(), self._asked.setdefault(agency.id, deque())
        while asked and asked[0] < now - 60:
            asked.popleft()
        if len(asked) >= agency.quota.requests_per_minute:
            raise Problem("too_many", headers={"Retry-After": "5"})
        asked.append(now)


def _key(nkey: str) -> OKPKey:
    x = urlsafe_b64encode(public_bytes(nkey)).decode().rstrip("=")
    return OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": x})
