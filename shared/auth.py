"""Who is asking: access tokens are validated here, and nothing else is believed."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from shared.effects import Clock, monotonic
from shared.problems import Problem
from shared.rights import Principal

ALGORITHMS = ["EdDSA", "Ed25519", "ES256"]
LONGEST_TOKEN = 8_192
AUDIENCE = "onefile-api"
REMEMBERED = 1_000
"""Tokens whose signature need not be checked again; how long they hold is asked every time."""
REFRESH = 60.0
"""Seconds between two fetches of the key set, whatever unknown `kid`s are sent."""


type Keys = Callable[[], Awaitable[dict[str, Any]]]


class Tokens:
    """Validates `at+jwt` access tokens of one issuer.

    Only `kid` is read from a header, and only looked up in the issuer's key set: `jku`, `jwk`
    and `x5u` are never followed. `keys` fetches the JWK set.
    """

    def __init__(self, issuer: str, keys: Keys, clock: Clock) -> None:
        self._issuer, self._keys, self._clock = issuer, keys, clock
        self._set: KeySet | None = None
        self._known = OrderedDict[str, tuple[dict[str, Any], dict[str, Any]]]()
        self._fetched = -REFRESH

    async def principal(self, authorization: list[str]) -> Principal:
        """The principal of the `Authorization` headers; raises `Problem("unauthenticated")`."""
        if len(authorization) > 1:
            raise Problem("bad_parameter", parameter="Authorization")
        scheme, _, token = (authorization or [""])[0].partition(" ")
        if scheme.lower() != "bearer" or not token or len(token) > LONGEST_TOKEN:
            raise Problem("unauthenticated")
        header, claims = self._known.get(token) or await self._decoded(token)
        self._check(header, claims)
        return _principal(claims)

    async def _decoded(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """What a token of this key set says. Its signature is checked once: somebody at a desk
        sends the same one with every question, a page being twenty of them.
        """
        try:
            decoded = jwt.decode(token, await self._key_set(token), algorithms=ALGORITHMS)
        except (JoseError, ValueError, KeyError, TypeError):
            raise Problem("unauthenticated") from None
        self._known[token] = decoded.header, decoded.claims
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return decoded.header, decoded.claims

    def _check(self, header: dict[str, Any], claims: dict[str, Any]) -> None:
        now = self._clock().timestamp()
        expires, begins = claims.get("exp"), claims.get("nbf", 0)
        audience = claims.get("aud")
        sound = (
            str(header.get("typ", "")).lower() == "at+jwt"
            and claims.get("iss") == self._issuer
            and audience in (AUDIENCE, [AUDIENCE])
            and isinstance(expires, int | float)
            and isinstance(begins, int | float)
            and not isinstance(expires, bool)
            and begins - 30 <= now < expires
            and isinstance(claims.get("sub"), str)
        )
        if not sound:
            raise Problem("unauthenticated")

    async def _key_set(self, token: str) -> KeySet:
        """The key set; fetched again for an unknown `kid`, at most once a minute."""
        known = self._set
        stale = monotonic() - self._fetched >= REFRESH
        if known is None or (stale and not _knows(known, token)):
            self._fetched = monotonic()
            self._known.clear()
            self._set = known = KeySet.import_key_set(await self._keys())  # type: ignore[arg-type]
        return known


def _knows(known: KeySet, token: str) -> bool:
    from joserfc.jws import extract_compact

    try:
        kid = extract_compact(token.encode()).headers().get("kid")
    except (JoseError, ValueError):
        return True
    return any(key.kid == kid for key in known.keys)


def _principal(claims: dict[str, Any]) -> Principal:
    def names(claim: str) -> frozenset[str]:
        value = claims.get(claim, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise Problem("unauthenticated")
        return frozenset(value)

    acr = claims.get("acr", 1)
    return Principal(
        id=claims["sub"],
        roles=names("roles"),
        areas=names("areas"),
        bodies=names("bodies"),
        acr=acr if type(acr) is int else 1,
    )
