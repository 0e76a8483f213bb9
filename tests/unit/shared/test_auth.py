"""A token's signature is checked once; how long it holds, every time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from shared.auth import AUDIENCE, Tokens
from shared.problems import Problem

ISSUER = "https://id.example"
START = datetime(2026, 11, 21, tzinfo=UTC)
KEY = OKPKey.generate_key("Ed25519", {"kid": "k1"}, private=True)


def token() -> str:
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": "p:1", "exp": START.timestamp() + 600}
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": "k1"}
    return jwt.encode(header, claims, KEY, algorithms=["Ed25519"])


async def test_a_token_seen_before_ends_like_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    now, checked = [START], 0

    async def keys() -> dict[str, Any]:
        return dict(KeySet([KEY]).as_dict(private=False))

    decode = jwt.decode

    def counted(*given: Any, **more: Any) -> Any:
        nonlocal checked
        checked += 1
        return decode(*given, **more)

    monkeypatch.setattr(jwt, "decode", counted)
    tokens, sent = Tokens(ISSUER, keys, lambda: now[0]), [f"Bearer {token()}"]
    for _ in range(3):
        assert (await tokens.principal(sent)).id == "p:1"
    assert checked == 1
    now[0] += timedelta(seconds=601)
    with pytest.raises(Problem, match="unauthenticated"):
        await tokens.principal(sent)
    with pytest.raises(Problem, match="unauthenticated"):
        await tokens.principal([sent[0][:-4] + "AAAA"])  # another signature is another token
